package complaint

import (
	"fmt"
	"slices"
	"testing"

	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
)

// Everybody who could ask for something.
var people = map[string]ledger.Actor{
	"investigator":            investigator,
	"city investigator":       actor("i2", "9901-zf", ledger.Investigator),
	"investigator elsewhere":  actor("i3", "9902", ledger.Investigator),
	"reviewer":                reviewer,
	"clerk of the handler":    clerk,
	"clerk of another unit":   actor("c2", other, ledger.Clerk),
	"clerk of no unit":        actor("c3", "", ledger.Clerk),
	"auditor":                 actor("a", "", ledger.Auditor),
	"admin":                   actor("b", "", ledger.Admin),
	"the named county":        named,
	"a bureau of the county":  actor("n2", bureau, ledger.Investigator, ledger.Reviewer, ledger.Clerk),
	"a town of the county":    actor("n3", town, ledger.Investigator, ledger.Reviewer, ledger.Clerk),
	"a recused account":       actor("gone", "", ledger.Investigator, ledger.Reviewer, ledger.Clerk),
	"the engine":              engine,
	"a person of other roles": actor("c", "", ledger.Clerk, ledger.Admin, ledger.Auditor),
}

var (
	investigators = []string{"investigator", "city investigator"}
	reviewers     = []string{"reviewer"}
	clerks        = []string{"clerk of the handler"}
	nobody        []string
)

type step struct {
	step   ledger.Decider[State, Facts]
	who    []string
	stages []Stage
}

// The way of a complaint, as the field has it: who may take which step at
// which stage. What is not listed here must be refused.
var way = []step{
	{Accept{id}, investigators, []Stage{Registered}},
	{Decline{id, "不属于", "请找"}, investigators, []Stage{Registered}},
	{Merge{id, "other", ""}, investigators, []Stage{Registered, Taken}},
	{Dispatch{id, handler, 0}, investigators, []Stage{Taken, SentBack}},
	{Return{id, "不归"}, clerks, []Stage{Sent}},
	{Recall{id, "应当回避"}, investigators, []Stage{Sent, Handling}}, // and after dissatisfaction: see the other table
	{SignFor{id}, clerks, []Stage{Sent}},
	{Pause{id, "等待", ""}, investigators, []Stage{Sent, Handling}},
	{Extend{id, 5, "9901-zf", "复杂"}, reviewers, []Stage{Sent, Handling}},
	{Ask{id, blob}, investigators, []Stage{Registered, Taken, Joined, Sent, SentBack, Handling, Replying, Visited, InReview, InFinal}},
	{Answer{id, blob, Solved}, clerks, []Stage{Handling}},
	{FollowUp{id, true, ""}, investigators, []Stage{Replying}},
	{Close{id}, investigators, []Stage{Visited}},
	{DecideReview{id, Upheld, blob}, reviewers, []Stage{InReview, InFinal}},
	{VerifyClaim{id, "sheet"}, investigators, Stages},
	{DisproveClaim{id, "paper", "不符"}, investigators, Stages},
	{Summarise{id, "摘要"}, reviewers, Stages},
	{Recuse{id, "x", "", "亲属"}, append(slices.Clone(investigators), reviewers...), Stages},
	{hear(claim.Reply, nil), []string{"the engine"}, Stages},
	{hear(claim.Retaliation, nil), []string{"the engine"}, Stages},
	{hear(claim.Withdraw, nil), []string{"the engine"}, Stages},
	{hear(claim.Review, nil), []string{"the engine"}, Stages},
	{hear(claim.Rate, new(bool)), []string{"the engine"}, Stages},
	{File(filed()), []string{"the engine"}, nil},
	{Redo{id, 0, "不实"}, nobody, nil}, // only after dissatisfaction: see the other table
	{Rule{id, handler, 0, "裁定"}, nobody, nil},
	{Resume{id}, nobody, nil},
	{TakeRetaliation{id}, nobody, nil},
	{AnswerRetaliation{id, blob}, nobody, nil},
	{Remind{id, 1, 50}, nobody, nil},
	{Supervise{id, 1}, nobody, nil},
	{Escalate{id, 1, 1}, nobody, nil},
	{CloseUnrated{id, 1}, nobody, nil},
	{Breach{id, Assigning, 1}, nobody, nil},
	{RunOn{id, 1, 1}, nobody, nil},
	{Settle{id}, []string{"the engine"}, []Stage{Joined}}, // which goes on in nothing
}

func hear(act claim.Act, rated *bool) Hear {
	l := letter(9, 7)
	return Hear{ID: id, Letter: l.Letter, Day: l.Day, Act: act, Solved: rated, Satisfied: rated, Narrative: story}
}

// Every step, at every stage, by everybody.
func TestWay(t *testing.T) {
	f := facts(about)
	steps := map[string]bool{}
	for _, w := range way {
		steps[fmt.Sprintf("%T", w.step)] = true
		for stage := range ways {
			for name, by := range people {
				s := state(at(stage, Recusal{"gone", "", "亲属"})...)
				got, err := w.step.Decide(s, f, by, day(7))
				may := slices.Contains(w.who, name) && slices.Contains(w.stages, stage)
				if may != (err == nil) {
					t.Errorf("%T at %s by %s: %v, %v", w.step, stage, name, got, err)
				}
				if err != nil {
					w.refused(t, name, stage, s, ledger.AsError(err))
				}
			}
		}
	}
	for _, c := range Commands {
		if !steps[c.Type.String()] {
			t.Errorf("%s is not in the table", c.Name)
		}
	}
}

// refused holds a refusal to its reason: what somebody's role does not allow
// is forbidden before anything is looked at, and to him who may know nothing
// of a complaint it is not there, whatever he asks.
func (w step) refused(t *testing.T, who string, stage Stage, s State, e *ledger.Error) {
	hides := e.Rule == "complaint.unknown"
	if e.Rule == "complaint.role" || e.Rule == "complaint.system_only" {
		return
	}
	if slices.Contains(strangers, who) != hides && !(hides && who == "clerk of the handler" && s.Handler == "") {
		t.Errorf("%T at %s: %s is told %s", w.step, stage, who, e.Rule)
	}
}

// strangers may know nothing of the complaint.
var strangers = []string{
	"investigator elsewhere", "clerk of another unit", "clerk of no unit", "the named county", "a bureau of the county", "a town of the county",
	"a recused account", "a person of other roles",
}
