// Package view folds the log into rows in memory and answers every read. Its
// rows are flat: numbers instead of pointers, units in code order so that a
// subtree is one range, values in exact millionths. It never writes to the
// log and never asks it: what a page shows was folded before.
package view

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/checkpoint"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/view/docket"
	"suyuan/services/view/dossier"
)

// View is the read model. All methods are safe for concurrent use; readers
// take Read, the fold is the only writer.
type View struct {
	// folding is held by whoever changes the rows or needs them unchanged for
	// long, and taken before mu: a writer that waits for it keeps no reader out.
	folding sync.Mutex

	mu    sync.RWMutex
	moved chan struct{} // closed and replaced whenever the fold moves
	rows  *Rows

	events   *ledger.Catalogue
	verifier string
	program  string
}

// Option is what not every read model needs.
type Option func(*Rows)

// WithClaims opens the claims of reports. Without it none can be read, so that
// nobody but the system sees any complaint.
func WithClaims(key claim.Key) Option { return func(r *Rows) { r.claims = &key } }

// WithCalendar takes another calendar of working days than the official one.
// With nil there is none, and what it would tell is left out.
func WithCalendar(c *calendar.Calendar) Option {
	return func(r *Rows) { r.calendar, r.chosen = c, true }
}

// New makes an empty read model. verifier is the key checkpoints must carry;
// empty leaves their signatures unchecked. It refuses a catalogue with an
// event that has no fold.
func New(events *ledger.Catalogue, verifier string, options ...Option) (*View, error) {
	for _, d := range events.All() {
		if _, ok := folds[d.Type]; !ok {
			return nil, fmt.Errorf("event %s has no fold", d.Name)
		}
	}
	r := &Rows{catalogue: events, verifier: verifier}
	for _, o := range options {
		o(r)
	}
	if !r.chosen {
		var err error
		if r.calendar, err = calendar.Official(); err != nil {
			return nil, err
		}
	}
	return &View{moved: make(chan struct{}), rows: r.anew(), events: events, verifier: verifier}, nil
}

// By tells which build of the program folds: another one may make something
// else of the same events, so that its snapshots are passed over. Call it
// before Load and Save.
func (v *View) By(program string) {
	v.program = program
	v.rows.program = program
}

// moment is what every fold may know of the event besides its content.
type moment struct {
	ordinal uint64
	ledger.Meta
	unit int32 // the actor's, or none
}

type fold func(r *Rows, m moment, event any)

// on makes a typed fold an untyped one.
func on[E any](f func(r *Rows, m moment, e E)) (reflect.Type, fold) {
	return reflect.TypeFor[E](), func(r *Rows, m moment, event any) { f(r, m, event.(E)) }
}

// folds is the table of every event's effect on the rows.
var folds = table(
	unitFolds, documentFolds, mandateFolds, issuanceFolds, assignmentFolds, handoffFolds, checkpointFolds, docketFolds, dossierFolds,
)

func table(parts ...func(add func(reflect.Type, fold))) map[reflect.Type]fold {
	t := map[reflect.Type]fold{}
	for _, part := range parts {
		part(func(k reflect.Type, f fold) { t[k] = f })
	}
	return t
}

// Apply checks the next event of the log against all before it and folds it.
// The error is a *ledger.Damage where the event is not what was appended, and
// leaves the rows as they were.
func (v *View) Apply(e ledger.Recorded) error {
	return v.applyAll([]readEvent{read(v.events, e)})
}

// applyAll folds events up to the first that is not good.
func (v *View) applyAll(events []readEvent) error {
	v.folding.Lock()
	defer v.folding.Unlock()
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := range events {
		if err := v.rows.apply(&events[i]); err != nil {
			return err
		}
	}
	close(v.moved)
	v.moved = make(chan struct{})
	return nil
}

// tidy takes in what has become much to search through.
func (v *View) tidy() {
	v.mu.RLock()
	waiting := v.rows.finder.waiting()
	v.mu.RUnlock()
	if waiting {
		v.change(func(r *Rows) { r.finder.settle() })
	}
}

// Position is the last event folded.
func (v *View) Position() ledger.Position {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.rows.position
}

