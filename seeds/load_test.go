package seeds

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"suyuan/services/ledger"
)

const sound = `{"id": "a-case", "case": "S0-0", "title": {"zh": "题", "en": "Title"}, "source": "报道", "assumed": ["设定"],
 "units": {"at": "2020-01-01T09:00:00+08:00", "by": {"role": "admin", "unit": "99"}, "of": [
   {"code": "99", "name": "省"}, {"code": "990101001001", "name": "村", "people": 7}, {"code": "9901-jw", "name": "纪委", "kind": "party"}]},
 "steps": [
   {"at": "2020-01-02T09:00:00+08:00", "by": {"role": "clerk", "unit": "99"}, "do": "mandate.issue", "with": {"id": "m", "origin": "99", "fictional": true, "measures": [{"key": "k", "unit": "亩"}]}},
   {"at": "2020-01-03T09:00:00+08:00", "by": {"role": "clerk", "unit": "9901"}, "do": "handoff.accept", "with": {"id": "h"}, "refused": "handoff.without_means", "note": "注"}],
 "expect": [{"handoff": {"id": "h", "from": "99", "to": "9901", "state": "PROPOSED", "flags": []}}]}`

func TestParse(t *testing.T) {
	s, err := Parse([]byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Steps) != 5 || len(s.Expect) != 1 {
		t.Fatalf("%d steps, %d expectations", len(s.Steps), len(s.Expect))
	}
	for i, want := range []string{
		`a-case/unit/99 unit.register admin-99 {"code":"99","name":"省","kind":"government"}`,
		`a-case/unit/990101001001 unit.register admin-99 {"code":"990101001001","name":"村","kind":"village","parent":"990101001","people":7}`,
		`a-case/unit/9901-jw unit.register admin-99 {"code":"9901-jw","name":"纪委","kind":"party","parent":"9901"}`,
	} {
		if p := s.Steps[i]; fmt.Sprintf("%s %s %s %s", p.key, p.Do, p.By.Actor().Account, p.With) != want {
			t.Errorf("step %d: %s %s %s %s", i, p.key, p.Do, p.By.Actor().Account, p.With)
		}
	}
	if p := s.Steps[4]; p.key != "a-case/2" || p.Refused != "handoff.without_means" {
		t.Errorf("%+v", p)
	}
}

func TestActor(t *testing.T) {
	for want, by := range map[string]By{
		"clerk-990101 [clerk] 990101":           {Role: ledger.Clerk, Unit: "990101"},
		"reviewer-9901-jw-2 [reviewer] 9901-jw": {Role: ledger.Reviewer, Unit: "9901-jw", As: "2"},
		"system [] ":                            {Role: System},
	} {
		if a := by.Actor(); fmt.Sprintf("%s %s %s", a.Account, a.Roles, a.Unit) != want {
			t.Errorf("%+v acts as %+v", by, a)
		}
		if err := by.check(); err != nil {
			t.Errorf("%+v: %v", by, err)
		}
	}
}

