package graph

import (
	"context"
	"strconv"
	"time"

	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/unit"
	"suyuan/services/view"
)

// asOf is the input of that name.
type asOf struct {
	Recorded  *ledger.Date
	Ordinal   *string
	Effective *ledger.Date
}

// moment reads the input: a date counts to its end, in China's civil time.
func (a *asOf) moment() (view.AsOf, error) {
	if a == nil {
		return view.Now, nil
	}
	var at view.AsOf
	if a.Ordinal != nil {
		n, err := ordinal(*a.Ordinal)
		if err != nil {
			return at, err
		}
		at.Ordinal = n
	}
	if a.Recorded != nil {
		at.Recorded = endOf(*a.Recorded)
	}
	if a.Effective != nil {
		at.Effective = endOf(*a.Effective)
	}
	return at, nil
}

func endOf(d ledger.Date) time.Time { return d.Time().AddDate(0, 0, 1).Add(-time.Millisecond) }

func ordinal(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil || n == 0 {
		return 0, ledger.Errorf(ledger.Invalid, "event.ordinal", "序号“%s”应为 1 起的整数。", "The ordinal %q must be a whole number from 1.", s).At("ordinal")
	}
	return n, nil
}

func day(d *ledger.Date) ledger.Date {
	if d == nil {
		return ""
	}
	return *d
}

type (
	byCode struct{ Code string }
	byID   struct{ ID string }
	atID   struct {
		ID   string
		AsOf *asOf
	}
	unitsArgs struct {
		Search *string
		Level  *unit.Level
		Within *string
		First  int
		After  *string
	}
	mandatesArgs struct {
		Search, Origin, Within *string
		First                  int
		After                  *string
	}
	documentsArgs struct {
		Search, Issuer *string
		First          int
		After          *string
	}
	traceArgs struct {
		Mandate, Unit string
		Measure       *string
		AsOf          *asOf
	}
	cascadeArgs struct {
		Mandate, Measure string
		Under            *string
		AsOf             *asOf
		First            int
		After            *string
	}
	objectionsArgs struct {
		Unit, Mandate, State *string
		First                int
	}
	handoffsArgs struct {
		Unit, Mandate *string
		First         int
	}
	burdenArgs struct {
		Within, Measure *string
		Dimension       *mandate.Dimension
		From, To        *ledger.Date
		First           int
	}
	obligationsArgs struct {
		Unit     string
		From, To *ledger.Date
		First    int
	}
	ordinalArg struct{ Ordinal string }
	query      = struct{}
)

