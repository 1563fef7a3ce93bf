package search

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"suyuan/services/ledger"
)

// What one query may be. Nobody types more; a machine that does is refused.
const (
	MaxQuery = 64 // characters in all
	MaxWords = 8
)

// gone is what a character folds to that does not count.
const gone = rune(-1)

// fold makes one of the characters that people write for the same: full and
// half width, capitals, the brackets 〔〕 [] 【】 of document numbers, the dots
// within names. White space and control characters are gone, so that
// “国发 〔2022〕 1 号” is found whichever way it was typed; the zero byte
// between two texts stays. 一 is not 1. Every character is folded by itself
// and what is folded stays as it is: a folded word that stands in a text
// unfolded stands in it folded as well.
func fold(r rune) rune {
	switch {
	case r >= '一' && r <= '鿿', r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == 0:
		return r
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r >= '！' && r <= '～':
		return fold(r - '！' + '!')
	}
	switch r {
	case '[', '〔', '【', '〖', '⦅', '｟':
		return '('
	case ']', '〕', '】', '〗', '⦆', '｠':
		return ')'
	case '•', '‧', '・', '･', '∙', '⋅':
		return '·'
	case '‐', '‑', '–', '—', '―', '−':
		return '-'
	}
	if unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf) {
		return gone
	}
	return unicode.ToLower(r)
}

// appendFolded appends a text as it is compared.
func appendFolded(dst, text []byte) []byte {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		if r = fold(r); r != gone {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// Query is what to look for: words, each of which must occur in one of a
// document's texts. The zero value has none and finds nothing.
type Query struct {
	words  [][]byte // folded
	terms  []uint32 // of the words of two characters and more
	single []uint32 // the words of one
	sure   bool     // the postings alone say what matches
}

// Parse reads the words of a query, parted by white space. The error is a
// *ledger.Error at the argument search.
func Parse(text string) (Query, error) {
	if len(text) > MaxQuery*utf8.UTFMax || utf8.RuneCountInString(text) > MaxQuery {
		return Query{}, ledger.Errorf(ledger.Invalid, "search.too_long", "检索内容最多 %d 个字；请缩短后再查。", "A search has at most %d characters; shorten it.", MaxQuery).At("search")
	}
	var q Query
	for _, field := range strings.FieldsFunc(text, unicode.IsSpace) {
		word := bytes.ReplaceAll(appendFolded(nil, []byte(field)), []byte{0}, nil)
		if len(word) > 0 && !slices.ContainsFunc(q.words, func(w []byte) bool { return bytes.Equal(w, word) }) {
			q.words = append(q.words, word)
		}
	}
	if len(q.words) > MaxWords {
		return Query{}, ledger.Errorf(ledger.Invalid, "search.too_many_words", "一次最多检索 %d 个词；请减少词数后再查。", "A search has at most %d words; leave some out.", MaxWords).At("search")
	}
	q.plan()
	return q, nil
}

// Empty reports whether there is no word to look for: whoever lists
// everything for an empty search does so without the index.
func (q Query) Empty() bool { return len(q.words) == 0 }

func (q *Query) plan() {
	q.sure = true
	for _, word := range q.words {
		letters := []rune(string(word))
		if len(letters) == 1 {
			q.single = append(q.single, half(letters[0]))
		}
		for i := 1; i < len(letters); i++ {
			q.terms = append(q.terms, term(letters[i-1], letters[i]))
		}
		q.sure = q.sure && len(letters) <= 2 && !slices.ContainsFunc(letters, shared)
	}
	q.sure = q.sure && (len(q.single) == 0 || len(q.words) == 1)
	slices.Sort(q.terms)
	q.terms = slices.Compact(q.terms)
}

// in reports whether every word occurs in the texts. folded is lent.
func (q Query) in(texts []byte, folded *[]byte) bool {
	if q.all(texts) { // the usual case: names are written folded, but for a bracket or two
		return true
	}
	*folded = appendFolded((*folded)[:0], texts)
	return q.all(*folded)
}

func (q Query) all(texts []byte) bool {
	for _, w := range q.words {
		if !bytes.Contains(texts, w) {
			return false
		}
	}
	return true
}

// A term is two characters that stand side by side, or the last of a text and
// nothing: every character begins one.
func term(a, b rune) uint32 { return half(a)<<16 | half(b) }

const end = rune(0)

// half is 16 bits for a character. Those beyond the first 65,536, rare ones in
// names, share the 2,048 numbers that are no character's.
func half(r rune) uint32 {
	if shared(r) {
		return 0xd800 | uint32(r)&0x7ff
	}
	return uint32(r)
}

func shared(r rune) bool { return r > 0xffff }

// terms calls visit for every term of some texts as their source gives them.
func terms(texts []byte, visit func(uint32)) {
	last := end
	for len(texts) > 0 {
		r, n := utf8.DecodeRune(texts)
		texts = texts[n:]
		if r = fold(r); r == gone {
			continue
		}
		if last != end {
			visit(term(last, r))
		}
		last = r
	}
	if last != end {
		visit(term(last, end))
	}
}
