package view

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
)

// A snapshot is written while readers read: it changes nothing, not even for
// a moment and by the same again.
func TestSnapshotWhileReading(t *testing.T) {
	w := newWorld(t, t.TempDir())
	t.Cleanup(func() { _ = w.log.Close() })
	fewEvents(w)
	v := w.fresh()
	for _, e := range w.records() {
		w.must(v.Apply(e))
	}
	v.rows.assignments = append(v.rows.assignments, assignmentRow{})
	v.rows.assignments[0].reported = []reportRow{{value: 1, event: 1}}
	v.rows.issuances[0].merge = map[int32]string{0: "sum"}
	v.rows.sheets[sheetKey{of: "sheet"}] = &sheetRow{n: 1, parts: map[int]int32{1: 0}}
	v.Read(func(*Rows) {}) // ranked
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				_, _, _, _ = v.State()
				v.Read(func(r *Rows) {
					_, _ = r.Traces("task", "99", "", Now)
					for range 1000 {
						_, _ = r.assignments[0].reported[0], r.issuances[0].merge[0]
						_ = r.sheets[sheetKey{of: "sheet"}].parts[1]
					}
				})
			}
		})
	}
	for range 20 {
		if _, err := v.Save(filepath.Join(t.TempDir(), "rows")); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	readers.Wait()
}