func (g *Graph) queries() []bind.Binding {
	return append(by("Query", "event", 0, eventOf), []bind.Binding{
		with("Query", "unit", func(r *view.Rows, _ query, a byCode) (*view.Unit, error) { return r.Unit(a.Code), nil }),
		heavy("units", func(r *view.Rows, _ query, a unitsArgs) (connection[view.Unit], error) {
			return connect(r.Units(view.UnitQuery{Search: text(a.Search), Level: a.Level, Within: text(a.Within)}, view.Paging{First: a.First, After: text(a.After)}))
		}),
		with("Query", "mandate", func(r *view.Rows, _ query, a atID) (*view.Mandate, error) {
			at, err := a.AsOf.moment()
			return r.Mandate(a.ID, at), err
		}),
		heavy("mandates", func(r *view.Rows, _ query, a mandatesArgs) (connection[view.Mandate], error) {
			return connect(r.Mandates(view.MandateQuery{Search: text(a.Search), Origin: text(a.Origin), Within: text(a.Within)}, view.Paging{First: a.First, After: text(a.After)}))
		}),
		with("Query", "issuance", func(r *view.Rows, _ query, a atID) (*view.Issuance, error) {
			at, err := a.AsOf.moment()
			return r.Issuance(a.ID, at), err
		}),
		with("Query", "document", func(r *view.Rows, _ query, a byID) (*view.Document, error) { return r.Document(a.ID), nil }),
		heavy("documents", func(r *view.Rows, _ query, a documentsArgs) (connection[view.Document], error) {
			return connect(r.Documents(view.DocumentQuery{Search: text(a.Search), Issuer: text(a.Issuer)}, view.Paging{First: a.First, After: text(a.After)}))
		}),
		with("Query", "trace", func(r *view.Rows, _ query, a traceArgs) ([]view.Trace, error) {
			at, err := a.AsOf.moment()
			if err != nil {
				return nil, err
			}
			return r.Traces(a.Mandate, a.Unit, text(a.Measure), at)
		}),
		heavy("cascade", cascadeOf),
		heavy("burdenByOrigin", func(r *view.Rows, _ query, a burdenArgs) ([]view.OriginTotal, error) {
			return r.BurdenByOrigin(view.BurdenQuery{Within: text(a.Within), Measure: text(a.Measure), Dimension: a.Dimension, From: day(a.From), To: day(a.To)}, a.First)
		}),
		heavy("obligations", func(r *view.Rows, _ query, a obligationsArgs) ([]view.Obligation, error) {
			return r.Obligations(a.Unit, day(a.From), day(a.To), a.First)
		}),
		heavy("objections", func(r *view.Rows, _ query, a objectionsArgs) ([]view.Objection, error) {
			return r.Objections(view.ObjectionQuery{Unit: text(a.Unit), Mandate: text(a.Mandate), State: text(a.State)}, a.First)
		}),
		heavy("handoffs", func(r *view.Rows, _ query, a handoffsArgs) ([]view.Handoff, error) {
			return r.Handoffs(view.HandoffQuery{Unit: text(a.Unit), Mandate: text(a.Mandate)}, a.First)
		}),
		with("Query", "ledger", func(r *view.Rows, _ query, _ none) (view.Ledger, error) { return r.Ledger(), nil }),
	}...)
}

// eventOf is an event's header as the reader may have it.
func eventOf(r *view.Rows, by ledger.Actor, _ query, a ordinalArg) (*view.Event, error) {
	n, err := ordinal(a.Ordinal)
	if err != nil {
		return nil, err
	}
	e, ok := r.Event(n)
	if !ok {
		return nil, nil
	}
	if !r.TellsWho(by, n) {
		e.Unit, e.Roles = nil, []string{}
	}
	return &e, nil
}

func cascadeOf(r *view.Rows, _ query, a cascadeArgs) (*cascade, error) {
	at, err := a.AsOf.moment()
	if err != nil {
		return nil, err
	}
	c, err := r.Cascade(a.Mandate, a.Measure, text(a.Under), at, view.Paging{First: a.First, After: text(a.After)})
	if c == nil || err != nil {
		return nil, err
	}
	page, err := connect(c.Rows, nil)
	return &cascade{c.Mandate, c.Measure, c.Under, c.Levels, page.Edges, page.PageInfo, page.Total, c.AsOf}, err
}

// stored reads an event's bytes from the log: the one place where a read goes
// past the rows, for staff who check a hash. Of a finding they are for those
// who may read what was said in it.
func (g *Graph) stored(ctx context.Context, e view.Event, metadata bool) (*string, error) {
	if e.Withheld {
		return nil, nil
	}
	place := e.Place()
	v, _ := viewerOf(ctx).(viewer)
	may, err := read(ctx, func(r *view.Rows) (bool, error) { return r.MayReadEvent(v.actor, place.Ordinal), nil })
	if !may || err != nil {
		return nil, err
	}
	before := ledger.Position{}
	if place.Ordinal > 1 {
		previous, err := read(ctx, func(r *view.Rows) (view.Event, error) {
			p, _ := r.Event(place.Ordinal - 1)
			return p, nil
		})
		if err != nil {
			return nil, err
		}
		before = previous.Place()
	}
	for stored, err := range g.log.All(ctx, before) {
		if err != nil {
			return nil, err
		}
		if stored.Position.Ordinal != place.Ordinal || stored.ID.String() != e.ID {
			return nil, &ledger.Damage{Ordinal: place.Ordinal, Why: "the log does not hold the event that was folded"}
		}
		text := string(stored.Data)
		if metadata {
			text = string(stored.Meta)
		}
		return &text, nil
	}
	return nil, &ledger.Damage{Ordinal: place.Ordinal, Why: "the log ends before the event that was folded"}
}
