package evidence

import (
	"slices"
	"testing"
)

// Every unit that the record names is one of it: whoever of it wants to decide,
// or to say what counts, is tied.
func TestUnits(t *testing.T) {
	r := Record{
		Executor: "h", Origin: "i", Lead: "g",
		Steps: []Step{{Unit: "b", DirectedBy: "a"}, {Unit: "h"}}, Layers: []Step{{Unit: "c", DirectedBy: "d"}},
		Demands: []Demand{{Unit: "e"}}, Constraints: []Constraint{{Author: "f"}},
		Objections: []Objection{{Unit: "j", OwedBy: "k", DecidedBy: "l"}}, Stops: []Stop{{Unit: "m", OwedBy: "n", DecidedBy: "o"}},
		Acts: []Act{{Unit: "p"}}, Falsifications: []Falsification{{Who: "q", OrderedBy: "r"}},
	}
	want := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r"}
	if got := r.Units(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := (Record{Executor: "h", Steps: []Step{{Unit: "h"}, {}}}).Units(); !slices.Equal(got, []string{"h"}) {
		t.Errorf("each once, and none without a code: %v", got)
	}
}
