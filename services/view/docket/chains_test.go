package docket_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/view/docket"
	"suyuan/services/view/docket/dockettest"
)

// matter is a world with so many complaints, all accepted, and the last one
// handled.
func matter(t *testing.T, n int) (*fixed, []string) {
	l := newLog()
	w := &fixed{t: t, l: l, r: &rest{}}
	w.r.d = docket.New(&l.maker.Key, w.r)
	var ids []string
	for range n {
		ids = append(ids, l.file(t, "990101001"))
	}
	for _, id := range ids {
		w.add(id, complaint.Accepted{At: l.at})
	}
	w.add(ids[n-1], complaint.Dispatched{At: l.at, To: bureau, Days: 15})
	w.add(ids[n-1], complaint.SignedFor{At: l.at})
	return w, ids
}

// fixed is a world with one history.
type fixed struct {
	t    *testing.T
	l    *log
	r    *rest
	told int
}

func (w *fixed) add(id string, body any) {
	for _, def := range complaint.Events {
		if def.Type == reflect.TypeOf(body) {
			w.l.add("complaint-"+id, def.Name, body, clerk)
		}
	}
	for ; w.told < len(w.l.events); w.told++ {
		w.r.d.Apply(w.l.events[w.told])
	}
}

func (w *fixed) hear(id string, act claim.Act) {
	w.t.Helper()
	c, _ := w.r.d.Find(id)
	h := complaint.Hear{ID: id, Letter: fmt.Sprintf("%064x", w.told), Day: ledger.DateOf(w.l.at), Act: act, Narrative: dockettest.Blob("l", complaint.ClassText)}
	if no := false; act == claim.Rate {
		h.Solved, h.Satisfied = &no, &no
	}
	then, err := h.Decide(c.State, w.r, dockettest.System, w.l.at)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range then {
		w.add(id, e)
	}
}

// where tells what each goes on in, by number; itself for none.
func (w *fixed) where(ids []string) (out []int) {
	for i, id := range ids {
		c, _ := w.r.d.Find(id)
		if into := w.r.d.Into(c); into != nil && c.State.Stage == complaint.Joined {
			i = slices.Index(ids, into.ID)
		}
		out = append(out, i)
		if w.r.d.For(everywhere).Complaint(id) == nil {
			w.t.Errorf("%d is hidden from everybody", i)
		}
	}
	return out
}

func (w *fixed) want(ids []string, want ...int) {
	w.t.Helper()
	if got := w.where(ids); !slices.Equal(got, want) {
		w.t.Errorf("they go on in %v, not %v", got, want)
	}
}

// Older ledgers hold complaints that were merged into one that was merged. When
// the one between takes theirs back, whoever went along stays; when it goes on
// alone, they go along with it.
func TestChainsOfBefore(t *testing.T) {
	for act, then := range map[claim.Act][]int{claim.Withdraw: {2, 1, 2}, claim.Rate: {1, 1, 2}} {
		w, ids := matter(t, 3)
		w.add(ids[0], complaint.Merged{At: w.l.at, Into: ids[1]})
		w.add(ids[1], complaint.Merged{At: w.l.at, Into: ids[2]})
		w.want(ids, 2, 2, 2)
		if act == claim.Rate {
			w.l.at = w.l.at.AddDate(0, 0, 1)
			w.add(ids[2], complaint.Answered{At: w.l.at, Message: dockettest.Blob("answer", ""), Outcome: complaint.Partly})
		}
		w.l.at = w.l.at.AddDate(0, 0, 1)
		w.hear(ids[1], act)
		w.want(ids, then...)
		first, _ := w.r.d.Fact(ids[then[0]])
		if left, _ := w.r.d.Find(ids[1]); first.Others != 1 || (left.State.Stage == complaint.Ended) != (act == claim.Withdraw) {
			t.Errorf("%s: %d others, it stands at %s", act, first.Others, left.State.Stage)
		}
		w.r.d.Unsettled(func(id string, what complaint.Unsettled) bool {
			t.Errorf("%s: %s is %s", act, id, what)
			return true
		})
	}
}

