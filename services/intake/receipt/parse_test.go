package receipt_test

import (
	"fmt"
	"strings"
	"testing"

	"suyuan/services/intake/receipt"
	"suyuan/services/ledger"
)

// A reading is one way a receipt is typed or pasted. Rule is "" where it is
// read as the receipt it is made of.
type reading struct {
	about, text, rule string
}

func fullWidth(text string) string {
	return strings.Map(func(sign rune) rune {
		if sign >= '0' && sign <= '9' {
			return sign - '0' + '０'
		}
		return sign
	}, text)
}

func readings(r receipt.Receipt) []reading {
	shown, digits := r.Grouped(), plain(r)
	groups := strings.Fields(shown)
	all := []reading{
		{"as shown", shown, ""},
		{"digits only", digits, ""},
		{"full width", fullWidth(shown), ""},
		{"both widths", digits[:9] + fullWidth(digits[9:]), ""},
		{"a line for each group", strings.Join(groups, "\r\n"), ""},
		{"every digit apart", strings.Join(strings.Split(digits, ""), " "), ""},
		{"other groups", digits[:5] + " " + digits[5:20] + " - " + digits[20:], ""},
		{"space around", " \t\n" + shown + "\u3000\n", ""},
		{"words around", "我的回执是：" + shown + "（请保存）。", ""},
		{"separators around", "-- " + shown + " --", ""},
		{"marks of direction", "\u2068" + shown + "\u2069", ""},
		{"as long as may be", strings.Repeat(" ", 1024-len(digits)) + digits, ""},
		{"nothing", "", "receipt.missing"},
		{"space only", " \u3000\n", "receipt.missing"},
		{"words only", "回执", "receipt.missing"},
		{"one digit too few", digits[:27], "receipt.too_few"},
		{"without check digits", digits[:26], "receipt.too_few"},
		{"one digit", "7", "receipt.too_few"},
		{"one digit too many", digits + "7", "receipt.too_many"},
		{"twice", shown + " " + shown, "receipt.too_many"},
		{"O for 0", digits[:13] + "O" + digits[14:], "receipt.sign"},
		{"l for 1, full width", digits[:13] + "ｌ" + digits[14:], "receipt.sign"},
		{"a word within", digits[:13] + "和" + digits[13:], "receipt.sign"},
		{"digits of other words", "7月1日 " + shown, "receipt.sign"},
		{"digits of words behind", shown + "，共28位", "receipt.sign"},
		{"digits of another script", digits[:13] + "٣" + digits[14:], "receipt.sign"},
		{"a tail that is no text", digits + "\uFFFD", ""},
		{"a letter within a tail", digits + " ok", ""},
		{"something within that is no text", digits[:13] + "\uFFFD" + digits[13:], "receipt.sign"},
		{"one byte too long", strings.Repeat(" ", 1025-len(digits)) + digits, "receipt.too_much_text"},
		{"wrong check digits", digits[:26] + "99", "receipt.check"},
		{"groups swapped", strings.Join(append([]string{groups[1], groups[0]}, groups[2:]...), " "), "receipt.check"},
		{"zeros", strings.Repeat("0", 28), "receipt.check"},
	}
	for _, sign := range "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000" +
		"\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff" +
		"-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d" +
		",./_|\u00b7\u2022\u2026\u2027\u30fb\u3001\u3002\uff0c\uff0e\uff0f\uff3f\uff5c" {
		all = append(all, reading{fmt.Sprintf("between groups, U+%04X", sign), strings.Join(groups, string(sign)), ""})
	}
	for _, sign := range "\x00\x08\x0e\x1f!+:;~a\u007f\u0084\u0086\u009f\u00a1\u00ac\u00ae\u00b6\u00b8\u167f\u1681\u1fff\u200c\u2016\u2021\u2023\u2025\u2028\u2030\u205e\u2061\u2065\u206a\u2211\u2213\u2fff\u3003\u30fa\u30fc\uff0b\uff1a\uff3e\uff5b\uff5d\ufe57\ufe64\ufefe\uff0e\U0001F4A9" {
		if strings.ContainsRune("\u200c\u2028\uff0e", sign) { // neighbours of a range that are in it
			continue
		}
		all = append(all, reading{fmt.Sprintf("between groups, U+%04X", sign), strings.Join(groups, string(sign)), "receipt.sign"})
	}
	return all
}

func TestParse(t *testing.T) {
	r := newReceipt(t, source(8))
	for _, c := range readings(r) {
		got, err := receipt.Parse(c.text)
		if rule(err) != c.rule || c.rule == "" && !got.Equal(r) || c.rule != "" && got.Grouped() != "" {
			t.Errorf("%s: %q gives %v, want %q", c.about, c.text, err, c.rule)
		}
		if err != nil && (ledger.AsError(err).Code != ledger.Invalid || ledger.AsError(err).Field != "receipt") {
			t.Errorf("%s: %+v", c.about, err)
		}
	}
	// Bytes that are no text at all.
	for text, want := range map[string]string{plain(r) + "\xff": "", "\xff" + plain(r): "", plain(r)[:9] + "\xff" + plain(r)[9:]: "receipt.sign"} {
		if _, err := receipt.Parse(text); rule(err) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Whatever is typed, a refusal says one of these things, word for word: what
// was typed cannot be in it. What is read is read again from what it shows.
func FuzzParse(f *testing.F) {
	said := map[string]string{}
	r := newReceipt(f, source(9))
	for _, c := range readings(r) {
		f.Add(c.text)
		if _, err := receipt.Parse(c.text); err != nil {
			said[rule(err)] = fmt.Sprintf("%+v", *ledger.AsError(err))
		}
	}
	if len(said) != 6 {
		f.Errorf("%d kinds of refusal: %v", len(said), said)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := receipt.Parse(text)
		if err != nil {
			if e := ledger.AsError(err); fmt.Sprintf("%+v", *e) != said[e.Rule] || e.Unwrap() != nil {
				t.Errorf("%q: %+v", text, e)
			}
			return
		}
		again, err := receipt.Parse(r.Grouped())
		if err != nil || !again.Equal(r) {
			t.Errorf("%q shows as %s, which is %v", text, r.Grouped(), err)
		}
		digits := strings.Map(func(sign rune) rune {
			if sign >= '０' && sign <= '９' {
				return sign - '０' + '0'
			} else if sign >= '0' && sign <= '9' {
				return sign
			}
			return -1
		}, text)
		if digits != plain(r) {
			t.Errorf("%q was read as %s", text, r.Grouped())
		}
	})
}
