package finding

import (
	"errors"
	"strings"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/policy"
	"suyuan/services/unit"
)

// A village was penalised. The town added 20 of the 30 that were missing, the
// county nothing.
const (
	county, town, village = "990102", "990102002", "990102002001"
	about                 = village + "-20260220-0123abcd"
	id                    = about + "-1"
)

var cal = must(calendar.Official())

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// asComputed is what JRA-1 makes of the evidence in the beginning.
func asComputed() Explained {
	return Explained{
		Known: 100, Policy: 1, Hash: "hash-1", Originating: town, Flags: []string{"CAPACITY_UNKNOWN"},
		Shares: []Share{{county, 0, "0"}, {town, 6667, "20"}, {village, 3333, "10"}},
	}
}

// otherwise is what it makes of them once another fact is on record.
func otherwise() Explained {
	e := asComputed()
	e.Known, e.Hash = 120, "hash-2"
	e.Shares = []Share{{county, 2000, "6"}, {town, 6000, "18"}, {village, 2000, "6"}}
	return e
}

// known is what decisions see. Units exist unless they end in -lost.
type known struct {
	rounds    []Fact
	explained Explained
	fault     error
	calendar  *calendar.Calendar
	merged    map[string]string
	joined    string
	without   string // the policy that was not adopted
}

func world() known { return known{explained: asComputed(), calendar: cal} }

func late() known {
	k := world()
	k.explained = otherwise()
	return k
}

// refuted is a world in which by now nobody is to be charged.
func refuted() known {
	return facts(func(k *known) {
		k.explained = asComputed()
		k.explained.Shares = []Share{{county, 0, "0"}, {town, 0, "0"}, {village, 0, "0"}, {liability.Unattributed, 10000, "30"}}
	})
}

func (k known) Unit(code string) (unit.Fact, bool) {
	into := k.merged[code]
	return unit.Fact{Code: code, Level: unit.LevelOf(code), Merged: into != "", Into: into}, !strings.HasSuffix(code, "-lost")
}
func (known) HasDocument(id string) bool               { return strings.HasPrefix(id, "paper") }
func (known) HasRule(id string) bool                   { return strings.HasPrefix(id, "wenze-") }
func (k known) Calendar() *calendar.Calendar           { return k.calendar }
func (k known) Rounds(string) []Fact                   { return k.rounds }
func (k known) Explain(string, int) (Explained, error) { return k.explained, k.fault }
func (k known) Subject(outcome string) (Subject, bool) {
	return Subject{Executor: village, Into: k.joined}, strings.HasPrefix(outcome, village)
}
func (k known) Policy(name string, _ ledger.Date) (policy.Adopted, bool) {
	terms := map[string]string{"objectionDays": "10", "noticeDays": "10", "extensionDays": "5", "mirrorDays": "10", "appealDays": "30", "appealDecisionDays": "30"}
	return policy.Adopted{Name: name, Version: 1, Values: terms}, name != k.without
}

func actor(account, unit string, roles ...ledger.Role) ledger.Actor {
	return ledger.Actor{Account: account, Unit: unit, Roles: roles}
}

func reviewer(account string) ledger.Actor { return actor(account, "", ledger.Reviewer) }
func clerk(unit string) ledger.Actor       { return actor("clerk of "+unit, unit, ledger.Clerk) }

var (
	engine   = ledger.Actor{Account: ledger.System}
	fresh    = reviewer("fresh")
	drafter  = reviewer("drafter")
	checker  = reviewer("checker")
	answerer = reviewer("answerer")
	author   = reviewer("author") // sets shares otherwise
	voter    = reviewer("voter")
	second   = reviewer("second")
	panelist = reviewer("panelist")
	office   = actor("office", "980101-sj", ledger.Reviewer)
	recused  = reviewer("recused")
	tied     = actor("tied", town, ledger.Reviewer)
)

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, ledger.Beijing)

// day is so many calendar days after the Monday, at nine. Ten working days
// from day 2 end with day 16.
func day(n int) time.Time { return monday.AddDate(0, 0, n) }

type events = []ledger.Evolver[State]

func first() Drafted {
	e := asComputed()
	return Drafted{ID: id, Outcome: about, Round: 1, Executor: village, Version: version(e, 1, drafter, day(0))}
}

// clears is the draft of a round that takes everything away. Its facts are
// refuted().
func clears() Drafted {
	return Drafted{ID: id, Outcome: about, Round: 1, Executor: village, Replaces: about + "-0", Charged: []string{town, village}, Version: version(refuted().explained, 1, drafter, day(0))}
}

// set is a version of the author's: the village bears more than was computed.
func set() Version {
	v := version(asComputed(), 2, author, day(20))
	v.Shares = []Share{{county, 0, "0"}, {town, 6000, ""}, {village, 4000, ""}}
	v.Override = &Override{"复核发现", "wenze-2019-3"}
	return v
}

