package portal

import (
	"slices"
	"strings"
)

// personal are the forms that only a person can be met with; another measure
// taken with one of them by the same body on the same day is read as such.
var personal = []string{"REMINDER_TALK", "SUMMONS", "ADMONITION", "ORG_HANDLING", "GOV_SANCTION", "DISCIPLINE", "REMOVAL", "CASE_FILED"}

// ofUnits are the forms that a unit can be met with.
var ofUnits = []string{"CIRCULAR", "SCORE", "VETO", "SELF_EXAMINATION", "OTHER"}

// Measures says what was done about it, a sentence for each body and day:
// what was done to the unit, and what to persons who had to answer for it.
func (p *Page) Measures(o *penaltyRow) (out []string) {
	type place struct{ body, on string }
	var places []place
	at := map[place][]taken{}
	for _, t := range o.Penalties {
		where := place{t.Body.Name, t.On}
		if at[where] == nil {
			places = append(places, where)
		}
		at[where] = append(at[where], t)
	}
	for _, where := range places {
		day, err := p.Day(where.on)
		if err != nil {
			panic(err)
		}
		person := func(t taken) bool { return slices.Contains(personal, t.Form) }
		some := slices.ContainsFunc(at[where], person)
		var units, others, persons []string
		for _, t := range at[where] {
			if person(t) || some && t.Form == "OTHER" {
				persons = append(persons, p.measure(t, true))
				continue
			}
			if t.Form == "OTHER" && said(t) != "" {
				others = append(others, said(t))
				continue
			}
			units = append(units, p.measure(t, false))
		}
		if units != nil {
			out = append(out, p.say("finding.taken", "day", day, "body", where.body, "executor", o.Executor.Name, "form", strings.Join(units, p.say("list.comma"))))
		}
		if others != nil {
			out = append(out, p.say("finding.takenOther", "day", day, "body", where.body, "executor", o.Executor.Name, "said", strings.Join(others, p.say("list.semicolon"))))
		}
		if persons == nil {
			continue
		}
		whose := p.say("finding.theirPersons", "executor", o.Executor.Name)
		if o.Kind == "CONDUCT" { // of several units
			whose = p.say("finding.persons")
		}
		out = append(out, p.say("finding.taken", "day", day, "body", where.body, "executor", whose, "form", strings.Join(persons, p.say("list.comma"))))
	}
	return out
}

// said is what the record says of a measure, without a full stop.
func said(t taken) string { return strings.TrimRight(strings.TrimSpace(t.Text), "。.") }

// measure is one measure in words; of persons with what the record says of
// how many, or who by their role.
func (p *Page) measure(t taken, full bool) string {
	form := p.enum("penaltyForm", t.Form)
	said := said(t)
	switch {
	case said == "" && t.Form == "OTHER":
		return p.say("finding.formUnsaid", "form", form)
	case !full || said == "" || said == form:
		return form
	case p.Lang == "zh-CN" && strings.Contains(said, form), p.Lang == "zh-CN" && t.Form == "OTHER":
		return said
	}
	return p.say("finding.formSaid", "form", form, "said", said)
}
