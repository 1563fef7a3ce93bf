package esdb

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/store/wire/wiretest"
)

// load appends from many writers, each to a stream of its own, while a
// subscription follows and others read, and something goes wrong. It checks
// that every append was acknowledged, and that each of its events is there
// once, in All as in the subscription.
type load struct {
	writers, each, batch int
	halfway              chan struct{} // one for each writer that is halfway
}

func (l load) run(t *testing.T, s *Store, wrong func(done <-chan struct{})) {
	t.Helper()
	total := l.writers * l.each * l.batch
	l.halfway = make(chan struct{}, l.writers)
	var followed []ledger.Recorded
	var following, writing, others sync.WaitGroup
	following.Go(func() {
		var err error
		if followed, err = collect(s.Subscribe(t.Context(), ledger.Position{}), total); err != nil {
			t.Error("subscribe:", err)
		}
	})
	done := make(chan struct{})
	for n := range l.writers {
		writing.Go(func() { l.write(t, s, fmt.Sprintf("unit-%d", n)) })
	}
	others.Go(func() { wrong(done) })
	others.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			if _, err := collect(s.Stream(t.Context(), "unit-0", 0), -1); err != nil {
				t.Error("read:", err)
				return
			}
		}
	})
	writing.Wait()
	close(done)
	others.Wait()
	following.Wait()
	all, err := collect(s.All(t.Context(), ledger.Position{}), -1)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != total || len(followed) != total {
		t.Fatalf("%d in the log, %d followed, want %d", len(all), len(followed), total)
	}
	next := map[string]int64{}
	for i, e := range all {
		if f := followed[i]; f.Position != e.Position || f.ID != e.ID || !bytes.Equal(f.Data, e.Data) {
			t.Fatalf("event %d was followed as %s %d at %+v, is %s %d at %+v", i, f.Stream, f.Revision, f.Position, e.Stream, e.Revision, e.Position)
		}
		if e.Position.Ordinal != uint64(i)+1 || e.Revision != next[e.Stream] || e.ID != ledger.EventID(e.Stream, "load", int(e.Revision)) {
			t.Fatalf("event %d is %s %d at %+v", i, e.Stream, e.Revision, e.Position)
		}
		next[e.Stream]++
	}
}

func (l load) write(t *testing.T, s *Store, stream string) {
	for i := range l.each {
		events := make([]ledger.Record, l.batch)
		for j := range events {
			n := i*l.batch + j
			events[j] = ledger.Record{ID: ledger.EventID(stream, "load", n), Type: "test.happened", Data: fmt.Appendf(nil, `{"n":%d}`, n), Meta: []byte(`{}`)}
		}
		if _, err := s.Append(t.Context(), stream, ledger.Exactly(int64(i*l.batch)-1), events...); err != nil {
			t.Errorf("%s: %v", stream, err)
			return
		}
		if i == l.each/2 {
			l.halfway <- struct{}{}
		}
	}
}

func TestConnectionsAreCut(t *testing.T) {
	server := start(t, wiretest.Config{})
	s := open(t, server.URL(), WithCategories("unit"))
	cuts := 0
	load{writers: 8, each: 60, batch: 3}.run(t, s, func(done <-chan struct{}) {
		// As many cuts as there is time for, each once something new has come.
		at := server.Store().Head()
		for e := range server.Store().Subscribe(context.WithoutCancel(t.Context()), at) {
			if e.Position.Commit%100 == 0 {
				server.Cut()
				cuts++
			}
			select {
			case <-done:
				return
			default:
			}
			if e.Position.Commit >= 1400 {
				return
			}
		}
	})
	if cuts < 10 {
		t.Errorf("only %d cuts", cuts)
	}
}

