package blank

import (
	"strings"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
)

func TestDecide(t *testing.T) {
	type events = []ledger.Evolver[State]
	system := ledger.Actor{Account: ledger.System}
	admin := ledger.Actor{Account: "a", Roles: ledger.Roles}
	id := strings.Repeat("0a", 16)
	seen := ledgertest.Run[State, Facts](t, nil, []ledgertest.Case[State, Facts]{
		{Name: "some are entered", By: system, When: Enter{id, 3}, Then: events{Entered{}, Entered{}, Entered{}}},
		{Name: "once", By: system, Given: events{Entered{}}, When: Enter{id, 3}, Refused: "conflict blank.entered at id"},
		{Name: "by the engine", By: admin, When: Enter{id, 3}, Refused: "forbidden blank.system_only"},
		{Name: "under an id", By: system, When: Enter{"x", 3}, Refused: "invalid blank.id at id"},
		{Name: "not none", By: system, When: Enter{id, 0}, Refused: "invalid blank.count at count"},
		{Name: "nor too many", By: system, When: Enter{id, Most + 1}, Refused: "invalid blank.count at count"},
	})
	ledgertest.Complete(t, seen)
}

// What a cut comes to is a power of two, at least the least, and never tells
// for certain that it was filled by somebody's own reports to the last one.
func TestNeeded(t *testing.T) {
	for n := range 300 {
		totals := map[int]bool{}
		for r := range 256 {
			needed := Needed(n, byte(r))
			total := n + needed
			if needed < 0 || total < Least || total&(total-1) != 0 || total > 2*(n+2*Least) {
				t.Fatalf("%d and %d blank ones, drawn %d", n, needed, r)
			}
			totals[total] = true
		}
		if n >= Least && n&(n-1) == 0 && len(totals) < 2 {
			t.Errorf("a cut of %d always comes to %v: one report more would show", n, totals)
		}
	}
}
