package token_test

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"suyuan/services/intake/token"
	"suyuan/services/ledger"
)

var update = flag.Bool("update", false, "write test/cases/tokens.json anew")

const casesFile = "../../../test/cases/tokens.json"

const aboutCases = "What tokens and codes are, for both sides that compute them. " +
	"keys: SPKI in base64 and its SHA-256; tokens: their bytes, what is signed before the signature, nullifier SHA-256('null-v1', key id, nonce); " +
	"codes: 16 bytes, as they are printed for a kind (1 a card, 2 an enrolment), SHA-256('card-v1' or 'enrol-v1', the bytes); " +
	"parse: what is pasted as one token, as a code of a kind, as either, and the rule of the refusal, empty where it is read as what proof says (hex). " +
	"The key is the one of RFC 9500 that everybody has."

type cases struct {
	About  string      `json:"about"`
	Keys   []keyCase   `json:"keys"`
	Tokens []tokenCase `json:"tokens"`
	Codes  []codeCase  `json:"codes"`
	Parse  []parseCase `json:"parse"`
}

type keyCase struct {
	About string `json:"about"`
	SPKI  string `json:"spki"`
	ID    string `json:"id"` // empty: refused
}

type tokenCase struct {
	About     string `json:"about"`
	Token     string `json:"token"`
	Text      string `json:"text"`
	Nullifier string `json:"nullifier"`
	Good      bool   `json:"good"`
}

type codeCase struct {
	Kind token.Kind `json:"kind"`
	Bits string     `json:"bits"`
	Text string     `json:"text"`
	Hash string     `json:"hash"`
}

type parseCase struct {
	About string `json:"about"`
	As    string `json:"as"` // token, tokens, card, enrolment, proof
	Text  string `json:"text"`
	Rule  string `json:"rule"`
	Group int    `json:"group,omitempty"`
	Proof string `json:"proof"`
}

func TestCases(t *testing.T) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(made(t)); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(casesFile, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(casesFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, b.Bytes()) {
		t.Error("test/cases/tokens.json differs from what is made here. Tokens and cards that people hold depend on it: unless only cases were added, nothing may change. go test ./services/intake/token -run TestCases -update writes it anew")
	}
}

