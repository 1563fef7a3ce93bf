package script

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const casesFile = "attribution-cases.json"

// Every case, piped through the program, gives exactly what is expected of it:
// as JSON values, in the order of the lists, no member more and none less.
func TestAttribute(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "cases", casesFile))
	if err != nil {
		t.Fatal(err)
	}
	if shared, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", casesFile)); err == nil && string(shared) != string(text) {
		t.Error("the cases are not those of the specification")
	}
	all := read[struct{ Cases []map[string]json.RawMessage }](t, string(text)).Cases
	if len(all) < 20 {
		t.Fatalf("%d cases", len(all))
	}
	for _, c := range all {
		name := read[string](t, string(c["name"]))
		want := map[string]any{"results": read[any](t, string(c["expect"]))}
		if additions, ok := c["nodeAdditions"]; ok {
			want["nodeAdditions"] = read[any](t, string(additions))
		}
		var at []map[string]string
		for _, r := range read[[]struct{ Issuance, Unit string }](t, string(c["expect"])) {
			at = append(at, map[string]string{"issuance": r.Issuance, "unit": r.Unit})
		}
		input := map[string]any{"kind": c["kind"], "issuances": c["issuances"], "at": at}
		if harder, ok := c["harder"]; ok {
			input["harder"] = harder
		}
		body, err := json.Marshal(input)
		if err != nil {
			t.Fatal(err)
		}
		out, stderr, code := command(t, strings.NewReader(string(body)), "attribute")
		if code != 0 || stderr != "" {
			t.Errorf("%s: exit status %d: %s", name, code, stderr)
			continue
		}
		if got := read[any](t, out); !reflect.DeepEqual(got, any(want)) {
			t.Errorf("%s:\n got %v\nwant %v", name, got, want)
		}
	}
}

// What cannot be answered is status 1 and one line that names the place.
func TestAttributeRefuses(t *testing.T) {
	sound := `{"kind":"divisible","issuances":[
		{"id":"i1","issuer":"county","basis":[],"lines":[{"to":"town","value":"600"}]},
		{"id":"i2","issuer":"town","basis":["i1"],"retained":"0","lines":[{"to":"village","value":"660","base":"600"}]}]}`
	if _, stderr, code := command(t, strings.NewReader(sound), "attribute"); code != 0 {
		t.Fatalf("the case that all others vary: %d %s", code, stderr)
	}
	change := func(old, new string) string { return strings.Replace(sound, old, new, 1) }
	for name, c := range map[string]struct{ input, names string }{
		"nothing":               {"", "JSON"},
		"garbage":               {"many mu, please", "JSON"},
		"cut off":               {sound[:len(sound)/2], ""},
		"two cases":             {sound + sound, "after its end"},
		"unknown field":         {change(`"retained"`, `"retaned"`), `"retaned"`},
		"another letter's case": {change(`"base"`, `"Base"`), `"Base"`},
		"field twice":           {change(`"base":"600"`, `"base":"600","base":"1"`), `"base"`},
		"number, not string":    {change(`"660"`, `660`), "value"},
		"kept more than came":   {change(`"retained":"0"`, `"retained":"601"`), `"i2"`},
		"no number":             {change(`"660"`, `"many"`), `"i2"`},
		"negative":              {change(`"660"`, `"-1"`), `"i2"`},
		"seven decimals":        {change(`"660"`, `"0.1234567"`), `"i2"`},
		"cycle":                 {change(`"basis":[]`, `"basis":["i2"]`), `"i`},
		"unknown basis":         {change(`["i1"]`, `["i9"]`), `"i9"`},
		"same id":               {change(`"id":"i2"`, `"id":"i1"`), `"i1"`},
		"two lines to one unit": {change(`{"to":"village"`, `{"to":"village","value":"1"},{"to":"village"`), `"i2"`},
		"basis of another unit": {change(`"issuer":"town"`, `"issuer":"village"`), `"i2"`},
		"unknown kind":          {change(`divisible`, `dividable`), "dividable"},
		"unknown place":         {change(`"issuances"`, `"at":[{"issuance":"i2","unit":"nobody"}],"issuances"`), `"nobody"`},
		"deep":                  {strings.Repeat("[", 100_000), "deep"},
		"9 MiB":                 {`{"kind":"` + strings.Repeat("x", 9<<20) + `"}`, "8 MiB"},
	} {
		out, stderr, code := command(t, strings.NewReader(c.input), "attribute")
		if code != 1 || out != "" || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "suyuan: ") || !strings.Contains(stderr, c.names) || len(stderr) > 400 {
			t.Errorf("%s: status %d, %.300q on stderr, want %q named; stdout %.100q", name, code, stderr, c.names, out)
		}
	}
	if _, stderr, code := command(t, nil, "attribute", "case.json"); code != 2 || strings.Count(stderr, "\n") != 1 {
		t.Errorf("an argument: status %d %q", code, stderr)
	}
}
