package intake

import (
	"fmt"
	"testing"

	"filippo.io/age"

	"suyuan/services/intake"
	"suyuan/services/intake/envelope"
	"suyuan/services/recipient"
)

// Who sends the same report once more, after those whom it is sealed to have
// changed, sends another envelope. Whatever the proof, he is told that the
// report of his receipt is kept, before the cut and after it, and there is one.
func TestRetryIsKept(t *testing.T) {
	for name, proof := range map[string]string{"open": "", "card": keys().issuer.cards[7].Text(1)} {
		t.Run(name, func(t *testing.T) {
			w := open(t, fresh(t), options{})
			defer w.close()
			d := intake.Draft{Receipt: draw(t, w), Facts: facts(1), Text: "the same", Proof: proof}
			must(t, w.service.Compose(t.Context(), d))
			must(t, w.service.Compose(t.Context(), d))
			late, err := age.GenerateX25519Identity()
			must(t, err)
			w.submit(admin, "recipient.register", "late", recipient.Register{ID: "inv-late", Unit: "9901-jw", Recipient: late.Recipient().String(), Purpose: recipient.Purpose})
			if rule := ruleOf(w.service.Compose(t.Context(), d)); rule != "intake.taken" || w.spool.Len() != 1 {
				t.Errorf("again, with one more to read it: %q, %d wait", rule, w.spool.Len())
			}
			w.retireAll()
			if rule := ruleOf(w.service.Compose(t.Context(), d)); rule != "intake.taken" || w.spool.Len() != 1 {
				t.Errorf("again, with nobody to read it: %q, %d wait", rule, w.spool.Len())
			}
			must(t, w.cut("2026-11-20", 1))
			if rule := ruleOf(w.service.Compose(t.Context(), d)); rule != "intake.taken" || w.spool.Len() != 0 {
				t.Errorf("again, after the cut: %q, %d wait", rule, w.spool.Len())
			}
		})
	}
}

// retireAll leaves nobody who could be written to.
func (w *world) retireAll() {
	for _, r := range w.service.Ledger.Recipients() {
		w.submit(admin, "recipient.retire", "retire-"+r.ID, recipient.Retire{ID: r.ID, Reason: "moved"})
	}
}

// Another envelope of the same receipt with the same card, as a browser makes
// it that sealed the report anew, is told the same.
func TestSealedAnewIsKept(t *testing.T) {
	w := open(t, fresh(t), options{})
	defer w.close()
	s, card := newSender(910), keys().issuer.cards[8].Bits()
	for i := range 2 {
		err := w.accept(s.letter(t, envelope.Letter{Facts: facts(1), Token: card, Narrative: envelope.Narrative{Text: fmt.Sprint("picture ", i)}}))
		if want := []string{"", "intake.taken"}[i]; ruleOf(err) != want {
			t.Errorf("%d: %v", i, err)
		}
	}
	if w.spool.Len() != 1 {
		t.Errorf("%d wait", w.spool.Len())
	}
}
