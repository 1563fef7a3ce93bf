package graph

import (
	"context"

	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/view"
)

// viewer is who asks.
type viewer struct {
	actor ledger.Actor
	lang  string
}

type viewerKey struct{}

// WithViewer puts who asks, and in which language errors are told, into ctx.
func WithViewer(ctx context.Context, actor ledger.Actor, lang string) context.Context {
	return context.WithValue(ctx, viewerKey{}, viewer{actor: actor, lang: lang})
}

func viewerOf(ctx context.Context) bind.Viewer {
	v, _ := ctx.Value(viewerKey{}).(viewer)
	return v
}

// Staff widens limits and opens introspection.
func (v viewer) Staff() bool {
	return v.actor.Is(ledger.Investigator, ledger.Reviewer, ledger.Admin, ledger.Auditor)
}

// Lang is the language errors are told in.
func (v viewer) Lang() string { return v.lang }

// May decides for every field. Which complaints and cases there are for whom
// is decided before, by the rows that are handed out.
func (v viewer) May(_ context.Context, to bind.Visibility, row any) bool {
	switch to {
	case bind.Public:
		return true
	case bind.Staff:
		return v.Staff()
	case bind.Party:
		return v.Staff() || v.actor.Is(ledger.Clerk) && concerns(row, v.actor.Unit)
	case bind.Case:
		return opens(row, v.actor)
	}
	return false
}

// opens reports whether an actor may see what only those who work on a case
// do: in a case that it works on, or of a complaint.
func opens(row any, by ledger.Actor) bool {
	switch row := row.(type) {
	case interface{ Admits(ledger.Actor) bool }:
		return row.Admits(by)
	case interface{ Opens(ledger.Actor) bool }:
		return row.Opens(by)
	}
	return false
}

// concerns reports whether a unit is one of those a row is about.
func concerns(row any, unit string) bool {
	switch row := row.(type) {
	case view.Objection:
		return unit == row.Unit.Code || unit == row.OwedBy.Code
	case interface{ Handles(string) bool }:
		return row.Handles(unit)
	}
	return false
}
