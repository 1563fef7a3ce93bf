// Package ledgertest runs decisions as tables: given these events, when this
// command is sent, then these events follow, or this refusal. It is for tests
// only.
package ledgertest

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"suyuan/services/ledger"
)

// At is when commands are decided where a case does not say otherwise.
var At = time.Date(2022, 8, 9, 10, 0, 0, 0, ledger.Beijing)

// Case is one decision. Refused is `code rule`, with ` at field` behind it
// where the refusal names one.
type Case[S, F any] struct {
	Name    string
	Given   []ledger.Evolver[S]
	Facts   F // left out: the table's
	When    ledger.Decider[S, F]
	By      ledger.Actor
	At      time.Time
	Then    []ledger.Evolver[S]
	Refused string
}

// Run decides every case and holds every answer to what all answers have in
// common: a refusal speaks both languages, a command comes back from its JSON
// as it was, and to decide changes nothing. It returns the rules that refused.
func Run[S, F any](t *testing.T, facts F, cases []Case[S, F]) map[string]bool {
	t.Helper()
	seen := map[string]bool{}
	for _, c := range cases {
		if any(c.Facts) == nil {
			c.Facts = facts
		}
		if c.At.IsZero() {
			c.At = At
		}
		t.Run(c.Name, func(t *testing.T) {
			same(t, c.When)
			got, refused := decide(t, c)
			if refused != nil {
				seen[refused.Rule] = true
				speaks(t, refused)
			}
			if says(refused) != c.Refused {
				t.Fatalf("refused by %q, want %q", says(refused), c.Refused)
			}
			if !reflect.DeepEqual(got, c.Then) {
				t.Fatalf("decided on\n%#v, want\n%#v", got, c.Then)
			}
		})
	}
	return seen
}

// decide decides twice: a decision that changed the state, or was not the
// state's alone, would not come out the same.
func decide[S, F any](t *testing.T, c Case[S, F]) ([]ledger.Evolver[S], *ledger.Error) {
	t.Helper()
	var state S
	for _, e := range c.Given {
		e.Evolve(&state)
	}
	got, err := c.When.Decide(state, c.Facts, c.By, c.At)
	again, err2 := c.When.Decide(state, c.Facts, c.By, c.At)
	if !reflect.DeepEqual(got, again) || fmt.Sprint(err) != fmt.Sprint(err2) {
		t.Fatalf("decided on %v (%v), and then on %v (%v)", got, err, again, err2)
	}
	if err == nil {
		return got, nil
	}
	refused, ok := errors.AsType[*ledger.Error](err)
	if !ok || got != nil {
		t.Fatalf("%v with %v is no refusal", err, got)
	}
	return nil, refused
}

func says(e *ledger.Error) string {
	switch {
	case e == nil:
		return ""
	case e.Field == "":
		return string(e.Code) + " " + e.Rule
	}
	return string(e.Code) + " " + e.Rule + " at " + e.Field
}

// speaks holds a refusal to a sentence in each language, written out whole.
func speaks(t *testing.T, e *ledger.Error) {
	t.Helper()
	if !strings.ContainsFunc(e.Text.Zh, func(r rune) bool { return unicode.Is(unicode.Han, r) }) || !strings.HasSuffix(e.Text.Zh, "。") {
		t.Errorf("%s: in Chinese it says %q", e.Rule, e.Text.Zh)
	}
	if len(e.Text.En) < 10 || !strings.HasSuffix(e.Text.En, ".") {
		t.Errorf("%s: in English it says %q", e.Rule, e.Text.En)
	}
	if both := e.Text.Zh + e.Text.En; strings.Contains(both, "%") || strings.Contains(both, "<nil>") {
		t.Errorf("%s: badly written out: %q", e.Rule, both)
	}
}

// same sends a command through its JSON and back.
func same[C any](t *testing.T, command C) {
	t.Helper()
	sent, err := json.Marshal(command)
	if err != nil {
		t.Fatal(err)
	}
	back := reflect.New(reflect.TypeOf(command))
	if err := ledger.DecodeStrict(sent, back.Interface()); err != nil {
		t.Fatalf("%s is not read back: %v", sent, err)
	}
	if again, _ := json.Marshal(back.Interface()); string(again) != string(sent) {
		t.Fatalf("%s came back as %s", sent, again)
	}
}

// Complete reports every rule that the package in this directory can refuse
// by and that no case has seen.
func Complete(t *testing.T, seen ...map[string]bool) {
	t.Helper()
	for rule, where := range rules(t) {
		found := false
		for _, s := range seen {
			found = found || s[rule]
		}
		if !found {
			t.Errorf("%s: no case is refused by %s", where, rule)
		}
	}
}

func rules(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if rule := ruleOf(call); rule != "" {
					found[rule] = files.Position(call.Pos()).String()
				}
			}
			return true
		})
	}
	if len(found) == 0 {
		t.Fatal("this package refuses nothing")
	}
	return found
}

// ruleOf reads the rule from ledger.Refuse(rule, …) and ledger.Errorf(code,
// rule, …).
func ruleOf(call *ast.CallExpr) string {
	f, ok := call.Fun.(*ast.SelectorExpr)
	at := map[string]int{"Refuse": 0, "Errorf": 1}
	if !ok || len(call.Args) < 3 {
		return ""
	}
	i, ok := at[f.Sel.Name]
	if x, of := f.X.(*ast.Ident); !ok || !of || x.Name != "ledger" {
		return ""
	}
	lit, ok := call.Args[i].(*ast.BasicLit)
	if !ok {
		return ""
	}
	rule, _ := strconv.Unquote(lit.Value)
	return rule
}
