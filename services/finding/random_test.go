package finding

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"suyuan/services/ledger"
	"suyuan/services/liability"
)

// house is a world with everything about one outcome in it: rounds of
// findings, facts that come in late, days that go by.
type house struct {
	t      *rapid.T
	known  known
	now    time.Time
	logs   map[int][]entry
	states map[int]State
	hashes int
}

// entry is an event as it came on record.
type entry struct {
	by    ledger.Actor
	at    time.Time
	event ledger.Evolver[State]
	hash  string // what the evidence gave by then
}

func newHouse(t *rapid.T) *house {
	h := &house{t: t, known: world(), now: time.Date(2010, 3, 1, 9, 0, 0, 0, ledger.Beijing), logs: map[int][]entry{}, states: map[int]State{}}
	h.divide()
	return h
}

// staff are all who do something, with accounts at random places.
func staff() (list []ledger.Actor) {
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		list = append(list, reviewer(name))
	}
	for _, code := range []string{county, town, village, town + "-nb", "9901", "9902"} {
		list = append(list, actor("reviewer of "+code, code, ledger.Reviewer), clerk(code))
	}
	return list
}

// divide makes the evidence give something else.
func (h *house) divide() {
	h.hashes++
	a := rapid.Int64Range(0, Whole).Draw(h.t, "county")
	b := rapid.Int64Range(0, Whole-a).Draw(h.t, "town")
	e := Explained{Known: uint64(h.hashes), Policy: 1, Hash: fmt.Sprint("hash-", h.hashes), Originating: rapid.SampledFrom([]string{county, town, ""}).Draw(h.t, "origin")}
	for i, p := range []int64{a, b, Whole - a - b} {
		mass := fmt.Sprint(p)
		if p == 0 && rapid.IntRange(0, 4).Draw(h.t, "faint") == 0 {
			mass = "1/3"
		}
		e.Shares = append(e.Shares, Share{[]string{county, town, village}[i], p, mass})
	}
	h.known.fault = nil
	switch rapid.IntRange(0, 12).Draw(h.t, "special") {
	case 0:
		e.Outcome, e.Shares, e.Originating = liability.NoShortfall, nil, ""
	case 1:
		e.Shares[1].Points, e.Shares[1].Mass = 0, "0"
		e.Shares = append(e.Shares, Share{liability.Unattributed, b, fmt.Sprint(b)})
	case 2:
		e.Shares = []Share{{county, 0, "0"}, {town, 0, "0"}, {village, 0, "0"}, {liability.Unattributed, Whole, "1"}}
	case 3:
		e = Explained{Known: e.Known, Policy: 1}
		h.known.fault = ledger.Refuse("evidence.cycle", "绕成一圈", "a circle")
	}
	h.known.explained = e
}

// last is the newest round, 0 where there is none.
func (h *house) last() int { return len(h.states) }

// do submits a command and keeps what follows.
func (h *house) do(round int, by ledger.Actor, c ledger.Decider[State, Facts]) bool {
	h.known.rounds = nil
	for n := 1; n <= h.last(); n++ {
		h.known.rounds = append(h.known.rounds, h.states[n].Fact())
	}
	s := h.states[round]
	list, err := c.Decide(s, h.known, by, h.now)
	if err != nil {
		return false
	}
	for _, e := range list {
		before := h.states[round]
		e.Evolve(&s)
		h.states[round] = s
		h.logs[round] = append(h.logs[round], entry{by, h.now, e, h.known.explained.Hash})
		if _, ok := e.(Issued); ok {
			for n, old := range h.states {
				if n < round && old.Stage.Stands() {
					old.Timing.ReplacedBy = s.ID
					h.states[n] = old
				}
			}
		}
		h.check(round, before)
	}
	return true
}

// runOut submits what is due, as the reactor does.
func (h *house) runOut() {
	for _, n := range slices.Sorted(maps.Keys(h.states)) {
		list, err := h.states[n].Timing.Due(h.states[n].ID, cal, h.now)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, d := range list {
			c := d.Input.(ledger.Decider[State, Facts])
			if !h.do(n, engine, c) {
				h.t.Fatalf("%+v is due and refused", c)
			}
		}
	}
}

