package view

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"suyuan/schema"
	"suyuan/services/clarification"
	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/outcome"
	"suyuan/services/policy"
	"suyuan/services/reward"
	"suyuan/services/view/docket/dockettest"
	"suyuan/services/view/dossier"
)

// foundSoFar is what a random history remembers of outcomes.
type foundSoFar struct {
	adopted  int
	outcomes []string
	known    []noted // what was said of some outcomes at some ordinals
}

// noted is an outcome as it stood when the log was so long.
type noted struct {
	id    string
	known uint64
	state string
}

// panel are reviewers of no unit: nothing ties them.
func panel(n int) ledger.Actor {
	return ledger.Actor{Account: fmt.Sprint("panel-", n), Roles: []ledger.Role{ledger.Reviewer}}
}

var periods = map[string]string{"objectionDays": "2", "noticeDays": "3", "extensionDays": "2", "mirrorDays": "3", "appealDays": "5", "appealDecisionDays": "5"}

// playFindings is a history of outcomes and findings on a small chain.
func playFindings(t *rapid.T, w *world) *history {
	h := &history{T: t, world: w, done: map[string]int{}, reports: reportedSoFar{maker: dockettest.New()}}
	h.seed(0)
	for _, code := range []string{"99", "9901", "990101", "990101001", "990101002"} {
		w.do(admin, "unit.register", object{"code": code, "name": "单位" + code, "kind": "government"})
		h.units = append(h.units, code)
	}
	h.document()
	h.document()
	for name, values := range map[string]map[string]string{policy.JRA1: proposedValues(), policy.Periods: periods} {
		w.do(admin, "policy.adopt", policy.Adopt{Name: name, Title: "参数", Values: values, Document: "doc0"})
	}
	w.do(clerk("99"), "mandate.issue", object{"id": "task0", "title": "任务", "field": "农业", "origin": "99", "document": "doc0", "duty": "patrol",
		"measures": []object{{"key": "area", "name": "面积", "kind": "divisible", "dimension": "quantity"}, {"key": "days", "name": "期限", "kind": "intensity", "dimension": "deadline", "harder": "lower"}}})
	h.mandates, h.measures = []string{"task0"}, []string{"task0/area", "task0/days"}
	h.chain("i0", "99", nil, "100", "30", "9901")
	h.chain("i1", "9901", []string{"i0"}, "120", "25", "990101")
	h.chain("i2", "990101", []string{"i1"}, "70", "20", "990101001", "990101002")
	steps := []func(){h.adopt, h.penalise, h.penalise, h.say, h.finds, h.finds, h.finds, h.finds, h.finds, h.reward, h.amend, h.object, h.decide, h.report, h.capacity, h.rename, h.lagging}
	for i := range h.between(30, 80) {
		h.seed(i)
		among(h, steps)()
	}
	w.lag = false
	w.must(w.Wait(context.Background(), ledger.Position{}))
	return h
}

func (h *history) chain(id, issuer string, basis []string, area, days string, to ...string) {
	var lines []object
	for _, u := range to {
		lines = append(lines, object{"to": u, "amounts": []object{{"measure": "task0/area", "value": area}, {"measure": "task0/days", "value": days}}})
	}
	h.do(clerk(issuer), "issuance.make", object{"id": id, "issuer": issuer, "basis": basis, "lines": lines, "document": "doc0"})
	h.issuances = append(h.issuances, &given{id, issuer, to})
}

// adopt adopts another version, from tomorrow on.
func (h *history) adopt() {
	if h.found.adopted++; h.found.adopted < 3 {
		_ = h.put(admin, "policy.adopt", policy.Adopt{Name: policy.JRA1, From: ledger.DateOf(h.now.Add(24 * time.Hour)), Title: "参数", Values: proposedValues(), Document: "doc0"})
	}
}

func (h *history) penalise() {
	g := h.anyIssuance()
	if len(h.found.outcomes) > 4 {
		return
	}
	to := h.one(g.to)
	c := outcome.Penalise{
		Kind: outcome.Quantity, Title: "未完成", Unit: to, OccurredAt: h.now.Add(-time.Duration(h.between(0, 90)) * time.Second), Document: h.one(h.documents),
		Penalties: []outcome.Penalty{{Form: outcome.Circular, Body: h.one(h.units), On: ledger.DateOf(h.now), Rule: h.one([]string{"", "wenze-2019-17"})}},
	}
	line, _ := (facts{h.rows()}).Line(g.id, to)
	switch {
	case h.chance(4):
		begun := c.OccurredAt.Add(-time.Hour)
		c.Kind, c.KnownSince = outcome.Conduct, &begun
		c.Warned = []outcome.Warning{{Unit: h.one(h.units), At: begun, Channel: "chat_group", Answer: "收到", AnsweredAt: &begun, Power: h.one([]string{"stop", "supervise"})}}
	case len(line.Measures) == 0:
		return
	default:
		c.Measure = h.one(line.Measures)
		c.Mandate, c.Issuance, c.Required, c.Verified = "task0", g.id, "20", h.one([]string{"0", "5", "10", "20", "200"})
		if h.chance(2) {
			c.Capacity, c.CapacityFrom, c.CapacityDocument = "5", "台账", h.documents[0]
		}
	}
	if h.put(investigator, "outcome.penalise", c) == nil {
		h.found.outcomes = append(h.found.outcomes, outcome.ID(c.Mandate, c.Measure, c.Unit, c.OccurredAt))
	}
}

