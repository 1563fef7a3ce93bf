package exact

import (
	"math"
	"math/bits"
)

// small makes a Rat of a fraction already reduced, or is false where it does not fit 63 bits.
func small(negative bool, n, d uint64) (Rat, bool) {
	if n > math.MaxInt64 || d > math.MaxInt64 || d == 0 {
		return Rat{}, false
	}
	if negative {
		return Rat{num: -int64(n), den1: int64(d - 1)}, true
	}
	return Rat{num: int64(n), den1: int64(d - 1)}, true
}

// addSmall follows Knuth, TAOCP 4.5.1: dividing by the denominators' common factor first keeps every product within 127
// bits, and leaves only that factor to reduce by afterwards.
func addSmall(a, b Rat) (Rat, bool) {
	ad, bd := uint64(a.den1)+1, uint64(b.den1)+1
	g := gcd(ad, bd)
	ag, bg := ad/g, bd/g
	ahi, alo := bits.Mul64(magnitude(a.num), bg)
	bhi, blo := bits.Mul64(magnitude(b.num), ag)
	negative, hi, lo := addSigned(a.num < 0, ahi, alo, b.num < 0, bhi, blo)
	if hi == 0 && lo == 0 {
		return Rat{}, true
	}
	common := uint64(1)
	if g > 1 {
		common = gcd(bits.Rem64(hi, lo, g), g)
	}
	if hi >= common {
		return Rat{}, false // the quotient has more than 64 bits
	}
	n, _ := bits.Div64(hi, lo, common)
	dhi, d := bits.Mul64(ag, bd/common)
	if dhi != 0 {
		return Rat{}, false
	}
	return small(negative, n, d)
}

// mulSmall takes common factors out crosswise, so that the products are already reduced.
func mulSmall(a, b Rat) (Rat, bool) {
	if a.num == 0 || b.num == 0 {
		return Rat{}, true
	}
	an, ad := magnitude(a.num), uint64(a.den1)+1
	bn, bd := magnitude(b.num), uint64(b.den1)+1
	g, h := gcd(an, bd), gcd(bn, ad)
	nhi, n := bits.Mul64(an/g, bn/h)
	dhi, d := bits.Mul64(ad/h, bd/g)
	if nhi != 0 || dhi != 0 {
		return Rat{}, false
	}
	return small((a.num < 0) != (b.num < 0), n, d)
}

// addSigned adds two numbers of at most 127 bits given as sign and magnitude.
func addSigned(aneg bool, ahi, alo uint64, bneg bool, bhi, blo uint64) (negative bool, hi, lo uint64) {
	if aneg == bneg {
		lo, carry := bits.Add64(alo, blo, 0)
		hi, _ := bits.Add64(ahi, bhi, carry)
		return aneg, hi, lo
	}
	if compare128(ahi, alo, bhi, blo) < 0 {
		aneg, ahi, alo, bhi, blo = bneg, bhi, blo, ahi, alo
	}
	lo, borrow := bits.Sub64(alo, blo, 0)
	hi, _ = bits.Sub64(ahi, bhi, borrow)
	return aneg, hi, lo
}

func compare128(ahi, alo, bhi, blo uint64) int {
	switch {
	case ahi < bhi || ahi == bhi && alo < blo:
		return -1
	case ahi > bhi || alo > blo:
		return 1
	}
	return 0
}

// gcd is Stein's: at most 128 rounds of shifts and subtractions. gcd(0, b) is b.
func gcd(a, b uint64) uint64 {
	if a == 1 || b == 1 {
		return 1
	}
	if a == 0 || b == 0 {
		return a | b
	}
	shift := bits.TrailingZeros64(a | b)
	a >>= bits.TrailingZeros64(a)
	for b != 0 {
		b >>= bits.TrailingZeros64(b)
		if a > b {
			a, b = b, a
		}
		b -= a
	}
	return a << shift
}
