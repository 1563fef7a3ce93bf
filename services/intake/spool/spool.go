package spool

import (
	"errors"
	"io"
	"slices"
	"sync"
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
// each, of which three quarters for reports without a nullifier. A slot takes 4 KiB more than its envelope, used or not. Another number
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
type Spool struct {
	lock    io.Closer
	classes []*class

	drawing sync.Mutex // holds random
	random  io.Reader

	clearing sync.Mutex // held through Clear

	mu        sync.Mutex
	reason    error // why nothing is taken any more: a write or a sync failed
	closed    bool
	byID      map[[32]byte]*held
	spent     map[[32]byte]*held // by nullifier
	reports   map[[32]byte]*held // by box
	followUps map[[32]byte]int   // by box
}

// held is an entry without its data.
type held struct {
	Entry
	class    *class
	slot     int
	written  *write // until it is on disk
	clearing bool
}

// Has tells whether this envelope waits, durably.
func (s *Spool) Has(id [32]byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID[id].durable()
}

// Spent tells whether an entry that waits, durably, has the nullifier.
func (s *Spool) Spent(nullifier [32]byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.spent[nullifier].durable()
}

// Pending tells what of a box waits: a report once it is on disk, follow-ups
// from when they are on their way.
func (s *Spool) Pending(box [32]byte) Pending {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Pending{Report: s.reports[box].durable(), FollowUps: s.followUps[box]}
}

// Len is how many entries wait. It is for the cut and for tests: published or
// logged, it would tell when somebody reported.
func (s *Spool) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.byID)
}

func (e *Entry) anybodys() bool { return !e.FollowUp && e.Nullifier == nil }

func (h *held) durable() bool { return h != nil && h.written == nil }

// add and drop keep the sets; they run under mu.
func (s *Spool) add(h *held) {
	s.byID[h.ID] = h
	if h.anybodys() {
		h.class.anybody++
	}
	if h.Nullifier != nil {
		s.spent[*h.Nullifier] = h
	}
	if h.FollowUp {
		s.followUps[h.Box]++
	} else {
		s.reports[h.Box] = h
	}
}

func (s *Spool) drop(h *held) {
	delete(s.byID, h.ID)
	if h.anybodys() {
		h.class.anybody--
	}
	if h.Nullifier != nil {
		delete(s.spent, *h.Nullifier)
	}
	switch {
	case !h.FollowUp:
		delete(s.reports, h.Box)
	case s.followUps[h.Box] == 1:
		delete(s.followUps, h.Box)
	default:
		s.followUps[h.Box]--
	}
}

// usable tells why nothing can be done, nil where something can. It runs
// under mu.
func (s *Spool) usable() error {
	switch {
	case s.reason != nil:
		return errStopped(s.reason)
	case s.closed:
		return errClosed()
	}
	return nil
}

// stop ends it after a failed write or sync. Whoever waits is told that
// nobody knows; what was taken stays taken.
func (s *Spool) stop(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reason == nil {
		s.reason = cause
	}
	for _, c := range s.classes {
		for _, w := range slices.Concat(c.open, c.flight) {
			w.settle(errStopped(s.reason))
		}
		c.open, c.flight = nil, nil
	}
}

// Close waits for what is on its way to disk and lets go of the spool.
func (s *Spool) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	var errs []error
	for _, c := range s.classes {
		errs = append(errs, c.close())
	}
	return errors.Join(append(errs, s.lock.Close())...)
}

// draw fills what it is given with randomness.
func (s *Spool) draw(bufs ...[]byte) error {
	s.drawing.Lock()
	defer s.drawing.Unlock()
	for _, buf := range bufs {
		if _, err := io.ReadFull(s.random, buf); err != nil {
			return err
		}
	}
	return nil
}

func (s *Spool) noise() (noise, error) {
	s.drawing.Lock()
	defer s.drawing.Unlock()
	return newNoise(s.random)
}
