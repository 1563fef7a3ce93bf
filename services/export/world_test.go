package export_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"suyuan/seeds"
	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/desk/desktest"
	"suyuan/services/export"
	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
	"suyuan/services/view/docket/dockettest"
)

// world is a ledger with the published cases in it.
type world struct {
	t     *testing.T
	log   *sqlite.Store
	view  *view.View
	desk  *desk.Desk
	clock seeds.Clock
	graph *graph.Graph
	n     int
}

func played(t *testing.T) *world {
	t.Helper()
	w := &world{t: t}
	events, err := catalogue.Events()
	w.must(err)
	w.log, err = sqlite.Open(t.TempDir(), sqlite.WithLogger(slog.New(slog.DiscardHandler)))
	w.must(err)
	t.Cleanup(func() { _ = w.log.Close() })
	w.view, err = view.New(events, "", view.WithClaims(dockettest.New().Key))
	w.must(err)
	w.desk, err = desk.New(w.log, events, catalogue.Commands(), desktest.Caught(w.view, w.log), w.clock.Now)
	w.must(err)
	w.graph, err = graph.New(w.view, w.log, func() error { return nil }, slog.New(slog.NewTextHandler(t.Output(), nil)))
	w.must(err)
	all, err := seeds.All()
	w.must(err)
	for _, s := range all {
		w.must(seeds.Play(t.Context(), w.desk, w.clock.Set, s, nil))
	}
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

type object = map[string]any

func as(role ledger.Role, unit string) ledger.Actor {
	return ledger.Actor{Account: "somebody", Roles: []ledger.Role{role}, Unit: unit}
}

// do puts a command on record.
func (w *world) do(by ledger.Actor, name string, input object) {
	w.t.Helper()
	w.put(by, name, dockettest.JSON(input))
}

func (w *world) put(by ledger.Actor, name string, text json.RawMessage) {
	w.t.Helper()
	w.n++
	if _, err := w.desk.Submit(w.t.Context(), by, name, fmt.Sprint("key-", w.n), text); err != nil {
		w.t.Fatalf("%s %s: %v", name, text, err)
	}
}

// ask puts questions as a role would.
func (w *world) ask(by ledger.Actor) export.Ask {
	return func(ctx context.Context, query string, variables map[string]any) []byte {
		return w.graph.Reply(graph.WithViewer(ctx, by, "en"), bind.Request{Query: query, Variables: variables}).Body
	}
}

// options are for an export into a new folder.
func (w *world) options(by ledger.Actor) export.Options {
	role := "public"
	if len(by.Roles) > 0 {
		role = string(by.Roles[0])
	}
	return export.Options{
		Ask: w.ask(by), Log: w.log, Role: role, Unit: by.Unit, To: filepath.Join(w.t.TempDir(), "to"),
		Formats: []string{export.JSONL, export.CSV}, Progress: func(string, int, int) {},
	}
}

// exported is the folder of a whole export.
func (w *world) exported(by ledger.Actor) string {
	w.t.Helper()
	o := w.options(by)
	_, err := export.Run(w.t.Context(), o)
	w.must(err)
	return o.To
}

// rows reads a file of JSON lines.
func rows(t *testing.T, dir, kind string) (list []object) {
	t.Helper()
	for line := range strings.Lines(string(content(t, dir, kind+".jsonl"))) {
		var row object
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%s: %v: %s", kind, err, line)
		}
		list = append(list, row)
	}
	return list
}

func content(t *testing.T, dir, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// folder is every file of a folder by its name.
func folder(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, e := range entries {
		all[e.Name()] = content(t, dir, e.Name())
	}
	return all
}

// same wants two folders to be equal byte for byte.
func same(t *testing.T, got, want string) {
	t.Helper()
	a, b := folder(t, got), folder(t, want)
	for name := range b {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s is not the same (%d and %d bytes)", name, len(a[name]), len(b[name]))
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d files and %d", len(a), len(b))
	}
}
