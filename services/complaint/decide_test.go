package complaint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
)

type cases = []ledgertest.Case[State, Facts]

// cutCases are those of the commands that the engine sends at a cut.
func cutCases(t *testing.T) map[string]bool {
	f := facts(about)
	file := func(how func(c *File)) File {
		c := File(filed())
		how(&c)
		return c
	}
	verified := func(c *File) { c.Lane, c.Key, c.Nullifier = Verified, key, spent }
	rate := func(solved, satisfied bool, on int) Hear {
		return Hear{ID: id, Letter: letter(9, on).Letter, Day: date(on), Act: claim.Rate, Solved: &solved, Satisfied: &satisfied, Narrative: story}
	}
	ask := func(act claim.Act, on int) Hear {
		return Hear{ID: id, Letter: letter(9, on).Letter, Day: date(on), Act: act, Narrative: story}
	}
	l := func(on int) Letter { return letter(9, on) }
	full := at(Registered)
	for i := range MaxLetters {
		full = append(full, Replied{Letter: Letter{Letter: fmt.Sprint(i)}})
	}
	return ledgertest.Run[State, Facts](t, f, cases{
		{Name: "a report goes on record", By: engine, When: File(filed()), Then: events{filed()}},
		{Name: "a verified one with its token", By: engine, When: file(verified), Then: events{Filed(file(verified))}},
		{Name: "once", By: engine, Given: at(Registered), When: File(filed()), Refused: "conflict complaint.already_filed at id"},
		{Name: "nobody files by hand", By: investigator, When: File(filed()), Refused: "forbidden complaint.system_only"},
		{Name: "under the id of its box", By: engine, When: file(func(c *File) { c.ID = strings.Repeat("0", 32) }), Refused: "invalid complaint.id at id"},
		{Name: "with a box", By: engine, When: file(func(c *File) { c.Box = "AB" }), Refused: "invalid complaint.hex at box"},
		{Name: "with a signer", By: engine, When: file(func(c *File) { c.Signer = strings.Repeat("AB", 32) }), Refused: "invalid complaint.hex at signer"},
		{Name: "with a day", By: engine, When: file(func(c *File) { c.Day = "" }), Refused: "invalid input.date at day"},
		{Name: "with somewhere to answer to", By: engine, When: file(func(c *File) { c.Replies = "age1" + strings.Repeat("b", 58) }), Refused: "invalid complaint.replies at replies"},
		{Name: "with a sealed claim", By: engine, When: file(func(c *File) { c.Claim = string(about.Marshal()) }), Refused: "invalid complaint.claim at claim"},
		{Name: "with a narrative of a size", By: engine, When: file(func(c *File) { c.Narrative = blob }), Refused: "invalid input.word at narrative.class"},
		{Name: "in a lane", By: engine, When: file(func(c *File) { c.Lane = "fast" }), Refused: "invalid input.word at lane"},
		{Name: "the open lane shows no token", By: engine, When: file(func(c *File) { c.Key = key }), Refused: "invalid complaint.open_lane at lane"},
		{Name: "a key that is not on record", By: engine, When: file(func(c *File) { verified(c); c.Key = "k2" }), Refused: "refused complaint.unlogged_key at key"},
		{Name: "a token that was not spent", By: engine, When: file(func(c *File) { verified(c); c.Nullifier = strings.Repeat("00", 32) }), Refused: "refused complaint.not_spent at nullifier"},
		{Name: "or for another report", By: engine, When: file(func(c *File) { verified(c); c.Nullifier = strings.Repeat("0d", 32) }), Refused: "refused complaint.not_spent at nullifier"},

		{Name: "a letter", By: engine, Given: at(Sent), When: ask(claim.Reply, 3), Then: events{Replied{Letter: l(3)}}},
		{Name: "once", By: engine, Given: at(Sent, Replied{Letter: l(2)}), When: ask(claim.Reply, 3), Refused: "conflict complaint.letter_heard at letter"},
		{Name: "to what is there", By: engine, When: ask(claim.Reply, 3), Refused: "not_found complaint.unknown at id"},
		{Name: "not without end", By: engine, Given: full, When: ask(claim.Reply, 3), Refused: "refused complaint.too_many_letters at letter"},
		{Name: "that does something", By: engine, Given: at(Sent), When: ask("shout", 3), Refused: "invalid claim.field at act"},
		{Name: "a rating is whole", By: engine, Given: at(Replying), When: ask(claim.Rate, 3), Refused: "invalid claim.field at solved"},
		{Name: "taken back", By: engine, At: day(3), Given: at(Sent), When: ask(claim.Withdraw, 3), Then: events{Withdrawn{l(3)}, Closed{day(3), ByWithdrawal}}},
		{Name: "too late to take back", By: engine, Given: at(Ended), When: ask(claim.Withdraw, 5), Then: events{Replied{l(5), claim.Withdraw}}},
		{Name: "rated", By: engine, Given: at(Replying), When: rate(true, false, 3), Then: events{Rated{l(3), true, false}}},
		{Name: "rated on the last day, cut on the next", By: engine, Given: at(Replying), When: rate(true, true, 33), Then: events{Rated{l(33), true, true}}},
		{Name: "too late to rate", By: engine, Given: at(Replying), When: rate(true, true, 34), Then: events{Replied{l(34), claim.Rate}}},
		{Name: "rated by the cut after silence closed it", By: engine, Given: at(Replying, Closed{day(33), BySilence}), When: rate(false, false, 33), Then: events{Rated{l(33), false, false}}},
		{Name: "rated before there is an answer", By: engine, Given: at(Handling), When: rate(true, true, 3), Then: events{Replied{l(3), claim.Rate}}},
		{Name: "rated twice", By: engine, Given: at(Replying, Rated{letter(1, 3), true, true}), When: rate(false, false, 4), Then: events{Replied{l(4), claim.Rate}}},
		{Name: "review asked", By: engine, Given: at(Replying), When: ask(claim.Review, 3), Then: events{ReviewAsked{l(3)}}},
		{Name: "of what is closed", By: engine, Given: at(Ended), When: ask(claim.Review, 33), Then: events{ReviewAsked{l(33)}}},
		{Name: "too late to ask", By: engine, Given: at(Ended), When: ask(claim.Review, 34), Then: events{Replied{l(34), claim.Review}}},
		{Name: "the final one", By: engine, Given: at(ReviewGiven), When: ask(claim.Review, 35), Then: events{FinalReviewAsked{l(35)}}},
		{Name: "also after the silence", By: engine, Given: at(ReviewGiven, Closed{day(35), ByReview}), When: ask(claim.Review, 35), Then: events{FinalReviewAsked{l(35)}}},
		{Name: "too late for the final one", By: engine, Given: at(ReviewGiven), When: ask(claim.Review, 36), Then: events{Replied{l(36), claim.Review}}},
		{Name: "then nothing more", By: engine, Given: at(Over), When: ask(claim.Review, 7), Then: events{Replied{l(7), claim.Review}}},
		{Name: "retaliation, even then", By: engine, Given: at(Over), When: ask(claim.Retaliation, 7), Then: events{RetaliationReported{l(7)}}},
	})
}