// say adds to what is on record about an outcome.
func (h *history) say() {
	id := h.one(h.found.outcomes)
	o, ok := h.rows().dossier.Outcome(id)
	if !ok {
		return // none yet, or the fold lags
	}
	if len(h.found.known) < 10 {
		h.found.known = append(h.found.known, noted{id, h.rows().position.Ordinal, asOutcome(o.State())})
	}
	paper, verified := h.one(h.documents), h.number()
	among(h, []func(){
		func() {
			_ = h.put(panel(1), "outcome.state", outcome.Say{ID: id, Point: among(h, []outcome.Point{outcome.Notice, outcome.Knew, outcome.Authority}), Value: h.one([]string{"yes", "no", outcome.Unknown}),
				Unit: h.one([]string{"", o.Penalised().Unit, h.one(h.units)}), Reason: "会议纪要", Document: paper})
		},
		func() {
			_ = h.put(investigator, "outcome.correct", outcome.Correct{ID: id, Corrected: outcome.Corrected{Verified: &verified, Reason: "笔误", Document: paper}})
		},
		func() {
			_ = h.put(investigator, "outcome.join", outcome.Join{ID: id, Joined: outcome.Joined{Into: h.one(h.found.outcomes), Reason: "重复登记"}})
		},
	})()
}

func asOutcome(s outcome.State) string { return fmt.Sprintf("%+v %+v %s", s.Penalised, s.Said, s.Into) }

// finds does a few things to findings.
func (h *history) finds() {
	for range h.between(1, 6) {
		h.find()
	}
}

// find does the next thing to a finding, whether it is in order or not.
func (h *history) find() {
	id := h.one(h.found.outcomes)
	if id == "" {
		return
	}
	rounds := h.rows().dossier.Rounds(id)
	if n := len(rounds); n == 0 || !rounds[n-1].State.Stage.Underway() && h.chance(2) {
		_ = h.put(panel(1), "finding.draft", finding.Begin{Outcome: id, Round: n + 1})
		return
	}
	f := rounds[len(rounds)-1]
	s, on := f.State, f.ID()
	version, party := s.Current().N, clerk(s.Executor)
	if b := s.Current().Bearing(); len(b) > 0 {
		party = clerk(h.one(b))
	}
	vote := func(n int) func() {
		return func() {
			_ = h.put(panel(n), "finding.vote", finding.CastVote{ID: on, Version: version, Agrees: !h.chance(8), Reason: "意见"})
		}
	}
	reply := h.between(1, max(1, len(s.Replies)))
	hear := []func(){
		func() {
			_ = h.put(party, "finding.reply", finding.Respond{ID: on, Text: "如此辩称", Hearing: h.chance(4)})
		},
		func() {
			_ = h.put(panel(1), "finding.answer_reply", finding.AnswerReply{ID: on, Reply: reply, Accepted: h.chance(3), Reason: "如此研究"})
		},
		func() {
			_ = h.put(panel(1), "finding.answer_reply", finding.AnswerReply{ID: on, Reply: reply, Reason: "如此研究"})
		},
		func() {
			_ = h.put(party, "finding.answer_mirror", finding.AnswerMirror{ID: on, Text: "整改"})
		},
		func() {
			_ = h.put(panel(1), "finding.hold_hearing", finding.HoldHearing{ID: on, On: ledger.DateOf(h.now), Units: []string{party.Unit}, Record: "如此笔录", Document: h.documents[0]})
		},
		func() {
			_ = h.put(panel(1), "finding.extend", finding.Extend{ID: on, Unit: party.Unit, Reason: "取证"})
		},
		func() {
			_ = h.put(panel(1), "finding.recompute", finding.Recompute{ID: on, Because: finding.ByReply, Reply: reply})
		},
		h.passes, h.passes, h.passes, vote(3), vote(3), vote(4), vote(4), vote(4),
	}
	appeal := []func(){
		func() {
			_ = h.put(panel(5), "finding.vote_appeal", finding.VoteAppeal{ID: on, Result: finding.Uphold, Reason: "维持"})
		},
		func() {
			_ = h.put(panel(6), "finding.vote_appeal", finding.VoteAppeal{ID: on, Result: finding.Uphold, Reason: "维持"})
		},
		func() {
			_ = h.put(panel(h.between(5, 6)), "finding.vote_appeal", finding.VoteAppeal{ID: on, Result: finding.Overturn, Reason: "撤销", Correction: &ledger.Text{Zh: "更正", En: "correction"}})
		},
		func() {
			_ = h.put(party, "finding.appeal", finding.Contest{ID: on, Text: "不服"})
		},
	}
	next := map[finding.Stage][]func(){
		finding.Draft:    {func() { _ = h.put(panel(2), "finding.check", finding.Check{ID: on, Version: version, Passed: true}) }},
		finding.Passed:   {func() { _ = h.put(panel(1), "finding.notify", finding.Notify{ID: on}) }},
		finding.Hearing:  hear,
		finding.Decided:  {func() { _ = h.put(party, "finding.appeal", finding.Contest{ID: on, Text: "不服"}) }, h.passes},
		finding.OnAppeal: appeal,
	}
	other := []func(){
		func() {
			_ = h.put(panel(1), "finding.recompute", finding.Recompute{ID: on, Because: finding.ByStatement})
		},
		func() {
			parts := each(s.Current().Shares, func(x finding.Share) finding.Part { return finding.Part{Unit: x.Unit, Points: x.Points} })
			if len(parts) > 1 {
				parts[0].Points, parts[1].Points = parts[1].Points, parts[0].Points
			}
			_ = h.put(panel(1), "finding.override", finding.SetShares{ID: on, Shares: parts, Reason: "另定", Rule: "wenze-2019-17"})
		},
		func() {
			_ = h.put(panel(1), "finding.recuse", finding.Recuse{ID: on, Unit: h.one(h.units), Reason: "回避"})
		},
		func() { _ = h.put(panel(1), "finding.withdraw", finding.Withdraw{ID: on, Reason: "再议"}) },
		func() {
			_ = h.put(systemActor, "finding.mark_review", finding.MarkReview{ID: on})
		},
		func() {
			_ = h.put(panel(2), "finding.check", finding.Check{ID: on, Version: version, Reason: "再核"})
		},
	}
	if ways := next[s.Stage]; len(ways) > 0 && !h.chance(8) {
		among(h, ways)()
		return
	}
	among(h, other)()
}

