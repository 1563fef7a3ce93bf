package finding

import (
	"strings"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
	"suyuan/services/liability"
)

func TestNotice(t *testing.T) {
	notify := Notify{id}
	to := func(version int, list ...Noticed) events { return events{Notified{day(6), version, list, 10, 10}} }
	// The county began it but bears nothing; a share below one point has notice.
	faint := version(asComputed(), 2, author, day(3))
	faint.Shares = []Share{{county, 0, "0"}, {town, 10000, "999999"}, {village, 0, "1/3"}}
	faint.Originating = county
	draft := at("draft", Recomputed{faint}, Checked{By: checker.Account, Version: 2, Passed: true})
	lower := change(set(), func(v *Version) { v.Shares = []Share{{county, 0, "0"}, {town, 7000, ""}, {village, 3000, ""}} })
	caps := change(first(), func(d *Drafted) { d.Caps = []Cap{{town, 3667}, {village, 5000}} })
	under := change(set(), func(v *Version) {
		v.Shares = []Share{{county, 0, ""}, {town, 3667, ""}, {village, 5000, ""}, {liability.Unattributed, 1333, ""}}
	})
	seen := ledgertest.Run[State, Facts](t, world(), []c{
		{Name: "to every unit that bears something, with its mirrored item", By: fresh, At: day(6), Given: at("checked"), When: notify,
			Then: to(1, Noticed{town, 6667, true, true}, Noticed{village, 3333, false, true})},
		{Name: "below one point, too, and to where it began", By: fresh, At: day(6), Given: draft, When: notify,
			Then: to(2, Noticed{town, 10000, false, true}, Noticed{village, 0, false, false}, Noticed{county, 0, true, true})},
		{Name: "anew to who is charged more, and to nobody else", By: fresh, At: day(6), Given: at("raised"), When: notify, Then: to(2, Noticed{village, 4000, false, true})},
		{Name: "after it was sent back and checked anew", By: fresh, At: day(6), Given: at("checked again"), When: notify, Then: to(2, Noticed{village, 4000, false, true})},
		{Name: "to who is named for the first time", By: fresh, At: day(6), Given: at("hearing", Recomputed{version(otherwise(), 2, engine, day(5))}), When: notify,
			Then: to(2, Noticed{county, 2000, false, false})},
		{Name: "less, and then more than that, is more", By: fresh, At: day(6), Given: at("ready", Overridden{lower}, Overridden{change(set(), func(v *Version) { v.N = 3 })}), When: notify,
			Then: to(3, Noticed{village, 4000, false, true})},
		{Name: "more, and then as before, is not", By: fresh, At: day(6), Given: at("raised", Overridden{change(version(asComputed(), 3, author, day(21)), func(v *Version) { v.Shares = asComputed().Shares })}), When: notify,
			Then: to(3, Noticed{town, 6667, true, true})},
		{Name: "not without need", By: fresh, Given: at("hearing"), When: notify, Refused: "refused finding.nobody_to_notify"},
		{Name: "not before it was checked", By: fresh, Given: at("draft"), When: notify, Refused: "refused finding.stage"},
		{Name: "not where nobody is charged", By: fresh, Given: at("hearing", Recomputed{Version{N: 2, Outcome: liability.NoShortfall}}), When: notify, Refused: "refused finding.nobody"},
		{Name: "with periods that hold", By: fresh, Given: at("checked"), Facts: facts(func(k *known) { k.without = "terms" }), When: notify, Refused: "refused finding.no_terms"},
		{Name: "that can be counted", By: fresh, Given: at("checked"), Facts: facts(func(k *known) { k.calendar = nil }), When: notify, Refused: "unavailable finding.no_calendar"},
		{Name: "who was charged is told that he is not any more", By: fresh, At: day(6), Given: at("clearing checked"), Facts: refuted(), When: notify, Then: to(1, Noticed{Unit: town}, Noticed{Unit: village})},
		{Name: "an appeal's relief holds in the next round", By: fresh, Given: events{caps, Checked{By: "x", Version: 1, Passed: true}}, When: notify, Refused: "refused finding.relieved"},
		{Name: "up to what it left", By: fresh, At: day(6), Given: events{caps, Overridden{under}, Checked{By: "x", Version: 2, Passed: true}}, When: notify,
			Then: to(2, Noticed{town, 3667, true, true}, Noticed{village, 5000, false, true})},
	})
	refused = append(refused, seen)
}

