package portal

import (
	"html/template"
	"slices"
	"strings"

	"suyuan/portal/chart"
	"suyuan/services/figure"
	"suyuan/services/ledger"
)

// mandateData is a mandate with what it asks and who passed it down.
type mandateData struct {
	mandateRow
	Lead        *unitRef
	Duty        string
	Assumed     []string
	Constraints []struct {
		Key, Text string
		Author    unitRef
		Events    []eventRef
	}
	Issuances connection[struct {
		issuanceRef
		Channel, Sent string
		Withdrawn     bool
		Flags         []flag
		Events        []eventRef
	}]
}

type cascadeData struct {
	Measure measure
	Under   *struct {
		unitRef
		Path []unitRef
	}
	Levels []levelSum
	connection[cascadeRow]
	AsOf string
}

type levelSum struct{ Level, Units, Received, Added, Adding string }

// begins reports whether the level received nothing: what it passed down is
// where the measure begins, not an addition.
func (l levelSum) begins() bool { return figure.Parse(l.Received).Sign() == 0 }

type cascadeRow struct {
	Unit               unitRef
	Issuance           issuanceRef
	Value              string
	Items              []string
	Step, Ratio, Below string
	Flags              []string
	Events             []eventRef
}

// Further reports whether the unit passed it on.
func (r cascadeRow) Further() bool { return r.Below != "" && r.Below != "0" }

// Changed reports whether the issuer's own step on the line is not 0.
func (r cascadeRow) Changed() bool { return figure.Parse(r.Step).Sign() != 0 }

type mandatePage struct {
	*Page
	Mandate mandateData
	Measure *measure // the one shown
	Cascade *cascadeData
	Finding string
	Picture template.HTML
	Most    *ranking // who added most of the measure shown
}

// mostNamed is how many of those who added most a mandate's page names.
const mostNamed = 5

func (s *site) mandate(p *Page) (reply, error) {
	id, err := p.id("id")
	if err != nil {
		return reply{}, err
	}
	in := map[string]string{}
	for name, most := range map[string]int{"measure": mostID, "under": mostID, "after": mostCursor, "issuances": mostCursor} {
		if in[name], err = p.text(name, most); err != nil {
			return reply{}, err
		}
	}
	got, err := ask[struct{ Mandate *mandateData }](p.r.Context(), s, "mandate",
		map[string]any{"id": id, "first": 20, "after": orNull(in["issuances"])})
	if err != nil {
		return reply{}, err
	}
	if got.Mandate == nil {
		return reply{}, missing(ledger.Text{Zh: "没有这项任务。", En: "There is no such mandate."})
	}
	view := mandatePage{Page: p, Mandate: *got.Mandate}
	p.Title = got.Mandate.Title
	p.Crumbs = []Crumb{{p.say("mandates.title"), p.To("mandates")}, {Text: got.Mandate.Title}}
	if view.Measure, err = chosen(got.Mandate.Measures, in["measure"]); err != nil || view.Measure == nil {
		return reply{page: "mandate", data: view}, err
	}
	part := p.cascades(id, view.Measure.ID, in["under"])
	if p.wantsSheet("") {
		return p.cascadeSheet(id, in["after"], part)
	}
	if view.Cascade, err = part(in["after"], 50); err != nil {
		return reply{}, err
	}
	if view.Cascade != nil {
		if view.Finding = p.levelFinding(*view.Cascade); view.Finding == "" {
			view.Finding = p.say("cascade.title")
		}
		view.Picture = p.levelPicture(*view.Cascade, view.Finding)
	}
	most, err := p.askBurden(map[string]any{"measure": view.Measure.ID}, mostNamed+1)
	if err != nil {
		return reply{}, err
	}
	list := rank(most.BurdenByOrigin, true, mostNamed)
	view.Most = &list
	return reply{page: "mandate", data: view}, nil
}

// chosen finds the measure of a key; the first where none is named.
func chosen(measures []measure, key string) (*measure, error) {
	for i, m := range measures {
		if key == "" || m.Key == key {
			return &measures[i], nil
		}
	}
	if key == "" {
		return nil, nil
	}
	return nil, ledger.Errorf(ledger.Invalid, "address.unknown_measure", "这项任务没有“%s”这个指标。", "This mandate has no measure %q.", key).At("measure")
}

