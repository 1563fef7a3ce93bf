package outcome

import (
	"maps"
	"slices"
)

// State is one outcome as its events left it. A read model may hold it as it
// is: events share nothing with it.
type State struct {
	// Penalised is nil before the first event, and carries every correction.
	Penalised *Penalised
	// Said is what reviewers stated, the newest of each point and unit, in the
	// order in which each was first stated.
	Said []Said
	Into string // the outcome it was joined to, empty while it stands alone

	length int           // events so far
	set    map[Field]int // the place in the stream of the event that said a field last
}

// Said is a statement with its place in the outcome's stream, from 0.
type Said struct {
	Stated
	Place int
}

// Field is a part of an outcome that a correction can replace.
type Field string

// The fields.
const (
	FieldOccurredAt Field = "occurredAt"
	FieldRequired   Field = "required"
	FieldVerified   Field = "verified"
	FieldCapacity   Field = "capacity"
	FieldPenalties  Field = "penalties"
	FieldKnownSince Field = "knownSince"
	FieldWarned     Field = "warned"
)

// Place is the place in the outcome's stream, from 0, of the event that last
// said a field: the event that recorded the outcome, or a correction.
func (s State) Place(f Field) int { return s.set[f] }

// Length is how many events the outcome has.
func (s State) Length() int { return s.length }

// On is what was stated of a point and a unit and holds: the newest, unless
// that took it back.
func (s State) On(p Point, unit string) (Said, bool) {
	at, ok := s.place(StatementID(p, unit))
	if !ok {
		return Said{}, false
	}
	return s.Said[at], s.Said[at].Value != Unknown
}

func (s State) place(statement string) (int, bool) {
	at := slices.IndexFunc(s.Said, func(x Said) bool { return x.ID == statement })
	return at, at >= 0
}

// Evolve records the outcome.
func (e Penalised) Evolve(s *State) {
	s.Penalised = &e
	s.length++
}

// Evolve replaces what the correction names, in a copy.
func (e Corrected) Evolve(s *State) {
	p, set := *s.Penalised, maps.Clone(s.set)
	if set == nil {
		set = map[Field]int{}
	}
	replace(&p.OccurredAt, e.OccurredAt, set, FieldOccurredAt, s.length)
	replace(&p.Required, e.Required, set, FieldRequired, s.length)
	replace(&p.Verified, e.Verified, set, FieldVerified, s.length)
	replace(&p.Capacity, e.Capacity, set, FieldCapacity, s.length)
	replace(&p.CapacityFrom, e.CapacityFrom, set, FieldCapacity, s.length)
	replace(&p.CapacityDocument, e.CapacityDocument, set, FieldCapacity, s.length)
	replace(&p.Penalties, e.Penalties, set, FieldPenalties, s.length)
	replace(&p.Warned, e.Warned, set, FieldWarned, s.length)
	if e.KnownSince != nil {
		p.KnownSince, set[FieldKnownSince] = e.KnownSince, s.length
	}
	s.Penalised, s.set = &p, set
	s.length++
}

func replace[T any](field, with *T, set map[Field]int, name Field, place int) {
	if with != nil {
		*field, set[name] = *with, place
	}
}

// Evolve puts the statement in place of an earlier one of the same id, in a
// copy.
func (e Stated) Evolve(s *State) {
	said := slices.Clone(s.Said)
	if at, again := s.place(e.ID); again {
		said[at] = Said{e, s.length}
	} else {
		said = append(said, Said{e, s.length})
	}
	s.Said = said
	s.length++
}

// Evolve ends it as an outcome of its own.
func (e Joined) Evolve(s *State) {
	s.Into = e.Into
	s.length++
}
