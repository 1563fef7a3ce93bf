package record

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"suyuan/services/calendar"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/unit"
	"suyuan/services/view/docket"
	"suyuan/services/view/docket/dockettest"
)

// world decides commands on three reports: one that goes on in another, that
// other, and one that is alone and handled as the first is told to be.
type world struct {
	t       *rapid.T
	d       *docket.Docket
	at      time.Time
	n       uint64
	letters int

	mine, other, alone string
}

func (w *world) Complaint(id string) (complaint.Fact, bool) { return w.d.Fact(id) }
func (*world) Calendar() *calendar.Calendar                 { return days }
func (*world) Unit(code string) (unit.Fact, bool) {
	return unit.Fact{Code: code, Level: unit.LevelOf(code)}, true
}

// known are the facts that the world knows, with the rest.
type known struct {
	rest
	*world
}

func (k known) Complaint(id string) (complaint.Fact, bool) { return k.world.Complaint(id) }
func (k known) Calendar() *calendar.Calendar               { return k.world.Calendar() }
func (k known) Unit(code string) (unit.Fact, bool)         { return k.world.Unit(code) }

func (w *world) add(id string, body any) {
	for _, def := range complaint.Events {
		if def.Type == reflect.TypeOf(body) {
			w.n++
			w.d.Apply(docket.Event{Ordinal: w.n, Type: def.Name, Stream: "complaint-" + id, At: w.at, Body: body})
		}
	}
}

type decider = ledger.Decider[complaint.State, complaint.Facts]

// do carries a command out where it can be.
func (w *world) do(id string, c decider, by ledger.Actor) bool {
	x, _ := w.d.Find(id)
	events, err := c.Decide(x.State, known{world: w}, by, w.at)
	for _, e := range events {
		w.add(id, e)
	}
	return err == nil
}

func (w *world) stage(id string) complaint.Stage {
	c, _ := w.d.Find(id)
	return c.State.Stage
}

var (
	everybody = ledger.Actor{Account: "inv", Roles: []ledger.Role{ledger.Investigator, ledger.Reviewer}}
	system    = ledger.Actor{Account: ledger.System}
)

func (w *world) clerk(id string) ledger.Actor {
	c, _ := w.d.Find(id)
	return ledger.Actor{Account: "c", Unit: c.State.Handler, Roles: []ledger.Role{ledger.Clerk}}
}

// pass lets the next day come, and what ran out on it.
func (w *world) pass() {
	w.at = ledger.DateOf(w.at).Time().AddDate(0, 0, 1).Add(time.Minute)
	for _, id := range []string{w.mine, w.other, w.alone} {
		for more := true; more; {
			c, _ := w.d.Find(id)
			list, _ := c.State.Timing.Due(id, days, w.at)
			more = false
			for _, due := range list {
				more = w.do(id, due.Input.(decider), system) || more
			}
		}
	}
	w.at = w.at.Add(9 * time.Hour)
}

func (w *world) hear(id string, act claim.Act, yes bool) {
	w.letters++
	h := complaint.Hear{ID: id, Letter: fmt.Sprintf("%064x", w.letters), Day: ledger.DateOf(w.at), Act: act, Narrative: dockettest.Blob("l", complaint.ClassText)}
	if act == claim.Rate {
		h.Solved, h.Satisfied = &yes, &yes
	}
	at := w.at
	w.at = h.Day.Time() // as a cut dates it
	if c, _ := w.d.Find(id); len(c.Steps) > 0 && c.Steps[len(c.Steps)-1].At.After(w.at) {
		w.at = c.Steps[len(c.Steps)-1].At
	}
	if !w.do(id, h, system) {
		w.t.Fatalf("%s is not heard", act)
	}
	w.at = at
}

// random is something that is done with one complaint, whichever it is.
func (w *world) random() func(id string) bool {
	to := rapid.SampledFrom([]string{"990101-nyj", "990101-xyz", "9901-jw"}).Draw(w.t, "to")
	n := rapid.IntRange(1, 12).Draw(w.t, "n")
	message := dockettest.Blob(fmt.Sprint("message", w.n), "")
	until := ledger.DateOf(w.at.AddDate(0, 0, n))
	list := []func(id string) bool{
		func(id string) bool { return w.do(id, complaint.Dispatch{ID: id, To: to, Days: n}, everybody) },
		func(id string) bool {
			return w.do(id, complaint.Rule{ID: id, To: to, Days: n, Reason: "x"}, everybody)
		},
		func(id string) bool { return w.do(id, complaint.Return{ID: id, Reason: "x"}, w.clerk(id)) },
		func(id string) bool { return w.do(id, complaint.Recall{ID: id, Reason: "x"}, everybody) },
		func(id string) bool { return w.do(id, complaint.SignFor{ID: id}, w.clerk(id)) },
		func(id string) bool { return w.do(id, complaint.Pause{ID: id, Reason: "x", Until: until}, everybody) },
		func(id string) bool { return w.do(id, complaint.Resume{ID: id}, everybody) },
		func(id string) bool {
			return w.do(id, complaint.Extend{ID: id, Days: n, ApprovedBy: "99", Reason: "x"}, everybody)
		},
		func(id string) bool {
			return w.do(id, complaint.Answer{ID: id, Message: message, Outcome: complaint.Partly}, w.clerk(id))
		},
	}
	sign, answer := list[4], list[8]
	return rapid.SampledFrom(append(list, sign, sign, answer, answer)).Draw(w.t, "what")
}

// shown is a box without what differs between any two.
func (w *world) shown(id string) string {
	c, _ := w.d.Find(id)
	box := New(nil, days, func() time.Time { return w.at }).box(w.d, c)
	box.Complaint, box.Ordinal = "", 0
	text, err := json.Marshal(box)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range messages(w.d, c, w.at) {
		text = fmt.Append(text, "\n", m.What, ledger.DateOf(m.At), m.Blob.ID)
	}
	return string(text)
}

