// Package figure turns the exact numbers of the ledger, which travel as text,
// into words for people. It computes with integers only and must never round
// without saying so: whatever is not exact carries a "≈".
package figure

import (
	"math/big"
	"strings"
)

// longest bounds the text of a number; results of long chains can be long.
const longest = 16_384

// places is how many decimals the ledger holds exactly.
const places = 6

// Figure is an exact number. The zero Figure is absent: it prints as "".
type Figure struct{ r *big.Rat }

// Parse reads a decimal or n/d. Anything else, "" included, is absent.
func Parse(s string) Figure {
	if s == "" || len(s) > longest || strings.Trim(s, "-0123456789./") != "" {
		return Figure{}
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return Figure{}
	}
	return Figure{r}
}

// Of returns n.
func Of(n int64) Figure { return Figure{big.NewRat(n, 1)} }

// Absent reports whether there is no number.
func (f Figure) Absent() bool { return f.r == nil }

// Sign is -1, 0 or 1; an absent number has the sign 0.
func (f Figure) Sign() int {
	if f.r == nil {
		return 0
	}
	return f.r.Sign()
}

// Rat returns a copy to compute with; an absent number is 0.
func (f Figure) Rat() *big.Rat {
	if f.r == nil {
		return new(big.Rat)
	}
	return new(big.Rat).Set(f.r)
}

// Add returns f + g.
func (f Figure) Add(g Figure) Figure { return Figure{new(big.Rat).Add(f.Rat(), g.Rat())} }

// Sub returns f − g.
func (f Figure) Sub(g Figure) Figure { return Figure{new(big.Rat).Sub(f.Rat(), g.Rat())} }

// Neg returns −f.
func (f Figure) Neg() Figure { return Figure{new(big.Rat).Neg(f.Rat())} }

// Abs returns |f|.
func (f Figure) Abs() Figure { return Figure{new(big.Rat).Abs(f.Rat())} }

// Cmp is -1 where f < g, 0 where they are equal, 1 where f > g.
func (f Figure) Cmp(g Figure) int { return f.Rat().Cmp(g.Rat()) }

// exact reports whether six places hold the number.
func (f Figure) exact() bool {
	n, finite := f.r.FloatPrec()
	return finite && n <= places
}

// Text is the number in full: a decimal where that is exact, else the
// fraction and, after "≈", its value to two significant places or more.
func (f Figure) Text() string {
	switch {
	case f.r == nil:
		return ""
	case f.exact():
		return decimal(f.r, places)
	}
	return minus(f.r.String()) + " ≈ " + rounded(f.r)
}

// Short is Text without the fraction: 258.68 with "≈" in front.
func (f Figure) Short() string {
	switch {
	case f.r == nil:
		return ""
	case f.exact():
		return decimal(f.r, places)
	}
	return "≈" + rounded(f.r)
}

// Signed is Short with a sign in front of all but 0.
func (f Figure) Signed() string { return sign(f, Figure.Short) }

// SignedText is Text with a sign in front of all but 0.
func (f Figure) SignedText() string { return sign(f, Figure.Text) }

func sign(f Figure, text func(Figure) string) string {
	s := text(f)
	if f.Sign() <= 0 {
		return s
	}
	if rest, about := strings.CutPrefix(s, "≈"); about {
		return "≈+" + rest
	}
	return "+" + strings.Replace(s, "≈ ", "≈ +", 1)
}

// Percent is a ratio in per cent with its sign: +10%, ≈+11.33%.
func (f Figure) Percent() string {
	if f.r == nil {
		return ""
	}
	p := new(big.Rat).Mul(f.r, big.NewRat(100, 1))
	text := rounded(p)
	if n, finite := p.FloatPrec(); finite && n <= 2 {
		text = decimal(p, 2)
		if p.Sign() > 0 {
			text = "+" + text
		}
		return text + "%"
	}
	if p.Sign() > 0 {
		text = "+" + text
	}
	return "≈" + text + "%"
}

// Rate reads a count per 30 days as times per days in lowest terms: 30/7 is
// once in 7 days. ok is false where the number is absent or not positive.
func (f Figure) Rate() (times, days string, ok bool) {
	if f.Sign() <= 0 {
		return "", "", false
	}
	r := new(big.Rat).Quo(f.r, big.NewRat(30, 1))
	return r.Num().String(), r.Denom().String(), true
}

// rounded gives two decimals, or as many as it takes to show two significant
// digits of a small number, at most six.
func rounded(r *big.Rat) string {
	n := 2
	for small := big.NewRat(1, 10); n < places && new(big.Rat).Abs(r).Cmp(small) < 0; n++ {
		small.Quo(small, big.NewRat(10, 1))
	}
	return group(minus(r.FloatString(n)))
}

func decimal(r *big.Rat, most int) string {
	s := r.FloatString(most)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return group(minus(s))
}

func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

// group sets off thousands from five digits on.
func group(s string) string {
	rest, negative := strings.CutPrefix(s, "−")
	whole, frac, point := strings.Cut(rest, ".")
	if len(whole) > 4 {
		var b strings.Builder
		for i, c := range whole {
			if i > 0 && (len(whole)-i)%3 == 0 {
				b.WriteByte(',')
			}
			b.WriteRune(c)
		}
		whole = b.String()
	}
	if point {
		whole += "." + frac
	}
	if negative {
		whole = "−" + whole
	}
	return whole
}
