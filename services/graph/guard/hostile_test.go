package guard_test

import (
	"fmt"
	"strings"
	"testing"

	"suyuan/services/graph/guard"
	"suyuan/services/ledger"
)

// fan makes n fragments, each spreading the next twice: 2^n selections.
func fan(n int) string {
	var b strings.Builder
	b.WriteString("{...F0}")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Query{...F%d ...F%d}", i, i+1, i+1)
	}
	return b.String()
}

// chain makes n fragments, each two levels deep, one within the other.
func chain(n int) string {
	var b strings.Builder
	b.WriteString("{...F0}")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Query{a{b{...F%d}}}", i, i+1)
	}
	return b.String()
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

var hostile = []struct{ name, query, public, staff string }{
	{"5 MB of [", strings.Repeat("[", 5<<20), "query.too_long", "query.too_long"},
	{"60 KB of [", strings.Repeat("[", 60<<10), "query.too_long", "query.too_deep"},
	{"4 KB of [", strings.Repeat("[", 4<<10), "query.too_deep", "query.too_deep"},
	{"4 KB of {a", strings.Repeat("{a", 2<<10), "query.too_deep", "query.too_deep"},
	{"a deep type", "query($a:" + strings.Repeat("[", 30) + "Int" + strings.Repeat("]", 30) + "){a}", "query.too_deep", "query.too_deep"},
	{"a deep list", "{a(b:" + strings.Repeat("[", 30) + strings.Repeat("]", 30) + ")}", "query.too_deep", "query.too_deep"},
	{"a deep object", "{a(b:" + strings.Repeat("{c:", 30) + "1" + strings.Repeat("}", 30) + ")}", "query.too_deep", "query.too_deep"},
	{"deep for the public", "{a" + strings.Repeat("{a", 10) + strings.Repeat("}", 11), "query.too_deep", ""},
	{"20,000 aliases", "{" + numbered(20_000, "a%d:b ") + "}", "query.too_long", "query.too_long"},
	{"250 aliases", "{" + numbered(250, "a%d:b ") + "}", "query.too_many_aliases", "query.too_many_aliases"},
	{"40 aliases", "{" + numbered(40, "a%d:b ") + "}", "query.too_many_aliases", ""},
	{"unknown fields", "{" + numbered(1300, "u%d ") + "}", "query.too_many_tokens", ""},
	{"one field often", "{" + strings.Repeat("u ", 280) + "}", "query.too_many_repeats", "query.too_many_repeats"},
	{"one field often, in pieces", "{" + strings.Repeat("...{u} ", 50) + "}", "query.too_many_repeats", "query.too_many_repeats"},
	{"repeated directives", "{a " + strings.Repeat("@skip(if:true) ", 17) + "}", "query.too_many_directives", ""},
	{"100 directives", "{a " + strings.Repeat("@a ", 100) + "}", "query.too_many_directives", "query.too_many_directives"},
	{"a long argument", `{a(b:"` + strings.Repeat("x", 200_000) + `")}`, "query.too_long", "query.too_long"},
	{"a long argument within the length", `{a(b:"` + strings.Repeat("x", 3000) + `")}`, "query.text_too_long", ""},
	{"a long block", `{a(b:"""` + strings.Repeat("x", 60_000) + `""")}`, "query.too_long", "query.text_too_long"},
	{"a long name", "{" + strings.Repeat("x", 3000) + "}", "query.name_too_long", "query.name_too_long"},
	{"a long number", "{a(b:" + strings.Repeat("9", 3000) + ")}", "query.name_too_long", "query.name_too_long"},
	{"tokens", "{" + strings.Repeat("a ", 4200) + "}", "query.too_long", "query.too_many_tokens"},
	{"20 fragments", "{a}" + numbered(20, " fragment f%d on Q{a}"), "query.too_many_fragments", ""},
	{"a fragment in itself", `fragment A on Query{...A}{...A}`, "query.fragment_cycle", "query.fragment_cycle"},
	{"unused, in itself", `{a} fragment A on Query{a{...A}}`, "query.fragment_cycle", "query.fragment_cycle"},
	{"a circle", `{...A} fragment A on Q{...B} fragment B on Q{a{... on Q{...C}}} fragment C on Q{...A}`, "query.fragment_cycle", "query.fragment_cycle"},
	{"a circle behind a twin", `{...A} fragment A on Query{a} fragment A on Query{...A}`, "query.fragment_twice", "query.fragment_twice"},
	{"a fan", fan(12), "query.too_many_selections", "query.too_many_selections"},
	{"a fan of 60", fan(60), "query.too_many_fragments", "query.too_many_selections"},
	{"an unused fan", "{a}" + fan(12)[len("{...F0}"):], "query.too_many_selections", "query.too_many_selections"},
	{"deep by fragments", chain(6), "query.too_deep", ""},
	{"a type definition", `type A{b:C}`, "query.syntax", "query.syntax"},
	{"nothing", ``, "query.syntax", "query.syntax"},
	{"a fragment alone", `fragment A on Q{a}`, "query.syntax", "query.syntax"},
	{"a write", `mutation{a}`, "query.read_only", "query.read_only"},
	{"a subscription", `subscription{a}`, "query.read_only", "query.read_only"},
}

func TestHostile(t *testing.T) {
	for _, c := range hostile {
		for who, limits := range map[string]guard.Limits{"public": guard.Public, "staff": guard.Staff} {
			want := c.public
			if who == "staff" {
				want = c.staff
			}
			doc, used, err := guard.Parse(c.query, limits)
			got := ""
			if err != nil {
				e := err.(*ledger.Error)
				got = e.Rule
				if e.Code != ledger.Invalid {
					t.Errorf("%s: %s: %v", who, c.name, err)
				}
			}
			if got != want || (doc == nil) != (want != "") {
				t.Errorf("%s: %s: %q, want %q (%+v)", who, c.name, got, want, used)
			}
		}
	}
}

func TestAFanWithinBoundsIsCountedNotWalked(t *testing.T) {
	_, used, err := guard.Parse(fan(9), guard.Public)
	if err != nil || used.Selections != 1023 {
		t.Errorf("%+v %v", used, err)
	}
}

func TestVariables(t *testing.T) {
	deep := any("x")
	for range 100_000 {
		deep = []any{deep}
	}
	wide := make([]any, 300)
	for name, c := range map[string]struct {
		vars map[string]any
		rule string
	}{
		"none":     {nil, ""},
		"usual":    {map[string]any{"a": "b", "c": []any{1.0, true, nil}, "d": map[string]any{"e": "f"}}, ""},
		"deep":     {map[string]any{"a": deep}, "query.too_deep"},
		"wide":     {map[string]any{"a": wide}, "query.too_many_values"},
		"long":     {map[string]any{"a": strings.Repeat("x", 3000)}, "query.text_too_long"},
		"long key": {map[string]any{"a": map[string]any{strings.Repeat("x", 2000): 1.0}}, "query.name_too_long"},
	} {
		err := guard.Variables(c.vars, guard.Public)
		got := ""
		if err != nil {
			got = err.(*ledger.Error).Rule
		}
		if got != c.rule {
			t.Errorf("%s: %v, want %s", name, err, c.rule)
		}
	}
}
