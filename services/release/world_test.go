package release

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// world is a ledger as far as releases look at it.
type world struct {
	staff   map[string]int64 // of a unit itself; a unit that is not here is not on record
	reports []Report
	answers []Answer
	told    map[Tag]bool
	parts   []Published
}

// The county of most tests: a city and a province above it, a department, two
// towns, one of them with a village, and a village of four.
func newWorld() *world {
	return &world{told: map[Tag]bool{}, staff: map[string]int64{
		"0": 0, "99": 0, "9901": 100, "990101": 200, "990101-nongye": 30, "990101-xiaoju": 8,
		"990101001": 40, "990101001201": 5, "990101002": 19, "990101003": 0, "990101003201": 4, "990102": 300,
	}}
}

func (w *world) Unit(code string) (unit.Fact, bool) {
	_, ok := w.staff[code]
	return unit.Fact{Code: code, Level: unit.LevelOf(code)}, ok
}

func (w *world) Mandate(id string) (issuance.MandateFact, bool) {
	return issuance.MandateFact{Measures: map[string]mandate.Measure{"area": {Key: "area"}}}, id != "made-up"
}

func (w *world) Staffed(code string, least int64) bool {
	sum := int64(0)
	for c, n := range w.staff {
		if unit.Contains(code, c) {
			sum += n
		}
	}
	return sum >= least
}

func (w *world) ReleasePool(until ledger.Date) Pool {
	p := Pool{Before: w.parts}
	for _, r := range w.reports {
		if !w.told[r.Tag] && r.Day <= until {
			p.Reports = append(p.Reports, r)
		}
	}
	for _, a := range w.answers {
		if !w.told[a.Tag] && a.Day <= until {
			p.Answers = append(p.Answers, a)
		}
	}
	return p
}

var system = ledger.Actor{Account: ledger.System}

// failing is a test, or a drawn one.
type failing interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// release asks until the last part is out, as the ledger's watch does; the
// read model shows nothing of it before the end.
func (w *world) release(t failing, date ledger.Date) []Published {
	t.Helper()
	var s State
	var parts []Published
	for !s.Last {
		if len(parts) > 100 {
			t.Fatal("a release without an end")
		}
		events, err := Publish{date, s.Parts + 1}.Decide(s, w, system, date.Time().Add(time.Hour))
		if ledger.IsCode(err, ledger.Refused) && ledger.AsError(err).Rule == "release.nothing" {
			return nil
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			e.Evolve(&s)
			parts = append(parts, e.(Published))
		}
	}
	for _, p := range parts {
		for _, b := range p.Reports {
			w.tell(t, b.Members, b.Count)
		}
		for _, b := range p.Answers {
			w.tell(t, b.Members, b.Count)
		}
	}
	w.parts = append(w.parts, parts...)
	return parts
}

func (w *world) tell(t failing, m Members, count int) {
	t.Helper()
	tags := m.Tags()
	if len(tags) != count {
		t.Fatalf("a batch of %d has %d members", count, len(tags))
	}
	for _, tag := range tags {
		if w.told[tag] {
			t.Fatalf("%x was released twice", tag)
		}
		w.told[tag] = true
	}
}

// file puts reports on record, each by somebody else where they say nothing.
func (w *world) file(day ledger.Date, list ...Report) {
	for _, r := range list {
		n := len(w.reports)
		r.Tag, r.Day = tagOf("report", n), day
		if r.Nullifier == "" && r.Key == "" {
			r.Proof = Proof{"990101-2026q4-1", fmt.Sprintf("n%d", n)}
		}
		if r.Key == "open" {
			r.Proof = Proof{}
		}
		w.reports = append(w.reports, r)
	}
}

func (w *world) settle(day ledger.Date, list ...Answer) {
	for _, a := range list {
		n := len(w.answers)
		a.Tag, a.Day = tagOf("answer", n), day
		if a.Nullifier == "" && a.Key == "" {
			a.Proof = Proof{"990101-2026q4-1", fmt.Sprintf("a%d", n)}
		}
		if a.Key == "open" {
			a.Proof = Proof{}
		}
		w.answers = append(w.answers, a)
	}
}

func tagOf(what string, n int) (t Tag) {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", what, n))
	copy(t[:], sum[:])
	return t
}

// base is the add-on everybody reports unless a test says otherwise: the
// county's department turned 600 into 690.
func base() Report {
	return Report{Issuer: "990101-nongye", Within: "990101", Dimension: mandate.Quantity, Mandate: "farmland-600", Measure: "farmland-600/area", CameDown: "600", Asked: "690"}
}

// times is the same report n times.
func times(n int, r Report) []Report { return slices.Repeat([]Report{r}, n) }

func with(r Report, change func(*Report)) Report { change(&r); return r }

var open = func(r *Report) { r.Key = "open" }

// week is the date of the n-th release.
func week(n int) ledger.Date {
	return ledger.DateOf(ledger.Date("2026-10-05").Time().AddDate(0, 0, 7*n))
}

// labels are the batches of verified reports, one line each.
func labels(parts []Published) (lines []string) {
	for _, p := range parts {
		for _, b := range p.Reports {
			c := b.Cell
			at := c.Place + c.Unit
			lines = append(lines, fmt.Sprintf("%s %s %s %s %s→%s%s ×%d", b.Lane, at, c.Dimension, c.Mandate, c.CameDown, c.Asked, c.Change, b.Count))
		}
	}
	return lines
}
