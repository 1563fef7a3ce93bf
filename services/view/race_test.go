package view

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"suyuan/services/ledger"
)

// Readers never meet rows in motion, nor ranks that lack a unit.
func TestReadsWhileFolding(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	for i := range 60 {
		code := fmt.Sprintf("9901010010%02d", i+10)
		s.do(admin, "unit.register", object{"code": code, "name": code, "kind": "village", "parent": town})
		s.pass(fmt.Sprint("i", i), county, code, "5", nil)
	}
	log := s.records()
	v := s.fresh()
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				readAll(t, v)
			}
		})
	}
	for _, e := range log {
		s.must(v.Apply(e))
	}
	stop()
	readers.Wait()
	if d := differ(answers(s.view), answers(v)); d != "" {
		t.Error(d)
	}
}

func readAll(t *testing.T, v *View) {
	v.Read(func(r *Rows) {
		if _, err := r.Units(UnitQuery{Within: town}, whole); err != nil {
			t.Error(err)
		}
		c, err := r.Cascade("task", "area", "", Now, whole)
		if err != nil {
			t.Error(err)
		}
		if c != nil && len(c.Rows.Items) > 0 {
			if _, err := r.Traces("task", c.Rows.Items[0].Unit.Code, "", Now); err != nil {
				t.Error(err)
			}
		}
	})
	v.Look(func(f any, _ uint64) { _, _ = f.(facts).Unit(town) })
	v.State()
}

// Wait returns once the fold is there, and with its context.
func TestWait(t *testing.T) {
	s := newScene(t)
	log := s.records()
	v := s.fresh()
	last := log[len(log)-1].Position
	done := make(chan error, 1)
	go func() { done <- v.Wait(t.Context(), last) }()
	for _, e := range log {
		select {
		case <-done:
			t.Fatal("too early")
		default:
		}
		s.must(v.Apply(e))
	}
	s.must(<-done)
	short, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	beyond := ledger.Position{Commit: last.Commit + 1, Prepare: last.Prepare + 1, Ordinal: last.Ordinal + 1}
	if err := v.Wait(short, beyond); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

// An event that arrives while a snapshot is written waits without keeping
// readers out.
func TestReadersPassWhileTheFoldWaits(t *testing.T) {
	w := small(t)
	fewEvents(w)
	all := w.records()
	v := w.folded(all[:len(all)-1])
	v.Read(func(*Rows) {}) // ranked
	v.folding.Lock()       // as Save holds it
	v.mu.RLock()
	begun, done := make(chan struct{}), make(chan error)
	go func() {
		close(begun)
		done <- v.Apply(all[len(all)-1])
	}()
	<-begun
	for range 1000 {
		if !v.mu.TryRLock() {
			t.Fatal("a reader is kept out by an event that waits")
		}
		v.mu.RUnlock()
		runtime.Gosched()
	}
	v.mu.RUnlock()
	v.folding.Unlock()
	w.must(<-done)
}