// someone is somebody at random; clerks and reviewers alike.
func (h *house) someone() ledger.Actor { return rapid.SampledFrom(staff()).Draw(h.t, "who") }

func (h *house) text() string { return rapid.SampledFrom([]string{"文字", ""}).Draw(h.t, "text") }

// anything is a command at random, most likely one that makes sense.
func (h *house) anything(n int) ledger.Decider[State, Facts] {
	s := h.states[n]
	name := ID(about, n)
	unit := rapid.SampledFrom([]string{county, town, village}).Draw(h.t, "unit")
	reply := 0
	if len(s.Replies) > 0 {
		reply = rapid.IntRange(0, len(s.Replies)).Draw(h.t, "reply")
	}
	because := rapid.SampledFrom([]Because{ByReply, ByLateFacts, ByStatement}).Draw(h.t, "because")
	yes := rapid.IntRange(0, 3).Draw(h.t, "yes") > 0
	switch rapid.IntRange(0, 16).Draw(h.t, "what") {
	case 0:
		return Recompute{name, because, reply}
	case 1:
		a := rapid.Int64Range(0, Whole).Draw(h.t, "part")
		return SetShares{name, []Part{{unit, a}, {rapid.SampledFrom([]string{county, town, village, liability.Unattributed}).Draw(h.t, "other"), Whole - a}}, h.text(), "wenze-2019-3", reply}
	case 2, 3:
		return Check{name, s.Current().N, yes, "理由"}
	case 4:
		if !yes {
			return Recuse{name, "", rapid.SampledFrom([]string{"9902", "9901"}).Draw(h.t, "recused unit"), "理由"}
		}
		return Recuse{name, rapid.SampledFrom([]string{"a", "b", "c"}).Draw(h.t, "recused"), "", "理由"}
	case 5:
		return Notify{name}
	case 6, 7:
		return Respond{name, h.text(), "", !yes}
	case 8:
		return Extend{name, unit, "理由"}
	case 9:
		return HoldHearing{name, ledger.DateOf(h.now.AddDate(0, 0, -rapid.IntRange(0, 3).Draw(h.t, "days ago"))), []string{unit}, nil, "笔录", "paper"}
	case 10:
		return AnswerReply{name, reply, yes, "理由"}
	case 11:
		return AnswerMirror{name, h.text(), ""}
	case 12:
		return CastVote{name, s.Current().N, yes, "理由"}
	case 13:
		return Withdraw{name, "理由"}
	case 14:
		return Contest{name, "不服", ""}
	case 15:
		return MarkReview{name}
	}
	return h.appealVote(name, s)
}

func (h *house) appealVote(name string, s State) VoteAppeal {
	v := VoteAppeal{ID: name, Result: rapid.SampledFrom(Results).Draw(h.t, "result"), Reason: "理由"}
	if v.Result != Uphold {
		v.Correction = &ledger.Text{Zh: "更正"}
	}
	if v.Result == Vary {
		v.Removals = []Removal{{town, 1 + of(s.Standing, town).Points/2}}
	}
	return v
}

