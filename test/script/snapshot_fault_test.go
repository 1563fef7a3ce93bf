package script

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What a snapshot spared the start is read at once beside the requests. A
// ledger found damaged has no snapshot from then on, so that the next start
// takes nothing from its first moment.
func TestSnapshotOfDamagedLedger(t *testing.T) {
	good := kept(t, largeLedger(t).closed)
	all := rows(t, copied(t, good))
	_, covered := checkpoints(t, all)
	forged := append([]row{}, all...)
	after := covered[0] + 100 // the second checkpoint tells
	forged[after].meta = strings.Replace(forged[after].meta, `"account":"`, `"account":"x`, 1)
	for name, c := range map[string]struct {
		dir     string
		ordinal uint64
	}{
		"a byte of data": {alter(t, good, "UPDATE events SET data = substr(data, 1, length(data) - 3) || char(unicode(substr(data, -3, 1)) + 1) || substr(data, -2) WHERE position = 400"), 400},
		"one is missing": {alter(t, good, "DELETE FROM events WHERE position = 500"), 500},
		"forged":         {forge(t, good, forged), covered[0] + 1},
	} {
		t.Run(name, func(t *testing.T) {
			out, stderr, code := command(t, nil, "export", "--data", c.dir, "--as", "auditor", "--to", filepath.Join(t.TempDir(), "export"))
			if code != 1 || out != "" || !strings.Contains(stderr, fmt.Sprintf("ordinal %d: ", c.ordinal)) {
				t.Errorf("export: status %d, %s%s", code, out, stderr)
			}
			s := startsFrom(t, c.dir, uint64(len(all)))
			for end := time.Now().Add(patience); healthz(t, s).Status == "ok"; time.Sleep(20 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("long after the start nothing is found")
				}
			}
			clerk := token(t, c.dir, "--role", "clerk", "--unit", "990101001")
			readsOnly(t, s, clerk, c.ordinal)
			if w := get(t, s.url+"/mandates"); !strings.Contains(w.body, fmt.Sprintf("账本第 %d 号事件", c.ordinal)) {
				t.Error("the page does not say which event")
			}
			gone := func(when string) {
				t.Helper()
				if _, err := os.Stat(filepath.Join(c.dir, snapshotFile)); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%s the snapshot is still there: %v", when, err)
				}
			}
			gone("once damage was found")
			if !strings.Contains(metricsOf(t, s), "\nsuyuan_snapshot_timestamp_seconds 0\n") {
				t.Error("the figures speak of a snapshot")
			}
			if err := s.end(syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			s = serve(t, "--data", c.dir, "--snapshot-every", "1")
			if h := healthz(t, s); h.Status != "read-only" {
				t.Errorf("started again: %+v", h)
			}
			readsOnly(t, s, clerk, c.ordinal)
			s.stop(t)
			gone("after the next stop")
		})
	}
}

