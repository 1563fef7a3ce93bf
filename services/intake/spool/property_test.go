package spool

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestModel runs any sequence of calls, restarts, kills and power cuts beside
// the naive model.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, model := newRAM(), newModel()
		slots := map[int]int{smallBytes: 3, largeBytes: 2}
		seed := 0
		var s *Spool
		open := func(t *rapid.T) {
			seed++
			var err error
			if s, err = start(m, testKey, shapes(slots[smallBytes], slots[largeBytes]), random(fmt.Sprint(seed))); err != nil {
				t.Fatal(err)
			}
			if err := model.settle(s); err != nil {
				t.Fatal(err)
			}
			for _, c := range s.classes {
				slots[int(c.data)] = c.slots // as many as entries, at least
			}
		}
		open(t)
		anything := func(t *rapid.T) Entry {
			name := rapid.IntRange(0, 30).Draw(t, "name")
			size := smallBytes
			if name%5 == 0 {
				size = largeBytes
			}
			nullifier := ""
			if name%2 == 0 {
				nullifier = fmt.Sprint(name % 7)
			}
			return entry(fmt.Sprint(name), fmt.Sprint(name%6), nullifier, name%3 == 0, size)
		}
		put := func(t *rapid.T) error {
			e := anything(t)
			err := s.Put(t.Context(), e)
			if wrong := model.put(e, slots[len(e.Data)], err); wrong != nil {
				t.Fatal(wrong)
			}
			return err
		}
		wipe := func(t *rapid.T) error {
			var ids [][32]byte
			for range rapid.IntRange(0, 3).Draw(t, "n") {
				ids = append(ids, anything(t).ID)
			}
			err := s.Clear(ids...)
			for _, id := range ids {
				model.clear(id, err)
			}
			return err
		}
		t.Repeat(map[string]func(*rapid.T){
			"put":  func(t *rapid.T) { _ = put(t) },
			"put2": func(t *rapid.T) { _ = put(t) },
			"clear": func(t *rapid.T) {
				if err := wipe(t); err != nil {
					t.Fatal(err)
				}
			},
			"stir": func(t *rapid.T) {
				if err := s.Stir(); err != nil {
					t.Fatal(err)
				}
			},
			"resize": func(t *rapid.T) {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				slots[smallBytes], slots[largeBytes] = rapid.IntRange(1, 6).Draw(t, "small"), rapid.IntRange(1, 4).Draw(t, "large")
				open(t)
			},
			"crash": func(t *rapid.T) {
				at := rapid.IntRange(0, 2).Draw(t, "step")
				keeps := rapid.SampledFrom([]int{-1, 0, sector, 9 * sector}).Draw(t, "keeps")
				silent := rapid.Bool().Draw(t, "power goes at once")
				left := at
				m.fault = func(int, string, int) fate {
					if left--; left >= 0 {
						return fate{}
					}
					return fate{fails: true, keeps: keeps, cut: silent}
				}
				for range 4 {
					err := put(t)
					if err == nil || !errors.Is(err, ErrStopped) {
						err = wipe(t)
					}
					if errors.Is(err, ErrStopped) {
						break
					}
				}
				if rapid.Bool().Draw(t, "kill") && !silent {
					m = m.killed()
				} else {
					m = m.powerCut(func() bool { return rapid.Bool().Draw(t, "sector") })
				}
				_ = s.Close()
				open(t)
			},
			"": func(t *rapid.T) {
				if err := model.sets(s); err != nil {
					t.Fatal(err)
				}
			},
		})
		_ = s.Close()
	})
}

// TestTorn: a slot of which any number of sectors arrived, from its begin or
// from its end, over noise or over what was there before, is free; the whole
// one is not.
func TestTorn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ bytes, every int }{{TextBytes, sector}, {PicturesBytes, 512 << 10}} {
		seal := sealer{testKey, uint64(c.bytes)}
		size := c.bytes + page
		slot, before := make([]byte, size), make([]byte, size)
		e, older := entry("new", "1", "n", false, c.bytes), entry("old", "2", "", true, c.bytes)
		random("salt").Read(slot)
		random("other salt").Read(before)
		seal.seal(slot, 7, &e)
		seal.seal(before, 7, &older)
		if _, ok := seal.open(append([]byte(nil), before...), 8); ok {
			t.Error("a slot that was moved opens")
		}
		got, ok := seal.open(append([]byte(nil), slot...), 7)
		if !ok || !same(got, e) {
			t.Fatal("the whole slot does not open")
		}
		var cuts []int
		for cut := c.every; cut < size; cut += c.every {
			cuts = append(cuts, cut)
		}
		for _, cut := range append(cuts, sector, page, size-sector) {
			for name, torn := range map[string][]byte{
				"begin": append(append([]byte(nil), slot[:cut]...), before[cut:]...),
				"end":   append(append([]byte(nil), before[:cut]...), slot[cut:]...),
			} {
				if _, ok := seal.open(torn, 7); ok {
					t.Errorf("%d bytes: torn at %d, %s: it opens", c.bytes, cut, name)
				}
			}
		}
	}
}

// TestStoppedIsOver: after a failed sync nothing is written or synced again,
// in neither file, and every call says why.
func TestStoppedIsOver(t *testing.T) {
	t.Parallel()
	m := newRAM()
	s := begin(t, m, 4, 4)
	m.fault = func(_ int, op string, _ int) fate { return fate{fails: op == "sync"} }
	if err := s.Put(t.Context(), entry("a", "1", "", false, smallBytes)); !errors.Is(err, ErrStopped) || !errors.Is(err, errFault) {
		t.Fatal(err)
	}
	m.fault = func(_ int, op string, _ int) fate { t.Errorf("%s after the failure", op); return fate{} }
	for name, err := range map[string]error{
		"put":   s.Put(t.Context(), entry("b", "2", "", false, largeBytes)),
		"same":  s.Put(t.Context(), entry("a", "1", "", false, smallBytes)),
		"clear": s.Clear(sum("a")),
		"stir":  s.Stir(),
		"read":  func() error { _, err := collect(s); return err }(),
	} {
		if !errors.Is(err, ErrStopped) {
			t.Errorf("%s: %v", name, err)
		}
	}
	end(t, s)
	if err := s.Put(context.Background(), entry("b", "2", "", false, smallBytes)); err == nil {
		t.Error("put after close")
	}
}

func collect(s *Spool) (all []Entry, err error) {
	for e, failed := range s.Ordered([32]byte{7}) {
		if failed != nil {
			return all, failed
		}
		e.Data = append([]byte(nil), e.Data...)
		all = append(all, e)
	}
	return all, nil
}
