package intake

import (
	"fmt"
	mathrand "math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"suyuan/services/complaint/claim"
	"suyuan/services/intake"
	"suyuan/services/intake/envelope"
)

// A thousand reports that say much or little are stored as one size: in the
// vault, in the ledger, and as what a box is answered.
func TestConstantSize(t *testing.T) {
	w := open(t, fresh(t), options{text: 1400})
	chance := mathrand.New(mathrand.NewPCG(1, 2))
	const n = 1000
	for i := range n {
		f := claim.Facts{V: 1, Mandate: "farmland-600", Issuer: "990101", Dimension: "quantity", Minutes: chance.IntN(10081)}
		if chance.IntN(2) == 0 {
			f.Asked, f.CameDown, f.Within = fmt.Sprint(chance.IntN(1e9)), "600", "990101"
		}
		if chance.IntN(2) == 0 {
			f = claim.Facts{V: 1, Paper: strings.Repeat("文", 1+chance.IntN(40)), Level: "COUNTY", Within: "990101", Dimension: "deadline", Forms: claim.Forms, Motive: claim.Motives[0]}
		}
		s := newSender(2000 + i)
		must(t, w.accept(s.letter(t, envelope.Letter{Facts: f.Marshal(), Narrative: envelope.Narrative{Text: strings.Repeat("字", chance.IntN(301))}})))
	}
	must(t, w.cut("2026-11-20", 1))
	for _, id := range [][32]byte{newSender(2000).box, newSender(2999).box, {1}} {
		page, err := w.service.Poll(t.Context(), id)
		must(t, err)
		if len(page) != intake.PollSize {
			t.Errorf("an answer of %d bytes", len(page))
		}
	}
	w.close()
	blobs, events := map[string]int{}, map[string]int{}
	for _, row := range table(t, filepath.Join(w.dir, "blobs.db"), "SELECT length(sealed) FROM blobs", 1) {
		blobs[row[0]]++
	}
	for _, row := range table(t, filepath.Join(w.dir, "ledger.db"), "SELECT length(data), length(meta) FROM events WHERE type = 'complaint.filed'", 2) {
		events[row[0]]++
	}
	if len(blobs) != 2 || len(events) != 1 { // and the decoy
		t.Errorf("sizes of blobs: %v; of events: %v", blobs, events)
	}
	for _, times := range events {
		if times != n {
			t.Errorf("%d events", times)
		}
	}
}
