package spool

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// story is a life of the spool with everything that writes in it. It ends at
// the first failure; the last call that failed is in doubt.
func story(m *ram, model *model) error {
	sizes := [2]int{5, 3}
	var s *Spool
	open := func() (err error) {
		s, err = start(m, testKey, shapes(sizes[0], sizes[1]), random("story"))
		return err
	}
	put := func(e Entry) func() error {
		return func() error {
			err := s.Put(context.Background(), e)
			slots := sizes[0]
			if len(e.Data) == largeBytes {
				slots = sizes[1]
			}
			if wrong := model.put(e, slots, err); wrong != nil {
				return wrong
			}
			return err
		}
	}
	wipe := func(names ...string) func() error {
		return func() error {
			var ids [][32]byte
			for _, name := range names {
				ids = append(ids, sum(name))
			}
			err := s.Clear(ids...)
			for _, id := range ids {
				model.clear(id, err)
			}
			return err
		}
	}
	a := entry("a", "1", "n", false, smallBytes)
	for _, do := range []func() error{
		open,
		put(a), put(a),
		put(entry("b", "1", "", true, smallBytes)),
		put(entry("p", "2", "m", false, largeBytes)),
		wipe("a"),
		put(entry("c", "1", "n", false, smallBytes)),
		func() error { return s.Stir() },
		wipe("b", "c", "p"),
		put(entry("d", "3", "", false, smallBytes)),
		put(entry("e", "3", "", true, largeBytes)),
		func() error { return s.Close() },
		func() error { sizes = [2]int{2, 6}; return open() },
		put(entry("f", "4", "o", false, smallBytes)),
		func() error { return s.Close() },
		func() error { sizes = [2]int{7, 1}; return open() },
		put(entry("g", "5", "", false, smallBytes)),
		wipe("d"),
	} {
		if err := do(); err != nil {
			if s != nil {
				if again := s.Put(context.Background(), entry("z", "9", "", false, smallBytes)); errors.Is(err, ErrStopped) && !errors.Is(again, ErrStopped) {
					return fmt.Errorf("after a failure another was taken: %v", again)
				}
				_ = s.Close()
			}
			return err
		}
	}
	return s.Close()
}

// TestFaults fails every write, sync, rename and removal of the story in every
// way there is, then kills the process or cuts the power, and holds the spool
// to what it had acknowledged: once, and again after what was in doubt was
// sent once more and the power cut at once.
func TestFaults(t *testing.T) {
	t.Parallel()
	var ops []string
	var lengths []int
	m := newRAM()
	m.fault = func(_ int, op string, length int) fate {
		ops, lengths = append(ops, op), append(lengths, length)
		return fate{}
	}
	if err := story(m, newModel()); err != nil {
		t.Fatal(err)
	}
	runs := 0
	for at, op := range ops {
		fates := []fate{{fails: true, keeps: -1}, {fails: true}, {cut: true, keeps: -1}, {cut: true}}
		switch op {
		case "sync":
			fates = append(fates, fate{fails: true, partial: true}, fate{cut: true, partial: true})
		case "write":
			for k := sector; k < lengths[at]; k += sector {
				fates = append(fates, fate{fails: true, keeps: k}, fate{cut: true, keeps: k})
			}
		case "fill":
			fates = append(fates, fate{fails: true, keeps: sector}, fate{cut: true, keeps: sector})
		}
		for _, f := range fates {
			for after, next := range afters {
				torn := f.keeps > 0 || op == "fill" // nothing rests on a file that is being made
				if torn && after != "killed" && after != "power cut, all arrived" {
					continue // what is torn already is not torn again
				}
				for _, deaf := range []bool{false, true} {
					if torn && deaf {
						continue
					}
					runs++
					if err := faulted(at, f, next, deaf); err != nil {
						t.Fatalf("step %d, %s of %d bytes, %+v, then %s, deaf %v: %v", at, op, lengths[at], f, after, deaf, err)
					}
				}
			}
		}
	}
	t.Logf("%d steps, %d runs", len(ops), runs)
}

// afters are how the process ends after the fault.
var afters = map[string]func(*ram) *ram{
	"killed":                  (*ram).killed,
	"power cut, all arrived":  func(m *ram) *ram { return m.powerCut(func() bool { return true }) },
	"power cut, none arrived": func(m *ram) *ram { return m.powerCut(func() bool { return false }) },
	"power cut, few arrived":  func(m *ram) *ram { n := 0; return m.powerCut(func() bool { n++; return n%3 == 0 }) },
	"power cut, most arrived": func(m *ram) *ram { n := 0; return m.powerCut(func() bool { n++; return n%3 != 0 }) },
}

func faulted(at int, f fate, after func(*ram) *ram, deaf bool) error {
	m, model := newRAM(), newModel()
	m.deaf = deaf
	m.fault = func(step int, _ string, _ int) fate {
		if step == at {
			return f
		}
		return fate{}
	}
	if err := story(m, model); err == nil {
		return errors.New("nobody noticed")
	} else if !errors.Is(err, errFault) {
		return err
	}
	doubt := model.maybe
	m = after(m)
	s, err := start(m, testKey, shapes(7, 7), random("after"))
	if err != nil {
		return err
	}
	if err := model.settle(s); err != nil {
		return err
	}
	for _, e := range doubt {
		if err := model.put(e, 7, s.Put(context.Background(), e)); err != nil {
			return fmt.Errorf("sent once more: %w", err)
		}
	}
	m = m.powerCut(func() bool { return false })
	_ = s.Close()
	if s, err = start(m, testKey, shapes(7, 7), random("at last")); err != nil {
		return err
	}
	if err := model.settle(s); err != nil {
		return fmt.Errorf("after another power cut: %w", err)
	}
	for name := range m.names {
		if name != "text.spool" && name != "pictures.spool" {
			return fmt.Errorf("%s was left", name)
		}
	}
	return s.Close()
}

// TestTwice: a clearing that failed, and that a deaf kernel shows as done, may
// leave two slots with one entry after the next power cut. Cleared then, it is
// gone from both.
func TestTwice(t *testing.T) {
	t.Parallel()
	m := newRAM()
	m.deaf = true
	a := entry("a", "1", "n", false, smallBytes)
	s := begin(t, m, 12, 1)
	if err := s.Put(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	first := s.byID[a.ID].slot
	m.fault = func(_ int, op string, _ int) fate {
		if op == "sync" {
			return fate{fails: true, keeps: -1}
		}
		return fate{}
	}
	if err := s.Clear(a.ID); !errors.Is(err, ErrStopped) {
		t.Fatal(err)
	}
	end(t, s)
	m = m.killed()
	if s = begin(t, m, 12, 1); s.Has(a.ID) {
		t.Fatal("the kernel was not deaf")
	}
	if err := s.Put(t.Context(), a); err != nil || s.byID[a.ID].slot == first {
		t.Fatalf("again: %v, in slot %d as before", err, first)
	}
	m = m.powerCut(func() bool { return false })
	_ = s.Close()
	for _, want := range []int{1, 0} {
		s = begin(t, m, 12, 1)
		if all, err := collect(s); err != nil || len(all) != want || s.Len() != want || len(s.classes[0].free) != 12-want {
			t.Errorf("%d wait, want %d, %v", len(all), want, err)
		}
		if err := s.Clear(a.ID); err != nil {
			t.Error(err)
		}
		end(t, s)
		m = m.powerCut(func() bool { return false })
	}
}
