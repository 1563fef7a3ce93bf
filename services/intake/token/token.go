package token

import (
	"crypto/sha256"
	"encoding/binary"
)

// Type is the token type of RFC 9578: blind RSA with 2048 bits.
const Type = 0x0002

// Lengths in bytes.
const (
	Size       = 2 + 32 + 32 + 32 + Modulus // a token
	Modulus    = 256                        // what a key signs, and a signature
	signedSize = Size - Modulus
)

// A Token as RFC 9577 lays it out. What is signed is all before the signature.
type Token struct {
	Nonce     [32]byte // drawn by whoever asked for the token
	Challenge [32]byte // always Challenge: nothing else in it tells two tokens apart
	Key       [32]byte // id of the issuer key
	Signature [Modulus]byte
}

// Challenge is the SHA-256 of the one TokenChallenge there is: this type, the
// issuer name "suyuan", no redemption context, no origin.
func Challenge() [32]byte {
	return sha256.Sum256([]byte("\x00\x02" + "\x00\x06suyuan" + "\x00" + "\x00\x00"))
}

// New is a token that is not signed yet.
func New(nonce, key [32]byte) Token { return Token{Nonce: nonce, Challenge: Challenge(), Key: key} }

// Signed is what the issuer signs, blindly: type, nonce, challenge, key id.
func (t Token) Signed() []byte { return t.Encode()[:signedSize] }

// Encode is the token's Size bytes.
func (t Token) Encode() []byte {
	out := binary.BigEndian.AppendUint16(make([]byte, 0, Size), Type)
	out = append(out, t.Nonce[:]...)
	out = append(out, t.Challenge[:]...)
	out = append(out, t.Key[:]...)
	return append(out, t.Signature[:]...)
}

// Decode reads a token's Size bytes. It checks their shape, not the signature;
// any other type, and any challenge but ours, is refused.
func Decode(data []byte) (Token, error) {
	var t Token
	if len(data) != Size || binary.BigEndian.Uint16(data) != Type {
		return t, badToken()
	}
	at := data[2:]
	for _, part := range [][]byte{t.Nonce[:], t.Challenge[:], t.Key[:], t.Signature[:]} {
		at = at[copy(part, at):]
	}
	if t.Challenge != Challenge() {
		return Token{}, badToken()
	}
	return t, nil
}

// Nullifier is SHA-256("null-v1" ‖ key id ‖ nonce): the same for every
// signature over the nonce, of which there can be many.
func (t Token) Nullifier() [32]byte {
	return sha256.Sum256(append(append([]byte("null-v1"), t.Key[:]...), t.Nonce[:]...))
}