func TestDecide(t *testing.T) {
	f := facts(about)
	none := f
	none.calendar = nil
	nameless := facts(about)
	nameless.complaints[id] = Fact{Named: Named{Untold: true}, Stage: Registered}
	taking := facts(about)
	taking.complaints[id] = Fact{Named: NamedBy(about), Stage: Taken, Took: true}
	unsatisfied := Rated{letter(1, 3), false, true}
	twice := at(SentBack, Dispatched{day(2), other, 10}, Returned{day(3), "也不归"})
	ruled := slices.Concat(twice, events{Ruled{day(4), handler, 10, "裁定"}})
	redone := at(Replying, unsatisfied, Redone{day(4), 10, "一"}, Answered{day(5), blob, Partly}, Rated{letter(2, 6), false, false},
		Redone{day(7), 10, "二"}, Answered{day(8), blob, Partly}, Rated{letter(3, 9), false, false})
	untrue := at(Replying, FollowedUp{day(3), false, ""})
	attacked := at(Handling, RetaliationReported{letter(1, 2)})
	linked, contradicted, gone := at(Handling), at(Handling), at(Handling)
	for i := range maxLinks {
		linked = append(linked, ClaimVerified{day(2), fmt.Sprint("sheet-", i)})
		contradicted = append(contradicted, ClaimDisproved{day(2), fmt.Sprint("paper-", i), "不符"})
	}
	for i := range maxRecusals {
		gone = append(gone, Recusal{Account: fmt.Sprint(i)})
	}
	told := at(Handling)
	for range MaxMessages {
		told = append(told, Asked{day(2), blob})
	}

	seen := ledgertest.Run[State, Facts](t, f, cases{
		{Name: "taken on", By: investigator, At: day(1), Given: at(Registered), When: Accept{id}, Then: events{Accepted{day(1)}}},
		{Name: "declined with the right way", By: investigator, At: day(1), Given: at(Registered), When: Decline{id, "不属于", "请找"}, Then: events{NotAccepted{day(1), "不属于", "请找"}}},
		{Name: "which is told", By: investigator, Given: at(Registered), When: Decline{ID: id, Reason: "不属于"}, Refused: "invalid input.missing at advice"},
		{Name: "with the reason", By: investigator, Given: at(Registered), When: Decline{ID: id, Advice: "请找"}, Refused: "invalid input.missing at reason"},
		{Name: "what is not there", By: investigator, When: Accept{id}, Refused: "not_found complaint.unknown at id"},
		{Name: "what is not folded yet", By: investigator, Facts: known{}, Given: at(Registered), When: Accept{id}, Refused: "not_found complaint.unknown at id"},
		{Name: "not by a clerk", By: clerk, Given: at(Registered), When: Accept{id}, Refused: "forbidden complaint.role"},
		{Name: "not what names nobody that is known", By: investigator, Facts: nameless, Given: at(Registered), When: Accept{id}, Refused: "refused complaint.untold"},
		{Name: "nor given to any unit", By: investigator, Facts: nameless, Given: at(Taken), When: Dispatch{id, handler, 0}, Refused: "refused complaint.untold"},
		{Name: "but told where it belongs", By: investigator, At: day(1), Facts: nameless, Given: at(Registered), When: Decline{id, "读不出", "请重新反映"}, Then: events{NotAccepted{day(1), "读不出", "请重新反映"}}},
		{Name: "nor merged", By: investigator, Facts: nameless, Given: at(Registered), When: Merge{id, "other", ""}, Refused: "refused complaint.untold"},
		{Name: "by who belongs to no unit", By: actor("i", "9901-jw", ledger.Investigator), Facts: nameless, Given: at(Registered), When: Decline{id, "读不出", "请重新反映"}, Refused: "not_found complaint.unknown at id"},
		{Name: "merged", By: investigator, At: day(1), Given: at(Taken), When: Merge{id, "other", "同一事项"}, Then: events{Merged{day(1), "other", "同一事项"}}},
		{Name: "not into itself", By: investigator, Given: at(Taken), When: Merge{id, id, ""}, Refused: "refused complaint.merge_target at into"},
		{Name: "nor into what is closed", By: investigator, Given: at(Taken), When: Merge{id, "ended", ""}, Refused: "refused complaint.merge_target at into"},
		{Name: "nor into what was not taken on", By: investigator, Given: at(Taken), When: Merge{id, "new", ""}, Refused: "refused complaint.merge_target at into"},
		{Name: "nor into what is answered", By: investigator, Given: at(Taken), When: Merge{id, "answered", ""}, Refused: "refused complaint.merge_target at into"},
		{Name: "nor into what was merged itself", By: investigator, Given: at(Taken), When: Merge{id, "apart", ""}, Refused: "refused complaint.merge_chain at into"},
		{Name: "nor what another was merged into", By: investigator, Facts: taking, Given: at(Taken), When: Merge{id, "other", ""}, Refused: "refused complaint.merged_others"},
		{Name: "nor with too many", By: investigator, Given: at(Taken), When: Merge{id, "full", ""}, Refused: "refused complaint.merge_full at into"},
		{Name: "nor a second time", By: investigator, Given: at(Joined, Dispatched{day(1), handler, 10}, Recalled{day(2), "应当回避"}), When: Merge{id, "other", ""}, Refused: "refused complaint.merged_before"},
		{Name: "nor into what is not there", By: investigator, Given: at(Taken), When: Merge{id, "none", ""}, Refused: "not_found complaint.unknown at into"},
		{Name: "into what fewer are named by", By: investigator, At: day(1), Given: at(Taken), When: Merge{id, "town", ""}, Then: events{Merged{day(1), "town", ""}}},
		{Name: "nor a planted one into what is about who planted it", By: investigator, Facts: facts(claim.Facts{Issuer: town, Within: county}), Given: at(Taken), When: Merge{id, "county", ""}, Refused: "refused complaint.merge_readers at into"},
		{Name: "nor where somebody is recused there alone", By: investigator, Given: at(Taken), When: Merge{id, "without x", ""}, Refused: "refused complaint.merge_readers at into"},
		{Name: "but where he is here too", By: investigator, At: day(1), Given: at(Taken, Recusal{"x", "", "亲属"}), When: Merge{id, "without x", ""}, Then: events{Merged{day(1), "without x", ""}}},
		{Name: "nor into what one may not know of", By: actor("i", "9901-zf", ledger.Investigator), Given: at(Taken), When: Merge{id, "ours", ""}, Refused: "not_found complaint.unknown at into"},

		{Name: "dispatched", By: investigator, At: day(1), Given: at(Taken), When: Dispatch{id, handler, 0}, Then: events{Dispatched{day(1), handler, 15}}},
		{Name: "with a period of its own", By: investigator, At: day(1), Given: at(Taken), When: Dispatch{id, handler, MaxDays}, Then: events{Dispatched{day(1), handler, MaxDays}}},
		{Name: "within bounds", By: investigator, Given: at(Taken), When: Dispatch{id, handler, MaxDays + 1}, Refused: "invalid complaint.days at days"},
		{Name: "not below them", By: investigator, Given: at(Taken), When: Dispatch{id, handler, -1}, Refused: "invalid complaint.days at days"},
		{Name: "not to the named", By: investigator, Given: at(Taken), When: Dispatch{id, county, 0}, Refused: "refused complaint.to_named at to"},
		{Name: "nor to its bureau", By: investigator, Given: at(Taken), When: Dispatch{id, bureau, 0}, Refused: "refused complaint.to_named at to"},
		{Name: "nor to who is recused", By: investigator, Given: at(Taken, Recusal{Unit: "9901-xf"}), When: Dispatch{id, other, 0}, Refused: "refused complaint.to_named at to"},
		{Name: "nor down to a town", By: investigator, Given: at(Taken), When: Dispatch{id, "990103001", 0}, Refused: "refused complaint.to_grassroots at to"},
		{Name: "nor to nobody", By: investigator, Given: at(Taken), When: Dispatch{id, "9901-lost", 0}, Refused: "refused unit.unknown at to"},
		{Name: "nor to who is no more", By: investigator, Given: at(Taken), When: Dispatch{id, "9801", 0}, Refused: "refused complaint.unit_merged at to"},
		{Name: "nor to what is no unit", By: investigator, Given: at(Taken), When: Dispatch{id, "县", 0}, Refused: "invalid unit.code at to"},
		{Name: "before it is taken on", By: investigator, Given: at(Registered), When: Dispatch{id, handler, 0}, Refused: "refused complaint.stage"},
		{Name: "again after a return", By: investigator, At: day(2), Given: at(SentBack), When: Dispatch{id, other, 0}, Then: events{Dispatched{day(2), other, 15}}},
		{Name: "not after a second", By: investigator, At: day(4), Given: twice, When: Dispatch{id, other, 0}, Refused: "refused complaint.must_rule"},
		{Name: "which is ruled on", By: investigator, At: day(4), Given: twice, When: Rule{id, handler, 0, "裁定"}, Then: events{Ruled{day(4), handler, 15, "裁定"}}},
		{Name: "not after the first", By: investigator, At: day(2), Given: at(SentBack), When: Rule{id, handler, 0, "裁定"}, Refused: "refused complaint.not_disputed"},
		{Name: "never for the named", By: investigator, At: day(4), Given: twice, When: Rule{id, bureau, 0, "裁定"}, Refused: "refused complaint.to_named at to"},
		{Name: "sent back on the fifth working day", By: clerk, At: day(7), Given: at(Sent), When: Return{id, "不归"}, Then: events{Returned{day(7), "不归"}}},
		{Name: "not on the sixth", By: clerk, At: day(8), Given: at(Sent), When: Return{id, "不归"}, Refused: "refused complaint.return_late"},
		{Name: "a pause stops that too", By: clerk, At: day(8), Given: at(Sent, Paused{day(1), "等", ""}, Resumed{day(3)}), When: Return{id, "不归"}, Then: events{Returned{day(8), "不归"}}},
		{Name: "with a reason", By: clerk, At: day(1), Given: at(Sent), When: Return{id, " "}, Refused: "invalid input.missing at reason"},
		{Name: "not once it was signed for", By: clerk, At: day(2), Given: at(Handling), When: Return{id, "不归"}, Refused: "refused complaint.stage"},
		{Name: "nor once it was ruled on", By: clerk, At: day(5), Given: ruled, When: Return{id, "不归"}, Refused: "refused complaint.ruled"},
		{Name: "recalled from who is recused", By: investigator, At: day(2), Given: at(Sent), When: Recall{id, "应当回避"}, Then: events{Recalled{day(2), "应当回避"}}},
		{Name: "also after it signed, and under supervision", By: investigator, At: day(16), Given: at(Handling, Supervised{1}), When: Recall{id, "已并入其他单位"}, Then: events{Recalled{day(16), "已并入其他单位"}}},
		{Name: "for a reason", By: investigator, At: day(2), Given: at(Handling), When: Recall{ID: id}, Refused: "invalid input.missing at reason"},
		{Name: "not by who has it", By: clerk, At: day(2), Given: at(Handling), When: Recall{id, "不想办"}, Refused: "forbidden complaint.role"},
		{Name: "then it goes elsewhere", By: investigator, At: day(3), Given: at(Handling, Recalled{day(2), "回避"}, Recusal{Unit: handler}), When: Dispatch{id, other, 0}, Then: events{Dispatched{day(3), other, 15}}},
		{Name: "not back with a new clock", By: investigator, At: day(3), Given: at(Handling, Recalled{day(2), "重新计时"}), When: Dispatch{id, handler, 0}, Refused: "refused complaint.recalled_from at to"},
		{Name: "nor by a ruling", By: investigator, At: day(6), Given: slices.Concat(ruled, events{Recalled{day(5), "重新计时"}}), When: Rule{id, handler, 0, "裁定"}, Refused: "refused complaint.recalled_from at to"},
		{Name: "which can settle it on another", By: investigator, At: day(6), Given: slices.Concat(ruled, events{Recalled{day(5), "回避"}}), When: Rule{id, other, 0, "裁定"}, Then: events{Ruled{day(6), other, 15, "裁定"}}},
		{Name: "the answer of who is recused now is redone by another", By: investigator, At: day(5), Given: at(Replying, unsatisfied, Recusal{Unit: handler}), When: Redo{id, 0, "不实"}, Refused: "refused complaint.recall_first"},
		{Name: "after a recall", By: investigator, At: day(5), Given: at(Replying, unsatisfied, Recusal{Unit: handler}), When: Recall{id, "回避"}, Then: events{Recalled{day(5), "回避"}}},
		{Name: "for which something has to be redone", By: investigator, At: day(5), Given: at(Replying), When: Recall{id, "换人"}, Refused: "refused complaint.not_dissatisfied"},
		{Name: "and which counts as a redo", By: investigator, At: day(10), Given: redone, When: Recall{id, "换人"}, Refused: "refused complaint.redone_twice"},
		{Name: "of three answers too", By: investigator, At: day(20), Given: at(Replying, unsatisfied, Recalled{day(4), "一"}, Dispatched{day(5), other, 10}, SignedFor{day(5)}, Answered{day(6), blob, Partly}, Rated{letter(2, 7), false, false},
			Recalled{day(8), "二"}, Dispatched{day(9), handler, 10}, SignedFor{day(9)}, Answered{day(10), blob, Partly}, Rated{letter(3, 11), false, false}), When: Recall{id, "三"}, Refused: "refused complaint.redone_twice"},
		{Name: "nor where nobody can count the days", By: clerk, At: day(2), Facts: none, Given: at(Sent), When: Return{id, "不归"}, Refused: "unavailable complaint.no_calendar"},
		{Name: "signed for", By: clerk, At: day(2), Given: at(Sent), When: SignFor{id}, Then: events{SignedFor{day(2)}}},

		{Name: "paused", By: investigator, At: day(2), Given: at(Handling), When: Pause{id, "等鉴定", ""}, Then: events{Paused{day(2), "等鉴定", date(31)}}},
		{Name: "until a day", By: investigator, At: day(2), Given: at(Handling), When: Pause{id, "等鉴定", date(7)}, Then: events{Paused{day(2), "等鉴定", date(7)}}},
		{Name: "not of the past", By: investigator, At: day(2), Given: at(Handling), When: Pause{id, "等鉴定", date(1)}, Refused: "invalid complaint.pause_until at until"},
		{Name: "nor too late a one", By: investigator, At: day(2), Given: at(Handling), When: Pause{id, "等鉴定", date(32)}, Refused: "invalid complaint.pause_until at until"},
		{Name: "what is left of the days", By: investigator, At: day(8), Given: at(Handling, Paused{day(2), "等", date(6)}), When: Pause{id, "再等", ""}, Then: events{Paused{day(8), "再等", date(32)}}},
		{Name: "and no more", By: investigator, At: day(40), Given: at(Handling, Paused{day(2), "等", date(31)}), When: Pause{id, "再等", ""}, Refused: "refused complaint.paused_enough"},
		{Name: "in another round anew", By: investigator, At: day(40), Given: at(Handling, Paused{day(2), "等", date(31)}, Recalled{day(35), "换"}, Dispatched{day(36), other, 10}), When: Pause{id, "再等", date(41)}, Then: events{Paused{day(40), "再等", date(41)}}},
		{Name: "over by itself, on record from its last midnight", By: engine, At: day(9), Given: at(Handling, Paused{day(2), "等", date(6)}), When: RunOn{id, 1, 1}, Then: events{Resumed{date(7).Time()}}},
		{Name: "not before", By: engine, At: date(7).Time().Add(-1), Given: at(Handling, Paused{day(2), "等", date(6)}), When: RunOn{id, 1, 1}, Refused: "refused complaint.not_due"},
		{Name: "once", By: engine, At: day(9), Given: at(Handling, Paused{day(2), "等", date(6)}, Resumed{date(7).Time()}), When: RunOn{id, 1, 1}, Refused: "refused complaint.not_due"},
		{Name: "nor after the round", By: engine, At: day(9), Given: at(Handling, Paused{day(2), "等", date(6)}, Answered{day(5), blob, Partly}), When: RunOn{id, 1, 1}, Refused: "refused complaint.not_due"},
		{Name: "one of old lasts no longer", By: engine, At: day(33), Given: at(Handling, Paused{day(2), "等", ""}), When: RunOn{id, 1, 1}, Then: events{Resumed{day(33)}}},
		{Name: "for a reason", By: investigator, At: day(2), Given: at(Handling), When: Pause{ID: id}, Refused: "invalid input.missing at reason"},
		{Name: "once", By: investigator, At: day(3), Given: at(Handling, Paused{day(2), "等", ""}), When: Pause{id, "等", ""}, Refused: "refused clock.already_paused"},
		{Name: "not by who has to answer", By: clerk, At: day(2), Given: at(Handling), When: Pause{id, "等", ""}, Refused: "forbidden complaint.role"},
		{Name: "resumed before its last day", By: investigator, At: day(3), Given: at(Handling, Paused{day(2), "等", date(20)}), When: Resume{id}, Then: events{Resumed{day(3)}}},
		{Name: "not what was", By: investigator, At: day(4), Given: at(Handling, Paused{day(2), "等", date(20)}, Resumed{day(3)}), When: Resume{id}, Refused: "refused clock.not_paused"},
		{Name: "resumed", By: investigator, At: day(3), Given: at(Handling, Paused{day(2), "等", ""}), When: Resume{id}, Then: events{Resumed{day(3)}}},
		{Name: "what is paused", By: investigator, At: day(3), Given: at(Handling), When: Resume{id}, Refused: "refused clock.not_paused"},
		{Name: "more time", By: reviewer, At: day(2), Given: at(Handling), When: Extend{id, 5, "9901", "复杂"}, Then: events{Extended{day(2), 5, "9901", "复杂", 0}}},
		{Name: "once a round", By: reviewer, At: day(3), Given: at(Handling, Extended{day(2), 5, "9901", "复杂", 0}), When: Extend{id, 5, "9901", "复杂"}, Refused: "refused complaint.extended"},
		{Name: "not without bounds", By: reviewer, At: day(2), Given: at(Handling), When: Extend{id, MaxExtension + 1, "9901", "复杂"}, Refused: "invalid complaint.days at days"},
		{Name: "not when the time is over", By: reviewer, At: day(15), Given: at(Handling), When: Extend{id, 5, "9901", "复杂"}, Refused: "refused complaint.extend_late"},
		{Name: "not from oneself", By: reviewer, At: day(2), Given: at(Handling), When: Extend{id, 5, handler, "复杂"}, Refused: "refused complaint.own_extension at approvedBy"},
		{Name: "not by one's own reviewer in another's name", By: actor("r", handler, ledger.Reviewer), At: day(2), Given: at(Handling), When: Extend{id, 5, "9901", "复杂"}, Refused: "refused complaint.not_own_approval at approvedBy"},
		{Name: "nor in one's own", By: actor("r", handler, ledger.Reviewer), At: day(2), Given: at(Handling), When: Extend{id, 5, handler, "复杂"}, Refused: "refused complaint.own_extension at approvedBy"},
		{Name: "but by another's in its own", By: actor("r", "9901", ledger.Reviewer), At: day(2), Given: at(Handling), When: Extend{id, 5, "9901", "复杂"}, Then: events{Extended{day(2), 5, "9901", "复杂", 0}}},
		{Name: "nor from elsewhere", By: reviewer, At: day(2), Given: at(Handling), When: Extend{id, 5, "9902", "复杂"}, Refused: "refused complaint.own_extension at approvedBy"},
		{Name: "nor from the named", By: reviewer, At: day(2), Given: at(Handling), When: Extend{id, 5, county, "复杂"}, Refused: "refused complaint.to_named at approvedBy"},
		{Name: "nor where nobody can count", By: reviewer, At: day(2), Facts: none, Given: at(Handling), When: Extend{id, 5, "9901", "复杂"}, Refused: "unavailable complaint.no_calendar"},
		{Name: "a question", By: investigator, At: day(2), Given: at(Handling), When: Ask{id, blob}, Then: events{Asked{day(2), blob}}},
		{Name: "that is in the vault", By: investigator, Given: at(Handling), When: Ask{id, Blob{ID: "x"}}, Refused: "invalid complaint.hex at message.id"},
		{Name: "not without end", By: investigator, Given: told, When: Ask{id, blob}, Refused: "refused complaint.too_many_messages"},
		{Name: "answered", By: clerk, At: day(2), Given: at(Handling), When: Answer{id, blob, Unfounded}, Then: events{Answered{day(2), blob, Unfounded}}},
		{Name: "not by a clerk elsewhere who may read it for another reason", By: actor("x", other, ledger.Clerk, ledger.Investigator), Given: at(Handling), When: Answer{id, blob, Solved}, Refused: "not_found complaint.unknown at id"},
		{Name: "with an outcome", By: clerk, Given: at(Handling), When: Answer{id, blob, "fine"}, Refused: "invalid input.word at outcome"},

		{Name: "followed up", By: investigator, At: day(3), Given: at(Replying), When: FollowUp{id, false, "现场不符"}, Then: events{FollowedUp{day(3), false, "现场不符"}}},
		{Name: "not by the unit that answered", By: actor("i", handler, ledger.Investigator), At: day(3), Given: at(Replying), When: FollowUp{id, true, ""}, Refused: "forbidden complaint.own_answer"},
		{Name: "which closes nothing either", By: actor("i", handler, ledger.Investigator), At: day(4), Given: at(Visited), When: Close{id}, Refused: "forbidden complaint.own_answer"},
		{Name: "redone for dissatisfaction", By: investigator, At: day(4), Given: at(Replying, unsatisfied), When: Redo{id, 0, "不实"}, Then: events{Redone{day(4), 15, "不实"}}},
		{Name: "or for an untrue answer", By: investigator, At: day(4), Given: untrue, When: Redo{id, 5, "不实"}, Then: events{Redone{day(4), 5, "不实"}}},
		{Name: "or for what came with the cut after", By: investigator, At: day(34), Given: at(Replying, Closed{day(33), BySilence}, Rated{letter(1, 33), false, false}), When: Redo{id, 0, "不满意"}, Then: events{Redone{day(34), 15, "不满意"}}},
		{Name: "not for nothing", By: investigator, At: day(4), Given: at(Visited), When: Redo{id, 0, "再办"}, Refused: "refused complaint.not_dissatisfied"},
		{Name: "twice at most", By: investigator, At: day(10), Given: redone, When: Redo{id, 0, "三"}, Refused: "refused complaint.redone_twice"},
		{Name: "closed as rated", By: investigator, At: day(4), Given: at(Visited), When: Close{id}, Then: events{Closed{day(4), ByRating}}},
		{Name: "not unrated", By: investigator, At: day(4), Given: at(Replying, FollowedUp{day(3), true, ""}), When: Close{id}, Refused: "refused complaint.not_rated"},
		{Name: "not untrue", By: investigator, At: day(4), Given: at(Replying, unsatisfied, FollowedUp{day(3), false, ""}), When: Close{id}, Refused: "refused complaint.redo_first"},
		{Name: "nor dissatisfied, though it was found true", By: investigator, At: day(4), Given: at(Replying, unsatisfied, FollowedUp{day(3), true, ""}), When: Close{id}, Refused: "refused complaint.redo_first"},
		{Name: "or was redone twice", By: investigator, At: day(10), Given: slices.Concat(redone, events{FollowedUp{day(9), false, ""}}), When: Close{id}, Then: events{Closed{day(10), ByRating}}},

		{Name: "the review changes it", By: reviewer, At: day(4), Given: at(InReview), When: DecideReview{id, Changed, blob}, Then: events{ReviewDecided{day(4), Changed, blob, "rev"}}},
		{Name: "or gives it back", By: reviewer, At: day(4), Given: at(InReview), When: DecideReview{id, Again, blob}, Then: events{ReviewDecided{day(4), Again, blob, "rev"}}},
		{Name: "the final one ends it", By: reviewer, At: day(6), Given: at(InFinal), When: DecideReview{id, Changed, blob}, Then: events{FinalReviewDecided{day(6), Changed, blob}, Exhausted{day(6)}}},
		{Name: "and gives nothing back", By: reviewer, At: day(6), Given: at(InFinal), When: DecideReview{id, Again, blob}, Refused: "invalid input.word at decision"},
		{Name: "nor by who decided the first", By: reviewer, At: day(6), Given: at(InReview, ReviewDecided{day(4), Upheld, blob, "rev"}, FinalReviewAsked{letter(3, 5)}), When: DecideReview{id, Changed, blob}, Refused: "forbidden complaint.same_reviewer"},
		{Name: "nobody below reviews", By: actor("r", "990103", ledger.Reviewer), Facts: facts(claim.Facts{Issuer: "990103005", Within: "990103005"}), At: day(4), Given: at(InReview), When: DecideReview{id, Upheld, blob}, Refused: "forbidden complaint.own_review"},
		{Name: "nor beside", By: actor("r", other, ledger.Reviewer), At: day(4), Given: at(InReview), When: DecideReview{id, Upheld, blob}, Refused: "forbidden complaint.own_review"},
		{Name: "but above", By: actor("r", city, ledger.Reviewer), At: day(4), Given: at(InReview), When: DecideReview{id, Upheld, blob}, Then: events{ReviewDecided{day(4), Upheld, blob, "r"}}},
		{Name: "or for what is above", By: actor("r", "99-jw", ledger.Reviewer), At: day(4), Given: at(InReview), When: DecideReview{id, Upheld, blob}, Then: events{ReviewDecided{day(4), Upheld, blob, "r"}}},
		{Name: "nobody reviews himself", By: actor("r", handler, ledger.Reviewer), At: day(4), Given: at(InReview), When: DecideReview{id, Upheld, blob}, Refused: "forbidden complaint.own_review"},
		{Name: "given back, it is dispatched again", By: investigator, At: day(5), Given: at(InReview, ReviewDecided{day(4), Again, blob, "r1"}), When: Dispatch{id, other, 0}, Then: events{Dispatched{day(5), other, 15}}},

		{Name: "retaliation is taken up above", By: actor("i", "9901-zf", ledger.Investigator), At: day(3), Given: attacked, When: TakeRetaliation{id}, Then: events{RetaliationTaken{day(3), "9901-zf"}}},
		{Name: "or by staff of no unit", By: reviewer, At: day(3), Given: attacked, When: TakeRetaliation{id}, Then: events{RetaliationTaken{day(3), ""}}},
		{Name: "that was reported", By: reviewer, At: day(3), Given: at(Handling), When: TakeRetaliation{id}, Refused: "refused complaint.no_retaliation"},
		{Name: "not beside the named", By: actor("i", "990102-jw", ledger.Investigator), Facts: facts(claim.Facts{Issuer: bureau + "-x", Within: county}), At: day(3), Given: attacked, When: TakeRetaliation{id}, Refused: "forbidden complaint.not_above"},
		{Name: "nor below the named", By: actor("i", county, ledger.Investigator), Facts: facts(claim.Facts{Issuer: "9901-jw", Within: county}), At: day(3), Given: attacked, When: TakeRetaliation{id}, Refused: "forbidden complaint.not_above"},
		{Name: "a level above the level", By: actor("i", county, ledger.Investigator), Facts: facts(claim.Facts{Level: "TOWNSHIP", Within: county}), At: day(3), Given: attacked, When: TakeRetaliation{id}, Then: events{RetaliationTaken{day(3), county}}},
		{Name: "nobody is above the centre", By: actor("i", "", ledger.Investigator), Facts: facts(claim.Facts{Level: "CENTRAL", Within: county}), At: day(3), Given: attacked, When: TakeRetaliation{id}, Then: events{RetaliationTaken{day(3), ""}}},
		{Name: "answered", By: reviewer, At: day(4), Given: slices.Concat(attacked, events{RetaliationTaken{day(3), ""}}), When: AnswerRetaliation{id, blob}, Then: events{RetaliationAnswered{day(4), blob}}},
		{Name: "once taken up", By: reviewer, At: day(4), Given: attacked, When: AnswerRetaliation{id, blob}, Refused: "refused complaint.retaliation_not_taken"},
		{Name: "and reported again", By: reviewer, At: day(6), Given: slices.Concat(attacked, events{RetaliationTaken{day(3), ""}, RetaliationAnswered{day(4), blob}, RetaliationReported{letter(4, 5)}}), When: TakeRetaliation{id}, Then: events{RetaliationTaken{day(6), ""}}},

		{Name: "borne out", By: investigator, At: day(3), Given: at(Handling), When: VerifyClaim{id, "sheet"}, Then: events{ClaimVerified{day(3), "sheet"}}},
		{Name: "by what an investigator entered", By: investigator, Given: at(Handling), When: VerifyClaim{id, "declared"}, Refused: "refused complaint.not_verified at issuance"},
		{Name: "and is there", By: investigator, Given: at(Handling), When: VerifyClaim{id, "none"}, Refused: "refused complaint.not_verified at issuance"},
		{Name: "once", By: investigator, Given: at(Handling, ClaimVerified{day(2), "sheet"}), When: VerifyClaim{id, "sheet"}, Refused: "refused complaint.linked at issuance"},
		{Name: "contradicted", By: investigator, At: day(3), Given: at(Handling), When: DisproveClaim{id, "paper", "文件写明 600"}, Then: events{ClaimDisproved{day(3), "paper", "文件写明 600"}}},
		{Name: "by a document", By: investigator, Given: at(Handling), When: DisproveClaim{id, "none", "不符"}, Refused: "refused document.unknown at document"},
		{Name: "once", By: investigator, Given: at(Handling, ClaimDisproved{day(2), "paper", ""}), When: DisproveClaim{id, "paper", "不符"}, Refused: "refused complaint.linked at document"},
		{Name: "not without end", By: investigator, Given: linked, When: VerifyClaim{id, "sheet"}, Refused: "refused complaint.too_many_links"},
		{Name: "neither", By: investigator, Given: contradicted, When: DisproveClaim{id, "paper", "不符"}, Refused: "refused complaint.too_many_links"},
		{Name: "summarised", By: reviewer, At: day(3), Given: at(Handling), When: Summarise{id, "一县把 600 加到 690。"}, Then: events{Summarised{day(3), "一县把 600 加到 690。"}}},
		{Name: "briefly", By: reviewer, Given: at(Handling), When: Summarise{id, strings.Repeat("长", 301)}, Refused: "invalid input.too_long at text"},

		{Name: "an account is recused", By: investigator, Given: at(Handling), When: Recuse{id, "x", "", "亲属"}, Then: events{Recusal{"x", "", "亲属"}}},
		{Name: "a unit is", By: reviewer, Given: at(Handling), When: Recuse{id, "", "9901-xf", "同一牵头"}, Then: events{Recusal{"", "9901-xf", "同一牵头"}}},
		{Name: "one of the two", By: reviewer, Given: at(Handling), When: Recuse{id, "x", "9901-xf", "亲属"}, Refused: "invalid complaint.recuse_one at account"},
		{Name: "not neither", By: reviewer, Given: at(Handling), When: Recuse{ID: id, Reason: "亲属"}, Refused: "invalid complaint.recuse_one at account"},
		{Name: "once", By: reviewer, Given: at(Handling, Recusal{"x", "", "亲属"}), When: Recuse{id, "x", "", "亲属"}, Refused: "refused complaint.already_recused"},
		{Name: "not who has to answer", By: reviewer, Given: at(Handling), When: Recuse{id, "", "9901", "亲属"}, Refused: "refused complaint.recuse_handler at unit"},
		{Name: "not without end", By: reviewer, Given: gone, When: Recuse{id, "x", "", "亲属"}, Refused: "refused complaint.too_many_recusals"},

		{Name: "reminded at half the time", By: engine, At: day(8), Given: at(Handling), When: Remind{id, 1, 50}, Then: events{Reminded{1, 50}}},
		{Name: "not a day before", By: engine, At: day(7), Given: at(Handling), When: Remind{id, 1, 50}, Refused: "refused complaint.not_due"},
		{Name: "not twice", By: engine, At: day(8), Given: at(Handling, Reminded{1, 50}), When: Remind{id, 1, 50}, Refused: "refused complaint.not_due"},
		{Name: "nor of a round that is over", By: engine, At: day(8), Given: at(Replying), When: Remind{id, 1, 50}, Refused: "refused complaint.not_due"},
		{Name: "nor of another", By: engine, At: day(8), Given: at(Handling), When: Remind{id, 2, 50}, Refused: "refused complaint.not_due"},
		{Name: "nor at another percentage", By: engine, At: day(13), Given: at(Handling), When: Remind{id, 1, 60}, Refused: "refused complaint.not_due"},
		{Name: "nor by hand", By: investigator, At: day(8), Given: at(Handling), When: Remind{id, 1, 50}, Refused: "forbidden complaint.system_only"},
		{Name: "nor of nothing", By: engine, At: day(8), When: Remind{id, 1, 50}, Refused: "not_found complaint.unknown at id"},
		{Name: "nor where nobody can count", By: engine, At: day(8), Facts: none, Given: at(Handling), When: Remind{id, 1, 50}, Refused: "unavailable complaint.no_calendar"},
		{Name: "supervised when it is over", By: engine, At: day(15), Given: at(Handling), When: Supervise{id, 1}, Then: events{Supervised{1}}},
		{Name: "the next level a week on", By: engine, At: day(22), Given: at(Handling), When: Escalate{id, 1, 1}, Then: events{Escalated{1, 1, "9901"}}},
		{Name: "the one above that after another", By: engine, At: day(29), Given: at(Handling, Escalated{1, 1, "9901"}), When: Escalate{id, 1, 2}, Then: events{Escalated{1, 2, "99"}}},
		{Name: "never to the named", By: engine, At: day(22), Facts: facts(claim.Facts{Issuer: "9901-jw", Within: county}), Given: at(Taken, Dispatched{day(0), "990102-jw", 10}), When: Escalate{id, 1, 1}, Then: events{Escalated{1, 1, county}}},
		{Name: "but past it", By: engine, At: day(29), Facts: facts(claim.Facts{Issuer: "9901", Within: county}), Given: at(Handling), When: Escalate{id, 1, 1}, Then: events{Escalated{1, 1, "99"}}},
		{Name: "and where nobody is left, to nobody", By: engine, At: day(29), Facts: facts(claim.Facts{Level: "CENTRAL", Within: county}), Given: at(Handling), When: Escalate{id, 1, 1}, Then: events{Escalated{1, 1, ""}}},
		{Name: "closed after silence", By: engine, At: day(33), Given: at(Replying), When: CloseUnrated{id, 1}, Then: events{Closed{day(33), BySilence}}},
		{Name: "not a day before", By: engine, At: day(32), Given: at(Replying), When: CloseUnrated{id, 1}, Refused: "refused complaint.not_due"},
		{Name: "as rated where it was", By: engine, At: day(33), Given: at(Visited), When: CloseUnrated{id, 1}, Then: events{Closed{day(33), ByRating}}},
		{Name: "as reviewed after a review", By: engine, At: day(35), Given: at(ReviewGiven), When: CloseUnrated{id, 2}, Then: events{Closed{day(35), ByReview}}},
		{Name: "never over dissatisfaction", By: engine, At: day(60), Given: at(Replying, unsatisfied), When: CloseUnrated{id, 1}, Refused: "refused complaint.not_due"},
		{Name: "but after two redos", By: engine, At: day(60), Given: redone, When: CloseUnrated{id, 3}, Then: events{Closed{day(60), ByRating}}},
		{Name: "being with nobody is a breach", By: engine, At: day(16), Given: at(Taken), When: Breach{id, Assigning, 1}, Then: events{Breached{Assigning, 1}}},
		{Name: "once", By: engine, At: day(16), Given: at(Taken, Breached{Assigning, 1}), When: Breach{id, Assigning, 1}, Refused: "refused complaint.not_due"},
		{Name: "not within its days", By: engine, At: day(15), Given: at(Taken), When: Breach{id, Assigning, 1}, Refused: "refused complaint.not_due"},
		{Name: "again when it came back", By: engine, At: day(17), Given: at(SentBack), When: Breach{id, Assigning, 2}, Then: events{Breached{Assigning, 2}}},
		{Name: "no redo", By: engine, At: day(19), Given: at(Replying, unsatisfied), When: Breach{id, Redoing, 2}, Then: events{Breached{Redoing, 2}}},
		{Name: "no decision", By: engine, At: day(34), Given: at(InReview), When: Breach{id, Reviewing, 2}, Then: events{Breached{Reviewing, 2}}},
		{Name: "nobody heeds retaliation", By: engine, At: day(18), Given: attacked, When: Breach{id, Protecting, 1}, Then: events{Breached{Protecting, 1}}},
		{Name: "counted from the first day it was reported", By: engine, At: day(18), Given: slices.Concat(attacked, events{RetaliationReported{letter(4, 17)}}), When: Breach{id, Protecting, 1}, Then: events{Breached{Protecting, 1}}},
		{Name: "and anew when it began anew", By: engine, At: day(60), Given: slices.Concat(attacked, events{Breached{Protecting, 1}, RetaliationTaken{day(19), ""}, RetaliationReported{letter(4, 40)}}), When: Breach{id, Protecting, 4}, Then: events{Breached{Protecting, 4}}},
		{Name: "taken up it has to be answered", By: engine, At: day(19), Given: slices.Concat(attacked, events{RetaliationTaken{day(3), ""}}), When: Breach{id, Protecting, 2}, Then: events{Breached{Protecting, 2}}},
		{Name: "not within its days", By: engine, At: day(18), Given: slices.Concat(attacked, events{RetaliationTaken{day(3), ""}}), When: Breach{id, Protecting, 2}, Refused: "refused complaint.not_due"},
		{Name: "nor once it is", By: engine, At: day(60), Given: slices.Concat(attacked, events{RetaliationTaken{day(3), ""}, RetaliationAnswered{day(4), blob}}), When: Breach{id, Protecting, 2}, Refused: "refused complaint.not_due"},
		{Name: "unheeded it is one again", By: engine, At: day(33), Given: slices.Concat(attacked, events{Breached{Protecting, 1}}), When: Breach{id, Protecting, 2}, Then: events{Breached{Protecting, 2}}},
		{Name: "being with nobody still is one again", By: engine, At: day(31), Given: at(Taken, Breached{Assigning, 1}), When: Breach{id, Assigning, 2}, Then: events{Breached{Assigning, 2}}},
		{Name: "not a day before", By: engine, At: day(30), Given: at(Taken, Breached{Assigning, 1}), When: Breach{id, Assigning, 2}, Refused: "refused complaint.not_due"},
		{Name: "reminded again of a longer period", By: engine, At: day(14), Given: at(Handling, Reminded{1, 50}, Reminded{1, 80}, Extended{day(2), 5, "9901", "复杂", 0}), When: Remind{id, 1, 50}, Then: events{Reminded{1, 50}}},
		{Name: "not of what was reached", By: engine, At: day(15), Given: at(Handling, Reminded{1, 50}, Reminded{1, 80}, Extended{day(14), 5, "9901", "复杂", 50}), When: Remind{id, 1, 50}, Refused: "refused complaint.not_due"},
		{Name: "which the extension says", By: reviewer, At: day(14), Given: at(Handling, Reminded{1, 80}), When: Extend{id, 5, "9901", "复杂"}, Then: events{Extended{day(14), 5, "9901", "复杂", 50}}},
		{Name: "which needs no calendar", By: engine, At: day(18), Facts: none, Given: attacked, When: Breach{id, Protecting, 1}, Then: events{Breached{Protecting, 1}}},
	})
	ledgertest.Complete(t, seen, cutCases(t))
}

// Who is above those named, where only a level is.
func TestAboveALevel(t *testing.T) {
	n := Named{Level: "TOWNSHIP", Within: county}
	for code, above := range map[string]bool{"9901": true, "9901-jw": true, county: true, "990102-jw": true, "990102001": false, "9902": false, "990103": false} {
		if n.under(code) != above {
			t.Errorf("%s above a town of %s: %v", code, county, !above)
		}
	}
}
