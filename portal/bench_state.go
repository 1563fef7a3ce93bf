package portal

import (
	"fmt"
	"slices"
	"strings"
)

// stating are the forms of what the ledger cannot know: one for each question,
// and one for whatever else a reviewer has a document for.
func (v *benchItemPage) stating() []act {
	var all []act
	for i, q := range v.Outcome.Evidence.Questions {
		if unstated(q.Point) {
			continue
		}
		x := v.state(fmt.Sprintf("state_%d", i+1), q.Point)
		x.Title = v.enum("outcomePoint", q.Point)
		if q.Unit != nil {
			x.Title = v.say("bench.questionOf", "point", x.Title, "unit", q.Unit.Name)
			if !ofExecutor(q.Point) {
				x.given["unit"] = q.Unit.Code
			}
		}
		all = append(all, x)
	}
	other := act{Name: "state", Now: true, command: "outcome.state", given: map[string]any{"id": v.Outcome.ID}}
	points := &field{Name: "point", Kind: selectField}
	for _, point := range statable[v.Outcome.Kind] {
		points.Choices = append(points.Choices, choice{Value: strings.ToLower(point), Text: v.enum("outcomePoint", point)})
	}
	other.Title = v.say("bench.stateOther")
	other.Fields = append([]*field{points,
		{Name: "unit", Kind: lineField, Max: 40, Optional: true, Listed: "units", Hint: v.say("form.statedUnit")},
		{Name: "value", Kind: lineField, Max: 80, Optional: true, Hint: v.say("form.statedValue")},
		{Name: "by", Label: v.say("bench.by"), Kind: lineField, Max: 40, Optional: true, Listed: "units", Hint: v.say("form.statedBy")},
	}, v.shown()...)
	return append(all, other)
}

// shown is what every statement rests on.
func (v *benchItemPage) shown() []*field {
	return []*field{
		{Name: "onPaper", Kind: dateField, Optional: true, Hint: v.say("form.onPaper")},
		v.reasonField(), v.paperField(false),
	}
}

// state is the form that answers one point.
func (v *benchItemPage) state(name, point string) act {
	x := act{Name: name, Now: true, command: "outcome.state", given: map[string]any{"id": v.Outcome.ID, "point": strings.ToLower(point)}}
	insisted := &field{Name: "by", Label: v.say("bench.by"), Kind: lineField, Max: 40, Optional: true, Listed: "units", Hint: v.say("form.statedBy")}
	switch {
	case named[point] != "":
		value := &field{Name: "value", Kind: choiceField}
		for _, w := range strings.Fields(named[point]) {
			value.Choices = append(value.Choices, choice{Value: w, Text: v.enum("statedValue", w)})
		}
		x.Fields = append(x.Fields, value)
	case point == "OWNER", point == "OVERRULED_BY":
		insisted.Optional = false
	default:
		x.Fields = append(x.Fields, &field{Name: "value", Kind: exactField, Hint: v.enum("statedHint", point)})
	}
	if slices.Contains([]string{"OWNER", "OVERRULED_BY", "OBJECTED"}, point) {
		x.Fields = append(x.Fields, insisted)
	}
	x.Fields = append(x.Fields, v.shown()...)
	return x
}

const yesOrNo = "yes no"

// named are the points that are answered by a word.
var named = map[string]string{
	"AUTHORITY": yesOrNo, "NOTICE": yesOrNo, "OBJECTED": "unresourced yes no", "CLEARLY_ILLEGAL": yesOrNo, "KNEW": yesOrNo, "CONTRADICTORY": yesOrNo, "EFFECTIVE": yesOrNo,
	"GROUP_INSTEAD_OF_SITE": yesOrNo, "DUTY": "basic cooperate approved_split recalled off_list unapproved", "POWER": "stop supervise coordinate none",
}

// statable are the points that can be stated of each kind of outcome.
var statable = map[string][]string{
	"QUANTITY":      {"AUTHORITY", "NOTICE", "GRANTED_NEEDED", "DUTY", "OWNER", "CAPACITY", "ABOVE", "APPROVED", "OBJECTED", "OVERRULED_BY", "CLEARLY_ILLEGAL", "KNEW"},
	"COMPETING":     {"CAPACITY", "OBJECTED", "OVERRULED_BY", "CLEARLY_ILLEGAL", "KNEW"},
	"CONTRADICTION": {"OBJECTED", "OVERRULED_BY", "CLEARLY_ILLEGAL", "KNEW", "CONTRADICTORY"},
	"CONDUCT":       {"OBJECTED", "OVERRULED_BY", "CLEARLY_ILLEGAL", "KNEW", "POWER", "EFFECTIVE", "GROUP_INSTEAD_OF_SITE", "WINDOW_MINUTES"},
}

// ofExecutor reports whether a point can only be about the penalised unit, or
// about none, and names nobody.
func ofExecutor(point string) bool {
	return slices.Contains([]string{"AUTHORITY", "NOTICE", "GRANTED_NEEDED", "DUTY", "OWNER", "CAPACITY", "CONTRADICTORY", "WINDOW_MINUTES"}, point)
}

// unstated reports whether a question only a correction or a verification
// settles.
func unstated(point string) bool {
	return slices.Contains([]string{"VERIFIED_DELIVERY", "REQUIRED_AMOUNT", "FALSIFICATION"}, point)
}
