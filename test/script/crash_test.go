package script

import (
	"fmt"
	"net/http"
	"reflect"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// kill -9 under 64 clients: every entry that was acknowledged is there
// afterwards, at the ordinal it was given and only once.
func TestKill(t *testing.T) {
	const rounds, clients = 3, 64
	dir := demoFolder(t)
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	for round := range rounds {
		s := serve(t, "--data", dir)
		acknowledged := flood(t, s, clerk, round, clients, 300*(round+1))
		if len(acknowledged) < clients {
			t.Fatalf("round %d: %d entries only were acknowledged", round, len(acknowledged))
		}
		found(t, dir, 0, "after the kill in round %d", round)

		s = serve(t, "--data", dir)
		for key, was := range acknowledged {
			w := submit(t, s, clerk, "document.register", key, paper(key))
			is := read[receipt](t, w.body)
			was.Repeated = true
			if w.status != http.StatusCreated || !reflect.DeepEqual(is, was) {
				t.Fatalf("round %d: %s was acknowledged as %+v and is %d %s", round, key, was, w.status, w.body)
			}
		}
		s.stop(t)
		once := map[string]int{}
		for _, r := range rows(t, copied(t, dir)) {
			once[r.stream]++
		}
		for key := range acknowledged {
			if n := once["document-"+key]; n != 1 {
				t.Errorf("round %d: %s is there %d times", round, key, n)
			}
		}
	}
}

// flood lets clients write, each as fast as it is answered, and kills the
// server when so many entries were acknowledged.
func flood(t *testing.T, s *server, token string, round, clients, enough int) map[string]receipt {
	t.Helper()
	var mu sync.Mutex
	var count atomic.Int64
	var writing sync.WaitGroup
	acknowledged := map[string]receipt{}
	full := make(chan struct{})
	for c := range clients {
		writing.Go(func() {
			for n := 0; ; n++ {
				key := fmt.Sprintf("round-%d-%d-%d", round, c, n)
				w, err := do(submission(s, token, "document.register", key, paper(key)))
				if err != nil {
					return // the server is gone; nothing was promised
				}
				if w.status != http.StatusCreated {
					t.Errorf("%s: %d %s", key, w.status, w.body)
					return
				}
				mu.Lock()
				acknowledged[key] = read[receipt](t, w.body)
				mu.Unlock()
				if count.Add(1) == int64(enough) {
					close(full)
				}
			}
		})
	}
	select {
	case <-full:
	case <-s.done:
		t.Fatalf("the server ended by itself: %s", s.err.String())
	}
	if err := s.end(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	writing.Wait()
	client.CloseIdleConnections()
	return acknowledged
}
