package migration_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/migration"
)

// What the source gains while it is copied is copied too; what it gains
// afterwards is told.
func TestGrowing(t *testing.T) {
	t.Parallel()
	for _, often := range []int{3, 1000} {
		w := newWorld(t, store(t))
		w.some(t, 4)
		target, n, verifying := store(t), 0, false
		to := &faulty{Log: target}
		to.after = func() error {
			if n++; n <= often {
				w.add(t, fmt.Sprintf("unit-more-%d", n%3), `{"more":1}`)
			}
			return nil
		}
		o := migration.Options{Verifier: w.verifier, Progress: func(stage string, _, _ uint64) {
			if stage == migration.Verifying && !verifying && often == 3 {
				verifying = true
				w.add(t, "unit-late", `{"late":1}`)
			}
		}}
		report, err := migration.Copy(t.Context(), w.log, to, o)
		if err != nil {
			t.Fatal(err)
		}
		if copied := begins(t, target, w.log); !report.Growing || report.Events != uint64(copied) || copied < 16+3 || copied >= int(w.tree.Size()) {
			t.Errorf("%d of %d events copied, %+v", copied, w.tree.Size(), report)
		}
		often = 0
		report, err = migration.Copy(t.Context(), w.log, target, o)
		if err != nil || report.Growing {
			t.Fatalf("%+v, %v", report, err)
		}
		copied(t, w, target, report)
	}
}

// What is there is not written again, and nothing at all is a ledger too.
func TestNothingToDo(t *testing.T) {
	t.Parallel()
	for _, turns := range []int{0, 12} {
		w, target := newWorld(t, store(t)), store(t)
		w.some(t, turns)
		for run := range 2 {
			report, err := migration.Copy(t.Context(), w.log, target, migration.Options{Verifier: w.verifier})
			if err != nil {
				t.Fatal(err)
			}
			copied(t, w, target, report)
			if run == 1 && report.Written+report.Appends != 0 || report.Growing {
				t.Errorf("run %d: %+v", run, report)
			}
		}
	}
}

// Runs of one stream go at once, as far as a cluster takes them; every stage
// is told to its end.
func TestRuns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	long := make([]string, ledger.MaxBatch)
	for i := range long {
		long[i] = fmt.Sprintf(`{"i":%d}`, i)
	}
	w.add(t, "unit-a", long...)
	w.add(t, "unit-a", long[:10]...)
	w.add(t, "unit-b", long...)
	w.add(t, "unit-a", `{}`)
	large := `{"text":"` + strings.Repeat("x", 500<<10) + `"}`
	w.add(t, "unit-a", large)
	w.add(t, "unit-a", large)
	w.add(t, "unit-a", large)
	w.add(t, "unit-b", long[:5]...)
	target := store(t)
	var sizes, bytes []int
	told := map[string]uint64{}
	report, err := migration.Copy(t.Context(), w.log, &counting{target, &sizes, &bytes}, migration.Options{Progress: func(stage string, done, of uint64) {
		if done > of {
			t.Errorf("%s: %d of %d", stage, done, of)
		}
		told[stage] = done
	}})
	if err != nil {
		t.Fatal(err)
	}
	copied(t, w, target, report)
	if fmt.Sprint(sizes) != "[256 10 256 2 1 1 5]" || report.Appends != 7 {
		t.Errorf("appends of %v events, %+v", sizes, report)
	}
	if slices.Max(bytes) > 1<<20-64<<10 {
		t.Errorf("an append of %d bytes is too near a cluster's limit", slices.Max(bytes))
	}
	if want := uint64(w.tree.Size()); told[migration.Copying] != want || told[migration.Verifying] != want {
		t.Errorf("told %v of %d events", told, want)
	}
}

// What is too large is said as a cluster counts it.
func TestRunIsCountedAsOnACluster(t *testing.T) {
	t.Parallel()
	source := newMemory()
	e, _, err := ledger.Seal(ledger.Hash{}, "unit-1", 0, ledger.Record{ID: ledger.EventID("unit-1", "test", 0), Type: "事𠀀", Data: json.RawMessage(`{}`), Meta: json.RawMessage(`{"n":1}`)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Append(t.Context(), "unit-1", ledger.NoStream, e); err != nil {
		t.Fatal(err)
	}
	_, err = migration.Copy(t.Context(), source, &faulty{Log: newMemory(), before: func() error { return ledger.ErrTooLarge }}, migration.Options{})
	refusal(t, err, "migrate.too_large", fmt.Sprintf("(%d bytes)", len(e.Data)+len(e.Meta)+6))
}

// counting notes how many events and bytes each append has.
type counting struct {
	ledger.Log
	events, bytes *[]int
}

func (c *counting) Append(ctx context.Context, stream string, expect ledger.Expect, events ...ledger.Record) (ledger.Position, error) {
	n := 0
	for _, e := range events {
		n += e.SizeOnCluster()
	}
	*c.events, *c.bytes = append(*c.events, len(events)), append(*c.bytes, n)
	return c.Log.Append(ctx, stream, expect, events...)
}
