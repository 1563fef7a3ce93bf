package spool

import (
	"context"
	"errors"
	"io"
	"iter"
)

// The two sizes of an envelope, in bytes. There is no third.
const (
	TextBytes     = 16 << 10
	PicturesBytes = 4 << 20
)

// MaxFollowUps is how many follow-ups of one box may wait for the cut.
const MaxFollowUps = 8

// What Put refuses; errors.Is finds these in the *ledger.Error it returns.
var (
	ErrSpent     = errors.New("the nullifier is another entry's")
	ErrTaken     = errors.New("the box has another report")
	ErrFollowUps = errors.New("the box has as many follow-ups as may wait")
	ErrFull      = errors.New("no slot of this size is free")
	ErrStopped   = errors.New("a write failed and the spool has stopped")
	ErrClosed    = errors.New("the spool is closed")
)

// Sizes are how many slots there are for each size of envelope, at least one
// each. A slot takes 4 KiB more than its envelope, used or not. Another number
// than at the last start puts every entry into a new place, drawn anew; it
// never loses one: there are at least as many slots as entries.
type Sizes struct {
	Text     int // of TextBytes, at most 1,000,000
	Pictures int // of PicturesBytes, at most 65,536
}

// An Entry is one sealed envelope and what must not be twice.
type Entry struct {
	ID        [32]byte  // a hash over all of the envelope: the same ID is the same envelope
	Box       [32]byte  // the hash of the reporter's box
	Nullifier *[32]byte // of the token or card that was redeemed, nil in the open lane
	FollowUp  bool      // another report of the same box is refused, further follow-ups are not
	Data      []byte    // exactly TextBytes or PicturesBytes
}

// Pending is what of a box waits for the cut.
type Pending struct {
	Report    bool
	FollowUps int
}

// A Spool is used by many goroutines at once; Open makes it.
type Spool struct{}

// Open takes the spool in dir for this process, makes what is missing of it
// (dir itself too, 0700) and reads what waits. A key other than the one the
// spool was made with is refused: every slot would look free. Randomness
// chooses slots and makes salts and fillings; it must be unpredictable, and is
// read by one goroutine at a time.
func Open(dir string, key [32]byte, sizes Sizes, random io.Reader) (*Spool, error) {
	panic("spool: Open is not written yet")
}

// Put answers nil once the entry is on disk. The same ID again is answered
// as the first time, also while that is still under way; Data is not looked
// at then. A nullifier of another entry: ErrSpent; another report of the box:
// ErrTaken; too many follow-ups of it: ErrFollowUps; no free slot: ErrFull.
// Of several that exclude each other exactly one is let in. What was
// cleared is forgotten here: the ledger is the second guard.
//
// After ErrStopped, or when ctx ended while the entry was on its way, it may
// be on disk or not; putting it again is safe. e.Data is not kept.
func (s *Spool) Put(ctx context.Context, e Entry) error {
	panic("spool: Put is not written yet")
}

// Has tells whether this envelope waits, durably.
func (s *Spool) Has(id [32]byte) bool { panic("spool: Has is not written yet") }

// Pending tells what of a box waits, durably.
func (s *Spool) Pending(box [32]byte) Pending { panic("spool: Pending is not written yet") }

// Spent tells whether an entry that waits, durably, has the nullifier.
func (s *Spool) Spent(nullifier [32]byte) bool { panic("spool: Spent is not written yet") }

// Len is how many entries wait. It is for the cut and for tests: published or
// logged, it would tell when somebody reported.
func (s *Spool) Len() int { panic("spool: Len is not written yet") }

// Ordered yields the entries that wait when it begins, in the order of
// HMAC-SHA256(key, ID), which says nothing of their arrival where the key is
// drawn for this once. It holds an index of all and the content of one: Data
// is good until the next is asked for. Those that are cleared meanwhile are
// left out, those that come meanwhile are not in it.
//
// An entry that can no longer be read comes with an error and everything but
// its Data; the iterator goes on after it. Where the spool has stopped or is
// closed the only pair is a zero Entry with that error.
func (s *Spool) Ordered(key [32]byte) iter.Seq2[Entry, error] {
	panic("spool: Ordered is not written yet")
}

// Clear overwrites the slots of these entries with fresh random bytes, and
// answers once that is on disk. IDs that do not wait are passed over. It may
// be called within Ordered.
func (s *Spool) Clear(ids ...[32]byte) error { panic("spool: Clear is not written yet") }

// Stir overwrites one free slot of each size, where there is one, with fresh
// random bytes: a write like any other. Called at a fixed pace it keeps what a
// filesystem notes about the last write from telling of an arrival.
func (s *Spool) Stir() error { panic("spool: Stir is not written yet") }

// Close waits for what is on its way to disk and lets go of the spool.
func (s *Spool) Close() error { panic("spool: Close is not written yet") }
