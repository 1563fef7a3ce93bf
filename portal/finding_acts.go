package portal

import (
	"slices"

	"suyuan/services/ledger"
)

// findingDo does what a clerk of a unit concerned posted on the finding's page.
func (s *site) findingDo(p *Page) (reply, error) {
	if err := p.needs(ledger.Clerk); err != nil {
		return reply{}, err
	}
	view, err := s.findingView(p)
	if err != nil {
		return reply{}, err
	}
	f, err := p.posted()
	if err != nil {
		return reply{}, err
	}
	got, err := p.do(&view.Acts, f, nil, seals{})
	if err != nil {
		return shown("finding", view, err)
	}
	return got, nil
}

// all are the acts on a finding's own page: those of a clerk whose unit is
// concerned. Reviewers have their bench.
func (v *findingPage) all() []act {
	if !v.Actor.Is(ledger.Clerk) || v.Actor.Unit == "" {
		return nil
	}
	var all []act
	for _, owed := range v.owes(&v.Finding, v.Actor.Unit, v.Today) {
		x := act{Name: owed.Act, Now: owed.Open, command: "finding." + owed.command(), given: map[string]any{"id": v.Finding.ID}, Fields: []*field{
			{Name: "text", Kind: areaField, Max: mostSaid, Hint: v.say("form.said", "most", mostSaid)}, v.paperField(true),
		}}
		if owed.Act == "defend" {
			x.Fields = append(x.Fields, &field{Name: "hearing", Kind: tickField, Optional: true})
		}
		all = append(all, x)
	}
	return all
}

// toSay is something that a unit can, or should, say to a finding.
type toSay struct {
	Act  string // of the set "act"
	Due  string // the last day, "" where none is set
	Open bool   // it can still be said
	Done bool   // it was said
}

func (o toSay) command() string {
	return map[string]string{"defend": "reply", "answer_mirror": "answer_mirror", "appeal": "appeal"}[o.Act]
}

// owes are what a unit can say to a finding, with the last day of each.
func (p *Page) owes(f *findingData, unit, today string) (list []toSay) {
	open := f.At("DRAFT", "CHECKED", "HEARING")
	for _, n := range f.Notices {
		if n.Unit.Code == unit {
			said := slices.ContainsFunc(f.Replies, func(r findingReply) bool { return r.Unit.Code == unit && r.At >= n.Given })
			list = append(list, toSay{"defend", n.Until, open && (n.Until == "" || n.Until >= today), said})
		}
	}
	for _, m := range f.Mirrors {
		if m.Unit.Code == unit && m.State != "LIFTED" {
			done := m.State == "ANSWERED"
			list = append(list, toSay{"answer_mirror", m.Until, !done && !f.At("WITHDRAWN", "SUPERSEDED", "OVERTURNED"), done})
		}
	}
	bears := slices.ContainsFunc(f.Shares, func(s share) bool { return s.Unit != nil && s.Unit.Code == unit && s.bears() })
	if f.At("ISSUED", "APPEALED", "UPHELD", "VARIED") && bears {
		done := slices.ContainsFunc(f.Appeals, func(a findingAppeal) bool {
			return slices.ContainsFunc(a.Units, func(u unitRef) bool { return u.Code == unit })
		})
		due := ""
		for _, t := range f.Terms {
			if t.Term == "APPEAL" {
				due = t.Due
			}
		}
		list = append(list, toSay{"appeal", due, !done && (due >= today || due == "" && f.At("APPEALED")), done})
	}
	return list
}

// OnBench reports whether the reader works on findings elsewhere.
func (v *findingPage) OnBench() bool { return v.Actor.Is(ledger.Reviewer) }
