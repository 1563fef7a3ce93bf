package claim

import (
	"bytes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"

	"golang.org/x/crypto/chacha20poly1305"
)

// Key seals claims; the engine holds it and nobody else.
type Key [32]byte

// room is what the longest canonical claim fits into, with its length in front;
// what is sealed comes to a multiple of three bytes.
const room = 686

// SealedLen is the length of every sealed claim, in characters of base64url.
const SealedLen = sealedSize / 3 * 4

const sealedSize = chacha20poly1305.NonceSizeX + room + chacha20poly1305.Overhead

// ErrSealed: the text is not what this key sealed for this complaint.
var ErrSealed = errors.New("a claim cannot be opened: it was sealed under another key, for another complaint, or changed")

// ErrNone: what was sealed is None.
var ErrNone = errors.New("the report came without facts that could be read")

// None stands for the facts of a report that nobody could read at the cut: it
// is sealed like any other, and opens with ErrNone.
func None() Facts { return Facts{V: Version} }

// Seal gives the facts of a complaint as events hold them. The same key, id
// and facts give the same text, so that a cut that is done again records the
// same; other facts or another id give another nonce. The facts must be ones
// that Check accepts: all of those fit.
func (k Key) Seal(id string, f Facts) string {
	text := f.Marshal()
	if len(text) > room-2 {
		panic("claim: facts that Check refuses") // no more is said of them
	}
	plain := make([]byte, room)
	binary.BigEndian.PutUint16(plain, uint16(len(text)))
	copy(plain[2:], text)
	nonce := k.nonce(id, plain)
	return base64.RawURLEncoding.EncodeToString(k.cipher().Seal(nonce, nonce, plain, []byte(id)))
}

// Open reads what Seal made for the same complaint. The error is ErrSealed,
// ErrNone, or Parse's where what was sealed is no claim.
func (k Key) Open(id, sealed string) (Facts, error) {
	b, ok := unpack(sealed)
	if !ok {
		return Facts{}, ErrSealed
	}
	nonce, text := b[:chacha20poly1305.NonceSizeX], b[chacha20poly1305.NonceSizeX:]
	plain, err := k.cipher().Open(nil, nonce, text, []byte(id))
	if err != nil {
		return Facts{}, ErrSealed
	}
	n := int(binary.BigEndian.Uint16(plain))
	if n > room-2 {
		return Facts{}, ErrSealed
	}
	if bytes.Equal(plain[2:2+n], None().Marshal()) {
		return Facts{}, ErrNone
	}
	return Parse(plain[2 : 2+n])
}

// IsSealed reports whether a text has the form that Seal gives, whatever the
// key.
func IsSealed(s string) bool {
	_, ok := unpack(s)
	return ok
}

// unpack: the decoder passes over line breaks; the lengths do not.
func unpack(s string) ([]byte, bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return b, err == nil && len(s) == SealedLen && len(b) == sealedSize
}

func (k Key) cipher() cipher.AEAD {
	c, err := chacha20poly1305.NewX(k.derived("claim-v1 seal"))
	if err != nil {
		panic(err) // a SHA-256 has a key's length
	}
	return c
}

// nonce hangs on everything that is sealed: it repeats only with all of it.
func (k Key) nonce(id string, plain []byte) []byte {
	m := hmac.New(sha256.New, k.derived("claim-v1 nonce"))
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(id)))
	m.Write(n[:])
	m.Write([]byte(id))
	m.Write(plain)
	return m.Sum(nil)[:chacha20poly1305.NonceSizeX]
}

func (k Key) derived(what string) []byte {
	m := hmac.New(sha256.New, k[:])
	m.Write([]byte(what))
	return m.Sum(nil)
}
