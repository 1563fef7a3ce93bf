package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"testing"
	"time"

	"suyuan/services/clarification"
	"suyuan/services/document"
	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/mandate/assignment"
	"suyuan/services/outcome"
	"suyuan/services/policy"
	"suyuan/services/reward"
	"suyuan/services/view"
)

// judged is the ledger of the scenarios with a village that was penalised for
// what its town had added: one finding that went through everything and was
// replaced, one of which notice was given, one that is a draft.
type judged struct {
	*reported
	shortfall, accident, twice string // outcomes
	first, second              string // findings about the shortfall
	open                       string // the finding about the accident, not issued
	terms                      map[string]string
}

const (
	thatVillage = "990101001002"
	nextVillage = "990101001003"
)

func reviewer(account, unit string) ledger.Actor {
	return ledger.Actor{Account: account, Roles: []ledger.Role{ledger.Reviewer}, Unit: unit}
}

var (
	drafts, checks, votes    = reviewer("drafts", "99"), reviewer("checks", "99"), reviewer("votes", "99")
	appealOne, appealTwo     = reviewer("appeal-one", "99"), reviewer("appeal-two", "99")
	laterDrafts, laterChecks = reviewer("later-drafts", "99"), reviewer("later-checks", "99")
	recusedReviewer          = reviewer("recused", "99")
	tiedReviewer             = reviewer("tied", thatVillage)
	bureau                   = as(ledger.Investigator, "990101-jw")
	clerkOfTown              = as(ledger.Clerk, town)
)

func withFindings(t *testing.T) *judged {
	t.Helper()
	w := &judged{reported: withReports(t)}
	w.policies()
	return w
}

func (w *judged) policies() {
	w.must(w.submit(as(ledger.Clerk, "99-bb"), "document.register", document.Register{ID: "params", Number: "试〔2025〕1号", Issuer: "99-bb", Date: "2025-03-01", Title: "参数"}))
	all, err := policy.Proposed()
	w.must(err)
	for _, p := range all {
		w.terms = p.Values // the last are the periods
		w.must(w.submit(as(ledger.Admin, ""), "policy.adopt", policy.Adopt{Name: p.Name, Title: p.Title, Values: p.Values, Document: "params"}))
	}
}

// penalise records what a unit was penalised for.
func (w *judged) penalise(p outcome.Penalise) string {
	p.Penalties = []outcome.Penalty{{Form: outcome.Circular, Body: "990101", Rule: "wenze-2019-17", On: w.today(), Document: "wangxi-check-2022-3", Text: "通报批评"}}
	p.Document, p.Fictional, p.Assumed = "wangxi-check-2022-3", true, []string{"日期为假定"}
	w.must(w.submit(bureau, "outcome.penalise", p))
	return outcome.ID(p.Mandate, p.Measure, p.Unit, p.OccurredAt)
}

func on(day string) time.Time { return ledger.Date(day).Time().Add(10 * time.Hour) }

func (w *judged) fillFindings() {
	shortfall := outcome.Penalise{
		Kind: outcome.Quantity, Title: "退林还耕未完成", Mandate: "farmland-600", Measure: "farmland-600/area", Unit: thatVillage, Issuance: "farmland-600-town", OccurredAt: on("2022-07-15"),
		Required: "220", Verified: "190", Capacity: "200", CapacityFrom: "核查记录", CapacityDocument: "wangxi-check-2022-3",
	}
	w.shortfall = w.penalise(shortfall)
	shortfall.OccurredAt = on("2022-07-16")
	w.twice = w.penalise(shortfall)
	w.must(w.submit(bureau, "outcome.join", outcome.Join{ID: w.twice, Joined: outcome.Joined{Into: w.shortfall, Reason: "重复登记"}}))
	w.must(w.submit(as(ledger.Clerk, thatVillage), "assignment.object", assignment.Object{
		Ref: assignment.Ref{Issuance: "farmland-600-town", Unit: thatVillage}, ID: "too-late", Ground: assignment.Infeasible, Measure: "farmland-600/area", Reason: "无地可退",
	}))
	w.danger()
	since, did := w.day.Add(-2*time.Hour), w.day.Add(-time.Hour)
	w.accident = w.penalise(outcome.Penalise{
		Kind: outcome.Conduct, Title: "塌方", Mandate: "farmland-600", Unit: nextVillage, OccurredAt: w.day, KnownSince: &since,
		Warned: []outcome.Warning{
			{Unit: nextVillage, At: since, Channel: "chat_group", Answer: "收到", AnsweredAt: &since, Did: "reply", DidAt: &did, Power: "stop", Document: "wangxi-check-2022-3"},
			{Unit: town, At: since, Channel: "phone", Answer: "收到", AnsweredAt: &since, Power: "supervise"},
		},
	})
	w.must(w.submit(drafts, "outcome.state", outcome.Say{
		ID: w.shortfall, Point: outcome.OverruledBy, Unit: thatVillage, By: town, OnPaper: "2022-03-11", Reason: "会议纪要", Document: "wangxi-check-2022-3",
	}))
	w.must(w.submit(drafts, "outcome.state", outcome.Say{ID: w.shortfall, Point: outcome.Duty, Value: outcome.DutyBasic, Reason: "清单", Document: "wangxi-check-2022-3"}))
	w.firstRound()
	w.secondRound()
	w.rest()
	one := func(id string) string { return fmt.Sprintf(`(id: %q)`, id) }
	w.more = map[string][]string{"penalty": {one(w.shortfall), one(w.accident), one(w.twice)}, "finding": {one(w.first), one(w.second), one(w.open)}}
}

