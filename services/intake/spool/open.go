package spool

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"suyuan/services/store/hold"
)

const (
	maxText     = 1_000_000
	maxPictures = 65_536
)

// shape is what distinguishes the two sizes; tests make smaller ones.
type shape struct {
	name   string
	bytes  int
	slots  int
	atOnce int // so many are sealed and written at once
}

// Open takes the spool in dir for this process, makes what is missing of it
// (dir itself too, 0700) and reads what waits. A key other than the one the
// spool was made with is refused: every slot would look free. Randomness
// chooses slots and makes salts and fillings; it must be unpredictable, and is
// read by one goroutine at a time.
func Open(dir string, key [32]byte, sizes Sizes, random io.Reader) (*Spool, error) {
	if sizes.Text < 1 || sizes.Text > maxText {
		return nil, errSizes("文字信件", "text", maxText)
	}
	if sizes.Pictures < 1 || sizes.Pictures > maxPictures {
		return nil, errSizes("带图信件", "pictures", maxPictures)
	}
	return start(osFolder{dir}, key, []shape{
		{"text.spool", TextBytes, sizes.Text, 64},
		{"pictures.spool", PicturesBytes, sizes.Pictures, 4},
	}, random)
}

func start(dir folder, key [32]byte, shapes []shape, random io.Reader) (_ *Spool, err error) {
	lock, err := dir.hold()
	if errors.Is(err, hold.ErrHeld) {
		return nil, errInUse()
	}
	if err != nil {
		return nil, fmt.Errorf("lock the spool: %w", err)
	}
	s := &Spool{
		lock: lock, random: random,
		byID: map[[32]byte]*held{}, spent: map[[32]byte]*held{},
		reports: map[[32]byte]*held{}, followUps: map[[32]byte]int{},
	}
	defer func() {
		if err != nil {
			for _, c := range s.classes {
				err = errors.Join(err, c.file.Close())
			}
			err = errors.Join(err, lock.Close())
		}
	}()
	for _, shape := range shapes {
		c := newClass(shape.name, key, shape.bytes, shape.atOnce)
		if err := s.load(dir, c, shape.slots); err != nil {
			return nil, fmt.Errorf("open the spool's %s: %w", c.name, err)
		}
		s.classes = append(s.classes, c)
	}
	for _, c := range s.classes {
		go s.run(c)
	}
	return s, nil
}

// load opens a class's file with as many slots as are wanted and free, or
// makes it, and finds what it holds.
func (s *Spool) load(dir folder, c *class, want int) (err error) {
	f, err := dir.open(c.name)
	var found []*held
	switch {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return err
	default:
		c.file = f
		if found, err = s.scan(c); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	if err := s.sweep(dir, c); err != nil {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
		return err
	}
	if want = max(want, len(found)); f == nil || want != c.slots {
		if err := s.rebuild(dir, c, want, found); err != nil {
			return err
		}
	}
	used := make([]bool, c.slots)
	for _, h := range found {
		used[h.slot] = true
		s.add(h)
	}
	c.free = make([]uint32, 0, c.slots)
	for slot := range used {
		if !used[slot] {
			c.free = append(c.free, uint32(slot))
		}
	}
	return nil
}

// scan finds the entries. What is in the kernel's memory may differ from what
// is on disk: a process was killed before its sync, or a sync failed, after
// which the kernel takes the pages for clean. So all is synced and then
// forgotten, and what is found is written once more, for where the kernel does
// not listen, before anybody is told that it is there.
func (s *Spool) scan(c *class) (found []*held, err error) {
	if err := c.file.sync(); err != nil {
		return nil, err
	}
	c.file.forget()
	if err := c.readFirst(); err != nil {
		return nil, err
	}
	head, whole := make([]byte, headEnd), make([]byte, c.slotSize())
	seen := map[[32]byte]bool{}
	for slot := range c.slots {
		if _, err := c.file.ReadAt(head, c.at(slot)); err != nil {
			return nil, err
		}
		if !c.promises(head, uint64(slot)) {
			continue
		}
		e, ok, err := s.again(c, slot, whole, seen)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, &held{Entry: e, class: c, slot: slot})
		}
	}
	if len(seen) == 0 {
		return nil, nil
	}
	return found, c.file.sync()
}

// again reads a slot whose head opens and writes it once more. One that was
// found before, which a clearing that failed may leave, is overwritten.
func (s *Spool) again(c *class, slot int, buf []byte, seen map[[32]byte]bool) (e Entry, ok bool, err error) {
	if _, err := c.file.ReadAt(buf, c.at(slot)); err != nil {
		return e, false, err
	}
	raw := bytes.Clone(buf)
	if e, ok = c.sealer.open(buf, uint64(slot)); !ok {
		return e, false, nil
	}
	e.Data = nil
	if seen[e.ID] {
		n, err := s.noise()
		if err != nil {
			return e, false, err
		}
		return e, false, c.overwrite(slot, n, raw)
	}
	seen[e.ID] = true
	_, err = c.file.WriteAt(raw, c.at(slot))
	return e, true, err
}

// readFirst reads how many slots there are and proves the key.
func (c *class) readFirst() error {
	var buf [page]byte
	size, err := c.file.size()
	if err != nil {
		return err
	}
	if size < page {
		return errShort(c.name)
	}
	if _, err := c.file.ReadAt(buf[:], 0); err != nil {
		return err
	}
	slots, ok := c.openFirst(buf[:])
	switch {
	case !ok:
		return errKey(c.name)
	case size != c.length(slots):
		return errShort(c.name)
	}
	c.slots = slots
	return nil
}
