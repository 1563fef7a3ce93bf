package portal

import (
	"fmt"
	"slices"
	"strings"

	"suyuan/services/ledger"
)

// The bounds of what is written about a finding, as its package has them.
const (
	mostSaid   = 3000
	mostReason = 1000
)

// all are the acts of the reader's roles on the outcome and its finding, of
// which those are offered that can be done as things stand. The desk decides:
// what is refused there is told beside the form.
func (v *benchItemPage) all() []act {
	var all []act
	if v.Actor.Is(ledger.Reviewer) && !v.Tied() && v.Outcome.Into == nil {
		all = append(all, v.drafting()...)
		if v.live != nil {
			all = append(all, v.checking()...)
			all = append(all, v.hearing()...)
			all = append(all, v.deciding()...)
		}
		all = append(all, v.stating()...)
		if v.live != nil {
			all = append(all, v.leaving()...)
		}
	}
	if v.Actor.Is(ledger.Investigator) && v.Outcome.Into == nil {
		all = append(all, act{Name: "join", Now: true, command: "outcome.join", given: map[string]any{"id": v.Outcome.ID}, Fields: []*field{
			{Name: "into", Kind: lineField, Max: mostID, Hint: v.say("form.otherOutcome")}, v.reasonField(),
		}})
	}
	return all
}

// act is one on the finding.
func (v *benchItemPage) act(name, command string, now bool, fields ...*field) act {
	return act{Name: name, Now: now, command: "finding." + command, given: map[string]any{"id": v.live.ID}, Fields: fields}
}

func (p *Page) reasonField() *field { return &field{Name: "reason", Kind: areaField, Max: mostReason} }

func (p *Page) paperField(optional bool) *field {
	return &field{Name: "document", Kind: lineField, Max: mostID, Optional: optional, Hint: p.say("form.document")}
}

// either is a field with two choices, true and false, in their own words.
func (p *Page) either(name string) *field {
	return &field{Name: name, Kind: yesField, Choices: []choice{{Value: "true", Text: p.enum("either", name)}, {Value: "false", Text: p.enum("eitherNot", name)}}}
}

// drafting begins a finding, or the next round.
func (v *benchItemPage) drafting() []act {
	round := 1
	for _, f := range v.Outcome.Findings {
		round = max(round, f.Round+1)
	}
	return []act{{Name: "draft", Now: v.live == nil || v.live.over(), command: "finding.draft", given: map[string]any{"outcome": v.Outcome.ID, "round": round}}}
}

// checking is what can be done before the panel votes.
func (v *benchItemPage) checking() []act {
	f, me := v.live, v.Actor.Account
	check := v.act("check", "check", f.at("DRAFT") && !f.failed() && f.drafter() != me, v.either("passed"),
		&field{Name: "reason", Kind: areaField, Max: mostReason, Optional: true, Hint: v.say("form.ifNot")})
	check.given["version"] = f.version()
	making := f.at("DRAFT", "CHECKED", "HEARING")
	again := v.act("recompute", "recompute", making && f.unfollowed() == nil)
	again.given["because"] = "statement"
	all := []act{check, v.act("notify", "notify", f.at("CHECKED") || f.at("HEARING") && !f.noticed()), again}
	for i, r := range f.unfollowed() {
		follow := v.act(fmt.Sprintf("recompute_%d", i+1), "recompute", making)
		follow.Title = v.say("bench.recomputeFor", "n", r.N, "unit", r.Unit.Name)
		follow.given["because"], follow.given["reply"] = "reply", r.N
		all = append(all, follow)
	}
	return append(all, v.setting(making))
}

