package portal

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"suyuan/services/ledger"
)

// correct is the form of a correction. It holds what is on record; where a
// part of it is another than that, it replaces that part.
func (v *outcomeFormPage) correct(rules []choice) act {
	o := v.Of
	moment := &field{Name: "occurredAt", Kind: momentField, Value: minute(o.Occurred), Hint: v.say("outcomeForm.hour")}
	fields := []*field{moment}
	figures := v.figures()
	value := map[string]string{"required": o.Required, "verified": o.Verified}
	if c := o.Capacity; c != nil {
		value["capacity"], value["capacityFrom"], value["capacityDocument"] = c.Value, c.From, paperID(c.Document)
	}
	for _, x := range figures {
		x.Value, x.Optional = value[x.Name], true
	}
	danger, penalties := v.danger(), v.penalties(rules)
	for _, x := range danger {
		v.recordedWarning(x)
	}
	for _, x := range penalties {
		v.recordedPenalty(x)
	}
	fields = slices.Concat(fields, figures, danger, penalties, []*field{v.reasonField(), v.paperOf("")})
	fields[len(fields)-2].Head = v.say("outcomeForm.why")
	fields[len(fields)-1].Head = ""
	for _, x := range fields {
		for i := range x.Choices {
			x.Choices[i].Chosen = x.Choices[i].Value == x.Value
		}
	}
	was := map[string]string{}
	for _, x := range fields {
		was[x.Name] = x.Value
	}
	return act{
		Name: "correct", Now: true, command: "outcome.correct", given: map[string]any{"id": o.ID}, Fields: fields, done: v.To("outcomes", o.ID),
		shape: func(given map[string]any) { onlyChanged(given, fields, was) },
	}
}

// onlyChanged leaves in an input what differs from what is on record. A list is
// replaced whole, and what was emptied is sent empty.
func onlyChanged(given map[string]any, fields []*field, was map[string]string) {
	keep := map[string]bool{"id": true, "reason": true, "document": true}
	for _, x := range fields {
		if x.Value == was[x.Name] {
			continue
		}
		top, _, _ := strings.Cut(x.Name, ".")
		keep[top] = true
		if x.Value == "" && top == x.Name {
			given[top] = ""
		}
	}
	maps.DeleteFunc(given, func(member string, _ any) bool { return !keep[member] })
}

// recordedPenalty puts what is on record into a field of the form.
func (v *outcomeFormPage) recordedPenalty(x *field) {
	i, member, ok := member(x.Name)
	if !ok || i >= len(v.Of.Penalties) {
		return
	}
	t := v.Of.Penalties[i]
	rule := ""
	if t.Rule != nil {
		rule = t.Rule.ID
	}
	x.Value = map[string]string{"form": strings.ToLower(t.Form), "body": t.Body.Code, "on": t.On, "rule": rule, "document": paperID(t.Document), "text": t.Text}[member]
}

// recordedWarning puts what is on record into a field of the form.
func (v *outcomeFormPage) recordedWarning(x *field) {
	i, member, ok := member(x.Name)
	if x.Name == "knownSince" {
		x.Value = minute(v.Of.KnownSince)
	}
	if !ok || i >= len(v.Of.Warned) {
		return
	}
	w := v.Of.Warned[i]
	x.Value = map[string]string{
		"unit": w.Unit.Code, "at": minute(w.At), "channel": strings.ToLower(w.Channel), "answer": w.Answer, "answeredAt": minute(w.AnsweredAt),
		"did": strings.ToLower(w.Did), "didAt": minute(w.DidAt), "power": strings.ToLower(w.Power), "document": paperID(w.Document),
	}[member]
}

// member takes a field's name of a group apart: which of the group, and what.
func member(name string) (i int, member string, ok bool) {
	parts := strings.Split(name, ".")
	if len(parts) != 3 {
		return 0, "", false
	}
	_, err := fmt.Sscanf(parts[1], "%d", &i)
	return i, parts[2], err == nil
}

func paperID(d *documentRef) string {
	if d == nil {
		return ""
	}
	return d.ID
}

// minute is a moment as a field holds it.
func minute(moment string) string {
	t, err := time.Parse(time.RFC3339Nano, moment)
	if err != nil {
		return ""
	}
	return t.In(ledger.Beijing).Format(momentLayout)
}
