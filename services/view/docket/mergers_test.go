package docket_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/view/docket"
	"suyuan/services/view/docket/dockettest"
)

// mergers is a world of a few complaints about one matter, on which commands
// are decided as the docket shows them.
type mergers struct {
	t       *rapid.T
	r       *rest
	maker   *dockettest.Reports
	at      time.Time
	n       int
	all     []string
	letters int
}

var everywhere = ledger.Actor{Account: "inv", Roles: []ledger.Role{ledger.Investigator}}

const bureau = "990101-nyj"

func (w *mergers) add(id string, body any) {
	name := ""
	for _, def := range complaint.Events {
		if def.Type == reflect.TypeOf(body) {
			name = def.Name
		}
	}
	w.n++
	w.r.d.Apply(docket.Event{Ordinal: uint64(w.n), Type: name, Stream: "complaint-" + id, At: w.at, Body: body})
}

func (w *mergers) file(f claim.Facts) {
	id, err := w.maker.File(func(_ ledger.Actor, _ string, input any) error {
		f := input.(complaint.File)
		w.add(f.ID, complaint.Filed(f))
		return nil
	}, ledger.DateOf(w.at), complaint.Open, f)
	if err != nil {
		w.t.Fatal(err)
	}
	w.all = append(w.all, id)
}

func (w *mergers) of(id string) *docket.Complaint {
	c, ok := w.r.d.Find(id)
	if !ok {
		w.t.Fatalf("%s is gone", id)
	}
	return c
}

// asked is a command with who sends it.
type asked struct {
	id   string
	step ledger.Decider[complaint.State, complaint.Facts]
	by   ledger.Actor
}

// random is a command that somebody could send now.
func (w *mergers) random() asked {
	id := rapid.SampledFrom(w.all).Draw(w.t, "id")
	own := ledger.Actor{Account: "c", Unit: w.of(id).State.Handler, Roles: []ledger.Role{ledger.Clerk}}
	letter := w.letter(rapid.SampledFrom([]claim.Act{claim.Withdraw, claim.Rate, claim.Review}).Draw(w.t, "act"))
	to := rapid.SampledFrom([]string{bureau, "9901-jw"}).Draw(w.t, "to")
	blob := dockettest.Blob(fmt.Sprint("message", w.letters), "")
	return rapid.SampledFrom([]asked{
		{id, complaint.Accept{ID: id}, everywhere}, {id, complaint.Accept{ID: id}, everywhere}, {id, complaint.Dispatch{ID: id, To: to}, everywhere},
		w.merge(), letter, letter,
		{id, complaint.SignFor{ID: id}, own}, {id, complaint.Answer{ID: id, Message: blob, Outcome: complaint.Partly}, own},
		{id, complaint.Redo{ID: id, Reason: "x"}, everywhere}, {id, complaint.Recall{ID: id, Reason: "x"}, everywhere},
		{id, complaint.Decline{ID: id, Reason: "x", Advice: "y"}, everywhere}, {id, complaint.Settle{ID: id}, dockettest.System},
	}).Draw(w.t, "step")
}

func (w *mergers) merge() asked {
	id, into := rapid.SampledFrom(w.all).Draw(w.t, "id"), rapid.SampledFrom(w.all).Draw(w.t, "into")
	return asked{id, complaint.Merge{ID: id, Into: into}, everywhere}
}

// letter is one from a reporter who is content with nothing.
func (w *mergers) letter(act claim.Act) asked {
	w.letters++
	h := complaint.Hear{
		ID: rapid.SampledFrom(w.all).Draw(w.t, "box"), Letter: fmt.Sprintf("%064x", w.letters), Day: ledger.DateOf(w.at), Act: act,
		Narrative: dockettest.Blob("l", complaint.ClassText),
	}
	if no := false; act == claim.Rate {
		h.Solved, h.Satisfied = &no, &no
	}
	return asked{h.ID, h, dockettest.System}
}

// together sends commands that are decided at the same moment: each on what was
// there before any of them. One of two for the same complaint comes too late.
func (w *mergers) together(list ...asked) (done int) {
	type result struct {
		id   string
		then []ledger.Evolver[complaint.State]
	}
	var results []result
	for _, a := range list {
		if slices.ContainsFunc(results, func(r result) bool { return r.id == a.id }) {
			continue
		}
		if then, err := a.step.Decide(w.of(a.id).State, w.r, a.by, w.at); err == nil {
			results = append(results, result{a.id, then})
		}
	}
	for _, r := range results {
		for _, e := range r.then {
			w.add(r.id, e)
		}
	}
	return len(results)
}

// before is a merger that older ledgers took: of anything not dispatched into
// anything handled.
func (w *mergers) before() {
	id, into := rapid.SampledFrom(w.all).Draw(w.t, "id"), rapid.SampledFrom(w.all).Draw(w.t, "into")
	from, to := w.of(id).State.Stage, w.of(into).State.Stage
	over := []complaint.Stage{complaint.Declined, complaint.Joined, complaint.Ended, complaint.InReview, complaint.ReviewGiven, complaint.InFinal, complaint.Over}
	if id != into && (from == complaint.Registered || from == complaint.Taken) && w.of(id).State.Into == "" && !slices.Contains(over, to) {
		w.add(id, complaint.Merged{At: w.at, Into: into})
	}
}

