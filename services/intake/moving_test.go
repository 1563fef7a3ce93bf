package intake

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"testing"

	"filippo.io/age"

	"suyuan/services/intake/envelope"
	"suyuan/services/intake/receipt"
	"suyuan/services/intake/spool"
	"suyuan/services/ledger"
	"suyuan/services/store/blob"
)

// watched is a ledger, a spool and a vault with nothing in them, which note
// whether something could leave the spool while they are looked at.
type watched struct {
	Ledger
	Spool
	Vault
	s     *Service
	loose []string
	seen  int
}

func (w *watched) look(what string) {
	w.seen++
	if w.s.moving.TryLock() {
		w.s.moving.Unlock()
		w.loose = append(w.loose, what)
	}
}

func (w *watched) Box([32]byte) (Record, bool)                   { w.look("box"); return Record{}, false }
func (w *watched) Pending([32]byte) spool.Pending                { w.look("pending"); return spool.Pending{} }
func (w *watched) Put(context.Context, spool.Entry) error        { w.look("put"); return nil }
func (w *watched) Has([32]byte) bool                             { return false }
func (w *watched) Recipients() []Recipient                       { return nil }
func (w *watched) Get(context.Context, blob.Ref) ([]byte, error) { return nil, nil }
func (w *watched) Clear(...[32]byte) error {
	w.seen++
	if w.s.moving.TryRLock() {
		w.s.moving.RUnlock()
		w.loose = append(w.loose, "clear")
	}
	return nil
}

// From the look at the ledger until an envelope is in the spool nothing leaves
// the spool, and while something leaves it nobody looks: else what is entered
// between the two looks is in neither, and a second report gets in.
func TestNothingMovesBetweenTwoLooks(t *testing.T) {
	identity := func() *age.X25519Identity {
		i, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	engine, a, b, reply := identity(), identity(), identity(), identity()
	seed := sha256.Sum256([]byte("seed"))
	key := ed25519.NewKeyFromSeed(seed[:])
	stored := receipt.Stored{Box: receipt.BoxHash(seed), Signer: [32]byte(key.Public().(ed25519.PublicKey)), Replies: reply.Recipient().String()}
	sealed, err := envelope.Seal(seed, func(m []byte) []byte { return ed25519.Sign(key, m) },
		envelope.Letter{Kind: envelope.Report, Stored: stored, Facts: bytes.Repeat([]byte(" "), 2)}, engine.Recipient().String(), []string{a.Recipient().String(), b.Recipient().String()})
	if err != nil {
		t.Fatal(err)
	}
	w := &watched{}
	s := &Service{Options: Options{Ledger: w, Spool: w, Vault: w, Engine: engine, NextCut: func() ledger.Date { return "2026-11-21" }}}
	w.s = s
	for name, do := range map[string]func() error{
		"accept": func() error { return s.Accept(t.Context(), sealed) },
		"look":   func() error { _, err := s.box(t.Context(), stored.Box); return err },
		"kept":   func() error { s.kept(stored.Box); return nil },
		"cut":    func() error { return (&cut{Service: s}).enter(t.Context(), nil) },
	} {
		before := w.seen
		if err := do(); err != nil || w.seen == before {
			t.Errorf("%s: %v, %d looks", name, err, w.seen-before)
		}
	}
	if len(w.loose) > 0 {
		t.Errorf("something could move during %v", w.loose)
	}
}
