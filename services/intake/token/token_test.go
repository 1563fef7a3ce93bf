package token_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"testing"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"suyuan/services/intake/token"
)

// issuer is a key pair and its public half as the ledger lists it.
type issuer struct {
	private *rsa.PrivateKey
	public  *token.Key
}

func newIssuer(t testing.TB) issuer {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, err := token.NewKey(&private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return issuer{private, public}
}

func (i issuer) listed(n int) token.Listed {
	id := i.public.ID()
	return token.Listed{ID: hex.EncodeToString(id[:]), County: "990101", Quarter: "2026Q4", N: n, SPKI: i.public.SPKI()}
}

// issue makes a token over a nonce, with a salt and a blinding of its own.
func (i issuer) issue(t testing.TB, nonce [32]byte) token.Token {
	t.Helper()
	client, err := blindrsa.NewClient(blindrsa.SHA384PSSDeterministic, i.public.Public())
	if err != nil {
		t.Fatal(err)
	}
	made := token.New(nonce, i.public.ID())
	blinded, state, err := client.Blind(rand.Reader, made.Signed())
	if err != nil {
		t.Fatal(err)
	}
	signed, err := blindrsa.NewSigner(i.private).BlindSign(blinded)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := client.Finalize(state, signed)
	if err != nil {
		t.Fatal(err)
	}
	copy(made.Signature[:], signature)
	return made
}

func TestVerify(t *testing.T) {
	a := newIssuer(t)
	ring, err := token.NewRing([]token.Listed{a.listed(1)})
	if err != nil {
		t.Fatal(err)
	}
	made := a.issue(t, [32]byte{1})
	proof, err := token.ReadProof(made.Text())
	if err != nil {
		t.Fatal(err)
	}
	spend, err := ring.Verify(proof)
	if err != nil {
		t.Fatal(err)
	}
	if want := (token.Spend{Key: a.listed(1).ID, County: "990101", Quarter: "2026Q4", Nullifier: made.Nullifier()}); spend != want {
		t.Errorf("%+v, want %+v", spend, want)
	}
}
