package claim

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
)

func whole() Facts {
	return Facts{
		V: 1, Mandate: "farmland-600", Issuer: "990102", Within: "990102", Dimension: mandate.Quantity, Measure: "farmland-600/area",
		CameDown: "600", Asked: "690", Due: "2022-08-09", Minutes: 300, Forms: []string{FormFilling, Photo}, Motive: Show,
	}
}

// rule is the rule of a refusal and the field it names.
func rule(err error) string {
	if err == nil {
		return ""
	}
	e := ledger.AsError(err)
	return strings.TrimSpace(e.Rule + " " + e.Field)
}

func TestCheck(t *testing.T) {
	if err := whole().Check(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(f *Facts)
		rule   string
	}{
		"the least":                          {func(f *Facts) { *f = Facts{V: 1, Paper: "县政〔2022〕8号", Issuer: "0", Dimension: mandate.Trace} }, ""},
		"another version":                    {func(f *Facts) { f.V = 2 }, "claim.field v"},
		"no version":                         {func(f *Facts) { f.V = 0 }, "claim.field v"},
		"no mandate and no paper":            {func(f *Facts) { f.Mandate, f.Measure = "", "" }, "claim.field mandate"},
		"both":                               {func(f *Facts) { f.Paper = "8号" }, "claim.field mandate"},
		"no id":                              {func(f *Facts) { f.Mandate = "Farm land" }, "claim.field mandate"},
		"a paper of 40 characters":           {func(f *Facts) { f.Mandate, f.Measure, f.Paper = "", "", strings.Repeat("〔", 40) }, ""},
		"of 41":                              {func(f *Facts) { f.Mandate, f.Measure, f.Paper = "", "", strings.Repeat("〔", 41) }, "claim.field paper"},
		"of two lines":                       {func(f *Facts) { f.Mandate, f.Measure, f.Paper = "", "", "a\nb" }, "claim.field paper"},
		"with a lost sign":                   {func(f *Facts) { f.Mandate, f.Measure, f.Paper = "", "", "a\xff" }, "claim.field paper"},
		"with a blank in front":              {func(f *Facts) { f.Mandate, f.Measure, f.Paper = "", "", " a" }, "claim.field paper"},
		"nobody who added":                   {func(f *Facts) { f.Issuer = "" }, "claim.field issuer"},
		"a unit and a level":                 {func(f *Facts) { f.Level = Levels[3] }, "claim.field issuer"},
		"no unit":                            {func(f *Facts) { f.Issuer = "县" }, "claim.field issuer"},
		"a level":                            {func(f *Facts) { f.Issuer, f.Level = "", "VILLAGE" }, ""},
		"no level":                           {func(f *Facts) { f.Issuer, f.Level = "", "village" }, "claim.field level"},
		"a level nowhere":                    {func(f *Facts) { f.Issuer, f.Level, f.Within = "", "COUNTY", "" }, "claim.field within"},
		"received nowhere, by a unit":        {func(f *Facts) { f.Within = "" }, ""},
		"received in a town":                 {func(f *Facts) { f.Within = "990102002" }, "claim.field within"},
		"received in a bureau":               {func(f *Facts) { f.Within = "990102-csgl" }, "claim.field within"},
		"received in a city":                 {func(f *Facts) { f.Within = "9901" }, ""},
		"received elsewhere":                 {func(f *Facts) { f.Within = "990103" }, "claim.field within"},
		"a bureau of the city above":         {func(f *Facts) { f.Issuer = "9901-nyj" }, ""},
		"a town of the county":               {func(f *Facts) { f.Issuer = "990102002" }, ""},
		"no dimension":                       {func(f *Facts) { f.Dimension = "" }, "claim.field dimension"},
		"another mandate's measure":          {func(f *Facts) { f.Measure = "other/area" }, "claim.field measure"},
		"a measure of a paper":               {func(f *Facts) { f.Mandate, f.Paper = "", "8号" }, "claim.field measure"},
		"nothing came down":                  {func(f *Facts) { f.CameDown = "" }, ""},
		"less than nothing":                  {func(f *Facts) { f.CameDown = "-1" }, "claim.field cameDown"},
		"words":                              {func(f *Facts) { f.Asked = "六百" }, "claim.field asked"},
		"seven decimals":                     {func(f *Facts) { f.Asked = "0.1234567" }, "claim.field asked"},
		"frequencies":                        {func(f *Facts) { f.CameDown, f.Asked = "1/30", "1/1" }, ""},
		"a frequency and an amount":          {func(f *Facts) { f.CameDown = "1/30" }, "claim.field asked"},
		"a frequency of no days":             {func(f *Facts) { f.CameDown, f.Asked = "1/0", "1/1" }, "claim.field cameDown"},
		"a frequency beyond bounds":          {func(f *Facts) { f.CameDown, f.Asked = "1/1", "9999999/1" }, "claim.field asked"},
		"no date":                            {func(f *Facts) { f.Due = "2022-02-30" }, "claim.field due"},
		"a whole week":                       {func(f *Facts) { f.Minutes = 10080 }, ""},
		"more than a week":                   {func(f *Facts) { f.Minutes = 10081 }, "claim.field minutes"},
		"less than no time":                  {func(f *Facts) { f.Minutes = -1 }, "claim.field minutes"},
		"a form twice":                       {func(f *Facts) { f.Forms = []string{Photo, Photo} }, "claim.field forms"},
		"a form that is none":                {func(f *Facts) { f.Forms = []string{Show} }, "claim.field forms"},
		"a motive that is none":              {func(f *Facts) { f.Motive = Photo }, "claim.field motive"},
		"a department's centre is no county": {func(f *Facts) { f.Within = "0-bw" }, "claim.field within"},
	} {
		f := whole()
		c.change(&f)
		if got := rule(f.Check()); got != c.rule {
			t.Errorf("%s: %q, want %q", name, got, c.rule)
		}
	}
}