// Of connections that were cut while many called, nothing is left: not of the
// client's either, which would lose some.
func TestCutsLeaveNothingBehind(t *testing.T) {
	server := start(t, wiretest.Config{})
	before := runtime.NumGoroutine()
	s := open(t, server.URL(), WithCategories("unit"))
	load{writers: 32, each: 40, batch: 1}.run(t, s, func(<-chan struct{}) {
		for e := range server.Store().Subscribe(context.WithoutCancel(t.Context()), server.Store().Head()) {
			if e.Position.Commit%20 == 0 {
				server.Cut()
			}
			if e.Position.Commit >= 1200 {
				return
			}
		}
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	settles(t, before)
}

func TestServerIsRestarted(t *testing.T) {
	server := start(t, wiretest.Config{})
	s := open(t, server.URL(), WithCategories("unit"))
	l := load{writers: 6, each: 40, batch: 2}
	l.run(t, s, func(done <-chan struct{}) {
		for range 4 {
			events := 0
			for range server.Store().Subscribe(t.Context(), server.Store().Head()) {
				if events++; events == 60 {
					break
				}
			}
			if err := server.Restart(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestLeaderChanges(t *testing.T) {
	server := start(t, wiretest.Config{Listen: []string{"127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"}})
	for name, url := range map[string]string{"all": server.URL(), "one": "esdb://" + server.Addresses()[1] + "?tls=false"} {
		server.Lead(0)
		s := open(t, url, WithCategories(name))
		for n, leader := range []int{0, 2, 1, 0} {
			server.Lead(leader)
			if n == 2 {
				server.Cut()
			}
			stream := name + "-1"
			if _, err := s.Append(t.Context(), stream, ledger.Exactly(int64(n)-1), record(n)); err != nil {
				t.Fatalf("%s, leader %d: %v", name, leader, err)
			}
			server.Lead((leader + 1) % 3)
			if events, err := collect(s.Stream(t.Context(), stream, 0), -1); err != nil || len(events) != n+1 {
				t.Fatalf("%s, leader %d: %d events, %v", name, leader, len(events), err)
			}
			server.Lead((leader + 2) % 3)
			if events, err := collect(s.All(t.Context(), ledger.Position{}), -1); err != nil || len(events) != n+1 {
				t.Fatalf("%s, leader %d: %d events in all, %v", name, leader, len(events), err)
			}
			if events, err := collect(s.Subscribe(t.Context(), ledger.Position{}), n+1); err != nil || len(events) != n+1 {
				t.Fatalf("%s, leader %d: %d events followed, %v", name, leader, len(events), err)
			}
		}
	}
}

func TestLeaderChangesUnderLoad(t *testing.T) {
	server := start(t, wiretest.Config{Listen: []string{"127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"}})
	s := open(t, "esdb://"+server.Addresses()[2]+"?tls=false", WithCategories("unit"))
	load{writers: 8, each: 40, batch: 2}.run(t, s, func(done <-chan struct{}) {
		for e := range server.Store().Subscribe(context.WithoutCancel(t.Context()), server.Store().Head()) {
			if e.Position.Commit%40 == 0 {
				server.Lead(int(e.Position.Commit/40) % 3)
			}
			if e.Position.Commit >= 600 {
				return
			}
		}
	})
}

// A subscriber that stops reading for a while, with far more coming than fits
// into any buffer between.
func TestSlowSubscriber(t *testing.T) {
	server := start(t, wiretest.Config{})
	s := open(t, server.URL(), WithCategories("unit"))
	const appends, batch = 40, 20
	put := func(from, n int) {
		events := make([]ledger.Record, n)
		for i := range events {
			events[i] = record(from + i)
			events[i].Data = fmt.Appendf(nil, `"%s"`, bytes.Repeat([]byte("x"), 20<<10))
		}
		if _, err := s.Append(t.Context(), "unit-1", ledger.Exactly(int64(from)-1), events...); err != nil {
			t.Fatal(err)
		}
	}
	put(0, 1)
	seen := 0
	for e, err := range s.Subscribe(t.Context(), ledger.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Revision != int64(seen) || e.Position.Ordinal != uint64(seen)+1 {
			t.Fatalf("event %d is revision %d at %+v", seen, e.Revision, e.Position)
		}
		if seen++; seen == 1 {
			for i := range appends {
				put(1+i*batch, batch)
			}
		}
		if seen == 1+appends*batch {
			break
		}
	}
}
