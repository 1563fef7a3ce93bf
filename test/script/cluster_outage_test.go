package script

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The cluster goes and comes while it is served.
func TestClusterOutage(t *testing.T) {
	t.Parallel()
	c, dir := newCluster(t), filepath.Join(t.TempDir(), "data")
	s := serve(t, "--demo", "--data", dir, "--store", c.soon())
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	kept := map[string]receipt{}
	write := func(key string) {
		t.Helper()
		w := submit(t, s, clerk, "document.register", key, paper(key))
		if w.status != http.StatusCreated {
			t.Fatalf("%s: %d %s", key, w.status, w.body)
		}
		kept[key] = read[receipt](t, w.body)
	}
	for round := range 3 {
		write(fmt.Sprint("before-", round))
		before, _ := standing(t, s)
		c.kill()
		// What is known is shown; what is sent is refused with a sentence.
		key := fmt.Sprint("meanwhile-", round)
		for _, lang := range []string{"en", "zh-CN"} {
			asks := submission(s, clerk, "document.register", key, paper(key))
			asks.headers = append(asks.headers, "Accept-Language: "+lang)
			w := request(t, asks)
			said := refused(t, w)
			if w.status != http.StatusServiceUnavailable || said.Code != "unavailable" || said.Message == "" || strings.Contains(w.body, c.address) {
				t.Errorf("a command without the cluster: %d %s", w.status, w.body)
			}
			if chinese := said.Message[0] > 127; chinese != (lang == "zh-CN") {
				t.Errorf("asked in %s, told %q", lang, said.Message)
			}
		}
		isHealthy(t, s, "unreachable")
		for _, path := range []string{"/", "/mandates/farmland-600/units/990101001002", "/units/990101001", "/documents/before-" + fmt.Sprint(round), "/events/45"} {
			if w := get(t, s.url+path); w.status != http.StatusOK {
				t.Errorf("GET %s without the cluster: %d", path, w.status)
			}
		}
		if n, _ := standing(t, s); n != before {
			t.Errorf("the ledger went from %d to %d", before, n)
		}
		if figures := metricsOf(t, s); !strings.Contains(figures, "\nsuyuan_store_unreachable 1\n") {
			t.Error("the figures do not say that the cluster is out of reach")
		}
		c.start(t)
		isHealthy(t, s, "ok") // by itself: nobody has sent anything
		if figures := metricsOf(t, s); !strings.Contains(figures, "\nsuyuan_store_unreachable 0\n") {
			t.Error("the figures do not say that the cluster is back")
		}
		write(key)
	}
	// It ends well without its cluster too; what it could not sign, the next one does.
	write("last")
	c.kill()
	s.stop(t)
	c.start(t)

	s = serve(t, "--data", dir, "--store", c.soon())
	for key, was := range kept {
		w := submit(t, s, clerk, "document.register", key, paper(key))
		is := read[receipt](t, w.body)
		was.Repeated = true
		if w.status != http.StatusCreated || fmt.Sprint(is) != fmt.Sprint(was) {
			t.Errorf("%s was acknowledged as %+v and is %d %s", key, was, w.status, w.body)
		}
	}
	s.stop(t)
	ran(t, "verify", "--data", dir, "--store", c.url)
}

// A cluster that hangs takes nothing and refuses nothing: who sends is told
// so in the end, and sends again. What was on its way may still arrive, once.
func TestClusterHung(t *testing.T) {
	t.Parallel()
	c, dir := newCluster(t), filepath.Join(t.TempDir(), "data")
	s := serve(t, "--demo", "--data", dir, "--store", c.soon()+"&gossipTimeout=1")
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	for end := time.Now().Add(patience); strings.Contains(ask(t, s, "{ledger{checkpoint{__typename}}}", nil), "null"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing was signed")
		}
	}
	n, _ := standing(t, s)
	if err := c.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		w := submit(t, s, clerk, "document.register", "hung", paper("hung"))
		if said := refused(t, w); w.status != http.StatusServiceUnavailable || said.Code != "unavailable" {
			t.Errorf("a command while the cluster hangs: %d %s", w.status, w.body)
		}
	}
	isHealthy(t, s, "unreachable")
	if w := get(t, s.url+"/units/990101001"); w.status != http.StatusOK {
		t.Errorf("a page while the cluster hangs: %d", w.status)
	}
	if err := c.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	isHealthy(t, s, "ok")
	w := submit(t, s, clerk, "document.register", "hung", paper("hung"))
	if r := read[receipt](t, w.body); w.status != http.StatusCreated || r.Ordinal != fmt.Sprint(n+1) || r.Revision != 0 {
		t.Errorf("once the cluster goes on, at %d: %d %s", n, w.status, w.body)
	}
	if m, _ := standing(t, s); m != n+1 {
		t.Errorf("%d events were recorded, one was sent", m-n)
	}
	s.stop(t)
	ran(t, "verify", "--data", dir, "--store", c.url)
}

