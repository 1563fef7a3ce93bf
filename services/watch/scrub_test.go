package watch_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/view"
	"suyuan/services/watch"
)

// change writes into the ledger's file behind the store's back.
func (h *house) change(statement string, args ...any) {
	h.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(h.dir, "ledger.db"))
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := db.Exec(statement, args...)
	if err = errors.Join(err, db.Close()); err != nil {
		h.t.Fatal(err)
	}
	if n, _ := r.RowsAffected(); n == 0 {
		h.t.Fatalf("%s changed nothing", statement)
	}
}

func (h *house) scrub() watch.Scrub {
	return watch.Scrub{
		Log: h.store, Verifier: h.verifier, Faults: quiet,
		Damaged: func(err error) { h.t.Errorf("damage: %v", err) }, Pause: func(context.Context) error { return nil },
	}
}

// What changes underneath a ledger that is being served is found, and named.
func TestScrubFindsDamage(t *testing.T) {
	for name, c := range map[string]struct {
		statement string
		ordinal   uint64
	}{
		"data":                           {`UPDATE events SET data = replace(data, '单位', '别名') WHERE position = 3`, 3},
		"metadata":                       {`UPDATE events SET meta = replace(meta, 'unit.register"', 'unit.removed!"') WHERE position = 2`, 2},
		"an id":                          {`UPDATE events SET id = zeroblob(16) WHERE position = 5`, 5},
		"the checkpoint":                 {`UPDATE events SET data = replace(data, '"size":5', '"size":4') WHERE position = 6`, 6},
		"one removed":                    {`DELETE FROM events WHERE position = 4`, 4},
		"one behind the last checkpoint": {`UPDATE events SET data = replace(data, '单位', '别名') WHERE position = 7`, 7},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			h.units(0, 5)
			if err := h.checkpoints().Sign(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.units(5, 2)
			s := h.scrub()
			if err := s.Once(t.Context()); err != nil {
				t.Fatalf("before anything changed: %v", err)
			}
			h.change(c.statement)
			err := s.Once(t.Context())
			d, ok := errors.AsType[*ledger.Damage](err)
			if !ok || d.Ordinal != c.ordinal || !errors.Is(err, ledger.ErrDamaged) {
				t.Fatalf("%v, want damage at ordinal %d", err, c.ordinal)
			}
		})
	}
}

// Two events of different streams that change places keep every stream whole;
// the checkpoint tells.
func TestScrubFindsSwappedStreams(t *testing.T) {
	h := open(t)
	h.units(0, 4)
	if err := h.checkpoints().Sign(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.change(`UPDATE events SET position = -2 WHERE position = 2`)
	h.change(`UPDATE events SET position = 2 WHERE position = 3`)
	h.change(`UPDATE events SET position = 3 WHERE position = -2`)
	d, ok := errors.AsType[*ledger.Damage](h.scrub().Once(t.Context()))
	if !ok || d.Ordinal > 4 {
		t.Fatalf("%v", d)
	}
}

// A snapshot whose last event stands in the log says nothing of those before
// it: the same events in another order, whole in themselves.
func TestScrubFindsAnotherFold(t *testing.T) {
	one, other := open(t), open(t)
	for i := range 3 {
		one.units([]int{0, 1, 2}[i], 1)
		other.units([]int{1, 0, 2}[i], 1)
	}
	path := filepath.Join(t.TempDir(), "rows")
	if _, err := one.view.Save(path); err != nil {
		t.Fatal(err)
	}
	v := one.fresh()
	if err := errors.Join(v.Load(path), v.Check(t.Context(), other.store)); err != nil {
		t.Fatalf("the last event tells already: %v", err)
	}
	other.units(3, 1)
	if err := v.Catch(t.Context(), other.store); err != nil {
		t.Fatal(err)
	}
	s := other.scrub()
	s.Folded = folded(v)
	d, ok := errors.AsType[*ledger.Damage](s.Once(t.Context()))
	if !ok || !strings.Contains(d.Why, "1 to 4") || !strings.Contains(d.Why, "snapshot removed") {
		t.Errorf("a read model of another log: %v", d)
	}
	s.Folded = folded(one.view)
	if err := s.Once(t.Context()); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("a read model that is behind: %v", err)
	}
	s = one.scrub()
	s.Folded = folded(other.view)
	if err := s.Once(t.Context()); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("a log that ends before what was folded: %v", err)
	}
	for _, h := range []*house{one, other} {
		s := h.scrub()
		s.Folded = folded(h.view)
		if err := s.Once(t.Context()); err != nil {
			t.Errorf("its own: %v", err)
		}
	}
}

// A read model that has not folded all of the log is held against what it has.
func TestScrubOfAFoldThatIsBehind(t *testing.T) {
	h := open(t)
	h.units(0, 2)
	s := h.scrub()
	size, root, _, _ := h.view.State()
	s.Folded = func() (uint64, ledger.Hash) { return size, root }
	h.units(2, 3)
	if err := s.Once(t.Context()); err != nil {
		t.Error(err)
	}
	root[0] ^= 1
	if err := s.Once(t.Context()); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("another root: %v", err)
	}
	size, root = 0, ledger.Hash{}
	if err := s.Once(t.Context()); err != nil {
		t.Errorf("nothing folded yet: %v", err)
	}
}

func folded(v *view.View) func() (uint64, ledger.Hash) {
	return func() (uint64, ledger.Hash) {
		size, root, _, _ := v.State()
		return size, root
	}
}

// Run scrubs at every tick, tells of damage once and ends.
func TestScrubRun(t *testing.T) {
	h := open(t)
	h.units(0, 3)
	s := h.scrub()
	var found []error
	s.Damaged = func(err error) { found = append(found, err) }
	looks := 0
	s.Verify = func(context.Context) error {
		looks++
		if looks == 1 {
			return errors.New("busy") // a fault, but no damage: the next look settles it
		}
		return nil
	}
	tick, ended := make(chan time.Time), make(chan struct{})
	go func() { defer close(ended); s.Run(t.Context(), tick) }()
	tick <- h.now
	tick <- h.now
	tick <- h.now // the two before are over
	select {
	case <-ended:
		t.Fatal("it ended on a whole ledger")
	default:
	}
	h.change(`UPDATE events SET type = 'unit.renamed' WHERE position = 2`)
	select {
	case tick <- h.now:
	case <-ended: // the third look was still on its way and found it
	}
	<-ended
	if len(found) != 1 || !errors.Is(found[0], ledger.ErrDamaged) || looks < 3 {
		t.Fatalf("%d looks, found %v", looks, found)
	}
}

// The engine's own check comes first, and what it finds is damage too.
func TestScrubAsksTheEngine(t *testing.T) {
	h := open(t)
	h.units(0, 1)
	s := h.scrub()
	s.Verify = func(context.Context) error { return &ledger.Damage{Ordinal: 1, Why: "the engine says so"} }
	if err := s.Once(t.Context()); !errors.Is(err, ledger.ErrDamaged) {
		t.Error(err)
	}
}

func TestScrubStops(t *testing.T) {
	h := open(t)
	h.units(0, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := h.scrub()
	s.Run(ctx, nil)
	if err := s.Once(ctx); err == nil || errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("interrupted, it says %v", err)
	}
}
