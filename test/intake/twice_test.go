package intake

import (
	"testing"

	"suyuan/services/intake/envelope"
	"suyuan/services/intake/spool"
	"suyuan/services/view/docket"
)

// put lets an envelope into the spool as another server would that does not
// know what this one has on record.
func (w *world) put(t *testing.T, data []byte) envelope.Envelope {
	t.Helper()
	e, err := envelope.Read(data)
	must(t, err)
	must(t, w.spool.Put(t.Context(), spool.Entry{ID: e.ID, Box: e.Stored.Box, Data: data}))
	return e
}

// Two reports under one receipt, which two servers took: the second is not
// lost and does not stay in its spool, but is a letter to the first. Sent once
// more, it is answered as the first time.
func TestSecondReportIsALetter(t *testing.T) {
	w := open(t, fresh(t), options{})
	defer w.close()
	s := newSender(920)
	must(t, w.accept(s.report(t, 1)))
	must(t, w.cut("2026-11-20", 1))
	second := s.report(t, 2)
	for n := range byte(2) { // also where a cut is killed before the slot is emptied
		w.put(t, second)
		must(t, w.cut("2026-11-21", 2+n))
		if w.spool.Len() != 0 {
			t.Fatalf("%d wait", w.spool.Len())
		}
	}
	w.view.Docket(func(d *docket.Docket) {
		c, ok := d.Box(s.stored.Box)
		if !ok || d.Size() != 1 || len(c.Letters) != 2 || c.Claim.Asked != "601" {
			t.Fatalf("on record: %+v", c)
		}
		content, err := w.vault.Get(t.Context(), refOf(c.Letters[1].Blob))
		must(t, err)
		if n, err := envelope.OpenNarrative(content, keys().investigators[0]); err != nil || n.Text != "report 2" {
			t.Errorf("the letter says %q, %v", n.Text, err)
		}
	})
	must(t, w.accept(second))
	if w.spool.Len() != 0 {
		t.Error("it was taken once more")
	}
	if rule := ruleOf(w.accept(s.report(t, 3))); rule != "intake.taken" {
		t.Errorf("a third: %q", rule)
	}
}

// A report into a box by somebody who does not have its receipt is nobody's
// letter, and does not stay either.
func TestForgedReportGoes(t *testing.T) {
	w := open(t, fresh(t), options{})
	defer w.close()
	s, forged := newSender(921), newSender(922)
	must(t, w.accept(s.report(t, 1)))
	must(t, w.cut("2026-11-20", 1))
	forged.stored.Box = s.stored.Box
	e := w.put(t, forged.report(t, 2))
	must(t, w.cut("2026-11-21", 2))
	w.view.Docket(func(d *docket.Docket) {
		if c, ok := d.Box(s.stored.Box); !ok || d.Size() != 1 || len(c.Letters) != 1 {
			t.Errorf("on record: %+v", c)
		}
	})
	if kept := blobIDs(t, w.dir); w.spool.Len() != 0 || len(kept) != 2 {
		t.Errorf("%d wait, %d blobs; %x", w.spool.Len(), len(kept), e.ID[:4])
	}
}
