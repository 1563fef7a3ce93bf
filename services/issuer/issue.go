package issuer

import (
	"context"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"math/big"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"suyuan/services/intake/token"
)

// Blinded are eight blinded messages, one for each key in the order of the
// keys' numbers; Signatures what they become.
type (
	Blinded    [token.PerQuarter][token.Modulus]byte
	Signatures [token.PerQuarter][token.Modulus]byte
)

// Offer tells whoever has a code of the roster which keys it is good for,
// used or not.
func (o *Office) Offer(code token.Code) ([]PublicKey, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	r, _ := o.find(code)
	if r == nil {
		return nil, unknownCode()
	}
	set, err := o.complete(r.term)
	if err != nil {
		return nil, err
	}
	return public(r.term, set)
}

// Issue signs eight blinded messages for whoever has a code of the roster, once.
// The same messages again get the same answer; any others are refused. That
// the code was used is on disk before anything is signed.
func (o *Office) Issue(ctx context.Context, code token.Code, blinded *Blinded) (out *Signatures, err error) {
	set, err := o.claim(code, blinded)
	if err != nil {
		return nil, err
	}
	err = o.gate.Run(ctx, func() error {
		out, err = sign(set, blinded)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (o *Office) claim(code token.Code, blinded *Blinded) (*[token.PerQuarter]*rsa.PrivateKey, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	r, at := o.find(code)
	if r == nil {
		return nil, unknownCode()
	}
	set, err := o.complete(r.term)
	if err != nil {
		return nil, err
	}
	if !sound(set, blinded) {
		return nil, badBlinded()
	}
	return set, r.claim(at, markOf(code, r.term, blinded))
}

// find is the code's roster and its place there; under mu.
func (o *Office) find(code token.Code) (*roster, int) {
	hash := code.Hash(token.Enrolment)
	for _, r := range o.rosters {
		if at := r.find(hash); at >= 0 {
			return r, at
		}
	}
	return nil, -1
}

// markOf knows a request again: keyed with the code, so that whoever has the
// roster's file and a list of blinded messages cannot tell which belong together.
func markOf(code token.Code, t Term, blinded *Blinded) (m mark) {
	h := hmac.New(sha256.New, code.Bits())
	h.Write([]byte("issue-v1" + t.String()))
	for _, b := range blinded {
		h.Write(b[:])
	}
	h.Sum(m[:0])
	return m
}

// sound wants numbers that a blinding gives: above one, below the modulus, and
// with no factor in common with it.
func sound(set *[token.PerQuarter]*rsa.PrivateKey, blinded *Blinded) bool {
	one := big.NewInt(1)
	for i, b := range blinded {
		n := new(big.Int).SetBytes(b[:])
		if n.Cmp(one) <= 0 || n.Cmp(set[i].N) >= 0 || new(big.Int).GCD(nil, nil, n, set[i].N).Cmp(one) != 0 {
			return false
		}
	}
	return true
}

func sign(set *[token.PerQuarter]*rsa.PrivateKey, blinded *Blinded) (*Signatures, error) {
	out := new(Signatures)
	for i := range blinded {
		signed, err := blindrsa.NewSigner(set[i]).BlindSign(blinded[i][:])
		if err != nil {
			return nil, err
		}
		copy(out[i][:], signed)
	}
	return out, nil
}
