package finding

import (
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
	"suyuan/services/liability"
)

type c = ledgertest.Case[State, Facts]

// change is a copy with something else in it.
func change[T any](x T, how func(x *T)) T {
	how(&x)
	return x
}

func facts(how func(k *known)) known { return change(world(), how) }

// prior is a world in which there are findings already.
func prior(list ...Fact) known { return facts(func(k *known) { k.rounds = list }) }

func fact(n int, stage Stage) Fact {
	return Fact{ID: ID(about, n), Outcome: about, Round: n, Stage: stage}
}

func marked(f Fact) Fact { f.Marked = true; return f }

func TestDraft(t *testing.T) {
	draft := Begin{about, 1}
	second := Begin{about, 2}
	again := change(first(), func(d *Drafted) { d.ID, d.Round = about+"-2", 2 })
	instead := change(again, func(d *Drafted) { d.Replaces = id })
	capped := Fact{ID: id, Outcome: about, Round: 1, Stage: Varied, Caps: []Cap{{town, 3667}}}
	drafts := func(d Drafted) events { d.Version.By = fresh.Account; return events{d} }
	seen := ledgertest.Run[State, Facts](t, world(), []c{
		{Name: "from the evidence, under the policy of the day", By: fresh, At: day(0), When: draft, Then: drafts(first())},
		{Name: "a second round where the first was withdrawn", By: fresh, At: day(0), Facts: prior(fact(1, Dropped)), When: second, Then: drafts(again)},
		{Name: "or overturned", By: fresh, At: day(0), Facts: prior(fact(1, Overturned)), When: second, Then: drafts(instead)},
		{Name: "or varied: nobody is charged again with what the appeal took", By: fresh, At: day(0), Facts: prior(capped), When: second,
			Then: drafts(change(instead, func(d *Drafted) { d.Caps = capped.Caps }))},
		{Name: "or marked for review while it stands", By: fresh, At: day(0), Facts: prior(marked(fact(1, Final))), When: second, Then: drafts(instead)},
		{Name: "upheld, too", By: fresh, At: day(0), Facts: prior(marked(fact(1, Upheld))), When: second, Then: drafts(instead)},
		{Name: "a third one takes the place of the first where the second was withdrawn", By: fresh, At: day(0), Facts: prior(capped, fact(2, Dropped)), When: Begin{about, 3},
			Then: drafts(change(instead, func(d *Drafted) { d.ID, d.Round, d.Caps = about+"-3", 3, capped.Caps }))},
		{Name: "not while it is under appeal", By: fresh, Facts: prior(marked(fact(1, OnAppeal))), When: second, Refused: "conflict finding.stands at outcome"},
		{Name: "not where it stands", By: fresh, Facts: prior(fact(1, Final)), When: second, Refused: "conflict finding.stands at outcome"},
		{Name: "nor behind a withdrawn one", By: fresh, Facts: prior(fact(1, Upheld), fact(2, Dropped)), When: Begin{about, 3}, Refused: "conflict finding.stands at outcome"},
		{Name: "one at a time", By: fresh, Facts: prior(fact(1, Hearing)), When: second, Refused: "conflict finding.underway at outcome"},
		{Name: "the same again", By: fresh, Facts: prior(fact(1, Draft)), When: draft, Refused: "conflict finding.underway at outcome"},
		{Name: "what is not folded yet", By: fresh, Given: at("draft"), When: draft, Refused: "conflict finding.already_drafted"},
		{Name: "in turn", By: fresh, When: second, Refused: "conflict finding.round at round"},
		{Name: "and with a bound", By: fresh, Facts: prior(fact(99, Dropped)), When: Begin{about, 100}, Refused: "conflict finding.round at round"},
		{Name: "about an outcome", By: fresh, When: Begin{"x", 1}, Refused: "invalid outcome.id at outcome"},
		{Name: "that is on record", By: fresh, When: Begin{"9901-20260220-0123abcd", 1}, Refused: "not_found finding.outcome_unknown at outcome"},
		{Name: "and was not joined to another", By: fresh, Facts: facts(func(k *known) { k.joined = "other" }), When: draft, Refused: "refused finding.outcome_joined at outcome"},
		{Name: "with parameters", By: fresh, Facts: facts(func(k *known) { k.without = "jra-1" }), When: draft, Refused: "refused finding.no_policy"},
		{Name: "by a reviewer", By: clerk(town), When: draft, Refused: "forbidden finding.role"},
		{Name: "who is not tied", By: tied, When: draft, Refused: "forbidden finding.tied"},
		{Name: "by what his unit was merged into either", By: actor("x", "990102003", ledger.Reviewer), Facts: facts(func(k *known) { k.merged = map[string]string{town: "990102003"} }), When: draft, Refused: "forbidden finding.tied"},
		{Name: "by one that issued it and bears nothing either", By: actor("x", county+"-sj", ledger.Reviewer), At: day(0), When: draft, Refused: "forbidden finding.tied"},
		{Name: "an office above is not tied", By: actor("x", "9901-sj", ledger.Reviewer), At: day(0), When: draft,
			Then: events{change(first(), func(d *Drafted) { d.Version.By = "x" })}},
		{Name: "nothing is missing: the draft says so", By: fresh, At: day(0), Facts: facts(func(k *known) {
			k.explained = Explained{Known: 7, Policy: 1, Hash: "h", Outcome: liability.NoShortfall}
		}), When: draft,
			Then: drafts(change(first(), func(d *Drafted) {
				d.Version = Version{N: 1, At: day(0), Known: 7, Policy: 1, Hash: "h", Outcome: liability.NoShortfall}
			}))},
	})
	refused = append(refused, seen)
}

