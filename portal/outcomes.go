package portal

import "slices"

// outcomeRow is a penalty in a list, with the finding that counts.
type outcomeRow struct {
	penaltyRow
	Current *findingLink
}

// Row is the penalty alone.
func (o outcomeRow) Row() *penaltyRow { return &o.penaltyRow }

type outcomesPage struct {
	*Page
	List  connection[outcomeRow]
	Kind  string
	Kinds []string
	Where string
}

// outcomes lists what was penalised, the newest first.
func (s *site) outcomes(p *Page) (reply, error) {
	variables, after, err := p.narrowed("unit", "within", "mandate")
	if err != nil {
		return reply{}, err
	}
	kind, err := p.oneOf("kind", enums["penaltyKind"]...)
	if err != nil {
		return reply{}, err
	}
	variables["kind"] = orNull(kind)
	list := func(first int) func(string) (connection[outcomeRow], error) {
		return func(after string) (connection[outcomeRow], error) {
			variables["first"], variables["after"] = first, orNull(after)
			got, err := ask[struct{ Penalties connection[outcomeRow] }](p.r.Context(), s, "penalties", variables)
			return got.Penalties, err
		}
	}
	p.Title = p.say("outcomes.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	if p.wantsSheet("") {
		t := &sheet{name: "outcomes", head: p.heads("col.id", "col.outcome", "col.kind", "col.executor", "col.code", "col.mandate", "col.measure", "col.occurred", "col.asked", "col.verified",
			"col.measureUnit", "col.taken", "col.finding", "col.stage", "col.events")}
		t.rows, t.next, err = gather(after, list(perAsk), p.outcomeCells)
		return reply{sheet: t}, err
	}
	view := outcomesPage{Page: p, Kind: kind, Kinds: enums["penaltyKind"], Where: p.where(variables)}
	if view.List, err = list(25)(after); err != nil {
		return reply{}, err
	}
	return reply{page: "outcomes", data: view}, nil
}

func (p *Page) outcomeCells(o outcomeRow) []string {
	mandate, name, unit := "", "", ""
	if o.Mandate != nil {
		mandate = o.Mandate.Title
	}
	if o.Measure != nil {
		name, unit = o.Measure.Name, o.Measure.Unit
	}
	forms := ""
	for i, t := range o.Penalties {
		if i > 0 {
			forms += "；"
		}
		forms += t.Body.Name + " " + p.enum("penaltyForm", t.Form)
	}
	finding, stage := "", ""
	if o.Current != nil {
		finding, stage = o.Current.ID, p.enum("findingStage", o.Current.Stage)
	}
	return []string{o.ID, o.Title, p.enum("penaltyKind", o.Kind), o.Executor.Name, o.Executor.Code, mandate, name, o.Occurred, o.Required, o.Verified, unit, forms, finding, stage, ordinals(o.Events)}
}

// AllFictional reports whether every row is of a fictional division: then it is
// said once, above them.
func (v outcomesPage) AllFictional() bool {
	return !slices.ContainsFunc(v.List.Nodes(), func(x outcomeRow) bool { return !x.Fictional })
}
