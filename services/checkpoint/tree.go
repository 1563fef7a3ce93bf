package checkpoint

import (
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"

	"suyuan/services/ledger"
)

// window is how many of the last leaves a Tree keeps apart, so that it can
// still tell the root of a size that has just been passed. A checkpoint is
// signed within it or not at all.
const window = 4096

// Tree is an RFC 6962 Merkle tree over event hashes in the log's order that
// keeps only what it needs: the roots of the full subtrees on its right edge
// and the last leaves. A leaf's data is the event's hash.
type Tree struct {
	base int64       // leaves that are folded into edge
	edge []tlog.Hash // roots of the full subtrees of base, largest first
	tail []tlog.Hash // leaf hashes behind base
}

// Add takes the next event's hash.
func (t *Tree) Add(h ledger.Hash) {
	t.tail = append(t.tail, tlog.RecordHash(h[:]))
	if len(t.tail) == 2*window {
		for _, leaf := range t.tail[:window] {
			t.edge = push(t.edge, t.base, leaf)
			t.base++
		}
		t.tail = append([]tlog.Hash(nil), t.tail[window:]...)
	}
}

// Size is the number of leaves.
func (t *Tree) Size() int64 { return t.base + int64(len(t.tail)) }

// Root is the root over the first size leaves, for the present size and those
// passed within the window.
func (t *Tree) Root(size int64) (ledger.Hash, error) {
	if size < t.base || size > t.Size() {
		return ledger.Hash{}, fmt.Errorf("root of %d leaves: only %d to %d are at hand", size, t.base, t.Size())
	}
	edge := append([]tlog.Hash(nil), t.edge...)
	for i, leaf := range t.tail[:size-t.base] {
		edge = push(edge, t.base+int64(i), leaf)
	}
	return fold(edge), nil
}

// push adds one leaf behind n leaves: every full pair becomes its parent.
func push(edge []tlog.Hash, n int64, leaf tlog.Hash) []tlog.Hash {
	for ; n&1 == 1; n >>= 1 {
		leaf = tlog.NodeHash(edge[len(edge)-1], leaf)
		edge = edge[:len(edge)-1]
	}
	return append(edge, leaf)
}

// fold joins the right edge from the smallest subtree upwards. An empty tree
// has the hash of nothing, as RFC 6962 says.
func fold(edge []tlog.Hash) ledger.Hash {
	if len(edge) == 0 {
		return emptyRoot
	}
	root := edge[len(edge)-1]
	for i := len(edge) - 2; i >= 0; i-- {
		root = tlog.NodeHash(edge[i], root)
	}
	return ledger.Hash(root)
}

// Parts is what a tree keeps, for a file: leaves folded away, the roots on
// their right edge, the last leaves. The slices are the tree's own.
func (t *Tree) Parts() (base int64, edge, tail []tlog.Hash) { return t.base, t.edge, t.tail }

// TreeOf is the tree that Parts took apart; false where the parts cannot be
// of one tree.
func TreeOf(base int64, edge, tail []tlog.Hash) (Tree, bool) {
	if base < 0 || bits.OnesCount64(uint64(base)) != len(edge) || len(tail) >= 2*window {
		return Tree{}, false
	}
	return Tree{base, edge, tail}, true
}
