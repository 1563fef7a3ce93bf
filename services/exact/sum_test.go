package exact

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// A sum equals what math/big makes of the same decimals, through overflow of
// one word and back.
func TestSumAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s Sum
		want := new(big.Int)
		for _, v := range rapid.SliceOfN(rapid.Int64(), 1, 50).Draw(t, "values") {
			if rapid.Bool().Draw(t, "subtract") {
				s.Sub(Decimal(v))
				want.Sub(want, big.NewInt(v))
			} else {
				s.Add(Decimal(v))
				want.Add(want, big.NewInt(v))
			}
		}
		r := new(big.Rat).SetFrac(want, big.NewInt(1_000_000))
		if got := s.Rat().String(); got != fromBig(r).String() || s.Sign() != want.Sign() {
			t.Fatalf("sum %s sign %d, want %s", got, s.Sign(), r)
		}
		var twice Sum
		twice.AddSum(s)
		twice.AddSum(s)
		twice.SubSum(s)
		if twice.Cmp(s) != 0 {
			t.Fatalf("s + s - s = %s, want %s", twice, s)
		}
	})
}
