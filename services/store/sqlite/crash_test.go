package sqlite

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

// TestKill kills a process with 64 writers at some moment, again and again,
// and holds the ledger to every append that had returned.
func TestKill(t *testing.T) {
	t.Parallel()
	const rounds = 24
	dir, random := t.TempDir(), rand.New(rand.NewPCG(1, 2))
	acked := map[string][32]byte{}
	for round := range rounds {
		before := len(acked)
		killed(t, dir, 1+random.IntN(700), acked)
		if len(acked) == before {
			t.Fatal("the child acknowledged nothing")
		}
		// Every other time the next child finds the files as they were left.
		if round%2 == 0 {
			s, err := OpenReadOnly(dir)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, s, acked)
			continue
		}
		s := start(t, dir)
		compare(t, s, acked)
		stop(t, s)
	}
	t.Logf("%d rounds, %d acknowledged appends, none lost", rounds, len(acked))
}

func killed(t *testing.T, dir string, after int, acked map[string][32]byte) {
	t.Helper()
	cmd := exec.Command(os.Args[0], dir, "64")
	cmd.Env = append(os.Environ(), childRole+"=writers")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		if n == after {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		f := strings.Fields(lines.Text())
		if len(f) != 6 || f[5] != "." {
			t.Fatalf("the child said %q", lines.Text())
		}
		var sum [32]byte
		if n, err := hex.Decode(sum[:], []byte(f[4])); n != len(sum) || err != nil {
			t.Fatalf("the child said %q", lines.Text())
		}
		acked[f[1]+" "+f[2]+" "+f[3]] = sum
	}
	_ = cmd.Wait() // killed
}

func compare(t *testing.T, s *Store, acked map[string][32]byte) {
	t.Helper()
	if err := s.Verify(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	chain, found := ledger.NewChain(), 0
	for e, err := range s.All(t.Context(), ledger.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := chain.Next(e); err != nil {
			t.Fatal(err)
		}
		sum, ok := acked[fmt.Sprint(e.Stream, " ", e.Revision, " ", e.Position.Ordinal)]
		if !ok {
			continue // written, and killed before it could be said
		}
		if found++; sum != digest(e.Record) {
			t.Fatalf("ordinal %d is not what was acknowledged", e.Position.Ordinal)
		}
	}
	if found != len(acked) {
		t.Fatalf("%d of %d acknowledged events are there", found, len(acked))
	}
	if s.lock == nil {
		stop(t, s)
	}
}
