package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"time"

	"suyuan/services/catalogue"
	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
	"suyuan/test/bench/nation"
	"suyuan/test/bench/table"
)

// open gives the nation's ledger, folded once for all sections.
func (b *bench) open(ctx context.Context) (*nation.House, error) {
	if b.house != nil {
		return b.house, nil
	}
	h, err := nation.OpenReadOnly(ctx, b.ledger())
	b.house = h
	return h, err
}

// fold folds the nation from its first event, and stops at the marks where
// two tasks have gone down the province, and all of them.
func (b *bench) fold(ctx context.Context) error {
	if err := b.stages(ctx); err != nil {
		return err
	}
	before := heap()
	cpu, err := worked(os.Getpid())
	if err != nil {
		return err
	}
	began := time.Now()
	if _, err := b.open(ctx); err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	after, err := worked(os.Getpid())
	if err != nil {
		return err
	}
	b.add(table.Row{Section: "fold", What: "refold, assignments", Measured: float64(b.made.Assignments) / took, Unit: "/s", Target: 200_000})
	b.add(table.Row{Section: "fold", What: "refold, events", Measured: float64(b.made.Events) / took, Unit: "/s"})
	b.add(table.Row{Section: "fold", What: "refold of the whole log", Measured: took, Unit: "s"})
	b.add(table.Row{Section: "fold", What: "refold, processor time", Measured: after - cpu, Unit: "s"})
	b.add(table.Row{Section: "fold", What: "heap that the rows take", Measured: float64(heap()-before) / (1 << 20), Unit: "MB"})
	return b.tenfold(ctx)
}

// stages times the parts of a refold alone, each over the whole log.
func (b *bench) stages(ctx context.Context) error {
	store, err := sqlite.OpenReadOnly(b.ledger())
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	events, err := catalogue.Events()
	if err != nil {
		return err
	}
	chain := ledger.NewChain()
	var check, meta, decode time.Duration
	began := time.Now()
	for e, err := range store.All(ctx, ledger.Position{}) {
		if err != nil {
			return err
		}
		t := time.Now()
		if _, err := chain.Next(e); err != nil {
			return err
		}
		u := time.Now()
		m, err := ledger.ParseMeta(e.Record)
		if err != nil {
			return err
		}
		v := time.Now()
		if _, err := events.Decode(e.Record, m.Version); err != nil {
			return err
		}
		check, meta, decode = check+u.Sub(t), meta+v.Sub(u), decode+time.Since(v)
	}
	read := time.Since(began) - check - meta - decode
	for _, s := range []struct {
		what string
		took time.Duration
	}{{"read and link", read}, {"check hashes", check}, {"read metadata", meta}, {"decode", decode}} {
		b.add(table.Row{Section: "fold", What: "stage alone: " + s.what, Measured: s.took.Seconds(), Unit: "s"})
	}
	return nil
}

// tenfold compares two tasks down the province with twenty, folded one after
// the other on top of the nation.
func (b *bench) tenfold(ctx context.Context) error {
	few := len(b.made.Marks[1:]) / 10
	if few == 0 {
		return nil
	}
	t := &tenfold{bench: b, few: few}
	store, err := sqlite.OpenReadOnly(b.ledger())
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	return t.run(ctx, store)
}

// tenfold is a second fold beside the first.
type tenfold struct {
	*bench
	few  int
	view *view.View
}

// at is what was found at one size.
type at struct {
	took  float64 // seconds of the processors: others' work does not count
	bytes int64
	trace float64
}

func (t *tenfold) run(ctx context.Context, store *sqlite.Store) error {
	events, err := catalogue.Events()
	if err != nil {
		return err
	}
	if t.view, err = view.New(events, ""); err != nil {
		return err
	}
	marks := t.made.Marks
	sizes := []uint64{marks[0].To, marks[t.few].To, marks[10*t.few].To}
	var found []at
	var used int64
	var spent float64
	began, err := worked(os.Getpid())
	if err != nil {
		return err
	}
	for e, err := range store.All(ctx, ledger.Position{}) {
		if err == nil {
			err = t.view.Apply(e)
		}
		if err != nil {
			return err
		}
		if len(found) == len(sizes) || e.Position.Ordinal != sizes[len(found)] {
			continue
		}
		pause, err := worked(os.Getpid())
		if err != nil {
			return err
		}
		a := at{took: pause - began - spent}
		if used == 0 {
			used = heap()
		}
		a.bytes = heap() - used
		if a.trace, err = t.ask(); err != nil {
			return err
		}
		after, err := worked(os.Getpid())
		if err != nil {
			return err
		}
		spent += after - pause
		found = append(found, a)
	}
	if len(found) < len(sizes) {
		return fmt.Errorf("the ledger ends after %d of %d marks", len(found), len(sizes))
	}
	t.report(found[0], found[1], found[2])
	return nil
}

// ask is the median of a national trace in the largest province.
func (t *tenfold) ask() (float64, error) {
	within := t.nation.Villages(t.nation.Largest())
	f, err := sample(t.calls/10, func(i int) error {
		var err error
		t.view.Read(func(r *view.Rows) { err = traced(r.Traces("nation", t.village(within, i), nation.Key, view.Now)) })
		return err
	})
	return f.p50, err
}

func (t *tenfold) report(none, few, many at) {
	note := fmt.Sprintf("%d tasks of %d assignments, then %d", t.few, t.made.Marks[1].Assignments, 10*t.few)
	ratio := func(what string, x, target float64, atMost bool) {
		t.add(table.Row{Section: "fold", What: what, Measured: x, Unit: "×", Target: target, AtMost: atMost, Note: note})
	}
	ratio("ten times the tasks: trace", many.trace/few.trace, 1.25, true)
	ratio("ten times the tasks: processor time to fold them", (many.took-none.took)/(few.took-none.took), 12.5, true)
	ratio("ten times the tasks: memory", float64(many.bytes-none.bytes)/float64(few.bytes-none.bytes), 12.5, true)
	for _, s := range []struct {
		n int
		a at
	}{{t.few, few}, {10 * t.few, many}} {
		t.add(table.Row{Section: "fold", What: fmt.Sprintf("%d tasks: fold, processor time", s.n), Measured: s.a.took - none.took, Unit: "s"})
		t.add(table.Row{Section: "fold", What: fmt.Sprintf("%d tasks: memory", s.n), Measured: float64(s.a.bytes) / (1 << 20), Unit: "MB"})
		t.add(table.Row{Section: "fold", What: fmt.Sprintf("%d tasks: trace p50", s.n), Measured: s.a.trace, Unit: "s"})
	}
}

// heap is how many bytes live.
func heap() int64 {
	runtime.GC()
	runtime.GC() // what the first one's finalizers let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
