package portal

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"suyuan/services/desk"
	"suyuan/services/ledger"
)

// outcomeFormPage is where an outcome is recorded, or corrected.
type outcomeFormPage struct {
	*Page
	Kind  string        // of the set "penaltyKind"; "" while it is to be chosen
	Of    *benchOutcome // the outcome that is corrected
	Kinds []choice
	Acts  acts
	More  []choice // what there can be more of: the value that asks for it, and its words
	Count map[string]int
	Units []unitRef
	Asked int // which of the day it may be: the form asks; 0: it does not
}

// KindSays are the kinds to choose from, by the set "penaltyKind".
func (v *outcomeFormPage) KindSays() (list []choice) {
	for i, kind := range v.Kinds {
		list = append(list, choice{Value: kind.Value, Text: strings.ToUpper(outcomeKinds[min(i, len(outcomeKinds)-1)])})
	}
	return list
}

// several are the groups of the form that there can be more of, and how many
// at most.
var several = map[string]int{"penalties": 5, "warned": 12}

// The kinds, as commands name them.
var outcomeKinds = []string{"quantity", "contradiction", "competing", "conduct"}

// newOutcome shows the form; without a kind it asks for one.
func (s *site) newOutcome(p *Page) (reply, error) {
	view, err := s.outcomeForm(p, form{})
	if err != nil {
		return reply{}, err
	}
	return reply{page: "outcome_new", data: view}, nil
}

func (s *site) newOutcomeDo(p *Page) (reply, error) { return s.recordOutcome(p) }

// correctOutcome shows what is on record, to be put right.
func (s *site) correctOutcome(p *Page) (reply, error) { return s.newOutcome(p) }

func (s *site) correctOutcomeDo(p *Page) (reply, error) { return s.recordOutcome(p) }

// recordOutcome carries out the form, or shows it again with one more of what
// was asked for; nothing that was typed is lost.
func (s *site) recordOutcome(p *Page) (reply, error) {
	if err := p.needs(ledger.Investigator, ledger.Clerk); err != nil {
		return reply{}, err
	}
	f, err := p.posted()
	if err != nil {
		return reply{}, err
	}
	view, err := s.outcomeForm(p, f)
	if err != nil {
		return reply{}, err
	}
	if f.Get("more") != "" {
		for i := range view.Acts.All {
			x := &view.Acts.All[i]
			if x.Open = x.Name == f.Get("do"); x.Open {
				for _, y := range x.Fields {
					y.read(f)
				}
			}
		}
		view.Acts.Key = f.key
		return reply{page: "outcome_new", data: view}, nil
	}
	got, err := p.do(&view.Acts, f, nil, seals{})
	if err != nil {
		view.offerNext(err, f)
		return shown("outcome_new", view, err)
	}
	return got, nil
}

// outcomeForm is the page; f is what was posted, which says how many there are
// of what there can be more of.
func (s *site) outcomeForm(p *Page, f form) (*outcomeFormPage, error) {
	if err := p.needs(ledger.Investigator, ledger.Clerk); err != nil {
		return nil, err
	}
	view := &outcomeFormPage{Page: p, Count: map[string]int{}}
	if p.path["id"] != "" {
		if err := s.outcomeOnRecord(view); err != nil {
			return nil, err
		}
	} else {
		kind, err := p.oneOf("kind", outcomeKinds...)
		if err != nil {
			return nil, err
		}
		view.Kind = strings.ToUpper(kind)
		p.Title = p.say("outcomeForm.title")
		p.Crumbs = []Crumb{{p.say("outcomes.title"), p.To("outcomes")}, {Text: p.Title}}
		for _, k := range outcomeKinds {
			href, err := p.With(p.To("outcomes", "new"), "kind", k)
			if err != nil {
				return nil, err
			}
			view.Kinds = append(view.Kinds, choice{href, p.enum("penaltyKind", strings.ToUpper(k)), k == kind})
		}
	}
	if view.Kind == "" {
		return view, nil
	}
	rules, err := s.ruleChoices(p, view.Of != nil) // what is on record stays
	if err != nil {
		return nil, err
	}
	view.counts(f)
	all := []act{view.penalise(rules, f)}
	if view.Of != nil {
		all = []act{view.correct(rules)}
	}
	view.Acts, err = p.begin(all)
	view.Acts.All[0].Open = true
	return view, err
}

