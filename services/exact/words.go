package exact

// Words is a as numerator and denominator where both fit a word, for keeping it in a file; false where they don't, and
// String keeps it then.
func (a Rat) Words() (num, den int64, fits bool) {
	if a.wide != nil {
		return 0, 0, false
	}
	return a.num, a.den1 + 1, true
}

// OfWords is the number that Words took apart; false where it is not in its lowest terms.
func OfWords(num, den int64) (Rat, bool) {
	if den <= 0 || num == -num && num != 0 || gcd(magnitude(num), uint64(den)) != 1 {
		return Rat{}, false
	}
	return Rat{num: num, den1: den - 1}, true
}

// Words is s as two words of millionths, the upper one signed.
func (s Sum) Words() (hi int64, lo uint64) { return s.hi, s.lo }

// SumOf is the sum that Words took apart.
func SumOf(hi int64, lo uint64) Sum { return Sum{hi, lo} }
