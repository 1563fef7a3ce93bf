package wire

import (
	"context"
	"iter"
	"math"

	"suyuan/services/ledger"
)

// Backwards is what a log may have besides, and sqlite has. A log without it
// is read forwards, piece by piece from the last one on, which reads the
// whole log once more to find the pieces.
type Backwards interface {
	// StreamBack yields the stream's events from a revision down to the first.
	StreamBack(ctx context.Context, stream string, from int64) iter.Seq2[ledger.Recorded, error]
	// AllBack yields every event that lies before a position, the last first.
	AllBack(ctx context.Context, before ledger.Position) iter.Seq2[ledger.Recorded, error]
}

// A piece is held in memory as a whole.
const (
	pieceEvents = 512
	pieceBytes  = 4 << 20
)

// nowhere lies behind every event.
var nowhere = ledger.Position{Commit: math.MaxUint64, Prepare: math.MaxUint64}

func (a *answer) streamBack(ctx context.Context) iter.Seq2[ledger.Recorded, error] {
	from := int64(math.MaxInt64 - 1)
	switch a.from {
	case start:
		from = 0
	case there:
		from = a.revision
	}
	if log, ok := a.log.(Backwards); ok {
		return log.StreamBack(ctx, a.stream, from)
	}
	return turned(func(cut func(ledger.Recorded)) error {
		for e, err := range a.log.Stream(ctx, a.stream, 0) {
			if err != nil {
				return err
			}
			if e.Revision > from {
				return nil
			}
			cut(e)
		}
		return nil
	}, func(first ledger.Recorded) iter.Seq2[ledger.Recorded, error] {
		return a.log.Stream(ctx, a.stream, first.Revision)
	})
}

func (a *answer) allBack(ctx context.Context) iter.Seq2[ledger.Recorded, error] {
	behind := nowhere
	switch a.from {
	case start:
		behind = ledger.Position{}
	case there:
		behind = a.position
	}
	if log, ok := a.log.(Backwards); ok {
		return log.AllBack(ctx, behind)
	}
	return turned(func(cut func(ledger.Recorded)) error {
		for e, err := range a.log.All(ctx, ledger.Position{}) {
			if err != nil {
				return err
			}
			if !behind.After(e.Position) {
				return nil
			}
			cut(e)
		}
		return nil
	}, func(first ledger.Recorded) iter.Seq2[ledger.Recorded, error] {
		return a.log.All(ctx, before(first.Position))
	})
}

// turned gives a sequence from its end to its beginning. scan calls cut for
// every event of it; again reads it anew from one of them on, perhaps with
// others before it.
func turned(scan func(cut func(ledger.Recorded)) error, again func(ledger.Recorded) iter.Seq2[ledger.Recorded, error]) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		var pieces []piece
		if err := scan(func(e ledger.Recorded) { pieces = with(pieces, e) }); err != nil {
			yield(ledger.Recorded{}, err)
			return
		}
		for len(pieces) > 0 {
			p := pieces[len(pieces)-1]
			pieces = pieces[:len(pieces)-1]
			events, err := p.read(again(p.first))
			if err != nil {
				yield(ledger.Recorded{}, err)
				return
			}
			for i := len(events) - 1; i >= 0; i-- {
				if !yield(events[i], nil) {
					return
				}
			}
		}
	}
}

// piece is a run of events, known by the first, of which only the place is
// kept.
type piece struct {
	first  ledger.Recorded
	events int
	bytes  int
}

func with(pieces []piece, e ledger.Recorded) []piece {
	size := len(e.Data) + len(e.Meta)
	if n := len(pieces); n > 0 && pieces[n-1].events < pieceEvents && pieces[n-1].bytes+size <= pieceBytes {
		pieces[n-1].events++
		pieces[n-1].bytes += size
		return pieces
	}
	first := ledger.Recorded{Revision: e.Revision, Position: e.Position}
	return append(pieces, piece{first: first, events: 1, bytes: size})
}

func (p piece) read(seq iter.Seq2[ledger.Recorded, error]) ([]ledger.Recorded, error) {
	events := make([]ledger.Recorded, 0, p.events)
	for e, err := range seq {
		if err != nil {
			return nil, err
		}
		if p.first.Position.After(e.Position) {
			continue
		}
		if events = append(events, e); len(events) == p.events {
			break
		}
	}
	return events, nil
}