// outcomeOnRecord reads the outcome that is to be corrected.
func (s *site) outcomeOnRecord(v *outcomeFormPage) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	got, err := ask[struct{ Penalty *benchOutcome }](v.r.Context(), s, "bench_item", map[string]any{"id": id})
	if err == nil && got.Penalty == nil {
		err = missing(noOutcome)
	}
	if err != nil {
		return err
	}
	v.Of, v.Kind = got.Penalty, got.Penalty.Kind
	v.Title = v.say("outcomeForm.correct")
	v.Crumbs = []Crumb{{v.say("outcomes.title"), v.To("outcomes")}, {v.Of.Title, v.To("outcomes", id)}, {Text: v.Title}}
	return nil
}

// counts is how many groups of each sort the form has: what was there, and one
// more where that was asked for.
func (v *outcomeFormPage) counts(f form) {
	v.Count["penalties"], v.Count["warned"] = 1, 1
	if v.Of != nil {
		v.Count["penalties"], v.Count["warned"] = max(1, len(v.Of.Penalties)), max(1, len(v.Of.Warned))
	}
	groups := []string{"penalties"}
	if v.Kind == "CONDUCT" {
		groups = append(groups, "warned")
	}
	for _, group := range groups {
		if n, err := strconv.Atoi(f.Get("count." + group)); err == nil {
			v.Count[group] = n
		}
		if f.Get("more") == group {
			v.Count[group]++
		}
		v.Count[group] = min(max(1, v.Count[group]), several[group])
		if v.Count[group] < several[group] {
			v.More = append(v.More, choice{Value: group, Text: v.enum("more", group)})
		}
	}
	if v.Kind != "CONDUCT" {
		delete(v.Count, "warned")
	}
}

// penalise is the form of a new outcome.
func (v *outcomeFormPage) penalise(rules []choice, f form) act {
	fields := slices.Concat(v.task(), v.figures(), v.danger(), v.penalties(rules), []*field{v.paperOf("")}, v.nth(f))
	return act{
		Name: "penalise", Now: true, command: "outcome.penalise", given: map[string]any{"kind": strings.ToLower(v.Kind)}, Fields: fields,
		after: func(r desk.Receipt) string { return v.To("outcomes", strings.TrimPrefix(r.Stream, "outcome-")) },
		shape: func(given map[string]any) {
			if n, ok := given["serial"].(string); ok {
				given["serial"], _ = strconv.Atoi(n) // one of the choices
			}
		},
	}
}

// mostOfADay is how many outcomes of one sort and day the form takes.
const mostOfADay = 9

// nth is the answer to which of the day it is, for a form that was asked: it
// is asked only where the one before it is on record.
func (v *outcomeFormPage) nth(f form) []*field {
	if n, err := strconv.Atoi(f.Get("asked")); err == nil && n >= 2 && n <= mostOfADay {
		return v.another(n)
	}
	return nil
}

func (v *outcomeFormPage) another(n int) []*field {
	v.Asked = n
	return []*field{{
		Name: "serial", Label: v.say("outcomeForm.serial"), Hint: v.say("outcomeForm.serialSays"), Kind: selectField, Optional: true,
		Choices: []choice{{Value: strconv.Itoa(n), Text: v.say("outcomeForm.nth", "n", n)}},
	}}
}

// offerNext asks, of an outcome that is on record already, whether this is
// another one of the same day.
func (v *outcomeFormPage) offerNext(err error, f form) {
	var r refused
	if v.Of != nil || !errors.As(err, &r) || r.why.Rule != "outcome.already_recorded" {
		return
	}
	n := 2
	if last, err := strconv.Atoi(f.Get("serial")); err == nil {
		n = last + 1
	}
	if n > mostOfADay {
		return
	}
	x := &v.Acts.All[0]
	x.Fields = slices.DeleteFunc(x.Fields, func(y *field) bool { return y.Name == "serial" })
	x.Fields = append(x.Fields, v.another(n)...)
}

// task is what was to be done, by whom, and when it came out.
func (v *outcomeFormPage) task() []*field {
	free := v.Kind == "CONDUCT"
	fields := []*field{
		{Name: "title", Label: v.say("outcomeForm.what"), Kind: lineField, Max: 120, Hint: v.say("outcomeForm.whatSays")},
		{Name: "unit", Label: v.say("outcomeForm.unit"), Kind: lineField, Max: 40, Hint: v.say("form.unitCode")},
		{Name: "occurredAt", Kind: momentField},
		{Name: "mandate", Kind: lineField, Max: mostID, Optional: free, Hint: v.say("outcomeForm.mandate")},
	}
	switch v.Kind {
	case "QUANTITY":
		fields = append(fields,
			&field{Name: "measure", Kind: lineField, Max: 2 * mostID, Hint: v.say("outcomeForm.measure")},
			&field{Name: "issuance", Kind: lineField, Max: mostID, Optional: true, Hint: v.say("outcomeForm.issuance")})
	case "COMPETING":
		fields = append(fields,
			&field{Name: "measure", Kind: lineField, Max: 2 * mostID, Hint: v.say("outcomeForm.measure")},
			&field{Name: "competing", Kind: listField, Hint: v.say("form.issuances")})
	}
	return fields
}

