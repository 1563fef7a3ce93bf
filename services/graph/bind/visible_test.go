package bind_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"suyuan/services/graph/bind"
)

func TestVisibility(t *testing.T) {
	b, j := start(t)
	const all = `{units{nodes{code note memo file}}}`
	for _, c := range []struct {
		name string
		ctx  context.Context
		want string
	}{
		{"nobody", context.Background(), `[{"code":"11","note":null,"memo":null,"file":null},{"code":"12","note":null,"memo":null,"file":null}]`},
		{"public", public, `[{"code":"11","note":null,"memo":null,"file":null},{"code":"12","note":null,"memo":null,"file":null}]`},
		{"a clerk sees their own unit", as(reader{circles: []bind.Visibility{bind.Party}, unit: "12"}),
			`[{"code":"11","note":null,"memo":null,"file":null},{"code":"12","note":"n12","memo":null,"file":null}]`},
		{"staff", staff, `[{"code":"11","note":null,"memo":"m11","file":null},{"code":"12","note":null,"memo":"m12","file":null}]`},
		{"assigned", as(reader{circles: []bind.Visibility{bind.Case, bind.Staff}}),
			`[{"code":"11","note":null,"memo":"m11","file":"f11"},{"code":"12","note":null,"memo":"m12","file":"f12"}]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := ask(t, b, c.ctx, bind.Request{Query: all}); got != `{"data":{"units":{"nodes":`+c.want+`}}}` {
				t.Errorf("got %s", got)
			}
		})
	}
	got := ask(t, b, public, bind.Request{Query: `{unit(code:"11"){diary}}`})
	if want := `{"data":{"unit":null},"errors":[{"message":"You may not see the field Unit.diary.","locations":[{"line":1,"column":18}],"path":["unit","diary"],"extensions":{"code":"forbidden","rule":"field.forbidden","field":"Unit.diary"}}]}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	got = ask(t, b, as(reader{circles: []bind.Visibility{bind.Party}, unit: "11"}), bind.Request{Query: `{unit(code:"11"){diary}}`})
	if got != `{"data":{"unit":{"diary":"d11"}}}` {
		t.Errorf("party got %s", got)
	}
	if j.String() != "" {
		t.Errorf("logged: %s", j)
	}
}

func TestAHiddenFieldIsNotEvenLookedUp(t *testing.T) {
	called := false
	j := &journal{}
	given := bindings(j)
	given.Bind = []bind.Binding{bind.Field("Query", "secret", func(context.Context, none, none) (string, error) { called = true; return "x", nil })}
	b, err := bind.Schema([]bind.Source{{Text: `type Query { secret: String @visible(to: STAFF) }`}}, given)
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(t, b, public, bind.Request{Query: `{secret}`}); called || got != `{"data":{"secret":null}}` {
		t.Errorf("called %t, got %s", called, got)
	}
}

// witness keeps the rows it was asked about.
type witness struct{ rows *[]any }

func (w witness) May(_ context.Context, _ bind.Visibility, row any) bool {
	*w.rows = append(*w.rows, row)
	return true
}
func (witness) Staff() bool  { return false }
func (witness) Lang() string { return "en" }

// Pointers and any make no difference to a policy.
func TestPolicyGetsTheRowByValue(t *testing.T) {
	var rows []any
	given := bindings(&journal{})
	given.Viewer = func(context.Context) bind.Viewer { return witness{&rows} }
	given.Bind = []bind.Binding{
		bind.Row[itemRow]("Item"),
		bind.Field("Query", "one", func(context.Context, none, none) (*itemRow, error) { return &itemRow{"one"}, nil }),
		bind.Field("Query", "some", func(context.Context, none, none) ([]any, error) { return []any{&itemRow{"a"}, itemRow{"b"}, nil}, nil }),
	}
	b, err := bind.Schema([]bind.Source{{Text: `type Query @visible(to: PARTY) { one: Item some: [Item] } type Item { name: String! @visible(to: CASE) }`}}, given)
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string][]any{`{one{name}}`: {struct{}{}, itemRow{"one"}}, `{some{name}}`: {struct{}{}, itemRow{"a"}, itemRow{"b"}}} {
		rows = nil
		if got := ask(t, b, public, bind.Request{Query: query}); strings.Contains(got, "errors") || !slices.Equal(rows, want) {
			t.Errorf("%s: asked about %v, got %s", query, rows, got)
		}
	}
}

// An injected policy that panics denies.
func TestPolicyPanics(t *testing.T) {
	j := &journal{}
	clerk := as(reader{circles: []bind.Visibility{bind.Party}})
	given := bindings(j)
	given.Bind = []bind.Binding{bind.Field("Query", "secret", func(context.Context, none, none) (string, error) { return "x", nil })}
	b, err := bind.Schema([]bind.Source{{Text: `type Query { secret: String @visible(to: PARTY) }`}}, given)
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(t, b, clerk, bind.Request{Query: `{secret}`}); !strings.Contains(got, `{"data":{"secret":null},"errors":`) || !strings.Contains(got, `"internal"`) {
		t.Errorf("got %s", got)
	}
	if !strings.HasPrefix(j.String(), "secret: panic: ") {
		t.Errorf("logged %s", j)
	}
}

func TestAccessTable(t *testing.T) {
	b, _ := start(t)
	seen := map[string]bind.Visibility{}
	last := ""
	for _, a := range b.Access() {
		if place := a.Type + "." + a.Field; place <= last {
			t.Errorf("%s after %s", place, last)
		} else {
			last = place
			seen[place] = a.To
		}
	}
	for place, want := range map[string]bind.Visibility{"Unit.name": bind.Public, "Unit.children": bind.Public, "Unit.note": bind.Party,
		"Unit.memo": bind.Staff, "Unit.file": bind.Case, "Query.unit": bind.Public, "Wrapper.must": bind.Public} {
		if seen[place] != want {
			t.Errorf("%s: %q, want %q", place, seen[place], want)
		}
	}
	if len(seen) != 27 {
		t.Errorf("%d fields: %v", len(seen), seen)
	}
}
