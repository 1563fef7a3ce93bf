package dossier

import (
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"testing"
	"time"

	"suyuan/services/clarification"
	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/outcome"
	"suyuan/services/policy"
	"suyuan/services/reward"
)

var begin = time.Date(2026, 3, 2, 9, 0, 0, 0, ledger.Beijing)

// told hands a dossier events as the log would: an ordinal more and a minute
// later each.
type told struct {
	d  *Dossier
	n  uint64
	at time.Time
}

func newTold() *told { return &told{New(), 0, begin} }

func (x *told) tell(stream, what string, by ledger.Actor, body any) uint64 {
	x.n++
	x.at = x.at.Add(time.Minute)
	x.d.Apply(Event{x.n, what, stream, x.at, ledger.MetaActor{Roles: by.Roles, Unit: by.Unit, Account: by.Account}, body})
	return x.n
}

func reviewer(n int) ledger.Actor {
	return ledger.Actor{Account: fmt.Sprint("reviewer-", n), Roles: []ledger.Role{ledger.Reviewer}, Unit: "99"}
}

func clerk(unit string) ledger.Actor {
	return ledger.Actor{Account: "clerk-" + unit, Roles: []ledger.Role{ledger.Clerk}, Unit: unit}
}

var system = ledger.Actor{Account: ledger.System}

const oid = "990101001-20260302-0123abcd"

func penalised(id string) outcome.Penalised {
	return outcome.Penalised{
		ID: id, Kind: outcome.Quantity, Title: "短缺", Mandate: "task", Measure: "task/area", Unit: "990101001", OccurredAt: begin, Required: "220", Verified: "190",
		Penalties: []outcome.Penalty{{Form: outcome.Circular, Body: "990101", On: "2026-03-02"}}, Document: "d1",
		Warned: []outcome.Warning{{Unit: "990101", At: begin}},
	}
}

// An outcome is what was told of it up to an ordinal, and nothing of what came
// later.
func TestAsKnown(t *testing.T) {
	x, stream, required := newTold(), "outcome-"+oid, "210"
	x.tell("policy-terms", "policy.adopted", system, policy.Adopted{})
	first := x.tell(stream, "outcome.penalised", clerk("990101"), penalised(oid))
	said := x.tell(stream, "outcome.stated", reviewer(1), outcome.Stated{ID: "notice.990101001", Point: outcome.Notice, Unit: "990101001", Value: "yes"})
	mended := x.tell(stream, "outcome.corrected", clerk("990101"), outcome.Corrected{Required: &required, Reason: "笔误"})
	again := x.tell(stream, "outcome.stated", reviewer(1), outcome.Stated{ID: "notice.990101001", Point: outcome.Notice, Unit: "990101001", Value: "no"})
	joined := x.tell(stream, "outcome.joined", reviewer(1), outcome.Joined{Into: "other"})
	o, ok := x.d.Outcome(oid)
	if !ok || o.Ordinal() != first || len(o.Told) != 5 || o.At(2).Ordinal != mended || o.Told[1].Account != "reviewer-1" || !o.Joined() {
		t.Fatalf("%+v", o)
	}
	for _, c := range []struct {
		known                 uint64
		length                int
		required, notice, has string
	}{
		{first - 1, 0, "", "", ""}, {first, 1, "220", "", ""}, {said, 2, "220", "yes", ""}, {mended, 3, "210", "yes", ""}, {again, 4, "210", "no", ""},
		{joined, 5, "210", "no", "other"}, {joined + 7, 5, "210", "no", "other"},
	} {
		s := o.AsKnown(c.known)
		value, _ := s.On(outcome.Notice, "990101001")
		required := ""
		if s.Penalised != nil {
			required = s.Penalised.Required
		}
		if s.Length() != c.length || required != c.required || value.Value != c.notice || s.Into != c.has {
			t.Errorf("at %d: %d events, %s asked, notice %q, into %q", c.known, s.Length(), required, value.Value, s.Into)
		}
	}
	if o.Penalised().Required != "220" {
		t.Error("what was first recorded was changed by a correction")
	}
	if now := o.State(); now.Place(outcome.FieldRequired) != 2 || o.At(now.Place(outcome.FieldRequired)).Corrected == nil {
		t.Error("the place of a correction does not lead to it")
	}
}

