package spool

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
)

// sum names things in tests.
func sum(name string) [32]byte { return sha256.Sum256([]byte(name)) }

// entry makes one of a name; its data follows from it.
func entry(name, box, nullifier string, followUp bool, size int) Entry {
	e := Entry{ID: sum(name), Box: sum("box " + box), FollowUp: followUp, Data: make([]byte, size)}
	if nullifier != "" {
		n := sum("nullifier " + nullifier)
		e.Nullifier = &n
	}
	random(name).Read(e.Data)
	return e
}

// A model is the naive spool: what was acknowledged, and what is in doubt
// because the call that put or cleared it failed.
type model struct {
	has   map[[32]byte]Entry
	maybe map[[32]byte]Entry
}

func newModel() *model { return &model{has: map[[32]byte]Entry{}, maybe: map[[32]byte]Entry{}} }

// refusal is what a Put should answer where nothing fails.
func (m *model) refusal(e Entry, slots int) error {
	if _, ok := m.has[e.ID]; ok {
		return nil
	}
	followUps, spent, taken, used, open := 0, false, false, 0, 0
	for _, o := range m.has {
		spent = spent || e.Nullifier != nil && o.Nullifier != nil && *e.Nullifier == *o.Nullifier
		if o.Box == e.Box && o.FollowUp {
			followUps++
		}
		taken = taken || o.Box == e.Box && !o.FollowUp
		if len(o.Data) == len(e.Data) {
			used++
			if !o.FollowUp && o.Nullifier == nil {
				open++
			}
		}
	}
	switch {
	case !e.FollowUp && taken:
		return ErrTaken
	case spent:
		return ErrSpent
	case e.FollowUp && followUps >= MaxFollowUps:
		return ErrFollowUps
	case used >= slots, !e.FollowUp && e.Nullifier == nil && 4*open >= 3*slots:
		return ErrFull
	}
	return nil
}

// put tells the model what a Put answered.
func (m *model) put(e Entry, slots int, err error) error {
	want := m.refusal(e, slots)
	if err != nil && errors.Is(err, ErrStopped) {
		if _, ok := m.has[e.ID]; !ok && want == nil {
			m.maybe[e.ID] = e
		}
		return nil
	}
	if !errors.Is(err, want) || err != nil && want == nil {
		return fmt.Errorf("put: %v, want %v", err, want)
	}
	if want == nil {
		m.has[e.ID] = e
		delete(m.maybe, e.ID)
	}
	return nil
}

func (m *model) clear(id [32]byte, err error) {
	e, ok := m.has[id]
	if !ok {
		return
	}
	delete(m.has, id)
	if err != nil {
		m.maybe[id] = e
	}
}

// settle compares with a spool that was opened again and takes over what had
// been in doubt.
func (m *model) settle(s *Spool) error {
	found := map[[32]byte]Entry{}
	for e, err := range s.Ordered([32]byte{9}) {
		if err != nil {
			return err
		}
		if _, twice := found[e.ID]; twice {
			return errors.New("an entry is there twice")
		}
		e.Data = bytes.Clone(e.Data)
		found[e.ID] = e
	}
	for id := range m.has {
		if _, ok := found[id]; !ok {
			return errors.New("an acknowledged entry is lost")
		}
	}
	for id, e := range found {
		want, ok := m.has[id]
		if !ok {
			if want, ok = m.maybe[id]; !ok {
				return errors.New("an entry is there that was cleared or never put")
			}
		}
		if !same(e, want) {
			return errors.New("an entry is not what was put")
		}
	}
	m.has, m.maybe = found, map[[32]byte]Entry{}
	return m.sets(s)
}

// sets compares what the spool knows without reading.
func (m *model) sets(s *Spool) error {
	if s.Len() != len(m.has) {
		return fmt.Errorf("%d entries, want %d", s.Len(), len(m.has))
	}
	pending := map[[32]byte]Pending{}
	for id, e := range m.has {
		if !s.Has(id) {
			return errors.New("Has denies an entry")
		}
		if e.Nullifier != nil && !s.Spent(*e.Nullifier) {
			return errors.New("Spent denies a nullifier")
		}
		p := pending[e.Box]
		if e.FollowUp {
			p.FollowUps++
		} else {
			p.Report = true
		}
		pending[e.Box] = p
	}
	for box, p := range pending {
		if got := s.Pending(box); got != p {
			return fmt.Errorf("pending %v, want %v", got, p)
		}
	}
	used := map[*class]int{}
	for _, h := range s.byID {
		used[h.class]++
	}
	for _, c := range s.classes {
		if len(c.free)+used[c] != c.slots {
			return fmt.Errorf("%s: %d free and %d used of %d", c.name, len(c.free), used[c], c.slots)
		}
	}
	return nil
}

func same(a, b Entry) bool {
	if (a.Nullifier == nil) != (b.Nullifier == nil) || a.Nullifier != nil && *a.Nullifier != *b.Nullifier {
		return false
	}
	return a.ID == b.ID && a.Box == b.Box && a.FollowUp == b.FollowUp && bytes.Equal(a.Data, b.Data)
}