var (
	given = Notified{day(2), 1, []Noticed{{town, 6667, true, true}, {village, 3333, false, true}}, 10, 10}
	said  = Replied{At: day(3), N: 1, Unit: town, Text: "上级要求"}
	told  = ReplyAnswered{day(4), answerer.Account, 1, false, "没有记录"}
)

// situations are where a finding may stand, each by the shortest history.
var situations = []string{
	"none", "draft", "checked", "hearing", "replied", "ready", "sent back", "revised", "checked again", "raised", "voted", "leaving", "withdrawn",
	"issued", "appealed", "appeal voted", "upheld", "varied", "overturned", "final", "superseded",
	"clearing", "clearing checked", "clearing told", "clearing voted", "cleared issued",
}

var ways = func() map[string]events {
	w := map[string]events{"none": nil}
	then := func(to, from string, more ...ledger.Evolver[State]) {
		w[to] = append(append(events{}, w[from]...), more...)
	}
	then("draft", "none", first(), Recused{At: day(0), Account: recused.Account, Reason: "亲属"})
	then("checked", "draft", Checked{At: day(1), By: checker.Account, Version: 1, Passed: true})
	then("hearing", "checked", given)
	then("replied", "hearing", said)
	then("ready", "replied", told, Unanswered{village, 1})
	then("sent back", "ready", Voted{At: day(19), By: voter.Account, Version: 1, Reason: "不实"}, SentBack{1, "不实"})
	then("revised", "sent back", Overridden{set()})
	then("checked again", "revised", Checked{At: day(21), By: checker.Account, Version: 2, Passed: true})
	then("raised", "ready", Overridden{set()})
	then("voted", "ready", Voted{At: day(19), By: voter.Account, Version: 1, Agrees: true})
	then("leaving", "hearing", WithdrawalProposed{day(5), voter.Account, "", 1, "证据不足"})
	then("withdrawn", "leaving", Withdrawn{day(6), drafter.Account, "证据不足"})
	then("issued", "voted", Voted{At: day(20), By: second.Account, Version: 1, Agrees: true}, Issued{day(20), 1, 30})
	then("appealed", "issued", Appealed{At: day(25), N: 1, Unit: town, Text: "不服", Days: 30})
	then("appeal voted", "appealed", AppealVoted{At: day(26), By: panelist.Account, Appeal: 1, Result: Uphold, Reason: "清楚"})
	then("upheld", "appeal voted", AppealDecided{At: day(27), Appeal: 1, Result: Uphold, Shares: asComputed().Shares, Reason: "清楚"})
	then("varied", "appeal voted", AppealDecided{
		At: day(27), Appeal: 1, Result: Vary, Removals: []Removal{{town, 3000}}, Reason: "部分不实", Correction: &ledger.Text{Zh: "更正"},
		Shares: []Share{{county, 0, "0"}, {town, 3667, ""}, {village, 3333, "10"}, {liability.Unattributed, 3000, ""}},
	})
	then("overturned", "appeal voted", AppealDecided{
		At: day(27), Appeal: 1, Result: Overturn, Removals: []Removal{{town, 6667}, {village, 3333}}, Reason: "不实", Correction: &ledger.Text{Zh: "更正"},
		Shares: []Share{{county, 0, ""}, {town, 0, ""}, {village, 0, ""}, {liability.Unattributed, 10000, ""}},
	})
	then("final", "issued", AppealPeriodExpired{})
	then("superseded", "final", Superseded{about + "-2"})
	then("clearing", "none", clears(), Recused{At: day(0), Account: recused.Account, Reason: "亲属"})
	then("clearing checked", "clearing", Checked{At: day(1), By: checker.Account, Version: 1, Passed: true})
	then("clearing told", "clearing checked", Notified{day(2), 1, []Noticed{{Unit: town}, {Unit: village}}, 10, 10})
	then("clearing voted", "clearing told", Voted{At: day(19), By: voter.Account, Version: 1, Agrees: true})
	then("cleared issued", "clearing voted", Voted{At: day(20), By: second.Account, Version: 1, Agrees: true}, Issued{day(20), 1, 30})
	return w
}()

func state(list ...ledger.Evolver[State]) (s State) {
	for _, e := range list {
		e.Evolve(&s)
	}
	return s
}

// at is the history that leads to a situation, with more behind it.
func at(situation string, more ...ledger.Evolver[State]) events {
	way, ok := ways[situation]
	if !ok {
		panic("no such situation: " + situation)
	}
	return append(append(events{}, way...), more...)
}

var errExplain = errors.New("the evidence cannot be read")

func rat(s string) *exact.Rat { r := must(exact.ParseRat(s)); return &r }
