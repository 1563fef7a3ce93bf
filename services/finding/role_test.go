package finding

import (
	"slices"
	"testing"
	"time"

	"suyuan/services/ledger"
)

// everybody who might ask.
var everybody = map[string]ledger.Actor{
	"nobody": {}, "system": engine,
	"admin": actor("admin", "", ledger.Admin), "auditor": actor("auditor", "", ledger.Auditor), "investigator": actor("investigator", "", ledger.Investigator),
	"fresh": fresh, "elsewhere": actor("elsewhere", "980101-sj", ledger.Reviewer), "above": actor("above", "9901-sj", ledger.Reviewer),
	"drafter": drafter, "checker": checker, "answerer": answerer, "author": author, "voter": voter, "second": second, "panelist": panelist,
	"recused": recused, "tied": tied, "tied office": actor("office", town+"-nb", ledger.Reviewer), "tied executor": actor("executor", village, ledger.Reviewer),
	"all of the town": actor("all", town, ledger.Roles...), "all of elsewhere": actor("all elsewhere", "980101", ledger.Clerk, ledger.Investigator, ledger.Auditor, ledger.Admin),
	"town": clerk(town), "village": clerk(village), "county": clerk(county), "foreign": clerk("980101"), "no unit": clerk(""),
}

var (
	reviewers = []string{"fresh", "elsewhere", "above", "drafter", "checker", "answerer", "author", "voter", "second", "panelist"}
	underWay  = []string{"draft", "checked", "hearing", "replied", "ready", "sent back", "revised", "checked again", "raised", "voted", "leaving", "clearing", "clearing checked", "clearing told", "clearing voted"}
	noticed   = []string{"hearing", "replied", "ready", "sent back", "revised", "checked again", "raised", "voted", "leaving", "clearing told", "clearing voted"}
	issued    = []string{"issued", "appealed", "appeal voted", "upheld", "varied"}
	townsfolk = []string{"town", "all of the town"}
)

func without(list []string, names ...string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return slices.Contains(names, x) })
}

// step is a command with everything else as it should be, and who may take it
// where. What is not listed is refused.
type step struct {
	when  func(s State) ledger.Decider[State, Facts]
	facts func(s State) known
	at    time.Time
	who   map[string][]string // by situation
}

func in(who []string, situations ...[]string) map[string][]string {
	m := map[string][]string{}
	for _, list := range situations {
		for _, x := range list {
			m[x] = who
		}
	}
	return m
}

func here(s State) known {
	k := world()
	if s.Charged != nil {
		k.explained = refuted().explained
	}
	if s.Stage != "" {
		k.rounds = []Fact{s.Fact()}
	}
	return k
}

func afterwards(s State) known {
	k := here(s)
	k.explained = otherwise()
	return k
}

func replaced(s State) known {
	k := here(s)
	k.rounds = append(k.rounds, Fact{ID: about + "-2", Outcome: about, Round: 2, Stage: Decided})
	return k
}

