package script

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// folders is where the ledgers stand that several tests copy.
var folders string

// demonstration is a data folder with the demonstration in it, nobody serving.
var demonstration = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(folders, "demonstration")
	s, err := launch(environment(), "", "--demo", "--data", dir)
	if err != nil {
		return "", err
	}
	if err := s.ready(); err != nil {
		_ = s.end(syscall.SIGKILL)
		return "", err
	}
	return dir, s.end(syscall.SIGTERM)
})

// demoFolder is a copy of it.
func demoFolder(t testing.TB) string {
	t.Helper()
	dir, err := demonstration()
	if err != nil {
		t.Fatal(err)
	}
	return copied(t, dir)
}

// The large ledgers hold the demonstration and two runs more, a checkpoint at
// the end of each: closed was stopped well; killed was not, and its last events are in
// the write-ahead log alone.
type large struct{ closed, killed string }

const (
	inARun = 600 // events written at once, by many; there are two runs
	inWAL  = 60  // events written one by one before the kill
)

var theLarge = sync.OnceValues(func() (large, error) {
	l := large{filepath.Join(folders, "closed"), filepath.Join(folders, "killed")}
	demo, err := demonstration()
	if err != nil {
		return l, err
	}
	return l, l.make(demo)
})

func (l large) make(demo string) error {
	err := copyFolder(l.closed, demo)
	for run := 0; err == nil && run < 2; run++ { // each ends with a checkpoint
		err = written(l.closed, fmt.Sprintf("many-%d", run), inARun, 32, syscall.SIGTERM)
	}
	if err == nil {
		err = copyFolder(l.killed, l.closed)
	}
	if err == nil {
		err = written(l.killed, "late", inWAL, 1, syscall.SIGKILL)
	}
	return err
}

// written serves a folder, fills it and ends the server by a signal.
func written(dir, name string, count, clients int, signal syscall.Signal) error {
	s, err := launch(environment(), "", "--data", dir)
	if err != nil {
		return err
	}
	defer func() { _ = s.end(syscall.SIGKILL) }()
	if err := s.ready(); err != nil {
		return err
	}
	if err := fill(s, dir, name, count, clients); err != nil {
		return err
	}
	return s.end(signal)
}

// fill puts events on record: three of every four in streams of their own, by
// so many clients at once, and one in a long stream, by one more client. A
// client alone writes each in a stream of its own, and each is a commit.
func fill(s *server, data, name string, count, clients int) error {
	token, err := tokenFor(data, "--role", "clerk", "--unit", "990101001")
	if err != nil {
		return err
	}
	papers, capacities, failed := make(chan asked), make(chan asked), make(chan error)
	send := func(work chan asked) {
		var first error
		for a := range work {
			if w, err := do(a); first == nil && (err != nil || w.status != http.StatusCreated) {
				first = fmt.Errorf("%s: %v %d %s", a.url, err, w.status, w.body)
			}
		}
		failed <- first
	}
	for range clients {
		go send(papers)
	}
	go send(capacities)
	for n := range count {
		key := fmt.Sprintf("%s-%d", name, n)
		if n%4 < 3 || clients == 1 {
			papers <- submission(s, token, "document.register", key, paper(key))
			continue
		}
		capacities <- submission(s, token, "unit.declare_capacity", key, fmt.Sprintf(`{"code":"990101001","of":"hall-%d","value":"%d","asOf":"2022-03-04"}`, n%97, n))
	}
	close(papers)
	close(capacities)
	for range clients + 1 {
		if e := <-failed; e != nil {
			err = e
		}
	}
	return err
}

// paper is the input of document.register for a paper of the clerk's own town.
func paper(id string) string {
	return fmt.Sprintf(`{"id":%q,"number":"青政发〔2022〕7号","issuer":"990101001","date":"2022-03-04","title":"关于印发%[1]s的通知"}`, id)
}

func largeLedger(t testing.TB) large {
	t.Helper()
	l, err := theLarge()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// copyFolder copies a folder; what is for its owner alone stays so.
func copyFolder(to, from string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := to + strings.TrimPrefix(path, from)
		if d.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, content, info.Mode().Perm())
	})
}

func copied(t testing.TB, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "ledger")
	if err := copyFolder(to, from); err != nil {
		t.Fatal(err)
	}
	return to
}
