package portal

import (
	"strings"

	"suyuan/services/ledger"
)

// issuanceData is one document by which one unit passed mandates down.
type issuanceData struct {
	issuanceRef
	Mandates []struct {
		mandateRef
		Measures []measure
	}
	Basis          []issuanceRef
	DeclaresOrigin bool
	Channel, Sent  string
	Approval       *struct {
		By               unitRef
		Competence, Date string
		Document         *documentRef
		Covers           []measured
	}
	Part *struct {
		Of       string
		K, N     int
		Complete bool
	}
	Lines                             connection[line]
	Retained, Reserve, Stated, Totals []measured
	Withdrawn                         bool
	Flags                             []flag
	Events                            []eventRef
}

type line struct {
	To                              unitRef
	Measure                         measure
	Value, Base                     string
	Items                           []string
	Due                             string
	DirectedBy                      *unitRef
	Authority                       *bool
	ResourcesGiven, ResourcesNeeded string
	Events                          []eventRef
}

// Mandate is the id of the mandate the line's measure belongs to.
func (l line) Mandate() string {
	id, _, _ := strings.Cut(l.Measure.ID, "/")
	return id
}

type issuancePage struct {
	*Page
	Issuance issuanceData
}

func (s *site) issuance(p *Page) (reply, error) {
	id, err := p.id("id")
	if err != nil {
		return reply{}, err
	}
	measure, err := p.text("measure", 2*mostID)
	if err != nil {
		return reply{}, err
	}
	after, err := p.text("after", mostCursor)
	if err != nil {
		return reply{}, err
	}
	read := func(after string, first int) (*issuanceData, error) {
		got, err := ask[struct{ Issuance *issuanceData }](p.r.Context(), s, "issuance",
			map[string]any{"id": id, "measure": orNull(measure), "first": first, "after": orNull(after)})
		if err == nil && got.Issuance == nil {
			err = missing(ledger.Text{Zh: "没有这次下达的记录。", En: "There is no record of this issuance."})
		}
		return got.Issuance, err
	}
	if p.wantsSheet("") {
		return p.lineSheet(id, after, read)
	}
	got, err := read(after, 50)
	if err != nil {
		return reply{}, err
	}
	p.Title = p.say("issuance.title", "unit", got.Issuer.Name)
	p.Crumbs = []Crumb{{p.say("units.title"), p.To("units")}, {got.Issuer.Name, p.To("units", got.Issuer.Code)}, {Text: p.say("issuance.crumb")}}
	return reply{page: "issuance", data: issuancePage{p, *got}}, nil
}

func (p *Page) lineSheet(id, after string, read func(string, int) (*issuanceData, error)) (reply, error) {
	t := &sheet{name: "issuance-" + id, head: p.heads("col.level", "col.unit", "col.code", "col.measure", "col.amount", "col.base", "col.measureUnit",
		"col.items", "col.due", "col.events")}
	var err error
	t.rows, t.next, err = gather(after, func(after string) (connection[line], error) {
		i, err := read(after, perAsk)
		if err != nil {
			return connection[line]{}, err
		}
		return i.Lines, nil
	}, func(l line) []string {
		return []string{p.enum("level", l.To.Level), l.To.Name, l.To.Code, l.Measure.Name, l.Value, l.Base, l.Measure.Unit, strings.Join(l.Items, "；"), l.Due, ordinals(l.Events)}
	})
	return reply{sheet: t}, err
}
