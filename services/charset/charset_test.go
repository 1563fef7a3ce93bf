package charset_test

import (
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"suyuan/services/charset"
)

func TestTextIsReadExactlyOrNot(t *testing.T) {
	const s = "村,㐂𠀀\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"UTF-8": s, "with a mark": "\uFEFF" + s, "GB18030": string(gb)} {
		if got, ok := charset.Text([]byte(data)); !ok || string(got) != s {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
	for name, data := range map[string]string{"cut off": string(gb[:1]), "zero": "a\x00", "broken": "a\nb\n\xFF \xFF\n"} {
		if got, ok := charset.Text([]byte(data)); ok {
			t.Errorf("%s is read as %q", name, got)
		}
	}
	if n := charset.Wrong([]byte("a\nb\n\xFF \xFF\nc\n")); n != 3 {
		t.Errorf("line %d", n)
	}
}
