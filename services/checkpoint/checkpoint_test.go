package checkpoint

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"suyuan/services/ledger"
)

// The tree's roots are those of tlog, at every size the window reaches back to,
// across the point where leaves are folded away.
func TestTreeAgainstTlog(t *testing.T) {
	var tree Tree
	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = stored[x]
		}
		return out, nil
	})
	check := func(size int64) {
		t.Helper()
		want, err := tlog.TreeHash(size, read)
		if err != nil {
			t.Fatal(err)
		}
		got, err := tree.Root(size)
		if err != nil || got != ledger.Hash(want) {
			t.Fatalf("root of %d is %s (%v), want %x", size, got, err, want[:])
		}
	}
	for n := int64(0); n < 3*window; n++ {
		h := sha256.Sum256(fmt.Appendf(nil, "event %d", n))
		tree.Add(h)
		more, err := tlog.StoredHashes(n, h[:], read)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, more...)
		if n < 70 || n%997 == 0 || n > 2*window-3 && n < 2*window+3 {
			check(n + 1)
			check(max(n/2, tree.base))
		}
	}
	if _, err := tree.Root(tree.Size() + 1); err == nil {
		t.Fatal("a root beyond the end was given")
	}
	if _, err := tree.Root(0); err == nil {
		t.Fatal("a root from before the window was given")
	}
}

func TestEmptyTree(t *testing.T) {
	var tree Tree
	if got, err := tree.Root(0); err != nil || got != ledger.Hash(sha256.Sum256(nil)) {
		t.Fatalf("empty root is %s (%v)", got, err)
	}
}

func TestNoteRoundTripAndForgery(t *testing.T) {
	signer, verifier, err := NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := ledger.Hash(sha256.Sum256([]byte("x")))
	signed, err := Write(signer, 42, root)
	if err != nil {
		t.Fatal(err)
	}
	size, got, err := Open(signed, verifier)
	if err != nil || size != 42 || got != root {
		t.Fatalf("opened %d %s %v", size, got, err)
	}
	forged := []byte(signed)
	forged[len(origin)+1] = '9' // 42 becomes 92
	if _, _, err := Open(string(forged), verifier); err == nil {
		t.Fatal("a note with another size was accepted")
	}
	other, _, _ := NewKey(rand.Reader)
	foreign, _ := Write(other, 42, root)
	if _, _, err := Open(foreign, verifier); err == nil {
		t.Fatal("a note of another key was accepted")
	}
}
