package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"suyuan/portal"
	"suyuan/seeds"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/intake/envelope"
	"suyuan/services/ledger"
	"suyuan/services/store/blob"
	"suyuan/services/view/docket/dockettest"
)

// staffWorld is a ledger of the base scenario with its readers.
type staffWorld struct {
	staff
	t     *testing.T
	h     *house
	maker *dockettest.Reports
	n     int
}

func newStaffWorld(t *testing.T) *staffWorld {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s := serving{place: place{data: t.TempDir()}}
	log := slog.New(slog.DiscardHandler)
	h, err := s.open(t.Context(), true, log)
	must(err)
	t.Cleanup(func() { _ = h.store.Close() })
	work := newWork(h, log)
	t.Cleanup(work.stop)
	must(work.fold(t.Context()))
	all, err := seeds.All()
	must(err)
	must(playAll(t.Context(), h, all[:1], streams{out: io.Discard, err: io.Discard}))
	must(s.registerReaders(t.Context(), h))
	h.vault, err = blob.Open(s.data)
	must(err)
	t.Cleanup(func() { _ = h.vault.Close() })
	d, err := h.desk(wallClock)
	must(err)
	w := &staffWorld{staff: staff{Desk: d, view: h.view, vault: h.vault, key: h.report.claims, state: func() error { return nil }}, t: t, h: h, maker: dockettest.New()}
	w.maker.Key = h.report.claims
	return w
}

func (w *staffWorld) submit(by ledger.Actor, name string, input any) error {
	w.n++
	r, err := w.Submit(w.t.Context(), by, name, fmt.Sprint("staff-", w.n), dockettest.JSON(input))
	if err != nil {
		return err
	}
	return w.view.Wait(w.t.Context(), r.Position)
}

func investigatorOf(unit string) ledger.Actor {
	return ledger.Actor{Account: "i-" + unit, Roles: []ledger.Role{ledger.Investigator}, Unit: unit}
}

func rule(err error) string {
	e, _ := errors.AsType[*ledger.Error](err)
	if e == nil {
		return ""
	}
	return e.Rule
}

