package exact

import (
	"math/big"
	"math/bits"
)

// Sum adds decimals up without overflowing: 128 bits of millionths hold more
// than 10^25 of the largest decimals. The zero value is 0; copies are
// independent.
type Sum struct {
	hi int64
	lo uint64
}

// Add adds d.
func (s *Sum) Add(d Decimal) {
	lo, carry := bits.Add64(s.lo, uint64(d), 0)
	s.hi += int64(d>>63) + int64(carry)
	s.lo = lo
}

// Sub takes d off.
func (s *Sum) Sub(d Decimal) {
	lo, borrow := bits.Sub64(s.lo, uint64(d), 0)
	s.hi -= int64(d>>63) + int64(borrow)
	s.lo = lo
}

// AddSum adds another sum.
func (s *Sum) AddSum(o Sum) {
	lo, carry := bits.Add64(s.lo, o.lo, 0)
	s.hi += o.hi + int64(carry)
	s.lo = lo
}

// SubSum takes another sum off.
func (s *Sum) SubSum(o Sum) {
	lo, borrow := bits.Sub64(s.lo, o.lo, 0)
	s.hi -= o.hi + int64(borrow)
	s.lo = lo
}

// Sign is -1, 0 or 1.
func (s Sum) Sign() int {
	switch {
	case s.hi < 0:
		return -1
	case s.hi == 0 && s.lo == 0:
		return 0
	}
	return 1
}

// Cmp compares two sums.
func (s Sum) Cmp(o Sum) int {
	s.SubSum(o)
	return s.Sign()
}

// Rat is the sum as a rational.
func (s Sum) Rat() Rat {
	if s.hi == int64(s.lo)>>63 { // fits one word: the fast path
		return FromDecimal(Decimal(s.lo))
	}
	n := new(big.Int).Lsh(big.NewInt(s.hi), 64)
	n.Add(n, new(big.Int).SetUint64(s.lo))
	return fromBig(new(big.Rat).SetFrac(n, big.NewInt(1_000_000)))
}

// String writes the sum as Rat does.
func (s Sum) String() string { return s.Rat().String() }
