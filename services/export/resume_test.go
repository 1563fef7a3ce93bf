package export_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"suyuan/services/export"
	"suyuan/services/ledger"
)

// An export that was interrupted anywhere and continued is the same as one
// that was not; no file has its name before, and the manifest comes last.
func TestResumeAnywhere(t *testing.T) {
	w := played(t)
	want := w.exported(auditor)
	for stop := 1; ; stop += 3 {
		o := w.options(auditor)
		asked := 0
		ctx, cancel := context.WithCancel(t.Context())
		ask := o.Ask
		o.Ask = func(ctx context.Context, query string, variables map[string]any) []byte {
			if asked++; asked == stop {
				cancel()
			}
			return ask(ctx, query, variables)
		}
		_, err := export.Run(ctx, o)
		if err == nil {
			if asked >= stop || stop < 20 {
				t.Fatalf("the interruption at question %d was not noticed", stop)
			}
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("interrupted at question %d: %v", stop, err)
		}
		w.must(os.MkdirAll(o.To, 0o700)) // it may not have come so far
		for name := range folder(t, o.To) {
			if strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".jsonl") || name == "manifest.json" {
				t.Fatalf("interrupted at question %d: %s is there already", stop, name)
			}
		}
		moment, err := export.Interrupted(o.To)
		w.must(err)
		o.Ask, o.Resume = ask, moment != ""
		_, err = export.Run(t.Context(), o)
		w.must(err)
		same(t, o.To, want)
	}
}

// An export goes on only as it was begun.
func TestResumeOtherwise(t *testing.T) {
	w := played(t)
	begun := func() export.Options {
		o := w.options(as(ledger.Clerk, "990101"))
		ctx, cancel := context.WithCancel(t.Context())
		o.Progress = func(string, int, int) { cancel() }
		if _, err := export.Run(ctx, o); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		o.Progress, o.Resume = func(string, int, int) {}, true
		return o
	}
	refused := func(rule string, o export.Options) {
		t.Helper()
		_, err := export.Run(t.Context(), o)
		var own *ledger.Error
		if !errors.As(err, &own) || own.Rule != rule {
			t.Errorf("%v, want %s", err, rule)
		}
	}
	o := begun()
	for _, change := range []func(*export.Options){
		func(o *export.Options) { o.Role = "auditor" }, func(o *export.Options) { o.Unit = "9901" }, func(o *export.Options) { o.Formats = []string{export.CSV} },
	} {
		other := o
		change(&other)
		refused("export.other", other)
	}
	other := o
	other.Resume = false
	refused("export.interrupted", other)
	w.must(os.Truncate(filepath.Join(o.To, "units.csv.part"), 10))
	refused("export.cut", o)

	o = begun()
	w.do(admin, "unit.register", object{"code": "9955", "name": "新市", "kind": "government"})
	refused("export.other", o) // the ledger has moved on; the command folds up to the old ordinal

	o = w.options(nobody)
	o.Resume = true
	refused("export.nothing", o)
	o.Resume = false
	_, err := export.Run(t.Context(), o)
	w.must(err)
	refused("export.not_empty", o)
	o.Resume = true
	refused("export.not_empty", o)
}
