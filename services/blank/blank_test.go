package blank

import (
	"maps"
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

// counted is how often a cut of n comes to which number, over all chances.
func counted(t *testing.T, n int) map[int]int {
	t.Helper()
	totals := map[int]int{}
	for blur := range 16 {
		for more := range 256 {
			needed := Needed(n, byte(blur), byte(more))
			total := n + needed
			if needed < 0 || total < Least || total&(total-1) != 0 || total > 16*(n+Least) {
				t.Fatalf("%d and %d blank ones, drawn %d and %d", n, needed, blur, more)
			}
			totals[total]++
		}
	}
	return totals
}

// Whether there was no report or some, the numbers are the same, each as often.
func TestFewAreAsGoodAsNone(t *testing.T) {
	none := counted(t, 0)
	if len(none) < 4 {
		t.Fatalf("none comes to %v", none)
	}
	for n := range Least/2 + 2 {
		if got := counted(t, n); !maps.Equal(got, none) {
			t.Errorf("%d come to %v, none to %v", n, got, none)
		}
	}
}

// One report more than somebody's own never shows for certain, and hardly at
// all: it moves one chance in eight at most.
func TestOneMore(t *testing.T) {
	for n := range 300 {
		one, more := counted(t, n), counted(t, n+1)
		moved := 0
		for total, times := range one {
			if more[total] == 0 && times > 16*256/8 {
				t.Errorf("%d come to %d, %d never do", n, total, n+1)
			}
			moved += max(0, times-more[total])
		}
		if moved > 16*256/8 {
			t.Errorf("from %d to %d the numbers move by %d of %d", n, n+1, moved, 16*256)
		}
	}
}
