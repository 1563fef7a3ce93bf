package portal

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Glossed is a plain text in which the terms of the field that pages about
// findings use are linked, each on its first use on the page.
func (p *Page) Glossed(text string) template.HTML {
	var out strings.Builder
	for text != "" {
		at, size, code := p.nextTerm(text)
		if code == "" {
			break
		}
		out.WriteString(template.HTMLEscapeString(text[:at]))
		out.WriteString(string(p.termLink(code, template.HTMLEscapeString(text[at:at+size]))))
		text = text[at+size:]
	}
	out.WriteString(template.HTMLEscapeString(text))
	return template.HTML(out.String())
}

// nextTerm finds the first term in a text that has not been linked yet, of
// several at one place the longest; code is "" where there is none.
func (p *Page) nextTerm(text string) (at, size int, code string) {
	at = len(text)
	for _, t := range p.s.terms.terms {
		if p.seen[t.Codes[0]] {
			continue
		}
		for _, said := range t.Said[p.Lang] {
			found := wordAt(text, said)
			if found >= 0 && (found < at || found == at && len(said) > size) {
				at, size, code = found, len(said), t.Codes[0]
			}
		}
	}
	return at, size, code
}

// wordAt is where a word stands in a text, below 0 where it does not. One of
// letters stands apart from others, and begins small or large.
func wordAt(text, word string) int {
	lower := strings.ToLower(text)
	if len(lower) != len(text) { // letters whose cases differ in size: compared as they are
		lower = text
	}
	for from := 0; ; {
		found := strings.Index(lower[from:], strings.ToLower(word))
		if found < 0 {
			return -1
		}
		found += from
		before, _ := utf8.DecodeLastRuneInString(text[:found])
		after, _ := utf8.DecodeRuneInString(text[found+len(word):])
		if !latin(word) || !latin(string(before)) && !latin(string(after)) {
			return found
		}
		from = found + len(word)
	}
}

// latin reports whether a text ends in a letter that is no Chinese character.
func latin(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return r != utf8.RuneError && unicode.IsLetter(r) && !unicode.Is(unicode.Han, r)
}