// sound: nobody who goes on in another is forgotten there, and nobody is lost
// to those who work on reports.
func (w *mergers) sound(d *docket.Docket) {
	unsettled := map[string]complaint.Unsettled{}
	d.Unsettled(func(id string, what complaint.Unsettled) bool { unsettled[id] = what; return true })
	reader := d.For(everywhere)
	if n := len(reader.Complaints(docket.Filter{})); n != len(w.all) {
		w.t.Fatalf("%d of %d complaints are listed", n, len(w.all))
	}
	for _, id := range w.all {
		c, _ := d.Find(id)
		if reader.Complaint(id) == nil {
			w.t.Fatalf("%s at %s is hidden from everybody", id, c.State.Stage)
		}
		for _, x := range d.Going(c) {
			if d.Into(x) != c || x.State.Stage != complaint.Joined {
				w.t.Fatalf("%s goes on in %s, and not by itself", x.ID, id)
			}
		}
		if c.State.Stage != complaint.Joined {
			continue
		}
		switch into := d.Into(c); {
		case into == nil && unsettled[id] != complaint.Stranded:
			w.t.Fatalf("%s goes on in nothing, and nobody is told", id)
		case into != nil && (into.State.Stage == complaint.Joined || !slices.Contains(d.Going(into), c)):
			w.t.Fatalf("%s goes on in %s, which does not know", id, into.ID)
		case into != nil && into.State.Stage == complaint.Declined && unsettled[id] == "" && !w.answered(d, id):
			w.t.Fatalf("%s waits for what was declined", id)
		}
	}
}

func (w *mergers) answered(d *docket.Docket, id string) bool {
	fact, _ := d.Fact(id)
	return fact.Into != nil && fact.Into.Answered != nil
}

// settled: once the system did its part, whoever goes on in another was
// answered or is going to be, and what everybody took back is over.
func (w *mergers) settled() {
	for range 4 {
		var list []asked
		w.r.d.Unsettled(func(id string, _ complaint.Unsettled) bool {
			list = append(list, asked{id, complaint.Settle{ID: id}, dockettest.System})
			return true
		})
		if n := w.together(list...); n != len(list) {
			w.t.Fatalf("%d of %d are settled", n, len(list))
		}
		w.sound(w.r.d)
	}
	w.r.d.Unsettled(func(id string, what complaint.Unsettled) bool {
		w.t.Fatalf("%s is %s for ever", id, what)
		return false
	})
	for _, id := range w.all {
		c := w.of(id)
		fact, _ := w.r.d.Fact(id)
		if runs := c.State.Timing.Running || c.State.Timing.Turn != ""; runs && c.State.Withdrew && fact.Others == 0 {
			w.t.Fatalf("%s goes on for nobody", id)
		}
		if into := fact.Into; c.State.Stage == complaint.Joined && (into == nil || into.Answered == nil && !into.State.Timing.Running && into.State.Timing.Turn != complaint.Assigning) {
			w.t.Fatalf("%s waits for an answer that nobody gives", id)
		}
	}
}

// Whatever is merged, taken back, judged and redone, in whatever order and at
// the same moment, by the rules of today or of before: nobody is forgotten.
func TestNoMergerForgetsAnybody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		maker := dockettest.New()
		w := &mergers{t: t, r: &rest{}, maker: maker, at: time.Date(2025, 3, 3, 9, 0, 0, 0, ledger.Beijing)}
		w.r.d = docket.New(&maker.Key, w.r)
		for range 4 {
			w.file(claim.Facts{Mandate: "m", Issuer: "990101001", Within: "990101", Dimension: "quantity"})
			w.together(asked{w.all[len(w.all)-1], complaint.Accept{ID: w.all[len(w.all)-1]}, everywhere})
		}
		old := rapid.Bool().Draw(t, "old")
		if old {
			w.file(claim.None())
		}
		for range rapid.IntRange(1, 50).Draw(t, "steps") {
			switch rapid.IntRange(0, 7).Draw(t, "what") {
			case 0:
				w.at = w.at.AddDate(0, 0, rapid.IntRange(0, 12).Draw(t, "days"))
			case 1:
				if old {
					w.before()
				}
			case 2:
				w.together(w.random(), w.random(), w.random())
			case 3:
				w.together(w.merge(), w.merge(), w.merge())
			case 4:
				w.together(w.letter(claim.Withdraw))
			default:
				w.together(w.random())
			}
			w.sound(w.r.d)
		}
		again := docket.New(&maker.Key, w.r)
		if err := again.Decode(w.r.d.Encode()); err != nil {
			t.Fatal(err)
		}
		w.sound(again)
		for _, id := range w.all {
			if a, b := w.fact(w.r.d, id), w.fact(again, id); a != b {
				t.Fatalf("read again, %s is %s, not %s", id, b, a)
			}
		}
		w.settled()
	})
}

func (w *mergers) fact(d *docket.Docket, id string) string {
	f, _ := d.Fact(id)
	return fmt.Sprintf("%s %d %v %v %+v", f.Stage, f.Others, f.Took, f.Merged, f.Named)
}
