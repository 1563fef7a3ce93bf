package checkpoint

import (
	"context"
	"encoding/json"
	"fmt"

	"suyuan/services/ledger"
)

// Report is what a verified log came to.
type Report struct {
	Events      uint64
	Root        ledger.Hash
	Checkpoints int
	Covered     uint64 // events that the last checkpoint is signed over
}

// Verify reads a whole log and checks it against itself and against its
// checkpoints: every hash, every stream's chain, every ordinal, and for what
// lies before the last checkpoint the order of all events. verifier is the
// key notes must be signed with. The error is a *ledger.Damage naming the
// first ordinal that is not what was appended. progress may be nil.
func Verify(ctx context.Context, log ledger.Log, verifier string, progress func(done uint64)) (Report, error) {
	c := Checker{Verifier: verifier}
	for e, err := range log.All(ctx, ledger.Position{}) {
		if err != nil {
			return c.Report(), err
		}
		if err := c.Next(e); err != nil {
			return c.Report(), err
		}
		if progress != nil && c.chain.Size()%4096 == 0 {
			progress(c.chain.Size())
		}
	}
	return c.Report(), nil
}

// Checker takes a log's events one after the other. The zero Checker starts
// before the first event and leaves signatures unchecked.
type Checker struct {
	Verifier string
	chain    *ledger.Chain
	tree     Tree
	last     Signed
	count    int
}

// Next takes the next event.
func (c *Checker) Next(e ledger.Recorded) error {
	if c.chain == nil {
		c.chain = ledger.NewChain()
	}
	hash, err := c.chain.Next(e)
	if err != nil {
		return err
	}
	if e.Stream == Stream {
		var signed Signed
		if err := json.Unmarshal(e.Data, &signed); err != nil {
			return &ledger.Damage{Ordinal: e.Position.Ordinal, Why: fmt.Sprintf("the checkpoint cannot be read: %v", err)}
		}
		if err := Hold(&c.tree, signed, c.Verifier, c.last.Size, e.Position.Ordinal); err != nil {
			return err
		}
		c.last = signed
		c.count++
	}
	c.tree.Add(hash)
	return nil
}

// Report tells what was checked so far.
func (c *Checker) Report() Report {
	root, _ := c.tree.Root(c.tree.Size()) // the present size is always at hand
	return Report{Events: uint64(c.tree.Size()), Root: root, Checkpoints: c.count, Covered: c.last.Size}
}

// Hold checks a checkpoint that stands at an ordinal against the tree of all
// events before it. before is the size of the checkpoint before it.
func Hold(tree *Tree, signed Signed, verifier string, before, ordinal uint64) error {
	damage := func(format string, args ...any) error {
		return &ledger.Damage{Ordinal: ordinal, Why: fmt.Sprintf(format, args...)}
	}
	if verifier != "" {
		size, root, err := Open(signed.Note, verifier)
		if err != nil {
			return damage("the checkpoint's signature is not good: %v", err)
		}
		if size != signed.Size || root.String() != signed.Root {
			return damage("the checkpoint says other than its signed note")
		}
	}
	root, err := tree.Root(int64(signed.Size))
	if err != nil {
		return damage("the checkpoint covers %d events: %v", signed.Size, err)
	}
	if root.String() != signed.Root {
		return &ledger.Damage{Ordinal: before + 1, Why: fmt.Sprintf("events %d to %d are not those that the checkpoint at ordinal %d was signed over", before+1, signed.Size, ordinal)}
	}
	return nil
}
