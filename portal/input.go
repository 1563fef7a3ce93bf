package portal

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"suyuan/services/ledger"
)

// The bounds of what an address may carry.
const (
	mostSearch = 100
	mostCursor = 256
	mostID     = 128
)

// text reads a parameter of at most n characters; the error names it.
func (p *Page) text(name string, n int) (string, error) {
	values := p.r.URL.Query()[name]
	if len(values) == 0 {
		return "", nil
	}
	if len(values) > 1 {
		return "", ledger.Errorf(ledger.Invalid, "address.repeated", "地址里的 %s 只能出现一次。", "The address may contain %s once only.", name).At("%s", name)
	}
	v := strings.TrimSpace(values[0])
	if utf8.RuneCountInString(v) > n {
		return "", ledger.Errorf(ledger.Invalid, "address.too_long",
			"地址里的 %[1]s 太长：最多 %[2]d 个字。", "%[1]s in the address is too long: %[2]d characters at most.", name, n).At("%s", name)
	}
	if !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl) {
		return "", ledger.Errorf(ledger.Invalid, "address.unreadable", "地址里的 %s 含有无法识别的字符。", "%s in the address contains characters that cannot be read.", name).At("%s", name)
	}
	return v, nil
}

// oneOf reads a parameter that must be empty or one of the words.
func (p *Page) oneOf(name string, words ...string) (string, error) {
	v, err := p.text(name, mostID)
	if err != nil || v == "" || slices.Contains(words, v) {
		return v, err
	}
	return "", ledger.Errorf(ledger.Invalid, "address.unknown_choice",
		"地址里的 %[1]s 只能是 %[2]s 之一。", "%[1]s in the address must be one of %[2]s.", name, strings.Join(words, " | ")).At("%s", name)
}

// id reads a part of the path; one that no record can have is simply not found.
func (p *Page) id(name string) (string, error) {
	v := p.path[name]
	if v == "" || len(v) > mostID || !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl) {
		return "", errNoPage
	}
	return v, nil
}

// orNull is a GraphQL variable that may be left out.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