// What is read is canonical, and comes back as it was read.
func TestParse(t *testing.T) {
	loose := `{"forms":["photo","form_filling"],"asked":"690.0","cameDown":"600.000","v":1,"mandate":"farmland-600","issuer":"990102","dimension":"quantity"}`
	f, err := Parse([]byte(loose))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(f.Marshal()); got != `{"v":1,"mandate":"farmland-600","issuer":"990102","dimension":"quantity","cameDown":"600","asked":"690","forms":["form_filling","photo"]}` {
		t.Error(got)
	}
	again, err := Parse(f.Marshal())
	if err != nil || !reflect.DeepEqual(again, f) {
		t.Errorf("%+v, %v", again, err)
	}
	if got := string(Facts{V: 1, Paper: "<8&9>"}.Marshal()); got != `{"v":1,"paper":"<8&9>","dimension":""}` {
		t.Error(got)
	}
	for name, text := range map[string]string{
		"nothing": "", "no object": "[]", "an unknown field": `{"v":1,"name":"CANARY"}`, "a field twice": `{"v":1,"v":1}`, "a text for a number": `{"v":"CANARY"}`,
		"more behind it": loose + "CANARY", "too much": loose + strings.Repeat(" ", MaxJSON), "broken": `{"paper":"CANARY`, "a float": `{"v":1,"minutes":0.5}`,
	} {
		_, err := Parse([]byte(text))
		if rule(err) != "claim.unreadable" || strings.Contains(err.Error(), "CANARY") || errors.Unwrap(ledger.AsError(err)) != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = Parse([]byte(`{"v":1,"paper":"CANARY\n","issuer":"CANARY","dimension":"CANARY"}`))
	if err == nil || strings.Contains(err.Error(), "CANARY") {
		t.Error(err)
	}
}

func TestParseFollowUp(t *testing.T) {
	for text, want := range map[string]string{
		`{"v":1,"act":"reply"}`:                                            "",
		`{"v":1,"act":"rate","solved":false,"satisfied":true}`:             "",
		`{"v":1,"act":"rate","solved":false}`:                              "claim.field solved",
		`{"v":1,"act":"review","solved":false}`:                            "claim.field solved",
		`{"v":1,"act":"shout"}`:                                            "claim.field act",
		`{"act":"reply"}`:                                                  "claim.field v",
		`{"v":1,"act":"reply","text":"x"}`:                                 "claim.unreadable",
		`{"v":1,"act":"rate","solved":null,"satisfied":true}`:              "claim.field solved",
		`{"v":1,"act":"retaliation"}` + strings.Repeat(" ", MaxJSON):       "claim.unreadable",
		`{"v":1,"act":"withdraw"}`:                                         "",
		`{"v":1,"act":"rate","solved":true,"satisfied":true,"act":"rate"}`: "claim.unreadable",
	} {
		f, err := ParseFollowUp([]byte(text))
		if rule(err) != want {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
		if err == nil && !bytes.Equal(f.Marshal(), []byte(text)) {
			t.Errorf("%s came back as %s", text, f.Marshal())
		}
	}
}

// Every claim that can be is sealed to one length, comes back, and for the
// same complaint and facts to the same text.
func TestSeal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawn(t)
		if err := f.Check(); err != nil {
			t.Fatal(err)
		}
		key := Key{byte(rapid.IntRange(1, 3).Draw(t, "key"))}
		id := rapid.StringMatching(`[0-9a-f]{32}`).Draw(t, "id")
		sealed := key.Seal(id, f)
		if len(sealed) != SealedLen || !IsSealed(sealed) || sealed != key.Seal(id, f) {
			t.Fatalf("%d characters", len(sealed))
		}
		got, err := key.Open(id, sealed)
		if err != nil || !reflect.DeepEqual(got, f.canonical()) {
			t.Fatalf("%+v came back as %+v, %v", f, got, err)
		}
		if _, err := key.Open(id+"0", sealed); !errors.Is(err, ErrSealed) {
			t.Fatal("opened for another complaint")
		}
		if _, err := (Key{9}).Open(id, sealed); !errors.Is(err, ErrSealed) {
			t.Fatal("opened with another key")
		}
		at := rapid.IntRange(0, SealedLen-1).Draw(t, "at")
		if _, err := key.Open(id, sealed[:at]+other(sealed[at])+sealed[at+1:]); err == nil {
			t.Fatal("opened though it was changed")
		}
	})
}

