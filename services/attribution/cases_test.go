package attribution

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// root is the directory of go.mod.
func root(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("no go.mod above this package")
	return ""
}

func document(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "test", "cases", "attribution-cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// raw returns the cases as they stand in the document.
func raw(t testing.TB) []json.RawMessage {
	t.Helper()
	var doc struct{ Cases []json.RawMessage }
	if err := json.Unmarshal(document(t), &doc); err != nil || len(doc.Cases) == 0 {
		t.Fatalf("%d cases, %v", len(doc.Cases), err)
	}
	return doc.Cases
}

func TestCommittedCasesAreTheSharedOnes(t *testing.T) {
	shared, err := os.ReadFile(filepath.Join(root(t), "..", "shared", "attribution-cases.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil || !bytes.Equal(shared, document(t)) {
		t.Errorf("test/cases/attribution-cases.json is not the shared document (%v): copy it again", err)
	}
}

func TestCases(t *testing.T) {
	for _, text := range raw(t) {
		c, err := ReadCase(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		t.Run(c.Name, func(t *testing.T) { check(t, c) })
	}
}

func check(t *testing.T, c Case) {
	var expect []Result
	if err := json.Unmarshal(c.Expect, &expect); err != nil || len(expect) == 0 {
		t.Fatalf("%d expectations, %v", len(expect), err)
	}
	all := attribute(t, c)
	for _, e := range expect {
		c.At = append(c.At, Place{e.Issuance, e.Unit})
	}
	asked := attribute(t, c)
	equalJSON(t, "results", asked.Results, c.Expect)
	if c.NodeAdditions != nil {
		equalJSON(t, "nodeAdditions", asked.NodeAdditions, c.NodeAdditions)
	} else if asked.NodeAdditions != nil {
		t.Errorf("node additions %v of a measure that cannot be divided", asked.NodeAdditions)
	}
	byPlace := map[Place]Result{}
	for _, r := range all.Results {
		byPlace[Place{r.Issuance, r.Unit}] = r
	}
	for i, p := range c.At {
		if !reflect.DeepEqual(byPlace[p], asked.Results[i]) {
			t.Errorf("%v: asked for alone %+v, among all %+v", p, asked.Results[i], byPlace[p])
		}
	}
}

func attribute(t *testing.T, c Case) Answer {
	t.Helper()
	a, err := Attribute(c)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// equalJSON compares values, and the text besides: the order of fields and the spelling of amounts are promised too.
func equalJSON(t *testing.T, what string, got any, want []byte) {
	t.Helper()
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var g, w any
	if err := errors.Join(json.Unmarshal(text, &g), json.Unmarshal(want, &w)); err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("%s\n got %s\nwant %s", what, text, &compact)
	} else if string(text) != compact.String() {
		t.Errorf("%s are equal but written differently\n got %s\nwant %s", what, text, &compact)
	}
}

func TestReadCaseIsStrict(t *testing.T) {
	const line = `"lines":[{"to":"b","value":"1"}]`
	for text, want := range map[string]string{
		``:                            "not JSON",
		`{`:                           "",
		`[]`:                          "holds a array",
		`{"kind":"divisible"} {}`:     "after its end",
		`{"kind":1}`:                  "kind holds a number",
		`{"Kind":"divisible"}`:        `unknown field "Kind"`,
		`{"kind":"set","kind":"set"}`: "stands twice",
		`{"value":"1"}`:               `unknown field "value"`,
		`{"issuances":[{"id":"a","issuer":"a","basis":[],"bases":[],` + line + `}]}`: `unknown field "bases"`,
		`{"issuances":[{"lines":[{"to":"b","value":1}]}]}`:                           "lines.value holds a number",
		`{"name":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`:         "nested",
		`{"expect":[{"x":1,"x":2}]}`:                                                 "stands twice",
		`{"name":"` + strings.Repeat("x", MaxCase) + `"}`:                            "longer than 8 MiB",
	} {
		if _, err := ReadCase(strings.NewReader(text)); !errors.Is(err, ErrCase) || !strings.Contains(err.Error(), want) {
			t.Errorf("ReadCase(%.60s): %v; want %q", text, err, want)
		}
	}
}
