package portal

import (
	"slices"
	"strings"

	"suyuan/services/ledger"
)

// unitRecordPage is where a unit is cleared of an accusation or its reward is
// raised.
type unitRecordPage struct {
	*Page
	Unit unitRef
	Acts acts
}

var noUnit = ledger.Text{Zh: "没有这个单位。", En: "There is no such unit."}

func (s *site) unitRecord(p *Page) (reply, error) {
	view, err := s.unitRecordView(p, "")
	if err != nil {
		return reply{}, err
	}
	return reply{page: "unit_record", data: view}, nil
}

func (s *site) unitRecordDo(p *Page) (reply, error) {
	if err := p.needs(ledger.Investigator, ledger.Clerk); err != nil {
		return reply{}, err
	}
	f, err := p.posted()
	if err != nil {
		return reply{}, err
	}
	view, err := s.unitRecordView(p, f.key[:16])
	if err != nil {
		return reply{}, err
	}
	got, err := p.do(&view.Acts, f, nil, seals{})
	if err != nil {
		return shown("unit_record", view, err)
	}
	return got, nil
}

// unitRecordView is the page; id is what is recorded from it will be called.
func (s *site) unitRecordView(p *Page, id string) (*unitRecordPage, error) {
	if err := p.needs(ledger.Investigator, ledger.Clerk); err != nil {
		return nil, err
	}
	code, err := p.id("code")
	if err != nil {
		return nil, err
	}
	got, err := ask[struct{ Unit *unitRef }](p.r.Context(), s, "unit_record", map[string]any{"code": code})
	if err == nil && got.Unit == nil {
		err = missing(noUnit)
	}
	if err != nil {
		return nil, err
	}
	rules, err := s.ruleChoices(p, false)
	if err != nil {
		return nil, err
	}
	view := &unitRecordPage{Page: p, Unit: *got.Unit}
	given := func() map[string]any { return map[string]any{"id": id, "unit": code} }
	var all []act
	if p.Actor.Is(ledger.Investigator) {
		clear := view.clearing()
		clear.given, clear.done = given(), p.To("units", code)
		all = append(all, clear)
	}
	if p.Actor.Is(ledger.Clerk) {
		all = append(all, act{Name: "uplift", Now: true, command: "reward.uplift", given: given(), done: p.To("units", code), Fields: []*field{
			{Name: "mandate", Kind: lineField, Max: mostID, Hint: p.say("outcomeForm.mandate")},
			{Name: "basisAmount", Kind: exactField, Optional: true},
			{Name: "uplift", Kind: numberField, Max: 10_000, Optional: true, Hint: p.say("unitRecord.upliftSays")},
			{Name: "rule", Kind: selectField, Choices: rules}, p.paperField(false),
		}})
	}
	p.Title = p.say("unitRecord.title")
	p.Crumbs = []Crumb{{p.say("units.title"), p.To("units")}, {view.Unit.Name, p.To("units", code)}, {Text: p.Title}}
	view.Acts, err = p.begin(all)
	return view, err
}

// besides are the ways in which a clarification is made known besides writing.
var besides = []string{"face_to_face", "meeting", "notice"}

// clearing is the form of a clarification.
func (v *unitRecordPage) clearing() act {
	conclusion := &field{Name: "conclusion", Kind: choiceField}
	for _, w := range []string{"FABRICATED", "MISTAKEN"} {
		conclusion.Choices = append(conclusion.Choices, choice{Value: strings.ToLower(w), Text: v.enum("clarifying", w)})
	}
	x := act{Name: "clear", Now: true, command: "clarification.issue", Fields: []*field{{Name: "matter", Kind: areaField, Max: 500}, conclusion}}
	for i, w := range besides {
		tick := &field{Name: "forms." + w, Label: v.enum("clearedBy", w), Kind: tickField, Optional: true}
		if i == 0 {
			tick.Head = v.say("unitRecord.written")
		}
		x.Fields = append(x.Fields, tick)
	}
	x.Fields = append(x.Fields, v.paperField(false))
	x.shape = func(given map[string]any) {
		forms := []string{"written"}
		ticked, _ := given["forms"].(map[string]any)
		for _, w := range besides {
			if ticked[w] != nil {
				forms = append(forms, w)
			}
		}
		given["forms"] = slices.Clip(forms)
	}
	return x
}