// refused collects what the tests were refused by, for TestEveryRule.
var refused []map[string]bool

func TestVersions(t *testing.T) {
	recompute := Recompute{ID: id, Because: ByLateFacts}
	v := version(otherwise(), 2, fresh, day(6))
	because := func(b Because, reply int, n int) events {
		return events{Recomputed{change(v, func(v *Version) { v.Because, v.Reply, v.N = b, reply, n })}}
	}
	override := SetShares{ID: id, Shares: []Part{{town, 6000}, {village, 4000}}, Reason: "复核发现", Rule: "wenze-2019-3"}
	overridden := change(set(), func(v *Version) { v.By, v.At = fresh.Account, day(6) })
	shares := func(list ...Part) SetShares { return change(override, func(c *SetShares) { c.Shares = list }) }
	accepted := at("replied", ReplyAnswered{day(4), answerer.Account, 1, true, "属实"})
	many := at("draft")
	for n := 2; n <= maxVersions; n++ {
		many = append(many, Recomputed{Version{N: n}})
	}
	check := Check{ID: id, Version: 1, Passed: true}
	checked := func(v int, passed bool, reason string) events {
		return events{Checked{day(6), fresh.Account, "", v, passed, reason}}
	}
	none := facts(func(k *known) { k.explained = Explained{Outcome: liability.NoShortfall, Hash: "h"} })
	seen := ledgertest.Run[State, Facts](t, late(), []c{
		{Name: "computed anew for late facts", By: fresh, At: day(6), Given: at("draft"), When: recompute, Then: because(ByLateFacts, 0, 2)},
		{Name: "by the system", By: engine, At: day(6), Given: at("hearing"), When: recompute,
			Then: events{Recomputed{change(v, func(v *Version) { v.By, v.Because = ledger.System, ByLateFacts })}}},
		{Name: "which knows no other reason", By: engine, Given: at("draft"), When: Recompute{ID: id, Because: ByStatement}, Refused: "invalid input.word at because"},
		{Name: "of what is there", By: engine, When: recompute, Refused: "not_found finding.unknown at id"},
		{Name: "and not issued", By: engine, Given: at("issued"), When: recompute, Refused: "refused finding.stage"},
		{Name: "for what a reviewer stated", By: fresh, At: day(6), Given: at("checked"), When: Recompute{ID: id, Because: ByStatement}, Then: because(ByStatement, 0, 2)},
		{Name: "for a reply that was accepted", By: fresh, At: day(6), Given: accepted, When: Recompute{id, ByReply, 1}, Then: because(ByReply, 1, 2)},
		{Name: "not for one that was not", By: fresh, Given: at("ready"), When: Recompute{id, ByReply, 1}, Refused: "refused finding.reply_not_accepted at reply"},
		{Name: "nor for none", By: fresh, Given: accepted, When: Recompute{id, ByReply, 0}, Refused: "refused finding.reply_not_accepted at reply"},
		{Name: "nor for one that is not there", By: fresh, Given: accepted, When: Recompute{id, ByReply, 2}, Refused: "refused finding.reply_not_accepted at reply"},
		{Name: "a reply is a reason of its own", By: fresh, Given: accepted, When: Recompute{id, ByStatement, 1}, Refused: "invalid input.word at because"},
		{Name: "not for nothing", By: fresh, Facts: world(), Given: at("draft"), When: recompute, Refused: "refused finding.unchanged"},
		{Name: "but to take an override back", By: fresh, At: day(6), Facts: world(), Given: at("draft", Overridden{set()}), When: Recompute{ID: id, Because: ByStatement},
			Then: events{Recomputed{change(version(asComputed(), 3, fresh, day(6)), func(v *Version) { v.Because = ByStatement })}}},
		{Name: "which the system leaves alone", By: engine, Facts: world(), Given: at("draft", Overridden{set()}), When: recompute, Refused: "refused finding.unchanged"},
		{Name: "not by somebody to whose unit it leads", By: actor("x", county, ledger.Reviewer), Given: at("draft"), When: recompute, Refused: "forbidden finding.tied"},
		{Name: "and with a bound", By: fresh, Given: many, When: recompute, Refused: "refused finding.too_many_versions"},

		{Name: "a reviewer sets shares, and both versions stay", By: fresh, At: day(6), Given: at("draft"), When: override, Then: events{Overridden{overridden}}},
		{Name: "nobody's as well", By: fresh, At: day(6), Given: at("draft"), When: shares(Part{liability.Unattributed, 3333}, Part{town, 6667}),
			Then: events{Overridden{change(overridden, func(v *Version) {
				v.Shares = []Share{{county, 0, "0"}, {town, 6667, "20"}, {village, 0, ""}, {liability.Unattributed, 3333, ""}}
			})}}},
		{Name: "for a reply that was accepted it may stay as it is", By: fresh, At: day(6), Given: accepted,
			When: change(override, func(c *SetShares) { c.Shares, c.Reply = []Part{{town, 6667}, {village, 3333}}, 1 }),
			Then: events{Overridden{change(overridden, func(v *Version) { v.Shares, v.Because, v.Reply = asComputed().Shares, ByReply, 1 })}}},
		{Name: "with a reason", By: fresh, Given: at("draft"), When: change(override, func(c *SetShares) { c.Reason = " " }), Refused: "invalid input.missing at reason"},
		{Name: "and a rule", By: fresh, Given: at("draft"), When: change(override, func(c *SetShares) { c.Rule = "" }), Refused: "refused finding.rule_unknown at rule"},
		{Name: "for what was accepted", By: fresh, Given: at("replied"), When: change(override, func(c *SetShares) { c.Reply = 1 }), Refused: "refused finding.reply_not_accepted at reply"},
		{Name: "making up the whole", By: fresh, Given: at("draft"), When: shares(Part{town, 9999}), Refused: "invalid finding.sum at shares[0].points"},
		{Name: "and no more", By: fresh, Given: at("draft"), When: shares(Part{town, 10000}, Part{village, 1}), Refused: "invalid finding.sum at shares[1].points"},
		{Name: "none below nothing", By: fresh, Given: at("draft"), When: shares(Part{town, -1}, Part{village, 10001}), Refused: "invalid finding.sum at shares[0].points"},
		{Name: "each once", By: fresh, Given: at("draft"), When: shares(Part{town, 5000}, Part{town, 5000}), Refused: "invalid finding.sum at shares[1].points"},
		{Name: "of units of the case", By: fresh, Given: at("draft"), When: shares(Part{"9901", 10000}), Refused: "refused finding.not_in_case at shares[0].unit"},
		{Name: "at least one", By: fresh, Given: at("draft"), When: shares(), Refused: "invalid input.count at shares"},
		{Name: "otherwise than they are", By: fresh, Given: at("draft"), When: shares(Part{town, 6667}, Part{village, 3333}), Refused: "refused finding.unchanged"},
		{Name: "and with a bound", By: fresh, Given: many, When: override, Refused: "refused finding.too_many_versions"},

		{Name: "a draft passes", By: fresh, At: day(6), Given: at("draft"), When: check, Then: checked(1, true, "")},
		{Name: "or does not, with a reason", By: fresh, At: day(6), Given: at("draft"), When: Check{id, 1, false, "缺材料"}, Then: checked(1, false, "缺材料")},
		{Name: "which has to be given", By: fresh, Given: at("draft"), When: Check{ID: id, Version: 1}, Refused: "invalid input.missing at reason"},
		{Name: "the version that was looked at", By: fresh, Given: at("revised"), When: check, Refused: "conflict finding.version_changed at version"},
		{Name: "not by who drafted", By: drafter, Given: at("revised"), When: Check{id, 2, true, ""}, Refused: "forbidden finding.own_draft"},
		{Name: "nor by who set the shares", By: author, Given: at("revised"), When: Check{id, 2, false, "缺"}, Refused: "forbidden finding.own_draft"},
		{Name: "what did not pass needs another version", By: fresh, Given: at("draft", Checked{Version: 1}), When: check, Refused: "refused finding.rejected"},
		{Name: "so does what the panel sent back", By: fresh, Given: at("sent back"), When: check, Refused: "refused finding.rejected"},
		{Name: "with another version it passes", By: fresh, At: day(6), Given: at("revised"), When: Check{id, 2, true, ""}, Then: checked(2, true, "")},
		{Name: "what charges nobody does not pass", By: fresh, Facts: none, Given: at("draft", Recomputed{Version{N: 2, Outcome: liability.NoShortfall}}), When: Check{id, 2, true, ""}, Refused: "refused finding.nobody"},
		{Name: "nor does nobody's", By: fresh, Given: at("draft", Recomputed{Version{N: 2, Shares: []Share{{town, 0, "0"}, {liability.Unattributed, 10000, "1"}}}}), When: Check{id, 2, true, ""}, Refused: "refused finding.nobody"},
		{Name: "which can be said", By: fresh, At: day(6), Given: at("draft", Recomputed{Version{N: 2, Outcome: liability.NoShortfall}}), When: Check{id, 2, false, "无差额"}, Then: checked(2, false, "无差额")},
	})
	refused = append(refused, seen)
}