// testKey is the key of RFC 9500 that every library tests with.
func testKey(t testing.TB) issuer {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(circl(t), "testRSA2048.rfc9500.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	private, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	public, err := token.NewKey(&private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return issuer{private, public}
}

func source(seed byte) *rand.ChaCha8 { return rand.NewChaCha8([32]byte{seed}) }

// signed makes a token whose salt and blinding come from a source.
func (i issuer) signed(t testing.TB, nonce [32]byte, from byte) token.Token {
	t.Helper()
	client, err := blindrsa.NewClient(blindrsa.SHA384PSSDeterministic, i.public.Public())
	if err != nil {
		t.Fatal(err)
	}
	made := token.New(nonce, i.public.ID())
	blinded, state, err := client.Blind(source(from), made.Signed())
	if err != nil {
		t.Fatal(err)
	}
	answer, err := blindrsa.NewSigner(i.private).BlindSign(blinded)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := client.Finalize(state, answer)
	if err != nil {
		t.Fatal(err)
	}
	copy(made.Signature[:], signature)
	return made
}

func made(t *testing.T) cases {
	key := testKey(t)
	c := cases{About: aboutCases, Keys: keyCases(key)}
	a := key.signed(t, [32]byte{1, 2, 3}, 1)
	again := key.signed(t, [32]byte{1, 2, 3}, 2)
	forged := a
	forged.Signature[255] ^= 1
	other := a
	other.Nonce[0] ^= 1
	for _, k := range []struct {
		about string
		token.Token
	}{{"a token", a}, {"another signature over the same nonce", again}, {"a bit of the signature changed", forged}, {"the signature of another nonce", other}} {
		n := k.Nullifier()
		c.Tokens = append(c.Tokens, tokenCase{k.about, base64.RawURLEncoding.EncodeToString(k.Encode()), k.Text(), hex.EncodeToString(n[:]), key.public.Verify(k.Token) == nil})
	}
	for _, kind := range []token.Kind{token.Card, token.Enrolment} {
		for _, bits := range []string{strings.Repeat("00", 16), strings.Repeat("ff", 16), "000102030405060708090a0b0c0d0e0f", "f1e2d3c4b5a69788796a5b4c3d2e1f00"} {
			code, err := token.CodeOf(unhex(t, bits))
			if err != nil {
				t.Fatal(err)
			}
			hash := code.Hash(kind)
			c.Codes = append(c.Codes, codeCase{kind, bits, code.Text(kind), hex.EncodeToString(hash[:])})
		}
	}
	c.Parse = parseCases(t, a, again)
	return c
}

func keyCases(key issuer) []keyCase {
	good := key.public.SPKI()
	id := key.public.ID()
	change := func(at int, to byte) []byte {
		out := bytes.Clone(good)
		out[at] = to
		return out
	}
	plain, _ := x509.MarshalPKIXPublicKey(&key.private.PublicKey)
	var all []keyCase
	add := func(about string, spki []byte, id string) {
		all = append(all, keyCase{about, base64.StdEncoding.EncodeToString(spki), id})
	}
	add("as RFC 9578 encodes it", good, hex.EncodeToString(id[:]))
	add("the OID of plain RSA", plain, "")
	add("a salt of 32 bytes", change(66, 32), "")
	add("the exponent 65539", change(len(good)-1, 3), "")
	add("an even modulus", change(len(good)-6, good[len(good)-6]&^1), "")
	add("2047 bits", change(81, 0x70), "")
	add("one byte more", append(bytes.Clone(good), 0), "")
	add("one byte less", good[:len(good)-1], "")
	add("nothing", nil, "")
	return all
}

func parseCases(t *testing.T, a, b token.Token) []parseCase {
	flat := base64.RawURLEncoding.EncodeToString(a.Encode())
	code, err := token.NewCode(source(9))
	if err != nil {
		t.Fatal(err)
	}
	card, enrolment := code.Text(token.Card), code.Text(token.Enrolment)
	digit := func(text string, at int) string {
		return text[:at] + string('0'+(text[at]-'0'+1)%10) + text[at+1:]
	}
	wide := strings.Map(func(r rune) rune {
		if r == ' ' {
			return '\u3000'
		}
		return r - '0' + '０'
	}, card)
	all := []parseCase{
		{About: "as it is shown", As: "token", Text: a.Text()},
		{About: "in one line", As: "token", Text: flat},
		{About: "blanks of every script", As: "token", Text: "\ufeff" + flat[:9] + "\u00a0\u3000" + flat[9:50] + "\r\n\t" + flat[50:] + "\u200b"},
		{About: "padded", As: "token", Text: flat + "=="},
		{About: "the other base64", As: "token", Text: strings.NewReplacer("-", "+", "_", "/").Replace(flat)},
		{About: "nothing", As: "token", Text: " \n"},
		{About: "a letter lost", As: "token", Text: flat[1:]},
		{About: "a word before it", As: "token", Text: "token: " + flat},
		{About: "Chinese before it", As: "token", Text: "凭证" + flat},
		{About: "two tokens", As: "token", Text: a.Text() + b.Text()},
		{About: "too much", As: "token", Text: strings.Repeat("A", 16<<10+1)},
		{About: "another type", As: "token", Text: "AAE" + flat[3:]},
		{About: "another challenge", As: "token", Text: flat[:50] + "AAAA" + flat[54:]},
		{About: "two tokens of a file", As: "tokens", Text: a.Text() + "\n" + b.Text()},
		{About: "nine tokens", As: "tokens", Text: strings.Repeat(a.Text(), 9)},
		{About: "no token", As: "tokens", Text: ""},
		{About: "one and a half", As: "tokens", Text: a.Text() + a.Text()[:100]},

		{About: "as it is printed", As: "card", Text: card},
		{About: "without blanks", As: "card", Text: strings.ReplaceAll(card, " ", "")},
		{About: "full width", As: "card", Text: wide},
		{About: "dashes and dots", As: "card", Text: strings.ReplaceAll(strings.Replace(card, " ", "-", 4), " ", "．")},
		{About: "nothing", As: "card", Text: "\u3000"},
		{About: "a group missing", As: "card", Text: card[7:]},
		{About: "a letter", As: "card", Text: "O" + card[1:]},
		{About: "first group mistyped", As: "card", Text: digit(card, 0)},
		{About: "last group mistyped", As: "card", Text: digit(card, len(card)-1)},
		{About: "groups changed places", As: "card", Text: card[7:13] + " " + card[:6] + card[13:]},
		{About: "an enrolment code as a card", As: "card", Text: enrolment},
		{About: "a card as an enrolment code", As: "enrolment", Text: card},
		{About: "an enrolment code", As: "enrolment", Text: enrolment},
		{About: "above 128 bits", As: "card", Text: overflow()},

		{About: "a token", As: "proof", Text: a.Text()},
		{About: "a card", As: "proof", Text: card},
		{About: "nothing", As: "proof", Text: " \n "},
		{About: "a receipt", As: "proof", Text: "1234 5678 9012 3456 7890 1234 5627"},
		{About: "an enrolment code", As: "proof", Text: enrolment},
		{About: "words", As: "proof", Text: "我没有凭证"},
		{About: "two tokens", As: "proof", Text: a.Text() + b.Text()},
	}
	for i := range all {
		c := &all[i]
		proof, err := parsed(c.As, c.Text)
		c.Proof = hex.EncodeToString(proof)
		if e, ok := errors.AsType[*ledger.Error](err); ok {
			c.Rule = e.Rule
			for n := 1; n <= 8 && e.Rule == "token.code_group"; n++ {
				if strings.Contains(e.Text.En, "Group "+string(rune('0'+n))) {
					c.Group = n
				}
			}
		}
	}
	return all
}

// overflow is 2^128, with its check digits.
func overflow() string {
	const digits = "0340282366920938463463374607431768211456"
	var groups []string
	for g := range 8 {
		five := digits[5*g : 5*g+5]
		groups = append(groups, five+string('0'+token.CheckDigit(token.Card, g, []byte(five))))
	}
	return strings.Join(groups, " ")
}

func parsed(as, text string) ([]byte, error) {
	switch as {
	case "token":
		k, err := token.Parse(text)
		if err != nil {
			return nil, err
		}
		return k.Encode(), nil
	case "tokens":
		all, err := token.ParseAll(text)
		var out []byte
		for _, k := range all {
			out = append(out, k.Encode()...)
		}
		return out, err
	case "proof":
		return token.ReadProof(text)
	}
	kind := token.Card
	if as == "enrolment" {
		kind = token.Enrolment
	}
	c, err := token.ParseCode(kind, text)
	if err != nil {
		return nil, err
	}
	return c.Bits(), nil
}
