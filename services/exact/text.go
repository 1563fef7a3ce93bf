package exact

import (
	"math/big"
	"strconv"
	"strings"
)

// ratText bounds the text of a Rat. Results of long chains can be long; this is far above any of them.
const ratText = 16_384

// ParseRat reads "n", a decimal of up to six places, or "n/d" with d above 0, reduced or not, with an optional '-' in
// front; it reads whatever String writes. The error wraps ErrNotNumber, ErrTooPrecise or ErrTooLarge.
func ParseRat(s string) (Rat, error) {
	n, d, fraction := strings.Cut(s, "/")
	p, err := scan(n, ratText)
	switch {
	case err != nil:
		return Rat{}, err
	case !fraction:
		return p.rat(), nil
	case p.frac != "" || strings.Contains(n, ".") || d == "" || digits(d) != len(d) || strings.Trim(d, "0") == "":
		return Rat{}, refuse(s, ErrNotNumber)
	case len(d) > ratText:
		return Rat{}, refuse(s, ErrTooLarge)
	}
	r, ok := p.rat().Quo(parts{whole: d}.rat())
	if !ok {
		return Rat{}, refuse(s, ErrNotNumber)
	}
	return r, nil
}

// rat is the number of any size that p spells.
func (p parts) rat() Rat {
	if d, ok := p.millionths(); ok {
		return FromDecimal(d)
	}
	n, ok := new(big.Int).SetString(p.whole+p.frac+"000000"[len(p.frac):], 10)
	if !ok {
		return Rat{} // not reached: scan has seen digits only
	}
	if p.negative {
		n.Neg(n)
	}
	return fromBig(new(big.Rat).SetFrac(n, big.NewInt(unit)))
}

// String is the public face of an exact number: a decimal where six places hold it exactly, else n/d.
func (a Rat) String() string {
	if a.wide != nil {
		return wideString(a.wide)
	}
	den, m := uint64(a.den1)+1, magnitude(a.num)
	if unit%den != 0 {
		return strconv.FormatInt(a.num, 10) + "/" + strconv.FormatUint(den, 10)
	}
	var room [32]byte
	whole := strconv.AppendUint(make([]byte, 0, 20), m/den, 10)
	return string(appendFixed(room[:0], a.num < 0, whole, m%den*(unit/den)))
}

func wideString(r *big.Rat) string {
	den := r.Denom()
	if !den.IsUint64() || den.Uint64() > unit || unit%den.Uint64() != 0 {
		return r.String()
	}
	whole, rest := new(big.Int).QuoRem(new(big.Int).Abs(r.Num()), den, new(big.Int))
	return string(appendFixed(nil, r.Sign() < 0, whole.Append(nil, 10), rest.Uint64()*(unit/den.Uint64())))
}

// MarshalText writes String, so that JSON holds a string and no reader rounds it.
func (a Rat) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what ParseRat reads.
func (a *Rat) UnmarshalText(text []byte) error {
	r, err := ParseRat(string(text))
	if err == nil {
		*a = r
	}
	return err
}
