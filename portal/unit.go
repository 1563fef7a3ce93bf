package portal

import (
	"strings"

	"suyuan/services/ledger"
)

// unitData is a unit with everything on record about it.
type unitData struct {
	unitRef
	Line          string
	Path          []unitRef
	MergedInto    *unitRef
	People, Staff string
	Children      connection[unitRef]
	Duties        []duty
	Capacities    []capacity
	Received      connection[received]
	PassedDown    connection[passed]
	Added         []addition
	Objections    []objection
	Handoffs      []handoff
	Events        []eventRef
}

type duty struct {
	Item, Title, Class string
	Skills             []string
	Document           *documentRef
	Events             []eventRef
}

type capacity struct {
	Of, Value, AsOf string
	Verified        bool
	Measure         *measure
	Document        *documentRef
	Events          []eventRef
}

type received struct {
	Mandate                        mandateRef
	Measure                        measure
	Issuance                       issuanceRef
	Value                          string
	Items                          []string
	Due, State, Reported, Verified string
	Events                         []eventRef
}

type passed struct {
	issuanceRef
	Sent      string
	Withdrawn bool
	Mandates  []mandateRef
	Totals    []measured
	Events    []eventRef
}

type addition struct {
	Mandate                                       mandateRef
	Measure                                       measure
	Received, PassedDown, Retained, Amount, Ratio string
	Authorised                                    bool
	Issuances                                     []issuanceRef
	Events                                        []eventRef
}

type objection struct {
	ID                             string
	Unit, OwedBy                   unitRef
	Mandate                        mandateRef
	Issuance                       struct{ ID string }
	Measure                        *measure
	Ground, Raised, State, Decided string
	Reason, Answer                 string // for the units concerned and staff, else ""
	DecidedBy                      *unitRef
	Document                       *documentRef
	Events                         []eventRef
}

type handoff struct {
	ID, Duty, Title                     string
	From, To                            unitRef
	Mandate                             *mandateRef
	Authority                           bool
	People, Money, Basis, State, Reason string
	ApprovedBy                          *unitRef
	Document                            *documentRef
	Flags                               []flag
	Events                              []eventRef
}

// obligation is something the unit was asked for by a date.
type obligation struct {
	Due      string
	Received received
}

type unitPage struct {
	*Page
	Unit    unitData
	Due     []obligation
	MoreDue bool // there are further ones
	AllDue  bool // as many as one question may ask for
	Answers unitAnswers
}

// dueShown is how many obligations a unit's page shows unless asked for all.
const dueShown = 10

// The cursors of the lists on a unit's page, by the names of its document's variables.
var unitLists = []string{"received", "passed", "children"}

func (s *site) unit(p *Page) (reply, error) {
	code, err := p.id("code")
	if err != nil {
		return reply{}, err
	}
	variables := map[string]any{"code": code, "first": 20}
	for _, list := range unitLists {
		after, err := p.text(list, mostCursor)
		if err != nil {
			return reply{}, err
		}
		variables[list] = orNull(after)
	}
	got, err := p.askUnit(variables)
	if err != nil {
		return reply{}, err
	}
	p.Title = got.Name
	p.Crumbs = []Crumb{{p.say("units.title"), p.To("units")}}
	for _, u := range got.Path {
		p.Crumbs = append(p.Crumbs, Crumb{u.Name, p.To("units", u.Code)})
	}
	p.Crumbs = append(p.Crumbs, Crumb{Text: got.Name})
	table, err := p.oneOf("table", "due", "received", "passed", "added", "objections", "handoffs", "duties", "capacities", "children")
	if err != nil {
		return reply{}, err
	}
	if table != "" && p.wantsSheet(table) {
		return p.unitSheet(table, variables, got)
	}
	view := unitPage{Page: p, Unit: *got}
	if view.Answers, err = p.askAnswers(got.Code); err != nil {
		return reply{}, err
	}
	return reply{page: "unit", data: &view}, p.dues(&view)
}

// dues asks what is due; the earliest only, unless the address asks for all.
func (p *Page) dues(view *unitPage) error {
	all, err := p.oneOf("due", "all")
	if err != nil {
		return err
	}
	first := dueShown
	if view.AllDue = all != ""; view.AllDue {
		first = perAsk - 1
	}
	due, err := p.askDue(view.Unit.Code, first+1)
	view.Due, view.MoreDue = due[:min(first, len(due))], len(due) > first
	return err
}

func (p *Page) askDue(code string, first int) ([]obligation, error) {
	got, err := ask[struct{ Obligations []obligation }](p.r.Context(), p.s, "unit_due", map[string]any{"unit": code, "first": first})
	return got.Obligations, err
}

func (p *Page) askUnit(variables map[string]any) (*unitData, error) {
	got, err := ask[struct{ Unit *unitData }](p.r.Context(), p.s, "unit", variables)
	if err == nil && got.Unit == nil {
		err = missing(ledger.Text{Zh: "没有这个单位。", En: "There is no such unit."})
	}
	return got.Unit, err
}

// unitSheet downloads one of the tables; the paged ones from their beginning.
func (p *Page) unitSheet(table string, variables map[string]any, u *unitData) (reply, error) {
	t := &sheet{name: "unit-" + u.Code + "-" + table, from: table}
	more := func(after string) (*unitData, error) {
		asked := map[string]any{"code": u.Code, "first": perAsk, "received": nil, "passed": nil, "children": nil}
		asked[table] = orNull(after)
		return p.askUnit(asked)
	}
	after, _ := variables[table].(string)
	var err error
	switch table {
	case "due":
		err = p.dueRows(t, u)
	case "received":
		t.head = p.heads("col.mandate", "col.measure", "col.amount", "col.measureUnit", "col.items", "col.issuer", "col.issuance", "col.state", "col.reported", "col.verified", "col.source", "col.events")
		t.rows, t.next, err = gather(after, func(after string) (connection[received], error) {
			return list(more, after, func(u *unitData) connection[received] { return u.Received })
		},
			func(r received) []string {
				return []string{r.Mandate.Title, r.Measure.Name, r.Value, r.Measure.Unit, strings.Join(r.Items, "；"), r.Issuance.Issuer.Name, r.Issuance.ID,
					p.enum("assignment", r.State), r.Reported, r.Verified, p.enum("source", r.Issuance.Source), ordinals(r.Events)}
			})
	case "passed":
		t.head = p.heads("col.issuance", "col.mandate", "col.sent", "col.amounts", "col.document", "col.source", "col.events")
		t.rows, t.next, err = gather(after, func(after string) (connection[passed], error) {
			return list(more, after, func(u *unitData) connection[passed] { return u.PassedDown })
		},
			func(i passed) []string {
				return []string{i.ID, titles(i.Mandates), i.Sent, totals(i.Totals), numberOf(i.Document), p.enum("source", i.Source), ordinals(i.Events)}
			})
	case "children":
		t.head = p.heads("col.code", "col.unit", "col.level", "col.unitKind")
		t.rows, t.next, err = gather(after, func(after string) (connection[unitRef], error) {
			return list(more, after, func(u *unitData) connection[unitRef] { return u.Children })
		},
			func(u unitRef) []string {
				return []string{u.Code, u.Name, p.enum("level", u.Level), p.enum("unitKind", u.Kind)}
			})
	default:
		p.unitRows(t, table, u)
	}
	return reply{sheet: t}, err
}

func list[T any](more func(string) (*unitData, error), after string, of func(*unitData) connection[T]) (connection[T], error) {
	u, err := more(after)
	if err != nil {
		return connection[T]{}, err
	}
	return of(u), nil
}
