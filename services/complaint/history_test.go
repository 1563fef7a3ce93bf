package complaint

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
)

// next is the way from stage to stage. A complaint never takes another.
var next = map[Stage][]Stage{
	"":          {Registered},
	Registered:  {Taken, Declined, Joined, Ended},
	Taken:       {Joined, Sent, Ended},
	Joined:      {Taken},
	Sent:        {SentBack, Handling, Taken, Ended},
	SentBack:    {Sent, Ended},
	Handling:    {Replying, Taken, Ended},
	Replying:    {Visited, Handling, Taken, Ended, InReview, InFinal},
	Visited:     {Handling, Taken, Ended, InReview, InFinal},
	Ended:       {Handling, Taken, InReview, InFinal},
	InReview:    {ReviewGiven, Taken},
	ReviewGiven: {Ended, InFinal},
	InFinal:     {Over},
}

// Random histories, by everybody, at any pace: no complaint reaches a state
// that it cannot be in, loses its clock, or lies where it is nobody's.
func TestHistories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &history{t: t, f: facts(about), now: time.Date(2024, 3, 4, 9, 0, 0, 0, ledger.Beijing)}
		h.send(File(filedOn(h.now)), engine)
		if h.s.Filed == nil {
			t.Fatal("a report was not registered")
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			if rapid.IntRange(0, 3).Draw(t, "what") == 0 {
				h.now = h.now.AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "days")).Add(time.Duration(rapid.IntRange(0, 3600).Draw(t, "seconds")) * time.Second)
				h.ring()
				continue
			}
			h.random()
		}
		h.rest()
	})
}

type history struct {
	t       *rapid.T
	f       known
	s       State
	now     time.Time
	letters int
}

func filedOn(now time.Time) Filed {
	f := filed()
	f.Day = ledger.DateOf(now)
	return f
}

// random sends what can be done now, now and then what cannot, and now and
// then for somebody who may not.
func (h *history) random() {
	all := h.steps()
	switch how := rapid.IntRange(0, 9).Draw(h.t, "how"); {
	case how == 0:
		c := rapid.SampledFrom(all).Draw(h.t, "step")
		by := people[rapid.SampledFrom(strangers).Draw(h.t, "stranger")]
		if by.Account != "gone" && by.Unit != h.s.Handler && len(h.send(c.step, by)) > 0 {
			h.t.Fatalf("%T by a stranger", c.step)
		}
	case how == 1:
		c := rapid.SampledFrom(all).Draw(h.t, "step")
		h.send(c.step, c.by)
	default:
		can := slices.DeleteFunc(all, func(c asking) bool {
			_, err := c.step.Decide(h.s, h.f, c.by, h.now)
			l, letter := c.step.(Hear)
			return err != nil || how > 2 && (!letter && h.ends(c) || letter && (l.Act == claim.Withdraw || l.Act == claim.Reply))
		})
		if len(can) > 0 {
			c := rapid.SampledFrom(can).Draw(h.t, "step")
			h.send(c.step, c.by)
		}
	}
}

// ends: what leads nowhere is done now and then only.
func (h *history) ends(c asking) bool {
	switch c.step.(type) {
	case Decline, Merge, Ask, Recall, Recuse, VerifyClaim:
		return true
	}
	return false
}

type asking struct {
	step ledger.Decider[State, Facts]
	by   ledger.Actor
}