// onward is a step that leads on, by somebody at random.
func (h *house) onward() {
	n := h.last()
	s, name := h.states[n], ID(about, n)
	by := rapid.SampledFrom(staff()[:9]).Draw(h.t, "by")
	switch {
	case s.Stage == "" || s.Stage == Dropped || s.Stage == Overturned || s.Stage == Varied || s.Stage == Upheld || s.Stage == Final:
		h.do(n, engine, MarkReview{name})
		h.do(n+1, by, Begin{about, n + 1})
	case s.Current().Hash != h.known.explained.Hash && s.Stage.Underway():
		h.do(n, engine, Recompute{ID: name, Because: ByLateFacts})
	case s.Stage == Draft && s.Rejected == s.Current().N:
		h.do(n, by, SetShares{name, []Part{{town, 5000}, {village, 5000}}, "理由", "wenze-2019-3", 0})
	case s.Stage == Draft:
		h.do(n, by, Check{name, s.Current().N, true, ""})
	case s.Stage == Passed, s.Stage == Hearing && len(s.owed()) > 0:
		if s.capped() != nil {
			h.do(n, by, SetShares{name, []Part{{liability.Unattributed, Whole}}, "理由", "wenze-2019-3", 0})
		}
		h.do(n, by, Notify{name})
	case s.Stage == Hearing && rapid.IntRange(0, 3).Draw(h.t, "reply") == 0:
		notice := rapid.SampledFrom(s.Notices).Draw(h.t, "notice")
		switch who := clerk(notice.Unit); rapid.IntRange(0, 5).Draw(h.t, "how") {
		case 0:
			h.do(n, who, AnswerMirror{name, "已整改", ""})
		case 1:
			h.do(n, by, Extend{name, notice.Unit, "路远"})
		default:
			h.do(n, who, Respond{name, "申辩", "", rapid.Bool().Draw(h.t, "hearing")})
		}
	case s.Stage == Hearing:
		for i, r := range s.Replies {
			h.do(n, by, AnswerReply{name, i + 1, rapid.Bool().Draw(h.t, "accepted"), "理由"})
			if r.State == ReplyAccepted && !r.Followed {
				h.do(n, by, SetShares{name, []Part{{r.Unit, 0}, {village, Whole}}, "理由", "wenze-2019-3", i + 1})
			}
			if r.Hearing && !r.Heard {
				h.do(n, by, HoldHearing{name, ledger.DateOf(h.now), []string{r.Unit}, nil, "笔录", "paper"})
			}
		}
		h.now = h.now.AddDate(0, 0, rapid.IntRange(0, 20).Draw(h.t, "days"))
		h.runOut()
		h.do(n, by, CastVote{name, h.states[n].Current().N, rapid.IntRange(0, 6).Draw(h.t, "agrees") > 0, "理由"})
	case s.Stage == Decided:
		if !h.do(n, clerk(rapid.SampledFrom([]string{county, town, village, "9902"}).Draw(h.t, "unit")), Contest{name, "不服", ""}) {
			h.now = h.now.AddDate(0, 0, rapid.IntRange(0, 20).Draw(h.t, "days"))
		}
	case s.Stage == OnAppeal && rapid.IntRange(0, 5).Draw(h.t, "slow") == 0:
		h.now = h.now.AddDate(0, 0, 31)
		h.runOut()
	case s.Stage == OnAppeal:
		h.do(n, by, h.appealVote(name, s))
	}
}

var happened = map[string]int{}

// Whatever anybody does in whatever order, everybody charged had notice and
// was heard, nobody acts on what he is tied to, an appeal takes and never
// adds, and one outcome has one finding.
func TestWhateverHappens(t *testing.T) {
	clear(happened)
	rapid.Check(t, func(t *rapid.T) {
		h := newHouse(t)
		for range 200 {
			switch kind := rapid.IntRange(0, 19).Draw(t, "kind"); {
			case kind < 11:
				h.onward()
			case kind < 17 && h.last() > 0:
				h.do(rapid.IntRange(1, h.last()).Draw(t, "round"), h.anyone(), h.anything(h.last()))
			case kind == 17:
				h.divide()
			default:
				h.now = h.now.Add(time.Duration(rapid.IntRange(0, 5*24).Draw(t, "hours")) * time.Hour)
				h.runOut()
			}
		}
		h.replay()
	})
	if happened["cleared"] == 0 {
		t.Error("nobody was ever cleared: this test tries less than it says")
	}
	for _, d := range Events {
		if happened[d.Type.Name()] == 0 {
			t.Errorf("%s never happened: this test tries less than it says", d.Name)
		}
	}
}

func (h *house) anyone() ledger.Actor {
	if rapid.IntRange(0, 9).Draw(h.t, "system") == 0 {
		return engine
	}
	return h.someone()
}

