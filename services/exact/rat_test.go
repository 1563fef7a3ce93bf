package exact

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// rat draws a number that is sometimes small, sometimes at the edge of 63 bits, sometimes beyond.
func rat(t *rapid.T, label string) (Rat, *big.Rat) {
	part := rapid.OneOf(rapid.Int64Range(-50, 50), rapid.Int64(),
		rapid.SampledFrom([]int64{math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, 1 << 62, 1_000_000, 999_983}))
	n, d := part.Draw(t, label+" n"), part.Filter(func(d int64) bool { return d != 0 }).Draw(t, label+" d")
	r, ok := NewRat(n, d)
	want := big.NewRat(n, 1)
	want.Quo(want, big.NewRat(d, 1))
	if !ok || r.big().Cmp(want) != 0 {
		t.Fatalf("NewRat(%d, %d) = %v, %v", n, d, r, ok)
	}
	if rapid.IntRange(0, 9).Draw(t, label+" wide") == 0 {
		return r.Mul(r).Mul(FromInt(math.MaxInt64)), new(big.Rat).Mul(new(big.Rat).Mul(want, want), big.NewRat(math.MaxInt64, 1))
	}
	return r, want
}

// same also checks the form: reduced, and wide only where it must be.
func same(t *rapid.T, what string, got Rat, want *big.Rat) {
	t.Helper()
	if got.big().Cmp(want) != 0 {
		t.Fatalf("%s = %v, want %v", what, got, want)
	}
	fits := want.Num().IsInt64() && want.Denom().IsInt64() && want.Num().Int64() != math.MinInt64
	if fits != (got.wide == nil) || fits && (got.num != want.Num().Int64() || got.den1 != want.Denom().Int64()-1) {
		t.Fatalf("%s = %+v is not in canonical form (%v)", what, got, want)
	}
}

func TestRatAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, x := rat(t, "a")
		b, y := rat(t, "b")
		same(t, "a", a, x)
		same(t, "a+b", a.Add(b), new(big.Rat).Add(x, y))
		same(t, "a-b", a.Sub(b), new(big.Rat).Sub(x, y))
		same(t, "a*b", a.Mul(b), new(big.Rat).Mul(x, y))
		same(t, "-a", a.Neg(), new(big.Rat).Neg(x))
		same(t, "a+b-b", a.Add(b).Sub(b), x)
		if q, ok := a.Quo(b); ok != (y.Sign() != 0) {
			t.Fatalf("quotient by %v: %v", y, ok)
		} else if ok {
			same(t, "a/b", q, new(big.Rat).Quo(x, y))
		}
		if a.Cmp(b) != x.Cmp(y) || a.Sign() != x.Sign() || a.IsZero() != (x.Sign() == 0) || a.Equal(b) != (x.Cmp(y) == 0) {
			t.Fatalf("order of %v and %v", x, y)
		}
		if n := max(x.Num().BitLen(), x.Denom().BitLen()); a.BitLen() < n || a.BitLen() > max(n, 64) {
			t.Fatalf("%v has %d bits, counted %d", x, n, a.BitLen())
		}
		same(t, "a itself, afterwards", a, x)
	})
}

func TestRatTextRoundTrip(t *testing.T) {
	million := big.NewInt(unit)
	rapid.Check(t, func(t *rapid.T) {
		a, x := rat(t, "a")
		text, err := json.Marshal(a)
		var back Rat
		if err != nil || json.Unmarshal(text, &back) != nil {
			t.Fatalf("%v: %s, %v", x, text, err)
		}
		same(t, "text", back, x)
		decimal := new(big.Int).Rem(million, x.Denom()).Sign() == 0
		if decimal == strings.Contains(a.String(), "/") {
			t.Fatalf("%v is written %s", x, a)
		}
		if decimal && strings.Contains(a.String(), ".") && strings.HasSuffix(a.String(), "0") {
			t.Fatalf("%s has trailing zeros", a)
		}
	})
}

