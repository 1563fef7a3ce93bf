package intakejs

import (
	"encoding/hex"
	"reflect"
	"strings"
	"testing"

	"suyuan/services/intake/receipt"
)

type receiptCases struct {
	Draw   []struct{ About, Bytes, Receipt string }
	Derive []derivation
	Parse  struct {
		Receipt string
		Texts   []struct{ About, Text, Rule string }
	}
}

type derivation struct {
	Service, Receipt, Box, Identity string
	Stored                          storedKeys
	Message, Signature              string
}

type storedKeys struct{ Box, Signer, Replies string }

type derivedKeys struct {
	Box, Identity string
	Stored        storedKeys
	Signature     string
	Turns         int
	Progress      bool
}

func derive(t *testing.T, w twin, c derivation) derivedKeys {
	t.Helper()
	return value[derivedKeys](t, w, "derive", members{"receipt": c.Receipt, "service": c.Service, "message": c.Message})
}

// Receipts are drawn, read and derived to what the server has, with and
// without WebCrypto.
func TestReceipts(t *testing.T) {
	all := cases[receiptCases](t, "receipts.json")
	for _, webcrypto := range []string{"on", "off"} {
		w := start(t, webcrypto)
		if !value[bool](t, w, "supported", nil) {
			t.Error("says that it cannot")
		}
		for _, c := range all.Draw {
			if got := value[string](t, w, "draw", members{"from": c.Bytes}); got != c.Receipt {
				t.Errorf("%s: drew another receipt", c.About)
			}
		}
		for i, c := range all.Derive {
			if webcrypto == "off" && i > 0 {
				break // it takes half a second, and uses none of it
			}
			got := derive(t, w, c)
			if got.Box != c.Box || got.Identity != c.Identity || got.Stored != c.Stored || got.Signature != c.Signature {
				t.Errorf("case %d: derived %+v", i, got)
			}
			if got.Turns < 3 || !got.Progress {
				t.Errorf("case %d: the page had %d turns meanwhile; progress: %t", i, got.Turns, got.Progress)
			}
		}
	}
}

// Whatever is typed is read or refused as on the server, in the same words.
func TestReceiptsAreReadAsOnTheServer(t *testing.T) {
	w := start(t, "on")
	all := cases[receiptCases](t, "receipts.json").Parse
	texts := []string{strings.Repeat("1", 1025), strings.Repeat("一", 342), "１２３", "1\U0001F600 2"}
	for _, c := range all.Texts {
		texts = append(texts, c.Text)
		if got := w.ask(t, "parse", members{"text": c.Text}); c.Rule == "" && string(got.Value) != `"`+all.Receipt+`"` || c.Rule != "" && (got.Refused == nil || got.Refused.Rule != c.Rule || got.Refused.Field != "receipt") {
			t.Errorf("%s: %s %+v", c.About, got.Value, got.Refused)
		}
	}
	// Every sign there is, between two digits and among those that mean nothing.
	for sign := rune(0); sign < 0x10000; sign += 1 + sign/0x3100*7 {
		if sign < 0xD800 || sign > 0xDFFF {
			texts = append(texts, "9166 5500 6962 1691 5277 8311"+string(sign)+"9646")
		}
	}
	for _, text := range texts {
		got := w.ask(t, "parse", members{"text": text})
		r, err := receipt.Parse(text)
		switch {
		case err == nil && string(got.Value) != `"`+r.Grouped()+`"`:
			t.Errorf("%+q: %s, on the server read", text, got.Value)
		case err != nil:
			refusedAs(t, text, got, err)
		}
	}
}

// Each digit comes as often as another, in a thousand receipts of the
// browser's own chance: 2,600 of each expected, and six deviations allowed.
func TestReceiptsAreDrawnEvenly(t *testing.T) {
	w := start(t, "off")
	drawn := value[[]string](t, w, "drawn", members{"count": 1000})
	counts, seen := [10]int{}, map[string]bool{}
	for _, digits := range drawn {
		if r, err := receipt.Parse(digits); err != nil || seen[digits] {
			t.Fatalf("%v, again: %t", err, seen[digits])
		} else {
			seen[digits] = true
			r.Clear()
		}
		for _, d := range digits[:26] {
			counts[d-'0']++
		}
	}
	for d, n := range counts {
		if n < 2600-290 || n > 2600+290 {
			t.Errorf("digit %d came %d times: %v", d, n, counts)
		}
	}
	if got := w.ask(t, "draw", members{"from": strings.Repeat("ff", 512)}); got.Value != nil {
		t.Error("drew a receipt from a source without chance")
	}
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func equal(a, b any) bool { return reflect.DeepEqual(a, b) }
