package portal

import (
	"slices"

	"suyuan/services/figure"
	"suyuan/services/ledger"
)

// Review is when a finding was marked for review; "" where it does not hold
// any more, and there is nothing left to review.
func (f findingRow) Review() string {
	if slices.Contains([]string{"OVERTURNED", "SUPERSEDED", "WITHDRAWN"}, f.Stage) {
		return ""
	}
	return f.Marked
}

// Headline is a finding in a list. One that was overturned accuses nobody:
// that comes first.
func (p *Page) Headline(f findingRow) string {
	line := p.say("finding.about", "title", f.Penalty.Title, "who", p.Shared(f.Shares))
	switch f.Stage {
	case "OVERTURNED":
		line = p.say("finding.overturned", "claim", f.Penalty.Title)
	case "SUPERSEDED": // what varied stands with its shares as they are now
		line = p.standing(f.Stage, line)
	}
	return p.sentence(line)
}

// appealed are the shares after appeals, nil where these changed none.
func (f *findingData) appealed() []share {
	if otherThan(f.decided(), f.Shares) {
		return f.Shares
	}
	return nil
}

// after is a unit's share after appeals.
func after(now []share, name string) string {
	for _, s := range now {
		if s.Name == name {
			return percent(s.Points)
		}
	}
	return percent(0)
}

// nowNobody is what appeals left to nobody where nobody had any before, else "".
func (f *findingData) nowNobody() string {
	nobodys := func(s share) bool { return s.Name == unattributed && s.Points > 0 }
	now := f.appealed()
	if at := slices.IndexFunc(now, nobodys); at >= 0 && !slices.ContainsFunc(f.decided(), nobodys) {
		return percent(now[at].Points)
	}
	return ""
}

// suggest puts what is suggested for the shares as they are after appeals: for
// a unit that carries nothing any more, nothing.
func (d *division) suggest(now []share) {
	if d == nil || now == nil {
		return
	}
	for i := range d.Shares {
		part := &d.Shares[i]
		part.Class, part.Band = "", ""
		if at := slices.IndexFunc(now, func(s share) bool { return s.Name == part.Name }); at >= 0 && now[at].Points > 0 {
			part.Class, part.Band = now[at].Class, now[at].Band
		}
	}
}

// happenedThen says what was penalised by the figures that the finding was
// computed from, and what they were put right to since.
func (p *Page) happenedThen(f *findingData) []string {
	o := f.Penalty
	then := f.Current.Explanation.verified(o.Measure)
	if o.Kind != "QUANTITY" || o.Measure == nil || o.Verified == "" || then.Absent() || then.Cmp(figure.Parse(o.Verified)) == 0 {
		return p.happened(&o)
	}
	now := figure.Parse(o.Verified)
	o.Verified = then.Rat().RatString()
	return append(p.happened(&o), p.say("finding.verifiedSince", "then", p.size(*o.Measure, then), "now", p.size(*o.Measure, now)))
}

// verified is the delivery that the explanation counted, in the measure's own
// terms; absent where it counted none.
func (x *explanation) verified(m *measure) (none figure.Figure) {
	if x == nil {
		return none
	}
	for _, l := range x.Lines {
		if l.Clause == "2.G" && !l.term("q").Absent() {
			if m != nil && m.Harder == "LOWER" {
				return l.term("q").Neg()
			}
			return l.term("q")
		}
	}
	return none
}

// objecting are the facts by which a unit said beforehand that it would not do,
// and what it was answered; knowing those by which one knew and said nothing.
var (
	objecting = []string{
		"objected", "objected_late", "heard", "open", "insisted", "lapsed", "clearly_illegal", "stop_refused", "stop_open", "stop_granted", "stop_late",
	}
	knowing = []string{"knew", "told_by_capacity", "told_by_objection"}
)

// objections are who objected, what came of it, and who knew and did not.
type objections []evidencePoint

// objectedOf are the objections among points; none where nobody objected, for
// who only knew is told with what it is charged for.
func objectedOf(points []evidencePoint) (out objections) {
	some := false
	for _, point := range points {
		objects := slices.Contains(objecting, point.Says)
		if objects || slices.Contains(knowing, point.Says) && point.Value != "no" {
			out, some = append(out, point), some || objects
		}
	}
	if !some {
		return nil
	}
	return out
}

// Heading is the key of what it is called.
func (o objections) Heading() string {
	if slices.ContainsFunc(o, func(p evidencePoint) bool { return slices.Contains(knowing, p.Says) }) {
		return "finding.objectedAndKnew"
	}
	return "finding.objected"
}

// On is when it came on record; "" where no event says so.
func (p evidencePoint) On() string {
	if len(p.Events) == 0 {
		return ""
	}
	return p.Events[0].Recorded
}

// objected is who objected, as the reader may know it.
func (o *penaltyData) objected() objections {
	if o.Evidence == nil {
		return nil
	}
	return objectedOf(o.Evidence.Points)
}

// Sentences are whole sentences one after the other.
func (p *Page) Sentences(texts []ledger.Text) string {
	out := ""
	for i, t := range texts {
		if i > 0 {
			out += p.say("list.next")
		}
		out += p.Text(t)
	}
	return out
}

// AppealUntil is the last day for appeals, while there is one.
func (f *findingData) AppealUntil() string {
	for _, t := range f.Terms {
		if t.Term == "APPEAL" {
			return t.Due
		}
	}
	return ""
}

// Step says what happened to a finding, and with what result where that is
// told elsewhere on it.
func (v *findingPage) Step(s findingStep) string {
	f := &v.Finding
	switch s.What {
	case "finding.checked":
		if v.passed(s) {
			return v.say("findingStep.checked")
		}
	case "finding.replied":
		if s.Unit != nil {
			return v.say("findingStep.replied", "unit", s.Unit.Name)
		}
	case "finding.reply_answered":
		for _, r := range f.Replies {
			switch {
			case r.Answered != s.At:
			case r.State == "ACCEPTED":
				return v.say("findingStep.accepted", "unit", r.Unit.Name)
			case r.State == "REJECTED":
				return v.say("findingStep.rejected", "unit", r.Unit.Name)
			}
		}
	case "finding.voted", "finding.appeal_voted":
		for _, vote := range f.Votes {
			switch {
			case vote.At != s.At || (vote.Appeal > 0) != (s.What == "finding.appeal_voted"):
			case vote.Appeal > 0 && vote.Result != "":
				return v.say("findingStep.appealVote", "result", v.enum("appealResult", vote.Result))
			case vote.Appeal > 0:
			case vote.Agrees:
				return v.say("findingStep.agreed")
			default:
				return v.say("findingStep.disagreed")
			}
		}
	case "finding.appeal_decided":
		for _, a := range f.Appeals {
			if a.Decided == s.At && a.Result != "" {
				return v.say("findingStep.appealDecided", "result", v.enum("appealResult", a.Result))
			}
		}
	}
	return v.Text(s.Meaning)
}

// passed reports whether what followed a check shows that it was passed.
func (v *findingPage) passed(check findingStep) bool {
	steps := v.Finding.Steps
	at := slices.IndexFunc(steps, func(s findingStep) bool { return s.Event.Ordinal == check.Event.Ordinal })
	return at >= 0 && at+1 < len(steps) && steps[at+1].What == "finding.notified" && steps[at+1].Version == check.Version
}
