package portal

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Glossed is a plain text in which the terms of the field that pages about
// findings use are linked, each on its first use on the page. What others put
// on record stays as it is: no term is linked where one of these texts stands.
func (p *Page) Glossed(text string, recorded ...string) template.HTML {
	var out strings.Builder
	for text != "" {
		theirs, end := len(text), len(text)
		for _, words := range recorded {
			if at := strings.Index(text, words); words != "" && at >= 0 && at < theirs {
				theirs, end = at, at+len(words)
			}
		}
		out.WriteString(string(p.glossedOwn(text[:theirs])))
		out.WriteString(template.HTMLEscapeString(text[theirs:end]))
		text = text[end:]
	}
	return template.HTML(out.String())
}

// Besides is Glossed of a sentence that may hold texts which others recorded.
func (p *Page) Besides(recorded []string, text string) template.HTML {
	return p.Glossed(text, recorded...)
}

// Recorded is what others put on record about a penalty in their own words.
func (o penaltyData) Recorded() []string {
	out := []string{o.Title}
	for _, t := range o.Penalties {
		out = append(out, strings.TrimRight(t.Text, "。."))
	}
	return out
}

func (p *Page) glossedOwn(text string) template.HTML {
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
// letters stands apart from others, and may be written large or small.
func wordAt(text, word string) int {
	if !latin(word) {
		return strings.Index(text, word)
	}
	inside := false // a word of letters that began before
	for at, r := range text {
		end := at + len(word)
		if end > len(text) {
			return -1
		}
		if after, _ := utf8.DecodeRuneInString(text[end:]); !inside && strings.EqualFold(text[at:end], word) && !latin(string(after)) {
			return at
		}
		inside = latin(string(r))
	}
	return -1
}

// latin reports whether a text ends in a letter that is no Chinese character.
func latin(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return r != utf8.RuneError && unicode.IsLetter(r) && !unicode.Is(unicode.Han, r)
}