// Wait returns once the fold has reached a position, or with ctx.
func (v *View) Wait(ctx context.Context, p ledger.Position) error {
	for {
		v.mu.RLock()
		behind, moved := p.After(v.rows.position), v.moved
		v.mu.RUnlock()
		if !behind {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Ordinal is that of a stream's event, 0 while it is not folded.
func (v *View) Ordinal(stream string, revision int64) uint64 {
	v.mu.RLock()
	defer v.mu.RUnlock()
	s := v.rows.streamAt.of(stream)
	if s == none || revision < 0 {
		return 0
	}
	row := &v.rows.streams[s]
	if revision >= int64(row.count) {
		return 0
	}
	at := row.last
	for range int64(row.count) - 1 - revision {
		at = v.rows.events[at-1].prev
	}
	return at
}

// change lets the rows be put in order, not the events in them.
func (v *View) change(how func(*Rows)) {
	v.folding.Lock()
	defer v.folding.Unlock()
	v.mu.Lock()
	defer v.mu.Unlock()
	how(v.rows)
}

// Read calls use with the rows standing still. Rows must not be kept.
func (v *View) Read(use func(*Rows)) {
	v.mu.RLock()
	for v.rows.dirty() { // again: a unit may come in between the two locks
		v.mu.RUnlock()
		v.change((*Rows).rank)
		v.mu.RLock()
	}
	defer v.mu.RUnlock()
	use(v.rows)
}

// Docket calls use with the docket of reports standing still. Nothing of it
// must be kept.
func (v *View) Docket(use func(*docket.Docket)) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	use(v.rows.docket)
}

// Dossier calls use with the dossier of outcomes and findings standing still.
// Nothing of it must be kept.
func (v *View) Dossier(use func(*dossier.Dossier)) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	use(v.rows.dossier)
}

// Look gives decisions their facts with the rows standing still.
func (v *View) Look(use func(facts any, ordinal uint64)) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	use(facts{v.rows}, v.rows.position.Ordinal)
}

// apply checks and folds one event.
func (r *Rows) apply(e *readEvent) error {
	if e.Position.Ordinal != r.position.Ordinal+1 {
		return &ledger.Damage{Ordinal: r.position.Ordinal + 1, Why: fmt.Sprintf("missing: the event after ordinal %d has ordinal %d", r.position.Ordinal, e.Position.Ordinal)}
	}
	s := r.streamAt.of(e.Stream)
	var head streamRow
	var prev ledger.Hash
	if s != none {
		head = r.streams[s]
		prev = r.events[head.last-1].hash
	}
	if e.Revision != int64(head.count) {
		return &ledger.Damage{Ordinal: e.Position.Ordinal, Why: fmt.Sprintf("%s: revision %d where %d was due", e.Stream, e.Revision, head.count)}
	}
	hash, err := ledger.Check(prev, e.Recorded)
	if err == nil {
		err = e.err
	}
	if err != nil {
		return err
	}
	if signed, ok := e.event.(checkpoint.Signed); ok {
		if err := r.checkCheckpoint(e.Position.Ordinal, signed); err != nil {
			return err
		}
	}
	m := moment{ordinal: e.Position.Ordinal, Meta: e.meta, unit: r.unitOf(e.meta.Actor.Unit)}
	r.header(e.Recorded, m, hash, s)
	e.fold(r, m, e.event)
	return nil
}

// AsOf says what is to be known: events up to an ordinal and recorded up to
// an instant, of which those count that were in effect at another. Zero
// values set no bound.
type AsOf struct {
	Ordinal   uint64
	Recorded  time.Time
	Effective time.Time

	// unchanged, in Unix milliseconds, leaves out what was changed or taken
	// back of mandates and issuances from then on, also with effect from
	// before; what was made counts by its effect. 0 sets no bound.
	unchanged int64
}

// Now sets no bound: everything on record.
var Now = AsOf{}

// sees reports whether an event counts.
func (r *Rows) sees(at AsOf, ordinal uint64) bool {
	if at == Now {
		return true
	}
	h := r.events[ordinal-1]
	return (at.Ordinal == 0 || ordinal <= at.Ordinal) &&
		(at.Recorded.IsZero() || h.recorded <= at.Recorded.UnixMilli()) &&
		(at.Effective.IsZero() || h.effective <= at.Effective.UnixMilli())
}

// changes reports whether an event that changed or took back something counts.
func (r *Rows) changes(at AsOf, ordinal uint64) bool {
	return r.sees(at, ordinal) && (at.unchanged == 0 || r.events[ordinal-1].recorded < at.unchanged)
}

// seen are those of some events that count.
func (r *Rows) seen(at AsOf, ordinals []uint64) []uint64 {
	var seen []uint64
	for _, o := range ordinals {
		if o != 0 && r.sees(at, o) {
			seen = append(seen, o)
		}
	}
	return seen
}

// Verifier is the key checkpoints are checked with, empty where signatures
// are not.
func (v *View) Verifier() string { return v.verifier }
