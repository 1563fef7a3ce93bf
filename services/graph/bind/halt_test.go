package bind_test

import (
	"context"
	"strings"
	"testing"

	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
)

// An error that ends the query leaves nothing of what was answered, and
// nothing is asked for behind it.
func TestHaltEndsTheQuery(t *testing.T) {
	asked := 0
	given := bindings(&journal{})
	given.Bind = []bind.Binding{bind.Field("Query", "a", func(_ context.Context, _ none, a struct{ Halt bool }) (*string, error) {
		asked++
		if a.Halt {
			return nil, bind.Halt(ledger.Refuse("too.much", "太多", "too much").At("a"))
		}
		return nil, nil
	})}
	b, err := bind.Schema([]bind.Source{{Name: "sdl", Text: `type Query @visible(to: PUBLIC) { a(halt: Boolean = false): String }`}}, given)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"data":null,"errors":[{"message":"too much","extensions":{"code":"refused","rule":"too.much","field":"a"}}]}`
	r := bind.Request{Query: "{a b:a(halt:true) " + strings.Repeat("a ", 3) + "c:a d:a(halt:true)}"}
	if got := string(b.Execute(public, r).Body()); got != want || asked != 2 {
		t.Errorf("asked %d times: %s", asked, got)
	}
	if got := string(b.ExecuteByLibrary(public, r).Body()); got != want {
		t.Errorf("the library says %s", got)
	}
}

// A reader who leaves is asked nothing more for: the next field, however
// heavy, is not begun.
func TestNoFieldIsBegunForNobody(t *testing.T) {
	asked, leave := 0, context.CancelFunc(nil)
	given := bindings(&journal{})
	given.Bind = []bind.Binding{bind.Field("Query", "a", func(context.Context, none, none) (*string, error) {
		asked++
		leave()
		return nil, nil
	})}
	b, err := bind.Schema([]bind.Source{{Name: "sdl", Text: `type Query @visible(to: PUBLIC) { a: String }`}}, given)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(public)
	leave = cancel
	got := b.Execute(ctx, bind.Request{Query: "{a b:a c:a}"})
	if asked != 1 || len(got.Errors) != 1 || got.Errors[0].Extensions.Rule != "query.stopped" {
		t.Errorf("asked %d times: %s", asked, got.Body())
	}
}