// Two that are merged into each other at the same moment, and what was merged
// into one of them, go on alone, but for the last: it goes on in the other one then.
func TestRings(t *testing.T) {
	w, ids := matter(t, 4)
	for i, into := range []int{1, 2, 1} {
		w.add(ids[i], complaint.Merged{At: w.l.at, Into: ids[into]})
	}
	w.want(ids, 0, 1, 2, 3)
	for _, id := range ids[:3] {
		c, _ := w.r.d.Find(id)
		then, err := complaint.Settle{ID: id}.Decide(c.State, w.r, dockettest.System, w.l.at)
		if last := id == ids[2]; (err != nil) != last {
			t.Errorf("%v, %v", then, err)
		}
		for _, e := range then {
			w.add(id, e)
		}
	}
	w.want(ids, 0, 1, 1, 3)
	for i, id := range ids[:3] {
		c, _ := w.r.d.Find(id)
		told := w.r.d.Alone(c, w.l.at)
		if told.State.Stage != complaint.Taken || len(told.Steps) != 2 {
			t.Errorf("the box of %d tells that it was merged: %s, %+v", i, told.State.Stage, told.Steps)
		}
	}
}

// Older ledgers let one that went on alone take in the one that it had gone on
// in: all are seen, and none goes on in itself.
func TestMergedBack(t *testing.T) {
	w, ids := matter(t, 2)
	w.add(ids[0], complaint.Merged{At: w.l.at, Into: ids[1]})
	w.l.at = w.l.at.AddDate(0, 0, 1)
	w.add(ids[1], complaint.Answered{At: w.l.at, Message: dockettest.Blob("answer", ""), Outcome: complaint.Partly})
	for _, id := range ids {
		w.hear(id, claim.Rate)
		w.add(id, complaint.Recalled{At: w.l.at, Reason: "x"})
	}
	c, _ := w.r.d.Find(ids[1])
	_, err := complaint.Merge{ID: ids[1], Into: ids[0]}.Decide(c.State, w.r, everywhere, w.l.at)
	if rule := ledger.AsError(err).Rule; rule != "complaint.merged_others" {
		t.Errorf("it is merged back: %s", rule)
	}
	w.add(ids[1], complaint.Merged{At: w.l.at, Into: ids[0]})
	w.want(ids, 0, 0)
	first, _ := w.r.d.Find(ids[0])
	if fact, _ := w.r.d.Fact(ids[0]); fact.Others != 1 || !fact.Merged || !fact.Took || w.r.d.Into(first) != c {
		t.Errorf("%d go on in it, and it went on in %v", fact.Others, w.r.d.Into(first))
	}
}

// When the last of all who wait takes theirs back, nobody waits: it ends.
func TestAllTakeBack(t *testing.T) {
	w, ids := matter(t, 2)
	w.add(ids[0], complaint.Merged{At: w.l.at, Into: ids[1]})
	w.hear(ids[1], claim.Withdraw)
	c, _ := w.r.d.Find(ids[1])
	if _, err := (complaint.Settle{ID: ids[1]}).Decide(c.State, w.r, dockettest.System, w.l.at); ledger.AsError(err).Rule != "complaint.not_due" || !c.State.Timing.Running {
		t.Error("it ends for those who wait")
	}
	w.hear(ids[0], claim.Withdraw)
	n := 0
	w.r.d.Unsettled(func(id string, what complaint.Unsettled) bool {
		n++
		then, err := complaint.Settle{ID: id}.Decide(c.State, w.r, dockettest.System, w.l.at)
		if id != ids[1] || what != complaint.LeftByAll || err != nil || len(then) != 1 {
			t.Errorf("%s is %s: %v, %v", id, what, then, err)
		}
		return true
	})
	if n != 1 {
		t.Errorf("%d are settled", n)
	}
}

// One that goes on alone counts as sent when it was merged, or later: not before
// it was there.
func TestSentSinceTheMerger(t *testing.T) {
	w, ids := matter(t, 2)
	w.l.at = w.l.at.AddDate(0, 0, 9)
	since := w.l.at
	w.add(ids[0], complaint.Merged{At: since, Into: ids[1]})
	w.l.at = w.l.at.AddDate(0, 0, 1)
	w.add(ids[1], complaint.Answered{At: w.l.at, Message: dockettest.Blob("answer", ""), Outcome: complaint.Partly})
	w.add(ids[0], complaint.Dispatched{At: since.AddDate(0, 0, -9), To: bureau, Days: 15}) // as ledgers of before have it
	w.add(ids[0], complaint.Answered{At: w.l.at, Message: dockettest.Blob("answer", ""), Outcome: complaint.Partly})
	if c, _ := w.r.d.Find(ids[0]); !c.Sent.Equal(since) || !c.Round.Equal(since) || !c.Answered.Equal(w.l.at) {
		t.Errorf("sent %v, for the round %v, answered %v; merged %v", c.Sent, c.Round, c.Answered, since)
	}
}
