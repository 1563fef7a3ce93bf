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
	_, behind, _ := bytes.Cut(meta, []byte(`"recorded":"`))
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
