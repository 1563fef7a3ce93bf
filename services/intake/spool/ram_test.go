package spool

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"

	"suyuan/services/store/hold"
)

const sector = 512

// A ram is a filesystem of which a power cut takes what was not synced, sector
// by sector as it pleases, and which fails where a test says so.
type ram struct {
	mu      sync.Mutex
	names   map[string]*inode
	taken   bool
	gone    bool // the machine is off: nothing has an effect any more
	steps   int
	counts  map[string]int
	fault   func(step int, op string, length int) fate
	deaf    bool   // forgets nothing
	reading func() // called by every read, before it reads
	gate    func() // called by every sync, before it has an effect
}

// A fate is what becomes of one write, sync, rename or removal.
type fate struct {
	fails   bool // it says that it failed
	keeps   int  // of a write: only the first bytes arrive; -1: nothing; of others: -1: no effect; 0: all
	cut     bool // and then the power is gone
	partial bool // of a sync: only every other sector arrives
}

var errFault = errors.New("injected")

type inode struct {
	view, disk []byte // what is read; what a power cut leaves
	pending    []span
	syncing    bool
}

type span struct{ from, to int }

func newRAM() *ram { return &ram{names: map[string]*inode{}, counts: map[string]int{}} }

func (m *ram) step(op string, length int) fate {
	m.steps++
	m.counts[op]++
	if m.fault == nil {
		return fate{}
	}
	return m.fault(m.steps-1, op, length)
}

func (m *ram) end(f fate) error {
	if f.cut {
		m.gone = true
	}
	if f.fails || f.cut {
		return errFault
	}
	return nil
}

// powerCut is the machine after it was switched off and on. What was written
// and not synced is there where keep says so, for each sector.
func (m *ram) powerCut(keep func() bool) *ram {
	m.mu.Lock()
	defer m.mu.Unlock()
	next := newRAM()
	next.deaf = m.deaf
	for name, n := range m.names {
		disk := slices.Clone(n.disk)
		for _, p := range n.pending {
			if len(disk) < p.to {
				disk = append(disk, make([]byte, p.to-len(disk))...)
			}
			for at := p.from; at < p.to; at = (at/sector + 1) * sector {
				if end := min((at/sector+1)*sector, p.to); keep() {
					copy(disk[at:end], n.view[at:end])
				}
			}
		}
		next.names[name] = &inode{view: slices.Clone(disk), disk: disk}
	}
	m.gone = true
	return next
}

// killed is the machine after the process was killed: the kernel has it all.
func (m *ram) killed() *ram {
	m.mu.Lock()
	defer m.mu.Unlock()
	next := newRAM()
	next.deaf = m.deaf
	for name, n := range m.names {
		next.names[name] = &inode{view: slices.Clone(n.view), disk: slices.Clone(n.disk), pending: slices.Clone(n.pending)}
	}
	m.gone = true
	return next
}

func (m *ram) hold() (io.Closer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.taken {
		return nil, hold.ErrHeld
	}
	m.taken = true
	return ramLock{m}, nil
}

type ramLock struct{ m *ram }

func (l ramLock) Close() error {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	l.m.taken = false
	return nil
}

func (m *ram) open(name string) (file, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := m.names[name]; n != nil {
		return &ramFile{m, n}, nil
	}
	return nil, os.ErrNotExist
}

func (m *ram) create(name string) (file, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.step("create", 0)
	if m.gone {
		return nil, errFault
	}
	if f.keeps >= 0 && m.names[name] == nil {
		m.names[name] = &inode{}
	}
	return &ramFile{m, m.names[name]}, m.end(f)
}

func (m *ram) rename(from, to string, _ file) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.step("rename", 0)
	if m.gone {
		return errFault
	}
	if f.keeps >= 0 {
		m.names[to] = m.names[from]
		delete(m.names, from)
	}
	return m.end(f)
}