func (h *history) steps() []asking {
	days := rapid.IntRange(0, MaxDays).Draw(h.t, "period")
	yes := rapid.Bool().Draw(h.t, "yes")
	to := rapid.SampledFrom([]string{handler, other, province, county, bureau}).Draw(h.t, "to")
	own := actor("c", h.s.Handler, ledger.Clerk)
	h.letters++
	l := Hear{
		ID: id, Letter: fmt.Sprintf("%064x", h.letters), Day: ledger.DateOf(h.now), Narrative: story,
		Act: rapid.SampledFrom(claim.Acts).Draw(h.t, "act"),
	}
	if l.Act == claim.Rate {
		solved := rapid.Bool().Draw(h.t, "solved")
		l.Solved, l.Satisfied = &solved, &yes
	}
	return []asking{
		{l, engine}, {l, engine},
		{Accept{id}, investigator}, {Accept{id}, investigator}, {Decline{id, "不属于", "请找"}, investigator}, {Merge{id, "other", ""}, investigator},
		{Dispatch{id, to, days}, investigator}, {Dispatch{id, handler, days}, investigator}, {Rule{id, handler, days, "裁定"}, investigator},
		{Return{id, "不归"}, own}, {SignFor{id}, own}, {SignFor{id}, own}, {Answer{id, blob, Partly}, own}, {Answer{id, blob, Partly}, own},
		{Pause{id, "等", ""}, investigator}, {Resume{id}, investigator}, {Extend{id, 5, province, "复杂"}, reviewer}, {Ask{id, blob}, investigator},
		{FollowUp{id, yes, ""}, investigator}, {Redo{id, days, "不实"}, investigator}, {Recall{id, "收回"}, investigator}, {Recuse{id, "", other, "同一牵头"}, reviewer}, {Close{id}, investigator},
		{DecideReview{id, rapid.SampledFrom([]Decision{Upheld, Changed, Again}).Draw(h.t, "decision"), blob}, actor(rapid.SampledFrom([]string{"rev", "r2"}).Draw(h.t, "reviewer"), "", ledger.Reviewer)},
		{Settle{id}, engine}, {TakeRetaliation{id}, reviewer}, {AnswerRetaliation{id, blob}, reviewer}, {Recuse{id, "x", "", "亲属"}, reviewer}, {VerifyClaim{id, "sheet"}, investigator},
	}
}

// send decides, and holds what follows to what must always be.
func (h *history) send(c ledger.Decider[State, Facts], by ledger.Actor) []ledger.Evolver[State] {
	before := h.s
	list, err := c.Decide(h.s, h.f, by, h.now)
	if err != nil {
		return nil
	}
	for _, e := range list {
		from := h.s.Stage
		e.Evolve(&h.s)
		if h.s.Stage != from && !slices.Contains(next[from], h.s.Stage) {
			h.t.Fatalf("%T went from %q to %q", e, from, h.s.Stage)
		}
	}
	h.f.complaints[id] = Fact{Named: h.f.complaints[id].Named, Stage: h.s.Stage}
	h.clocks(before, list)
	h.sound()
	return list
}

// clocks: only a new round starts a clock, only an extension changes how long
// it runs, and only a reasoned pause stops it.
func (h *history) clocks(before State, list []ledger.Evolver[State]) {
	has := func(types ...any) bool {
		return slices.ContainsFunc(list, func(e ledger.Evolver[State]) bool {
			return slices.ContainsFunc(types, func(x any) bool { return reflect.TypeOf(x) == reflect.TypeOf(e) })
		})
	}
	was, is := before.Timing, h.s.Timing
	if has(Dispatched{}, Ruled{}, Redone{}) {
		if is.Round != was.Round+1 || !is.Clock.Started.Equal(h.now) || !is.Running {
			h.t.Fatalf("a round did not start: %+v", is)
		}
		return
	}
	if is.Round != was.Round || !is.Clock.Started.Equal(was.Clock.Started) {
		h.t.Fatalf("%T set a clock anew", list[0])
	}
	if is.Clock.Days != was.Clock.Days && !has(Extended{}) {
		h.t.Fatalf("%T changed how long a clock runs", list[0])
	}
	if !reflect.DeepEqual(is.Clock.Pauses, was.Clock.Pauses) && !has(Paused{}, Resumed{}) {
		h.t.Fatalf("%T paused a clock", list[0])
	}
	if has(Replied{}, Asked{}, SignedFor{}) && !reflect.DeepEqual(is, was) {
		h.t.Fatalf("%T changed what runs out: %+v, %+v", list[0], was, is)
	}
}

