package exact

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"
)

// Rat is an exact rational, always reduced, its denominator above 0. The zero value is 0. A Rat is a value: copy it,
// keep it, share it between goroutines; no method changes its receiver except UnmarshalText. Compare with Cmp or Equal, not ==.
//
// While numerator and denominator fit 63 bits, arithmetic allocates nothing; beyond that it goes on in math/big, and comes
// back as soon as a result fits again.
type Rat struct {
	num  int64    // never math.MinInt64, so that negation always fits
	den1 int64    // the denominator less one, so that the zero value is 0/1
	wide *big.Rat // set only where the number does not fit; never written to again
}

// FromInt returns n.
func FromInt(n int64) Rat {
	r, ok := small(n < 0, magnitude(n), 1)
	if !ok {
		return Rat{wide: new(big.Rat).SetInt64(n)}
	}
	return r
}

// FromDecimal returns d, reduced.
func FromDecimal(d Decimal) Rat {
	m := magnitude(int64(d))
	if m%unit == 0 { // most are whole
		r, _ := small(d < 0, m/unit, 1)
		return r
	}
	g := gcd(m, unit)
	r, _ := small(d < 0, m/g, unit/g) // the one magnitude above 63 bits is even, and so is unit
	return r
}

// NewRat returns n/d reduced, and false with 0 where d is 0.
func NewRat(n, d int64) (Rat, bool) {
	return FromInt(n).Quo(FromInt(d))
}

// Add returns a + b.
func (a Rat) Add(b Rat) Rat {
	if a.wide == nil && b.wide == nil {
		if r, ok := addSmall(a, b); ok {
			return r
		}
	}
	return fromBig(new(big.Rat).Add(a.big(), b.big()))
}

// Sub returns a − b.
func (a Rat) Sub(b Rat) Rat { return a.Add(b.Neg()) }

// Mul returns a × b.
func (a Rat) Mul(b Rat) Rat {
	if a.wide == nil && b.wide == nil {
		if r, ok := mulSmall(a, b); ok {
			return r
		}
	}
	return fromBig(new(big.Rat).Mul(a.big(), b.big()))
}

// Quo returns a ÷ b, and false with 0 where b is 0.
func (a Rat) Quo(b Rat) (Rat, bool) {
	if b.IsZero() {
		return Rat{}, false
	}
	if a.wide == nil && b.wide == nil {
		inverse := Rat{num: b.den1 + 1, den1: b.num - 1}
		if b.num < 0 {
			inverse = Rat{num: -b.den1 - 1, den1: -b.num - 1}
		}
		if r, ok := mulSmall(a, inverse); ok {
			return r, true
		}
	}
	return fromBig(new(big.Rat).Quo(a.big(), b.big())), true
}

// Neg returns −a.
func (a Rat) Neg() Rat {
	if a.wide != nil {
		return Rat{wide: new(big.Rat).Neg(a.wide)}
	}
	return Rat{num: -a.num, den1: a.den1}
}

// Sign is -1, 0 or 1.
func (a Rat) Sign() int {
	switch {
	case a.wide != nil:
		return a.wide.Sign()
	case a.num < 0:
		return -1
	case a.num > 0:
		return 1
	}
	return 0
}

// IsZero reports whether a is 0.
func (a Rat) IsZero() bool { return a.num == 0 && a.wide == nil }

// Cmp is -1 where a < b, 0 where they are equal, 1 where a > b.
func (a Rat) Cmp(b Rat) int {
	if a.wide != nil || b.wide != nil {
		return a.big().Cmp(b.big())
	}
	if s, t := a.Sign(), b.Sign(); s != t {
		return cmp.Compare(s, t)
	}
	ahi, alo := bits.Mul64(magnitude(a.num), uint64(b.den1)+1)
	bhi, blo := bits.Mul64(magnitude(b.num), uint64(a.den1)+1)
	return a.Sign() * compare128(ahi, alo, bhi, blo)
}

// Equal reports whether a and b are the same number.
func (a Rat) Equal(b Rat) bool {
	if a.wide == nil && b.wide == nil {
		return a.num == b.num && a.den1 == b.den1
	}
	return a.Cmp(b) == 0
}

// Decimal returns a as a Decimal, and false with 0 where six places or its range do not hold it.
func (a Rat) Decimal() (Decimal, bool) {
	den := uint64(a.den1) + 1
	if a.wide != nil || unit%den != 0 {
		// A number too wide for 63 bits can still be a Decimal at one point only: its smallest, which reduces to fit.
		return 0, false
	}
	hi, m := bits.Mul64(magnitude(a.num), unit/den)
	switch {
	case hi == 0 && a.num >= 0 && m <= math.MaxInt64:
		return Decimal(m), true
	case hi == 0 && a.num < 0 && m <= 1<<63:
		return Decimal(-m), true
	}
	return 0, false
}

// BitLen is the length in bits of the longer of numerator and denominator: what arithmetic on a costs, for callers that bound it.
func (a Rat) BitLen() int {
	if a.wide != nil {
		return max(a.wide.Num().BitLen(), a.wide.Denom().BitLen())
	}
	return bits.Len64(magnitude(a.num) | (uint64(a.den1) + 1))
}

// big returns a for reading; it is shared and must not be written to.
func (a Rat) big() *big.Rat {
	if a.wide != nil {
		return a.wide
	}
	return new(big.Rat).SetFrac(big.NewInt(a.num), new(big.Int).SetUint64(uint64(a.den1)+1))
}

// fromBig takes r over: the caller must not write to it again.
func fromBig(r *big.Rat) Rat {
	if n, d := r.Num(), r.Denom(); n.IsInt64() && d.IsInt64() {
		if s, ok := small(n.Sign() < 0, magnitude(n.Int64()), d.Uint64()); ok {
			return s
		}
	}
	return Rat{wide: r}
}
