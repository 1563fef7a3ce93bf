package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"filippo.io/age"

	"suyuan/services/complaint"
	"suyuan/services/intake"
	"suyuan/services/intake/envelope"
	"suyuan/services/intake/gate"
	"suyuan/services/intake/receipt"
	"suyuan/services/ledger"
	"suyuan/services/recipient"
)

// compose sends a report as a page without scripts does.
func compose(t *testing.T, w *world, r receipt.Receipt, text string) {
	t.Helper()
	must(t, w.service.Compose(t.Context(), intake.Draft{Receipt: r, Facts: facts(1), Text: text}))
}

func draw(t *testing.T, w *world) receipt.Receipt {
	t.Helper()
	r, err := w.service.Draw()
	must(t, err)
	return r
}

// ask has an investigator write to the box.
func ask(t *testing.T, w *world, r receipt.Receipt, text string) {
	t.Helper()
	k, err := r.Derive(keys().service)
	must(t, err)
	sealed, err := envelope.SealMessage(newStream(5), text, k.Stored().Replies)
	must(t, err)
	ref, err := w.vault.Put(t.Context(), sealed)
	must(t, err)
	by := ledger.Actor{Account: "inv-0", Roles: []ledger.Role{ledger.Investigator}, Unit: "9901-jw"}
	w.submit(by, "complaint.ask", "ask "+text, complaint.Ask{ID: complaint.IDOf(k.Stored().Box), Message: complaint.Blob{ID: ref.ID, Hash: ref.Hash}})
}

// A right receipt, one whose report waits, and a wrong one cost the same
// operations, counted where they are done, whatever there is to show.
func TestReceiptOracle(t *testing.T) {
	w := open(t, fresh(t), options{})
	defer w.close()
	known, waiting, wrong, talked := draw(t, w), draw(t, w), draw(t, w), draw(t, w)
	compose(t, w, known, "one")
	compose(t, w, talked, "two")
	must(t, w.cut("2026-11-20", 1))
	for i := range 10 {
		ask(t, w, talked, fmt.Sprint("question ", i))
	}
	compose(t, w, waiting, "three")
	seen := counted(w)
	want := costs{Argon2: 1, Boxes: 1, Recipients: 2, Waiting: 1, Gets: intake.Messages}
	for name, r := range map[string]receipt.Receipt{"known": known, "waiting": waiting, "wrong": wrong, "talked": talked} {
		var box intake.Box
		got := seen.of(w, func() {
			var err error
			box, err = w.service.Open(t.Context(), r)
			must(t, err)
		})
		if got != want {
			t.Errorf("%s: opening took %+v, want %+v", name, got, want)
		}
		if box.Known != (name != "wrong") || box.Waiting != (name == "waiting") {
			t.Errorf("%s: %+v", name, box)
		}
		if name == "talked" && (len(box.Messages) != intake.Messages || box.Messages[intake.Messages-1].Text != "question 9" || box.Messages[0].Text != "question 2") {
			t.Errorf("messages: %+v", box.Messages)
		}
		k, err := r.Derive(keys().service)
		must(t, err)
		var page []byte
		got = seen.of(w, func() {
			page, err = w.service.Poll(t.Context(), k.Box())
			must(t, err)
		})
		if want := (costs{Boxes: 1, Recipients: 2, Waiting: 1, Gets: intake.Messages}); got != want {
			t.Errorf("%s: polling took %+v, want %+v", name, got, want)
		}
		var news intake.Box
		if err := json.Unmarshal(page, &news); err != nil || len(page) != intake.PollSize || news.Known != box.Known {
			t.Errorf("%s: %d bytes, %v", name, len(page), err)
		}
	}
	first, err := w.service.Poll(t.Context(), [32]byte{1})
	must(t, err)
	other, err := w.service.Poll(t.Context(), [32]byte{2})
	must(t, err)
	if !bytes.Equal(first, other) {
		t.Error("two wrong receipts are told apart")
	}
}

// Compose again with the same receipt is the same letter, before the cut and
// after it; with other words it is refused.
func TestComposeAgain(t *testing.T) {
	w := open(t, fresh(t), options{})
	defer w.close()
	r := draw(t, w)
	compose(t, w, r, "the same")
	compose(t, w, r, "the same")
	if w.spool.Len() != 1 {
		t.Errorf("%d wait", w.spool.Len())
	}
	must(t, w.cut("2026-11-20", 1))
	compose(t, w, r, "the same")
	if w.spool.Len() != 0 {
		t.Error("a retry after the cut waits for the next one")
	}
	err := w.service.Compose(t.Context(), intake.Draft{Receipt: r, Facts: facts(1), Text: "other"})
	if ruleOf(err) != "intake.taken" {
		t.Errorf("other words under the same receipt: %v", err)
	}
}

