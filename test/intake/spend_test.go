package intake

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"testing"

	"suyuan/services/complaint"
	"suyuan/services/intake/envelope"
	"suyuan/services/intake/spool"
	"suyuan/services/issuerkey"
	"suyuan/services/view/docket"
)

// A token is spent once, whoever signs over its nonce and how often; so is a
// card. The same report again is answered as the first time.
func TestDoubleSpend(t *testing.T) {
	w := open(t, fresh(t), options{})
	defer w.close()
	one, again := keys().issuer.token(t, 1), keys().issuer.token(t, 1)
	if bytes.Equal(one, again) {
		t.Fatal("two signatures are the same")
	}
	card := keys().issuer.cards[1].Bits()
	for name, proofs := range map[string][2][]byte{"token": {one, again}, "card": {card, card}} {
		n := len(name) * 10
		a, b := newSender(300+n), newSender(301+n)
		first := a.letter(t, envelope.Letter{Facts: facts(1), Token: proofs[0]})
		second := b.letter(t, envelope.Letter{Facts: facts(2), Token: proofs[1]})
		must(t, w.accept(first))
		must(t, w.accept(first))
		if rule := ruleOf(w.accept(second)); rule != "intake.spent" {
			t.Errorf("%s: a second use before the cut: %q", name, rule)
		}
		must(t, w.cut("2026-11-20", byte(n)))
		must(t, w.accept(first))
		if rule := ruleOf(w.accept(second)); rule != "intake.spent" {
			t.Errorf("%s: a second use after the cut: %q", name, rule)
		}
		if w.spool.Len() != 0 {
			t.Errorf("%s: %d wait", name, w.spool.Len())
		}
	}
}

// What got past the spool is caught by the stream of the nullifier: the report
// is not lost, and counts as anybody's.
func TestSecondGuard(t *testing.T) {
	w := open(t, fresh(t), options{})
	defer w.close()
	var boxes [][32]byte
	for n := range 2 {
		s := newSender(400 + n)
		data := s.letter(t, envelope.Letter{Facts: facts(n), Token: keys().issuer.token(t, 400)})
		e, err := envelope.Read(data)
		must(t, err)
		must(t, w.spool.Put(t.Context(), spool.Entry{ID: e.ID, Box: e.Stored.Box, Data: data}))
		boxes = append(boxes, e.Stored.Box)
	}
	must(t, w.cut("2026-11-20", 1))
	lanes := map[complaint.Lane]int{}
	w.view.Docket(func(d *docket.Docket) {
		for _, b := range boxes {
			if c, ok := d.Box(b); ok {
				lanes[c.State.Filed.Lane]++
			}
		}
	})
	if lanes[complaint.Open] != 1 || lanes[complaint.Verified] != 1 {
		t.Errorf("lanes: %v", lanes)
	}
}

// A token under a key that is not on the ledger is refused; one whose key was
// revoked before the cut makes a report of the open lane.
func TestUnloggedKey(t *testing.T) {
	w := open(t, fresh(t), options{})
	defer w.close()
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	if rule := ruleOf(w.accept(newSender(500).letter(t, envelope.Letter{Facts: facts(1), Token: sign(t, other, 1)}))); rule != "token.unlisted" {
		t.Errorf("an unlogged key: %q", rule)
	}
	s := newSender(501)
	must(t, w.accept(s.letter(t, envelope.Letter{Facts: facts(1), Token: keys().issuer.cards[2].Bits()})))
	w.submit(admin, "issuerkey.revoke", "revoke", issuerkey.Revoke{ID: batch, Reason: "lost"})
	if rule := ruleOf(w.accept(newSender(502).letter(t, envelope.Letter{Facts: facts(1), Token: keys().issuer.cards[4].Bits()}))); rule != "token.card_unknown" {
		t.Errorf("a revoked batch: %q", rule)
	}
	must(t, w.cut("2026-11-20", 1))
	w.view.Docket(func(d *docket.Docket) {
		if c, ok := d.Box(s.stored.Box); !ok || c.State.Filed.Lane != complaint.Open {
			t.Errorf("a report under a revoked key: %+v", c)
		}
	})
}
