package bind_test

import (
	"context"
	"strings"
	"testing"

	"suyuan/services/graph/bind"
)

type (
	itemRow  struct{ Name string }
	anyLevel int
	loop     struct{ *itemRow }
	twice    struct {
		Name  string
		Other string `graphql:"name"`
	}
)

func itemField[A, R any](name string, _ A, _ R) bind.Binding {
	return bind.Field("Item", name, func(context.Context, itemRow, A) (r R, err error) { return })
}

func none1() bind.Binding {
	return bind.Field("Query", "item", func(context.Context, none, none) (any, error) { return nil, nil })
}

// item is the smallest schema with one more field on Item.
func item(field, more string) string {
	return `type Query @visible(to: PUBLIC) { item: Item } type Item @visible(to: PUBLIC) { name: String! ` + field + ` } ` + more
}

func TestRefusesToStart(t *testing.T) {
	row := bind.Row[itemRow]("Item")
	for _, c := range []struct {
		name, sdl string
		bind      []bind.Binding
		want      string
	}{
		{"a field bound to nothing", item("x: Int", ""), []bind.Binding{row, none1()}, "Item.x: Int is bound to neither a row field nor a resolver"},
		{"a type bound to nothing", item("", ""), []bind.Binding{none1()}, "Item has no Row\n\tItem.name: String! is bound to neither"},
		{"a row field too many", `type Query @visible(to: PUBLIC) { item: Item } type Item @visible(to: PUBLIC) { other: String }`,
			[]bind.Binding{row, none1(), itemField("other", none{}, "")}, "Item.name (row field Name): the SDL has no such field"},
		{"a resolver too many", item("", ""), []bind.Binding{row, none1(), itemField("x", none{}, "")}, "Item.x (resolver): the SDL has no such field"},
		{"a row for no type", item("", ""), []bind.Binding{row, none1(), bind.Row[itemRow]("Thing")}, `Row[bind_test.itemRow]("Thing"): the SDL has no such type`},
		{"a resolver for no type", item("", ""), []bind.Binding{row, none1(), bind.Field("Thing", "x", func(context.Context, itemRow, none) (string, error) { return "", nil })},
			"Thing.x (resolver): the SDL has no type Thing"},
		{"two rows", item("", ""), []bind.Binding{row, row, none1()}, "Item has two rows"},
		{"bound twice", item("", ""), []bind.Binding{row, none1(), itemField("name", none{}, "")}, "Item.name is bound twice: row field Name and resolver"},
		{"one name in a row twice", item("", ""), []bind.Binding{bind.Row[twice]("Item"), none1()}, "Item.name is bound twice: row field Name and row field Other"},
		{"a row that is no struct", item("", ""), []bind.Binding{bind.Row[string]("Item"), none1()}, "Item: a row is a struct, string is not"},
		{"an embedded pointer", item("", ""), []bind.Binding{bind.Row[loop]("Item"), none1()}, "embeds a pointer"},
		{"a root with a row", item("", ""), []bind.Binding{row, none1(), bind.Row[itemRow]("Query")}, "Query: the root row is empty"},
		{"an odd tag", item("", ""), []bind.Binding{bind.Row[struct {
			Name string `graphql:"name,ommitempty"`
		}]("Item"), none1()}, `the tag option "ommitempty" is not understood`},
		{"omitempty and never null", item("", ""), []bind.Binding{bind.Row[struct {
			Name string `graphql:",omitempty"`
		}]("Item"), none1()}, "Item.name: String! is never null, but its row field says omitempty"},
		{"a number for a string", item("", ""), []bind.Binding{bind.Row[struct{ Name int }]("Item"), none1()}, "Item.name: String! cannot be answered with int"},
		{"a pointer to a pointer", item("", ""), []bind.Binding{bind.Row[struct{ Name **string }]("Item"), none1()}, "cannot be answered with **string"},
		{"one for a list", item("x: [String]", ""), []bind.Binding{row, none1(), itemField("x", none{}, "")}, "Item.x: [String] is a list, string is not a slice"},
		{"a list for one", item("x: String", ""), []bind.Binding{row, none1(), itemField("x", none{}, []string{})}, "Item.x: String cannot be answered with []string"},
		{"a list of the wrong", item("x: [[Int]]", ""), []bind.Binding{row, none1(), itemField("x", none{}, [][]string{})}, "Item.x: Int cannot be answered with string"},
		{"the wrong row", item("x: [Item!]", ""), []bind.Binding{row, none1(), itemField("x", none{}, []twice{})}, "Item.x: Item! wants the row bind_test.itemRow, not bind_test.twice"},
		{"a resolver of another row", item("x: Int", ""), []bind.Binding{row, none1(), bind.Field("Item", "x", func(context.Context, twice, none) (int, error) { return 0, nil })},
			"Item.x: its resolver reads from bind_test.twice, the row is bind_test.itemRow"},
		{"a nil resolver", item("x: Int", ""), []bind.Binding{row, none1(), bind.Field[itemRow, none, int]("Item", "x", nil)}, "Item.x: its resolver is nil"},
		{"a row field with arguments", `type Query @visible(to: PUBLIC) { item: Item } type Item @visible(to: PUBLIC) { name(a: Int): String }`,
			[]bind.Binding{row, none1()}, "Item.name has arguments that a row field cannot use"},
		{"an argument that nothing takes", item("x(a: Int): Int", ""), []bind.Binding{row, none1(), itemField("x", none{}, 0)}, "Item.x(a:) has no field in bind_test.none"},
		{"an argument that is not there", item("x: Int", ""), []bind.Binding{row, none1(), itemField("x", pageArgs{}, 0)}, "Item.x: the SDL has no argument first for bind_test.pageArgs.First"},
		{"an argument of another type", item("x(first: String): Int", ""), []bind.Binding{row, none1(), itemField("x", pageArgs{}, 0)}, "Item.x(first:): String does not go into int"},
		{"a list argument", item("x(first: [Int]): Int", ""), []bind.Binding{row, none1(), itemField("x", pageArgs{}, 0)}, "Item.x(first:): [Int] is a list, int is not a slice"},
		{"arguments into no struct", item("x(first: Int): Int", ""), []bind.Binding{row, none1(), itemField("x", 0, 0)}, "Item.x: arguments go into a struct, not int"},
		{"an input field that nothing takes", item("x(a: In): Int", "input In { first: Int last: Int }"), []bind.Binding{row, none1(), itemField("x", struct{ A *pageArgs }{}, 0)},
			"In(last:) has no field in bind_test.pageArgs"},
		{"a default of another type", item(`x(first: Int = "1"): Int`, ""), []bind.Binding{row, none1(), itemField("x", pageArgs{}, 0)}, "Item.x(first:): its default is not a Int"},
		{"a default too large", item(`x(first: Int = 3000000000): Int`, ""), []bind.Binding{row, none1(), itemField("x", pageArgs{}, 0)}, "Item.x(first:): its default is not a Int"},
		{"a default never used", item(`x(first: Int! = 1): Int`, ""), []bind.Binding{row, none1(), itemField("x", pageArgs{}, 0)}, "Item.x(first:): with a default it must be nullable"},
		{"an object as default", item(`x(a: In = {first: 1}): Int`, "input In { first: Int }"), []bind.Binding{row, none1(), itemField("x", struct{ A pageArgs }{}, 0)}, "an object as default"},
		{"an enum unbound", item("", "enum E { A B }"), []bind.Binding{row, none1()}, "E.A has no Go value; bind.Enum is missing\n\tE.B has no Go value"},
		{"an enum value without a Go value", item("", "enum E { A B }"), []bind.Binding{row, none1(), bind.Enum("E", map[string]anyLevel{"A": 1})}, "E.B has no value of bind_test.anyLevel"},
		{"a Go value without an enum value", item("", "enum E { A }"), []bind.Binding{row, none1(), bind.Enum("E", map[string]anyLevel{"A": 1, "B": 2})}, "E.B: the SDL has no such value"},
		{"two enum values with one Go value", item("", "enum E { A B }"), []bind.Binding{row, none1(), bind.Enum("E", map[string]anyLevel{"A": 1, "B": 1})}, "E.B and A are the same value"},
		{"no such enum", item("", ""), []bind.Binding{row, none1(), bind.Enum("E", map[string]anyLevel{})}, `Enum("E"): the SDL has no such enum`},
		{"a string for an enum", item("x: E", "enum E { A }"), []bind.Binding{row, none1(), bind.Enum("E", map[string]anyLevel{"A": 1}), itemField("x", none{}, "")}, "Item.x: E cannot be answered with string"},
		{"a scalar unbound", item("", "scalar S"), []bind.Binding{row, none1()}, "scalar S has no Go type; bind.Scalar is missing"},
		{"no such scalar", item("", ""), []bind.Binding{row, none1(), bind.Scalar("S", func(string) (string, error) { return "", nil }, func(string) (string, error) { return "", nil })}, `Scalar("S"): the SDL has no such scalar`},
		{"no visibility", `type Query { a: Int b: Int @visible(to: PUBLIC) }`, nil, "Query.a has no @visible(to: …), nor has its type"},
		{"an odd visibility", `type Query { a: Int @visible(to: ALL) }`, nil, "Query.a: @visible(to: ALL): one of PUBLIC, PARTY, STAFF, CASE"},
		{"visibility of nothing", `type Query { a: Int @visible }`, nil, "Query.a: @visible(to: ): one of"},
		{"visible twice", `type Query { a: Int @visible(to: CASE) @visible(to: PUBLIC) }`, nil, "Query.a: @visible twice"},
		{"an unknown directive", `type Query @visible(to: PUBLIC) { a: Int @visble(to: CASE) }`, nil, "Query.a: @visble has no meaning here"},
		{"a visible argument", `type Query @visible(to: PUBLIC) { a(b: Int @visible(to: CASE)): Int }`, nil, "Query.a(b:): @visible has no meaning here"},
		{"a directive defined", item("", "directive @other on FIELD"), []bind.Binding{row, none1()}, "directive @other: only @visible"},
		{"an interface", item("", "interface I { a: Int }"), []bind.Binding{row, none1()}, "interface I: interfaces are not bound"},
		{"implements", item("", "type X implements I { a: Int @visible(to: CASE) }"), []bind.Binding{row, none1()}, "X: interfaces are not bound"},
		{"a union", item("", "union U = Item"), []bind.Binding{row, none1()}, "union U: unions are not bound"},
		{"a mutation", item("", "type Mutation { a: Int }"), []bind.Binding{row, none1()}, "Mutation has no place here"},
		{"a schema block", item("", "schema { query: Item }"), []bind.Binding{row, none1()}, "a SchemaDefinition has no place here"},
		{"a query in the schema", item("", "query { a }"), []bind.Binding{row, none1()}, "a OperationDefinition has no place here"},
		{"no root", `type Item { name: String }`, nil, "the SDL has no type Query"},
		{"defined twice", item("", "enum Item { A }"), []bind.Binding{row, none1()}, "Item is defined twice"},
		{"a builtin redefined", item("", "scalar ID"), []bind.Binding{row, none1()}, "ID is defined twice"},
		{"a field twice", item("name: Int", ""), []bind.Binding{row, none1()}, "Item.name is defined twice"},
		{"an argument twice", item("x(a: Int a: Int): Int", ""), []bind.Binding{row, none1()}, "Item.x(a:) is defined twice"},
		{"an unknown type", item("x: Nope", ""), []bind.Binding{row, none1(), itemField("x", none{}, "")}, "Item.x: Nope is not a type that can be answered"},
		{"a float", item("x: Float", ""), []bind.Binding{row, none1(), itemField("x", none{}, 1.0)}, "Item.x: Float is not a type that can be answered"},
		{"an input answered", item("x: In", "input In { a: Int }"), []bind.Binding{row, none1(), itemField("x", none{}, "")}, "Item.x: In is not a type that can be answered"},
		{"asked with an object", item("x(a: Item): Int", ""), []bind.Binding{row, none1(), itemField("x", struct{ A string }{}, 0)}, "Item.x(a:): Item is not a type that can be asked with"},
		{"extend nothing", item("", "extend type Nope { a: Int }"), []bind.Binding{row, none1()}, "extend type Nope: there is no such type"},
		{"not SDL", `type Query {`, nil, "sdl: query.syntax"},
		{"not quite SDL", `type Query { a }`, nil, "sdl: Syntax Error sdl (1:16)"},
		{"half a type", `type Query @visible(to: PUBLIC) { a: = }`, nil, "sdl: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			given := bindings(&journal{})
			given.Bind = c.bind
			b, err := bind.Schema([]bind.Source{{Name: "sdl", Text: c.sdl}}, given)
			if b != nil || err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
	if _, err := bind.Schema([]bind.Source{{Text: item("", "")}}, bind.Bindings{Bind: []bind.Binding{row, none1()}}); err == nil || !strings.Contains(err.Error(), "Viewer and Log are needed") {
		t.Errorf("got %v", err)
	}
}

func TestEveryUnboundFieldAtOnce(t *testing.T) {
	given := bindings(&journal{})
	given.Bind = nil
	_, err := bind.Schema([]bind.Source{{Name: "sdl", Text: sdl}}, given)
	for _, want := range []string{"Unit.code", "Unit.old", "Query.units", "Wrapper.must", "PageInfo.endCursor", "Level.COUNTY", "scalar Ratio"} {
		if err == nil || !strings.Contains(err.Error(), "\n\t"+want) {
			t.Errorf("no %s in %v", want, err)
		}
	}
}

func TestSeveralDocumentsWithChineseComments(t *testing.T) {
	given := bindings(&journal{})
	given.Bind = []bind.Binding{bind.Row[itemRow]("Item"), none1()}
	b, err := bind.Schema([]bind.Source{
		{Name: "a", Text: "# 根：{ 所有查询由此开始\ntype Query @visible(to: PUBLIC) { \"一个事项\" item: Item # 事项\n }"},
		{Name: "b", Text: "\"\"\"\n事项：\"名称\"\n\"\"\"\ntype Item { # 名称\n name: String! @visible(to: STAFF) }"},
	}, given)
	if err != nil {
		t.Fatal(err)
	}
	if a := b.Access(); len(a) != 2 || a[0] != (bind.Access{Type: "Item", Field: "name", To: bind.Staff}) {
		t.Errorf("got %v", a)
	}
}

func TestCheckDocument(t *testing.T) {
	b, _ := start(t)
	for name, c := range map[string]struct{ text, want string }{
		"good":    {"# 单位\nquery Page($c: ID!) { unit(code: $c) { ...u } }\nfragment u on Unit { code diary }", ""},
		"unknown": {"query {\n  unit(code: \"1\") { nope }\n}", `unknown:2:21: Cannot query field "nope" on type "Unit".`},
		"syntax":  {"query {", "syntax: query.syntax"},
		"cycle":   {`{...A} fragment A on Query{...A}`, "cycle: query.fragment_cycle"},
		"large":   {"{" + strings.Repeat(`units{nodes{code name alias level founded opened people ratio tags wards}}`, 8) + strings.Repeat("# 单位\n", 1200) + "}", "large: query.too_long"},
	} {
		err := b.CheckDocument(name, c.text)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if name == "large" && b.CheckStaffDocument(name, c.text) != nil {
			t.Errorf("%s: %v", name, b.CheckStaffDocument(name, c.text))
		}
	}
}

// Each of these has killed or stalled a server that trusts the library.
func TestTheProcessLives(t *testing.T) {
	b, j := start(t)
	for _, query := range []string{
		`fragment A on Query{...A}{...A}`,
		`{...A} fragment A on Query{echo} fragment A on Query{...A}`,
		strings.Repeat("[", 5<<20),
		"{echo(levels:" + strings.Repeat("[", 4000),
		`query($a:[]){echo}`,
		`query($a:){echo}`,
		`query($a:Unit){echo}`,
		`query($a:[[[Int!]!]!]!){echo}`,
		`{unit(code:$b){code}}`,
		`subscription{echo}`,
		`{echo @skip}`,
		`{echo @skip(if:1)}`,
		`{...nope}`,
		`{... on Nope{a} ... on Level{a} ... on AsOf{a}}`,
		`fragment on on on{on} {echo}`,
		`{echo(filter:{and:[{and:[{levels:[$x]}]}]})}`,
		`{__typename{a}}`,
		`{unit(code:null){code}}`,
		`{echo(levels:{a:1},filter:[],day:1,count:"x")}`,
	} {
		for _, ctx := range []context.Context{public, staff} {
			got := ask(t, b, ctx, bind.Request{Query: query})
			if !strings.Contains(got, `"errors"`) || strings.Contains(got, `"internal"`) {
				t.Errorf("%.60s: got %s", query, got)
			}
		}
	}
	if got := ask(t, b, public, bind.Request{Query: `{__typename}`}); got != `{"data":{"__typename":"Query"}}` {
		t.Errorf("got %s", got)
	}
	if j.String() != "" {
		t.Errorf("logged %s", j)
	}
}
