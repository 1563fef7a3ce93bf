package graph

import (
	"context"
	"errors"
	"strconv"

	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/view"
)

type (
	none   struct{}
	firstN struct{ First int }
	paging struct {
		First int
		After *string
	}
	ofMandate struct {
		Mandate *string
		First   int
		After   *string
	}
	ofMeasure struct {
		Measure *string
		First   int
		After   *string
	}
)

func (p paging) page() view.Paging    { return view.Paging{First: p.First, After: text(p.After)} }
func (p ofMandate) page() view.Paging { return view.Paging{First: p.First, After: text(p.After)} }
func (p ofMeasure) page() view.Paging { return view.Paging{First: p.First, After: text(p.After)} }

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// of binds a field that needs nothing but its row and the rows beside it.
func of[S, R any](typ, name string, answer func(*view.Rows, S) R) bind.Binding {
	return bind.Field(typ, name, func(ctx context.Context, s S, _ none) (R, error) {
		return read(ctx, func(r *view.Rows) (R, error) { return answer(r, s), nil })
	})
}

// written binds a leaf that is made where it is asked for, of characters that
// need no escaping.
func written[S any](typ, name string, answer func(*view.Rows, []byte, S) []byte) bind.Binding {
	return bind.Text(typ, name, func(ctx context.Context, dst []byte, s S) ([]byte, error) {
		return read(ctx, func(r *view.Rows) ([]byte, error) { return answer(r, dst, s), nil })
	})
}

// with binds a field that takes arguments.
func with[S, A, R any](typ, name string, answer func(*view.Rows, S, A) (R, error)) bind.Binding {
	return bind.Field(typ, name, func(ctx context.Context, s S, a A) (R, error) {
		return read(ctx, func(r *view.Rows) (R, error) { return answer(r, s, a) })
	})
}

func (g *Graph) bindings() []bind.Binding {
	all := append(leaves(), rows()...)
	all = append(append(append(all, reportLeaves()...), reportRows()...), reports()...)
	all = append(append(append(all, responsibilityLeaves()...), responsibilityRows()...), responsibility()...)
	all = append(all, g.queries()...)
	return append(all,
		written("EventRef", "ordinal", func(_ *view.Rows, dst []byte, e view.EventRef) []byte { return strconv.AppendUint(dst, e.Ordinal, 10) }),
		written("EventRef", "type", func(r *view.Rows, dst []byte, e view.EventRef) []byte { return append(dst, r.TypeOf(e)...) }),
		written("EventRef", "recorded", func(r *view.Rows, dst []byte, e view.EventRef) []byte { return appendTime(dst, r.RecordedAt(e)) }),
		written("EventRef", "hash", func(r *view.Rows, dst []byte, e view.EventRef) []byte { return append(dst, r.HashOf(e)...) }),
		of("Step", "issuance", (*view.Rows).StepIssuance),
		of("Step", "document", (*view.Rows).StepDocument),
		with("Mandate", "units", func(r *view.Rows, m view.Mandate, _ none) (string, error) { return r.Receivers(m) }),
		of("Flag", "issuance", (*view.Rows).FlagIssuance),
		of("OriginTotal", "events", (*view.Rows).OriginEvents),
		of("Trace", "flags", (*view.Rows).TraceFlags),
		of("Unit", "parent", (*view.Rows).Parent),
		of("Unit", "path", (*view.Rows).Path),
		of("Unit", "mergedInto", (*view.Rows).MergedInto),
		of("Unit", "duties", (*view.Rows).Duties),
		of("Unit", "capacities", (*view.Rows).Capacities),
		of("Unit", "events", (*view.Rows).UnitEvents),
		with("Unit", "children", func(r *view.Rows, u view.Unit, a paging) (connection[view.Unit], error) {
			return connect(r.Children(u, a.page()))
		}),
		with("Unit", "received", func(r *view.Rows, u view.Unit, a ofMandate) (connection[view.Received], error) {
			return connect(r.ReceivedBy(u, text(a.Mandate), a.page()))
		}),
		with("Unit", "passedDown", func(r *view.Rows, u view.Unit, a ofMandate) (connection[view.Issuance], error) {
			return connect(r.PassedDown(u, text(a.Mandate), a.page()))
		}),
		with("Unit", "added", func(r *view.Rows, u view.Unit, a firstN) ([]view.Addition, error) { return r.Added(u, a.First) }),
		with("Unit", "objections", func(r *view.Rows, u view.Unit, a firstN) ([]view.Objection, error) { return r.ObjectionsOf(u, a.First) }),
		with("Unit", "handoffs", func(r *view.Rows, u view.Unit, a firstN) ([]view.Handoff, error) {
			return r.Handoffs(view.HandoffQuery{Unit: u.Code}, a.First)
		}),
		of("Mandate", "document", (*view.Rows).MandateDocument),
		of("Mandate", "measures", (*view.Rows).Measures),
		of("Mandate", "constraints", (*view.Rows).Constraints),
		of("Mandate", "events", (*view.Rows).MandateEvents),
		with("Mandate", "issuances", func(r *view.Rows, m view.Mandate, a paging) (connection[view.Issuance], error) {
			return connect(r.MandateIssuances(m, a.page()))
		}),
		of("Issuance", "document", (*view.Rows).IssuanceDocument),
		of("Issuance", "mandates", (*view.Rows).IssuanceMandates),
		of("Issuance", "basis", (*view.Rows).Basis),
		of("Issuance", "approval", (*view.Rows).Approval),
		of("Issuance", "retained", (*view.Rows).Retained),
		of("Issuance", "reserve", (*view.Rows).Reserve),
		of("Issuance", "stated", (*view.Rows).Stated),
		of("Issuance", "totals", (*view.Rows).Totals),
		of("Issuance", "flags", (*view.Rows).IssuanceFlags),
		of("Issuance", "events", (*view.Rows).IssuanceEvents),
		with("Issuance", "lines", func(r *view.Rows, i view.Issuance, a ofMeasure) (connection[view.Line], error) {
			return connect(r.Lines(i, text(a.Measure), a.page()))
		}),
		of("Document", "issuances", (*view.Rows).DocumentIssuances),
		of("Document", "mandates", (*view.Rows).DocumentMandates),
		of("Document", "events", (*view.Rows).DocumentEvents),
		bind.Field("Ledger", "readOnly", func(context.Context, view.Ledger, none) (bool, error) { return g.state() != nil, nil }),
		bind.Field("Ledger", "damagedAt", func(context.Context, view.Ledger, none) (*string, error) { return g.damagedAt(), nil }),
		bind.Changing("Ledger", "readOnly"), bind.Changing("Ledger", "damagedAt"),
		bind.Field("Event", "data", func(ctx context.Context, e view.Event, _ none) (*string, error) { return g.stored(ctx, e, false) }),
		bind.Field("Event", "metadata", func(ctx context.Context, e view.Event, _ none) (*string, error) { return g.stored(ctx, e, true) }),
	)
}

// damagedAt is the ordinal a damaged log names.
func (g *Graph) damagedAt() *string {
	d, ok := errors.AsType[*ledger.Damage](g.state())
	if !ok || d.Ordinal == 0 {
		return nil
	}
	ordinal := strconv.FormatUint(d.Ordinal, 10)
	return &ordinal
}
