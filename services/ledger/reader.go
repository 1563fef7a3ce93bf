package ledger

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// Reader reads JSON as the ledger itself writes it: no white space, no
// escapes, members known by name. It is for the few shapes that a replay
// reads by the million; whatever it does not take is left to encoding/json,
// which it must never contradict. Strings are parts of one copy of the input.
type Reader struct {
	s     string
	at    int
	bad   bool
	first bool // the next member or element is the first of its object or list
}

// NewReader reads b, which may change afterwards.
func NewReader(b []byte) *Reader {
	return &Reader{s: string(b), bad: !utf8.Valid(b)}
}

// Done reports whether everything was read and taken.
func (r *Reader) Done() bool { return !r.bad && r.at == len(r.s) }

// Fail leaves the input to encoding/json.
func (r *Reader) Fail() { r.bad = true }

// Once fails on a list that came before: encoding/json has its own way with
// those.
func (r *Reader) Once(fresh bool) { r.bad = r.bad || !fresh }

func (r *Reader) take(c byte) bool {
	if r.bad || r.at >= len(r.s) || r.s[r.at] != c {
		r.bad = true
		return false
	}
	r.at++
	return true
}

func (r *Reader) next() byte {
	if r.bad || r.at >= len(r.s) {
		return 0
	}
	return r.s[r.at]
}

// Object begins an object; Member follows until it answers false.
func (r *Reader) Object() { r.first = r.take('{') }

// Member is the name of the next member, whose value is to be read next;
// false at the end of the object.
func (r *Reader) Member() (name string, more bool) {
	if !r.more('}') {
		return "", false
	}
	name = r.Text()
	return name, r.take(':')
}

// List begins a list; Element follows until it answers false.
func (r *Reader) List() { r.first = r.take('[') }

// Element reports whether another element is to be read.
func (r *Reader) Element() bool { return r.more(']') }

// more takes the comma before another part, or the end. A part that is an
// object or a list itself leaves first as false when it ends.
func (r *Reader) more(end byte) bool {
	first := r.first
	r.first = false
	if r.next() == end {
		r.at++
		return false
	}
	return !r.bad && (first || r.take(','))
}

// Text reads a string without escapes.
func (r *Reader) Text() string {
	if !r.take('"') {
		return ""
	}
	from := r.at
	for r.at < len(r.s) {
		switch c := r.s[r.at]; {
		case c == '"':
			r.at++
			return r.s[from : r.at-1]
		case c == '\\' || c < ' ':
			r.bad = true
			return ""
		}
		r.at++
	}
	r.bad = true
	return ""
}

// Texts reads a list of strings; a list without any is not nil.
func (r *Reader) Texts() []string {
	out := []string{}
	for r.List(); r.Element(); {
		out = append(out, r.Text())
	}
	return out
}

// Int reads a whole number.
func (r *Reader) Int() int64 {
	from := r.at
	for c := r.next(); c == '-' || '0' <= c && c <= '9'; c = r.next() {
		r.at++
	}
	digits := r.s[min(from, len(r.s)):r.at]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != digits { // no leading zeros, no -0
		r.bad = true
	}
	return n
}

// Bool reads true or false.
func (r *Reader) Bool() bool {
	word := "false"
	if r.next() == 't' {
		word = "true"
	}
	if r.bad || len(r.s)-r.at < len(word) || r.s[r.at:r.at+len(word)] != word {
		r.bad = true
		return false
	}
	r.at += len(word)
	return word == "true"
}

// Time reads an instant in UTC.
func (r *Reader) Time() time.Time {
	s := r.Text()
	if r.bad || len(s) < len("2006-01-02T15:04:05Z") || s[len(s)-1] != 'Z' || s[10] != 'T' {
		r.bad = true
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || t.Format(time.RFC3339Nano) != s {
		r.bad = true
	}
	return t
}
