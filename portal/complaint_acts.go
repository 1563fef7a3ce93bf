package portal

import (
	"slices"

	"suyuan/services/ledger"
)

// all are the acts of the reader's roles on the complaint, of which those are
// offered that can be done as things stand. The desk decides: what is refused
// there is told beside the form.
func (v *complaintPage) all() []act {
	var all []act
	if v.Actor.Is(ledger.Clerk) && v.Complaint.Handler != nil && v.Actor.Unit == v.Complaint.Handler.Code {
		all = append(all, v.handling()...)
	}
	if v.Actor.Is(ledger.Investigator) {
		all = append(all, v.triage()...)
		all = append(all, v.asking()...)
		all = append(all, v.following()...)
	}
	if v.Actor.Is(ledger.Reviewer) {
		all = append(all, v.reviewing()...)
	}
	if v.Protects {
		all = append(all,
			v.act("take_retaliation", v.Complaint.Retaliation == "REPORTED"),
			v.act("answer_retaliation", v.Complaint.Retaliation == "TAKEN", v.message(guardedField, "form.guarded")))
	}
	if v.Actor.Is(ledger.Investigator) {
		all = append(all, v.bearingOut()...)
	}
	if v.Actor.Is(ledger.Investigator, ledger.Reviewer) {
		recuse := v.act("recuse", true,
			&field{Name: "account", Kind: lineField, Max: 100, Optional: true, Hint: v.say("form.oneOfTwo")},
			&field{Name: "unit", Kind: lineField, Max: 40, Optional: true, Hint: v.say("form.unitCode")},
			v.reason())
		recuse.done = v.To("complaints") // who is recused just now may not see this page any more
		all = append(all, recuse)
	}
	return all
}

func (v *complaintPage) act(name string, now bool, fields ...*field) act {
	return act{Name: name, Now: now, Fields: fields, command: "complaint." + name}
}

// at reports whether the complaint stands at one of the stages.
func (v *complaintPage) at(stages ...string) bool { return slices.Contains(stages, v.Complaint.Stage) }

func (v *complaintPage) reason() *field { return &field{Name: "reason", Kind: areaField, Max: 300} }

func (v *complaintPage) days(most int, optional bool) *field {
	f := &field{Name: "days", Kind: numberField, Max: most, Optional: optional, Hint: v.say("form.days", "most", most)}
	if optional {
		f.Hint = v.say("form.daysElse", "most", most)
	}
	return f
}

func (v *complaintPage) target(name string) *field {
	return &field{Name: name, Kind: lineField, Max: 40, Listed: "units", Hint: v.say("form.target")}
}

func (v *complaintPage) message(kind, hint string) *field {
	return &field{Name: "message", Kind: kind, Max: mostMessage, Hint: v.say(hint)}
}

// choose is a field with choices out of one of the sets.
func (v *complaintPage) choose(name, kind, set string, words ...string) *field {
	f := &field{Name: name, Kind: kind}
	for _, w := range words {
		f.Choices = append(f.Choices, choice{Value: w, Text: v.enum(set, w)})
	}
	return f
}

// The most days of a round, and of its one extension.
const (
	mostDays  = 36
	mostExtra = 15
)

// handling is for the unit that has the complaint.
func (v *complaintPage) handling() []act {
	c := &v.Complaint
	inTime := c.Clock != nil && (c.Clock.ReturnBy == "" || v.Today <= c.Clock.ReturnBy)
	return []act{
		v.act("sign_for", v.at("DISPATCHED")),
		v.act("return", v.at("DISPATCHED") && !c.Ruled && inTime, v.reason()),
		v.act("answer", v.at("HANDLING"), v.choose("outcome", choiceField, "word", "solved", "partly", "not_solved", "unfounded"), v.message(answerField, "form.answer")),
	}
}

// triage: 受理 … 派单.
func (v *complaintPage) triage() []act {
	c := &v.Complaint
	disputed := c.Returns >= 2
	return []act{
		v.act("accept", v.at("REGISTERED") && !c.Untold),
		v.act("decline", v.at("REGISTERED") || c.Untold && v.at("ACCEPTED", "ANSWERED", "FOLLOWED_UP", "REVIEW", "FINAL_REVIEW"), v.reason(), &field{Name: "advice", Kind: areaField, Max: 300, Hint: v.say("form.advice")}),
		v.act("dispatch", v.at("ACCEPTED", "RETURNED") && !disputed, v.target("to"), v.days(mostDays, true)),
		v.act("rule", v.at("ACCEPTED", "RETURNED") && disputed, v.target("to"), v.days(mostDays, true), v.reason()),
		v.act("recall", v.at("DISPATCHED", "HANDLING") || v.redoable(), v.reason()),
		v.act("merge", v.at("REGISTERED", "ACCEPTED") && c.Into == nil && !c.Untold, &field{Name: "into", Kind: lineField, Max: 40, Hint: v.say("form.into")}, &field{Name: "reason", Kind: areaField, Max: 300, Optional: true}),
	}
}

// asking, and the clock.
func (v *complaintPage) asking() []act {
	clock := v.Complaint.Clock
	running := v.at("DISPATCHED", "HANDLING") && clock != nil
	return []act{
		v.act("ask", !v.at("NOT_ACCEPTED", "CLOSED", "REVIEWED", "EXHAUSTED"), v.message(messageField, "form.ask")),
		v.act("pause", running && !clock.Paused, v.reason(), &field{Name: "until", Kind: dateField, Optional: true, Hint: v.say("form.pauseUntil")}),
		v.act("resume", running && clock.Paused),
	}
}

// redoable: the answer did not do.
func (v *complaintPage) redoable() bool {
	c := &v.Complaint
	return v.at("ANSWERED", "FOLLOWED_UP", "CLOSED") && c.Owed != nil && c.Owed.Turn == "REDO" && c.Redos < 2
}

// following is what comes after an answer.
func (v *complaintPage) following() []act {
	c := &v.Complaint
	settled := c.Redos >= 2 || (c.Confirmed == nil || *c.Confirmed) && c.Rating != nil && c.Rating.Solved && c.Rating.Satisfied
	return []act{
		v.act("follow_up", v.at("ANSWERED"), v.choose("confirmed", yesField, "truth", "true", "false"), &field{Name: "note", Kind: areaField, Max: 300, Optional: true}),
		v.act("redo", v.redoable(), v.reason(), v.days(mostDays, true)),
		v.act("close", v.at("FOLLOWED_UP") && c.Rating != nil && settled),
	}
}

// reviewing is for reviewers.
func (v *complaintPage) reviewing() []act {
	decisions := []string{"upheld", "changed", "again"}
	if v.at("FINAL_REVIEW") {
		decisions = decisions[:2]
	}
	return []act{
		v.act("decide_review", v.at("REVIEW", "FINAL_REVIEW"), v.choose("decision", choiceField, "word", decisions...), v.message(messageField, "form.decision")),
		v.act("extend", v.at("DISPATCHED", "HANDLING"), v.days(mostExtra, false), v.target("approvedBy"), v.reason()),
		v.act("summarise", true, &field{Name: "text", Kind: areaField, Max: 300, Hint: v.say("form.summary")}),
	}
}

// bearingOut holds the claim against papers.
func (v *complaintPage) bearingOut() []act {
	return []act{
		v.act("verify_claim", true, &field{Name: "issuance", Kind: lineField, Max: mostID, Hint: v.say("form.issuance")}),
		v.act("disprove_claim", true, &field{Name: "document", Kind: lineField, Max: mostID, Hint: v.say("form.document")}, v.reason()),
	}
}
