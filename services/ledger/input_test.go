package ledger

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

// form has every sort of field that commands have.
type form struct {
	Ref
	ID    string            `json:"id"`
	Word  Role              `json:"word,omitempty"`
	Day   Date              `json:"day,omitempty"`
	Count int               `json:"count,omitempty"`
	Small int8              `json:"small,omitempty"`
	Sure  bool              `json:"sure,omitempty"`
	Maybe *bool             `json:"maybe,omitempty"`
	At    *time.Time        `json:"at,omitempty"`
	Lines []row             `json:"lines,omitempty"`
	Names []string          `json:"names,omitempty"`
	Merge map[string]string `json:"merge,omitempty"`
	Any   map[string]any    `json:"any,omitempty"`
	Raw   json.RawMessage   `json:"raw,omitempty"`
	Skip  string            `json:"-"`
}

type Ref struct {
	Unit string `json:"unit"`
}

type row struct {
	To      string     `json:"to"`
	Due     *time.Time `json:"due,omitempty"`
	Amounts []struct {
		Value string `json:"value"`
	} `json:"amounts,omitempty"`
}

func TestDecodeStrict(t *testing.T) {
	day := time.Date(2022, 8, 9, 8, 0, 0, 0, time.FixedZone("", 8*60*60))
	yes := true
	for input, want := range map[string]form{
		`{}`:                         {},
		` {"id":"a"} `:               {ID: "a"},
		`{"unit":"99","day":"2022"}`: {Ref: Ref{"99"}, Day: "2022"}, // what it means is the command's to judge
		`{"count":-5,"sure":true,"maybe":true,"at":"2022-08-09T08:00:00+08:00"}`: {Count: -5, Sure: true, Maybe: &yes, At: &day},
		`{"id":null,"lines":null,"at":null,"count":null}`:                        {},
		`{"merge":{"a/b":"sum"},"any":{"x":[1,{"y":null}]},"raw":{"z":[]}}`:      {Merge: map[string]string{"a/b": "sum"}, Any: map[string]any{"x": []any{1., map[string]any{"y": nil}}}, Raw: json.RawMessage(`{"z":[]}`)},
		`{"lines":[{"to":"a"},{"to":"b","amounts":[{"value":"1"}]}],"names":[]}`: {Names: []string{}, Lines: []row{{To: "a"}, {To: "b", Amounts: []struct {
			Value string `json:"value"`
		}{{"1"}}}}},
	} {
		var got form
		err := DecodeStrict([]byte(input), &got)
		if got.At != nil && want.At != nil && got.At.Equal(*want.At) {
			got.At = want.At
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", input, got, err)
		}
	}
}

func TestDecodeStrictRefuses(t *testing.T) {
	for _, c := range []struct{ input, rule, field string }{
		{``, "input.json", ""},
		{`{`, "input.json", ""},
		{`{"id":`, "input.json", ""},
		{`{"id":"a",}`, "input.json", ""},
		{`{'id':'a'}`, "input.json", ""},
		{`{"lines":[{]}`, "input.json", ""},
		{`{"raw":{"z":[}}`, "input.json", ""},
		{`<xml>`, "input.json", ""},
		{`{} {}`, "input.trailing", ""},
		{`{}x`, "input.trailing", ""},
		{`{}]`, "input.trailing", ""},
		{`null`, "input.type", ""},
		{`[]`, "input.type", ""},
		{`"id"`, "input.type", ""},
		{`{"x":1}`, "input.unknown_field", "x"},
		{`{"ID":"a"}`, "input.unknown_field", "ID"},
		{`{"hash":"a"}`, "input.unknown_field", "hash"},
		{`{"Skip":"a"}`, "input.unknown_field", "Skip"},
		{`{"Ref":{"unit":"99"}}`, "input.unknown_field", "Ref"},
		{`{"lines":[{"to":"a"},{"too":"b"}]}`, "input.unknown_field", "lines[1].too"},
		{`{"id":"a","id":"b"}`, "input.field_twice", "id"},
		{`{"merge":{"a":"sum","a":"union"}}`, "input.field_twice", "merge.a"},
		{`{"id":5}`, "input.type", "id"},
		{`{"unit":5}`, "input.type", "unit"},
		{`{"word":true}`, "input.type", "word"},
		{`{"count":"5"}`, "input.type", "count"},
		{`{"count":1.5}`, "input.type", "count"},
		{`{"count":1e3}`, "input.type", "count"},
		{`{"count":9223372036854775808}`, "input.type", "count"},
		{`{"small":128}`, "input.type", "small"},
		{`{"sure":"true"}`, "input.type", "sure"},
		{`{"maybe":1}`, "input.type", "maybe"},
		{`{"at":"yesterday"}`, "input.type", "at"},
		{`{"at":"2022-08-09"}`, "input.type", "at"},
		{`{"at":1660000000}`, "input.type", "at"},
		{`{"at":{}}`, "input.type", "at"},
		{`{"lines":{}}`, "input.type", "lines"},
		{`{"lines":[null]}`, "input.type", "lines[0]"},
		{`{"lines":["a"]}`, "input.type", "lines[0]"},
		{`{"lines":[{"to":"a"},{"to":"b","due":"soon"}]}`, "input.type", "lines[1].due"},
		{`{"lines":[{"amounts":[{"value":"1"},{"value":2}]}]}`, "input.type", "lines[0].amounts[1].value"},
		{`{"names":["a",{}]}`, "input.type", "names[1]"},
		{`{"merge":{"a":1}}`, "input.type", "merge.a"},
		{strings.Repeat(`{"lines":[`, 20_000), "input.unknown_field", "lines[0].lines"},
		{`{"any":{"x":` + strings.Repeat(`[`, 100_000), "input.json", ""},
	} {
		var f form
		e, ok := errors.AsType[*Error](DecodeStrict([]byte(c.input), &f))
		if !ok || e.Code != Invalid || e.Rule != c.rule || e.Field != c.field {
			t.Errorf("%.60s: %v at %q, want %s at %q", c.input, e, e.Field, c.rule, c.field)
			continue
		}
		if strings.Contains(e.Text.Zh+e.Text.En, "%!") || e.Field != "" && !strings.Contains(e.Text.Zh, e.Field) || len(e.Text.En) > 300 {
			t.Errorf("%.60s: %+v", c.input, e.Text)
		}
	}
}

// What is read strictly is what encoding/json reads, and it comes back.
func FuzzDecodeStrict(f *testing.F) {
	for _, s := range []string{`{}`, `null`, `{"id":"a","lines":[{"to":"b","due":"2022-08-09T08:00:00+08:00"}]}`, `{"any":{"x":[1,2]},"raw":[null]}`, `{"count":1e9}`, `{"merge":{"":""}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		var got, loose form
		err := DecodeStrict(input, &got)
		if err != nil {
			if e, ok := errors.AsType[*Error](err); !ok || e.Code != Invalid || strings.Contains(e.Text.En+e.Text.Zh, "%!") && !strings.Contains(string(input), "%!") {
				t.Fatalf("%q: %v", input, err)
			}
			return
		}
		if err := json.Unmarshal(input, &loose); err != nil || !reflect.DeepEqual(got, loose) {
			t.Fatalf("%q: %+v, encoding/json reads %+v (%v)", input, got, loose, err)
		}
	})
}
