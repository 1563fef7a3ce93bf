package intake

import (
	"testing"

	"suyuan/services/complaint"
	"suyuan/services/intake"
	"suyuan/services/intake/receipt"
	"suyuan/services/ledger"
	"suyuan/services/recipient"
)

// recuse has a reviewer of no unit recuse an account, or a unit.
func (w *world) recuse(r receipt.Receipt, account, unit string) {
	w.t.Helper()
	k, err := r.Derive(keys().service)
	must(w.t, err)
	by := ledger.Actor{Account: "reviewer", Roles: []ledger.Role{ledger.Reviewer}}
	w.submit(by, "complaint.recuse", "recuse "+account+unit, complaint.Recuse{ID: complaint.IDOf(k.Stored().Box), Account: account, Unit: unit, Reason: "kin"})
}

// Whoever is recused by his account is sealed nothing to any more, under
// whatever id his keys are on record, neither letters nor what is said of
// retaliation; nor is he counted among those who are left.
func TestRecusedAccountIsNotWrittenTo(t *testing.T) {
	w := open(t, fresh(t), options{})
	defer w.close()
	w.submit(admin, "recipient.register", "k", recipient.Register{ID: "desk-key-7", Account: "liu", Unit: "99-sjt", Recipient: keys().replies[2].Recipient().String(), Purpose: recipient.Purpose})
	r := draw(t, w)
	compose(t, w, r, "one")
	must(t, w.cut("2026-11-20", 1))
	found := func(list []intake.Recipient, id string) bool {
		for _, i := range list {
			if i.ID == id {
				return true
			}
		}
		return false
	}
	look := func() intake.Box {
		box, err := w.service.Open(t.Context(), r)
		must(t, err)
		return box
	}
	before := look()
	if !found(before.Investigators, "desk-key-7") || !found(before.Above, "desk-key-7") {
		t.Fatalf("who can read: %+v, above: %+v", before.Investigators, before.Above)
	}
	w.recuse(r, "liu", "")
	after := look()
	if found(after.Investigators, "desk-key-7") || len(after.Investigators) != len(before.Investigators)-1 {
		t.Errorf("letters are sealed to %+v", after.Investigators)
	}
	if found(after.Above, "desk-key-7") || len(after.Above) != len(before.Above)-1 {
		t.Errorf("what is said of retaliation is sealed to %+v", after.Above)
	}
	w.recuse(r, "", "99-bb") // a unit above the one named
	if box := look(); found(box.Investigators, "inv-2") || found(box.Above, "inv-2") || !found(box.Above, "inv-1") {
		t.Errorf("a unit is recused; letters: %+v, retaliation: %+v", box.Investigators, box.Above)
	}
}
