package esdb

import (
	"context"
	"testing"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/store/storetest"
	"suyuan/services/store/wire/wiretest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		server := start(t, wiretest.Config{})
		log := open(t, server.URL())
		return storetest.Harness{
			Log: log,
			Reopen: func(t *testing.T) ledger.Log {
				if err := log.Close(); err != nil {
					t.Fatal(err)
				}
				if err := server.Restart(); err != nil {
					t.Fatal(err)
				}
				log = open(t, server.URL())
				return log
			},
			FailHalfway:    server.FailHalfway,
			PersistButFail: server.PersistButFail,
			Repeats:        true,
		}
	})
}

// start serves a fresh ledger.
func start(t testing.TB, c wiretest.Config) *wiretest.Server {
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
	return s
}

// open connects to a server, and goes again with the test.
func open(t testing.TB, url string, opts ...Option) *Store {
	t.Helper()
	s, err := Open(context.Background(), url, append([]Option{quickly}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// quickly takes the waiting out of tries.
func quickly(s *Store) {
	s.backoff = func(tries int) time.Duration { return min(time.Millisecond<<min(tries, 6), 50*time.Millisecond) }
}
