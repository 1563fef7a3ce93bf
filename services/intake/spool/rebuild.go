package spool

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"os"
)

// rebuild makes the class's file anew, with so many slots and what was found
// in the old one, every entry in a place drawn anew: slots added behind those
// in use would tell who came later. It stands beside the old file until it is
// whole, so a crash leaves one or the other. The old one is overwritten.
func (s *Spool) rebuild(dir folder, c *class, slots int, found []*held) (err error) {
	old := *c
	f, err := dir.create(c.fresh())
	if err != nil {
		return errors.Join(err, old.closeOld())
	}
	fail := func(err error) error { return errors.Join(err, f.Close(), old.closeOld()) }
	n, err := s.noise()
	if err != nil {
		return fail(err)
	}
	c.file, c.slots = f, slots
	places := c.deal(found, n)
	if err := c.fillWith(&old, places, n); err != nil {
		return fail(errors.Join(err, dir.remove(c.fresh())))
	}
	if err := dir.rename(c.fresh(), c.name, f); err != nil {
		return fail(err)
	}
	for slot, h := range places {
		h.slot = slot
	}
	if old.file == nil {
		return nil
	}
	if err := errors.Join(s.wipe(old.file), old.file.Close()); err != nil {
		return errors.Join(err, f.Close())
	}
	return nil
}

func (c *class) fresh() string { return c.name + ".new" }

func (c *class) closeOld() error {
	if c.file == nil {
		return nil
	}
	return c.file.Close()
}

// deal gives each of the entries one of the slots, every way of doing so as
// likely as any other.
func (c *class) deal(found []*held, n noise) map[int]*held {
	places := make(map[int]*held, len(found))
	moved := map[int]int{} // what lies at an index of the deck, where not itself
	for i, h := range found {
		var drawn [8]byte
		n.fill(drawn[:])
		offset, _ := bits.Mul64(binary.BigEndian.Uint64(drawn[:]), uint64(c.slots-i))
		at := i + int(offset)
		slot, ok := moved[at]
		if !ok {
			slot = at
		}
		if top, ok := moved[i]; ok {
			moved[at] = top
		} else {
			moved[at] = i
		}
		places[slot] = h
	}
	return places
}

// fillWith writes the whole file and syncs it.
func (c *class) fillWith(old *class, places map[int]*held, n noise) error {
	if err := c.file.grow(c.length(c.slots)); err != nil {
		return err
	}
	buf := make([]byte, max(c.slotSize(), page))
	n.fill(buf[:page])
	c.sealFirst(buf[:page], c.slots)
	if _, err := c.file.WriteAt(buf[:page], 0); err != nil {
		return err
	}
	from := make([]byte, c.slotSize())
	for slot := range c.slots {
		n.fill(buf)
		if h := places[slot]; h != nil {
			if _, err := old.file.ReadAt(from, old.at(h.slot)); err != nil {
				return err
			}
			e, ok := old.sealer.open(from, uint64(h.slot))
			if !ok || e.ID != h.ID {
				return errUnreadable(nil)
			}
			c.seal(buf, uint64(slot), &e)
		}
		if _, err := c.file.WriteAt(buf[:c.slotSize()], c.at(slot)); err != nil {
			return err
		}
	}
	return c.file.sync()
}

// wipe overwrites a whole file.
func (s *Spool) wipe(f file) error {
	n, err := s.noise()
	if err != nil {
		return err
	}
	size, err := f.size()
	if err != nil {
		return err
	}
	if err := scrub(f, 0, size, n, make([]byte, scrubBytes)); err != nil {
		return err
	}
	return f.sync()
}

// sweep removes what a rebuilding that was cut off has left.
func (s *Spool) sweep(dir folder, c *class) error {
	f, err := dir.open(c.fresh())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(s.wipe(f), f.Close(), dir.remove(c.fresh()))
}