func (p *Page) cascades(id, measure, under string) func(after string, first int) (*cascadeData, error) {
	return func(after string, first int) (*cascadeData, error) {
		got, err := ask[struct{ Cascade *cascadeData }](p.r.Context(), p.s, "cascade",
			map[string]any{"mandate": id, "measure": measure, "under": orNull(under), "first": first, "after": orNull(after)})
		return got.Cascade, err
	}
}

func (p *Page) cascadeSheet(id, after string, part func(string, int) (*cascadeData, error)) (reply, error) {
	t := &sheet{name: "cascade-" + id, head: p.heads("col.level", "col.unit", "col.code", "col.issuer", "col.issuance", "col.amount", "col.items", "col.step",
		"col.ratio", "col.below", "col.flags", "col.source", "col.events")}
	var err error
	t.rows, t.next, err = gather(after, func(after string) (connection[cascadeRow], error) {
		c, err := part(after, perAsk)
		if err != nil || c == nil {
			return connection[cascadeRow]{}, err
		}
		return c.connection, nil
	}, func(r cascadeRow) []string {
		if p.r.URL.Query().Get("under") == "" { // where it begins, nothing is added yet
			r.Step, r.Ratio = "", ""
		}
		return []string{p.enum("level", r.Unit.Level), r.Unit.Name, r.Unit.Code, r.Issuance.Issuer.Name, r.Issuance.ID, r.Value, strings.Join(r.Items, "；"),
			r.Step, r.Ratio, r.Below, strings.Join(r.Flags, " "), p.enum("source", r.Issuance.Source), ordinals(r.Events)}
	})
	return reply{sheet: t}, err
}

// levelFinding says which levels added how much, "" where the sums do not tell.
func (p *Page) levelFinding(c cascadeData) string {
	var claims []string
	for _, l := range inOrder(c.Levels) {
		added := figure.Parse(l.Added)
		switch {
		case c.Under == nil && l.begins() && added.Sign() > 0:
			claims = append(claims, p.say("wording.set", "who", p.enum("levelSays", l.Level), "amount", p.size(c.Measure, added)))
		case added.Sign() > 0:
			claims = append(claims, p.say("wording.added", "who", p.enum("levelSays", l.Level), "amount", p.size(c.Measure, added)))
		case added.Sign() < 0:
			claims = append(claims, p.say("wording.cut", "who", p.enum("levelSays", l.Level), "amount", p.size(c.Measure, added.Abs())))
		case l.Added == "" && l.Adding != "" && l.Adding != "0":
			claims = append(claims, p.say("wording.adding", "who", p.enum("levelSays", l.Level), "n", l.Adding))
		}
	}
	if len(claims) == 0 && (!c.Measure.Divisible() || len(c.Levels) < 2) {
		return "" // nothing that the sums could tell
	}
	return p.sentence(p.join(claims))
}

func inOrder(sums []levelSum) []levelSum {
	out := slices.Clone(sums)
	slices.SortStableFunc(out, func(a, b levelSum) int { return slices.Index(levels, a.Level) - slices.Index(levels, b.Level) })
	return out
}

// levelPicture draws the sums of a divisible measure; others have no sums.
func (p *Page) levelPicture(c cascadeData, finding string) template.HTML {
	if !c.Measure.Divisible() || len(c.Levels) == 0 {
		return ""
	}
	l := chart.Levels{ID: "levels", Title: finding}
	var parts []string
	for _, s := range inOrder(c.Levels) {
		words := p.say("cascade.unitsOf", "n", s.Units)
		received, added := figure.Parse(s.Received), figure.Parse(s.Added)
		sum := chart.Sum{Level: s.Level, Name: p.enum("level", s.Level)}
		switch {
		case c.Under == nil && s.begins() && added.Sign() > 0:
			sum.Received = added.Rat()
			words += p.say("list.clause") + p.say("cascade.set", "amount", p.size(c.Measure, added))
		default:
			if received.Sign() != 0 {
				sum.Received = received.Rat()
				words += p.say("list.clause") + p.say("cascade.received", "amount", p.size(c.Measure, received))
			}
			if added.Sign() != 0 {
				sum.Added = added.Rat()
				words += p.say("list.clause") + p.say("cascade.added", "amount", added.Signed())
			}
		}
		sum.Words = words
		l.Sums = append(l.Sums, sum)
		parts = append(parts, sum.Name+" "+words)
	}
	l.Desc = strings.Join(parts, p.say("list.stop"))
	return l.HTML()
}
