package portal

import (
	"slices"
	"strings"

	"suyuan/services/ledger"
)

// basisRow is an event that a finding rests on, and what it is there for.
type basisRow struct {
	Event eventRef
	What  []ledger.Text
	Key   string // of the words, where no text says it
}

// basis lists every event that the finding rests on once, in the log's order:
// what the evidence names, the chain and the outcome itself. What came on
// record after the version was computed is none of it.
func (f *findingData) basis() []basisRow {
	at := map[string]int{}
	var out []basisRow
	known := f.Current.Known
	add := func(e eventRef, key string, what *ledger.Text) {
		if known != "" && byOrdinal(e.Ordinal, known) > 0 {
			return
		}
		i, listed := at[e.Ordinal]
		if !listed {
			i = len(out)
			at[e.Ordinal] = i
			out = append(out, basisRow{Event: e, Key: key})
		}
		if what != nil && !slices.Contains(out[i].What, *what) {
			out[i].What = append(out[i].What, *what)
		}
	}
	if x := f.Current.Explanation; x != nil {
		for _, point := range x.Points {
			for _, e := range point.Events {
				add(e, "evidence", &point.Text)
			}
		}
	}
	if c := f.Penalty.Chain; c != nil {
		for _, s := range c.Steps {
			for _, e := range s.Events {
				add(e, "passedDown", nil)
			}
		}
	}
	for _, c := range f.Penalty.Corrections { // they are among the outcome's events
		add(c.Event, "corrected", nil)
	}
	for _, e := range f.Penalty.Events {
		add(e, "recorded", nil)
	}
	slices.SortFunc(out, func(a, b basisRow) int { return byOrdinal(a.Event.Ordinal, b.Event.Ordinal) })
	return out
}

// Facts is how many of the events are what the evidence names; the others only
// say how it was recorded and passed down.
func (v *findingPage) Facts() (n int) {
	for _, row := range v.Basis {
		if row.What != nil {
			n++
		}
	}
	return n
}

// Others are the events that the evidence does not name.
func (v *findingPage) Others() int { return len(v.Basis) - v.Facts() }

// byOrdinal orders whole numbers that are text.
func byOrdinal(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}
