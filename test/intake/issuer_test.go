package intake

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	"suyuan/services/intake/token"
	"suyuan/services/issuerkey"
)

// issuer signs tokens as the issuing process does, without blinding: what comes
// out is the same.
type issuer struct {
	key   *rsa.PrivateKey
	cards []token.Code
}

const batch = "cards-990101-2026q4"

func newIssuer() *issuer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	i := &issuer{key: key}
	for n := range 20 {
		code, err := token.CodeOf(fmt.Appendf(nil, "card number %04d", n))
		if err != nil {
			panic(err)
		}
		i.cards = append(i.cards, code)
	}
	return i
}

// publish puts its key and its cards on the ledger.
func (i *issuer) publish(w *world) {
	k, err := token.NewKey(&i.key.PublicKey)
	must(w.t, err)
	id := k.ID()
	w.submit(admin, "issuerkey.publish", "key", issuerkey.Publish{ID: hex.EncodeToString(id[:]), County: "990101", Quarter: "2026Q4", N: 1, SPKI: base64.StdEncoding.EncodeToString(k.SPKI())})
	var hashes []string
	for _, c := range i.cards {
		h := c.Hash(token.Card)
		hashes = append(hashes, hex.EncodeToString(h[:]))
	}
	slices.Sort(hashes)
	w.submit(admin, "issuerkey.publish_cards", "cards", issuerkey.PublishCards{ID: batch, County: "990101", Quarter: "2026Q4", N: 1, Hashes: hashes})
}

// token is one with the nonce of a number; each call signs it anew.
func (i *issuer) token(t testing.TB, n int) []byte { return sign(t, i.key, n) }

func sign(t testing.TB, key *rsa.PrivateKey, n int) []byte {
	t.Helper()
	k, err := token.NewKey(&key.PublicKey)
	must(t, err)
	var nonce [32]byte
	copy(nonce[:], fmt.Sprint("nonce ", n))
	out := token.New(nonce, k.ID())
	sum := sha512.Sum384(out.Signed())
	signature, err := rsa.SignPSS(rand.Reader, key, crypto.SHA384, sum[:], &rsa.PSSOptions{SaltLength: 48})
	must(t, err)
	copy(out.Signature[:], signature)
	return out.Encode()
}
