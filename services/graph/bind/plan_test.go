package bind_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"suyuan/services/graph/bind"
	"suyuan/services/graph/graphtest"
	"suyuan/services/graph/guard"
	"suyuan/services/ledger"
)

// A schema that goes wrong in every way a schema can.
const troubled = `
directive @visible(to: Visibility!) on OBJECT | FIELD_DEFINITION
enum Visibility { PUBLIC PARTY STAFF CASE }
enum Mode { GOOD REFUSED FAULT PANIC }
scalar Date
scalar Odd
input Wish { mode: Mode = GOOD deep: Wish list: [Mode!] day: Date n: Int = 3 text: String }
type Query @visible(to: PUBLIC) {
  node(n: Int = 5, wish: Wish): Node
  must(mode: Mode = GOOD): Node!
  nodes(first: Int = 3): [Node]
  all(first: Int = 2): [Node!]!
  pointers: [Node]!
  any: Node
  anys: [Node]
  hidden: Node @visible(to: STAFF)
  echo(wish: Wish, modes: [Mode!] = [FAULT], many: [Wish], id: ID, on: Boolean = true): String!
}
type Node @visible(to: PUBLIC) {
  id: ID!
  n: Int!
  tall: Int
  text: String
  empty: String
  mode: Mode!
  unheard: Mode
  unheards: [Mode]
  unheardHard: Mode!
  odd: Odd
  odds: [Odd!]
  day: Date
  wrongDay: Date
  yes: Boolean!
  written: String!
  writtenId: ID @visible(to: PARTY)
  fails(mode: Mode!): String
  failsHard(mode: Mode!): String!
  absent: String!
  holes: [String!]
  gaps: [String]!
  nothing: [String]
  none: [String!]!
  tags: [String!]
  matrix: [[Int!]]!
  note: String @visible(to: PARTY)
  diary: String! @visible(to: PARTY)
  memo: String @visible(to: STAFF)
  file: String! @visible(to: CASE)
  parent: Node
  kids(first: Int = 2): [Node!]!
  wrong: Node
  wrongs: [Node!]
  mixed: [Node]
}
`

type mode string

type odd struct{ n int }

type nodeRow struct {
	ID          string
	N           int64
	Tall        *int64
	Text        *string
	Empty       string `graphql:",omitempty"`
	Mode        mode
	Unheard     mode
	Unheards    []mode
	UnheardHard mode
	Odd         *odd
	Odds        []odd
	Day         time.Time `graphql:",omitempty"`
	WrongDay    string
	Yes         bool
	Absent      *string
	Holes       []*string
	Gaps        []*string
	Nothing     []string
	None        []string
	Tags        []string `graphql:",omitempty"`
	Matrix      [][]int
	Note, Diary string
	Memo, File  string
}

type wish struct {
	Mode *mode
	Deep *wish
	List []mode
	Day  *string
	N    *int
	Text *string
}

// node makes the nth row; its faults depend on n.
func node(n int) nodeRow {
	text, tall := fmt.Sprintf("<%d>\u2028\x01\xff\xfe\"溯\\", n), int64(n)<<30
	x := nodeRow{ID: fmt.Sprint("n", n), N: int64(n), Tall: &tall, Text: &text, Mode: "good", Unheard: "good", UnheardHard: "good", WrongDay: "2020-01-01",
		Yes: n%2 == 0, Absent: &text, Holes: []*string{&text}, Gaps: []*string{&text, nil, &text}, Matrix: [][]int{{1, 2}, nil, {}},
		Odd: &odd{n}, Odds: []odd{{n}, {n + 2}}, Note: "note", Diary: "diary", Memo: "memo", File: "file", Unheards: []mode{"good", "fault"}}
	if n%3 == 0 {
		x.Unheard, x.Unheards, x.WrongDay, x.Text, x.Tall = "?", []mode{"good", "?"}, "soon", nil, nil
		x.Tags, x.Day, x.Empty = []string{"t"}, time.Unix(int64(n)*1e7, 0).UTC(), "e"
	}
	if n%5 == 0 {
		x.Absent, x.Holes, x.UnheardHard = nil, []*string{&text, nil}, "?"
	}
	return x
}

func nodesOf(from, n int) []nodeRow {
	var list []nodeRow
	for i := range min(max(n, 0), 4) {
		list = append(list, node(from+i))
	}
	return list
}

