package spool

import (
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

// scan finds the entries. What it reads may be in the kernel's memory and not
// on disk: written by a process that was killed before its sync, or whose sync
// failed, after which the kernel takes the pages for clean. So what is found
// is written once more, and synced, before anybody is told that it is there.
func (s *Spool) scan(c *class) (found []*held, err error) {
	if err := c.readFirst(); err != nil {
		return nil, err
	}
	head, whole := make([]byte, headEnd), make([]byte, c.slotSize())
	raw := make([]byte, c.slotSize())
	seen := map[[32]byte]bool{}
	for slot := range c.slots {
		if _, err := c.file.ReadAt(head, c.at(slot)); err != nil {
			return nil, err
		}
		if _, ok := c.openHead(head, uint64(slot)); !ok {
			continue
		}
		if _, err := c.file.ReadAt(whole, c.at(slot)); err != nil {
			return nil, err
		}
		copy(raw, whole)
		e, ok := c.sealer.open(whole, uint64(slot))
		if !ok || seen[e.ID] {
			continue
		}
		if _, err := c.file.WriteAt(raw, c.at(slot)); err != nil {
			return nil, err
		}
		e.Data, seen[e.ID] = nil, true
		found = append(found, &held{Entry: e, class: c, slot: slot})
	}
	return found, c.file.sync()
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
