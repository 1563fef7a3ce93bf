// Package charset makes UTF-8 of the text files that offices hand in.
//
// It tells UTF-8 from GB18030 by what the bytes are; it must never guess, nor
// put another sign in the place of one that it cannot read.
package charset

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Text is a file as UTF-8 without its mark: as it is where it is valid UTF-8,
// else read as GB18030 (and so GBK and GB2312). It reports false for what is
// exactly neither, and for what holds a zero byte.
func Text(data []byte) ([]byte, bool) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, false
	}
	if utf8.Valid(data) {
		return data, true
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return nil, false
	}
	return out, true
}

// Wrong is the number of the first line, from 1, that is neither UTF-8 nor
// GB18030 by itself; 0 where each line is.
func Wrong(data []byte) int {
	for n := 1; len(data) > 0; n++ {
		line, rest, _ := bytes.Cut(data, []byte("\n"))
		if _, ok := Text(line); !ok {
			return n
		}
		data = rest
	}
	return 0
}