// acts are those of a reporter, with those that end what can be seen rarer.
var acts = []claim.Act{claim.Reply, claim.Reply, claim.Reply, claim.Reply, claim.Reply, claim.Retaliation, claim.Retaliation, claim.Withdraw, claim.Rate, claim.Review}

// The box of a merged report is the one that a lone report would have, with the
// same dispatches and the same first answer, day for day, whatever is done for
// the other and by its reporter.
func TestMergedBoxIsALoneOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		maker := dockettest.New()
		w := &world{t: t, at: time.Date(2025, 3, 3, 9, 0, 0, 0, ledger.Beijing)}
		w.d = docket.New(&maker.Key, known{world: w})
		for _, id := range []*string{&w.other, &w.mine, &w.alone} {
			*id, _ = maker.File(func(_ ledger.Actor, _ string, input any) error {
				w.add(input.(complaint.File).ID, complaint.Filed(input.(complaint.File)))
				return nil
			}, ledger.DateOf(w.at), complaint.Open, claim.Facts{Mandate: "m", Issuer: "990101001", Within: "990101", Dimension: "quantity"})
		}
		w.do(w.other, complaint.Accept{ID: w.other}, everybody)
		for range rapid.IntRange(0, 12).Draw(t, "before") {
			if w.random()(w.other); rapid.IntRange(0, 2).Draw(t, "day") == 0 {
				w.pass()
			}
			if w.stage(w.other) == complaint.Replying {
				w.hear(w.other, claim.Rate, false)
				w.do(w.other, complaint.Redo{ID: w.other, Days: 9, Reason: "x"}, everybody)
			}
		}
		for _, id := range []string{w.mine, w.alone} {
			if rapid.Bool().Draw(t, "accepted") || id == w.alone {
				w.do(id, complaint.Accept{ID: id}, everybody)
			}
		}
		if !w.do(w.mine, complaint.Merge{ID: w.mine, Into: w.other}, everybody) {
			t.Skip("a history of another kind is drawn: the rules refuse this merger, which TestDecide of services/complaint tests")
		}
		w.catchUp()
		answered := false
		for range rapid.IntRange(1, 60).Draw(t, "after") {
			switch rapid.IntRange(0, 11).Draw(t, "kind") {
			case 0, 1, 2:
				w.pass()
			case 3:
				for range rapid.IntRange(1, 40).Draw(t, "days") {
					w.pass()
				}
			case 4: // what the one does, the other does
				act := rapid.SampledFrom(acts).Draw(t, "act")
				yes := rapid.Bool().Draw(t, "yes")
				w.hear(w.mine, act, yes)
				w.hear(w.alone, act, yes)
			case 5: // and what the third does is no affair of theirs
				w.hear(w.other, rapid.SampledFrom(acts).Draw(t, "act"), rapid.Bool().Draw(t, "yes"))
			default:
				w.staff(&answered)
			}
			if mine, alone := w.shown(w.mine), w.shown(w.alone); mine != alone {
				t.Fatalf("\nmerged %s\nalone  %s", mine, alone)
			}
		}
	})
}

// catchUp does for the lone one on this day what the other has come to.
func (w *world) catchUp() {
	c, _ := w.d.Find(w.other)
	t := &c.State.Timing
	if !t.Running {
		return
	}
	longer := 0
	for i := len(c.Steps) - 1; i >= 0 && c.State.Extended; i-- {
		if c.Steps[i].What == "complaint.extended" {
			longer = c.Steps[i].Days
			break
		}
	}
	w.do(w.alone, complaint.Dispatch{ID: w.alone, To: c.State.Handler, Days: t.Clock.Days - longer}, everybody)
	if longer > 0 {
		w.do(w.alone, complaint.Extend{ID: w.alone, Days: longer, ApprovedBy: "99", Reason: "x"}, everybody)
	}
	if c.State.Stage == complaint.Handling {
		w.do(w.alone, complaint.SignFor{ID: w.alone}, w.clerk(w.alone))
	}
	if until := t.PausedUntil(); until != "" {
		w.do(w.alone, complaint.Pause{ID: w.alone, Reason: "x", Until: until}, everybody)
	}
}

// staff do something for the other, and up to its first answer the same for the
// lone one; after that, for the other alone.
func (w *world) staff(answered *bool) {
	before, _ := w.d.Find(w.other)
	n := len(before.Steps)
	do := w.random()
	if !do(w.other) {
		if w.stage(w.other) == complaint.Replying {
			w.do(w.other, complaint.FollowUp{ID: w.other, Confirmed: rapid.Bool().Draw(w.t, "holds")}, everybody)
		}
		w.do(w.other, complaint.Redo{ID: w.other, Days: 9, Reason: "x"}, everybody)
		w.do(w.other, complaint.DecideReview{ID: w.other, Decision: complaint.Again, Message: dockettest.Blob(fmt.Sprint("review", w.n), "")}, everybody)
		return
	}
	c, _ := w.d.Find(w.other)
	s := c.Steps[n]
	if *answered || w.stage(w.mine) != complaint.Joined {
		return
	}
	if *answered = s.What == "complaint.answered"; s.What == "complaint.ruled" {
		// A lone one that came back less often is dispatched.
		if x, _ := w.d.Find(w.alone); x.State.Returns < 2 {
			w.do(w.alone, complaint.Dispatch{ID: w.alone, To: s.To, Days: s.Days}, everybody)
			return
		}
	}
	if !do(w.alone) {
		// By a rule that counts from a day which was another for the other.
		w.t.Skip("another history is drawn: with this one there is no lone report to compare, for it could not be " + s.What)
	}
}
