package catalogue

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

var update = flag.Bool("update", false, "write schema/events anew; what is frozen stays as it is")

const (
	folder = "../../schema/events"
	golden = folder + "/names.golden"
)

func events(t *testing.T) *ledger.Catalogue {
	t.Helper()
	c, err := Events()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// frozen is one version of one event, and the SHA-256 of its payload.
type frozen struct {
	name    string
	version int
	sum     string
}

func (f frozen) file() string { return fmt.Sprintf("%s/%s.v%d.json", folder, f.name, f.version) }

func (f frozen) String() string { return fmt.Sprintf("%s v%d %s", f.name, f.version, f.sum) }

// names reads names.golden, to which lines are only ever added.
func names(t *testing.T) (list []frozen) {
	t.Helper()
	text, err := os.ReadFile(golden)
	if err != nil && !(*update && errors.Is(err, fs.ErrNotExist)) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var f frozen
		if _, err := fmt.Sscanf(line, "%s v%d %s\n", &f.name, &f.version, &f.sum); err != nil {
			t.Fatalf("%s: %q cannot be read: %v", golden, line, err)
		}
		list = append(list, f)
	}
	return list
}

// freeze adds what is new: the newest version of every event that has none.
// What is there is never written again.
func freeze(t *testing.T) {
	list := names(t)
	for _, d := range events(t).All() {
		f := frozen{name: d.Name, version: d.Version}
		if slices.ContainsFunc(list, func(x frozen) bool { return x.name == f.name && x.version == f.version }) {
			continue
		}
		payload, err := json.MarshalIndent(sample(t, d.Type), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		payload = append(payload, '\n')
		f.sum = sum(payload)
		list = append(list, f)
		create(t, f.file(), payload)
	}
	var text strings.Builder
	for _, f := range list {
		fmt.Fprintln(&text, f)
	}
	write(t, golden, []byte(text.String()))
}

func create(t *testing.T, name string, data []byte) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		t.Fatalf("a frozen payload is never written over: %v", err)
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func sum(b []byte) string { return fmt.Sprintf("%x", sha256.Sum256(b)) }

// Every version of every event that was ever recorded is read for ever: its
// name stands, its frozen payload is what it was, and today's program reads
// it.
func TestSchemaIsFrozen(t *testing.T) {
	if *update {
		freeze(t)
	}
	catalogue, list := events(t), names(t)
	files := map[string]bool{}
	for _, f := range list {
		if files[f.file()] {
			t.Errorf("%s names %s version %d twice", golden, f.name, f.version)
		}
		files[f.file()] = true
		f.check(t, catalogue)
	}
	for _, d := range catalogue.All() {
		for v := 1; v <= d.Version; v++ {
			if f := (frozen{name: d.Name, version: v}); !files[f.file()] {
				t.Errorf("%s version %d is not frozen: run go generate ./services/catalogue and commit what it adds", d.Name, v)
			}
		}
	}
	present, err := filepath.Glob(folder + "/*.v*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range present {
		if !files[name] {
			t.Errorf("%s is the payload of no event in %s", name, golden)
		}
	}
}

func (f frozen) check(t *testing.T, catalogue *ledger.Catalogue) {
	t.Helper()
	d, ok := catalogue.Named(f.name)
	if !ok {
		t.Errorf("event %s is gone: names are for ever, and ledgers hold it. Declare it again; to stop using it, stop making it", f.name)
		return
	}
	payload, err := os.ReadFile(f.file())
	switch {
	case err != nil:
		t.Errorf("the frozen payload of %s version %d is gone: %v", f.name, f.version, err)
		return
	case sum(payload) != f.sum:
		t.Errorf("%s was changed: what was recorded cannot be. Restore it and declare an upcast", f.file())
		return
	case f.version > d.Version:
		t.Errorf("%s has version %d, but version %d was recorded: an upcast was taken away", f.name, d.Version, f.version)
		return
	}
	event, err := catalogue.Decode(ledger.Record{Type: f.name, Data: payload}, f.version)
	if err != nil {
		t.Errorf("version %d is read no more: %v. Declare an upcast from it", f.version, err)
		return
	}
	again, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	if f.version == d.Version && !bytes.Equal(again, compact(t, payload)) {
		t.Errorf("%s version %d comes back as\n%s, not as\n%s: declare an upcast", f.name, f.version, again, compact(t, payload))
	}
}

func compact(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := json.Compact(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// described is an event as catalogue.json shows it.
type described struct {
	Name     string      `json:"name"`
	Version  int         `json:"version"`
	Category string      `json:"category"` // of the streams it stands in
	Meaning  ledger.Text `json:"meaning"`
	Fields   []Field     `json:"fields"`
}

// catalogue.json says what today's events look like.
func TestSchemaIsDescribed(t *testing.T) {
	var list []described
	for _, d := range events(t).All() {
		category, _, _ := strings.Cut(d.Name, ".")
		if !slices.Contains(Categories, category) || d.Meaning.En == "" || d.Meaning.Zh == "" {
			t.Errorf("%s: %q, %+v", d.Name, category, d.Meaning)
		}
		list = append(list, described{d.Name, d.Version, category, d.Meaning, Fields(d.Type)})
	}
	text, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	name := folder + "/catalogue.json"
	if *update {
		write(t, name, text)
	}
	if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, text) {
		t.Errorf("%s is out of date: run go generate ./services/catalogue (%v)", name, err)
	}
}

// A sample leaves nothing empty: what is frozen stands for every field.
func TestSamplesAreFull(t *testing.T) {
	for _, d := range events(t).All() {
		data, err := json.Marshal(sample(t, d.Type))
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		for _, f := range Fields(d.Type) {
			if v, ok := got[f.Name]; !ok || reflect.ValueOf(v).IsZero() {
				t.Errorf("%s: %s is empty", d.Name, f.Name)
			}
		}
	}
}
