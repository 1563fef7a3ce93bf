package intake

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// keyFiles are the names in a folder's keys.
func keyFiles(t *testing.T, dir string) (names []string) {
	t.Helper()
	list, err := os.ReadDir(filepath.Join(dir, "keys"))
	must(t, err)
	for _, f := range list {
		names = append(names, f.Name())
	}
	return names
}

// refused starts the program and demands that it says which keys it misses, a
// second time too, and that the folder of the keys is then as it was.
func refused(t *testing.T, dir, missing string) {
	t.Helper()
	before := keyFiles(t, dir)
	for range 2 {
		out, code := ending(t, "serve", "--data", dir, "--listen", "127.0.0.1:0", "--report-listen", "127.0.0.1:0", "--spool-text", "256", "--spool-pictures", "2")
		if code != 1 || !strings.Contains(out, "keys.reports_absent") || !strings.Contains(out, missing) {
			t.Errorf("without %s: %d %s", missing, code, out)
		}
		if after := keyFiles(t, dir); !slices.Equal(before, after) {
			t.Errorf("without %s: the keys were %v and are %v", missing, before, after)
		}
	}
}

// ending runs the program, which must end by itself.
func ending(t *testing.T, args ...string) (out string, code int) {
	t.Helper()
	path, err := binary()
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, path, args...)
	c.Env = append(os.Environ(), "LANG=en")
	text, _ := c.CombinedOutput()
	return string(text), c.ProcessState.ExitCode()
}

// entered waits until a report is on record.
func entered(t *testing.T, s *server, who *sender) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		_, answer, err := send(t, &http.Client{Timeout: patience}, s.report, octets, who.box[:])
		must(t, err)
		if strings.Contains(string(answer), `"state":"registered"`) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("never entered")
		}
	}
}

// A reporting key that is lost is asked for: neither are the others taken away
// nor a new one made, whether reports wait or are on record. Once it is put
// back, what was taken in is there.
func TestLostKey(t *testing.T) {
	dir, temp := house(t), t.TempDir()
	aside := t.TempDir()
	lose := func(name string) {
		t.Helper()
		must(t, os.Rename(filepath.Join(dir, "keys", name), filepath.Join(aside, name)))
	}
	restore := func(name string) {
		t.Helper()
		must(t, os.Rename(filepath.Join(aside, name), filepath.Join(dir, "keys", name)))
	}
	s := serve(t, dir, temp)
	who := newSender(900)
	if status, answer, err := send(t, &http.Client{Timeout: patience}, s.report, octets, who.report(t, 1)); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s %v", status, answer, err)
	}
	s.stop()
	for _, name := range []string{"service.id", "engine.key"} { // it waits
		lose(name)
		refused(t, dir, name)
		restore(name)
	}
	must(t, os.RemoveAll(filepath.Join(dir, "cut-done")))
	s = serve(t, dir, temp, "--cut-every", "100ms")
	entered(t, s, who)
	s.stop()
	lose("service.id") // it is on record
	refused(t, dir, "service.id")
	must(t, os.RemoveAll(filepath.Join(dir, "spool"))) // as put back from a backup
	refused(t, dir, "service.id")
	lose("engine.key")
	refused(t, dir, "service.id")
	restore("engine.key")
	restore("service.id")
	s = serve(t, dir, temp)
	entered(t, s, who)
	s.stop()
}

// A first start that was interrupted while the keys were made goes on where it
// stopped, as nothing rests on them yet.
func TestInterruptedFirstStart(t *testing.T) {
	dir, temp := house(t), t.TempDir()
	for _, name := range []string{"spool.key", "service.id"} {
		must(t, os.Remove(filepath.Join(dir, "keys", name)))
	}
	s := serve(t, dir, temp)
	who := newSender(901)
	if status, answer, err := send(t, &http.Client{Timeout: patience}, s.report, octets, who.report(t, 1)); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s %v", status, answer, err)
	}
	s.stop()
	if names := keyFiles(t, dir); !slices.Contains(names, "service.id") || !slices.Contains(names, "spool.key") {
		t.Errorf("the keys: %v", names)
	}
}