func TestRatStringIsThePublicContract(t *testing.T) {
	for text, want := range map[string]string{
		"200": "200", "1/2": "0.5", "0.5": "0.5", "43200/167": "43200/167", "30/7": "30/7", "60/14": "30/7", "-1/4": "-0.25", "-0": "0", "0/9": "0",
		"1/1000000": "0.000001", "1/128": "1/128", "-7/3": "-7/3", "10/1": "10", "1/2000000": "1/2000000", "-0.000001": "-0.000001",
		"99999999999999999999.5": "99999999999999999999.5", "-9223372036854775808": "-9223372036854775808", "36893488147419103233/2": "18446744073709551616.5",
		"36893488147419103233/7": "36893488147419103233/7", "1/36893488147419103232": "1/36893488147419103232",
	} {
		r, err := ParseRat(text)
		if err != nil || r.String() != want {
			t.Errorf("ParseRat(%q) = %v, %v; want %s", text, r, err, want)
		}
	}
	if got := (Rat{}).String(); got != "0" {
		t.Errorf("the zero value is %s", got)
	}
}

func TestParseRatRefuses(t *testing.T) {
	long := strings.Repeat("9", ratText+1)
	for text, want := range map[string]error{
		"": ErrNotNumber, "/": ErrNotNumber, "1/": ErrNotNumber, "/2": ErrNotNumber, "1/0": ErrNotNumber, "1/00": ErrNotNumber, "1/-2": ErrNotNumber,
		"0.5/2": ErrNotNumber, "1/0.5": ErrNotNumber, "1/2/3": ErrNotNumber, "1e9": ErrNotNumber, "+1": ErrNotNumber, "1 /2": ErrNotNumber, "Inf": ErrNotNumber,
		"0.0000001": ErrTooPrecise, long: ErrTooLarge, "1/" + long: ErrTooLarge,
	} {
		if r, err := ParseRat(text); !errors.Is(err, want) || !r.IsZero() {
			t.Errorf("ParseRat(%.20q) = %v, %v; want %v", text, r, err, want)
		}
	}
	var r Rat
	if err := json.Unmarshal([]byte(`0.5`), &r); err == nil {
		t.Error("a JSON number was taken for an exact number")
	}
}

func TestQuoByZero(t *testing.T) {
	for _, a := range []Rat{{}, FromInt(1), FromInt(math.MinInt64)} {
		if q, ok := a.Quo(Rat{}); ok || !q.IsZero() {
			t.Errorf("%v / 0 = %v, %v", a, q, ok)
		}
	}
	if r, ok := NewRat(1, 0); ok || !r.IsZero() {
		t.Errorf("1/0 = %v, %v", r, ok)
	}
}

func FuzzParseRat(f *testing.F) {
	for _, seed := range []string{"0", "-1/3", "0.5", "99999999999999999999/7", "1/0", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRat(text)
		if err != nil {
			return
		}
		if back, err := ParseRat(r.String()); err != nil || !back.Equal(r) {
			t.Fatalf("%q is %v, read again %v (%v)", text, r, back, err)
		}
	})
}

func TestFastPathDoesNotAllocate(t *testing.T) {
	a, _ := NewRat(43200, 167)
	b, _ := NewRat(-4896, 167*13)
	large, _ := NewRat(math.MaxInt64, 3)
	var sink Rat
	allocs := testing.AllocsPerRun(100, func() {
		sink = a.Add(b).Sub(a).Mul(b)
		sink, _ = sink.Quo(a)
		sink = sink.Neg().Add(FromDecimal(1_500_000)).Add(FromInt(3))
		sink = large.Sub(large).Add(large.Mul(FromInt(3)))
		if a.Cmp(b) < 0 || large.IsZero() || sink.Sign() < 0 {
			sink = Rat{}
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations on the fast path", allocs)
	}
}

func BenchmarkRat(b *testing.B) {
	x, _ := NewRat(43200, 167)
	y, _ := NewRat(4896, 2171)
	b.ReportAllocs()
	for b.Loop() {
		x.Add(y)
		x.Mul(y)
		x.Quo(y)
	}
}