// danger is told, and nobody answers.
func (w *judged) danger() {
	w.must(w.submit(as(ledger.Clerk, nextVillage), "assignment.request_stop", assignment.RequestStop{Ref: assignment.Ref{Issuance: "farmland-600-town", Unit: nextVillage}, ID: "stop", Reason: "边坡不稳"}))
	w.later(1)
}

// noticed drafts a finding and takes it to the notices.
func (w *judged) noticed(of string, round int, drafts, checks ledger.Actor) string {
	id := finding.ID(of, round)
	w.must(w.submit(drafts, "finding.draft", finding.Begin{Outcome: of, Round: round}))
	w.must(w.submit(drafts, "finding.recuse", finding.Recuse{ID: id, Account: "recused", Reason: "亲属"}))
	w.must(w.submit(drafts, "finding.recuse", finding.Recuse{ID: id, Unit: "990102", Reason: "利害关系"}))
	return id
}

func (w *judged) notify(id string, drafts, checks ledger.Actor) {
	w.must(w.submit(checks, "finding.check", finding.Check{ID: id, Version: w.state(id).Current().N, Passed: true}))
	w.must(w.submit(drafts, "finding.notify", finding.Notify{ID: id}))
}

// state is a finding as whoever drafted it sees it.
func (w *judged) state(id string) (s finding.State) {
	w.t.Helper()
	w.view.Read(func(r *view.Rows) {
		if f := r.Finding(drafts, id); f != nil {
			s = r.FindingState(*f)
		}
	})
	if s.Stage == "" {
		w.t.Fatalf("there is no finding %s", id)
	}
	return s
}

func (w *judged) firstRound() {
	w.first = w.noticed(w.shortfall, 1, drafts, checks)
	w.notify(w.first, drafts, checks)
	w.must(w.submit(drafts, "finding.extend", finding.Extend{ID: w.first, Unit: town, Reason: "材料待查"}))
	w.later(1)
	w.must(w.submit(clerkOfTown, "finding.reply", finding.Respond{ID: w.first, Text: "按比例分解有会议依据", Document: "qingsui-2022-6", Hearing: true}))
	w.later(1)
	w.must(w.submit(drafts, "finding.hold_hearing", finding.HoldHearing{
		ID: w.first, On: w.today(), Units: w.noticedUnits(w.first), Absent: w.noticedUnits(w.first)[1:], Record: "听证笔录", Document: "qingsui-2022-6",
	}))
	w.must(w.submit(drafts, "finding.answer_reply", finding.AnswerReply{ID: w.first, Reply: 1, Accepted: true, Reason: "部分成立"}))
	w.must(w.submit(drafts, "finding.override", finding.SetShares{
		ID: w.first, Shares: []finding.Part{{Unit: town, Points: 6000}, {Unit: thatVillage, Points: 4000}}, Reason: "会议依据减轻", Rule: "wenze-2019-17", Reply: 1,
	}))
	w.must(w.submit(drafts, "finding.notify", finding.Notify{ID: w.first})) // the village is charged more
	w.settle(w.first, checks, votes)
	w.must(w.submit(clerkOfTown, "finding.appeal", finding.Contest{ID: w.first, Text: "份额过重", Document: "qingsui-2022-6"}))
	for _, by := range []ledger.Actor{appealOne, appealTwo} {
		w.must(w.submit(by, "finding.vote_appeal", finding.VoteAppeal{
			ID: w.first, Result: finding.Vary, Removals: []finding.Removal{{Unit: town, Points: 1000}}, Reason: "证据不足", Correction: &ledger.Text{Zh: "更正：青穗镇的份额减去1000。", En: "The town's share is less."},
		}))
	}
}