// figures are what was asked, done and possible.
func (v *outcomeFormPage) figures() []*field {
	if v.Kind != "QUANTITY" && v.Kind != "COMPETING" {
		return nil
	}
	var fields []*field
	if v.Kind == "QUANTITY" {
		fields = append(fields, &field{Name: "required", Kind: exactField, Hint: v.say("outcomeForm.required")})
	}
	fields = append(fields,
		&field{Name: "verified", Kind: exactField, Hint: v.say("outcomeForm.verified")},
		&field{Name: "capacity", Kind: exactField, Optional: true, Hint: v.say("outcomeForm.capacity")},
		&field{Name: "capacityFrom", Kind: areaField, Max: 300, Optional: true},
		&field{Name: "capacityDocument", Kind: lineField, Max: mostID, Optional: true, Hint: v.say("form.document")})
	fields[0].Head = v.say("outcomeForm.figures")
	return fields
}

// danger is who was warned, what they answered and what they did.
func (v *outcomeFormPage) danger() []*field {
	if v.Kind != "CONDUCT" {
		return nil
	}
	fields := []*field{{Name: "knownSince", Kind: momentField, Optional: true, Head: v.say("outcomeForm.danger")}}
	for i := range v.Count["warned"] {
		name := func(member string) string { return fmt.Sprintf("warned.%d.%s", i, member) }
		fields = append(fields,
			&field{Name: name("unit"), Kind: lineField, Max: 40, Head: v.say("outcomeForm.warned", "n", i+1), Hint: v.say("form.unitCode")},
			&field{Name: name("at"), Kind: momentField},
			&field{Name: name("channel"), Kind: selectField, Optional: true, Choices: v.lower("channel")},
			&field{Name: name("answer"), Kind: areaField, Max: 300, Optional: true, Hint: v.say("outcomeForm.answer")},
			&field{Name: name("answeredAt"), Kind: momentField, Optional: true},
			&field{Name: name("did"), Kind: selectField, Optional: true, Choices: v.lower("warnedAct"), Hint: v.say("outcomeForm.did")},
			&field{Name: name("didAt"), Kind: momentField, Optional: true},
			&field{Name: name("power"), Kind: selectField, Optional: true, Choices: v.lower("warnedPower")},
			&field{Name: name("document"), Kind: lineField, Max: mostID, Optional: true, Hint: v.say("form.document")})
	}
	return fields
}

// penalties are the measures that were taken.
func (v *outcomeFormPage) penalties(rules []choice) []*field {
	var fields []*field
	for i := range v.Count["penalties"] {
		name := func(member string) string { return fmt.Sprintf("penalties.%d.%s", i, member) }
		fields = append(fields,
			&field{Name: name("form"), Label: v.say("outcomeForm.form"), Kind: selectField, Head: v.say("outcomeForm.penalty", "n", i+1), Choices: v.lower("penaltyForm")},
			&field{Name: name("body"), Kind: lineField, Max: 40, Hint: v.say("form.unitCode")},
			&field{Name: name("on"), Kind: dateField},
			&field{Name: name("rule"), Kind: selectField, Optional: true, Choices: slices.Clone(rules)},
			&field{Name: name("document"), Kind: lineField, Max: mostID, Optional: true, Hint: v.say("form.document")},
			&field{Name: name("text"), Kind: areaField, Max: 300, Optional: true})
	}
	return fields
}

// paperOf is the document that all rests on.
func (v *outcomeFormPage) paperOf(value string) *field {
	return &field{Name: "document", Label: v.say("outcomeForm.document"), Kind: lineField, Max: mostID, Value: value, Hint: v.say("form.document"), Head: v.say("outcomeForm.rests")}
}

// lower are a set's words, under the names that commands have for them.
func (p *Page) lower(set string) []choice {
	var out []choice
	for _, w := range enums[set] {
		out = append(out, choice{Value: strings.ToLower(w), Text: p.enum(set, w)})
	}
	return out
}
