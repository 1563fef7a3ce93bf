package receipt_test

import (
	"bytes"
	"errors"
	"io"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"suyuan/services/intake/receipt"
	"suyuan/services/ledger"
)

// source is endless and the same every time.
func source(seed byte) io.Reader {
	var s [32]byte
	s[0] = seed
	return rand.NewChaCha8(s)
}

func newReceipt(t testing.TB, from io.Reader) receipt.Receipt {
	t.Helper()
	r, err := receipt.New(from)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func plain(r receipt.Receipt) string { return strings.ReplaceAll(r.Grouped(), " ", "") }

func TestGrouped(t *testing.T) {
	r := newReceipt(t, source(1))
	groups := strings.Split(r.Grouped(), " ")
	if len(groups) != 7 {
		t.Errorf("%d groups", len(groups))
	}
	for i, g := range groups {
		if len(g) != 4 || strings.Trim(g, "0123456789") != "" {
			t.Errorf("group %d is %q", i, g)
		}
	}
	if got := (receipt.Receipt{}).Grouped(); got != "" {
		t.Errorf("no receipt is %q", got)
	}
}

// then gives the same byte for ever after what came first.
type then byte

func (b then) Read(to []byte) (int, error) {
	for i := range to {
		to[i] = byte(b)
	}
	return len(to), nil
}

func (b then) some(n int) []byte { return bytes.Repeat([]byte{byte(b)}, n) }

// Exactly as many of the 256 bytes make one digit as another, at every place:
// this is what a plain remainder breaks.
func TestNoDigitIsLikelier(t *testing.T) {
	for place := range 26 {
		var makes [10]int
		for b := range 256 {
			var got [2]byte
			for i, after := range []byte{3, 4} { // a byte left out gives its place to what comes after
				first := append(then(1).some(place), byte(b))
				got[i] = plain(newReceipt(t, io.MultiReader(bytes.NewReader(first), then(after))))[place]
			}
			if got[0] == got[1] {
				makes[got[0]-'0']++
			}
		}
		for digit, n := range makes {
			if n != makes[0] || n == 0 {
				t.Fatalf("at place %d, %d bytes make a %d and %d a 0", place, n, digit, makes[0])
			}
		}
	}
}

// Chi squared over many receipts, 9 degrees of freedom: 50 is passed by one
// run of chance in ten million, and this one is always the same. A plain
// remainder gives about 190 over all places.
func TestDigitsAreSpreadEvenly(t *testing.T) {
	const receipts = 20_000
	from := source(2)
	var counts [26][10]int
	for range receipts {
		for place, d := range plain(newReceipt(t, from))[:26] {
			counts[place][d-'0']++
		}
	}
	chi := func(counts [10]int) (sum float64) {
		n := 0
		for _, c := range counts {
			n += c
		}
		for _, c := range counts {
			off := float64(c) - float64(n)/10
			sum += off * off / (float64(n) / 10)
		}
		return sum
	}
	var all [10]int
	for place, c := range counts {
		if x := chi(c); x > 50 {
			t.Errorf("place %d: %v, chi squared %.0f", place, c, x)
		}
		for d := range c {
			all[d] += c[d]
		}
	}
	if x := chi(all); x > 50 {
		t.Errorf("all places: %v, chi squared %.0f", all, x)
	}
}

func TestNewRefusesPoorSources(t *testing.T) {
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		from io.Reader
		is   error
	}{
		"ended":        {bytes.NewReader(make([]byte, 20)), io.ErrUnexpectedEOF},
		"empty":        {bytes.NewReader(nil), io.EOF},
		"broken":       {iotest.ErrReader(broken), broken},
		"never usable": {then(255), nil},
	} {
		r, err := receipt.New(c.from)
		if err == nil || c.is != nil && !errors.Is(err, c.is) || r.Grouped() != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Slow is not poor.
	if a, b := newReceipt(t, iotest.OneByteReader(source(3))), newReceipt(t, source(3)); !a.Equal(b) {
		t.Error("a source read byte by byte gives another receipt")
	}
}

// The whole number leaves 1 modulo 97, and the check digits are from 02 to 98.
func TestCheckDigits(t *testing.T) {
	from := source(4)
	for range 2_000 {
		text := plain(newReceipt(t, from))
		n, _ := new(big.Int).SetString(text, 10)
		if rest := n.Mod(n, big.NewInt(97)).Int64(); rest != 1 || text[26:] < "02" || text[26:] > "98" {
			t.Fatalf("%s leaves %d", text, rest)
		}
	}
}

func rule(err error) string {
	if err == nil {
		return ""
	}
	return ledger.AsError(err).Rule
}

// Every single mistyped digit and every two digits that changed places.
func TestMistakesAreNoticed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rapid.SliceOfN(rapid.ByteRange(0, 9), 26, 26).Draw(t, "digits")
		r, err := receipt.New(io.MultiReader(bytes.NewReader(random), then(0)))
		if err != nil {
			t.Fatal(err)
		}
		right := []byte(plain(r))
		if _, err := receipt.Parse(string(right)); err != nil {
			t.Fatalf("%s: %v", right, err)
		}
		notice := func(what string, wrong []byte) {
			if _, err := receipt.Parse(string(wrong)); rule(err) != "receipt.check" {
				t.Fatalf("%s: %s read as %s: %v", what, right, wrong, err)
			}
		}
		for i := range right {
			for d := byte('0'); d <= '9'; d++ {
				if d != right[i] {
					wrong := bytes.Clone(right)
					wrong[i] = d
					notice("mistyped", wrong)
				}
			}
			for j := range i {
				if right[i] != right[j] {
					wrong := bytes.Clone(right)
					wrong[i], wrong[j] = wrong[j], wrong[i]
					notice("swapped", wrong)
				}
			}
		}
	})
}

