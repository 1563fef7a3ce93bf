package sqlite

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

func one(t *testing.T, s *Store, stream string) error {
	t.Helper()
	r, _ := event(stream, 0, ledger.Hash{})
	_, err := s.Append(t.Context(), stream, ledger.NoStream, r)
	return err
}

func TestSecondWriter(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], dir, "0")
	cmd.Env = append(os.Environ(), childRole+"=hold")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	_, err = Open(dir)
	e := ledger.AsError(err)
	if e.Code != ledger.Unavailable || e.Rule != "store.in_use" || !strings.Contains(e.Text.En, dir) || !strings.Contains(e.Text.Zh, "停") {
		t.Errorf("a second writer: %v", err)
	}
	reader, err := OpenReadOnly(dir)
	if err != nil {
		t.Fatalf("a reader beside the writer: %v", err)
	}
	if err := one(t, reader, "r-1"); !errors.Is(err, ledger.ErrReadOnly) {
		t.Errorf("append to a reader: %v", err)
	}
	stop(t, reader)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	s := start(t, dir) // the kernel let go of the lock
	if _, err := Open(dir); ledger.AsError(err).Rule != "store.in_use" {
		t.Errorf("a second writer in the same process: %v", err)
	}
	stop(t, s)
	stop(t, start(t, dir))
}

func TestAbsent(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	if _, err := OpenReadOnly(dir); !ledger.IsCode(err, ledger.NotFound) {
		t.Errorf("reading where nothing is: %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading made something: %v", err)
	}
	stop(t, start(t, dir))
	if err := os.WriteFile(filepath.Join(dir, "ledger.db"), []byte(strings.Repeat("not a database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("opening something else: %v", err)
	}
	if _, err := OpenReadOnly(dir); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("reading something else: %v", err)
	}
}

func TestReaderFollows(t *testing.T) {
	s := start(t, t.TempDir())
	reader, err := OpenReadOnly(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, reader)
	for n := range 3 {
		fill(t, s, 0)
		if err := one(t, s, string(rune('a'+n))); err != nil {
			t.Fatal(err)
		}
		events := 0
		for _, err := range reader.All(t.Context(), ledger.Position{}) {
			if err != nil {
				t.Fatal(err)
			}
			events++
		}
		for _, err := range reader.Stream(t.Context(), string(rune('a'+n)), 0) {
			if err != nil {
				t.Fatal(err)
			}
			events++
		}
		if events != n+2 {
			t.Errorf("after %d appends the reader sees %d events", n+1, events-1)
		}
	}
	stop(t, s) // and goes on reading what the writer left
	for _, err := range reader.Subscribe(t.Context(), At(2)) {
		if err != nil && ledger.AsError(err).Rule != "store.not_followed" {
			t.Fatal(err)
		}
	}
	if err := reader.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// TestCommitFails fails a commit both ways: the store takes nothing more, says
// why, and a restart tells which of the two it was.
func TestCommitFails(t *testing.T) {
	for name, c := range map[string]struct {
		faults faults
		kept   uint64
	}{
		"not persisted":            {faults{commit: func() error { return errDisk }}, 1},
		"persisted, said to fail":  {faults{after: func() error { return errDisk }}, 2},
		"and could not undo first": {faults{insert: func(int) error { return errDisk }}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, t.TempDir())
			if err := one(t, s, "a-1"); err != nil {
				t.Fatal(err)
			}
			s.commit.Lock()
			s.faults = c.faults
			if c.faults.insert != nil { // the transaction ends under the group's feet
				s.faults.insert = func(int) error { return errors.Join(errDisk, s.writer.exec("ROLLBACK")) }
			}
			s.commit.Unlock()
			err := one(t, s, "b-1")
			if !errors.Is(err, errDisk) || errors.Is(err, ledger.ErrReadOnly) || ledger.AsError(err).Rule != "store.outcome_unknown" {
				t.Errorf("the append that failed: %v", err)
			}
			s.commit.Lock()
			s.faults = faults{}
			s.commit.Unlock()
			if err := one(t, s, "c-1"); !errors.Is(err, ledger.ErrReadOnly) || !errors.Is(err, errDisk) {
				t.Errorf("the append after it: %v", err)
			}
			if !errors.Is(s.Err(), errDisk) || s.Head().Ordinal != 1 {
				t.Errorf("state %v, head %v", s.Err(), s.Head())
			}
			n := 0
			for _, err := range s.All(t.Context(), ledger.Position{}) {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			if n != 1 {
				t.Errorf("%d events can be read, only what is known to be durable may", n)
			}
			was := files(t, s)
			stop(t, s)
			if is := files(t, s); is != was {
				t.Error("closing touched the files, which may be all there is to find out what happened")
			}
			s = start(t, s.dir)
			defer stop(t, s)
			if s.Head().Ordinal != c.kept || s.Err() != nil {
				t.Errorf("after a restart: head %v, %v", s.Head(), s.Err())
			}
			if err := one(t, s, "b-1"); err != nil {
				t.Errorf("the repeat: %v", err)
			}
			if s.Head().Ordinal != 2 {
				t.Errorf("after the repeat: head %v", s.Head())
			}
		})
	}
}

// files is the database and its write-ahead log.
func files(t *testing.T, s *Store) string {
	t.Helper()
	db, err := os.ReadFile(s.path)
	wal, err2 := os.ReadFile(s.path + "-wal")
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	return string(db) + string(wal)
}

// TestOnTop fails a group while others have been let in on top of it.
func TestOnTop(t *testing.T) {
	for name, fatal := range map[string]bool{"taken back": false, "for good": true} {
		t.Run(name, func(t *testing.T) {
			begun, goOn := make(chan struct{}), make(chan struct{})
			first := true
			fail := func() error {
				if !first {
					return nil
				}
				first = false
				close(begun)
				<-goOn
				return errDisk
			}
			f := faults{begin: fail}
			if fatal {
				f = faults{commit: fail}
			}
			s := start(t, t.TempDir(), withFaults(f))
			defer stop(t, s)
			r0, h := event("a-1", 0, ledger.Hash{})
			r1, _ := event("a-1", 1, h)
			under, above, beside := make(chan error), make(chan error), make(chan error)
			go func() { _, err := s.Append(t.Context(), "a-1", ledger.NoStream, r0); under <- err }()
			<-begun
			go func() { _, err := s.Append(t.Context(), "a-1", 0, r1); above <- err }()
			for s.waiting() < 1 {
			}
			go func() { _, err := s.Append(t.Context(), "a-1", ledger.NoStream, r0); beside <- err }() // a repeat of what is not durable yet
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := s.Append(ctx, "a-1", 1, r1); err == nil {
				t.Error("an append whose context had ended succeeded")
			}
			close(goOn)
			err1, err2, err3 := <-under, <-above, <-beside
			if fatal {
				if ledger.AsError(err1).Rule != "store.outcome_unknown" || !errors.Is(err2, ledger.ErrReadOnly) || !errors.Is(err3, ledger.ErrReadOnly) {
					t.Errorf("under %v, above %v, beside %v", err1, err2, err3)
				}
				return
			}
			if ledger.AsError(err1).Rule != "store.not_written" || !errors.Is(err2, errDisk) || err3 != nil {
				t.Errorf("under %v, above %v, beside %v", err1, err2, err3)
			}
			if _, err := s.Append(t.Context(), "a-1", 0, r1); err != nil {
				t.Error(err)
			}
			if err := s.Verify(t.Context(), nil); err != nil || s.Head().Ordinal != 2 {
				t.Errorf("%v, head %v", err, s.Head())
			}
		})
	}
}

// TestForeignWriter: somebody wrote to the file behind our back.
func TestForeignWriter(t *testing.T) {
	s := start(t, t.TempDir())
	defer stop(t, s)
	if err := one(t, s, "a-1"); err != nil {
		t.Fatal(err)
	}
	c, err := dial(s.path, "rw")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.exec("INSERT INTO events SELECT position + 1, stream, revision + 1, position, id, type, data, meta, link FROM events"), c.close()); err != nil {
		t.Fatal(err)
	}
	if err := one(t, s, "b-1"); err == nil || s.Err() == nil {
		t.Errorf("append: %v, state: %v", err, s.Err())
	}
	if err := one(t, s, "c-1"); !errors.Is(err, ledger.ErrReadOnly) {
		t.Errorf("append: %v", err)
	}
}

