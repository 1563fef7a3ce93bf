package intake

import (
	"context"

	"suyuan/services/intake"
	"suyuan/services/intake/spool"
	"suyuan/services/intake/token"
	"suyuan/services/store/blob"
)

// costs are operations as the ledger, the spool, the vault and the gate see
// them, whatever the service says of itself.
type costs struct {
	Argon2, Boxes, Recipients, Other int // runs; looks at the read model
	Waiting, Gets, Writes            int // looks at the spool, blobs read, anything written
}

// counted puts wrappers round what a world's service works with. What is
// looked up of units is not counted: it is in memory and goes by who is named.
func counted(w *world) *costs {
	c := &costs{}
	w.service.Ledger = countedLedger{w.service.Ledger, c}
	w.service.Spool = countedSpool{w.service.Spool, c}
	w.service.Vault = countedVault{w.service.Vault, c}
	return c
}

// of is what a thing costs.
func (c *costs) of(w *world, do func()) costs {
	before := w.service.Gate.Counts().Begun
	*c = costs{}
	do()
	out := *c
	out.Argon2 = int(w.service.Gate.Counts().Begun - before)
	return out
}

type countedLedger struct {
	intake.Ledger
	c *costs
}

func (l countedLedger) Box(hash [32]byte) (intake.Record, bool) {
	l.c.Boxes++
	return l.Ledger.Box(hash)
}
func (l countedLedger) Recipients() []intake.Recipient {
	l.c.Recipients++
	return l.Ledger.Recipients()
}
func (l countedLedger) Spent(n [32]byte) (string, bool) { l.c.Other++; return l.Ledger.Spent(n) }
func (l countedLedger) Ring() *token.Ring               { l.c.Other++; return l.Ledger.Ring() }

type countedSpool struct {
	intake.Spool
	c *costs
}

func (s countedSpool) Has(id [32]byte) bool               { s.c.Waiting++; return s.Spool.Has(id) }
func (s countedSpool) Pending(box [32]byte) spool.Pending { s.c.Waiting++; return s.Spool.Pending(box) }
func (s countedSpool) Put(ctx context.Context, e spool.Entry) error {
	s.c.Writes++
	return s.Spool.Put(ctx, e)
}
func (s countedSpool) Clear(ids ...[32]byte) error { s.c.Writes++; return s.Spool.Clear(ids...) }

type countedVault struct {
	intake.Vault
	c *costs
}

func (v countedVault) Get(ctx context.Context, ref blob.Ref) ([]byte, error) {
	v.c.Gets++
	return v.Vault.Get(ctx, ref)
}

func (v countedVault) PutNamed(ctx context.Context, list []blob.Named) ([]blob.Ref, error) {
	v.c.Writes++
	return v.Vault.PutNamed(ctx, list)
}

func (v countedVault) Destroy(ctx context.Context, id string) error {
	v.c.Writes++
	return v.Vault.Destroy(ctx, id)
}
