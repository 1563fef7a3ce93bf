package complaint

import (
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Named is who a claim names, and who was recused besides. Unreadable: the
// claim cannot be opened, so that everybody is taken to be named.
type Named struct {
	Issuer     string // code of the unit that added, or
	Level      string // its level, one of claim.Levels,
	Within     string // on the line of this unit
	Accounts   []string
	Units      []string
	Unreadable bool
}

// NamedBy is who the facts of a claim name.
func NamedBy(f claim.Facts) Named {
	return Named{Issuer: f.Issuer, Level: f.Level, Within: f.Within}
}

// Recused reports whether the actor may know nothing of a complaint: it
// belongs to the named unit, to a department of it, or to a unit below it; or
// where only a level is named, to a unit of that level or below it on that
// line; or it was recused by account or unit. Nobody but the system may know
// of an unreadable claim.
func Recused(by ledger.Actor, n Named, units Units) bool { panic(errTodo) }

// MayRead reports whether the actor may see a complaint at all: not recused,
// and either an investigator or reviewer in whose territory it was received,
// or a clerk of the unit that handles it.
func MayRead(by ledger.Actor, n Named, handler string, units Units) bool { panic(errTodo) }

var _ = unit.Territory
