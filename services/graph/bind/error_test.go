package bind_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
)

func TestFaultsLeakNoText(t *testing.T) {
	for _, how := range []string{"error", "panic", "nil"} {
		for _, q := range []string{`{fail(how:"%s")}`, `{failHard(how:""){must(how:"%s")}}`} {
			b, j := start(t)
			query := fmt.Sprintf(q, how)
			got := ask(t, b, public, bind.Request{Query: query})
			if !strings.Contains(got, `"rule":"internal"`) || !strings.Contains(got, `"message":"Something failed on our side`) || strings.Contains(got, "hunter2") || strings.Contains(got, "nil pointer") || strings.Contains(got, "goroutine") {
				t.Errorf("%s: got %s", query, got)
			}
			if j.String() == "" || how != "nil" && !strings.Contains(j.String(), "hunter2") || !strings.HasPrefix(j.String(), "fail") {
				t.Errorf("%s: logged %s", query, j)
			}
		}
	}
}

func TestOwnErrorsSpeakTheReadersLanguage(t *testing.T) {
	b, j := start(t)
	r := bind.Request{Query: `{fail(how:"rule")}`}
	if got, want := ask(t, b, public, r), `{"data":{"fail":null},"errors":[{"message":"the unit is closed","locations":[{"line":1,"column":2}],"path":["fail"],"extensions":{"code":"refused","rule":"unit.closed","field":"code"}}]}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := ask(t, b, as(reader{}), r); !strings.Contains(got, `"message":"单位已撤销"`) {
		t.Errorf("got %s", got)
	}
	if j.String() != "" {
		t.Errorf("logged %s", j)
	}
}

// What the schema promises and a row breaks is a fault of ours, and so is an
// answer of a type that nobody bound.
func TestBrokenPromises(t *testing.T) {
	j := &journal{}
	given := bindings(j)
	given.Bind = []bind.Binding{
		bind.Enum("Level", map[string]level{"A": county}),
		bind.Field("Query", "missing", func(context.Context, none, none) (*string, error) { return nil, nil }),
		bind.Field("Query", "level", func(context.Context, none, none) (level, error) { return "unheard", nil }),
		bind.Field("Query", "day", func(context.Context, none, none) (string, error) { return "tomorrow", nil }),
		bind.Field("Query", "large", func(context.Context, none, none) (int, error) { return 1 << 40, nil }),
		bind.Field("Query", "odd", func(context.Context, none, none) (any, error) { return func() {}, nil }),
		bind.Field("Query", "wrapped", func(context.Context, none, none) (any, error) {
			return nil, fmt.Errorf("load: %w", ledger.Errorf(ledger.NotFound, "unit.none", "无", "none"))
		}),
		bind.Field("Query", "inner", func(context.Context, none, none) (any, error) {
			return nil, ledger.AsError(errors.New("disk 7 failed"))
		}),
	}
	b, err := bind.Schema([]bind.Source{{Text: `scalar Date enum Level { A } type Query @visible(to: PUBLIC)
		{ missing: String! level: Level day: Date large: Int odd: String wrapped: String inner: String }`}}, given)
	if err != nil {
		t.Fatal(err)
	}
	for field, logged := range map[string]string{"level": "unheard is not a value of Level", "day": `"tomorrow"`, "large": "32 bits",
		"odd": "String cannot be answered with func()", "inner": "disk 7 failed"} {
		*j = journal{}
		got := ask(t, b, public, bind.Request{Query: "{" + field + "}"})
		if !strings.Contains(got, `{"data":{"`+field+`":null},`) || !strings.Contains(got, `"rule":"internal"`) {
			t.Errorf("%s: got %s", field, got)
		}
		if !strings.Contains(j.String(), logged) {
			t.Errorf("%s: logged %s", field, j)
		}
	}
	if got := ask(t, b, public, bind.Request{Query: `{missing}`}); !strings.Contains(got, `{"data":null,`) || !strings.Contains(got, `"rule":"internal"`) {
		t.Errorf("got %s", got)
	}
	if got := ask(t, b, public, bind.Request{Query: `{wrapped}`}); !strings.Contains(got, `"rule":"unit.none"`) {
		t.Errorf("got %s", got)
	}
}
