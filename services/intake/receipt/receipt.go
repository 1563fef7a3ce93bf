package receipt

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
)

const (
	length = 28 // digits in all
	random = length - 2
	group  = 4
)

// A Receipt is 26 random digits and their two check digits (ISO 7064, MOD
// 97-10). New draws one, Parse reads one; the zero Receipt is none. Copies
// share their digits: Clear clears them all. It cannot be compared with ==;
// Equal compares.
type Receipt struct {
	hidden
	digits behind[[length]byte] // '0' to '9', all zero bytes after Clear
}

var errNone = errors.New("receipt: there is none, or it was cleared")

// maxDraw bounds what New reads of a source: 26 digits take 26.6 bytes of a
// good one; fewer than 26 usable ones among 512 do not happen.
const maxDraw = 512

// New draws a receipt, every one of the 10^26 as likely as any other where
// the source's bytes are. The source is read to digits in this way, which the
// twin repeats: byte by byte, those of 250 and more left out, each of the
// others modulo 10, until there are 26. It is read 32 bytes at a time.
func New(source io.Reader) (Receipt, error) {
	digits := new([length]byte)
	var block [32]byte
	defer clear(block[:])
	n := 0
	for range maxDraw / len(block) {
		if _, err := io.ReadFull(source, block[:]); err != nil {
			clear(digits[:])
			return Receipt{}, fmt.Errorf("draw a receipt: %w", err)
		}
		n += draw(digits[n:random], block[:])
		if n == random {
			tens, ones := check(digits[:random])
			digits[random], digits[random+1] = tens, ones
			return Receipt{digits: hide(digits)}, nil
		}
	}
	clear(digits[:])
	return Receipt{}, fmt.Errorf("draw a receipt: %d bytes of the source gave no %d digits: it is not random", maxDraw, random)
}

// draw makes digits of bytes until one or the other runs out.
func draw(digits, from []byte) (n int) {
	for _, b := range from {
		if n == len(digits) {
			break
		}
		if b < 250 { // 250 is a multiple of 10, 256 is not
			digits[n] = '0' + b%10
			n++
		}
	}
	return n
}

// check gives the two check digits of digits: 98 − (the number·100 mod 97), from
// 02 to 98, so that the whole number leaves 1 modulo 97. It notices every
// mistyped digit and any two digits that changed places.
func check(digits []byte) (tens, ones byte) {
	rest := 0
	for _, d := range digits {
		rest = (rest*10 + int(d-'0')) % 97
	}
	c := 98 - rest*100%97
	return '0' + byte(c/10), '0' + byte(c%10)
}

// Grouped is the receipt as it is shown, once, to the person it belongs to:
// seven groups of four digits with spaces between, "" for none.
func (r Receipt) Grouped() string {
	if !r.present() {
		return ""
	}
	text := make([]byte, 0, length+length/group-1)
	for i := 0; i < length; i += group {
		if i > 0 {
			text = append(text, ' ')
		}
		text = append(text, r.digits()[i:i+group]...)
	}
	defer clear(text)
	return string(text)
}

// Equal tells whether both are the same receipt, in a time that does not
// depend on where they differ. None equals nothing, itself neither.
func (r Receipt) Equal(other Receipt) bool {
	return r.present() && other.present() && subtle.ConstantTimeCompare(r.digits()[:], other.digits()[:]) == 1
}

// Clear overwrites the digits, those of all copies too.
func (r Receipt) Clear() {
	if r.digits != nil {
		clear(r.digits()[:])
	}
}

func (r Receipt) present() bool { return r.digits != nil && r.digits()[0] != 0 }