// A demonstration whose cluster dies half-way ends with a sentence, and the next
// run finishes it: the same events as those of one that was left alone.
func TestClusterKilledWhilePlaying(t *testing.T) {
	t.Parallel()
	c, dir := newCluster(t), filepath.Join(t.TempDir(), "data")
	s, err := launch(environment(), t.TempDir(), "--demo", "--data", dir, "--store", c.soon())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.end(syscall.SIGKILL) })
	for end := time.Now().Add(patience); !strings.Contains(s.err.String(), "[2/17] "); time.Sleep(time.Millisecond) {
		if s.ended() || time.Now().After(end) {
			t.Fatalf("it did not play: %s", s.err.String())
		}
	}
	c.kill()
	select {
	case <-s.done:
	case <-time.After(patience):
		t.Fatal("it goes on without its cluster")
	}
	lines := strings.Split(strings.TrimSpace(s.err.String()), "\n")
	if last := lines[len(lines)-1]; s.code != 1 || !strings.HasPrefix(last, "suyuan: ") || !strings.Contains(last, "cannot be reached") && !strings.Contains(last, "did not answer") || strings.Contains(s.out.String(), "portal") {
		t.Fatalf("status %d: %s", s.code, s.err.String())
	}
	c.start(t)
	s = serve(t, "--demo", "--data", dir, "--store", c.soon())
	if !strings.Contains(s.out.String(), "220 = 200 (county) + 20 (town)\n") || !strings.Contains(s.err.String(), "[17/17] ") {
		t.Errorf("the second run: %s%s", s.out.String(), s.err.String())
	}
	s.stop(t)
	size, root := firstCheckpoint(t, "--data", dir, "--store", c.url)
	if n, r := firstCheckpoint(t, "--data", demoFolder(t)); n != size || r != root {
		t.Errorf("the first checkpoint is over %d events, root %s; left alone over %d, %s", size, root, n, r)
	}
	if _, err := os.Stat(filepath.Join(dir, "demo-unfinished")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the mark of an unfinished demonstration: %v", err)
	}
}

// isHealthy waits for a status.
func isHealthy(t testing.TB, s *server, status string) {
	t.Helper()
	var h health
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if h = healthz(t, s); h.Status == status {
			return
		}
	}
	t.Fatalf("%+v, to be %s: %s", h, status, s.err.String())
}

// Killed while many write, the cluster has what was acknowledged, once and under
// the ordinal that was told.
func TestClusterKilled(t *testing.T) {
	t.Parallel()
	c, dir := newCluster(t), filepath.Join(t.TempDir(), "data")
	s := serve(t, "--demo", "--data", dir, "--store", c.soon())
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	const clients, each = 8, 12
	var mu sync.Mutex
	var writing sync.WaitGroup
	told, refusals := map[string]receipt{}, 0
	ready := make(chan struct{}, clients*each)
	for n := range clients {
		writing.Go(func() {
			for i := range each {
				key := fmt.Sprintf("killed-%d-%d", n, i)
				var w answered
				var err error
				for end := time.Now().Add(patience); time.Now().Before(end); {
					if w, err = do(submission(s, clerk, "document.register", key, paper(key))); err != nil || w.status != http.StatusServiceUnavailable {
						break
					}
					mu.Lock()
					refusals++
					mu.Unlock()
					time.Sleep(20 * time.Millisecond)
				}
				if err != nil || w.status != http.StatusCreated {
					t.Errorf("%s: %v %d %s", key, err, w.status, w.body)
					return
				}
				r := read[receipt](t, w.body)
				mu.Lock()
				told[key] = r
				mu.Unlock()
				ready <- struct{}{}
			}
		})
	}
	for range 3 {
		for range clients * each / 6 {
			<-ready
		}
		c.kill()
		counted := func() int {
			mu.Lock()
			defer mu.Unlock()
			return refusals
		}
		before := counted()
		for end := time.Now().Add(patience); counted() == before; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("nobody was refused while the cluster was dead")
			}
		}
		c.start(t)
	}
	writing.Wait()
	isHealthy(t, s, "ok")
	if len(told) != clients*each {
		t.Fatalf("%d of %d were written", len(told), clients*each)
	}
	seen := map[string]bool{}
	for key, r := range told {
		is := read[receipt](t, submit(t, s, clerk, "document.register", key, paper(key)).body)
		if !is.Repeated || is.Ordinal == "" || r.Ordinal != "" && r.Ordinal != is.Ordinal || is.Revision != 0 || seen[is.Ordinal] {
			t.Errorf("%s was told as %+v and is %+v", key, r, is)
		}
		seen[is.Ordinal] = true
	}
	s.stop(t)
	ran(t, "verify", "--data", dir, "--store", c.url)
}
