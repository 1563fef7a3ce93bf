package view

import (
	"slices"
	"testing"
	"time"
)

// lineThen is an issuance's first line at a moment, with its total and how
// many events tell of it.
func (s *scene) lineThen(id string, at AsOf) (receivers int, value, total string, events int) {
	r := s.rows()
	i := r.Issuance(id, at)
	lines, err := r.Lines(*i, "", whole)
	s.must(err)
	return lines.Total, *lines.Items[0].Value, r.Totals(*i)[0].Value, len(r.IssuanceEvents(*i))
}

// An issuance of the past shows none of what was changed, added or recorded
// afterwards, nor what was recorded but takes effect later.
func TestIssuanceThenAsThen(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	s.pass("a", county, town, "5", nil)
	made := AsOf{Ordinal: s.at["a"]}
	amend := func(to, value, effective string) AsOf {
		return AsOf{Ordinal: s.do(clerk(county), "issuance.amend_line", object{"id": "a", "effective": effective,
			"line": object{"to": to, "amounts": []object{{"measure": "task/area", "value": value}}}})}
	}
	raised := amend(town, "8", "2026-06-01")
	widened := amend(village, "3", "2026-03-20")
	april := AsOf{Effective: time.Date(2026, 4, 1, 0, 0, 0, 0, start.Location())}
	for _, c := range []struct {
		name         string
		at           AsOf
		receivers    int
		value, total string
		events       int
	}{
		{"as made", made, 1, "5", "5", 1},
		{"amended", raised, 1, "8", "8", 2},
		{"with a further receiver", widened, 2, "8", "11", 3},
		{"by what was in effect", april, 2, "5", "8", 2},
		{"now", Now, 2, "8", "11", 3},
	} {
		receivers, value, total, events := s.lineThen("a", c.at)
		if receivers != c.receivers || value != c.value || total != c.total || events != c.events {
			t.Errorf("%s: %d receivers, %s, in all %s, %d events", c.name, receivers, value, total, events)
		}
	}
	if flags := s.rows().IssuanceFlags(*s.rows().Issuance("a", raised)); len(flags) != 0 {
		t.Errorf("the village was passed over later: %+v", flags)
	}
}

// A mandate of the past is led by whom it was led then, and reached whom it
// had reached.
func TestMandateThenAsThen(t *testing.T) {
	s := newScene(t)
	s.task(object{"lead": city, "duty": "patrol"})
	s.pass("a", county, town, "5", nil)
	before := AsOf{Ordinal: s.at["a"]}
	s.do(clerk(county), "mandate.revise", object{"id": "task", "document": "paper", "lead": bureau,
		"measures":    []object{{"key": "money", "name": "经费", "kind": "divisible", "dimension": "quantity"}},
		"constraints": []object{{"key": "most", "author": county, "text": "至多"}}})
	between := AsOf{Ordinal: s.log.Head().Ordinal}
	s.do(clerk(county), "mandate.revise", object{"id": "task", "document": "paper", "duty": "survey"})
	s.pass("b", county, village, "7", nil)
	for _, c := range []struct {
		name, lead, duty, units       string
		at                            AsOf
		measures, conditions, carried int
	}{
		{"before", city, "patrol", "1", before, 2, 0, 1},
		{"between", bureau, "patrol", "1", between, 3, 1, 1},
		{"now", bureau, "survey", "2", Now, 3, 1, 2},
	} {
		r := s.rows()
		m := r.Mandate("task", c.at)
		units, err := r.Receivers(*m)
		s.must(err)
		carrying, err := r.MandateIssuances(*m, whole)
		s.must(err)
		if m.Lead.Code != c.lead || *m.Duty != c.duty || units != c.units || carrying.Total != c.carried {
			t.Errorf("%s: led by %s, duty %s, %s units, %d issuances", c.name, m.Lead.Code, *m.Duty, units, carrying.Total)
		}
		if n, k := len(r.Measures(*m)), len(r.Constraints(*m)); n != c.measures || k != c.conditions {
			t.Errorf("%s: %d measures, %d conditions", c.name, n, k)
		}
	}
	if c, err := s.rows().Cascade("task", "money", "", before, whole); c != nil || err != nil {
		t.Errorf("a cascade of what was not asked for yet: %+v, %v", c, err)
	}
}

// Two revisions that take effect in another order than they were recorded
// leave each what it said.
func TestRevisionsByEffect(t *testing.T) {
	r := &Rows{events: make([]eventRow, 3), mandates: []mandateRow{{lead: 2, duty: "late", revisions: []revisionRow{{1, 1, none, "first"}, {2, 2, none, ""}, {3, none, none, "late"}}}}}
	r.events[1].effective = 9
	if lead, duty := r.chargeAt(0, AsOf{Effective: time.UnixMilli(5)}); lead != 1 || duty != "late" {
		t.Errorf("led by %d, duty %s", lead, duty)
	}
}

// Receivers of the past are counted up to a bound, each once.
func TestReceiversThenAreBounded(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	s.pass("a", county, town, "5", nil)
	s.pass("b", county, town, "6", nil)
	b := s.rows().book(0, AsOf{Ordinal: s.at["b"]})
	for left, want := range []bool{false, false, true} {
		if n, ok := b.receivers(&left); ok != want || ok && n != 1 {
			t.Errorf("%d, %t", n, ok)
		}
	}
}

// What a file's destruction and a paper's later uses say is not known before.
func TestDocumentThenAsThen(t *testing.T) {
	s := newScene(t)
	s.task(object{"document": "paper"})
	s.pass("a", county, town, "5", object{"document": "paper"})
	at := AsOf{Ordinal: s.at["a"]}
	s.pass("b", county, village, "7", object{"document": "paper"})
	s.do(admin, "document.redact", object{"id": "paper", "reason": "销毁"})
	r := s.rows()
	d := r.IssuanceDocument(*r.Issuance("a", at))
	made := each(r.DocumentIssuances(*d), func(i Issuance) string { return i.ID })
	if d.Redacted || !slices.Equal(made, []string{"a"}) || len(r.DocumentEvents(*d)) != 1 {
		t.Errorf("redacted %t, %q, %d events", d.Redacted, made, len(r.DocumentEvents(*d)))
	}
	if d := r.IssuanceDocument(*r.Issuance("a", Now)); !d.Redacted || len(r.DocumentIssuances(*d)) != 2 {
		t.Errorf("now: %+v", d)
	}
}

// A part is of a complete sheet from the moment the last one came in.
func TestSheetThenAsThen(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	s.pass("p1", county, town, "5", object{"part": object{"of": "sheet", "k": 1, "n": 2}})
	s.pass("p2", county, village, "7", object{"part": object{"of": "sheet", "k": 2, "n": 2}})
	for at, want := range map[string]bool{"p1": false, "p2": true} {
		if got := s.rows().Issuance("p1", AsOf{Ordinal: s.at[at]}).Part.Complete; got != want {
			t.Errorf("as of %s: %t", at, got)
		}
	}
}