// replay: what is folded from the bytes is what was folded as it happened.
func (h *house) replay() {
	for n, list := range h.logs {
		var s State
		for _, x := range list {
			for _, d := range Events {
				if d.Type.Name() != fmt.Sprintf("%T", x.event)[len("finding."):] {
					continue
				}
				data, err := json.Marshal(x.event)
				if err != nil {
					h.t.Fatal(err)
				}
				catalogue, _ := ledger.NewCatalogue(Events)
				again, err := catalogue.Decode(ledger.Record{Type: d.Name, Data: data}, d.Version)
				if err != nil {
					h.t.Fatal(err)
				}
				again.(ledger.Evolver[State]).Evolve(&s)
			}
		}
		s.Timing.ReplacedBy = h.states[n].Timing.ReplacedBy
		if s.Stage == Replaced || s.Stage == Overturned {
			s.Timing.ReplacedBy = ""
		}
		a, _ := json.Marshal(s)
		b, _ := json.Marshal(h.states[n])
		if string(a) != string(b) {
			h.t.Fatalf("round %d was folded to\n%s, live to\n%s", n, a, b)
		}
	}
}

// check holds the last event of a round to everything that has to be so. It
// looks at the log and not at the state.
func (h *house) check(round int, before State) {
	log := h.logs[round]
	x := log[len(log)-1]
	happened[fmt.Sprintf("%T", x.event)[len("finding."):]]++
	l := record{h.t, log}
	h.alone()
	l.whole()
	l.untied()
	switch e := x.event.(type) {
	case Overridden:
		if e.Version.Override == nil || !slices.Equal(e.Version.Computed, before.Current().Computed) || len(h.states[round].Versions) != len(before.Versions)+1 {
			h.t.Fatalf("an override keeps both versions: %+v", e)
		}
	case Drafted:
		h.spared(e)
	case Checked:
		if v := l.versions(); x.by.Account == v[0].By || x.by.Account == v[len(v)-1].By {
			h.t.Fatal("somebody checked a draft of his own")
		}
	case Issued:
		l.issued(x)
	case Withdrawn:
		l.withdrawn(e)
	case AppealDecided:
		l.appealed(e, before.Shares())
	}
}

// spared: what an appeal took is not charged to the same unit by the next
// round, unless facts that are new since speak against that unit.
func (h *house) spared(d Drafted) {
	outcome, n, ok := Split(d.Replaces)
	if d.Replaces == "" {
		return
	}
	if !ok || outcome != about {
		h.t.Fatalf("round %d takes the place of %q", d.Round, d.Replaces)
	}
	took, left := map[string]bool{}, []Share(nil)
	var weighed, settled []Share // computed last, and when the appeal was decided
	for _, x := range h.logs[n] {
		switch e := x.event.(type) {
		case AppealDecided:
			for _, r := range e.Removals {
				took[r.Unit] = true
			}
			left, settled = e.Shares, weighed
		case Issued:
			list := record{h.t, h.logs[n]}.versions()
			weighed = list[len(list)-1].Computed
		case MarkedForReview:
			if e.Shares != nil {
				weighed = e.Shares
			}
		}
	}
	for code := range took {
		if want := (Cap{code, of(left, code).Points}); of(weighed, code).Points <= of(settled, code).Points && !slices.Contains(d.Caps, want) {
			h.t.Fatalf("an appeal left %+v, and round %d may charge what it likes: %+v", want, d.Round, d.Caps)
		}
	}
}

// alone: one finding is under way at most, the newest one; and of those that
// stand only the newest was not replaced.
func (h *house) alone() {
	underway, stand := 0, 0
	for n, s := range h.states {
		if s.Stage.Underway() {
			underway++
			if n != h.last() {
				h.t.Fatalf("round %d is under way behind a later one", n)
			}
		}
		if s.Stage.Stands() && s.Timing.ReplacedBy == "" {
			stand++
		}
	}
	if underway > 1 || stand > 1 {
		h.t.Fatalf("%d findings are under way and %d stand", underway, stand)
	}
}