var systemActor = ledger.Actor{Account: ledger.System}

func (h *history) reward() {
	u := h.one(h.units)
	_ = h.put(clerk("99"), "reward.uplift", reward.Uplift{ID: fmt.Sprint("reward", h.keys), Unit: u, Mandate: h.one(h.mandates), Basis: h.one([]string{"", "100"}), Rule: "wenze-2019-17", Document: h.one(h.documents)})
	_ = h.put(as(ledger.Investigator, "99"), "clarification.issue", clarification.Issue{ID: fmt.Sprint("clear", h.keys), Unit: u, Matter: "被举报", Conclusion: clarification.Mistaken,
		Forms: []clarification.Form{clarification.Written}, Document: h.one(h.documents)})
}

// runOut asks for what is due on findings.
func (h *history) runOut() {
	r := h.rows()
	var due []finding.Due
	for f := range r.dossier.Running() {
		list, err := f.State.Timing.Due(f.ID(), r.calendar, h.now)
		h.must(err)
		due = append(due, list...)
	}
	for _, d := range due {
		_ = h.put(systemActor, d.Command, d.Input)
	}
}

// findingReaders are the actors whose answers are compared.
var findingReaders = []ledger.Actor{{}, panel(1), as(ledger.Reviewer, "990101"), as(ledger.Investigator, "99"), clerk("990101001"), clerk("990101"), as(ledger.Auditor, ""), admin}

// findingAnswers are all that the read model tells of outcomes and findings, of
// policies, rewards and clarifications.
func findingAnswers(r *Rows, all map[string]any) {
	for _, by := range findingReaders {
		key := "dossier of " + by.Account
		penalties, err := r.Penalties(by, PenaltyQuery{}, whole)
		findings, err2 := r.Findings(by, FindingQuery{}, whole)
		all[key] = []any{or(penalties, err), each(penalties.Items, ofPenalty(r)), or(findings, err2), each(findings.Items, ofFinding(r))}
		var may []uint64
		for i := range r.events {
			if r.MayReadEvent(by, uint64(i+1)) {
				may = append(may, uint64(i+1))
			}
		}
		all[key+" events"] = may
	}
	rewards, err := r.Rewards("", whole)
	clarifications, err2 := r.Clarifications("", whole)
	all["dossier lists"] = []any{r.Policies(), r.Policy(policy.JRA1, 0), or(rewards, err), or(clarifications, err2)}
	var running []string
	for f := range r.dossier.Running() {
		running = append(running, f.ID()+f.State.Timing.ReplacedBy)
	}
	all["dossier running"] = running
}

