package wire

import (
	"bytes"
	"time"
)

// created is when an event was recorded, in 100 ns since the Unix epoch, 0
// where its metadata does not say. The member is looked for as the desk writes
// it, without reading the rest. It is not mistaken for what a text holds:
// there, a quote has a backslash before it.
func created(meta []byte) int64 {
	behind := recorded(meta)
	end := bytes.IndexByte(behind, '"')
	if end < 0 || end > len(time.RFC3339Nano) {
		return 0
	}
	t, err := time.Parse(time.RFC3339Nano, string(behind[:end]))
	if err != nil {
		return 0
	}
	return ticks(t)
}

// recorded is what stands behind the member's name. It is looked for by the
// name's first letter, which is rarer than the quote before it and not among
// the digits of hashes; it is called for every event that is read.
func recorded(meta []byte) []byte {
	for from := 1; from < len(meta); {
		at := bytes.IndexByte(meta[from:], 'r')
		if at < 0 {
			break
		}
		from += at + 1
		if behind, ok := bytes.CutPrefix(meta[from-2:], []byte(`"recorded":"`)); ok {
			return behind
		}
	}
	return nil
}