func trouble(m mode) (string, error) {
	switch m {
	case "refused":
		return "", ledger.Refuse("mode.refused", "不行", "no").At("mode")
	case "fault":
		return "", errors.New("password=hunter2")
	case "panic":
		panic("password=hunter2")
	}
	return string(m), nil
}

func troubledParts() []bind.Binding {
	type first struct{ First int }
	type how struct{ Mode mode }
	return []bind.Binding{
		bind.Enum("Mode", map[string]mode{"GOOD": "good", "REFUSED": "refused", "FAULT": "fault", "PANIC": "panic"}),
		bind.Scalar("Odd", func(o odd) (string, error) {
			if o.n%7 == 0 {
				panic("seven")
			}
			if o.n%2 == 0 {
				return "", errors.New("even")
			}
			return fmt.Sprint(o.n, "<"), nil
		}, func(string) (odd, error) { return odd{}, nil }),
		bind.Row[nodeRow]("Node"),
		bind.Text("Node", "written", func(_ context.Context, dst []byte, x nodeRow) ([]byte, error) {
			switch x.N % 11 {
			case 9:
				panic("nine")
			case 8:
				return append(dst, "half"...), errors.New("eight")
			}
			return strconv.AppendInt(dst, x.N, 10), nil
		}),
		bind.Text("Node", "writtenId", func(_ context.Context, dst []byte, x nodeRow) ([]byte, error) { return append(dst, x.ID...), nil }),
		bind.Field("Node", "fails", func(_ context.Context, _ nodeRow, a how) (string, error) { return trouble(a.Mode) }),
		bind.Field("Node", "failsHard", func(_ context.Context, _ nodeRow, a how) (string, error) { return trouble(a.Mode) }),
		bind.Field("Node", "parent", func(_ context.Context, x nodeRow, _ none) (*nodeRow, error) {
			if x.N == 0 {
				return nil, nil
			}
			up := node(int(x.N) / 2)
			return &up, nil
		}),
		bind.Field("Node", "kids", func(_ context.Context, x nodeRow, a first) ([]nodeRow, error) {
			return nodesOf(int(x.N)*2, a.First), nil
		}),
		bind.Field("Node", "wrong", func(context.Context, nodeRow, none) (any, error) { return "not a node", nil }),
		bind.Field("Node", "wrongs", func(context.Context, nodeRow, none) (any, error) { return []any{7, node(1)}, nil }),
		bind.Field("Node", "mixed", func(context.Context, nodeRow, none) (any, error) { return []any{node(5), 7}, nil }),
		bind.Field("Query", "node", func(_ context.Context, _ none, a struct {
			N    int
			Wish *wish
		}) (any, error) {
			if a.Wish != nil && a.Wish.Mode != nil {
				if _, err := trouble(*a.Wish.Mode); err != nil {
					return nil, err
				}
			}
			return node(a.N), nil
		}),
		bind.Field("Query", "must", func(_ context.Context, _ none, a how) (nodeRow, error) {
			_, err := trouble(a.Mode)
			return node(5), err
		}),
		bind.Field("Query", "nodes", func(_ context.Context, _ none, a first) ([]nodeRow, error) { return nodesOf(4, a.First), nil }),
		bind.Field("Query", "all", func(_ context.Context, _ none, a first) ([]nodeRow, error) { return nodesOf(1, a.First), nil }),
		bind.Field("Query", "pointers", func(context.Context, none, none) ([]*nodeRow, error) { x := node(3); return []*nodeRow{&x, nil}, nil }),
		bind.Field("Query", "any", func(context.Context, none, none) (any, error) { x := node(6); return &x, nil }),
		bind.Field("Query", "anys", func(context.Context, none, none) ([]any, error) { x := node(6); return []any{x, nil, &x}, nil }),
		bind.Field("Query", "hidden", func(context.Context, none, none) (nodeRow, error) { return node(1), nil }),
		bind.Field("Query", "echo", func(_ context.Context, _ none, a struct {
			Wish  *wish
			Modes []mode
			Many  []wish
			ID    *string
			On    bool
		}) (string, error) {
			text, err := json.Marshal(a)
			return string(text), err
		}),
	}
}

// oddReader is a party of the rows with an odd number.
type oddReader struct{ reader }

func (r oddReader) May(_ context.Context, to bind.Visibility, row any) bool {
	for _, c := range r.circles {
		if c == to {
			x, ok := row.(nodeRow)
			return to != bind.Party || ok && x.N%2 == 1
		}
	}
	return false
}

