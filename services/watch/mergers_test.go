package watch_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"suyuan/services/complaint"
	"suyuan/services/ledger"
	"suyuan/services/watch"
)

// shelved tells of the complaints on a shelf what a merger left, as the docket
// would where nobody goes on in any.
type shelved struct{ b *book }

func (s shelved) Running(use func(id string, what complaint.Unsettled) bool) {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	for id, state := range s.b.all {
		if what := state.Unsettled(complaint.Fact{}); what != "" && !use(id, what) {
			return
		}
	}
}

// lone are facts in which every complaint is known and goes on in none.
type lone struct{ facts }

func (lone) Complaint(string) (complaint.Fact, bool) { return complaint.Fact{}, true }

// What a merger left to the system is asked for once, without a calendar, and
// under a key that holds no date.
func TestMergersAreSettled(t *testing.T) {
	b := shelf(t, 1)
	b.facts = lone{facts{b}}
	back := complaint.Withdrawn{Letter: complaint.Letter{Letter: strings.Repeat("a", 64), Day: ledger.DateOf(monday)}}
	b.add("back", complaint.Filed{Day: "2026-03-02"}, complaint.Accepted{At: monday}, complaint.Dispatched{At: monday, To: "990102-jw", Days: 10}, back)
	b.add("ring", complaint.Filed{Day: "2026-03-02"}, complaint.Merged{At: monday, Into: "gone"})
	mergers := watch.Mergers{Desk: b, Of: "mergers", Subjects: shelved{b}, Clock: func() time.Time { return b.now }, Faults: quiet}
	for range 2 {
		if err := mergers.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.now = b.now.AddDate(0, 0, 1)
	}
	slices.Sort(b.keys)
	if want := []string{"complaint.settle-back-merger-left", "complaint.settle-ring-merger-stranded"}; !slices.Equal(b.keys, want) || len(b.changed) != 2 {
		t.Errorf("asked for %v, changed by %v", b.keys, b.changed)
	}
	if b.all["back"].How != complaint.ByWithdrawal || b.all["ring"].Stage != complaint.Taken {
		t.Errorf("it stands at %s and %s", b.all["back"].Stage, b.all["ring"].Stage)
	}
}
