package token_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"suyuan/services/intake/token"
	"suyuan/services/ledger"
)

func errOf[T any](_ T, err error) error { return err }

func wantRule(t testing.TB, rule string, err error) {
	t.Helper()
	if got := ledger.AsError(err); got == nil || got.Rule != rule {
		t.Errorf("%v, want %s", err, rule)
	}
}

// One message can carry any number of valid signatures: all of them spend the
// same thing.
func TestASecondSignatureSpendsTheSame(t *testing.T) {
	a := newIssuer(t)
	ring, err := token.NewRing([]token.Listed{a.listed(3)})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[32]byte]bool{}
	signatures := map[[token.Modulus]byte]bool{}
	for range 5 {
		made := a.issue(t, [32]byte{7})
		spend, err := ring.Verify(made.Encode())
		if err != nil {
			t.Fatal(err)
		}
		seen[spend.Nullifier], signatures[made.Signature] = true, true
	}
	if len(seen) != 1 || len(signatures) != 5 {
		t.Errorf("%d signatures over one nonce have %d nullifiers", len(signatures), len(seen))
	}
	other, err := ring.Verify(a.issue(t, [32]byte{8}).Encode())
	if err != nil || seen[other.Nullifier] {
		t.Errorf("another nonce: %v, or the same nullifier", err)
	}
}

func TestAKeyThatIsNotListedIsRefused(t *testing.T) {
	a, b := newIssuer(t), newIssuer(t)
	ring, err := token.NewRing([]token.Listed{a.listed(1)})
	if err != nil {
		t.Fatal(err)
	}
	good, foreign := a.issue(t, [32]byte{1}), b.issue(t, [32]byte{1})
	wantRule(t, "token.unlisted", errOf(ring.Verify(foreign.Encode())))
	foreign.Key = a.public.ID() // says that it is of the listed one
	wantRule(t, "token.signature", errOf(ring.Verify(foreign.Encode())))
	for _, at := range []int{2, 40, 100, token.Size - 1} {
		bad := good.Encode()
		bad[at] ^= 4
		if _, err := ring.Verify(bad); err == nil {
			t.Errorf("byte %d changed and taken all the same", at)
		}
	}
	if _, err := ring.Verify(good.Encode()); err != nil {
		t.Error(err)
	}
	empty, err := token.NewRing(nil)
	if err != nil {
		t.Fatal(err)
	}
	wantRule(t, "token.unlisted", errOf(empty.Verify(good.Encode())))
}

// More keys than eight, or two of one number, are how people could be marked.
func TestTooManyKeysAreNone(t *testing.T) {
	a, b := newIssuer(t), newIssuer(t)
	proof := a.issue(t, [32]byte{1}).Encode()
	elsewhere := b.listed(1)
	elsewhere.County = "990102"
	for about, also := range map[string]token.Listed{"a ninth": b.listed(9), "two of a number": b.listed(1), "a number below one": b.listed(-1)} {
		ring, err := token.NewRing([]token.Listed{a.listed(1), also})
		wantRule(t, "token.too_many_keys", err)
		if _, err := ring.Verify(proof); err == nil {
			t.Errorf("%s: taken all the same", about)
		}
	}
	ring, err := token.NewRing([]token.Listed{a.listed(1), elsewhere})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ring.Verify(proof); err != nil {
		t.Error(err)
	}
	wrong := a.listed(1)
	wrong.ID = strings.Repeat("0", 64)
	ring, err = token.NewRing([]token.Listed{wrong})
	wantRule(t, "token.key", err)
	wantRule(t, "token.unlisted", errOf(ring.Verify(proof)))
}

func TestCards(t *testing.T) {
	card, err := token.NewCode(source(1))
	if err != nil {
		t.Fatal(err)
	}
	other, err := token.NewCode(source(2))
	if err != nil {
		t.Fatal(err)
	}
	hash := card.Hash(token.Card)
	batch := token.Listed{ID: "batch", County: "990101", Quarter: "2026Q4", N: 1, Cards: []string{hex.EncodeToString(hash[:])}}
	ring, err := token.NewRing([]token.Listed{batch})
	if err != nil {
		t.Fatal(err)
	}
	proof, err := token.ReadProof(card.Text(token.Card))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ring.Verify(proof); err != nil || got != (token.Spend{Key: "batch", County: "990101", Quarter: "2026Q4", Nullifier: hash}) {
		t.Errorf("%+v, %v", got, err)
	}
	wantRule(t, "token.card_unknown", errOf(ring.Verify(other.Bits())))
	// A roster's hash is none of a card's: the same code was never one.
	enrolled := card.Hash(token.Enrolment)
	batch.Cards = []string{hex.EncodeToString(enrolled[:])}
	ring, err = token.NewRing([]token.Listed{batch})
	if err != nil {
		t.Fatal(err)
	}
	wantRule(t, "token.card_unknown", errOf(ring.Verify(proof)))
	// Two batches with one card in them: it would count twice.
	batch.Cards = []string{hex.EncodeToString(hash[:])}
	ring, err = token.NewRing([]token.Listed{batch, batch})
	wantRule(t, "token.key", err)
	wantRule(t, "token.card_unknown", errOf(ring.Verify(proof)))
}

func TestACodeShowsNothing(t *testing.T) {
	c, err := token.NewCode(source(3))
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		if got := fmt.Sprintf(verb, c); got != "code" {
			t.Errorf("%s shows %s", verb, got)
		}
	}
}

// Every mistyped digit and every two neighbours that have changed places are
// noticed, and a code never passes for one of the other kind.
func TestCheckDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]token.Kind{token.Card, token.Enrolment}).Draw(t, "kind")
		code, err := token.CodeOf(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bits"))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(code.Text(kind), " ", "")
		if got, err := token.ParseCode(kind, text); err != nil || got.Hash(kind) != code.Hash(kind) {
			t.Fatalf("not read back: %v", err)
		}
		if _, err := token.ParseCode(token.Card+token.Enrolment-kind, text); err == nil {
			t.Fatal("taken for the other kind")
		}
		at := rapid.IntRange(0, token.CodeDigits-1).Draw(t, "at")
		wrong := []byte(text)
		wrong[at] = '0' + (wrong[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if _, err := token.ParseCode(kind, string(wrong)); err == nil {
			t.Fatal("a wrong digit was not noticed")
		}
		if wrong = []byte(text); at%6 < 5 && wrong[at] != wrong[at+1] {
			wrong[at], wrong[at+1] = wrong[at+1], wrong[at]
			if _, err := token.ParseCode(kind, string(wrong)); err == nil {
				t.Fatal("two digits changed places and it was not noticed")
			}
		}
	})
}

// Whatever is pasted is answered with a refusal at most, and what is read is
// read back the same from what it is shown as.
func FuzzReadProof(f *testing.F) {
	for _, c := range parseCases(&testing.T{}, token.Token{Challenge: token.Challenge()}, token.Token{Challenge: token.Challenge()}) {
		f.Add(c.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		proof, err := token.ReadProof(text)
		if err != nil {
			if e := ledger.AsError(err); e.Code != ledger.Invalid || e.Field != "token" {
				t.Errorf("%v", err)
			}
			return
		}
		switch len(proof) {
		case 0:
		case token.CodeSize:
			c, _ := token.CodeOf(proof)
			if again, err := token.ParseCode(token.Card, c.Text(token.Card)); err != nil || string(again.Bits()) != string(proof) {
				t.Errorf("%v", err)
			}
		default:
			k, err := token.Decode(proof)
			if err != nil || string(k.Encode()) != string(proof) {
				t.Errorf("%v", err)
			}
		}
	})
}
