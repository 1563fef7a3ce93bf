package spool

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"iter"
	"slices"
)

// ahead is for how many entries the disk is told that they will be read.
const ahead = 16

// Ordered yields the entries that wait when it begins, in the order of
// HMAC-SHA256(key, ID), which says nothing of their arrival where the key is
// drawn for this once. It holds an index of all and the content of one: Data
// is good until the next is asked for. Those that are cleared meanwhile are
// left out, those that come meanwhile are not in it.
//
// An entry that can no longer be read comes with an error and everything but
// its Data; the iterator goes on after it. Where the spool has stopped or is
// closed the pair is a zero Entry with that error, and the last.
func (s *Spool) Ordered(key [32]byte) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		turns, err := s.turns(key)
		if err != nil {
			yield(Entry{}, err)
			return
		}
		bufs := map[*class][]byte{}
		for i, t := range turns {
			if i+ahead < len(turns) {
				next := turns[i+ahead].held
				next.class.file.soon(next.class.at(next.slot), next.class.slotSize())
			}
			c := t.held.class
			if bufs[c] == nil {
				bufs[c] = make([]byte, c.slotSize())
			}
			e, there, err := s.read(t.held, bufs[c])
			if !there && err == nil {
				continue
			}
			if !yield(e, err) || !there {
				return
			}
		}
	}
}

// turn is an entry and its place in the order.
type turn struct {
	mac  [32]byte
	held *held
}

func (s *Spool) turns(key [32]byte) ([]turn, error) {
	s.mu.Lock()
	if err := s.usable(); err != nil {
		s.mu.Unlock()
		return nil, err
	}
	turns := make([]turn, 0, len(s.byID))
	for _, h := range s.byID {
		if h.durable() && !h.clearing {
			turns = append(turns, turn{held: h})
		}
	}
	s.mu.Unlock()
	mac := hmac.New(sha256.New, key[:])
	for i := range turns {
		t := &turns[i]
		mac.Reset()
		mac.Write(t.held.ID[:])
		mac.Sum(t.mac[:0])
	}
	slices.SortFunc(turns, func(a, b turn) int { return bytes.Compare(a.mac[:], b.mac[:]) })
	return turns, nil
}

// read reads an entry, unless it was cleared, before or meanwhile.
func (s *Spool) read(h *held, buf []byte) (e Entry, there bool, err error) {
	if there, err := s.waits(h); !there {
		return Entry{}, false, err
	}
	_, err = h.class.file.ReadAt(buf, h.class.at(h.slot))
	if err == nil {
		if e, ok := h.class.sealer.open(buf, uint64(h.slot)); ok && e.ID == h.ID {
			return e, true, nil
		}
	}
	if there, stopped := s.waits(h); !there {
		return Entry{}, false, stopped
	}
	return h.Entry, true, errUnreadable(err)
}

func (s *Spool) waits(h *held) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return false, err
	}
	return s.byID[h.ID] == h && !h.clearing, nil
}