func TestReplies(t *testing.T) {
	reply := Respond{id, "申辩", "paper", true}
	replied := func(n int, code string) events { return events{Replied{day(5), n, code, "申辩", "paper", true}} }
	many := at("hearing")
	for n := range maxReplies {
		many = append(many, Replied{At: day(3), N: n + 1, Unit: town})
	}
	merged := facts(func(k *known) { k.merged = map[string]string{town: "990102003"} })
	extend := Extend{id, village, "路远"}
	hearing := HoldHearing{id, ledger.DateOf(day(5)), []string{town, village}, []string{village}, "笔录", "paper"}
	held := HearingHeld{day(6), fresh.Account, ledger.DateOf(day(5)), []string{town, village}, []string{village}, "笔录", "paper"}
	hold := func(how func(c *HoldHearing)) HoldHearing { return change(hearing, how) }
	halls := at("hearing")
	for range maxHearings {
		halls = append(halls, HearingHeld{})
	}
	answer := AnswerReply{id, 1, true, "属实"}
	mirror := AnswerMirror{id, "已整改", "paper"}
	mirrored := func(code string) events { return events{MirrorAnswered{day(6), code, "已整改", "paper"}} }
	seen := ledgertest.Run[State, Facts](t, world(), []c{
		{Name: "a unit that had notice replies", By: clerk(town), At: day(5), Given: at("hearing"), When: reply, Then: replied(1, town)},
		{Name: "on its last day", By: clerk(village), At: day(16), Given: at("replied"), When: Respond{ID: id, Text: "申辩"}, Then: events{Replied{At: day(16), N: 2, Unit: village, Text: "申辩"}}},
		{Name: "and no later", By: clerk(village), At: day(17), Given: at("hearing"), When: reply, Refused: "refused finding.reply_late"},
		{Name: "but for the days that it was given", By: clerk(village), At: day(17), Given: at("hearing", Extended{Unit: village, Days: 5}), When: Respond{ID: id, Text: "申辩"}, Then: events{Replied{At: day(17), N: 1, Unit: village, Text: "申辩"}}},
		{Name: "which are its own", By: clerk(town), At: day(17), Given: at("hearing", Extended{Unit: village, Days: 5}), When: reply, Refused: "refused finding.reply_late"},
		{Name: "not before its notice: it is not told that there is a finding", By: clerk(town), At: day(5), Given: at("checked"), When: reply, Refused: "not_found finding.unknown at id"},
		{Name: "nor is a unit that has none", By: clerk(county), At: day(5), Given: at("hearing"), When: reply, Refused: "not_found finding.unknown at id"},
		{Name: "that reads it once it is issued", By: clerk(county), At: day(5), Given: at("issued"), When: reply, Refused: "forbidden finding.not_party"},
		{Name: "not once it is issued", By: clerk(town), At: day(5), Given: at("issued"), When: reply, Refused: "refused finding.stage"},
		{Name: "by a clerk", By: tied, At: day(5), Given: at("hearing"), When: reply, Refused: "forbidden finding.role"},
		{Name: "or the one of the unit that stands for it now", By: clerk("990102003"), At: day(5), Facts: merged, Given: at("hearing"), When: reply, Then: replied(1, town)},
		{Name: "saying something", By: clerk(town), At: day(5), Given: at("hearing"), When: Respond{ID: id}, Refused: "invalid input.missing at text"},
		{Name: "with papers that are there", By: clerk(town), At: day(5), Given: at("hearing"), When: Respond{ID: id, Text: "申辩", Document: "lost"}, Refused: "refused document.unknown at document"},
		{Name: "and a bound", By: clerk(town), At: day(5), Given: many, When: reply, Refused: "refused finding.too_many_replies"},
		{Name: "of its own", By: clerk(village), At: day(5), Given: many, When: reply, Then: replied(maxReplies+1, village)},
		{Name: "days cannot be counted", By: clerk(town), At: day(5), Facts: facts(func(k *known) { k.calendar = nil }), Given: at("hearing"), When: reply, Refused: "unavailable finding.no_calendar"},

		{Name: "more time", By: fresh, At: day(6), Given: at("hearing"), When: extend, Then: events{Extended{day(6), village, 5, "路远"}}},
		{Name: "once", By: fresh, At: day(6), Given: at("hearing", Extended{Unit: village, Days: 5}), When: extend, Refused: "refused finding.extended_already at unit"},
		{Name: "for each notice", By: fresh, At: day(25), Given: at("hearing", Extended{Unit: village, Days: 5}, Overridden{set()}, Notified{day(21), 2, []Noticed{{village, 4000, false, true}}, 10, 10}), When: extend, Then: events{Extended{day(25), village, 5, "路远"}}},
		{Name: "while it runs", By: fresh, At: day(17), Given: at("hearing"), When: extend, Refused: "refused finding.reply_late"},
		{Name: "for who had notice", By: fresh, At: day(6), Given: at("hearing"), When: Extend{id, county, "路远"}, Refused: "refused finding.not_noticed at unit"},
		{Name: "with a reason", By: fresh, At: day(6), Given: at("hearing"), When: Extend{ID: id, Unit: village}, Refused: "invalid input.missing at reason"},
		{Name: "and terms", By: fresh, At: day(6), Given: at("hearing"), Facts: facts(func(k *known) { k.without = "terms" }), When: extend, Refused: "refused finding.no_terms"},

		{Name: "a hearing", By: fresh, At: day(6), Given: at("hearing"), When: hearing, Then: events{held}},
		{Name: "on a day between", By: fresh, At: day(4), Given: at("hearing"), When: hearing, Refused: "refused finding.hearing_day at on"},
		{Name: "not before the notice", By: fresh, At: day(6), Given: at("hearing"), When: hold(func(c *HoldHearing) { c.On = ledger.DateOf(day(1)) }), Refused: "refused finding.hearing_day at on"},
		{Name: "nor on no day", By: fresh, At: day(6), Given: at("hearing"), When: hold(func(c *HoldHearing) { c.On = "" }), Refused: "invalid input.date at on"},
		{Name: "of units that had notice", By: fresh, At: day(6), Given: at("hearing"), When: hold(func(c *HoldHearing) { c.Units[0] = town; c.Units = []string{town, county} }), Refused: "refused finding.not_noticed at units[1]"},
		{Name: "at least one", By: fresh, At: day(6), Given: at("hearing"), When: hold(func(c *HoldHearing) { c.Units = nil }), Refused: "invalid input.count at units"},
		{Name: "each once", By: fresh, At: day(6), Given: at("hearing"), When: hold(func(c *HoldHearing) { c.Units = []string{town, town} }), Refused: "refused finding.not_noticed at units[1]"},
		{Name: "absent who was asked", By: fresh, At: day(6), Given: at("hearing"), When: hold(func(c *HoldHearing) { c.Units = []string{town} }), Refused: "refused finding.absent_unasked at absent[0]"},
		{Name: "with its record", By: fresh, At: day(6), Given: at("hearing"), When: hold(func(c *HoldHearing) { c.Record = "" }), Refused: "invalid input.missing at record"},
		{Name: "on paper", By: fresh, At: day(6), Given: at("hearing"), When: hold(func(c *HoldHearing) { c.Document = "" }), Refused: "invalid document.required at document"},
		{Name: "and a bound", By: fresh, At: day(6), Given: halls, When: hearing, Refused: "invalid input.count at hearings"},

		{Name: "a reply is accepted", By: fresh, At: day(6), Given: at("replied"), When: answer, Then: events{ReplyAnswered{day(6), fresh.Account, 1, true, "属实"}}},
		{Name: "with reasons", By: fresh, Given: at("replied"), When: AnswerReply{ID: id, Reply: 1}, Refused: "invalid input.missing at reason"},
		{Name: "once", By: fresh, Given: at("ready"), When: answer, Refused: "conflict finding.reply_answered at reply"},
		{Name: "one that is there", By: fresh, Given: at("replied"), When: AnswerReply{id, 2, true, "属实"}, Refused: "not_found finding.reply_unknown at reply"},
		{Name: "counted from one", By: fresh, Given: at("replied"), When: AnswerReply{id, 0, true, "属实"}, Refused: "not_found finding.reply_unknown at reply"},

		{Name: "the mirrored item is answered", By: clerk(village), At: day(6), Given: at("hearing"), When: mirror, Then: mirrored(village)},
		{Name: "late, as well", By: clerk(village), At: day(6), Given: at("final"), When: mirror, Then: mirrored(village)},
		{Name: "not twice", By: clerk(village), Given: at("hearing", MirrorAnswered{Unit: village}), When: mirror, Refused: "conflict finding.mirror_answered"},
		{Name: "a reply answers it", By: clerk(town), Given: at("replied"), When: mirror, Refused: "conflict finding.mirror_answered"},
		{Name: "not what was lifted", By: clerk(village), Given: at("overturned"), When: mirror, Refused: "forbidden finding.not_party"},
		{Name: "nor after it ended", By: clerk(village), Given: at("superseded"), When: mirror, Refused: "refused finding.stage"},
		{Name: "saying something", By: clerk(village), Given: at("hearing"), When: AnswerMirror{ID: id}, Refused: "invalid input.missing at text"},
	})
	refused = append(refused, seen)
}