func TestRecusal(t *testing.T) {
	recuse := Recuse{ID: id, Account: "somebody", Reason: "亲属"}
	unit := Recuse{ID: id, Unit: "9901", Reason: "利害关系"}
	many := at("draft")
	for range maxRecusals {
		many = append(many, Recused{Account: "x", Reason: "亲属"})
	}
	seen := ledgertest.Run[State, Facts](t, world(), []c{
		{Name: "of an account", By: fresh, At: day(6), Given: at("draft"), When: recuse, Then: events{Recused{day(6), "somebody", "", nil, "亲属"}}},
		{Name: "of a unit", By: fresh, At: day(6), Given: at("issued"), When: unit, Then: events{Recused{day(6), "", "9901", nil, "利害关系"}}},
		{Name: "one of the two", By: fresh, Given: at("draft"), When: change(recuse, func(c *Recuse) { c.Unit = "9901" }), Refused: "invalid finding.recuse_whom at account"},
		{Name: "not neither", By: fresh, Given: at("draft"), When: change(recuse, func(c *Recuse) { c.Account = "" }), Refused: "invalid finding.recuse_whom at account"},
		{Name: "with a reason", By: fresh, Given: at("draft"), When: change(recuse, func(c *Recuse) { c.Reason = "" }), Refused: "invalid input.missing at reason"},
		{Name: "of a unit that exists", By: fresh, Given: at("draft"), When: change(unit, func(c *Recuse) { c.Unit = "9901-lost" }), Refused: "refused unit.unknown at unit"},
		{Name: "a unit's with what is merged into it, and what they did", By: fresh, At: day(19), Facts: facts(func(k *known) { k.merged = map[string]string{"990199": "990198", "990197": "990198"} }),
			Given: at("ready", Voted{By: "voter of 990199", Unit: "990199", Version: 1, Agrees: true}, Voted{By: "voter of 990196", Unit: "990196", Version: 1, Agrees: true}), When: change(unit, func(c *Recuse) { c.Unit = "990198" }),
			Then: events{Recused{day(19), "", "990198", []string{"voter of 990199"}, "利害关系"}}},
		{Name: "not of the whole country", By: fresh, Given: at("draft"), When: change(unit, func(c *Recuse) { c.Unit = "0" }), Refused: "refused finding.recuse_all at unit"},
		{Name: "or a whole province", By: fresh, Given: at("draft"), When: change(unit, func(c *Recuse) { c.Unit = "99" }), Refused: "refused finding.recuse_all at unit"},
		{Name: "an office of it may be", By: fresh, At: day(6), Given: at("draft"), When: change(unit, func(c *Recuse) { c.Unit = "99-sj" }), Then: events{Recused{day(6), "", "99-sj", nil, "利害关系"}}},
		{Name: "once", By: fresh, Given: at("draft"), When: change(recuse, func(c *Recuse) { c.Account = recused.Account }), Refused: "conflict finding.recused_already at account"},
		{Name: "with a bound", By: fresh, Given: many, When: recuse, Refused: "invalid input.count at recusals"},
		{Name: "not by who was recused", By: recused, Given: at("draft"), When: recuse, Refused: "forbidden finding.recused"},
		{Name: "or with his unit", By: actor("x", "990101", ledger.Reviewer), Given: at("draft", Recused{Unit: "9901"}), When: recuse, Refused: "forbidden finding.recused"},
		{Name: "a unit that was recused lets others be", By: actor("x", "9902", ledger.Reviewer), At: day(6), Given: at("draft", Recused{Unit: "9901"}), When: recuse,
			Then: events{Recused{day(6), "somebody", "", nil, "亲属"}}},
	})
	refused = append(refused, seen)

	if s := state(at("voted", Recused{Account: voter.Account})...); len(s.Votes) != 0 {
		t.Error("a recused member's vote counts")
	}
	if s := state(at("voted", Recused{Account: second.Account})...); len(s.Votes) != 1 {
		t.Error("somebody else's vote does not count any more")
	}
	if s := state(at("appeal voted", Recused{Account: panelist.Account})...); len(s.AppealVotes) != 0 {
		t.Error("a recused member's vote on the appeal counts")
	}
	if s := state(at("ready", Voted{By: "x", Unit: "990101", Version: 1, Agrees: true}, Recused{Unit: "9901"})...); len(s.Votes) != 0 {
		t.Error("the vote of a recused unit's member counts")
	}
	if s := state(at("checked", Recused{Account: checker.Account})...); s.Stage != Draft {
		t.Error("what a recused reviewer checked need not be checked anew")
	}
	for _, situation := range []string{"hearing", "ready", "voted", "raised"} {
		if s := state(at(situation, Recused{Account: checker.Account})...); s.Stage != Draft || len(s.Votes) > 0 {
			t.Errorf("%s: what a recused reviewer checked goes on to the panel", situation)
		}
	}
	by := Checked{By: "c", Unit: "990101", Version: 1, Passed: true}
	for name, e := range map[string]Recused{"within it": {Unit: "9901"}, "merged into it": {Unit: "9902", Undone: []string{"c"}}} {
		s := state(first(), by, given, e)
		if s.Stage != Draft {
			t.Errorf("what a reviewer of a recused unit checked goes on to the panel: %s", name)
		}
		if Checked.Evolve(Checked{By: "d", Version: 1, Passed: true}, &s); s.Stage != Hearing {
			t.Errorf("checked anew it stands at %s", s.Stage)
		}
	}
	if s := state(first(), by, given, Voted{By: "x", Unit: "9903", Version: 1, Agrees: true}, Recused{Unit: "9902", Undone: []string{"x"}}); len(s.Votes) != 0 || s.Stage != Hearing {
		t.Error("the vote of a member whose unit was merged into the recused one counts")
	}
	if s := state(at("checked", Recused{Account: voter.Account})...); s.Stage != Passed {
		t.Error("somebody else's recusal undoes the check")
	}
	if s := state(at("issued", Recused{Account: voter.Account})...); len(s.Votes) != 2 {
		t.Error("what was issued loses its votes")
	}
}