func ofPenalty(r *Rows) func(Penalty) any {
	return func(p Penalty) any {
		chain, err := r.PenaltyChain(p)
		return []any{
			p, p.as, p.told, r.PenaltyInto(p), r.PenaltyWarned(p), r.PenaltyStatements(p), r.PenaltyCorrections(p), r.PenaltyFindings(p), r.PenaltyCurrent(p), r.PenaltyMirrors(p),
			r.PenaltyAssignment(p), or(chain, err), r.PenaltyIssuances(p), r.PenaltyOrigin(p),
		}
	}
}

func ofFinding(r *Rows) func(Finding) any {
	return func(f Finding) any {
		return []any{
			f, r.FindingPenalty(f).ID, r.FindingReplaces(f), r.FindingSupersededBy(f), r.FindingNotices(f), r.FindingMirrors(f), r.FindingReplies(f), r.FindingHearings(f),
			r.FindingVotes(f), r.FindingAppeals(f), r.FindingTerms(f), r.FindingSteps(f),
		}
	}
}

// sights: nobody is shown a finding that finding.MayRead keeps from him, by
// whichever way he comes to it; wording and accounts are for those who take
// part.
func (h *history) sights() {
	r := h.rows()
	for _, by := range findingReaders {
		list, err := r.Findings(by, FindingQuery{}, whole)
		h.must(err)
		shown := map[string]bool{}
		for _, f := range list.Items {
			shown[f.ID] = true
		}
		for f := range r.dossier.Findings() {
			may := finding.MayRead(f.State, by, facts{r})
			if shown[f.ID()] != may || (r.Finding(by, f.ID()) != nil) != may {
				h.Fatalf("%s: finding %s shown: %t, may: %t", by.Account, f.ID(), shown[f.ID()], may)
			}
			p := r.Penalty(by, f.State.Outcome)
			if got := slices.ContainsFunc(r.PenaltyFindings(*p), func(x Finding) bool { return x.ID == f.ID() }); got != may {
				h.Fatalf("%s: finding %s beside its outcome: %t, may: %t", by.Account, f.ID(), got, may)
			}
			h.wording(r, by, f, may)
		}
	}
	for f := range r.dossier.Findings() {
		if again, err := r.Recompute(f.ID()); err != nil || !again.Same() {
			h.Fatalf("%s is not what the log gives again: %v, %+v", f.ID(), err, again)
		}
	}
	for _, n := range h.found.known {
		if o, ok := r.dossier.Outcome(n.id); ok && asOutcome(o.AsKnown(n.known)) != n.state {
			h.Fatalf("%s as known at %d was %s, is %s", n.id, n.known, n.state, asOutcome(o.AsKnown(n.known)))
		}
	}
}

func (h *history) wording(r *Rows, by ledger.Actor, f *dossier.Finding, may bool) {
	before := f.State
	before.Stage = finding.Draft
	part := !by.Anonymous() && finding.MayRead(before, by, facts{r})
	for _, s := range f.Steps {
		if r.MayReadEvent(by, s.Ordinal) != part {
			h.Fatalf("%s may read the content of event %d of %s: %t", by.Account, s.Ordinal, f.ID(), !part)
		}
	}
	if !may {
		return
	}
	v := r.Finding(by, f.ID())
	for _, x := range r.FindingVotes(*v) {
		open := x.Appeal == nil && !f.State.Stage.Public() || x.Appeal != nil && f.State.Appeals[*x.Appeal-1].Result == ""
		if open && (!part || by.Is(ledger.Clerk)) {
			h.Fatalf("%s is told a vote on %s before its panel ended", by.Account, f.ID())
		}
	}
	text := string(asText([]any{*v, ofFinding(r)(*v)}))
	if told := containsAny(text, "如此"); told && !part {
		h.Fatalf("%s reads what was said in %s: %s", by.Account, f.ID(), text)
	}
	if told := containsAny(text, "panel-"); told && (!part || by.Is(ledger.Clerk)) {
		h.Fatalf("%s reads who acted in %s: %s", by.Account, f.ID(), text)
	}
}

func containsAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// proposedValues are the parameters of JRA-1 as a policy has them.
func proposedValues() map[string]string {
	var a struct{ Values map[string]string }
	data, err := schema.Policies.ReadFile("policies/jra-1.v1.json")
	if err == nil {
		err = json.Unmarshal(data, &a)
	}
	if err != nil {
		panic(err) // it is part of the program
	}
	return a.Values
}
