package graphqlhttp

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func times(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// tree is n fragments, each spreading the next twice: 2^n selections.
func tree(n int) string {
	var b strings.Builder
	b.WriteString("{...F0}")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Query{...F%d ...F%d}", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Query{__typename}", n)
	return b.String()
}

func nested(n int, open, inner, shut string) string {
	return strings.Repeat(open, n) + inner + strings.Repeat(shut, n)
}

const withText = `query($s: String) { units(search: $s) { total } }`

// What was made to do harm, and the rule it is refused by for the public and
// for staff; "" is an answer. Any is refused by a rule of the request already
// where that says request.…
var hostile = []struct {
	name          string
	asked         any
	public, staff string
}{
	{"a cyclic fragment", members{"query": `fragment A on Query{...A}{...A}`}, "query.fragment_cycle", "query.fragment_cycle"},
	{"a longer circle", members{"query": `{...A} fragment A on Query{...B} fragment B on Query{...C} fragment C on Query{...A}`}, "query.fragment_cycle", "query.fragment_cycle"},
	{"a circle that nothing spreads", members{"query": `{__typename} fragment A on Unit{parent{...A}}`}, "query.fragment_cycle", "query.fragment_cycle"},
	{"a circle behind a twin", members{"query": `{...A} fragment A on Query{__typename} fragment A on Query{...A}`}, "query.fragment_twice", "query.fragment_twice"},
	{"a fragment tree", members{"query": tree(12)}, "query.too_many_selections", "query.too_many_selections"},
	{"a fragment tree of 60", members{"query": tree(60)}, "query.too_many_fragments", "query.too_many_selections"},
	{"5,000 fragments", members{"query": "{__typename}" + times(5000, " fragment F%d on Query{__typename}")}, "query.too_long", "query.too_long"},
	{"nested fields", members{"query": `{unit(code:"99")` + nested(30, `{parent`, `{name}`, `}`) + `}`}, "query.too_deep", "query.too_deep"},
	{"deeply nested fields", members{"query": nested(10_000, `{a`, ``, `}`)}, "query.too_long", "query.too_deep"},
	{"nested inline fragments", members{"query": nested(500, `{...`, `{__typename}`, `}`)}, "query.too_deep", "query.too_deep"},
	{"20,000 aliases", members{"query": "{" + times(20_000, "a%d:__typename ") + "}"}, "request.too_large", "request.too_large"},
	{"10,000 aliases", members{"query": "{" + times(10_000, "a%d:__typename ") + "}"}, "query.too_long", "query.too_long"},
	{"1,000 aliases", members{"query": "{" + times(1000, "a%d:__typename ") + "}"}, "query.too_long", "query.too_many_aliases"},
	{"100 aliases", members{"query": "{" + times(100, "a%d:__typename ") + "}"}, "query.too_many_aliases", ""},
	{"aliases of lists", members{"query": "{" + times(25, `a%d:units(first:200){edges{node{events{hash}}}}`) + "}"}, "", ""},
	{"unknown fields", members{"query": "{" + times(290, "u%d ") + "}"}, "query.invalid", "query.invalid"},
	{"a flood of unknown fields", members{"query": "{" + times(1900, "u%d ") + "}"}, "query.too_long", "query.invalid"},
	{"20,000 unknown fields", members{"query": "{" + times(20_000, "u%d ") + "}"}, "query.too_long", "query.too_long"},
	{"unknown arguments", members{"query": `{unit(code:"99"` + times(450, " u%d:1") + `){name}}`}, "query.too_many_tokens", "query.invalid"},
	{"unknown variables", members{"query": `query(` + times(390, "$u%d:X ") + `){__typename}`}, "query.too_many_tokens", "query.invalid"},
	{"one field often", members{"query": "{" + strings.Repeat("__typename ", 300) + "}"}, "query.too_many_repeats", "query.too_many_repeats"},
	{"one directive often", members{"query": "{__typename " + strings.Repeat("@skip(if:false) ", 100) + "}"}, "query.too_many_directives", "query.too_many_directives"},
	{"20,000 directives", members{"query": "{__typename " + strings.Repeat("@a ", 20_000) + "}"}, "query.too_long", "query.too_many_directives"},
	{"5 MB of [", strings.Repeat("[", 5<<20), "request.too_large", "request.too_large"},
	{"5 MB of [ as a query", members{"query": strings.Repeat("[", 5<<20)}, "request.too_large", "request.too_large"},
	{"200 KB of [", strings.Repeat("[", 200_000), "input.type", "input.type"},
	{"200 KB of [ as a query", members{"query": strings.Repeat("[", 200_000)}, "query.too_long", "query.too_long"},
	{"60 KB of [ as a query", members{"query": strings.Repeat("[", 60_000)}, "query.too_long", "query.too_deep"},
	{"200 KB of {", strings.Repeat(`{"query":`, 22_000), "input.type", "input.type"},
	{"200,000 characters inline", members{"query": `{unit(code:"` + strings.Repeat("9", 200_000) + `"){name}}`}, "query.too_long", "query.too_long"},
	{"50,000 characters inline", members{"query": `{unit(code:"` + strings.Repeat("9", 50_000) + `"){name}}`}, "query.too_long", "query.text_too_long"},
	{"200,000 characters as a variable", members{"query": withText, "variables": members{"s": strings.Repeat("9", 200_000)}}, "query.variables", "query.variables"},
	{"50,000 characters as a variable", members{"query": withText, "variables": members{"s": strings.Repeat("9", 50_000)}}, "query.text_too_long", "query.text_too_long"},
	{"a long name of a variable", members{"query": withText, "variables": members{strings.Repeat("s", 50_000): 1}}, "query.name_too_long", "query.name_too_long"},
	{"a long operation name", members{"query": `query A{__typename}`, "operationName": strings.Repeat("A", 200_000)}, "query.operation", "query.operation"},
	{"30,000 levels of variables", `{"query":"{__typename}","variables":{"a":` + nested(30_000, "[", "", "]") + `}}`, "input.json", "input.json"},
	{"5,000 levels of variables", `{"query":"{__typename}","variables":{"a":` + nested(5000, "[", "", "]") + `}}`, "query.too_deep", "query.too_deep"},
	{"5,000 levels of objects", `{"query":"{__typename}","variables":` + nested(5000, `{"a":`, "1", "}") + `}`, "query.too_deep", "query.too_deep"},
	{"30,000 values", `{"query":"{__typename}","variables":{"a":[` + strings.Repeat("0,", 30_000) + `0]}}`, "query.too_many_values", "query.too_many_values"},
	{"a deep list", members{"query": `{unit(code:` + nested(1000, "[", "", "]") + `){name}}`}, "query.too_deep", "query.too_deep"},
	{"a deep object", members{"query": `{mandate(id:"a",asOf:` + nested(500, "{a:", "1", "}") + `){id}}`}, "query.too_deep", "query.too_deep"},
	{"a deep type", members{"query": `query($a:` + nested(1000, "[", "Int", "]") + `){__typename}`}, "query.too_deep", "query.too_deep"},
	{"a number of 3,000 digits", members{"query": `{units(first:` + strings.Repeat("9", 3000) + `){total}}`}, "query.name_too_long", "query.name_too_long"},
	{"large extensions", members{"query": "{__typename}", "extensions": members{"a": strings.Repeat("x", 20_000)}}, "query.extensions", "query.extensions"},
	{"a million of a list", members{"query": `{units(first:1000000){total}}`}, "page.first", "page.first"},
	{"a name that ends nothing", members{"query": `{a(b:"\`}, "query.syntax", "query.syntax"},
	{"half a type", members{"query": `query($a:[]){__typename}`}, "query.syntax", "query.syntax"},
	{"zero bytes", members{"query": "{\x00}"}, "query.syntax", "query.syntax"},
}

// inTime is far more than any refusal takes, and far less than harm would.
const inTime = 15 * time.Second // on a machine that is busy with other things

// Each is refused clearly and at once, under both media types, for the public
// and for staff; the server lives and goes on answering.
func TestHostile(t *testing.T) {
	auditor := "Authorization: Bearer " + token(t, "auditor", "")
	var slowest time.Duration
	var which string
	for _, c := range hostile {
		for who, headers := range map[string][]string{"public": nil, "staff": {auditor}} {
			rule := c.public
			if who == "staff" {
				rule = c.staff
			}
			for _, accept := range []string{newer, older} {
				w := post(t, c.asked, append([]string{"Accept: " + accept}, headers...)...)
				checkRefusal(t, fmt.Sprintf("%s, %s, %s", c.name, who, accept), rule, accept, w)
				if w.took > slowest {
					slowest, which = w.took, c.name+", "+who
				}
			}
		}
		if w := post(t, members{"query": village}); !strings.Contains(w.body, named) {
			t.Fatalf("after %s the server answers %d %s", c.name, w.status, w.body)
		}
	}
	if served.ended() {
		t.Fatalf("the server ended: %s", served.output())
	}
	if strings.Contains(served.output(), "panic") {
		t.Errorf("the server panicked: %s", served.output())
	}
	t.Logf("slowest %v: %s", slowest, which)
}

func checkRefusal(t *testing.T, what, rule, accept string, w answered) {
	t.Helper()
	data, _ := w.read(t)
	want := http.StatusBadRequest
	early := strings.HasPrefix(rule, "request.") || strings.HasPrefix(rule, "input.") || rule == "query.variables" || rule == "query.extensions"
	if rule == "" || strings.HasPrefix(rule, "page.") || accept == older && !early {
		want = http.StatusOK
	}
	if w.status != want || w.rule(t) != rule || (data != nil) != (rule == "") {
		t.Errorf("%s: %d, rule %q, want %d, %q: %.300s", what, w.status, w.rule(t), want, rule, w.body)
	}
	if w.took > inTime {
		t.Errorf("%s took %v", what, w.took)
	}
}

// All of them at once, from many sides, while somebody else asks something
// sensible.
func TestHostileAtOnce(t *testing.T) {
	t.Run("all", func(t *testing.T) {
		for side := range 8 {
			t.Run(fmt.Sprint(side), func(t *testing.T) {
				t.Parallel()
				for i := range hostile {
					c := hostile[(i+side*7)%len(hostile)]
					if w := post(t, c.asked); w.status != http.StatusOK && w.status != http.StatusBadRequest {
						t.Errorf("%s: %d %.200s", c.name, w.status, w.body)
					}
				}
			})
		}
		t.Run("sensible", func(t *testing.T) {
			t.Parallel()
			for range 50 {
				if w := post(t, members{"query": village}); w.status != http.StatusOK || !strings.Contains(w.body, named) {
					t.Errorf("meanwhile: %d %s", w.status, w.body)
				}
			}
		})
	})
	if served.ended() {
		t.Errorf("the server ended: %s", served.output())
	}
}

// The same by GET, as far as an address goes.
func TestHostileByGET(t *testing.T) {
	for name, c := range map[string]struct {
		a      asked
		status int
	}{
		"a cyclic fragment": {at("query", `fragment A on Query{...A}{...A}`), 400},
		"20,000 aliases":    {at("query", "{"+times(20_000, "a%d:b ")+"}"), 431}, // beyond what HTTP's own headers may weigh
		"40 KB of [":        {at("query", strings.Repeat("[", 10_000)), 400},
		"deep variables":    {at("query", "{__typename}", "variables", `{"a":`+nested(2000, "[", "", "]")+"}"), 400},
		"many parameters":   {asked{method: "GET", query: "?" + strings.Repeat("query=a&", 3000)}, 400},
	} {
		w := do(t, c.a.with("Accept: "+newer))
		if w.status != c.status || w.took > inTime {
			t.Errorf("%s: %d in %v: %.200s", name, w.status, w.took, w.body)
		}
	}
	if w := do(t, at("query", village)); !strings.Contains(w.body, named) {
		t.Errorf("afterwards: %d %s", w.status, w.body)
	}
}
