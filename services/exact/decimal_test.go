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

func TestParseDecimal(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "200": "200", "0.5": "0.5", "0.50": "0.5", "-3.25": "-3.25", "007": "7", "0.000001": "0.000001",
		"-0.000001": "-0.000001", "9223372036854.775807": "9223372036854.775807", "-9223372036854.775808": "-9223372036854.775808",
		"1.100000": "1.1", "10": "10", "1000000": "1000000", "0.100001": "0.100001",
	} {
		d, err := ParseDecimal(text)
		if err != nil || d.String() != want {
			t.Errorf("ParseDecimal(%q) = %v, %v; want %s", text, d, err, want)
		}
	}
}

func TestParseDecimalRefuses(t *testing.T) {
	for text, want := range map[string]error{
		"": ErrNotNumber, "-": ErrNotNumber, "+1": ErrNotNumber, " 1": ErrNotNumber, "1 ": ErrNotNumber, "1e3": ErrNotNumber,
		".5": ErrNotNumber, "5.": ErrNotNumber, "1.2.3": ErrNotNumber, "--1": ErrNotNumber, "1,000": ErrNotNumber, "0x10": ErrNotNumber,
		"１": ErrNotNumber, "1/2": ErrNotNumber, "NaN": ErrNotNumber, "1.2345678x": ErrNotNumber,
		"0.1234567": ErrTooPrecise, "1.0000000": ErrTooPrecise,
		"9223372036854.775808": ErrTooLarge, "-9223372036854.775809": ErrTooLarge, "99999999999999999999": ErrTooLarge,
		strings.Repeat("0", 41): ErrTooLarge,
	} {
		if d, err := ParseDecimal(text); !errors.Is(err, want) || d != 0 {
			t.Errorf("ParseDecimal(%q) = %v, %v; want %v", text, d, err, want)
		}
	}
}

func TestDecimalRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Decimal(rapid.Int64().Draw(t, "d"))
		text, err := json.Marshal(d)
		var back Decimal
		if err != nil || json.Unmarshal(text, &back) != nil || back != d {
			t.Fatalf("%d became %s became %d (%v)", int64(d), text, int64(back), err)
		}
		r := FromDecimal(d)
		if again, ok := r.Decimal(); !ok || again != d || r.String() != d.String() {
			t.Fatalf("%v as a rational is %v, back again %v", d, r, again)
		}
	})
}

func TestDecimalArithmeticIsChecked(t *testing.T) {
	edges := []int64{0, 1, -1, math.MaxInt64, math.MinInt64}
	number := rapid.OneOf(rapid.SampledFrom(edges), rapid.Int64())
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		sum := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
		if s, ok := Decimal(a).Add(Decimal(b)); ok != sum.IsInt64() || ok && int64(s) != sum.Int64() {
			t.Fatalf("%d + %d = %d, %v", a, b, int64(s), ok)
		}
		diff := new(big.Int).Sub(big.NewInt(a), big.NewInt(b))
		if s, ok := Decimal(a).Sub(Decimal(b)); ok != diff.IsInt64() || ok && int64(s) != diff.Int64() {
			t.Fatalf("%d - %d = %d, %v", a, b, int64(s), ok)
		}
	})
}

func TestFrequency(t *testing.T) {
	for text, want := range map[string]string{"1/7": "30/7", "1/1": "30", "1/30": "1", "0/7": "0", "10/1": "300", "2/14": "30/7", "1/90": "1/3"} {
		f, err := ParseFrequency(text)
		if err != nil || f.Per30().String() != want || f.String() != text {
			t.Errorf("ParseFrequency(%q) = %v, %v, per 30 days %v; want %s", text, f, err, f.Per30(), want)
		}
	}
	for text, want := range map[string]error{"": ErrNotNumber, "7": ErrNotNumber, "1/0": ErrNotNumber, "-1/7": ErrNotNumber, "1/7d": ErrNotNumber,
		"1/-7": ErrNotNumber, "1/7/2": ErrNotNumber, "0.5/7": ErrNotNumber, "1/9223372036854775808": ErrTooLarge} {
		if f, err := ParseFrequency(text); !errors.Is(err, want) || f != (Frequency{}) {
			t.Errorf("ParseFrequency(%q) = %v, %v; want %v", text, f, err, want)
		}
	}
	var f Frequency
	if err := json.Unmarshal([]byte(`"3/2"`), &f); err != nil || f != (Frequency{3, 2}) {
		t.Errorf("unmarshalled %v, %v", f, err)
	}
	for _, none := range []Frequency{{}, {1, 0}, {1, -1}, {-1, 1}} {
		if !none.Per30().IsZero() {
			t.Errorf("%v is %v per 30 days; want none", none, none.Per30())
		}
	}
}
