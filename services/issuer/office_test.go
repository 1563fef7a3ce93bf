package issuer_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"suyuan/services/intake/token"
	"suyuan/services/issuer"
	"suyuan/services/ledger"
)

var term = issuer.Term{County: "990101", Quarter: "2026Q4"}

func wantRule(t testing.TB, rule string, err error) {
	t.Helper()
	if e := ledger.AsError(err); err == nil || e.Rule != rule {
		t.Errorf("%v, want %s", err, rule)
	}
}

func errOf[T any](_ T, err error) error { return err }

func open(t testing.TB, dir string) *issuer.Office {
	t.Helper()
	o, err := issuer.Open(dir, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return o
}

// eight are keys that were made once for all tests: making them is what takes
// time.
var eight = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "suyuan-issuer-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	o, err := issuer.Open(dir, rand.Reader)
	if err != nil {
		return nil, err
	}
	_, err = o.Keys(term)
	all := map[string][]byte{}
	for n := 1; n <= token.PerQuarter && err == nil; n++ {
		name := fmt.Sprintf("%s-%d.pem", term, n)
		all[name], err = os.ReadFile(filepath.Join(dir, "keys", name))
	}
	return all, errors.Join(err, o.Close())
})

// furnished is an office with eight keys and a roster.
func furnished(t testing.TB, dir string, count int) (*issuer.Office, []token.Code, []token.Listed) {
	t.Helper()
	keys8, err := eight()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range keys8 {
		if err := os.WriteFile(filepath.Join(dir, "keys", name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := open(t, dir)
	keys, err := o.Keys(term)
	if err != nil {
		t.Fatal(err)
	}
	codes, err := o.NewRoster(term, count)
	if err != nil {
		t.Fatal(err)
	}
	return o, codes, listed(keys)
}

// listed are keys as they stand on the ledger.
func listed(keys []issuer.PublicKey) (all []token.Listed) {
	for _, k := range keys {
		all = append(all, token.Listed{ID: k.ID, County: k.Term.County, Quarter: k.Term.Quarter, N: k.N, SPKI: k.SPKI})
	}
	return all
}

// inside asks an office without a network. It keeps what an issuer sees.
type inside struct {
	*issuer.Office
	seen *[]issuer.IssueRequest
}

func (d inside) Offer(_ context.Context, q issuer.OfferRequest) (issuer.OfferAnswer, error) {
	return d.AnswerOffer(q)
}

func (d inside) Issue(ctx context.Context, q issuer.IssueRequest) (issuer.IssueAnswer, error) {
	if d.seen != nil {
		*d.seen = append(*d.seen, q)
	}
	return d.AnswerIssue(ctx, q)
}

func kept() error { return nil }

// says is a ledger on which keys are listed.
func says(on []token.Listed) func(context.Context, issuer.Term) ([]token.Listed, error) {
	return func(context.Context, issuer.Term) ([]token.Listed, error) { return on, nil }
}

func seed(t testing.TB) (s [32]byte) {
	t.Helper()
	if _, err := rand.Read(s[:]); err != nil {
		t.Fatal(err)
	}
	return s
}

func fetch(t testing.TB, d issuer.Door, code token.Code, on []token.Listed) []token.Token {
	t.Helper()
	all, _, err := issuer.Fetch(t.Context(), d, code.Text(token.Enrolment), seed(t), says(on), kept)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Everybody on the roster has one token under each of the eight keys, once.
func TestOneTokenUnderEachKey(t *testing.T) {
	o, codes, on := furnished(t, t.TempDir(), 3)
	ring, err := token.NewRing(on)
	if err != nil {
		t.Fatal(err)
	}
	nullifiers := map[[32]byte]bool{}
	for _, code := range codes {
		keys := map[string]bool{}
		for _, made := range fetch(t, inside{o, nil}, code, on) {
			spend, err := ring.Verify(made.Encode())
			if err != nil {
				t.Fatal(err)
			}
			keys[spend.Key], nullifiers[spend.Nullifier] = true, true
		}
		if len(keys) != token.PerQuarter {
			t.Errorf("tokens under %d keys", len(keys))
		}
	}
	if len(nullifiers) != 3*token.PerQuarter {
		t.Errorf("%d nullifiers", len(nullifiers))
	}
	_, _, err = issuer.Fetch(t.Context(), inside{o, nil}, codes[0].Text(token.Enrolment), seed(t), says(on), kept)
	wantRule(t, "issuer.used", err)
	stranger, err := token.NewCode(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = issuer.Fetch(t.Context(), inside{o, nil}, stranger.Text(token.Enrolment), seed(t), says(on), kept)
	wantRule(t, "issuer.code_unknown", err)
}

// When tokens were fetched is not in the roster's file times either, nor after
// a start that came upon such a time.
func TestRosterTellsNoTime(t *testing.T) {
	dir := t.TempDir()
	o, codes, on := furnished(t, dir, 2)
	files, err := filepath.Glob(filepath.Join(dir, "rosters", "*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	written := func() time.Time {
		info, err := os.Stat(files[0])
		if err != nil {
			t.Fatal(err)
		}
		return info.ModTime()
	}
	made := written()
	fetch(t, inside{o, nil}, codes[0], on)
	if now := written(); !now.Equal(made) || time.Since(now) < 24*time.Hour {
		t.Errorf("the roster says %v before and %v after an exchange", made, now)
	}
	if err := errors.Join(o.Close(), os.Chtimes(files[0], time.Now(), time.Now())); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
	if !written().Equal(made) {
		t.Errorf("after a start it says %v", written())
	}
}

// The same request has the same answer, also from another process; a request
// that differs in one blinded message is refused.
func TestARepeatHasTheSameAnswer(t *testing.T) {
	dir := t.TempDir()
	o, codes, on := furnished(t, dir, 2)
	request := begun(t, o, codes[0], on)
	first, err := o.AnswerIssue(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	other := begun(t, o, codes[0], on)
	for range 2 {
		again, err := o.AnswerIssue(t.Context(), request)
		if err != nil || strings.Join(again.Signatures, " ") != strings.Join(first.Signatures, " ") {
			t.Fatalf("the answer to a repeat differs, %v", err)
		}
		one := request
		one.Blinded = append(append([]string{}, request.Blinded[:7]...), other.Blinded[7])
		wantRule(t, "issuer.used", errOf(o.AnswerIssue(t.Context(), one)))
		wantRule(t, "issuer.used", errOf(o.AnswerIssue(t.Context(), other)))
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
		o = open(t, dir)
	}
}

// begun is a request that was not sent yet.
func begun(t testing.TB, o *issuer.Office, code token.Code, on []token.Listed) issuer.IssueRequest {
	t.Helper()
	text := code.Text(token.Enrolment)
	offer, err := o.AnswerOffer(issuer.OfferRequest{Code: text})
	if err != nil {
		t.Fatal(err)
	}
	x, err := issuer.Begin(text, seed(t), offer, on)
	if err != nil {
		t.Fatal(err)
	}
	request, err := x.Request()
	if err != nil {
		t.Fatal(err)
	}
	return request
}

// An exchange whose answer was lost goes on from the seed that was kept, and
// has the same tokens.
func TestALostAnswer(t *testing.T) {
	o, codes, on := furnished(t, t.TempDir(), 1)
	s, text := seed(t), codes[0].Text(token.Enrolment)
	first, _, err := issuer.Fetch(t.Context(), inside{o, nil}, text, s, says(on), kept)
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := issuer.Fetch(t.Context(), inside{o, nil}, text, s, says(on), kept)
	if err != nil {
		t.Fatal(err)
	}
	for i := range first {
		if first[i] != again[i] {
			t.Fatal("another token from the same seed")
		}
	}
	// Nothing is asked for before the seed is kept.
	var seen []issuer.IssueRequest
	_, _, err = issuer.Fetch(t.Context(), inside{o, &seen}, text, s, says(on), func() error { return os.ErrPermission })
	if err == nil || len(seen) > 0 {
		t.Errorf("asked although the seed was not kept: %v", err)
	}
}

// A client refuses whatever an issuer shows that is not on the ledger, before
// it asks for anything.
func TestKeysOffTheLedgerAreRefused(t *testing.T) {
	o, codes, on := furnished(t, t.TempDir(), 1)
	foreign, err := open(t, t.TempDir()).Keys(term)
	if err != nil {
		t.Fatal(err)
	}
	change := func(at int, with func(*token.Listed)) []token.Listed {
		all := append([]token.Listed{}, on...)
		with(&all[at])
		return all
	}
	for about, listing := range map[string][]token.Listed{
		"none":                 nil,
		"seven of eight":       on[:7],
		"one of another issue": change(4, func(l *token.Listed) { *l = listed(foreign)[4] }),
		"another county":       change(7, func(l *token.Listed) { l.County = "990102" }),
		"another quarter":      change(0, func(l *token.Listed) { l.Quarter = "2026Q3" }),
		"nine keys":            append(append([]token.Listed{}, on...), listed(foreign)[0]),
	} {
		var seen []issuer.IssueRequest
		_, _, err := issuer.Fetch(t.Context(), inside{o, &seen}, codes[0].Text(token.Enrolment), seed(t), says(listing), kept)
		if err == nil || ledger.AsError(err).Rule != "issuer.key_unlisted" || len(seen) > 0 {
			t.Errorf("%s: %v, asked %d times", about, err, len(seen))
		}
	}
	swapped := append([]token.Listed{}, on...)
	swapped[0].N, swapped[1].N = 2, 1
	_, _, err = issuer.Fetch(t.Context(), inside{o, nil}, codes[0].Text(token.Enrolment), seed(t), says(swapped), kept)
	wantRule(t, "issuer.key_unlisted", err)
	if len(fetch(t, inside{o, nil}, codes[0], on)) != token.PerQuarter {
		t.Error("the code was not good any more")
	}
}

// An issuer that signs with another key, or not what it was asked to, gives no
// token that anybody would use.
func TestSignaturesThatDoNotFit(t *testing.T) {
	o, codes, on := furnished(t, t.TempDir(), 2)
	for about, change := range map[string]func([]string){
		"swapped": func(s []string) { s[0], s[1] = s[1], s[0] },
		"zero":    func(s []string) { s[3] = base64.RawURLEncoding.EncodeToString(make([]byte, 256)) },
		"short":   func(s []string) { s[7] = s[7][4:] },
	} {
		_, _, err := issuer.Fetch(t.Context(), lying{inside{o, nil}, change}, codes[0].Text(token.Enrolment), [32]byte{1}, says(on), kept)
		if err == nil || ledger.AsError(err).Rule != "issuer.signatures" {
			t.Errorf("%s: %v", about, err)
		}
	}
	if all, _, err := issuer.Fetch(t.Context(), inside{o, nil}, codes[0].Text(token.Enrolment), [32]byte{1}, says(on), kept); err != nil || len(all) != 8 {
		t.Errorf("after it told the truth: %v", err)
	}
}

type lying struct {
	inside
	change func([]string)
}

func (d lying) Issue(ctx context.Context, q issuer.IssueRequest) (issuer.IssueAnswer, error) {
	a, err := d.inside.Issue(ctx, q)
	d.change(a.Signatures)
	return a, err
}

func TestBlindedMessagesAreNumbersBelowTheModulus(t *testing.T) {
	o, codes, on := furnished(t, t.TempDir(), 1)
	good := begun(t, o, codes[0], on)
	for about, number := range map[string][]byte{"zero": make([]byte, 256), "one": append(make([]byte, 255), 1), "too large": bytes.Repeat([]byte{255}, 256), "too short": make([]byte, 255)} {
		bad := good
		bad.Blinded = append([]string{}, good.Blinded...)
		bad.Blinded[2] = base64.RawURLEncoding.EncodeToString(number)
		if err := errOf(o.AnswerIssue(t.Context(), bad)); err == nil || ledger.AsError(err).Rule != "issuer.blinded" {
			t.Errorf("%s: %v", about, err)
		}
	}
	seven := good
	seven.Blinded = good.Blinded[:7]
	wantRule(t, "issuer.blinded", errOf(o.AnswerIssue(t.Context(), seven)))
	if _, err := o.AnswerIssue(t.Context(), good); err != nil {
		t.Errorf("a request that was refused used the code up: %v", err)
	}
}

func TestTerms(t *testing.T) {
	o := open(t, t.TempDir())
	for _, bad := range []issuer.Term{{"99010", "2026Q4"}, {"990101001", "2026Q4"}, {"990100", "2026Q4"}, {"990101", "2026Q5"}, {"990101", "2026"}, {"99010x", "2026Q4"}, {"990101", "1926Q4"}} {
		if _, err := o.Keys(bad); ledger.AsError(err) == nil || !ledger.IsCode(err, ledger.Invalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	wantRule(t, "issuer.no_keys", errOf(o.NewRoster(term, 1)))
	if _, err := o.Keys(term); err != nil {
		t.Fatal(err)
	}
	wantRule(t, "issuer.count", errOf(o.NewRoster(term, 0)))
	wantRule(t, "issuer.count", errOf(o.NewRoster(term, issuer.MaxCodes+1)))
	_, _, err := issuer.NewCards(rand.Reader, term, issuer.MaxCards+1)
	wantRule(t, "issuer.count", err)
}

// Keys are made once, and what was interrupted is completed.
func TestKeysAreMadeOnce(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir)
	first, err := o.Keys(term)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "keys", "990101-2026Q4-5.pem")); err != nil { // as if it had not been written yet
		t.Fatal(err)
	}
	o = open(t, dir)
	wantRule(t, "issuer.no_keys", errOf(o.NewRoster(term, 1)))
	again, err := o.Keys(term)
	if err != nil {
		t.Fatal(err)
	}
	for i := range first {
		if same := first[i].ID == again[i].ID; same != (i != 4) {
			t.Errorf("key %d is the same: %v", i+1, same)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "keys", "990101-2026Q4-1.pem"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("a key's mode: %v, %v", info.Mode(), err)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "keys", "990101-2026Q4-1.pem"), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := issuer.Open(dir, rand.Reader); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that others can read: %v", err)
	}
}

func TestOneProcessHasAFolder(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir)
	wantRule(t, "issuer.in_use", errOf(issuer.Open(dir, rand.Reader)))
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}

// Cards' hashes come in an order of their own, and are those of cards.
func TestCards(t *testing.T) {
	codes, hashes, err := issuer.NewCards(rand.Reader, term, 50)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := token.NewRing([]token.Listed{{ID: "batch", County: "990101", Quarter: "2026Q4", N: 1, Cards: hashes}})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range codes {
		if _, err := ring.Verify(c.Bits()); err != nil {
			t.Error(err)
		}
		if i > 0 && hashes[i-1] >= hashes[i] {
			t.Error("the hashes are not sorted: their order could be that of printing")
		}
	}
}