// drawn is any claim, the longest included.
func drawn(t *rapid.T) Facts {
	id := rapid.StringMatching(`[a-z0-9]{1,64}`)
	f := Facts{V: 1, Dimension: rapid.SampledFrom(mandate.Dimensions).Draw(t, "dimension"), Minutes: rapid.IntRange(0, maxMinutes).Draw(t, "minutes")}
	if rapid.Bool().Draw(t, "paper") {
		f.Paper = rapid.StringOfN(rapid.RuneFrom([]rune("<>&\"\\〔号𠀀"), unicode.Han), 1, maxPaper, -1).Draw(t, "number")
	} else {
		f.Mandate = id.Draw(t, "mandate")
		f.Measure = f.Mandate + "/" + id.Draw(t, "measure")
	}
	f.Within = rapid.SampledFrom([]string{"0", "99", "9901", "990102"}).Draw(t, "within")
	if rapid.Bool().Draw(t, "level") {
		f.Level = rapid.SampledFrom(Levels).Draw(t, "of")
	} else {
		f.Issuer = "990102002001-" + rapid.StringMatching(`[a-z]{1,35}`).Draw(t, "department")
	}
	f.CameDown = rapid.SampledFrom([]string{"", "600", "600.5", "-0", "9223372036854.775807"}).Draw(t, "down")
	f.Asked = rapid.SampledFrom([]string{"", "690.0", "0.000001", "9223372036854.775807"}).Draw(t, "asked")
	f.Due = rapid.SampledFrom([]ledger.Date{"", "2022-08-09"}).Draw(t, "due")
	f.Forms = rapid.SampledFrom([][]string{nil, {Photo}, {FileSummary, Photo, FormFilling}}).Draw(t, "forms")
	f.Motive = rapid.SampledFrom(append([]string{""}, Motives...)).Draw(t, "motive")
	return f
}

func other(c byte) string {
	if c == 'A' {
		return "Q"
	}
	return "A"
}

// Two complaints with one claim have nothing in common to see, nor have two
// claims of one complaint.
func TestSealedAlike(t *testing.T) {
	f, g := whole(), whole()
	g.Asked = "691"
	a, b, c := Key{1}.Seal("a", f), Key{1}.Seal("b", f), Key{1}.Seal("a", g)
	for _, pair := range [][2]string{{a, b}, {a, c}, {a, Key{2}.Seal("a", f)}} {
		same := 0
		for i := range pair[0] {
			if pair[0][i] == pair[1][i] {
				same++
			}
		}
		if same > SealedLen/8 { // one in 64 by chance
			t.Errorf("%d of %d characters are the same", same, SealedLen)
		}
	}
	for _, s := range []string{"", "x", a[1:], a + "AAAA", strings.Repeat("=", SealedLen), "+" + a[1:], a[:SealedLen-4] + "\n\n\n\n"} {
		if IsSealed(s) {
			t.Errorf("%q is taken for sealed", s)
		}
		if _, err := (Key{1}).Open("a", s); !errors.Is(err, ErrSealed) {
			t.Error(err)
		}
	}
}

// Every word of the vocabulary is there for pages, in both languages.
func TestWords(t *testing.T) {
	want := map[string][]string{"level": Levels, "forms": Forms, "motive": Motives, "dimension": nil, "act": nil}
	for _, d := range mandate.Dimensions {
		want["dimension"] = append(want["dimension"], string(d))
	}
	for _, a := range Acts {
		want["act"] = append(want["act"], string(a))
	}
	for _, c := range Words {
		var codes []string
		for _, w := range c.Words {
			codes = append(codes, w.Code)
			if !han(w.Label.Zh) || w.Label.En == "" || (w.Hint.Zh == "") != (w.Hint.En == "") {
				t.Errorf("%s %s: %+v", c.Field, w.Code, w)
			}
		}
		if !slices.Equal(codes, want[c.Field]) || !han(c.Ask.Zh) || c.Ask.En == "" {
			t.Errorf("%s: %v", c.Field, codes)
		}
		delete(want, c.Field)
	}
	if len(want) > 0 {
		t.Errorf("no words for %v", want)
	}
}

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// Whatever comes out of an envelope is a claim or an error.
func FuzzParse(f *testing.F) {
	f.Add(whole().Marshal())
	f.Add([]byte(`{"v":1,"paper":"8号","level":"COUNTY","within":"99","dimension":"trace"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Parse(data)
		if err != nil {
			return
		}
		if !json.Valid(got.Marshal()) || len(Key{}.Seal("x", got)) != SealedLen {
			t.Fatalf("%+v", got)
		}
		again, err := Parse(got.Marshal())
		if err != nil || !reflect.DeepEqual(again, got) {
			t.Fatalf("%+v, %+v, %v", got, again, err)
		}
	})
}