func (w *judged) noticedUnits(id string) (units []string) {
	for _, n := range w.state(id).Notices {
		units = append(units, n.Unit)
	}
	return units
}

// settle waits until everybody had time, and issues.
func (w *judged) settle(id string, checks, votes ledger.Actor) {
	w.later(40)
	for _, m := range w.state(id).Mirrors {
		if m.State == finding.MirrorPending {
			w.must(w.submit(system, "finding.mark_unanswered", finding.MarkUnanswered{ID: id, Unit: m.Unit, Version: m.Version}))
		}
	}
	n := w.state(id).Current().N
	w.must(w.submit(checks, "finding.vote", finding.CastVote{ID: id, Version: n, Agrees: true, Reason: "同意"}))
	w.must(w.submit(votes, "finding.vote", finding.CastVote{ID: id, Version: n, Agrees: true}))
}

func (w *judged) secondRound() {
	w.second = w.noticed(w.shortfall, 2, laterDrafts, laterChecks)
	capacity := "195"
	w.must(w.submit(as(ledger.Investigator, "9901-jw"), "outcome.correct", outcome.Correct{ID: w.shortfall, Corrected: outcome.Corrected{Capacity: &capacity, Reason: "复测", Document: "wangxi-check-2022-3"}}))
	w.must(w.submit(system, "finding.recompute", finding.Recompute{ID: w.second, Because: finding.ByLateFacts}))
	w.must(w.submit(system, "finding.mark_review", finding.MarkReview{ID: w.first}))
	w.must(w.submit(laterDrafts, "finding.override", finding.SetShares{
		ID: w.second, Shares: []finding.Part{{Unit: town, Points: 5000}, {Unit: liability.Unattributed, Points: 5000}}, Reason: "申诉已减去", Rule: "wenze-2019-17",
	}))
	w.notify(w.second, laterDrafts, laterChecks)
	w.must(w.submit(clerkOfTown, "finding.answer_mirror", finding.AnswerMirror{ID: w.second, Text: "已整改"}))
	w.settle(w.second, laterChecks, votes)
	w.must(w.submit(system, "finding.supersede", finding.Supersede{ID: w.first, By: w.second}))
	w.must(w.submit(clerkOfTown, "finding.appeal", finding.Contest{ID: w.second, Text: "不服"}))
}

func (w *judged) rest() {
	w.open = w.noticed(w.accident, 1, drafts, checks)
	w.notify(w.open, drafts, checks)
	w.must(w.submit(clerkOfTown, "finding.reply", finding.Respond{ID: w.open, Text: "未收到险情报告"}))
	later := policy.Adopt{Name: policy.Periods, Title: "期限", From: ledger.DateOf(w.day.AddDate(1, 0, 0)), Document: "params", Values: map[string]string{}}
	maps.Copy(later.Values, w.terms)
	w.must(w.submit(as(ledger.Admin, ""), "policy.adopt", later))
	w.must(w.submit(as(ledger.Clerk, "990101"), "reward.uplift", reward.Uplift{ID: "town-2025", Unit: thatVillage, Mandate: "farmland-600", Basis: "1000", Rule: "wenze-2019-17", Document: "wangxi-check-2022-3"}))
	w.must(w.submit(bureau, "clarification.issue", clarification.Issue{ID: "cleared", Unit: thatVillage, Matter: "虚报面积", Conclusion: clarification.Mistaken, Forms: []clarification.Form{clarification.Written}, Document: "wangxi-check-2022-3"}))
}

type workedCase struct {
	raw    json.RawMessage
	Expect struct {
		Outcome string
		Shares  map[string]float64
	}
}

func workedCases(t *testing.T) map[string]workedCase {
	t.Helper()
	text, err := os.ReadFile("../../test/cases/jra1-cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []json.RawMessage }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	all := map[string]workedCase{}
	for _, raw := range file.Cases {
		c := workedCase{raw: raw}
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(err)
		}
		all[fmt.Sprint(len(all))] = c
	}
	return all
}