func TestClosed(t *testing.T) {
	s := start(t, t.TempDir())
	fill(t, s, 10)
	ended := make(chan error)
	go func() {
		var last error
		for _, err := range s.Subscribe(t.Context(), ledger.Position{}) {
			last = err
		}
		ended <- last
	}()
	stop(t, s)
	stop(t, s)
	if err := <-ended; ledger.AsError(err).Rule != "store.closed" {
		t.Errorf("the subscription ended with %v", err)
	}
	if err := one(t, s, "a-1"); ledger.AsError(err).Rule != "store.closed" {
		t.Errorf("append: %v", err)
	}
	for _, err := range s.All(t.Context(), ledger.Position{}) {
		if ledger.AsError(err).Rule != "store.closed" {
			t.Errorf("all: %v", err)
		}
	}
	if err := s.Verify(t.Context(), nil); ledger.AsError(err).Rule != "store.closed" {
		t.Errorf("verify: %v", err)
	}
	if _, err := os.Stat(s.path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the write-ahead log is still there: %v", err)
	}
}

// TestStockProgram opens the file with the stock program, as an auditor does.
func TestStockProgram(t *testing.T) {
	program, err := exec.LookPath("sqlite3")
	if err != nil {
		t.Fatalf("%v: make test installs it", err)
	}
	dir := filled(t)
	out, err := exec.Command(program, "-readonly", filepath.Join(dir, "ledger.db"),
		"SELECT typeof(stream), typeof(data), json_extract(data, '$.at'), json_extract(meta, '$.name') FROM events WHERE position = 1; PRAGMA integrity_check").CombinedOutput()
	if err != nil || string(out) != "text|text|<w-0/0>|test\nok\n" {
		t.Errorf("%v: %s", err, out)
	}
}