// Whatever is asked, a plan answers what the library answers.
func TestPlansAnswerAsTheLibraryDoes(t *testing.T) {
	j := &journal{}
	given := bind.Bindings{Bind: troubledParts(), Log: j.log, Public: wide(guard.Public), Staff: wide(guard.Staff), Viewer: func(ctx context.Context) bind.Viewer {
		return ctx.Value(readerKey{}).(bind.Viewer)
	}}
	b, err := bind.Schema([]bind.Source{{Name: "troubled.graphql", Text: troubled}}, given)
	if err != nil {
		t.Fatal(err)
	}
	viewer := func(v bind.Viewer) context.Context { return context.WithValue(context.Background(), readerKey{}, v) }
	viewers := []context.Context{
		viewer(oddReader{reader{lang: "en"}}),
		viewer(oddReader{reader{circles: []bind.Visibility{bind.Party}}}),
		viewer(oddReader{reader{circles: []bind.Visibility{bind.Staff}, staff: true, lang: "en"}}),
		viewer(oddReader{reader{circles: []bind.Visibility{bind.Staff, bind.Case, bind.Party}, staff: true}}),
	}
	schema, err := graphtest.Read(b.Execute(viewers[2], bind.Request{Query: graphtest.Introspection}).Data)
	if err != nil {
		t.Fatal(err)
	}
	ran, erred := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		q := schema.Draw(t, 4)
		r := bind.Request{Query: q.Text, Variables: q.Variables}
		ctx := rapid.SampledFrom(viewers).Draw(t, "viewer")
		for range 2 { // the second time the other way at every switch
			plan, library := b.Execute(ctx, r), b.ExecuteByLibrary(ctx, r)
			if err := graphtest.Differ(plan.Body(), library.Body()); err != nil || plan.Executed != library.Executed {
				t.Fatalf("%v\n%s %v\nplan    %s\nlibrary %s", err, q.Text, q.Variables, plan.Body(), library.Body())
			}
			if !plan.Executed {
				t.Logf("refused: %s", plan.Body())
				return
			}
			ran++
			if len(plan.Errors) > 0 {
				erred++
			}
			r.Variables = flipped(r.Variables)
		}
	})
	if ran < 160 || erred < 30 {
		t.Errorf("only %d queries ran, %d with errors", ran, erred)
	}
}

// flipped are the values with every truth turned round.
func flipped(vars map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range vars {
		if on, ok := v.(bool); ok {
			v = !on
		}
		out[name] = v
	}
	return out
}

// What goes wrong inside a value that cannot be written is not told beside it.
func TestABrokenValueIsOneError(t *testing.T) {
	given := bind.Bindings{Bind: troubledParts(), Log: (&journal{}).log, Viewer: func(context.Context) bind.Viewer { return reader{lang: "en"} }}
	b, err := bind.Schema([]bind.Source{{Name: "troubled.graphql", Text: troubled}}, given)
	if err != nil {
		t.Fatal(err)
	}
	got := b.Execute(t.Context(), bind.Request{Query: `{node{mixed{id diary}}}`})
	if len(got.Errors) != 1 || fmt.Sprint(got.Errors[0].Path) != "[node mixed]" || string(got.Data) != `{"node":{"mixed":null}}` {
		t.Errorf("%s", got.Body())
	}
}

// An error names every place that asked for the field, in lines of any kind.
func TestErrorsNameAllPlaces(t *testing.T) {
	b, _ := start(t)
	got := b.Execute(public, bind.Request{Query: "{unit(code:\"11\"){\n...f\r\n diary\r}}\nfragment f on Unit{diary}"})
	want := "[{5 20} {3 2}]"
	if len(got.Errors) != 1 || fmt.Sprint(got.Errors[0].Locations) != want {
		t.Errorf("%s, want %s", got.Body(), want)
	}
	library := b.ExecuteByLibrary(public, bind.Request{Query: "{unit(code:\"11\"){\n...f\r\n diary\r}}\nfragment f on Unit{diary}"})
	if string(got.Body()) != string(library.Body()) {
		t.Errorf("the library says %s", library.Body())
	}
}

// wide lets any drawn query pass.
func wide(l guard.Limits) guard.Limits {
	l.Length, l.Tokens, l.Depth, l.Aliases, l.Fragments, l.Directives, l.Repeats = 1<<20, 1<<16, 64, 1<<10, 1<<10, 1<<10, 1<<10
	return l
}