// Who may have a letter, who may have one about retaliation, and who is told
// that there is no such complaint. The letters here lie in no vault: who may
// have them is told that they are gone.
func TestLettersAreForReaders(t *testing.T) {
	w := newStaffWorld(t)
	today := ledger.DateOf(wallClock())
	id, err := w.maker.File(w.submit, today, complaint.Open, claim.Facts{Mandate: "farmland-600", Issuer: "990101", Within: "990101", Dimension: "quantity", CameDown: "600", Asked: "690"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.maker.Hear(w.submit, id, today, claim.FollowUp{V: claim.Version, Act: claim.Retaliation}); err != nil {
		t.Fatal(err)
	}
	report, retaliation := dockettest.Blob("report1", "").ID, dockettest.Blob("letter2", "").ID
	reviewer := ledger.Actor{Account: "r", Roles: []ledger.Role{ledger.Reviewer}, Unit: "99-sjt"}
	for name, c := range map[string]struct {
		by                  ledger.Actor
		report, retaliation string
	}{
		"above":     {investigatorOf("99-sjt"), "letter.gone", "letter.gone"},
		"of none":   {investigatorOf(""), "letter.gone", "letter.gone"},
		"city":      {investigatorOf("9901-jw"), "letter.gone", "letter.gone"},
		"named":     {investigatorOf("990101"), "complaint.unknown", "complaint.unknown"},
		"below":     {investigatorOf("990101001"), "complaint.unknown", "complaint.unknown"},
		"elsewhere": {investigatorOf("990201"), "complaint.unknown", "complaint.unknown"},
		"reviewer":  {reviewer, "complaint.sealed", "complaint.sealed"},
		"public":    {ledger.Actor{}, "complaint.unknown", "complaint.unknown"},
	} {
		if _, err := w.Letter(t.Context(), c.by, id, report); rule(err) != c.report {
			t.Errorf("%s: the report: %v", name, err)
		}
		if _, err := w.Letter(t.Context(), c.by, id, retaliation); rule(err) != c.retaliation {
			t.Errorf("%s: the retaliation: %v", name, err)
		}
		if protects := w.Protects(c.by, id); protects != (c.retaliation == "letter.gone" || name == "reviewer") {
			t.Errorf("%s: protects %v", name, protects)
		}
	}
	if _, err := w.Letter(t.Context(), investigatorOf(""), id, strings.Repeat("0", 32)); rule(err) != "complaint.unknown" {
		t.Errorf("no such letter: %v", err)
	}
	if _, err := w.Message(t.Context(), investigatorOf("990101-jw"), id, "k", "x", portal.ToReporter); rule(err) != "complaint.unknown" {
		t.Errorf("a message by one who is recused: %v", err)
	}
	handler := ledger.Actor{Account: "c", Roles: []ledger.Role{ledger.Clerk}, Unit: "9901-zsj"}
	for _, step := range []struct {
		by    ledger.Actor
		name  string
		input any
	}{
		{investigatorOf("9901-jw"), "complaint.accept", complaint.Accept{ID: id}}, {investigatorOf("9901-jw"), "complaint.dispatch", complaint.Dispatch{ID: id, To: "9901-zsj"}},
	} {
		if err := w.submit(step.by, step.name, step.input); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Letter(t.Context(), handler, id, report); rule(err) != "complaint.sealed" {
		t.Errorf("the unit that handles it: %v", err)
	}
	if _, err := w.Message(t.Context(), handler, id, "k", "x", portal.Guarded); rule(err) != "complaint.unknown" {
		t.Errorf("about retaliation by the unit that handles it: %v", err)
	}
}

// A form that is sent twice gives the same message; another form or text gives
// another, which the reporter and the readers open and nobody else.
func TestMessageOnce(t *testing.T) {
	w := newStaffWorld(t)
	reporter, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	box := dockettest.Box(7)
	id := complaint.IDOf(box)
	facts := claim.Facts{V: claim.Version, Mandate: "farmland-600", Issuer: "990101", Within: "990101", Dimension: "quantity"}
	if err := w.submit(dockettest.System, "complaint.file", complaint.File{
		ID: id, Day: ledger.DateOf(wallClock()), Box: fmt.Sprintf("%x", box), Signer: dockettest.Hash("s"), Replies: reporter.Recipient().String(), Lane: complaint.Open,
		Claim: w.key.Seal(id, facts), Narrative: dockettest.Blob("n", complaint.ClassText),
	}); err != nil {
		t.Fatal(err)
	}
	by := investigatorOf("9901-jw")
	write := func(key, text string) string {
		t.Helper()
		got, err := w.Message(t.Context(), by, id, key, text, portal.ToReporter)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := json.Marshal(got)
		return string(body)
	}
	first := write("k1", "CANARY-QUESTION 哪天？")
	if again := write("k1", "CANARY-QUESTION 哪天？"); again != first {
		t.Errorf("the same form again: %s, %s", first, again)
	}
	if write("k2", "CANARY-QUESTION 哪天？") == first || write("k1", "哪天") == first {
		t.Error("another form or text gives the same message")
	}
	var ref blob.Ref
	if err := json.Unmarshal([]byte(first), &ref); err != nil {
		t.Fatal(err)
	}
	sealed, err := w.vault.Get(context.Background(), ref)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := envelope.OpenMessage(sealed, reporter); err != nil || text != "CANARY-QUESTION 哪天？" {
		t.Errorf("the reporter reads %q, %v", text, err)
	}
	if _, err := envelope.OpenMessage(sealed, w.h.report.engine); err == nil {
		t.Error("the server opens what it sealed")
	}
	if _, err := w.Message(t.Context(), by, id, "k", strings.Repeat("字", 700), portal.ToReporter); rule(err) != "message.too_long" {
		t.Errorf("too long: %v", err)
	}
	if to := len(w.readers(id, false)); to != 2 {
		t.Errorf("%d readers", to)
	}
	if err := w.submit(investigatorOf("99-sjt"), "complaint.recuse", complaint.Recuse{ID: id, Unit: "9901-jw", Reason: "亲属"}); err != nil {
		t.Fatal(err)
	}
	if to := len(w.readers(id, true)); to != 1 {
		t.Errorf("%d readers after a recusal", to)
	}
}

// What a stranger wrote does nothing to a terminal.
func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"要求 690 亩\n每天报": "要求 690 亩\n每天报", "\x1b[2J": "\ufffd[2J", "a\rb": "a\ufffdb", "\u202eabc": "\ufffdabc", "\u009b31m": "\ufffd31m", "\x00": "\ufffd",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	if got := printableName("../../ab-12"); got != "ab12" {
		t.Error(got)
	}
}

// Pictures are made anew before they are kept, and nothing is written over.
func TestPicturesAreMadeAnew(t *testing.T) {
	var raw bytes.Buffer
	if err := jpeg.Encode(&raw, image.NewRGBA(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	raw.WriteString("CANARY-TRAILER")
	o := opening{pictures: filepath.Join(t.TempDir(), "new"), lang: "zh-CN"}
	id := strings.Repeat("ab", 16)
	for range 2 {
		var out bytes.Buffer
		if err := o.keep(t.Context(), streams{out: &out}, id, [][]byte{raw.Bytes(), []byte("no picture")}); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(o.pictures, "abababab-1.jpg")
		if got := out.String(); got != name+"\n（一张图片打不开）\n" {
			t.Errorf("told %q", got)
		}
		kept, err := os.ReadFile(name)
		if err != nil || bytes.Contains(kept, []byte("CANARY")) || len(kept) == 0 {
			t.Errorf("kept %d bytes, %v", len(kept), err)
		}
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		if err := os.WriteFile(name, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// An answer is sealed to every reporter whose complaint goes on in the one that
// is answered, a question to the one who is asked; nobody is told how many.
func TestMessageToAll(t *testing.T) {
	w := newStaffWorld(t)
	file := func(n int) (string, *age.X25519Identity) {
		t.Helper()
		reporter, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		box := dockettest.Box(n)
		id := complaint.IDOf(box)
		facts := claim.Facts{V: claim.Version, Paper: "青政发〔2022〕6号", Issuer: "990101", Within: "990101", Dimension: "quantity"}
		if err := w.submit(dockettest.System, "complaint.file", complaint.File{
			ID: id, Day: ledger.DateOf(wallClock()), Box: fmt.Sprintf("%x", box), Signer: dockettest.Hash("s"), Replies: reporter.Recipient().String(), Lane: complaint.Open,
			Claim: w.key.Seal(id, facts), Narrative: dockettest.Blob(fmt.Sprint(n), complaint.ClassText),
		}); err != nil {
			t.Fatal(err)
		}
		return id, reporter
	}
	by := investigatorOf("9901-jw")
	one, asks := file(11)
	other, joins := file(12)
	_, stranger := file(13)
	if err := w.submit(by, "complaint.accept", complaint.Accept{ID: one}); err != nil {
		t.Fatal(err)
	}
	sealed := func(to portal.Audience, key string) []byte {
		t.Helper()
		got, err := w.Message(t.Context(), by, one, key, "答复如下", to)
		if err != nil {
			t.Fatal(err)
		}
		content, err := w.vault.Get(t.Context(), blob.Ref{ID: got.ID, Hash: got.Hash})
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	alone := sealed(portal.ToAll, "k0")
	if err := w.submit(by, "complaint.merge", complaint.Merge{ID: other, Into: one}); err != nil {
		t.Fatal(err)
	}
	for to, opens := range map[portal.Audience]map[*age.X25519Identity]bool{
		portal.ToAll: {asks: true, joins: true, stranger: false}, portal.ToReporter: {asks: true, joins: false, stranger: false},
	} {
		content := sealed(to, fmt.Sprint("k", to))
		for who, want := range opens {
			if _, err := envelope.OpenMessage(content, who); (err == nil) != want {
				t.Errorf("to %d: %v, want %v", to, err, want)
			}
		}
		if len(content) != len(alone) {
			t.Errorf("to %d: %d bytes, alone %d", to, len(content), len(alone))
		}
	}
}

// However many a merger left to be answered, a message is to as many keys as it
// has places for, and to reporters before investigators.
func TestSealedToAtMostEight(t *testing.T) {
	reporters := []string{"r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9"}
	readers := []string{"i1", "i2", "r1", "i3"}
	for n, want := range map[int]string{
		1: "r1 i1 i2 i3", 5: "r1 r2 r3 r4 r5 i1 i2 i3", 7: "r1 r2 r3 r4 r5 r6 r7 i1",
		8: "r1 r2 r3 r4 r5 r6 r7 r8", 9: "r1 r2 r3 r4 r5 r6 r7 r8",
	} {
		if got := strings.Join(sealedTo(reporters[:n:n], readers), " "); got != want {
			t.Errorf("%d reporters: %s", n, got)
		}
	}
}