// Each mistake is refused with its rule and place, in both languages.
func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct{ old, new, rule, field string }{
		"unknown field":            {`"case"`, `"kase"`, "input.unknown_field", "kase"},
		"unknown field of a step":  {`"note"`, `"remark"`, "input.unknown_field", "steps[1].remark"},
		"unknown field of a unit":  {`"people": 7`, `"persons": 7`, "input.unknown_field", "units.of[1].persons"},
		"unknown field of By":      {`{"role": "clerk", "unit": "9901"}`, `{"role": "clerk", "name": "x"}`, "input.unknown_field", "steps[1].by.name"},
		"unknown expectation":      {`"handoff": {`, `"handover": {`, "input.unknown_field", "expect[0].handover"},
		"empty expectation":        {`{"handoff": {"id": "h", "from": "99", "to": "9901", "state": "PROPOSED", "flags": []}}`, `{}`, "scenario.expectation", "expect[0]"},
		"wrong type":               {`"people": 7`, `"people": "7"`, "input.type", "units.of[1].people"},
		"not JSON":                 {`"steps": [`, `"steps": [,`, "input.json", ""},
		"trailing":                 {`"flags": []}}]}`, `"flags": []}}]} {}`, "input.trailing", ""},
		"bad id":                   {`"a-case"`, `"A case"`, "input.id", "id"},
		"no title":                 {`"en": "Title"`, `"en": " "`, "input.missing", "title.en"},
		"no source":                {`"报道"`, `""`, "input.missing", "source"},
		"blank assumption":         {`["设定"]`, `["设定", ""]`, "input.missing", "assumed[1]"},
		"undated":                  {`"at": "2020-01-02T09:00:00+08:00", `, ``, "scenario.undated", "steps[0].at"},
		"no date":                  {`2020-01-02T09:00:00+08:00`, `2020-01-02`, "input.type", "steps[0].at"},
		"backwards":                {`2020-01-03`, `2020-01-01`, "scenario.order", "steps[1].at"},
		"before the units":         {`2020-01-02`, `2019-01-02`, "scenario.order", "steps[0].at"},
		"no command":               {`"do": "handoff.accept"`, `"do": ""`, "input.missing", "steps[1].do"},
		"unknown role":             {`"role": "clerk", "unit": "9901"`, `"role": "mayor", "unit": "9901"`, "input.word", "steps[1].by.role"},
		"input is no object":       {`"with": {"id": "h"}`, `"with": ["h"]`, "scenario.with", "steps[1].with"},
		"no input":                 {`, "with": {"id": "h"}`, ``, "scenario.with", "steps[1].with"},
		"null input":               {`"with": {"id": "h"}`, `"with": null`, "scenario.with", "steps[1].with"},
		"actor of a real unit":     {`"unit": "9901"`, `"unit": "5101"`, "scenario.real_unit", "steps[1].by.unit"},
		"actor of no unit":         {`"unit": "9901"`, `"unit": ""`, "scenario.real_unit", "steps[1].by.unit"},
		"the centre":               {`"origin": "99"`, `"origin": "0"`, "scenario.real_unit", "steps[0].with.origin"},
		"registers a real unit":    {`{"code": "99", "name": "省"}`, `{"code": "51", "name": "省"}`, "scenario.real_unit", "units.of[0].with.code"},
		"parent is a real unit":    {`"people": 7`, `"parent": "51"`, "scenario.real_unit", "units.of[1].with.parent"},
		"real unit deep inside":    {`"measures": [{`, `"lines": [{"to": "51"}], "measures": [{`, "scenario.real_unit", "steps[0].with.lines[0].to"},
		"real unit in other case":  {`"origin": "99"`, `"Origin": "51"`, "scenario.real_unit", "steps[0].with.Origin"},
		"marked, then not":         {`"fictional": true`, `"fictional": true, "Fictional": false`, "scenario.not_marked", "steps[0].with.fictional"},
		"mandate not marked":       {`"fictional": true, `, ``, "scenario.not_marked", "steps[0].with.fictional"},
		"outcome not marked":       {`"do": "handoff.accept"`, `"do": "outcome.penalise"`, "scenario.not_marked", "steps[1].with.fictional"},
		"a real unit's measure":    {`"with": {"id": "h"}`, `"with": {"id": "h", "penalties": [{"body": "51"}]}`, "scenario.real_unit", "steps[1].with.penalties[0].body"},
		"real units in a list":     {`"with": {"id": "h"}`, `"with": {"id": "h", "units": ["9901", "51"]}`, "scenario.real_unit", "steps[1].with.units[1]"},
		"the system in a unit":     {`"role": "clerk", "unit": "9901"`, `"role": "system", "unit": "9901"`, "scenario.system_alone", "steps[1].by.unit"},
		"the system twice":         {`"role": "clerk", "unit": "9901"`, `"role": "system", "as": "2"`, "scenario.system_alone", "steps[1].by.unit"},
		"no account":               {`"role": "clerk", "unit": "9901"`, `"role": "clerk", "unit": "9901", "as": "B"`, "input.id", "steps[1].by.as"},
		"a long account":           {`"role": "clerk", "unit": "9901"`, `"role": "clerk", "unit": "9901", "as": "12345678901"`, "input.too_long", "steps[1].by.as"},
		"no part of the finding":   {`"handoff": {"id": "h", "from": "99", "to": "9901", "state": "PROPOSED", "flags": []}`, `"finding": {"id": "f", "share": {}}`, "input.unknown_field", "expect[0].finding.share"},
		"a recent one, then not":   {`"do": "mandate.issue"`, `"recent": true, "do": "mandate.issue"`, "scenario.recent_last", "steps[1].recent"},
		"a recent one with a day":  {`"with": {"id": "h"}`, `"recent": true, "with": {"id": "h", "on": "2020-01-02"}`, "scenario.recent_dated", "steps[1].with.on"},
		"a recent one at a moment": {`"with": {"id": "h"}`, `"recent": true, "with": {"id": "h", "sent": "2020-01-02T09:00:00+08:00"}`, "scenario.recent_dated", "steps[1].with.sent"},
		"mandate marked otherwise": {`"fictional": true`, `"fictional": false`, "scenario.not_marked", "steps[0].with.fictional"},
	} {
		if !strings.Contains(sound, c.old) {
			t.Fatalf("%s: nothing to replace", name)
		}
		_, err := Parse([]byte(strings.Replace(sound, c.old, c.new, 1)))
		e, ok := errors.AsType[*ledger.Error](err)
		switch {
		case !ok:
			t.Errorf("%s: %v", name, err)
		case e.Rule != c.rule || e.Field != c.field:
			t.Errorf("%s: refused by %s at %q, not by %s at %q", name, e.Rule, e.Field, c.rule, c.field)
		case c.rule != "input.json" && name != "bad id" && (!strings.Contains(e.Text.Zh, "a-case") || !strings.Contains(e.Text.En, "a-case")):
			t.Errorf("%s: the message does not name the scenario: %s", name, e.Text.En)
		}
	}
}

