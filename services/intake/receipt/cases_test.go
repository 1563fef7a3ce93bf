package receipt_test

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/crypto/argon2"

	"suyuan/services/intake/receipt"
)

var update = flag.Bool("update", false, "write test/cases/receipts.json anew")

const casesFile = "../../../test/cases/receipts.json"

const aboutCases = "What the portal's receipts are, for both sides that compute them. " +
	"draw: a source's bytes and the receipt drawn from them; bytes of 250 and more are left out, the others taken modulo 10, until there are 26 digits; the check digits are 98 - (number * 100 mod 97). " +
	"derive: salt is the first 16 bytes of SHA-256(service, 'rcpt-v1'); master is Argon2id(password the 28 digits in ASCII, t 2, m 19456 KiB, p 1, 32 bytes); each key is HKDF-SHA256(master, no salt, info 'rcpt-v1 box', 'rcpt-v1 signing', 'rcpt-v1 reply', 'rcpt-v1 seal', 32 bytes); " +
	"signing is an Ed25519 seed, reply an age X25519 identity, stored what a service keeps: SHA-256(box), the public key, the recipient. Bytes are in hex. " +
	"parse: what is typed; rule is that of the refusal, or empty where it is read as receipt. All of it is made up: no receipt of anybody's."

type cases struct {
	About  string       `json:"about"`
	Draw   []drawCase   `json:"draw"`
	Derive []deriveCase `json:"derive"`
	Parse  parseCases   `json:"parse"`
}

type drawCase struct {
	About   string `json:"about"`
	Bytes   string `json:"bytes"`
	Receipt string `json:"receipt"`
}

type deriveCase struct {
	Service   string     `json:"service"`
	Receipt   string     `json:"receipt"`
	Salt      string     `json:"salt"`
	Master    string     `json:"master"`
	Box       string     `json:"box"`
	Signing   string     `json:"signing"`
	Reply     string     `json:"reply"`
	Identity  string     `json:"identity"` // reply as age writes it
	Seal      string     `json:"seal"`
	Stored    storedCase `json:"stored"`
	Message   string     `json:"message"`
	Signature string     `json:"signature"`
}

type storedCase struct {
	Box     string `json:"box"`
	Signer  string `json:"signer"`
	Replies string `json:"replies"`
}

type parseCases struct {
	Receipt string      `json:"receipt"`
	Texts   []parseCase `json:"texts"`
}

type parseCase struct {
	About string `json:"about"`
	Text  string `json:"text"`
	Rule  string `json:"rule"`
}