func steps() map[string]step {
	type decider = ledger.Decider[State, Facts]
	parts := []Part{{town, 5000}, {village, 5000}}
	check := in(without(reviewers, "drafter"), []string{"draft", "clearing"})
	check["revised"] = without(reviewers, "drafter", "author")
	vote := in(reviewers, []string{"ready", "clearing told"})
	vote["voted"] = without(reviewers, "voter")
	vote["clearing voted"] = without(reviewers, "voter")
	withdraw := in(reviewers, underWay)
	withdraw["leaving"] = without(reviewers, "voter")
	answer := in([]string{"village"}, []string{"replied", "ready", "sent back", "revised", "checked again", "raised", "voted", "final"}, issued)
	answer["leaving"] = append(slices.Clone(townsfolk), "village")
	answer["hearing"] = append(slices.Clone(townsfolk), "village")
	appeal := in([]string{"village"}, issued)
	appeal["issued"] = append(slices.Clone(townsfolk), "village")
	return map[string]step{
		"finding.draft": {who: in(append(slices.Clone(reviewers), "recused"), []string{"none"}),
			when: func(State) decider { return Begin{about, 1} }},
		"finding.recompute": {who: in(append(slices.Clone(reviewers), "system"), underWay), facts: afterwards,
			when: func(State) decider { return Recompute{ID: id, Because: ByLateFacts} }},
		"finding.override": {who: in(reviewers, underWay),
			when: func(State) decider { return SetShares{ID: id, Shares: parts, Reason: "各半", Rule: "wenze-2019-3"} }},
		"finding.check": {who: check,
			when: func(s State) decider { return Check{ID: id, Version: s.Current().N, Passed: true} }},
		"finding.recuse": {who: in(reviewers, underWay, issued, []string{"cleared issued"}),
			when: func(State) decider { return Recuse{ID: id, Account: "somebody", Reason: "亲属"} }},
		"finding.notify": {who: in(reviewers, []string{"checked", "checked again", "raised", "clearing checked"}),
			when: func(State) decider { return Notify{id} }},
		"finding.reply": {who: in(append(slices.Clone(townsfolk), "village"), noticed), at: day(5),
			when: func(State) decider { return Respond{ID: id, Text: "申辩"} }},
		"finding.extend": {who: in(reviewers, noticed), at: day(5),
			when: func(State) decider { return Extend{id, village, "路远"} }},
		"finding.hold_hearing": {who: in(reviewers, noticed), at: day(5),
			when: func(State) decider {
				return HoldHearing{ID: id, On: ledger.DateOf(day(4)), Units: []string{town}, Record: "笔录", Document: "paper"}
			}},
		"finding.answer_reply": {who: in(reviewers, []string{"replied"}),
			when: func(State) decider { return AnswerReply{id, 1, true, "属实"} }},
		"finding.answer_mirror": {who: answer,
			when: func(State) decider { return AnswerMirror{ID: id, Text: "已整改"} }},
		"finding.vote": {who: vote,
			when: func(s State) decider { return CastVote{ID: id, Version: s.Current().N, Agrees: true} }},
		"finding.withdraw": {who: withdraw,
			when: func(State) decider { return Withdraw{id, "重来"} }},
		"finding.appeal": {who: appeal, at: day(30),
			when: func(State) decider { return Contest{ID: id, Text: "不服"} }},
		"finding.vote_appeal": {who: map[string][]string{
			"appealed": {"fresh", "elsewhere", "above", "author", "panelist"}, "appeal voted": {"fresh", "elsewhere", "above", "author", "panelist"}},
			when: func(State) decider {
				return VoteAppeal{ID: id, Result: Overturn, Reason: "不实", Correction: &ledger.Text{Zh: "更正"}}
			}},
		"finding.mark_unanswered": {who: in([]string{"system"}, []string{"hearing", "replied", "leaving"}),
			when: func(State) decider { return MarkUnanswered{id, village, 1} }},
		"finding.let_stand": {who: in([]string{"system"}, []string{"issued", "cleared issued"}),
			when: func(State) decider { return LetStand{id} }},
		"finding.mark_overdue": {who: in([]string{"system"}, []string{"appealed", "appeal voted"}),
			when: func(State) decider { return MarkOverdue{id, 1} }},
		"finding.mark_review": {who: in([]string{"system"}, issued, []string{"overturned", "final", "cleared issued"}), facts: afterwards,
			when: func(State) decider { return MarkReview{id} }},
		"finding.supersede": {who: in([]string{"system"}, []string{"issued", "upheld", "varied", "final", "cleared issued"}), facts: replaced,
			when: func(State) decider { return Supersede{id, about + "-2"} }},
	}
}

// Every command, by everybody, everywhere: what is listed succeeds and nothing
// else does.
func TestWhoMayDoWhatWhere(t *testing.T) {
	all := steps()
	tried := 0
	for _, def := range Commands {
		x, ok := all[def.Name]
		if !ok {
			t.Errorf("%s is not in the table", def.Name)
			continue
		}
		if x.facts == nil {
			x.facts = here
		}
		if x.at.IsZero() {
			x.at = day(200)
		}
		for _, situation := range situations {
			s := state(at(situation)...)
			for name, by := range everybody {
				tried++
				got, err := x.when(s).Decide(s, x.facts(s), by, x.at)
				may := slices.Contains(x.who[situation], name)
				if may != (err == nil) || may != (len(got) > 0) {
					t.Errorf("%s by %s at %s: %v", def.Name, name, situation, err)
				}
			}
		}
	}
	for name, x := range all {
		for situation, who := range x.who {
			if _, ok := ways[situation]; !ok {
				t.Errorf("%s: there is no situation %s", name, situation)
			}
			for _, w := range who {
				if _, ok := everybody[w]; !ok {
					t.Errorf("%s at %s: there is no %s", name, situation, w)
				}
			}
		}
	}
	if want := len(Commands) * len(ways) * len(everybody); tried != want || len(ways) != len(situations) || len(Commands) != 20 {
		t.Errorf("%d were tried, want %d", tried, want)
	}
}

// Every stage is among the situations.
func TestEveryStageIsTried(t *testing.T) {
	seen := map[Stage]bool{}
	for _, x := range situations {
		seen[state(at(x)...).Stage] = true
	}
	for _, x := range Stages {
		if !seen[x] {
			t.Errorf("no situation is at %s", x)
		}
	}
}

// Who may read a finding, everywhere.
func TestMayRead(t *testing.T) {
	for _, situation := range situations {
		s := state(at(situation)...)
		for name, by := range everybody {
			staff := slices.Contains(reviewers, name) || slices.Contains([]string{"auditor", "investigator", "system", "all of elsewhere"}, name)
			party := len(s.Notices) > 0 && slices.Contains([]string{"town", "village", "all of the town"}, name)
			want := s.Stage != "" && (s.Stage.Public() || staff || party)
			if name == "recused" && s.Stage.Underway() || s.Stage == Dropped && name == "recused" {
				want = false
			}
			if got := MayRead(s, by, here(s)); got != want {
				t.Errorf("%s at %s: %v, want %v", name, situation, got, want)
			}
		}
	}
	k := world()
	k.merged = map[string]string{town: "990102003"}
	if by := actor("x", "990102003", ledger.Clerk); !MayRead(state(at("hearing")...), by, k) || MayRead(state(at("checked")...), by, k) {
		t.Error("a clerk of the unit that stands for a party now reads as it would, and no earlier")
	}
}
