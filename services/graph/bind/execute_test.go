package bind_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"suyuan/services/graph/bind"
	"suyuan/services/graph/guard"
)

func TestAnswers(t *testing.T) {
	b, j := start(t)
	for _, c := range []struct {
		name, query string
		vars        map[string]any
		want        string
	}{
		{"rows", `{unit(code:"12"){code name alias level founded opened people ratio tags wards parent{code} __typename}}`, nil,
			`{"data":{"unit":{"code":"12","name":"West","alias":"W","level":"COUNTY","founded":"1949-10-01","opened":"2020-02-29","people":7,"ratio":"1/3","tags":["a"],"wards":["x","y"],"parent":null,"__typename":"Unit"}}}`},
		{"empty is null or empty", `{unit(code:"11"){alias founded opened people ratio tags wards old}}`, nil,
			`{"data":{"unit":{"alias":null,"founded":null,"opened":null,"people":null,"ratio":null,"tags":null,"wards":[],"old":null}}}`},
		{"nothing there", `{unit(code:"99"){code}}`, nil, `{"data":{"unit":null}}`},
		{"resolver of a row", `{unit(code:"11"){children(first:1){code level}}}`, nil,
			`{"data":{"unit":{"children":[{"code":"1101","level":"COUNTY"}]}}}`},
		{"default argument", `{unit(code:"11"){children{code}}}`, nil, `{"data":{"unit":{"children":[{"code":"1101"},{"code":"1102"}]}}}`},
		{"generic rows, no optional argument", `{units{nodes{code} pageInfo{hasNextPage endCursor}}}`, nil,
			`{"data":{"units":{"nodes":[{"code":"11"},{"code":"12"}],"pageInfo":{"hasNextPage":false,"endCursor":null}}}}`},
		{"enum argument", `{units(level:COUNTY,search:"e"){nodes{code}}}`, nil, `{"data":{"units":{"nodes":[{"code":"12"}]}}}`},
		{"enum variable", `query($l:Level){units(level:$l){nodes{code}}}`, map[string]any{"l": "CENTRAL"}, `{"data":{"units":{"nodes":[{"code":"11"}]}}}`},
		{"id from a number", `query($c:ID!){unit(code:$c){code}}`, map[string]any{"c": 12.0}, `{"data":{"unit":{"code":"12"}}}`},
		{"input defaults", `{echo}`, nil,
			`{"data":{"echo":"{\"Filter\":null,\"Day\":\"0001-01-01T00:00:00Z\",\"Levels\":[\"village\"],\"Count\":null}"}}`},
		{"inputs", `{echo(day:"2024-05-06",count:3,levels:[],filter:{levels:[COUNTY],exact:true,ratio:"1/2",and:[{asOf:{ordinal:"9"}}]})}`, nil,
			`{"data":{"echo":"{\"Filter\":{\"Levels\":[\"county\"],\"And\":[{\"Levels\":null,\"And\":null,\"AsOf\":{\"Recorded\":\"\",\"Ordinal\":\"9\",\"Effective\":\"\"},\"Ratio\":null,\"Exact\":null}],\"AsOf\":null,\"Ratio\":{},\"Exact\":true},\"Day\":\"2024-05-06T00:00:00Z\",\"Levels\":[],\"Count\":3}"}}`},
		{"input variables", `query($f:Filter,$l:[Level!],$n:Int){echo(filter:$f,levels:$l,count:$n)}`,
			map[string]any{"f": map[string]any{"levels": []any{"VILLAGE"}, "asOf": nil}, "l": "COUNTY", "n": 4.0, "unasked": "x"},
			`{"data":{"echo":"{\"Filter\":{\"Levels\":[\"village\"],\"And\":null,\"AsOf\":null,\"Ratio\":null,\"Exact\":null},\"Day\":\"0001-01-01T00:00:00Z\",\"Levels\":[\"county\"],\"Count\":4}"}}`},
		{"a fragment of no type within a list", `{units{nodes{...@include(if:true){code}}}}`, nil, `{"data":{"units":{"nodes":[{"code":"11"},{"code":"12"}]}}}`},
		{"fragments and directives", `query($s:Boolean!){unit(code:"12"){...f alias @skip(if:$s)}} fragment f on Unit{code}`, map[string]any{"s": true},
			`{"data":{"unit":{"code":"12"}}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 2 { // the second time from the cache
				if got := ask(t, b, public, bind.Request{Query: c.query, Variables: c.vars}); got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
			}
		})
	}
	if j.String() != "" {
		t.Errorf("logged: %s", j)
	}
}

func TestRefusedBeforeExecution(t *testing.T) {
	b, j := start(t)
	for _, c := range []struct {
		name  string
		r     bind.Request
		rule  string
		holds string
	}{
		{"syntax", bind.Request{Query: `{unit(`}, "query.syntax", "line 1"},
		{"no query", bind.Request{Query: ` # nothing`}, "query.syntax", ""},
		{"a write", bind.Request{Query: `mutation{x}`}, "query.read_only", "/api/commands"},
		{"unknown field", bind.Request{Query: `{unit(code:"1"){nam}}`}, "query.invalid", `\"nam\"`},
		{"missing argument", bind.Request{Query: `{unit{code}}`}, "query.invalid", `code`},
		{"wrong enum", bind.Request{Query: `{units(level:TOWN){nodes{code}}}`}, "query.invalid", `TOWN`},
		{"wrong day", bind.Request{Query: `{echo(day:"2024-13-01")}`}, "query.invalid", `2024-13-01`},
		{"differing fields of one name", bind.Request{Query: `{a:echo a:fail(how:"x")}`}, "query.invalid", `conflict`},
		{"half a type", bind.Request{Query: `query($a:[]){echo}`}, "query.syntax", ""},
		{"no type", bind.Request{Query: `query($a: = 1){echo}`}, "query.syntax", "$a"},
		{"two operations", bind.Request{Query: `query a{echo} query b{echo}`}, "query.operation", ""},
		{"no such operation", bind.Request{Query: `query a{echo}`, Operation: "c"}, "query.operation", ""},
		{"variable missing", bind.Request{Query: `query($c:ID!){unit(code:$c){code}}`}, "query.variable", `ID!`},
		{"object for a string", bind.Request{Query: `query($s:String){units(search:$s){nodes{code}}}`, Variables: map[string]any{"s": map[string]any{"a": 1.0}}}, "query.variable", `String`},
		{"fraction for an int", bind.Request{Query: `query($n:Int){echo(count:$n)}`, Variables: map[string]any{"n": 1.5}}, "query.variable", `Int`},
		{"too large for an int", bind.Request{Query: `query($n:Int){echo(count:$n)}`, Variables: map[string]any{"n": 3e9}}, "query.variable", `Int`},
		{"unknown input field", bind.Request{Query: `query($f:Filter){echo(filter:$f)}`, Variables: map[string]any{"f": map[string]any{"x": 1.0}}}, "query.variable", `f.x`},
		{"wrong scalar", bind.Request{Query: `query($f:Filter){echo(filter:$f)}`, Variables: map[string]any{"f": map[string]any{"ratio": "1"}}}, "query.variable", `"f.ratio"`},
		{"long variable", bind.Request{Query: `query($s:String){units(search:$s){nodes{code}}}`, Variables: map[string]any{"s": strings.Repeat("x", 200_000)}}, "query.text_too_long", ``},
		{"introspection", bind.Request{Query: `{__schema{types{name}}}`}, "query.introspection", ``},
		{"hidden introspection", bind.Request{Query: `{...a} fragment a on Query{... on Query{__type(name:"Unit"){name}}}`}, "query.introspection", ``},
		{"too long", bind.Request{Query: `{echo}` + strings.Repeat(" ", 8<<10)}, "query.too_long", ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 2 {
				got := ask(t, b, public, c.r)
				if !strings.Contains(got, `"rule":"`+c.rule+`"`) || !strings.Contains(got, c.holds) || strings.Contains(got, `"data"`) {
					t.Errorf("got %s", got)
				}
			}
		})
	}
	if j.String() != "" {
		t.Errorf("logged: %s", j)
	}
}

func TestSchemaIsNotSpelledOut(t *testing.T) {
	b, _ := start(t)
	r := bind.Request{Query: `{unit(code:"1"){nam}}`}
	if got := ask(t, b, public, r); strings.Contains(got, "Did you mean") {
		t.Errorf("public got %s", got)
	}
	if got := ask(t, b, staff, r); !strings.Contains(got, "Did you mean") {
		t.Errorf("staff got %s", got)
	}
	got := ask(t, b, staff, bind.Request{Query: introspection})
	for _, want := range []string{`"defaultValue":"10"`, `"name":"AsOf"`, `"deprecationReason":"use alias"`, `"description":"An exact number."`, `"say DISTRICT"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if strings.Contains(got, "errors") {
		t.Errorf("got %s", got)
	}
	// What staff put into the cache is not the public's to use.
	if got := ask(t, b, public, bind.Request{Query: introspection}); strings.Contains(got, "data") {
		t.Errorf("public got %s", got)
	}
}

const introspection = `query I{__schema{queryType{name} types{...T} directives{name args{...V}}}}
fragment T on __Type{kind name description fields(includeDeprecated:true){name args{...V} type{...R} isDeprecated deprecationReason}
 inputFields{...V} enumValues(includeDeprecated:true){name isDeprecated deprecationReason} possibleTypes{...R}}
fragment V on __InputValue{name type{...R} defaultValue}
fragment R on __Type{kind name ofType{kind name ofType{kind name ofType{kind name}}}}`

// Staff ask for the schema alone, and not for more of it than there is.
func TestSchemaIsAskedForAlone(t *testing.T) {
	b, _ := start(t)
	wind := func(n int) string {
		return `{__schema{types{` + strings.Repeat(`...w fields{type{`, n) + `name` + strings.Repeat(`}}`, n) + `}}} fragment w on __Type{name}`
	}
	for query, rule := range map[string]string{
		`{__schema{queryType{name}} echo}`:                                        "query.introspection_alone",
		`query($b:Boolean=false){__schema{queryType{name}} echo @include(if:$b)}`: "query.introspection_alone",
		wind(3):                                  "query.introspection_deep",
		wind(8):                                  "query.introspection_deep",
		wind(2):                                  "",
		`{__typename __type(name:"Unit"){name}}`: "",
	} {
		got := ask(t, b, staff, bind.Request{Query: query})
		if rule == "" && strings.Contains(got, "errors") || rule != "" && !strings.Contains(got, `"rule":"`+rule+`"`) {
			t.Errorf("%s: %.200s", query, got)
		}
	}
	if got := ask(t, b, staff, bind.Request{Query: `{s:__schema{t:queryType{name __typename}} __typename}`}); got != `{"data":{"s":{"t":{"name":"Query","__typename":"__Type"}},"__typename":"Query"}}` {
		t.Errorf("got %s", got)
	}
}

func TestStaffCacheDoesNotWidenPublicLimits(t *testing.T) {
	b, _ := start(t)
	aliases := ""
	for i := range 40 {
		aliases += fmt.Sprintf("a%d:echo ", i)
	}
	for query, rule := range map[string]string{
		`{` + aliases + `}`:                     "query.too_many_aliases",
		`{` + strings.Repeat("echo ", 20) + `}`: "query.too_many_repeats",
		`{echo}` + strings.Repeat(" ", 9000):    "query.too_long",
	} {
		if got := ask(t, b, staff, bind.Request{Query: query}); !strings.Contains(got, `"data"`) {
			t.Fatalf("staff got %s", got)
		}
		if got := ask(t, b, public, bind.Request{Query: query}); !strings.Contains(got, rule) {
			t.Errorf("public got %s", got)
		}
	}
}

func TestBudgetAndCancellation(t *testing.T) {
	j := &journal{}
	given := bindings(j)
	given.Public = guard.Public
	given.Public.Resolved = 5
	b, err := bind.Schema([]bind.Source{{Name: "fixture.graphql", Text: sdl}}, given)
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(t, b, public, bind.Request{Query: `{units{nodes{code name}}}`}); !strings.Contains(got, `"data":null`) || !strings.Contains(got, "query.too_costly") {
		t.Errorf("got %s", got)
	}
	ctx, cancel := context.WithCancel(public)
	cancel()
	if got := ask(t, b, ctx, bind.Request{Query: `{echo}`}); !strings.Contains(got, "query.stopped") || !strings.Contains(got, `"unavailable"`) {
		t.Errorf("got %s", got)
	}
}

// The library fills in an enum's tables on first use; two first uses at once
// are a race unless Schema has done it.
func TestFirstUseAtOnce(t *testing.T) {
	b, _ := start(t)
	ready := make(chan struct{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			<-ready
			b.Execute(public, bind.Request{Query: `{units{nodes{level}}}`})
		})
	}
	close(ready)
	wg.Wait()
}

func TestManyAtOnce(t *testing.T) {
	b, _ := start(t)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for range 20 {
				ctx := public
				if i%2 == 0 {
					ctx = staff
				}
				b.Execute(ctx, bind.Request{Query: introspection})
				b.Execute(ctx, bind.Request{Query: `query($f:Filter){echo(filter:$f) units(level:COUNTY){nodes{level ratio}}}`, Variables: map[string]any{"f": map[string]any{"levels": "COUNTY"}}})
			}
		})
		wg.Go(func() { start(t) })
	}
	wg.Wait()
}