// sound: every complaint that is not over is somebody's.
func (h *history) sound() {
	s, t := h.s, h.s.Timing
	ok := false
	switch s.Stage {
	case Registered, Taken, SentBack:
		ok = t.Turn == Assigning && !t.Running && !t.Silent
	case Sent, Handling:
		ok = t.Running && t.Turn == "" && !t.Silent && s.Handler != "" && t.Clock.Check() == nil
	case Replying, Visited:
		ok = !t.Running && (t.Turn == Redoing || t.Turn == "" && t.Silent)
	case InReview:
		ok = t.Turn == Reviewing && !t.Running && !t.Silent
	case InFinal:
		ok = t.Turn == Finalising && !t.Running && !t.Silent
	case ReviewGiven:
		ok = t.Turn == "" && t.Silent && !t.Running
	case Ended:
		ok = !t.Running && !t.Silent && (t.Turn == "" || t.Turn == Redoing && s.Redos < MaxRedos) && s.How != ""
	case Declined, Joined, Over:
		ok = !t.Running && !t.Silent && t.Turn == ""
	}
	if !ok || s.Redos > MaxRedos || s.Returns > 2 || s.Ruled && s.Stage == SentBack {
		h.t.Fatalf("impossible: %s, %+v", s.Stage, s)
	}
	if t.Running || t.Turn == Redoing && s.Redos < MaxRedos {
		if _, err := (Recall{id, "收回"}).Decide(s, h.f, investigator, h.now); err != nil {
			h.t.Fatalf("stuck with %s at %s: %v", s.Handler, s.Stage, err)
		}
	}
	if fact := h.f.complaints[id]; s.Handler != "" && fact.Named.concerns(s.Handler, h.f) {
		h.t.Fatal("the named handles it")
	}
}

// ring does what the reactor does, and what a second one beside it would do.
func (h *history) ring() (rang bool) {
	due, err := h.s.Timing.Due(id, cal, h.now)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, d := range due {
		if len(h.send(command(d), engine)) != 1 {
			_, err := command(d).Decide(h.s, h.f, engine, h.now)
			h.t.Fatalf("%s was due and did nothing: %v", d.Key, err)
		}
	}
	for _, d := range due {
		if got, err := command(d).Decide(h.s, h.f, engine, h.now); len(got) > 0 || ledger.AsError(err).Rule != "complaint.not_due" {
			h.t.Fatalf("%s did something again: %v, %v", d.Key, got, err)
		}
	}
	return len(due) > 0
}

func command(d Due) ledger.Decider[State, Facts] { return d.Input.(ledger.Decider[State, Facts]) }

// rest lets only time pass: whatever the history was, the system comes to
// rest, with everything that is owed on record as late.
func (h *history) rest() {
	for range 20 {
		h.now = h.now.AddDate(0, 0, 13)
		h.ring()
	}
	for n := 0; h.ring(); n++ { // a period that was let pass, each, until all are on record
		if n > 200 {
			h.t.Fatal("something is due for ever")
		}
	}
	t := h.s.Timing
	switch {
	case t.Turn != "" && t.Lates < 260/ReviewDays-1, !t.Attacked.IsZero() && t.Neglects < 260/AssignDays-1:
		h.t.Fatalf("no more was heard of it: %+v", t)
	case t.Silent, t.Turn != "" && !t.Late, !t.Attacked.IsZero() && !t.Unheeded:
		h.t.Fatalf("forgotten: %+v", t)
	case t.Running && len(t.Clock.Pauses) == 0 && (!t.Supervised || t.Escalations != t.Levels):
		h.t.Fatalf("nobody was told: %+v", t)
	}
}

// The keys of what is due hold no date, differ from each other, and fit.
func TestKeys(t *testing.T) {
	seen := map[string]string{}
	for stage := range ways {
		s := state(at(stage, RetaliationReported{letter(5, 1)})...)
		for _, now := range []time.Time{day(8), day(13), day(40), day(90)} {
			due, err := s.Timing.Due(id, cal, now)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range due {
				said := fmt.Sprintf("%s %+v", d.Command, d.Input)
				if was, ok := seen[d.Key]; ok && was != said {
					t.Errorf("%s is the key of %s and %s", d.Key, was, said)
				}
				seen[d.Key] = said
				if was, ok := seen[said]; ok && was != d.Key || len(d.Key) > 200 {
					t.Errorf("%s is asked for under %s and %s", said, was, d.Key)
				}
				seen[said] = d.Key
			}
		}
	}
	if len(seen) < 16 { // each counts twice
		t.Errorf("only %d things ran out: %v", len(seen), seen)
	}
}
