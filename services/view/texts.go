package view

import "strings"

// texts keeps many short strings in few large ones: no allocation and no
// rounding up for each.
type texts struct {
	chunk strings.Builder
	words map[string]string
}

// word keeps one copy of what comes again and again; the words must be few.
func (t *texts) word(s string) string {
	if w, ok := t.words[s]; ok {
		return w
	}
	if t.words == nil {
		t.words = map[string]string{}
	}
	w := strings.Clone(s)
	t.words[w] = w
	return w
}

// chunkBytes is how much is allocated at a time.
const chunkBytes = 1 << 16

// keep is a copy of s inside a chunk.
func (t *texts) keep(s string) string {
	if s == "" {
		return ""
	}
	if len(s) > chunkBytes/4 {
		return strings.Clone(s)
	}
	if t.chunk.Len()+len(s) > t.chunk.Cap() {
		t.chunk = strings.Builder{} // the old one lives on in its strings
		t.chunk.Grow(chunkBytes)
	}
	from := t.chunk.Len()
	t.chunk.WriteString(s)
	return t.chunk.String()[from:]
}
