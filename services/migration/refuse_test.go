package migration_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"suyuan/services/checkpoint"
	"suyuan/services/ledger"
	"suyuan/services/migration"
)

// A target that holds anything but the source's own beginning is refused, and
// stays as it was.
func TestRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	w.some(t, 12)
	source := all(t, w.log)
	// begun is a target with so many events of the source.
	begun := func(t *testing.T, n int) ledger.Log {
		to := store(t)
		for _, e := range source[:n] {
			if _, err := to.Append(t.Context(), e.Stream, ledger.Exactly(e.Revision-1), e.Record); err != nil {
				t.Fatal(err)
			}
		}
		return to
	}
	appended := func(t *testing.T, to ledger.Log, stream string, expect ledger.Expect, r ledger.Record) ledger.Log {
		if _, err := to.Append(t.Context(), stream, expect, r); err != nil {
			t.Fatal(err)
		}
		return to
	}
	foreign := ledger.Record{ID: ledger.EventID("other", "k", 0), Type: "other.happened", Data: json.RawMessage(`{}`), Meta: json.RawMessage(`{"a":1}`)}
	for _, c := range []struct {
		name string
		to   func(t *testing.T) ledger.Log
		rule string
		says []string
	}{
		{"one event of another application", func(t *testing.T) ledger.Log { return appended(t, store(t), "unit-9", ledger.NoStream, foreign) }, "migrate.target_other", []string{"its event 1, unit-9 0 (other.happened)", "第 1 个事件"}},
		{"another ledger", func(t *testing.T) ledger.Log {
			o := newWorld(t, store(t))
			o.add(t, "unit-99-0", `{"n":1}`)
			o.some(t, 2)
			return o.log
		}, "migrate.target_other", []string{"its event 1"}},
		{"a beginning and something else", func(t *testing.T) ledger.Log {
			return appended(t, begun(t, 20), "unit-9", ledger.NoStream, foreign)
		}, "migrate.target_other", []string{"its event 21"}},
		{"a beginning in another order", func(t *testing.T) ledger.Log {
			to := begun(t, 20)
			for _, i := range []int{21, 20} {
				e := source[i]
				appended(t, to, e.Stream, ledger.Exactly(e.Revision-1), e.Record)
			}
			return to
		}, "migrate.target_other", []string{"its event 21"}},
		{"more than the source", func(t *testing.T) ledger.Log {
			return appended(t, begun(t, len(source)), "unit-9", ledger.NoStream, foreign)
		}, "migrate.target_longer", []string{fmt.Sprintf("ends after event %d,", len(source))}},
	} {
		t.Run(c.name, func(t *testing.T) {
			to := c.to(t)
			refusedUnchanged(t, w, to, to, c.rule, append(c.says, "Nothing was written", "没有写入任何内容")...)
		})
	}
	for what, change := range map[string]func(*ledger.Recorded){
		"id":       func(e *ledger.Recorded) { e.ID[15] ^= 1 },
		"stream":   func(e *ledger.Recorded) { e.Stream += "x" },
		"revision": func(e *ledger.Recorded) { e.Revision++ },
		"type":     func(e *ledger.Recorded) { e.Type += "x" },
		"data":     func(e *ledger.Recorded) { e.Data = append(slices.Clone(e.Data), ' ') },
		"metadata": func(e *ledger.Recorded) { e.Meta = append([]byte{'{', ' '}, e.Meta[1:]...) },
		"ordinal":  func(e *ledger.Recorded) { e.Position.Ordinal++ },
	} {
		t.Run("another "+what, func(t *testing.T) {
			to := begun(t, 20)
			refusedUnchanged(t, w, &faulty{Log: to, change: func(e ledger.Recorded) ledger.Recorded {
				if e.Position.Ordinal == 13 {
					change(&e)
				}
				return e
			}}, to, "migrate.target_other", "its event 13", "Nothing was written", map[bool]string{true: "has another id, data or metadata", false: "is not the one the source has there"}[what == "id" || what == "data" || what == "metadata" || what == "ordinal"])
		})
	}
}

func refusedUnchanged(t *testing.T, w *world, to, under ledger.Log, rule string, says ...string) {
	t.Helper()
	was := all(t, under)
	report, err := migration.Copy(t.Context(), w.log, to, migration.Options{Verifier: w.verifier})
	refusal(t, err, rule, says...)
	now := all(t, under)
	if len(now) != len(was) || report.Written != 0 {
		t.Fatalf("%d events were in the target, %d are; %+v", len(was), len(now), report)
	}
	for i := range was {
		if !equal(was[i], now[i]) {
			t.Errorf("event %d was changed", i+1)
		}
	}
}

