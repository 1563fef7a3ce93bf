package portal

import "suyuan/services/ledger"

// outcomePage is what happened: who was penalised, for what, and how it came
// down to them.
type outcomePage struct {
	*Page
	Outcome  penaltyData
	Happened []string
	Chain    *chainView
	Asked    *askedView
	Objected objections
}

func (s *site) outcome(p *Page) (reply, error) {
	id, err := p.id("id")
	if err != nil {
		return reply{}, err
	}
	got, err := ask[struct{ Penalty *penaltyData }](p.r.Context(), s, "penalty", map[string]any{"id": id})
	if err == nil && got.Penalty == nil {
		err = missing(ledger.Text{Zh: "没有这条问责结果。", En: "There is no such outcome."})
	}
	if err != nil {
		return reply{}, err
	}
	o := *got.Penalty
	p.Title = o.Title
	p.Crumbs = []Crumb{{p.say("outcomes.title"), p.To("outcomes")}, {Text: o.Title}}
	if p.wantsSheet("") {
		var traces []traceData
		if o.Chain != nil {
			traces = append(traces, *o.Chain)
		}
		return reply{sheet: p.traceSheet(o.ID, o.Executor.Code, traces)}, nil
	}
	view := outcomePage{Page: p, Outcome: o, Happened: p.happened(&o), Objected: o.objected()}
	if o.Evidence != nil {
		view.Asked = p.asked(&o, o.Evidence.Points)
	}
	if o.Kind != "COMPETING" { // of those one chain is only a part
		view.Chain = p.chain(o.Chain)
	}
	return reply{page: "outcome", data: view}, nil
}

// Size is a figure of the outcome in the words of its measure.
func (o penaltyData) Size(p *Page, value string) (string, error) {
	if o.Measure == nil {
		return p.Num(value), nil
	}
	return p.Amount(*o.Measure, value)
}
