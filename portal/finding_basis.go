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
// what the evidence names, the chain and the outcome itself.
func (f *findingData) basis() []basisRow {
	at := map[string]int{}
	var out []basisRow
	add := func(e eventRef, key string, what *ledger.Text) {
		i, known := at[e.Ordinal]
		if !known {
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
	for _, e := range f.Penalty.Events {
		add(e, "recorded", nil)
	}
	for _, c := range f.Penalty.Corrections {
		add(c.Event, "corrected", nil)
	}
	slices.SortFunc(out, func(a, b basisRow) int { return byOrdinal(a.Event.Ordinal, b.Event.Ordinal) })
	return out
}

// byOrdinal orders whole numbers that are text.
func byOrdinal(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}
