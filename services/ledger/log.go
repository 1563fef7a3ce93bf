package ledger

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
)

// ID names one event for good. It is a UUID in form.
type ID [16]byte

func (id ID) String() string {
	h := hex.EncodeToString(id[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// ParseID reads what String wrote.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, fmt.Errorf("event id %q is not a UUID", s)
	}
	b, err := hex.DecodeString(s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:])
	if err != nil {
		return id, fmt.Errorf("event id %q is not a UUID", s)
	}
	copy(id[:], b)
	return id, nil
}

// Position is a place in the log. Commit and Prepare are the engine's and
// opaque; Ordinal is the count of events up to and including this one, the
// same for every reader, and 0 where the engine cannot know it (an append to
// a cluster). The zero Position is before the first event.
type Position struct {
	Commit, Prepare uint64
	Ordinal         uint64
}

// After reports whether p lies behind q in the log.
func (p Position) After(q Position) bool {
	return p.Commit > q.Commit || p.Commit == q.Commit && p.Prepare > q.Prepare
}

// Record is an event ready to be appended: Data and Meta are JSON objects, and
// Meta ends with the hash that Seal put there.
type Record struct {
	ID   ID
	Type string
	Data json.RawMessage
	Meta json.RawMessage
}

// Recorded is an event as the log holds it, byte for byte.
type Recorded struct {
	Record
	Stream   string
	Revision int64 // counted from 0 within the stream
	Position Position
}

// Expect is what a writer believes of the stream's end.
type Expect int64

// NoStream: the stream must not exist yet.
const NoStream Expect = -1

// Exactly: the stream's last event must have this revision.
func Exactly(revision int64) Expect { return Expect(revision) }

// Bounds of the log, for every engine.
const (
	MaxEvent   = 512 << 10 // data and metadata together, bytes
	MaxBatch   = 256       // events in one append
	MaxNameLen = 256       // a stream's or a type's name, bytes
)

// What an Append can answer besides success.
var (
	// ErrWrongRevision: the stream does not end where the writer believed.
	ErrWrongRevision = errors.New("the stream has moved on")
	// ErrTooLarge: an event or the batch is over the bounds above.
	ErrTooLarge = errors.New("the event is too large")
	// ErrReadOnly: the log takes no more events, after a failed sync or a
	// hash that did not match; reads go on.
	ErrReadOnly = errors.New("the log is read-only")
	// ErrDamaged: what is stored is not what was appended.
	ErrDamaged = errors.New("the log is damaged")
)

// Damage is ErrDamaged with the place: the ordinal of the first event that is
// not what was appended, 0 where the engine cannot count, and why.
type Damage struct {
	Ordinal uint64
	Why     string
}

func (d *Damage) Error() string {
	if d.Ordinal == 0 {
		return d.Why
	}
	return fmt.Sprintf("ordinal %d: %s", d.Ordinal, d.Why)
}

// Is makes errors.Is(err, ErrDamaged) hold.
func (d *Damage) Is(target error) bool { return target == ErrDamaged }

// Log is the append-only store. Every implementation passes storetest.
type Log interface {
	// Append adds the events to the end of the stream, all or none, durable on
	// return, and gives the position of the last one. The same ids at the same
	// place again get the first result and change nothing. Errors:
	// ErrWrongRevision, ErrTooLarge, ErrReadOnly; any other error leaves open
	// whether the events were persisted, which a repeat settles.
	Append(ctx context.Context, stream string, expect Expect, events ...Record) (Position, error)
	// Stream yields the stream's events from a revision on, in order, and ends
	// at its present end. A stream that never was is empty.
	Stream(ctx context.Context, stream string, from int64) iter.Seq2[Recorded, error]
	// All yields every event behind a position, in the log's order, and ends
	// at its present end.
	All(ctx context.Context, after Position) iter.Seq2[Recorded, error]
	// Subscribe is All that goes on with what is appended later, without a gap
	// or a repeat. It ends only with an error or with ctx.
	Subscribe(ctx context.Context, after Position) iter.Seq2[Recorded, error]
}
