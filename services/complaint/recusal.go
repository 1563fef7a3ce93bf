package complaint

import (
	"slices"
	"strings"

	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Named is who a claim names, and who was recused besides. Unreadable: the
// claim cannot be opened here, so that everybody is taken to be named. Untold:
// the report came without facts that could be read, so that whom it names
// stands in the narrative alone, and whoever belongs to any unit is taken to be
// named.
type Named struct {
	Issuer     string // code of the unit that added, or
	Level      string // its level, one of claim.Levels,
	Within     string // on the line of this unit
	Accounts   []string
	Units      []string
	Unreadable bool
	Untold     bool
}

// NamedBy is who the facts of a claim name.
func NamedBy(f claim.Facts) Named {
	return Named{Issuer: f.Issuer, Level: f.Level, Within: f.Within}
}

// Besides is n with those recused by events. It shares nothing with n.
func (n Named) Besides(recusals []Recusal) Named {
	n.Accounts, n.Units = slices.Clone(n.Accounts), slices.Clone(n.Units)
	for _, r := range recusals {
		if r.Account != "" {
			n.Accounts = append(n.Accounts, r.Account)
		}
		if r.Unit != "" {
			n.Units = append(n.Units, r.Unit)
		}
	}
	return n
}

// Recused reports whether the actor may know nothing of a complaint: it
// belongs to the named unit, to a department of it, or to a unit below it; or
// where only a level is named, to a unit of that level or below it on that
// line; or it was recused by account or unit. Below means by the codes and by
// the superiors on record alike. Nobody but the system may know of a claim
// that cannot be read.
func Recused(by ledger.Actor, n Named, units Units) bool {
	if by.Account == ledger.System {
		return false
	}
	if n.Unreadable || slices.Contains(n.Accounts, by.Account) {
		return true
	}
	return by.Unit != "" && n.concerns(by.Unit, units)
}

// maxLine bounds a walk up the superiors on record.
const maxLine = 16

// concerns reports whether a unit is named, or lies below one that is.
func (n Named) concerns(code string, units Units) bool {
	if n.Untold {
		return true
	}
	for range maxLine {
		if n.names(code) {
			return true
		}
		u, ok := units.Unit(code)
		if !ok || u.Parent == "" {
			return false
		}
		code = u.Parent
	}
	return true // no line is that long: rather too many than one too few
}

// covers reports whether whoever may read a complaint that names n may read
// one that names the other. It says no where it cannot tell.
func (n Named) covers(other Named, units Units) bool {
	if n.Unreadable || n.Untold || other.Unreadable || other.Untold {
		return false
	}
	for _, code := range append(slices.Clone(other.Units), other.Issuer) {
		if code != "" && !n.concerns(code, units) {
			return false
		}
	}
	for _, account := range other.Accounts {
		if !slices.Contains(n.Accounts, account) {
			return false
		}
	}
	if other.Level != "" && (n.Level != other.Level || n.Within != other.Within) && !n.concernsAll(other, units) {
		return false
	}
	return n.place() == other.place() || unit.Contains(n.place(), other.place())
}

// concernsAll reports whether all units of the level that the other names are
// concerned.
func (n Named) concernsAll(other Named, units Units) bool {
	level := unit.Level(slices.Index(claim.Levels, other.Level))
	if !level.Valid() || !unit.ValidCode(other.Within) {
		return false // it names everybody
	}
	if level <= unit.LevelOf(other.Within) {
		return n.concerns(division(other.Within, level), units)
	}
	return n.concerns(other.Within, units)
}

func (n Named) names(code string) bool {
	if n.Issuer != "" && below(n.Issuer, code) || slices.ContainsFunc(n.Units, func(u string) bool { return below(u, code) }) {
		return true
	}
	level := unit.Level(slices.Index(claim.Levels, n.Level))
	switch {
	case n.Level == "":
		return false
	case !level.Valid() || !unit.ValidCode(n.Within):
		return true // a claim that says no more names everybody
	case level <= unit.LevelOf(n.Within):
		return below(division(n.Within, level), code)
	}
	return unit.Contains(n.Within, code) && unit.LevelOf(code) >= level
}

// below: the unit itself, a department of it, or what lies in its territory.
func below(named, code string) bool {
	return unit.Contains(named, code) || strings.HasPrefix(code, named+"-")
}

// division is the one of a level that a division lies in.
func division(code string, l unit.Level) string {
	if l == unit.Central {
		return unit.CentralCode
	}
	return unit.Territory(code)[:digits[l]]
}

// place is where a complaint belongs: staff of a unit deal with what was
// received in their territory.
func (n Named) place() string {
	if n.Within != "" {
		return n.Within
	}
	return unit.Territory(n.Issuer)
}

// MayRead reports whether the actor may see a complaint at all: not recused,
// and either an investigator or reviewer in whose territory it belongs, or of
// no unit, or a clerk of the unit that handles it. What names nobody that is
// known is for investigators of no unit alone.
func MayRead(by ledger.Actor, n Named, handler string, units Units) bool {
	switch {
	case by.Account == "" || Recused(by, n, units):
		return false
	case by.Account == ledger.System:
		return true
	case n.Untold:
		return by.Is(ledger.Investigator)
	case by.Is(ledger.Clerk) && handler != "" && by.Unit == handler:
		return true
	case !by.Is(ledger.Investigator, ledger.Reviewer):
		return false
	}
	return by.Unit == "" || unit.Contains(unit.Territory(by.Unit), n.place())
}