// Who is named, and whoever lies below, is sealed nothing to; fewer than two
// others are refused; retaliation goes above the unit named.
func TestRecipients(t *testing.T) {
	w := open(t, fresh(t), options{})
	defer w.close()
	named := func(code string) []byte {
		return []byte(fmt.Sprintf(`{"v":1,"mandate":"farmland-600","issuer":%q,"dimension":"quantity"}`, code))
	}
	ids := func(list []intake.Recipient) (out string) {
		for _, r := range list {
			out += r.Unit + " "
		}
		return out
	}
	list, err := w.service.Eligible(named("990101"))
	must(t, err)
	if ids(list) != "9901-jw 99-sjt 99-bb " && ids(list) != "9901-jw 99-bb 99-sjt " {
		t.Errorf("a county: %s", ids(list))
	}
	if list, err = w.service.Eligible(named("9901")); err != nil || ids(list) != "99-sjt 99-bb " && ids(list) != "99-bb 99-sjt " {
		t.Errorf("a city: %s %v", ids(list), err)
	}
	if _, err = w.service.Eligible(named("99")); ruleOf(err) != "intake.too_few_investigators" {
		t.Errorf("a province: %v", err)
	}
	r := draw(t, w)
	err = w.service.Compose(t.Context(), intake.Draft{Receipt: r, Facts: named("99"), Text: "x"})
	if ruleOf(err) != "intake.too_few_investigators" || w.spool.Len() != 0 {
		t.Errorf("a report that names a province: %v", err)
	}
	must(t, w.service.Compose(t.Context(), intake.Draft{Receipt: r, Facts: named("9901"), Text: "x"}))
	must(t, w.cut("2026-11-20", 1))
	beside, err := age.GenerateX25519Identity()
	must(t, err)
	w.submit(admin, "recipient.register", "beside", recipient.Register{ID: "inv-beside", Unit: "9902-fgw", Recipient: beside.Recipient().String(), Purpose: recipient.Purpose})
	box, err := w.service.Open(t.Context(), r)
	must(t, err)
	if len(box.Above) != 2 || ids(box.Above) != ids(box.Investigators) {
		t.Errorf("above a city: %s, who reads: %s", ids(box.Above), ids(box.Investigators))
	}
	if box.Hash == "" || box.Ordinal == 0 || box.State != "registered" || len(box.May) == 0 || len(box.History) != 1 {
		t.Errorf("the box: %+v", box)
	}
}

// Ten thousand wrong receipts: as many are derived as the gate lets through,
// the others are refused at once; none opens anything, none leaves a trace.
func TestWrongReceipts(t *testing.T) {
	g := gate.New(1, 2)
	w := open(t, fresh(t), options{gate: g})
	defer w.close()
	before := len(w.all())
	const n = 10_000
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	next, done := make(chan receipt.Receipt), make(chan error)
	for range 64 {
		go func() {
			for r := range next {
				box, err := w.service.Open(ctx, r)
				if err == nil && box.Known {
					err = fmt.Errorf("a wrong receipt opened a box")
				}
				done <- err
			}
		}()
	}
	go func() {
		for range n {
			r, err := w.service.Draw()
			if err == nil {
				next <- r
			}
		}
		close(next)
	}()
	opened, refused := 0, 0
	for range n {
		switch err := <-done; {
		case err == nil:
			opened++
		case ledger.IsCode(err, ledger.Unavailable):
			refused++
		default:
			t.Fatal(err)
		}
	}
	for range 40 { // one after the other, all get their turn
		if box, err := w.service.Open(ctx, draw(t, w)); err != nil || box.Known {
			t.Fatalf("%+v %v", box, err)
		}
		opened++
	}
	counts := g.Counts()
	if opened+refused != n+40 || int(counts.Begun) != opened || counts.Running+counts.Waiting != 0 {
		t.Errorf("%d opened, %d refused; %+v", opened, refused, counts)
	}
	if refused == 0 {
		t.Error("the gate held nobody back")
	}
	if len(w.all()) != before || w.spool.Len() != 0 {
		t.Error("a wrong receipt left something")
	}
	t.Logf("%d derived, %d refused", opened, refused)
}
