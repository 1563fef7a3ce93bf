package intake

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"suyuan/services/complaint"
	"suyuan/services/intake"
	"suyuan/services/intake/envelope"
	"suyuan/services/view/docket"
)

// unclearing is a spool in a process that dies once its cut is on record.
type unclearing struct{ brittleSpool }

func (unclearing) Clear(...[32]byte) error { return errKilled }

// halfCut is a house in which a report is on record and still in its slot,
// as after a crash between the two.
func halfCut(t *testing.T, dir string) (w *world, s *sender) {
	t.Helper()
	w, s = open(t, dir, options{}), newSender(900)
	must(t, w.accept(s.report(t, 1)))
	w.service.Spool = unclearing{brittleSpool{w.spool, &chaos{}}}
	if err := w.cut("2026-11-20", 1); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	return w, s
}

func reportOf(t *testing.T, w *world, s *sender) (out complaint.Blob) {
	t.Helper()
	w.view.Docket(func(d *docket.Docket) {
		if c, ok := d.Box(s.stored.Box); ok {
			out = c.Letters[0].Blob
		}
	})
	if out.ID == "" {
		t.Fatal("no report is on record")
	}
	return out
}

// Where the files were lost after a report was entered and before its slot was
// emptied, the slot is all that is left of it: it stays, and the cut says so,
// until the files are back from where they were saved.
func TestLostFiles(t *testing.T) {
	dir, saved := fresh(t), t.TempDir()
	w, s := halfCut(t, dir)
	w.close()
	for _, name := range []string{"blobs.db", "blobkeys.db"} {
		must(t, os.Rename(filepath.Join(dir, name), filepath.Join(saved, name)))
	}
	for n := range byte(2) {
		w = open(t, dir, options{})
		err := w.cut("2026-11-21", 2+n)
		if left := (*intake.Left)(nil); !errors.As(err, &left) || ruleOf(err) != "intake.content_lost" || w.spool.Len() != 1 {
			t.Fatalf("cut without the files: %v, %d wait", err, w.spool.Len())
		}
		w.close()
	}
	for _, name := range []string{"blobs.db", "blobkeys.db"} {
		must(t, os.Rename(filepath.Join(saved, name), filepath.Join(dir, name)))
	}
	w = open(t, dir, options{})
	defer w.close()
	must(t, w.cut("2026-11-22", 4))
	content, err := w.vault.Get(t.Context(), refOf(reportOf(t, w, s)))
	must(t, err)
	n, err := envelope.OpenNarrative(content, keys().investigators[0])
	if err != nil || n.Text != "report 1" || w.spool.Len() != 0 {
		t.Errorf("%q, %v, %d wait", n.Text, err, w.spool.Len())
	}
}

// Where only the contents were lost, the slot makes them whole.
func TestLostContents(t *testing.T) {
	dir := fresh(t)
	w, s := halfCut(t, dir)
	w.close()
	must(t, os.Remove(filepath.Join(dir, "blobs.db")))
	w = open(t, dir, options{})
	defer w.close()
	must(t, w.cut("2026-11-21", 2))
	if _, err := w.vault.Get(t.Context(), refOf(reportOf(t, w, s))); err != nil || w.spool.Len() != 0 {
		t.Errorf("%v, %d wait", err, w.spool.Len())
	}
}

// What was destroyed while a slot still held it stays destroyed, and the slot
// is emptied.
func TestDestroyedStaysDestroyed(t *testing.T) {
	dir := fresh(t)
	w, s := halfCut(t, dir)
	must(t, w.vault.Destroy(t.Context(), reportOf(t, w, s).ID))
	w.close()
	w = open(t, dir, options{})
	defer w.close()
	must(t, w.cut("2026-11-21", 2))
	if has, err := w.vault.Has(t.Context(), reportOf(t, w, s).ID); err != nil || has || w.spool.Len() != 0 {
		t.Errorf("readable %v, %v, %d wait", has, err, w.spool.Len())
	}
	must(t, w.accept(s.report(t, 1)))
	if w.spool.Len() != 0 {
		t.Error("it was taken once more")
	}
}
