package spool

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The tests that kill or trace a process run this binary again as that
// process; childRole says which part it plays.
const childRole = "SUYUAN_SPOOL_CHILD"

func TestMain(m *testing.M) {
	if role := os.Getenv(childRole); role != "" {
		if err := child(role, os.Args[1], os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var childSizes = Sizes{Text: 200, Pictures: 2}

func child(role, dir, from string) error {
	n, err := strconv.Atoi(from)
	if err != nil {
		return err
	}
	s, err := Open(dir, testKey, childSizes, rand.Reader)
	if err != nil {
		return err
	}
	switch role {
	case "writers": // until it is killed
		return putOn(s, n)
	case "few":
		for i := range n {
			name := fmt.Sprint(i)
			if err := s.Put(context.Background(), entry(name, name, "", false, TextBytes)); err != nil {
				return err
			}
			say("put", name)
			if i%2 == 1 {
				if err := s.Clear(sum(name)); err != nil {
					return err
				}
				say("cleared", name)
			}
		}
		return s.Close()
	}
	return fmt.Errorf("no role %s", role)
}

func say(what, name string) { _, _ = os.Stdout.WriteString(what + " " + name + " .\n") }

// putOn puts from many goroutines, and clears some from one beside them; every
// call that returned is a line, and every clearing one before it begins too.
func putOn(s *Spool, round int) error {
	var wg sync.WaitGroup
	errs := make([]error, 17)
	put := make(chan string, 10000)
	for w := range 16 {
		wg.Go(func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("%d-%d-%d", round, w, i)
				err := s.Put(context.Background(), entry(name, name, name, false, TextBytes))
				if errors.Is(err, ErrFull) {
					yieldTo()
					continue
				}
				if err != nil {
					errs[w] = err
					return
				}
				say("put", name)
				put <- name
			}
		})
	}
	wg.Go(func() {
		for name := range put {
			if sum(name)[0]%8 == 0 {
				continue // some stay, until there is no room and only the kill ends it
			}
			say("clearing", name)
			if err := s.Clear(sum(name)); err != nil {
				errs[16] = err
				return
			}
			say("cleared", name)
		}
	})
	wg.Wait()
	return errors.Join(errs...)
}

// TestKill kills a process that puts and clears at some moment, again and
// again, and holds the spool to what had returned.
func TestKill(t *testing.T) {
	t.Parallel()
	const rounds = 12
	dir, moments := filepath.Join(t.TempDir(), "spool"), mrand.New(mrand.NewPCG(3, 4))
	kept, total := map[string]bool{}, 0
	for round := range rounds {
		clearing := map[string]bool{}
		n := killed(t, dir, round, 1+moments.IntN(400), func(what, name string) {
			switch what {
			case "put":
				kept[name] = true
			case "clearing":
				clearing[name] = true
			case "cleared":
				delete(clearing, name)
				delete(kept, name)
			}
		})
		if total += n; n == 0 {
			t.Fatal("the child said nothing")
		}
		s, err := Open(dir, testKey, Sizes{Text: 150 + 100*(round%2), Pictures: 1 + round%2}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if s.Len() > len(kept)+16 {
			t.Errorf("round %d: %d wait, %d were acknowledged", round, s.Len(), len(kept))
		}
		if all, err := collect(s); err != nil || len(all) != s.Len() {
			t.Fatalf("round %d: %d of %d can be read, %v", round, len(all), s.Len(), err)
		}
		for name := range kept {
			e := entry(name, name, name, false, TextBytes)
			if !s.Has(e.ID) && !clearing[name] {
				t.Fatalf("round %d: %s was acknowledged and is lost", round, name)
			}
			if !s.Has(e.ID) {
				continue
			}
			if err := s.Put(t.Context(), e); err != nil {
				t.Errorf("round %d: %s again: %v", round, name, err)
			}
		}
		// All goes, so that the next child has room.
		for e, err := range s.Ordered([32]byte{}) {
			if err == nil {
				err = s.Clear(e.ID)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		clear(kept)
		end(t, s)
	}
	t.Logf("%d rounds, %d lines", rounds, total)
}

// killed runs a child, kills it after so many lines and gives their number.
func killed(t *testing.T, dir string, round, after int, line func(what, name string)) (n int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], dir, strconv.Itoa(round))
	cmd.Env = append(os.Environ(), childRole+"=writers")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); n++ {
		if n == after {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		f := strings.Fields(lines.Text())
		if len(f) != 3 || f[2] != "." {
			t.Fatalf("the child said %q", lines.Text())
		}
		line(f[0], f[1])
	}
	_ = cmd.Wait() // killed
	return n
}

// TestSyncBeforeAnswer shows with the kernel's eyes that between the write of
// a slot and the word that it is on disk there is a sync that returned, and
// that nothing is made, renamed or removed for an entry.
func TestSyncBeforeAnswer(t *testing.T) {
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is not installed, so it cannot be shown that an entry is synced before it is answered: install the package strace")
	}
	file, dir := filepath.Join(t.TempDir(), "trace"), filepath.Join(t.TempDir(), "spool")
	cmd := exec.Command(strace, "-f", "-y", "-s", "64", "-o", file, "-e", "trace=fdatasync,pwrite64,write,openat,creat,rename,renameat,renameat2,unlink,unlinkat,utimensat",
		os.Args[0], dir, "6")
	cmd.Env = append(os.Environ(), childRole+"=few")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("strace (in a container it needs SYS_PTRACE): %v: %s", err, out)
	}
	said, written, synced, stilled := 0, false, false, false
	for line := range strings.Lines(string(read(t, file))) {
		switch {
		case strings.Contains(line, "pwrite64(") && strings.Contains(line, "/text.spool>"):
			written, synced, stilled = true, false, false
		case strings.Contains(line, "utimensat("):
			stilled = written && strings.Contains(line, "text.spool")
		case strings.Contains(line, "fdatasync(") && strings.Contains(line, "/text.spool>") && strings.HasSuffix(line, "= 0\n"),
			strings.Contains(line, "fdatasync resumed") && strings.HasSuffix(line, "= 0\n"):
			synced = written && stilled
		case strings.Contains(line, "fdatasync(") && strings.Contains(line, "/text.spool>") && strings.HasSuffix(line, "<unfinished ...>\n"):
			// another thread was seen meanwhile; that it returned is told by a line of its own
		case strings.Contains(line, `write(1<`) && strings.Contains(line, ` .\n"`):
			if said++; !synced {
				t.Errorf("said before it was synced: %s", line)
			}
			written, synced = false, false
		case said > 0 && strings.Contains(line, dir):
			t.Errorf("after the first entry: %s", line)
		}
	}
	if said != 9 {
		t.Errorf("%d answers in the trace, want 9", said)
	}
}