func (m *ram) remove(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.step("remove", 0)
	if m.gone {
		return errFault
	}
	if f.keeps >= 0 {
		delete(m.names, name)
	}
	return m.end(f)
}

type ramFile struct {
	m *ram
	n *inode
}

func (f *ramFile) Close() error      { return nil }
func (f *ramFile) soon(int64, int64) {}

func (f *ramFile) forget() {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	if !f.m.deaf && len(f.n.pending) == 0 {
		f.n.view = slices.Clone(f.n.disk)
	}
}

func (f *ramFile) size() (int64, error) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	return int64(len(f.n.view)), nil
}

func (f *ramFile) ReadAt(buf []byte, at int64) (int, error) {
	if f.m.reading != nil {
		f.m.reading()
	}
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	if f.m.gone {
		return 0, errFault
	}
	if int(at)+len(buf) > len(f.n.view) {
		return 0, io.ErrUnexpectedEOF
	}
	return copy(buf, f.n.view[at:]), nil
}

func (f *ramFile) grow(size int64) error {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	fate := f.m.step("grow", 0)
	if f.m.gone {
		return errFault
	}
	if fate.keeps >= 0 {
		view := make([]byte, size)
		copy(view, f.n.view)
		f.n.view, f.n.disk, f.n.pending = view, slices.Clone(view), nil
	}
	return f.m.end(fate)
}

func (f *ramFile) WriteAt(buf []byte, at int64) (int, error) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	op := "write"
	if f.m.names["text.spool"] != f.n && f.m.names["pictures.spool"] != f.n {
		op = "fill" // of a file that is being made, or is done with
	}
	fate := f.m.step(op, len(buf))
	if f.m.gone {
		return 0, errFault
	}
	n := len(buf)
	if fate.keeps > 0 {
		n = fate.keeps
	}
	if fate.keeps >= 0 {
		copy(f.n.view[at:], buf[:n])
		f.n.pending = append(f.n.pending, span{int(at), int(at) + n})
	}
	if err := f.m.end(fate); err != nil {
		return 0, err
	}
	return len(buf), nil
}

// sync that fails leaves the pages clean: they are read as they were written,
// and no later sync brings them to disk.
func (f *ramFile) sync() error {
	f.m.mu.Lock()
	if f.n.syncing {
		panic("two syncs of one file at a time: a failure is told to one of them only")
	}
	f.n.syncing = true
	pending := f.n.pending
	f.n.pending = nil
	f.m.mu.Unlock()
	if f.m.gate != nil {
		f.m.gate()
	}
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	f.n.syncing = false
	fate := f.m.step("sync", 0)
	if f.m.gone {
		return errFault
	}
	for i, p := range pending {
		for at, odd := p.from, i; at < p.to; at, odd = at+sector, odd+1 {
			if fate.keeps >= 0 && (!fate.partial || odd%2 == 0) {
				end := min(at+sector, p.to)
				copy(f.n.disk[at:end], f.n.view[at:end])
			}
		}
	}
	return f.m.end(fate)
}

// seeded is randomness for tests, not safe for many: the spool says it reads
// it from one goroutine at a time.
type seeded struct{ *rand.ChaCha8 }

func random(seed string) seeded {
	var s [32]byte
	copy(s[:], seed)
	return seeded{rand.NewChaCha8(s)}
}

var testKey = [32]byte{1, 2, 3}

const smallBytes, largeBytes = 1024, 3072

func shapes(small, large int) []shape {
	return []shape{{"text.spool", smallBytes, small, 8}, {"pictures.spool", largeBytes, large, 2}}
}

func begin(t testing.TB, m *ram, small, large int) *Spool {
	t.Helper()
	s, err := start(m, testKey, shapes(small, large), random(fmt.Sprint(small, large, m.steps)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func end(t testing.TB, s *Spool) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func yieldTo() { runtime.Gosched() }

// count is how many of these there were.
func (m *ram) count(op string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counts[op]
}
