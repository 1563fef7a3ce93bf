package token

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"math/big"
)

// Exponent is the public exponent of every issuer key.
const Exponent = 65537

// What RFC 9578 puts around the 256 bytes of the modulus: a
// SubjectPublicKeyInfo with the OID of RSASSA-PSS, SHA-384, MGF1 with SHA-384,
// a salt of 48 bytes; then the exponent. With one length of key, one exponent
// and one set of parameters every byte of it is given.
var (
	spkiHead = []byte("\x30\x82\x01\x52" + // SubjectPublicKeyInfo
		"\x30\x3d" + "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a" + // id-RSASSA-PSS
		"\x30\x30" +
		"\xa0\x0d\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02" + // SHA-384
		"\xa1\x1a\x30\x18\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02" + // MGF1, SHA-384
		"\xa2\x03\x02\x01\x30" + // 48
		"\x03\x82\x01\x0f\x00\x30\x82\x01\x0a\x02\x82\x01\x01\x00") // RSAPublicKey, the modulus and its sign
	spkiTail = []byte("\x02\x03\x01\x00\x01")
)

// SPKISize is the length of every encoded key.
const SPKISize = 342

// A Key is an issuer's public key.
type Key struct {
	public rsa.PublicKey
	id     [32]byte
}

// ReadKey reads a key as RFC 9578 encodes it, and nothing else: 2048 bits,
// exponent 65537, the parameters of RSABSSA-SHA384-PSS, DER. So a key has one
// encoding and one id.
func ReadKey(spki []byte) (*Key, error) {
	if len(spki) != SPKISize || !bytes.HasPrefix(spki, spkiHead) || !bytes.HasSuffix(spki, spkiTail) {
		return nil, badKey()
	}
	return newKey(new(big.Int).SetBytes(spki[len(spkiHead) : SPKISize-len(spkiTail)]))
}

// NewKey takes a public key of crypto/rsa; the same bounds hold.
func NewKey(public *rsa.PublicKey) (*Key, error) {
	if public == nil || public.N == nil || public.E != Exponent {
		return nil, badKey()
	}
	return newKey(public.N)
}

func newKey(n *big.Int) (*Key, error) {
	if n.Sign() < 0 || n.BitLen() != 8*Modulus || n.Bit(0) == 0 {
		return nil, badKey()
	}
	k := &Key{public: rsa.PublicKey{N: new(big.Int).Set(n), E: Exponent}}
	k.id = sha256.Sum256(k.SPKI())
	return k, nil
}

// SPKI is the key as RFC 9578 encodes it.
func (k *Key) SPKI() []byte {
	out := append(make([]byte, 0, SPKISize), spkiHead...)
	out = append(out, k.public.N.FillBytes(make([]byte, Modulus))...)
	return append(out, spkiTail...)
}

// ID is the SHA-256 of the SPKI.
func (k *Key) ID() [32]byte { return k.id }

// Public is the key for crypto/rsa and for blinding.
func (k *Key) Public() *rsa.PublicKey {
	return &rsa.PublicKey{N: new(big.Int).Set(k.public.N), E: Exponent}
}

// Verify tells whether the token names this key and is signed with it.
func (k *Key) Verify(t Token) error {
	if t.Key != k.id || !verify(&k.public, t.Signed(), t.Signature[:]) {
		return forged()
	}
	return nil
}

// verify is RSASSA-PSS with SHA-384 and a salt of exactly 48 bytes.
func verify(public *rsa.PublicKey, message, signature []byte) bool {
	sum := sha512.Sum384(message)
	return rsa.VerifyPSS(public, crypto.SHA384, sum[:], signature, &rsa.PSSOptions{SaltLength: sha512.Size384}) == nil
}