// Killed while a snapshot is written, a server starts again with the one
// before or none, and removes what was half done.
func TestSnapshotKill(t *testing.T) {
	const rounds = 12
	dir := kept(t, largeLedger(t).closed)
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	caught := 0
	for round := range rounds {
		s := serve(t, "--data", dir, "--snapshot-every", "1")
		if ordinal, against := spared(t, s); ordinal == 0 || len(against) > 0 || len(halves(t, dir)) > 0 {
			t.Fatalf("round %d: it started from ordinal %d, said %q and left %v", round, ordinal, against, halves(t, dir))
		}
		for earlier := range round {
			if w := get(t, s.url+fmt.Sprintf("/documents/saved-%d", earlier)); w.status != http.StatusOK {
				t.Fatalf("round %d: what round %d recorded: %d", round, earlier, w.status)
			}
		}
		key := fmt.Sprintf("saved-%d", round)
		if w := submit(t, s, clerk, "document.register", key, paper(key)); w.status != http.StatusCreated {
			t.Fatalf("%s: %d %s", key, w.status, w.body)
		}
		if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		for len(halves(t, dir)) == 0 && !s.ended() {
		}
		time.Sleep(time.Duration(round) * 300 * time.Microsecond) // at another point each time
		if err := s.end(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		if len(halves(t, dir)) > 0 {
			caught++
		}
	}
	if caught == 0 {
		t.Errorf("none of %d was killed while it saved", rounds)
	}
	overwrite(t, filepath.Join(dir, snapshotFile+".new-12345"), []byte("half a snapshot"))
	if err := os.Mkdir(filepath.Join(dir, "view.snapshots"), 0o700); err != nil {
		t.Fatal(err)
	}
	serve(t, "--data", dir, "--snapshot-every", "1").stop(t)
	snapshotOf(t, dir)
	if _, err := os.Stat(filepath.Join(dir, "view.snapshots")); err != nil {
		t.Error("what is not ours was removed:", err)
	}
	sound(t, dir)
}

// A snapshot that cannot be written costs the next start some time and nobody
// anything else.
func TestSnapshotNotWritten(t *testing.T) {
	large := largeLedger(t).closed
	t.Run("no room", func(t *testing.T) {
		dir := kept(t, large)
		before := snapshotOf(t, dir)
		limit := len(before) / 2 // as if the disk were full: at most that much to a file
		s := &server{cmd: exec.Command("sh", "-c", fmt.Sprintf(`ulimit -f %d && exec "$0" "$@"`, limit/1024), binary, "serve", "--listen", "127.0.0.1:0", "--data", dir, "--snapshot-every", "1"), done: make(chan struct{})}
		begin(t, s)
		writesOn(t, s, dir, "no-room")
		if _, against := spared(t, s); len(against) != 1 || !strings.HasPrefix(against[0], "ERROR the snapshot was not saved") {
			t.Errorf("it said %q: %s", against, s.err.String())
		}
		if !bytes.Equal(snapshotOf(t, dir), before) {
			t.Error("the snapshot of before is not what it was")
		}
	})
	t.Run("something in its place", func(t *testing.T) {
		dir := copied(t, large)
		if err := os.MkdirAll(filepath.Join(dir, snapshotFile, "something"), 0o700); err != nil {
			t.Fatal(err)
		}
		s := serve(t, "--data", dir, "--snapshot-every", "1")
		writesOn(t, s, dir, "in-its-place")
		_, against := spared(t, s)
		if len(against) != 2 || !strings.HasPrefix(against[0], "WARN ") || !strings.HasPrefix(against[1], "ERROR the snapshot was not saved") {
			t.Errorf("it said %q", against)
		}
	})
	t.Run("the folder is gone", func(t *testing.T) {
		data, store := copied(t, large), t.TempDir()
		for _, name := range []string{"ledger.db"} {
			if err := os.Rename(filepath.Join(data, name), filepath.Join(store, name)); err != nil {
				t.Fatal(err)
			}
		}
		s := serve(t, "--data", data, "--store", "sqlite:"+store, "--snapshot-every", "1")
		writesOnWith(t, s, token(t, data, "--role", "clerk", "--unit", "990101001"), "folder-gone", func() {
			if err := os.Rename(data, data+"-gone"); err != nil {
				t.Fatal(err)
			}
		})
		if _, against := spared(t, s); len(against) != 1 || !strings.HasPrefix(against[0], "ERROR the snapshot was not saved") {
			t.Errorf("it said %q", against)
		}
	})
}

// begin starts a server of a command of the test's own.
func begin(t testing.TB, s *server) {
	t.Helper()
	s.cmd.Env, s.cmd.Stdout, s.cmd.Stderr = environment(), &s.out, &s.err
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = s.cmd.Wait()
		s.code = s.cmd.ProcessState.ExitCode()
		close(s.done)
	}()
	t.Cleanup(func() { _ = s.end(syscall.SIGKILL) })
	if err := s.ready(); err != nil {
		t.Fatal(err)
	}
}

// writesOn wants a server to take a command, to stop well, and the command to
// be there afterwards.
func writesOn(t testing.TB, s *server, dir, key string) {
	t.Helper()
	writesOnWith(t, s, token(t, dir, "--role", "clerk", "--unit", "990101001"), key, func() {})
	if left := halves(t, dir); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
	found(t, dir, 0, "after a snapshot that was not saved")
	again := serve(t, "--data", dir)
	if w := get(t, again.url+"/documents/"+key); w.status != http.StatusOK {
		t.Errorf("%s: %d", key, w.status)
	}
	again.stop(t)
}

func writesOnWith(t testing.TB, s *server, clerk, key string, then func()) {
	t.Helper()
	if w := submit(t, s, clerk, "document.register", key, paper(key)); w.status != http.StatusCreated {
		t.Fatalf("%s: %d %s", key, w.status, w.body)
	}
	then()
	s.stop(t)
}