func TestPanel(t *testing.T) {
	vote := CastVote{ID: id, Version: 1, Agrees: true}
	voted := func(by ledger.Actor) Voted { return Voted{day(20), by.Account, by.Unit, 1, true, ""} }
	asks := Replied{At: day(3), N: 1, Unit: town, Text: "申辩", Hearing: true}
	settled := at("hearing", asks, told, Unanswered{village, 1})
	accepted := at("hearing", said, ReplyAnswered{day(4), answerer.Account, 1, true, "属实"}, Unanswered{village, 1})
	followed := change(set(), func(v *Version) { v.Shares, v.Override, v.Because, v.Reply = asComputed().Shares, nil, ByReply, 1 })
	elsewhere := actor("elsewhere", "980101", ledger.Reviewer)
	second2 := CastVote{ID: id, Version: 2, Agrees: true}
	seen := ledgertest.Run[State, Facts](t, world(), []c{
		{Name: "the first vote", By: elsewhere, At: day(20), Given: at("ready"), When: vote, Then: events{voted(elsewhere)}},
		{Name: "the second one issues it", By: fresh, At: day(20), Given: at("voted"), When: vote, Then: events{voted(fresh), Issued{day(20), 1, 30}}},
		{Name: "one may have drafted", By: drafter, At: day(20), Given: at("voted"), When: vote, Then: events{voted(drafter), Issued{day(20), 1, 30}}},
		{Name: "not both", By: author, At: day(20), Given: at("hearing", Overridden{set()}, Recomputed{change(version(asComputed(), 3, engine, day(20)), func(v *Version) {})}, Notified{day(2), 3, []Noticed{{town, 6667, true, true}}, 10, 10}, said, told, Unanswered{village, 1}, Voted{By: drafter.Account, Version: 3, Agrees: true}),
			When: CastVote{ID: id, Version: 3, Agrees: true}, Refused: "forbidden finding.makers_only"},
		{Name: "not twice by one", By: voter, At: day(20), Given: at("voted"), When: vote, Refused: "conflict finding.voted_already"},
		{Name: "against it, and it goes back", By: fresh, At: day(20), Given: at("voted"), When: CastVote{id, 1, false, "不实"},
			Then: events{Voted{day(20), fresh.Account, "", 1, false, "不实"}, SentBack{1, "不实"}}},
		{Name: "with a reason", By: fresh, At: day(20), Given: at("voted"), When: CastVote{ID: id, Version: 1}, Refused: "invalid input.missing at reason"},
		{Name: "on the version that was looked at", By: fresh, At: day(20), Given: at("raised"), When: vote, Refused: "conflict finding.version_changed at version"},
		{Name: "not before who is charged more had notice", By: fresh, At: day(40), Given: at("raised"), When: second2, Refused: "refused finding.notice_owed"},
		{Name: "and its period", By: fresh, At: day(30), Given: at("raised", Notified{day(21), 2, []Noticed{{village, 4000, false, true}}, 10, 10}), When: second2, Refused: "refused finding.period_runs"},
		{Name: "before which an earlier reply does not count", By: fresh, At: day(30), Given: at("replied", told, Replied{At: day(3), N: 2, Unit: village}, ReplyAnswered{Reply: 2}, Overridden{set()}, Notified{day(21), 2, []Noticed{{village, 4000, false, true}}, 10, 10}), When: second2, Refused: "refused finding.period_runs"},
		{Name: "a reply ends it", By: fresh, At: day(30), Given: at("raised", Notified{day(21), 2, []Noticed{{village, 4000, false, true}}, 10, 10}, Replied{At: day(22), N: 2, Unit: village}, ReplyAnswered{Reply: 2}), When: second2,
			Then: events{Voted{day(30), fresh.Account, "", 2, true, ""}}},
		{Name: "not while a period runs", By: fresh, At: day(16), Given: at("ready"), When: vote, Refused: "refused finding.period_runs"},
		{Name: "nor longer than it does", By: fresh, At: day(17), Given: at("ready"), When: vote, Then: events{Voted{day(17), fresh.Account, "", 1, true, ""}}},
		{Name: "days that were given count", By: fresh, At: day(17), Given: at("hearing", Extended{Unit: village, Days: 5}, said, told, Unanswered{village, 1}), When: vote, Refused: "refused finding.period_runs"},
		{Name: "not before a reply was answered", By: fresh, At: day(20), Given: at("replied", Unanswered{village, 1}), When: vote, Refused: "refused finding.reply_unanswered"},
		{Name: "nor before what was accepted was followed", By: fresh, At: day(20), Given: accepted, When: vote, Refused: "refused finding.reply_not_followed"},
		{Name: "as it then is", By: fresh, At: day(20), Given: append(append(events{}, accepted...), Recomputed{followed}), When: second2, Then: events{Voted{day(20), fresh.Account, "", 2, true, ""}}},
		{Name: "nor before the hearing that was asked for", By: fresh, At: day(20), Given: settled, When: vote, Refused: "refused finding.hearing_owed"},
		{Name: "of that unit", By: fresh, At: day(20), Given: append(append(events{}, settled...), HearingHeld{On: ledger.DateOf(day(5)), Units: []string{village}}), When: vote, Refused: "refused finding.hearing_owed"},
		{Name: "and not before it was asked for", By: fresh, At: day(20), Given: append(append(events{}, settled...), HearingHeld{On: ledger.DateOf(day(2)), Units: []string{town}, Absent: []string{town}}), When: vote, Refused: "refused finding.hearing_owed"},
		{Name: "which stayed away, or came", By: fresh, At: day(20), Given: append(append(events{}, settled...), HearingHeld{On: ledger.DateOf(day(3)), Units: []string{town}, Absent: []string{town}}), When: vote, Then: events{voted(fresh)}},
		{Name: "nor while a mirrored item can be answered", By: fresh, At: day(20), Given: at("replied", told), When: vote, Refused: "refused finding.mirror_pending"},
		{Name: "nor where nobody is charged", By: fresh, At: day(20), Given: at("ready", Recomputed{Version{N: 2, Outcome: liability.NoShortfall}}), When: second2, Refused: "refused finding.nobody"},
		{Name: "but for who was charged, and is not any more", By: fresh, At: day(20), Facts: refuted(), Given: at("clearing voted"), When: vote, Then: events{voted(fresh), Issued{day(20), 1, 30}}},
		{Name: "nor where facts came since", By: fresh, At: day(20), Facts: late(), Given: at("voted"), When: vote, Refused: "refused finding.late_facts"},
		{Name: "nor while the round before is under appeal", By: fresh, At: day(20), Facts: prior(fact(0, OnAppeal)), Given: at("voted"), When: vote, Refused: "refused finding.prior_on_appeal"},
		{Name: "without periods", By: fresh, At: day(20), Facts: facts(func(k *known) { k.without = "terms" }), Given: at("voted"), When: vote, Refused: "refused finding.no_terms"},
		{Name: "or working days", By: fresh, At: day(20), Facts: facts(func(k *known) { k.calendar = nil }), Given: at("voted"), When: vote, Refused: "unavailable finding.no_calendar"},

		{Name: "it is withdrawn by one before anybody was told", By: fresh, At: day(20), Given: at("checked"), When: Withdraw{id, "证据不足"}, Then: events{Withdrawn{day(20), fresh.Account, "证据不足"}}},
		{Name: "then one asks for it", By: office, At: day(20), Given: at("hearing"), When: Withdraw{id, "证据不足"}, Then: events{WithdrawalProposed{day(20), office.Account, office.Unit, 1, "证据不足"}}},
		{Name: "also once it came back from the panel", By: fresh, At: day(20), Given: at("sent back"), When: Withdraw{id, "证据不足"}, Then: events{WithdrawalProposed{day(20), fresh.Account, "", 1, "证据不足"}}},
		{Name: "and another agrees", By: fresh, At: day(20), Given: at("leaving"), When: Withdraw{id, "同意"}, Then: events{Withdrawn{day(20), fresh.Account, "同意"}}},
		{Name: "not the same once more", By: voter, At: day(20), Given: at("leaving"), When: Withdraw{id, "同意"}, Refused: "conflict finding.withdrawal_proposed"},
		{Name: "to what is a new version somebody asks anew", By: fresh, At: day(20), Given: at("leaving", Overridden{set()}), When: Withdraw{id, "证据不足"}, Then: events{WithdrawalProposed{day(20), fresh.Account, "", 2, "证据不足"}}},
		{Name: "so where who asked was taken out", By: fresh, At: day(20), Given: at("leaving", Recused{Account: voter.Account}), When: Withdraw{id, "证据不足"}, Then: events{WithdrawalProposed{day(20), fresh.Account, "", 1, "证据不足"}}},
		{Name: "or belongs to a unit that was", By: fresh, At: day(20), Given: at("hearing", WithdrawalProposed{day(5), office.Account, office.Unit, 1, "证据不足"}, Recused{Unit: office.Unit}), When: Withdraw{id, "证据不足"}, Then: events{WithdrawalProposed{day(20), fresh.Account, "", 1, "证据不足"}}},
		{Name: "a recusal says whom it takes out of it", By: fresh, At: day(20), Given: at("hearing", WithdrawalProposed{day(5), office.Account, office.Unit, 1, "证据不足"}), When: Recuse{ID: id, Unit: office.Unit, Reason: "同事"},
			Then: events{Recused{day(20), "", office.Unit, []string{office.Account}, "同事"}}},
		{Name: "what somebody asked for holds up no panel", By: second, At: day(20), Given: at("voted", WithdrawalProposed{day(19), fresh.Account, "", 1, "证据不足"}), When: vote, Then: events{voted(second), Issued{day(20), 1, 30}}},
		{Name: "with a reason", By: fresh, Given: at("hearing"), When: Withdraw{ID: id}, Refused: "invalid input.missing at reason"},
	})
	refused = append(refused, seen)
}