// Times are kept as the ledger has them, so that a snapshot gives back the very
// same.
func TestInstants(t *testing.T) {
	x, p, late := newTold(), penalised(oid), begin.Add(time.Hour+3*time.Microsecond)
	p.OccurredAt, p.KnownSince, p.Warned[0].At, p.Warned[0].AnsweredAt, p.Warned[0].DidAt = late, &late, late, &late, &late
	x.tell("outcome-"+oid, "outcome.penalised", clerk("990101"), p)
	x.tell("outcome-"+oid, "outcome.corrected", clerk("990101"), outcome.Corrected{OccurredAt: &late, KnownSince: &late, Warned: &p.Warned})
	back := New()
	if err := back.Decode(x.d.Encode()); err != nil {
		t.Fatal(err)
	}
	a, _ := x.d.Outcome(oid)
	b, _ := back.Outcome(oid)
	for i := range a.Told {
		if one, other := asJSON(a.Told[i]), asJSON(b.Told[i]); one != other {
			t.Errorf("%s\nbecame\n%s", one, other)
		}
	}
	if p.Warned[0].At != late {
		t.Error("the event itself was changed")
	}
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// The newest version that holds on a day is the policy of that day.
func TestPolicyOfADay(t *testing.T) {
	x := newTold()
	for i, from := range []ledger.Date{"2026-01-01", "2026-06-01", "2026-09-01"} {
		x.tell("policy-terms", "policy.adopted", system, policy.Adopted{Name: policy.Periods, Version: i + 1, From: from})
	}
	x.tell("policy-jra-1", "policy.adopted", system, policy.Adopted{Name: policy.JRA1, Version: 1, From: "2026-02-01"})
	for on, want := range map[ledger.Date]int{"2025-12-31": 0, "2026-01-01": 1, "2026-05-31": 1, "2026-06-01": 2, "2027-01-01": 3} {
		if p, ok := x.d.Policy(policy.Periods, on); ok != (want > 0) || p.Version != want {
			t.Errorf("on %s version %d, want %d", on, p.Version, want)
		}
	}
	if p, ok := x.d.PolicyVersion(policy.JRA1, 1); !ok || p.Ordinal != 4 {
		t.Errorf("%+v, %t", p, ok)
	}
	if _, ok := x.d.PolicyVersion(policy.JRA1, 2); ok {
		t.Error("a version that was never adopted")
	}
}

// life leads a finding through everything that can happen to one, up to step
// n; it reports how many steps there are.
func life(x *told, id string, round, n int) int {
	stream, at := "finding-"+id, x.at
	version := func(k int) finding.Version {
		return finding.Version{
			N: k, By: "reviewer-1", At: at, Known: x.n, Policy: 1, Hash: "aa", Computed: []finding.Share{{Unit: "990101", Points: 6667, Mass: "20"}, {Unit: "990101001", Points: 3333, Mass: "10"}},
			Shares: []finding.Share{{Unit: "990101", Points: 6667, Mass: "20"}, {Unit: "990101001", Points: 3333, Mass: "10"}}, Originating: "990101", Flags: []string{"CAPACITY_UNKNOWN"},
		}
	}
	overridden := version(3)
	overridden.Override, overridden.Reply = &finding.Override{Reason: "另定", Rule: "wenze-2019-17"}, 1
	steps := []struct {
		what string
		by   ledger.Actor
		body any
	}{
		{"finding.drafted", reviewer(1), finding.Drafted{ID: id, Outcome: oid, Round: round, Executor: "990101001", Version: version(1)}},
		{"finding.checked", reviewer(2), finding.Checked{At: at, By: "reviewer-2", Version: 1, Passed: false, Reason: "再核"}},
		{"finding.recomputed", reviewer(1), finding.Recomputed{Version: version(2)}},
		{"finding.recused", reviewer(1), finding.Recused{At: at, Account: "reviewer-9", Reason: "亲属"}},
		{"finding.checked", reviewer(2), finding.Checked{At: at, By: "reviewer-2", Version: 2, Passed: true}},
		{"finding.notified", reviewer(1), finding.Notified{At: at, Version: 2, Days: 10, MirrorDays: 10, Units: []finding.Noticed{
			{Unit: "990101", Points: 6667, Origin: true, Mirror: true}, {Unit: "990101001", Points: 3333, Mirror: true}}}},
		{"finding.extended", reviewer(1), finding.Extended{At: at, Unit: "990101", Days: 5, Reason: "取证"}},
		{"finding.replied", clerk("990101"), finding.Replied{At: at, N: 1, Unit: "990101", Text: "曾提异议", Document: "d2", Hearing: true}},
		{"finding.hearing_held", reviewer(1), finding.HearingHeld{At: at, By: "reviewer-1", On: "2026-03-09", Units: []string{"990101"}, Record: "笔录", Document: "d3"}},
		{"finding.reply_answered", reviewer(1), finding.ReplyAnswered{At: at, By: "reviewer-1", Reply: 1, Accepted: true, Reason: "采纳"}},
		{"finding.overridden", reviewer(1), finding.Overridden{Version: overridden}},
		{"finding.unanswered", system, finding.Unanswered{Unit: "990101001", Version: 2}},
		{"finding.mirror_answered", clerk("990101001"), finding.MirrorAnswered{At: at, Unit: "990101001", Text: "已整改", Document: "d4"}},
		{"finding.voted", reviewer(3), finding.Voted{At: at, By: "reviewer-3", Unit: "99", Version: 3, Agrees: true, Reason: "同意"}},
		{"finding.voted", reviewer(4), finding.Voted{At: at, By: "reviewer-4", Version: 3, Agrees: true}},
		{"finding.issued", reviewer(4), finding.Issued{At: at, Version: 3, Days: 30}},
		{"finding.marked_for_review", system, finding.MarkedForReview{Known: x.n, Hash: "bb"}},
		{"finding.appealed", clerk("990101"), finding.Appealed{At: at, N: 1, Unit: "990101", Text: "不服", Document: "d5", Days: 30}},
		{"finding.appealed", clerk("990101001"), finding.Appealed{At: at, N: 1, Unit: "990101001", Text: "也不服", Days: 30}},
		{"finding.appeal_overdue", system, finding.AppealOverdue{Appeal: 1}},
		{"finding.appeal_voted", reviewer(5), finding.AppealVoted{At: at, By: "reviewer-5", Appeal: 1, Result: finding.Vary, Removals: []finding.Removal{{Unit: "990101", Points: 667}}, Reason: "酌减"}},
		{"finding.appeal_voted", reviewer(6), finding.AppealVoted{At: at, By: "reviewer-6", Appeal: 1, Result: finding.Vary, Removals: []finding.Removal{{Unit: "990101", Points: 667}}, Reason: "同意酌减"}},
		{"finding.appeal_decided", reviewer(6), finding.AppealDecided{At: at, Appeal: 1, Result: finding.Vary, Removals: []finding.Removal{{Unit: "990101", Points: 667}}, Reason: "酌减",
			Shares:     []finding.Share{{Unit: "990101", Points: 6000}, {Unit: "990101001", Points: 3333, Mass: "10"}, {Unit: "UNATTRIBUTED", Points: 667}},
			Correction: &ledger.Text{Zh: "更正", En: "correction"}}},
	}
	for _, s := range steps[:min(n, len(steps))] {
		x.tell(stream, s.what, s.by, s.body)
	}
	return len(steps)
}

// What was said in a finding is kept beside its state, each where it belongs.
func TestFindingKeepsWhatWasSaid(t *testing.T) {
	x := newTold()
	x.tell("outcome-"+oid, "outcome.penalised", clerk("990101"), penalised(oid))
	n := life(x, oid+"-1", 1, 99)
	f, ok := x.d.Finding(oid + "-1")
	if !ok || len(f.Steps) != n || f.State.Stage != finding.Varied || f.Ordinal() != 2 {
		t.Fatalf("%+v", f)
	}
	if r := f.Replies[0]; r.Text != "曾提异议" || r.Document != "d2" || r.Answer != "采纳" || r.Answered.IsZero() {
		t.Errorf("the reply: %+v", r)
	}
	for i, want := range []struct {
		text  string
		reply int
	}{{"曾提异议", 1}, {"已整改", 0}} {
		if a, ok := f.Answered(f.State.Mirrors[i]); !ok || a.Text != want.text || a.Reply != want.reply || a.Version != 2 {
			t.Errorf("the answer to mirrored item %d: %+v", i, a)
		}
	}
	if len(f.Votes) != 4 || f.Votes[0].Account != "reviewer-3" || f.Votes[3].Appeal != 1 || f.Votes[3].Version != 3 || f.Votes[3].Removals[0].Points != 667 {
		t.Errorf("the votes: %+v", f.Votes)
	}
	if a := f.Appeals[0]; len(f.Appeals) != 1 || len(a.Said) != 2 || a.Said[1].Text != "也不服" || a.Result != finding.Vary || a.Correction.En != "correction" || a.Decided.IsZero() {
		t.Errorf("the appeal: %+v", a)
	}
	if len(f.Hearings) != 1 || f.Notified.IsZero() || f.Marked.IsZero() || f.Drafted.IsZero() {
		t.Errorf("%+v", f)
	}
	if s := f.Steps[11]; s.What != "finding.unanswered" || s.Role != "" || s.Version != 2 || s.Ordinal != 13 {
		t.Errorf("the step of the system: %+v", s)
	}
	if s := f.Steps[7]; s.Text != "曾提异议" || s.Role != ledger.Clerk || s.Unit != "990101" || s.Account != "" {
		t.Errorf("the step of a reply: %+v", s)
	}
	if s := f.Steps[10]; s.Text != "另定" || s.Version != 3 || s.Account != "reviewer-1" {
		t.Errorf("the step of an override: %+v", s)
	}
}

// An issued finding lets those before it that still stand know; they run until
// they are superseded.
func TestReplacedByALaterRound(t *testing.T) {
	x := newTold()
	x.tell("outcome-"+oid, "outcome.penalised", clerk("990101"), penalised(oid))
	all := life(x, oid+"-1", 1, 99)
	running := func() (ids []string) {
		for f := range x.d.Running() {
			ids = append(ids, f.ID())
		}
		return ids
	}
	if got := running(); len(got) != 0 {
		t.Errorf("after the appeal %v run", got)
	}
	const issued = 16
	life(x, oid+"-2", 2, issued-1)
	first, _ := x.d.Finding(oid + "-1")
	if first.State.Timing.ReplacedBy != "" {
		t.Error("replaced by a draft")
	}
	x.tell("finding-"+oid+"-2", "finding.issued", reviewer(4), finding.Issued{At: x.at, Version: 3, Days: 30})
	first, _ = x.d.Finding(oid + "-1")
	if first.State.Timing.ReplacedBy != oid+"-2" || len(running()) != 2 {
		t.Errorf("replaced by %q, %v run", first.State.Timing.ReplacedBy, running())
	}
	x.tell("finding-"+oid+"-1", "finding.superseded", system, finding.Superseded{By: oid + "-2"})
	first, _ = x.d.Finding(oid + "-1")
	if first.State.Timing.Runs() || first.Superseded != oid+"-2" || first.State.Stage != finding.Replaced || len(first.Steps) != all+1 {
		t.Errorf("%+v", first.State)
	}
	if rounds := x.d.Rounds(oid); len(rounds) != 2 || rounds[1].State.Round != 2 {
		t.Errorf("%d rounds", len(rounds))
	}
}

// Rounds stand in their order in whichever the log has them.
func TestRounds(t *testing.T) {
	x := newTold()
	for _, n := range []int{2, 3, 1} {
		life(x, finding.ID(oid, n), n, 1)
	}
	for i, f := range x.d.Rounds(oid) {
		if f.State.Round != i+1 {
			t.Errorf("round %d stands at %d", f.State.Round, i+1)
		}
	}
	if len(x.d.Rounds("another")) != 0 {
		t.Error("another outcome has findings")
	}
}

// full is a dossier that holds something in every row and field that is kept.
func full() *told {
	x := newTold()
	required := "210"
	x.tell("policy-terms", "policy.adopted", system, policy.Adopted{Name: policy.Periods, Version: 1, From: "2026-01-01", Title: "期限", Values: map[string]string{"noticeDays": "10", "mirrorDays": "10"}, Document: "d1"})
	x.tell("outcome-"+oid, "outcome.penalised", clerk("990101"), penalised(oid))
	x.tell("outcome-"+oid, "outcome.stated", reviewer(1), outcome.Stated{ID: "knew.990101", Point: outcome.Knew, Unit: "990101", Value: "yes", Reason: "会议纪要", Document: "d1"})
	x.tell("outcome-"+oid, "outcome.corrected", clerk("990101"), outcome.Corrected{Required: &required, Reason: "笔误", Document: "d1"})
	x.tell("outcome-other", "outcome.penalised", clerk("990101"), penalised("other"))
	x.tell("outcome-other", "outcome.joined", reviewer(1), outcome.Joined{Into: oid, Reason: "重复"})
	life(x, oid+"-1", 1, 99)
	life(x, oid+"-2", 2, 17)
	x.tell("reward-r1", "reward.uplifted", clerk("99"), reward.Uplifted{ID: "r1", Unit: "990101", Mandate: "task", Basis: "1000", Uplift: 3000, By: "99", Rule: "x", Document: "d1"})
	x.tell("clarification-c1", "clarification.issued", reviewer(1), clarification.Issued{ID: "c1", Unit: "990101", Matter: "被举报", Conclusion: clarification.Mistaken, Forms: []clarification.Form{clarification.Written}, By: "99", Document: "d1"})
	return x
}

// A snapshot taken anywhere is what was folded, and folding goes on from it.
func TestSnapshot(t *testing.T) {
	all := full()
	want := all.d.Encode()
	back := New()
	if err := back.Decode(want); err != nil || back.Encode() != want {
		t.Fatalf("%v", err)
	}
	for _, f := range []func(*Dossier) any{
		func(d *Dossier) any { return d.outcomeAt }, func(d *Dossier) any { return d.findingAt }, func(d *Dossier) any { return d.ofOutcome },
	} {
		if !reflect.DeepEqual(f(all.d), f(back)) {
			t.Errorf("%v became %v", f(all.d), f(back))
		}
	}
	if o, s := New().Size(); o+s != 0 {
		t.Error("a new dossier is not empty")
	}
	for cut := range len(want) {
		if d := New(); d.Decode(want[:cut]) == nil || d.Encode() != New().Encode() {
			t.Fatalf("cut at %d it was taken", cut)
		}
	}
	if d := New(); d.Decode(want+"x") == nil {
		t.Error("what is longer was taken")
	}
	damage := []byte(want)
	for i := range damage { // whatever is decoded, nothing panics
		damage[i] ^= 0x41
		_ = New().Decode(string(damage))
		damage[i] ^= 0x41
	}
}

// A hundred thousand outcomes have room.
func TestManyOutcomes(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: 100,000 outcomes are folded, which the whole suite does")
	}
	const n = 100_000
	before := heap()
	x := newTold()
	for i := range n {
		p := penalised(fmt.Sprintf("990101001-20260302-%08x", i))
		p.Mandate, p.Measure, p.Unit = fmt.Sprint("task-", i%50), fmt.Sprint("task-", i%50, "/area"), fmt.Sprint("9901", i%3000)
		p.Penalties = []outcome.Penalty{{Form: outcome.Circular, Body: fmt.Sprint("9901", i%300), On: "2026-03-02"}}
		x.tell("outcome-"+p.ID, "outcome.penalised", clerk("990101"), p)
	}
	if each := (heap() - before) / n; each > 1600 {
		t.Errorf("an outcome takes %d bytes", each)
	} else {
		t.Logf("an outcome takes %d bytes", each)
	}
	packed := x.d.Encode()
	t.Logf("%d bytes each in a snapshot", len(packed)/n)
	back := New()
	if err := back.Decode(packed); err != nil || len(back.outcomes) != n {
		t.Fatal(err)
	}
	runtime.KeepAlive(x)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