// 97 more or less leaves the same rest, and would be a receipt nobody was given.
func TestCheckDigitsAreThoseOfNewOnly(t *testing.T) {
	same := map[string]string{"97": "00", "98": "01", "02": "99"}
	from := source(5)
	for range 10_000 {
		text := plain(newReceipt(t, from))
		other, ok := same[text[26:]]
		if !ok {
			continue
		}
		delete(same, text[26:])
		if _, err := receipt.Parse(text[:26] + other); rule(err) != "receipt.check" {
			t.Errorf("%s for %s: %v", other, text, err)
		}
	}
	if len(same) > 0 {
		t.Errorf("not tried: %v", same)
	}
}

func TestEqualAndClear(t *testing.T) {
	a, b := newReceipt(t, source(6)), newReceipt(t, source(6))
	other := newReceipt(t, source(7))
	var none receipt.Receipt
	if !a.Equal(b) || a.Equal(other) || a.Equal(none) || none.Equal(a) || none.Equal(none) {
		t.Error("equal and different are confused")
	}
	first := bytes.Repeat([]byte{5}, 26)
	fives := newReceipt(t, bytes.NewReader(append(first, then(0).some(6)...)))
	for i := range first { // in one digit, and the check digits with it
		from := append(bytes.Clone(first), then(0).some(6)...)
		from[i] = 6
		if fives.Equal(newReceipt(t, bytes.NewReader(from))) {
			t.Errorf("digit %d is not looked at", i)
		}
	}
	for from := source(7); ; { // in all but the check digits
		if next := newReceipt(t, from); plain(next)[26:] == plain(a)[26:] {
			if a.Equal(next) {
				t.Error("only the check digits are looked at")
			}
			break
		}
	}
	copied := a
	a.Clear()
	none.Clear()
	if copied.Grouped() != "" || copied.Equal(b) || copied.Equal(copied) || b.Grouped() == "" {
		t.Error("clearing one copy leaves another, or takes more")
	}
	if _, err := copied.Derive([]byte("service")); err == nil {
		t.Error("keys of a cleared receipt")
	}
}