func TestParseBounds(t *testing.T) {
	for name, c := range map[string]struct {
		change func(m map[string]any)
		rule   string
	}{
		"steps":     {func(m map[string]any) { m["steps"] = make([]any, maxSteps+1) }, "input.count"},
		"expect":    {func(m map[string]any) { m["expect"] = make([]any, maxExpect+1) }, "input.count"},
		"units":     {func(m map[string]any) { m["units"].(map[string]any)["of"] = make([]any, maxUnits+1) }, "input.count"},
		"nothing":   {func(m map[string]any) { delete(m, "steps"); delete(m, "units") }, "input.count"},
		"too large": {func(m map[string]any) { m["source"] = strings.Repeat("长", maxBytes) }, "scenario.too_large"},
		"first is to be refused": {func(m map[string]any) {
			delete(m, "units")
			m["steps"].([]any)[0].(map[string]any)["refused"] = "some.rule"
		}, "scenario.first_refused"},
	} {
		var m map[string]any
		if err := json.Unmarshal([]byte(sound), &m); err != nil {
			t.Fatal(err)
		}
		c.change(m)
		data, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = Parse(data); err == nil || ledger.AsError(err).Rule != c.rule {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLoad(t *testing.T) {
	other := strings.Replace(sound, `"a-case"`, `"b-case"`, 1)
	got, err := Load(fstest.MapFS{"2.json": {Data: []byte(sound)}, "1.json": {Data: []byte(other)}, "readme.txt": {Data: []byte("no")}})
	if err != nil || len(got) != 2 || got[0].ID != "b-case" || got[1].ID != "a-case" {
		t.Errorf("%v, %v", got, err)
	}
	for name, files := range map[string]fstest.MapFS{
		"twice":     {"1.json": {Data: []byte(sound)}, "2.json": {Data: []byte(sound)}},
		"broken":    {"2.json": {Data: []byte("{")}},
		"too large": {"2.json": {Data: make([]byte, maxBytes+2)}},
	} {
		if _, err := Load(files); err == nil || !strings.Contains(err.Error(), "2.json") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sound))
	f.Add([]byte(`{"steps":[null]}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data)
		if err == nil {
			for _, p := range s.Steps {
				if !strings.HasPrefix(p.By.Unit, Division) || p.key == "" || p.place == "" {
					t.Errorf("accepted: %+v", p)
				}
			}
		} else if ledger.AsError(err).Code == ledger.Internal {
			t.Errorf("not a refusal: %v", err)
		}
	})
}
