package wire

import (
	"bytes"
	"time"
)

// created is when an event was recorded, in 100 ns since the Unix epoch, 0
// where its metadata does not say. The member is looked for as the desk
// writes it, outside of texts and of inner objects, without reading the rest.
func created(meta []byte) int64 {
	const name = `"recorded":"`
	// Names and texts are the only places where a quote stands without a
	// backslash before it, so that a name cannot begin inside of a text
	// unless that text holds an escaped quote, which has its backslash.
	for from := 0; ; {
		// Its first letter is rarer than the quote before it.
		at := bytes.IndexByte(meta[from:], name[1])
		if at < 0 {
			return 0
		}
		at += from - 1
		from = at + 2
		if at < 0 || !bytes.HasPrefix(meta[at:], []byte(name)) {
			continue
		}
		from = at + len(name)
		if at == 0 || meta[at-1] != ',' && meta[at-1] != '{' {
			continue
		}
		end := bytes.IndexByte(meta[from:], '"')
		if end < 0 || end > len(time.RFC3339Nano)+8 {
			continue
		}
		if t, err := time.Parse(time.RFC3339Nano, string(meta[from:from+end])); err == nil {
			return ticks(t)
		}
	}
}
