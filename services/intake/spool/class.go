package spool

import (
	"context"
	"encoding/binary"
	"math/bits"
)

// A class is the slots of one size, in a file of their own.
type class struct {
	name string
	sealer
	file  file
	slots int

	// free lists the free slots; its order means nothing, as each draw is
	// among all of them. This and what follows is under the spool's mu.
	free    []uint32
	anybody int // entries that anybody can make more of: reports without a nullifier
	writing int // writes that are not in open yet
	open    []*write
	flight  []*write // what the sync under way is for

	room    chan []byte   // buffers of a slot, made when first taken; as many write at once
	wake    chan struct{} // the committer has something to do
	stopped chan struct{} // the committer has returned
}

// write is something that waits for a sync: of an entry, where it has one.
type write struct {
	entry *held
	done  chan struct{} // closed when err is settled
	err   error
}

func newWrite(h *held) *write { return &write{entry: h, done: make(chan struct{})} }

// settle runs under the spool's mu.
func (w *write) settle(err error) {
	if w.err = err; err == nil && w.entry != nil {
		w.entry.written = nil
	}
	close(w.done)
}

func newClass(name string, key [32]byte, bytes, atOnce int) *class {
	c := &class{
		name: name, sealer: sealer{key, uint64(bytes)},
		room: make(chan []byte, atOnce), wake: make(chan struct{}, 1), stopped: make(chan struct{}),
	}
	for range atOnce {
		c.room <- nil
	}
	return c
}

// forAnybody is how many reports without a nullifier may wait: three quarters,
// so that whoever floods the open lane keeps nobody with a proof from
// reporting, and nobody from adding to a report.
func (c *class) forAnybody() int { return (3*c.slots + 3) / 4 }

func (c *class) slotSize() int64    { return int64(c.data) + page }
func (c *class) at(slot int) int64  { return page + int64(slot)*c.slotSize() }
func (c *class) length(n int) int64 { return c.at(n) }

// buffer waits for one of the buffers; give returns it.
func (c *class) buffer(ctx context.Context) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case buf := <-c.room:
		if buf == nil {
			buf = make([]byte, c.slotSize())
		}
		return buf, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *class) give(buf []byte) { c.room <- buf }

// pick takes one of the free slots, each as likely as any other but for 2^-44.
func (c *class) pick(drawn [8]byte) int {
	n, _ := bits.Mul64(binary.BigEndian.Uint64(drawn[:]), uint64(len(c.free)))
	slot := c.free[n]
	last := len(c.free) - 1
	c.free[n] = c.free[last]
	c.free = c.free[:last]
	return int(slot)
}

// overwrite fills a slot with noise, through a buffer of any length.
func (c *class) overwrite(slot int, n noise, buf []byte) error {
	return scrub(c.file, c.at(slot), c.at(slot+1), n, buf)
}

func scrub(f file, from, to int64, n noise, buf []byte) error {
	for from < to {
		part := buf[:min(int64(len(buf)), to-from)]
		n.fill(part)
		if _, err := f.WriteAt(part, from); err != nil {
			return err
		}
		from += int64(len(part))
	}
	return nil
}