// TestCases holds the file that the twin in the browser is held to, to what
// this package does.
func TestCases(t *testing.T) {
	want := encode(t, made(t))
	if *update {
		if err := os.WriteFile(casesFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(casesFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("test/cases/receipts.json differs from what is derived here. Receipts that people hold depend on it: unless only cases were added, what is derived must not change. go test ./services/intake/receipt -run TestCases -update writes it anew")
	}
}

// Pinned apart from the file: a receipt handed out today opens its box for
// good, whoever writes the file anew.
func TestDeriveIsForGood(t *testing.T) {
	r, err := receipt.Parse("1234 5678 9012 3456 7890 1234 5627")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := r.Derive([]byte("service"))
	if err != nil {
		t.Fatal(err)
	}
	box, seal := keys.Box(), keys.Seal()
	for what, c := range map[string][2]string{
		"box":     {hex.EncodeToString(box[:]), "d1d7b3f4caaa8e280cd49cce4e8b2c6796413819e8feead264bee48b5f6b12a8"},
		"seal":    {hex.EncodeToString(seal[:]), "3cee62d2076aa880a6b51daf3c37af7b084fb769fe9ed9ccadbc3e9ac904158d"},
		"replies": {keys.Stored().Replies, "age15dpg30knpncv2nhj0d3tn8t3euy5y060venspnuy88rgk7dvf5ns4enqgv"},
		"signer":  {fmt.Sprintf("%x", keys.Stored().Signer), "86f3bac10952d2127877067c0f5188de92b31d2c6374b532f204bd25aa906b56"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s is %s", what, c[0])
		}
	}
}

// The example of ISO 7064, and what an IBAN is checked by.
func TestCheckDigitsOfTheStandard(t *testing.T) {
	for digits, want := range map[string]string{
		"794":                    "44",
		"3704004405320130001314": "89", // DE89 3704 0044 0532 0130 00, its letters as numbers
	} {
		if got := receipt.CheckDigits(digits); got != want {
			t.Errorf("%s: %s, want %s", digits, got, want)
		}
	}
}

func made(t *testing.T) cases {
	c := cases{About: aboutCases}
	for i, about := range []string{"plain", "again", "and again"} {
		from := make([]byte, 64)
		_, _ = source(byte(30 + i)).Read(from)
		c.Draw = append(c.Draw, drawn(t, about, from))
	}
	c.Draw = append(c.Draw,
		drawn(t, "bytes to be left out among the first", append([]byte{255, 250, 249, 251, 0, 9, 10, 252}, bytes.Repeat([]byte{253, 17}, 44)...)),
		drawn(t, "zeros", make([]byte, 32)),
		drawn(t, "nines", bytes.Repeat([]byte{249}, 32)),
	)
	for _, service := range []string{"s", "a service of these tests", strings.Repeat("\x00\xff", 16)} {
		for _, d := range c.Draw[:2] {
			c.Derive = append(c.Derive, derived(t, service, d.Receipt))
		}
	}
	c.Derive = append(c.Derive, derived(t, "s", c.Draw[4].Receipt))
	r := newReceipt(t, source(8))
	c.Parse.Receipt = r.Grouped()
	for _, p := range readings(r) {
		c.Parse.Texts = append(c.Parse.Texts, parseCase{p.about, p.text, p.rule})
	}
	return c
}

func drawn(t *testing.T, about string, from []byte) drawCase {
	return drawCase{about, hex.EncodeToString(from), newReceipt(t, bytes.NewReader(from)).Grouped()}
}

// derived goes through Derive, and beside it through the same steps written
// out, so that the file tells where two sides part.
func derived(t *testing.T, service, text string) deriveCase {
	t.Helper()
	r, err := receipt.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := r.Derive([]byte(service))
	if err != nil {
		t.Fatal(err)
	}
	salt := sha256.Sum256([]byte(service + "rcpt-v1"))
	master := argon2.IDKey([]byte(strings.ReplaceAll(text, " ", "")), salt[:16], 2, 19*1024, 1, 32)
	expand := func(use string) string {
		key, err := hkdf.Key(sha256.New, master, nil, "rcpt-v1 "+use, 32)
		if err != nil {
			t.Fatal(err)
		}
		return hex.EncodeToString(key)
	}
	stored := keys.Stored()
	box, seal, signing, reply := keys.Box(), keys.Seal(), receipt.SigningSeed(keys), receipt.ReplySeed(keys)
	message := "message of " + service
	c := deriveCase{
		Service: hex.EncodeToString([]byte(service)), Receipt: text,
		Salt: hex.EncodeToString(salt[:16]), Master: hex.EncodeToString(master),
		Box: expand("box"), Signing: expand("signing"), Reply: expand("reply"), Seal: expand("seal"),
		Identity: strings.ToUpper(receipt.Bech32("age-secret-key-", reply)),
		Stored:   storedCase{hex.EncodeToString(stored.Box[:]), hex.EncodeToString(stored.Signer[:]), stored.Replies},
		Message:  hex.EncodeToString([]byte(message)), Signature: hex.EncodeToString(keys.Sign([]byte(message))),
	}
	for what, key := range map[string][2]string{
		"box": {c.Box, hex.EncodeToString(box[:])}, "seal": {c.Seal, hex.EncodeToString(seal[:])},
		"signing": {c.Signing, hex.EncodeToString(signing[:])}, "reply": {c.Reply, hex.EncodeToString(reply[:])},
	} {
		if key[0] != key[1] {
			t.Errorf("%s of %s: Derive gives %s, its steps %s", what, text, key[1], key[0])
		}
	}
	return c
}

// encode writes signs that cannot be seen as \u….
func encode(t *testing.T, c cases) []byte {
	t.Helper()
	var plain bytes.Buffer
	e := json.NewEncoder(&plain)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(c); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, sign := range plain.String() {
		if sign > '~' && (!unicode.IsGraphic(sign) || unicode.IsSpace(sign) || sign == unicode.ReplacementChar) {
			fmt.Fprintf(&out, `\u%04x`, sign)
			continue
		}
		out.WriteRune(sign)
	}
	return out.Bytes()
}
