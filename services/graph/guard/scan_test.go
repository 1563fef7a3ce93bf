package guard

import (
	"strings"
	"testing"

	"github.com/graphql-go/graphql/language/lexer"
	"github.com/graphql-go/graphql/language/source"

	"suyuan/services/ledger"
)

func rule(err error) string {
	if err == nil {
		return ""
	}
	e := err.(*ledger.Error)
	if e.Code != ledger.Invalid || e.Text.Zh == "" || e.Text.En == "" {
		return "not an error for a person: " + e.Error()
	}
	return e.Rule
}

func TestScanMeasures(t *testing.T) {
	const query = "\uFEFF# {{{ \"\nquery A($a: [Int!] = [1, -2.5e+3]) @d(if: \"}\\\"\") { x: u(a: {b: \"\"\"\n\\\"\"\" } \"\"\"}) { ...f ... on U { y } } } fragment f on U { z }"
	clean, got, err := Scan(query, Staff)
	want := Limits{Length: len(query), Depth: 3, Tokens: 54, Aliases: 1, Fragments: 1, Directives: 1, Text: 8, Name: 8}
	if err != nil || got != want {
		t.Errorf("got  %+v %v\nwant %+v", got, err, want)
	}
	if n, err := libraryTokens(clean); n != want.Tokens || err != nil {
		t.Errorf("the library counts %d, %v", n, err)
	}
}

func TestScanRefuses(t *testing.T) {
	for name, query := range map[string]string{
		"closes nothing":     `{a}}`,
		"crossed":            `{a(b:[1)]}`,
		"open":               `{a`,
		"open string":        "{a(b:\"c\nd\")}",
		"open at the end":    `{a(b:"\`,
		"open block":         `{a(b:"""c"")}`,
		"control in comment": "{a} #\x01 {",
		"control in string":  "{a(b:\"\x01\")}",
		"not UTF-8":          "{a(b:\"\xff\")}",
		"two dots":           `{..a}`,
		"odd character":      `{a;b}`,
		"leading zero":       `{a(b:01)}`,
		"no digits":          `{a(b:-)}`,
		"no fraction":        `{a(b:1.)}`,
		"no exponent":        `{a(b:1e)}`,
		"zero byte":          "{a\x00}",
	} {
		if _, _, err := Scan(query, Public); rule(err) != "query.syntax" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Without blanking the library would see the braces in the comment.
func TestAChineseCommentIsAComment(t *testing.T) {
	doc, used, err := Parse("# 查询单位的名称和上级 { { {\nquery 甲", Public)
	if rule(err) != "query.syntax" || doc != nil {
		t.Errorf("%+v %v", used, err)
	}
	doc, used, err = Parse("# 查询单位的名称和上级 { { {\nquery Name { # 名称\n unit { name } }", Public)
	if err != nil || used.Tokens != 8 || len(doc.Definitions) != 1 {
		t.Errorf("%+v %v", used, err)
	}
}

// A scanner that reads otherwise would let a query hide tokens from the count.
func libraryTokens(query string) (n int, err error) {
	lex := lexer.Lex(source.NewSource(&source.Source{Body: []byte(query)}))
	for at := 0; ; n++ {
		token, err := lex(at)
		if err != nil || token.Kind == lexer.EOF {
			return n, err
		}
		at = token.End
	}
}

// What the scanner accepts holds exactly the tokens it counted, or is no
// query to the library either; and parsing it ends.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{a}`, `{a(b:"""c\"""d""" e:"\u00e9" f:-1.5e3)}`, "{a # b\r c}", `query($a:[Int!]=[1]){a @b ...c} fragment c on D{e}`,
		`{a(b:1-1-1)}`, `"" """" {`, `query($a:]){b}`, `{...on A{b}}`, `type A{b:C}`, "\uFEFF{a\uFEFF,b}", `fragment A on B{...A}{...A}`, `{a(b:"\`, `{a(b:"` + "\u2028" + `")}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		clean, used, err := Scan(query, Staff)
		if err == nil {
			if n, err := libraryTokens(clean); err == nil && n != used.Tokens {
				t.Fatalf("%q: counted %d tokens, the library %d", query, used.Tokens, n)
			}
		} else if rule(err) == "" || strings.HasPrefix(rule(err), "not") {
			t.Fatalf("%q: %v", query, err)
		}
		doc, used, err := Parse(query, Public)
		if err != nil {
			if doc != nil || strings.HasPrefix(rule(err), "not") {
				t.Fatalf("%q: %v", query, err)
			}
			return
		}
		if doc == nil || used.Within(Public) != nil {
			t.Fatalf("%q: accepted with %+v", query, used)
		}
	})
}
