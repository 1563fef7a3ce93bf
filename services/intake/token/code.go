package token

import (
	"crypto/sha256"
	"fmt"
	"io"
	"math/big"
)

// A Kind is what a code is good for. The check digits tell them apart, so that
// a code that belongs to a person is noticed before it is sent where only
// cards may go.
type Kind byte

const (
	Card      Kind = 1 // a sealed card: redeemed once, with a report
	Enrolment Kind = 2 // a line of a roster: exchanged once for tokens, at the issuer only
)

// CodeSize is the length of a code in bytes: 128 bits.
const CodeSize = 16

// As it is typed: groups of five digits and their check digit, the number in
// all below 2^128.
const (
	groups     = 8
	groupSize  = 6
	CodeDigits = groups * groupSize
)

// A Code is 128 random bits. NewCode draws one, ParseCode reads one. Printed,
// it shows nothing.
type Code struct{ bits [CodeSize]byte }

// Format keeps the code out of whatever prints it.
func (Code) Format(to fmt.State, _ rune) { _, _ = io.WriteString(to, "code") }

// NewCode draws a code.
func NewCode(random io.Reader) (Code, error) {
	var c Code
	if _, err := io.ReadFull(random, c.bits[:]); err != nil {
		return Code{}, fmt.Errorf("draw a code: %w", err)
	}
	return c, nil
}

// CodeOf takes the 16 bytes of a code.
func CodeOf(bits []byte) (Code, error) {
	var c Code
	if len(bits) != CodeSize {
		return c, badProof()
	}
	copy(c.bits[:], bits)
	return c, nil
}

// Bits are the code's 16 bytes.
func (c Code) Bits() []byte { return append([]byte(nil), c.bits[:]...) }

// Hash is what may be kept of a code, and published of a card's:
// SHA-256("card-v1" ‖ code) or SHA-256("enrol-v1" ‖ code).
func (c Code) Hash(kind Kind) [32]byte {
	domain := "card-v1"
	if kind == Enrolment {
		domain = "enrol-v1"
	}
	return sha256.Sum256(append([]byte(domain), c.bits[:]...))
}

// Text is the code as it is printed: eight groups of six digits, the sixth of
// each a check digit over the five before it, the group's place and the kind.
func (c Code) Text(kind Kind) string {
	digits := fmt.Sprintf("%040d", new(big.Int).SetBytes(c.bits[:]))
	text := make([]byte, 0, CodeDigits+groups-1)
	for g := range groups {
		if g > 0 {
			text = append(text, ' ')
		}
		five := digits[g*(groupSize-1) : (g+1)*(groupSize-1)]
		text = append(text, five...)
		text = append(text, '0'+check(kind, g, []byte(five)))
	}
	return string(text)
}

// damm is a totally anti-symmetric quasigroup of order ten: the check digit
// made with it notices every mistyped digit and any two neighbours that have
// changed places.
var damm = [10][10]byte{
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
	{7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
	{4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
	{1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
	{6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
	{3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
	{8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
	{9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
	{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}

// check is a group's check digit: it starts from the kind and the group's
// place, so that no group passes for one of the other kind.
func check(kind Kind, group int, five []byte) byte {
	state := damm[damm[0][group]][kind]
	for _, d := range five {
		state = damm[state][d-'0']
	}
	return state
}