func TestAppeal(t *testing.T) {
	appeal := Contest{id, "不服", "paper"}
	appealed := func(n int, code string, on int) events {
		return events{Appealed{day(on), n, code, "不服", "paper", 30}}
	}
	uphold := VoteAppeal{ID: id, Result: Uphold, Reason: "清楚"}
	text := &ledger.Text{Zh: "更正", En: "Corrected."}
	vary := VoteAppeal{id, Vary, []Removal{{town, 3000}}, "部分不实", text}
	varied := AppealVoted{day(27), fresh.Account, "", 1, Vary, vary.Removals, "部分不实", text}
	overturn := VoteAppeal{ID: id, Result: Overturn, Reason: "不实", Correction: text}
	all := []Removal{{town, 6667}, {village, 3333}}
	remove := func(list ...Removal) VoteAppeal { return change(vary, func(c *VoteAppeal) { c.Removals = list }) }
	same := func(v AppealVoted) AppealVoted { v.By = panelist.Account; return v }
	overturned := AppealVoted{day(27), fresh.Account, "", 1, Overturn, all, "不实", text}
	nobody := []Share{{county, 0, ""}, {town, 0, ""}, {village, 0, ""}, {liability.Unattributed, 10000, ""}}
	// What was issued has a share below one point and one of nobody's.
	faint := version(asComputed(), 1, drafter, day(0))
	faint.Shares = []Share{{county, 0, "1/900"}, {town, 6000, "18"}, {village, 2000, "6"}, {liability.Unattributed, 2000, "6"}}
	issuedFaint := events{change(first(), func(d *Drafted) { d.Version = faint }), Issued{day(20), 1, 30}, Appealed{At: day(25), N: 1, Unit: town, Days: 30}}
	// And one in which nobody has a whole point.
	least := version(asComputed(), 1, drafter, day(0))
	least.Shares = []Share{{town, 0, "1/90000"}, {liability.Unattributed, 10000, "6"}}
	below := events{change(first(), func(d *Drafted) { d.Version = least }), Issued{day(20), 1, 30}, Appealed{At: day(25), N: 1, Unit: town, Days: 30}}
	seen := ledgertest.Run[State, Facts](t, world(), []c{
		{Name: "a unit appeals", By: clerk(town), At: day(25), Given: at("issued"), When: appeal, Then: appealed(1, town, 25)},
		{Name: "on its last day", By: clerk(village), At: day(50), Given: at("issued"), When: appeal, Then: appealed(1, village, 50)},
		{Name: "and no later", By: clerk(village), At: day(51), Given: at("issued"), When: appeal, Refused: "refused finding.appeal_late"},
		{Name: "another joins the appeal that runs", By: clerk(village), At: day(26), Given: at("appealed"), When: appeal, Then: appealed(1, village, 26)},
		{Name: "or opens one of its own when that was decided", By: clerk(village), At: day(30), Given: at("upheld"), When: appeal, Then: appealed(2, village, 30)},
		{Name: "each once", By: clerk(town), At: day(30), Given: at("upheld"), When: appeal, Refused: "conflict finding.appealed_already"},
		{Name: "who bears something", By: clerk(county), At: day(25), Given: at("issued"), When: appeal, Refused: "forbidden finding.not_party"},
		{Name: "not what a later one takes the place of", By: clerk(town), At: day(25), Given: at("issued"), Facts: prior(fact(1, Decided), fact(2, Decided)), When: appeal, Refused: "refused finding.replaced"},
		{Name: "for as long as that is not issued", By: clerk(town), At: day(25), Given: at("issued"), Facts: prior(fact(1, Decided), fact(2, Hearing)), When: appeal, Then: appealed(1, town, 25)},
		{Name: "not before it is issued", By: clerk(town), At: day(5), Given: at("hearing"), When: appeal, Refused: "forbidden finding.not_party"},
		{Name: "nor after it ended", By: clerk(town), At: day(30), Given: at("final"), When: appeal, Refused: "refused finding.stage"},
		{Name: "saying why", By: clerk(town), At: day(25), Given: at("issued"), When: Contest{ID: id}, Refused: "invalid input.missing at text"},
		{Name: "under terms", By: clerk(town), At: day(25), Facts: facts(func(k *known) { k.without = "terms" }), Given: at("issued"), When: appeal, Refused: "refused finding.no_terms"},

		{Name: "the first vote decides nothing", By: fresh, At: day(27), Given: at("appealed"), When: vary, Then: events{varied}},
		{Name: "nor do two that say different things", By: fresh, At: day(27), Given: at("appeal voted"), When: vary, Then: events{varied}},
		{Name: "two that say the same uphold it", By: fresh, At: day(27), Given: at("appeal voted"), When: uphold,
			Then: events{AppealVoted{At: day(27), By: fresh.Account, Appeal: 1, Result: Uphold, Reason: "清楚"}, AppealDecided{At: day(27), Appeal: 1, Result: Uphold, Shares: asComputed().Shares, Reason: "清楚"}}},
		{Name: "or vary it: what is taken is nobody's", By: fresh, At: day(27), Given: at("appeal voted", same(varied)), When: vary,
			Then: events{varied, AppealDecided{day(27), 1, Vary, vary.Removals, []Share{{county, 0, "0"}, {town, 3667, ""}, {village, 3333, "10"}, {liability.Unattributed, 3000, ""}}, "部分不实", text}}},
		{Name: "but not for as much", By: fresh, At: day(27), Given: at("appealed", same(varied)), When: remove(Removal{town, 2999}),
			Then: events{change(varied, func(v *AppealVoted) { v.Removals = []Removal{{town, 2999}} })}},
		{Name: "or overturn it: nothing of it stands", By: fresh, At: day(27), Given: at("appealed", same(overturned)), When: overturn,
			Then: events{overturned, AppealDecided{day(27), 1, Overturn, all, nobody, "不实", text}}},
		{Name: "what was nobody's stays so, and what was below a point goes", By: fresh, At: day(27), Given: append(append(events{}, issuedFaint...), AppealVoted{By: panelist.Account, Appeal: 1, Result: Overturn, Removals: []Removal{{town, 6000}, {village, 2000}}}), When: overturn,
			Then: events{change(overturned, func(v *AppealVoted) { v.Removals = []Removal{{town, 6000}, {village, 2000}} }),
				AppealDecided{day(27), 1, Overturn, []Removal{{town, 6000}, {village, 2000}}, nobody, "不实", text}}},
		{Name: "what takes no point away and what upholds are not the same", By: fresh, At: day(27), Given: append(append(events{}, below...), AppealVoted{By: panelist.Account, Appeal: 1, Result: Uphold}), When: overturn,
			Then: events{change(overturned, func(v *AppealVoted) { v.Removals = nil })}},
		{Name: "a vote can be changed", By: panelist, At: day(27), Given: at("appeal voted"), When: overturn, Then: events{same(overturned)}},
		{Name: "not given twice", By: panelist, At: day(27), Given: at("appeal voted"), When: uphold, Refused: "conflict finding.voted_already"},
		{Name: "an earlier appeal's panel is not new", By: panelist, At: day(32), Given: at("upheld", Appealed{At: day(30), N: 2, Unit: village, Days: 30}), When: uphold, Refused: "forbidden finding.took_part"},
		{Name: "nor who answered a reply", By: answerer, Given: at("appealed"), When: uphold, Refused: "forbidden finding.took_part"},
		{Name: "nor who set shares", By: author, Given: events{first(), Overridden{set()}, Issued{day(20), 2, 30}, Appealed{At: day(25), N: 1, Unit: town, Days: 30}}, When: uphold, Refused: "forbidden finding.took_part"},
		{Name: "nor who held a hearing", By: fresh, Given: at("appealed", HearingHeld{By: fresh.Account}), When: uphold, Refused: "forbidden finding.took_part"},
		{Name: "no more than it has", By: fresh, Given: at("appealed"), When: remove(Removal{town, 6668}), Refused: "refused finding.removal at removals[0]"},
		{Name: "no less than one", By: fresh, Given: at("appealed"), When: remove(Removal{village, 1}, Removal{town, 0}), Refused: "refused finding.removal at removals[1]"},
		{Name: "nothing is added", By: fresh, Given: at("appealed"), When: remove(Removal{town, -1}), Refused: "refused finding.removal at removals[0]"},
		{Name: "from each once", By: fresh, Given: at("appealed"), When: remove(Removal{town, 1}, Removal{town, 1}), Refused: "refused finding.removal at removals[1]"},
		{Name: "from who bears something", By: fresh, Given: at("varied", Appealed{At: day(30), N: 2, Unit: village, Days: 30}), When: remove(Removal{liability.Unattributed, 1}), Refused: "refused finding.removal at removals[0]"},
		{Name: "what is varied is varied", By: fresh, Given: at("appealed"), When: remove(), Refused: "invalid input.count at removals"},
		{Name: "what takes all overturns", By: fresh, Given: at("appealed"), When: remove(all...), Refused: "refused finding.all_removed at result"},
		{Name: "what stands loses nothing", By: fresh, Given: at("appealed"), When: change(uphold, func(c *VoteAppeal) { c.Removals = all }), Refused: "invalid finding.removals_given at removals"},
		{Name: "and needs no correction", By: fresh, Given: at("appealed"), When: change(uphold, func(c *VoteAppeal) { c.Correction = text }), Refused: "invalid finding.nothing_to_correct at correction"},
		{Name: "what does not is corrected", By: fresh, Given: at("appealed"), When: change(overturn, func(c *VoteAppeal) { c.Correction = nil }), Refused: "invalid input.missing at correction.zh"},
		{Name: "in words", By: fresh, Given: at("appealed"), When: change(overturn, func(c *VoteAppeal) { c.Correction = &ledger.Text{En: "Wrong."} }), Refused: "invalid input.missing at correction.zh"},
		{Name: "of some length", By: fresh, Given: at("appealed"), When: change(overturn, func(c *VoteAppeal) { c.Correction = &ledger.Text{Zh: "更", En: strings.Repeat("x", maxText+1)} }), Refused: "invalid input.too_long at correction.en"},
		{Name: "with a reason", By: fresh, Given: at("appealed"), When: change(uphold, func(c *VoteAppeal) { c.Reason = "" }), Refused: "invalid input.missing at reason"},
		{Name: "one of three results", By: fresh, Given: at("appealed"), When: change(uphold, func(c *VoteAppeal) { c.Result = "raised" }), Refused: "invalid input.word at result"},
		{Name: "with a bound", By: fresh, Given: at("appealed", manyVotes()...), When: uphold, Refused: "invalid input.count at votes"},
	})
	refused = append(refused, seen)
}

func manyVotes() (list events) {
	for n := range maxVotes {
		list = append(list, AppealVoted{By: "voter " + string(rune('a'+n)), Appeal: 1, Result: Overturn})
	}
	return list
}
