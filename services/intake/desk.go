package intake

import (
	"context"
	"iter"
	"time"

	"suyuan/services/desk"
	"suyuan/services/ledger"
)

// Desk is where one cut enters things. What was submitted is on record once
// Flush has returned without an error, in the order it was submitted in, and
// the read model shows it.
type Desk interface {
	Submit(ctx context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error)
	Flush(ctx context.Context) error
}

// Log is an engine that may take appends ahead of their sync.
type Log interface {
	ledger.Log
	// Queue is as sqlite.Store has it; nil where the engine has nothing like it.
	Queue() func(ctx context.Context, stream string, expect ledger.Expect, events ...ledger.Record) (wait func(context.Context) (ledger.Position, error), err error)
}

// NewDesk makes the desk of one cut: its clock stands at the first instant of
// the cut's day, and its decisions are noted as those of one moment, the last
// event before the cut, so that what is recorded tells nothing of how quickly
// it was entered.
func NewDesk(ctx context.Context, log Log, events *ledger.Catalogue, commands []ledger.CommandDef, facts desk.Facts, before ledger.Position, day ledger.Date) (Desk, error) {
	if err := facts.Wait(ctx, before); err != nil {
		return nil, err
	}
	still := &still{Facts: facts}
	facts.Look(func(_ any, ordinal uint64) { still.ordinal = ordinal })
	ahead := &ahead{Log: log, queue: log.Queue(), open: map[string]bool{}}
	at := day.Time()
	d, err := desk.New(ahead, events, commands, still, func() time.Time { return at })
	if err != nil {
		return nil, err
	}
	return &cutDesk{d, ahead, facts}, nil
}

type cutDesk struct {
	*desk.Desk
	log   *ahead
	facts desk.Facts
}

func (d *cutDesk) Flush(ctx context.Context) error {
	if err := d.log.flush(ctx); err != nil {
		return err
	}
	return d.facts.Wait(ctx, d.log.last)
}

// still is facts at one ordinal that nobody waits for. What changes in the
// read model during a cut is what the cut itself enters.
type still struct {
	desk.Facts
	ordinal uint64
}

func (f *still) Look(use func(facts any, ordinal uint64)) {
	f.Facts.Look(func(facts any, _ uint64) { use(facts, f.ordinal) })
}

func (*still) Wait(context.Context, ledger.Position) error { return nil }
func (*still) Ordinal(string, int64) uint64                { return 0 }

// ahead is a log that does not wait for each append. It is used by one
// goroutine.
type ahead struct {
	ledger.Log
	queue func(ctx context.Context, stream string, expect ledger.Expect, events ...ledger.Record) (wait func(context.Context) (ledger.Position, error), err error)
	waits []func(context.Context) (ledger.Position, error)
	open  map[string]bool // streams that waits are about
	last  ledger.Position
}

// Append implements ledger.Log, but for being durable: flush is.
func (l *ahead) Append(ctx context.Context, stream string, expect ledger.Expect, events ...ledger.Record) (ledger.Position, error) {
	if l.queue == nil {
		at, err := l.Log.Append(ctx, stream, expect, events...)
		l.note(at)
		return at, err
	}
	wait, err := l.queue(ctx, stream, expect, events...)
	if err != nil {
		return ledger.Position{}, err
	}
	l.waits, l.open[stream] = append(l.waits, wait), true
	return ledger.Position{}, nil
}

// Stream implements ledger.Log: what was appended is there, in any case.
func (l *ahead) Stream(ctx context.Context, stream string, from int64) iter.Seq2[ledger.Recorded, error] {
	if l.open[stream] {
		if err := l.flush(ctx); err != nil {
			return func(yield func(ledger.Recorded, error) bool) { yield(ledger.Recorded{}, err) }
		}
	}
	return l.Log.Stream(ctx, stream, from)
}

func (l *ahead) flush(ctx context.Context) error {
	waits := l.waits
	l.waits = nil
	clear(l.open)
	var first error
	for _, wait := range waits {
		at, err := wait(ctx)
		if err != nil && first == nil {
			first = err
		}
		l.note(at)
	}
	return first
}

func (l *ahead) note(at ledger.Position) {
	if at.After(l.last) {
		l.last = at
	}
}