// Damage in the source is not carried on: not one event that does not check,
// and what was written before is said.
func TestDamagedSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	w.some(t, 12)
	at := func(ordinal uint64, change func(*ledger.Recorded)) ledger.Log {
		return &faulty{Log: w.log, change: func(e ledger.Recorded) ledger.Recorded {
			if e.Position.Ordinal == ordinal {
				change(&e)
			}
			return e
		}}
	}
	target := store(t)
	for range 2 { // the second finds what the first has written
		_, err := migration.Copy(t.Context(), at(20, func(e *ledger.Recorded) { e.Data = json.RawMessage(`{"n":99}`) }), target, migration.Options{})
		refusal(t, err, "migrate.source_damaged", "ordinal 20", "Restore a backup")
		if n := begins(t, target, w.log); n >= 20 || n < 15 {
			t.Errorf("%d events were written before the damage", n)
		}
	}
	report, err := migration.Copy(t.Context(), w.log, target, migration.Options{Verifier: w.verifier})
	if err != nil {
		t.Fatal(err)
	}
	copied(t, w, target, report)

	_, verifier, err := checkpoint.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, err = migration.Copy(t.Context(), w.log, store(t), migration.Options{Verifier: verifier})
	refusal(t, err, "migrate.source_damaged", "the checkpoint's signature is not good", "events 1 to")
}

// A target that takes events and reads otherwise is not called a copy.
func TestVerifies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	w.some(t, 12)
	for what, c := range map[string]struct {
		change func(*faulty)
		rule   string
	}{
		"changed": {func(f *faulty) {
			f.change = func(e ledger.Recorded) ledger.Recorded {
				if e.Position.Ordinal == 30 {
					e.Data = json.RawMessage(`{}`)
				}
				return e
			}
		}, "migrate.target_damaged"},
		"shorter": {func(f *faulty) {
			f.read = func(e ledger.Recorded) error {
				if e.Position.Ordinal == 30 {
					return errEnd
				}
				return nil
			}
		}, "migrate.unequal"},
	} {
		t.Run(what, func(t *testing.T) {
			to := &faulty{Log: store(t)}
			to.after = func() error { c.change(to); return nil }
			_, err := migration.Copy(t.Context(), w.log, to, migration.Options{})
			refusal(t, err, c.rule, "events 1 to 49 were written")
		})
	}
}

// Two that copy the same at once are in each other's way at worst: neither
// puts anything out of its order.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	w.some(t, 40)
	target := store(t)
	type end struct {
		migration.Report
		err error
	}
	ends := make(chan end)
	for range 2 {
		go func() {
			r, err := migration.Copy(t.Context(), w.log, target, migration.Options{Verifier: w.verifier})
			ends <- end{r, err}
		}()
	}
	for range 2 {
		if e := <-ends; e.err != nil || e.Found+e.Written != e.Events || e.Events != uint64(w.tree.Size()) || e.Root != w.root(t) {
			t.Errorf("%+v", e)
		}
	}
	if n := begins(t, target, w.log); n != int(w.tree.Size()) {
		t.Errorf("%d events", n)
	}
}

// An append of a run that was killed may arrive late, in other portions, and
// any number of them: it is found to be the source's own, and the copy goes on
// behind it.
func TestLateArrivals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	w.some(t, 24)
	target, late := store(t), 0
	to := &faulty{Log: target}
	source := all(t, w.log)
	to.before = func() error {
		n := len(all(t, target))
		if n+2 < len(source) && source[n].Stream == source[n+2].Stream { // the first of a run of three
			late++
			_, err := target.Append(t.Context(), source[n].Stream, ledger.Exactly(source[n].Revision-1), source[n].Record)
			return err
		}
		return nil
	}
	waits := 0
	report, err := migration.Copy(t.Context(), w.log, to, migration.Options{Verifier: w.verifier, Wait: hurried(&waits)})
	if err != nil || late < 20 || report.Found != 0 {
		t.Fatalf("%d arrived late: %+v, %v", late, report, err)
	}
	copied(t, w, target, report)
}

// Somebody else's event between two of ours is found, and named.
func TestSomebodyElseWrites(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	w.some(t, 12)
	foreign := ledger.Record{ID: ledger.EventID("other", "k", 0), Type: "other.happened", Data: json.RawMessage(`{}`), Meta: json.RawMessage(`{"a":1}`)}
	for stream, c := range map[string]struct{ rule, says string }{
		"document-11": {"migrate.target_other", "document-11 0 (other.happened)"}, // which the copy comes to
		"document-99": {"migrate.target_damaged", "ordinal 10"},                   // which it does not
	} {
		target := store(t)
		to, n := &faulty{Log: target}, 0
		to.after = func() error {
			if n++; n == 5 {
				_, err := target.Append(t.Context(), stream, ledger.NoStream, foreign)
				return err
			}
			return nil
		}
		_, err := migration.Copy(t.Context(), w.log, to, migration.Options{})
		refusal(t, err, c.rule, c.says)
	}
}

// A stream that does not read as it takes appends is not tried for ever.
func TestHiddenStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	w.some(t, 3)
	target, waits := store(t), 0
	foreign := ledger.Record{ID: ledger.EventID("other", "k", 0), Type: "other.happened", Data: json.RawMessage(`{}`), Meta: json.RawMessage(`{"a":1}`)}
	if _, err := target.Append(t.Context(), "document-0", ledger.NoStream, foreign); err != nil {
		t.Fatal(err)
	}
	report, err := migration.Copy(t.Context(), w.log, &faulty{Log: target, read: func(ledger.Recorded) error { return errEnd }}, migration.Options{Wait: hurried(&waits)})
	refusal(t, err, "migrate.target_moved", "document-0", "events 1 to 1 were written")
	if waits == 0 || waits > 5 || report.Written != 1 {
		t.Errorf("tried again %d times, %+v", waits, report)
	}
}
