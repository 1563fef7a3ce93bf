package migration_test

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"suyuan/services/checkpoint"
	"suyuan/services/ledger"
	"suyuan/services/migration"
	"suyuan/services/store/esdb"
	"suyuan/services/store/wire/wiretest"
)

// cluster is a server over the wire and a log on it that passes other
// applications' streams over.
func cluster(t *testing.T, c wiretest.Config) (*wiretest.Server, *esdb.Store) {
	t.Helper()
	s, err := wiretest.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, client(t, s)
}

func client(t *testing.T, s *wiretest.Server) *esdb.Store {
	t.Helper()
	log, err := esdb.Open(t.Context(), s.URL(), esdb.WithCategories("unit", "document", "checkpoint"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	})
	return log
}

// order is another application's n-th event.
func order(t *testing.T, s *wiretest.Server, n int) {
	t.Helper()
	r := ledger.Record{ID: ledger.EventID("shop", "k", n), Type: "order.placed", Data: json.RawMessage(`{}`), Meta: json.RawMessage(`{}`)}
	if _, err := s.Store().Append(t.Context(), "order-1", ledger.Exactly(int64(n)-1), r); err != nil {
		t.Fatal(err)
	}
}

// To a cluster, with another application's events before, between and behind,
// and back: the same ledger each time, down to the root.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		t.Run(fmt.Sprintf("tls %v", secure), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, store(t))
			w.some(t, 40)
			s, there := cluster(t, wiretest.Config{TLS: secure})
			n := 0
			for ; n < 7; n++ {
				order(t, s, n)
			}
			between := &faulty{Log: there, after: func() error {
				order(t, s, n)
				n++
				return nil
			}}
			report, err := migration.Copy(t.Context(), w.log, between, migration.Options{Verifier: w.verifier})
			if err != nil {
				t.Fatal(err)
			}
			copied(t, w, there, report)
			back := store(t)
			report, err = migration.Copy(t.Context(), there, back, migration.Options{Verifier: w.verifier})
			if err != nil {
				t.Fatal(err)
			}
			copied(t, w, back, report)
			for name, log := range map[string]ledger.Log{"the source": w.log, "the cluster": there, "the copy back": back} {
				if r, err := checkpoint.Verify(t.Context(), log, w.verifier, nil); err != nil || r != report.Report {
					t.Errorf("%s: %+v, %v; want %+v", name, r, err, report.Report)
				}
			}
			// A cluster is refused like any other target.
			o := newWorld(t, store(t))
			o.add(t, "unit-other", `{}`)
			_, err = migration.Copy(t.Context(), o.log, there, migration.Options{})
			refusal(t, err, "migrate.target_other", "Nothing was written")
		})
	}
}

// Connections are cut and the server is killed and started again while the
// copy goes on, both ways: nothing is lost, doubled or out of order.
func TestCutOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	w.some(t, 60)
	s, there := cluster(t, wiretest.Config{Bare: true})
	troubled := func(every uint64) func(string, uint64, uint64) {
		last, turn := uint64(0), 0
		return func(stage string, done, _ uint64) {
			if stage != migration.Copying || done < last+every {
				return
			}
			last = done
			switch turn++; turn % 3 {
			case 0:
				if err := s.Restart(); err != nil {
					t.Error(err)
				}
			case 1:
				s.Cut()
			default:
				s.PersistButFail()
			}
		}
	}
	report, err := migration.Copy(t.Context(), w.log, there, migration.Options{Verifier: w.verifier, Progress: troubled(15)})
	if err != nil {
		t.Fatal(err)
	}
	copied(t, w, there, report)
	begins(t, s.Store(), w.log)
	back := store(t)
	report, err = migration.Copy(t.Context(), there, back, migration.Options{Verifier: w.verifier, Progress: troubled(20)})
	if err != nil {
		t.Fatal(err)
	}
	copied(t, w, back, report)
}

// The same at moments that have nothing to do with where the copy is, and with
// the copy ended and begun again by a client of its own.
func TestCutAnywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store(t))
	w.some(t, 60)
	s, _ := cluster(t, wiretest.Config{Bare: true})
	var cuts atomic.Int64
	end := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for wait := 3 * time.Millisecond; ; wait += wait / 10 { // longer and longer, so that it ends
			select {
			case <-time.After(wait):
				s.Cut()
				cuts.Add(1)
			case <-end:
				return
			}
		}
	}()
	runs := 0
	for ; runs < 50; runs++ {
		stop, n := 10*(runs+1), 0
		to := &faulty{Log: client(t, s), before: func() error {
			if n++; n == stop {
				return ledger.ErrReadOnly // ends this run
			}
			return nil
		}}
		report, err := migration.Copy(t.Context(), w.log, to, migration.Options{Verifier: w.verifier})
		begins(t, s.Store(), w.log)
		if err == nil {
			copied(t, w, s.Store(), report)
			break
		}
	}
	close(end)
	<-ended
	if runs < 2 || runs == 50 || cuts.Load() < 3 {
		t.Errorf("%d runs, %d cuts", runs, cuts.Load())
	}
}