// setting is the form of shares that a reviewer sets.
func (v *benchItemPage) setting(now bool) act {
	set := v.act("override", "override", now)
	if open := v.live.unfollowed(); open != nil {
		set.given["reply"] = open[0].N
	}
	names := []string{unattributed}
	add := func(i int, name, label string) {
		points := &field{Name: fmt.Sprintf("shares.%d.points", i), Label: label, Kind: numberField, Max: 10_000}
		if i == 0 {
			points.Head = v.say("bench.sharesOf")
		}
		set.Fields = append(set.Fields, &field{Name: fmt.Sprintf("shares.%d.unit", i), Kind: givenField, Value: name}, points)
	}
	n := 0
	for _, s := range v.Finding.Current.Computed {
		if !slices.Contains(names, s.Name) {
			add(n, s.Name, v.label(s.Name, s.Unit))
			names, n = append(names, s.Name), n+1
		}
	}
	add(n, unattributed, v.say("bench.nobody"))
	set.Fields = append(set.Fields, v.reasonField(), v.rule(false))
	return set
}

// rule is one of the rules that can be cited.
func (v *benchItemPage) rule(optional bool) *field {
	return &field{Name: "rule", Kind: selectField, Optional: optional, Choices: slices.Clone(v.Rules)}
}

// hearing is the defence.
func (v *benchItemPage) hearing() []act {
	f := v.live
	hearing := f.at("DRAFT", "CHECKED", "HEARING") && len(f.Notices) > 0 // what came back from the panel has its notices still
	var units []choice
	var codes []string
	for _, n := range f.Notices {
		if !n.Extended && (n.Until == "" || n.Until >= v.Today) {
			units = append(units, choice{Value: n.Unit.Code, Text: n.Unit.Name})
		}
	}
	for _, u := range f.unheard() {
		codes = append(codes, u.Code)
	}
	var all []act
	for i, r := range f.pending() {
		answer := v.act(fmt.Sprintf("answer_reply_%d", i+1), "answer_reply", hearing, v.either("accepted"), v.reasonField())
		answer.Title = v.say("bench.answerOf", "n", r.N, "unit", r.Unit.Name)
		answer.given["reply"] = r.N
		all = append(all, answer)
	}
	return append(all,
		v.act("hold_hearing", "hold_hearing", hearing,
			&field{Name: "on", Kind: dateField, Value: v.Today},
			&field{Name: "units", Kind: listField, Value: strings.Join(codes, "\n"), Hint: v.say("form.heard")},
			&field{Name: "absent", Kind: listField, Optional: true, Hint: v.say("form.absent")},
			&field{Name: "record", Kind: areaField, Max: mostSaid}, v.paperField(false)),
		v.act("extend_reply", "extend", hearing && units != nil, &field{Name: "unit", Label: v.say("bench.unit"), Kind: choiceField, Choices: units}, v.reasonField()),
	)
}

// deciding is the panel's, and the new panel's.
func (v *benchItemPage) deciding() []act {
	f, me := v.live, v.Actor.Account
	vote := v.act("vote", "vote", f.ready(v.Today) && !f.voted(me), v.either("agrees"),
		&field{Name: "reason", Kind: areaField, Max: mostReason, Optional: true, Hint: v.say("form.ifAgainst")})
	vote.given["version"] = f.version()
	return []act{vote, v.appealing()}
}

// leaving is recusal, and taking the finding back.
func (v *benchItemPage) leaving() []act {
	recuse := v.act("recuse_finding", "recuse", !v.live.at("WITHDRAWN", "SUPERSEDED", "OVERTURNED", "FINAL"),
		&field{Name: "account", Kind: lineField, Max: 100, Optional: true, Hint: v.say("form.oneOfTwo")},
		&field{Name: "unit", Kind: lineField, Max: 40, Optional: true, Hint: v.say("form.unitCode")}, v.reasonField())
	recuse.done = v.To("bench") // who is recused just now may not see the finding any more
	asked := v.live.leaving()
	withdraw := v.act("withdraw_finding", "withdraw", v.live.at("DRAFT", "CHECKED", "HEARING") && (asked == "" || asked != v.Actor.Account), v.reasonField())
	switch {
	case asked != "":
		withdraw.Title = v.say("bench.agreeToWithdraw")
	case v.live != nil && len(v.live.Notices) > 0:
		withdraw.Title = v.say("bench.askToWithdraw")
	}
	return []act{withdraw, recuse}
}
