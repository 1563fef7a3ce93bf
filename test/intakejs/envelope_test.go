package intakejs

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"filippo.io/age"

	"suyuan/services/intake/envelope"
	"suyuan/services/intake/receipt"
)

type envelopeCases struct {
	Layout struct{ Text, Pictures, Facts, Narrative, Signature, Message int }
	Keys   struct {
		Engine        string
		Investigators []string
		Reporter      string
		Stranger      string
	}
	Letters []struct {
		About, Kind, Token, Facts, Text, Opens string
		Pictures                               []int
		Sealed                                 []byte
	}
	Messages []struct {
		Text, Opens string
		Sealed      []byte
	}
	Texts []struct {
		About, Text string
		Characters  int
		Fits        bool
	}
}

func parsed(t *testing.T, identity string) *age.X25519Identity {
	t.Helper()
	id, err := age.ParseX25519Identity(identity)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// letter is what sealLetter takes, with the recipients of the cases.
func (c envelopeCases) letter(t *testing.T, with members) members {
	t.Helper()
	l := members{
		"kind": "report", "facts": `{"v":1}`, "engine": parsed(t, c.Keys.Engine).Recipient().String(),
		"investigators": []string{parsed(t, c.Keys.Investigators[0]).Recipient().String(), parsed(t, c.Keys.Investigators[1]).Recipient().String()},
	}
	for name, value := range with {
		l[name] = value
	}
	return l
}

// photo is bytes as the cases have them for a picture of a size.
func photo(size int) []byte {
	nothing := sha256.Sum256(nil)
	return append([]byte{0xFF, 0xD8, 0xFF}, bytes.Repeat(nothing[:], size/32+1)...)[:size]
}

type narrative struct {
	Text     string
	Pictures [][]byte
}

// What the browser seals, the server reads, and those open it that shall; with
// and without WebCrypto.
func TestSealedInTheBrowser(t *testing.T) {
	c := cases[envelopeCases](t, "envelopes.json")
	reporter := cases[receiptCases](t, "receipts.json").Derive[0]
	for _, webcrypto := range []string{"on", "off"} {
		w := start(t, webcrypto)
		derive(t, w, reporter)
		seen := map[string]bool{}
		for _, l := range c.Letters {
			with := members{"kind": l.Kind, "facts": l.Facts, "text": l.Text}
			token := unhex(t, l.Token)
			if len(token) > 0 {
				with["token"] = token
			}
			var pictures [][]byte
			for _, size := range l.Pictures {
				pictures = append(pictures, photo(size))
			}
			if pictures != nil {
				with["pictures"] = pictures
			}
			sealed := value[[]byte](t, w, "seal", members{"letter": c.letter(t, with)})
			e, err := envelope.Read(sealed)
			if err != nil {
				t.Fatalf("%s: %v", l.About, err)
			}
			stored := receipt.Stored{Box: [32]byte(unhex(t, reporter.Stored.Box)), Signer: [32]byte(unhex(t, reporter.Stored.Signer)), Replies: reporter.Stored.Replies}
			if e.Kind.String() != l.Kind || e.Stored != stored || !bytes.Equal(e.Token, token) || (e.Class == envelope.Pictures) != (pictures != nil) {
				t.Errorf("%s: read as a %v of class %v", l.About, e.Kind, e.Class)
			}
			facts, err := envelope.OpenFacts(e.Facts, parsed(t, c.Keys.Engine))
			if err != nil || string(facts) != l.Facts {
				t.Errorf("%s: facts %q, %v", l.About, facts, err)
			}
			for _, id := range c.Keys.Investigators {
				n, err := envelope.OpenNarrative(e.Narrative, parsed(t, id))
				if err != nil || n.Text != l.Opens || !equal(n.Pictures, pictures) {
					t.Errorf("%s: the narrative: %v", l.About, err)
				}
			}
			for _, id := range []string{c.Keys.Engine, c.Keys.Stranger, c.Keys.Reporter} {
				if _, err := envelope.OpenNarrative(e.Narrative, parsed(t, id)); err == nil {
					t.Errorf("%s: somebody else opens it", l.About)
				}
			}
			for _, line := range strings.Split(string(e.Narrative[:870])+string(e.Facts[:160]), "\n") {
				if len(line) == 43 || strings.HasPrefix(line, "-> ") {
					if seen[line] {
						t.Errorf("%s: drawn twice", l.About)
					}
					seen[line] = true
				}
			}
		}
		if len(seen) < len(c.Letters)*2*9 {
			t.Errorf("%d lines of stanzas", len(seen))
		}
	}
}

// What the server sealed, the browser opens, and nobody else's browser.
func TestOpenedInTheBrowser(t *testing.T) {
	c := cases[envelopeCases](t, "envelopes.json")
	for _, webcrypto := range []string{"on", "off"} {
		w := start(t, webcrypto)
		for _, m := range c.Messages {
			if got := value[string](t, w, "message", members{"sealed": m.Sealed, "identity": c.Keys.Reporter}); got != m.Opens {
				t.Errorf("a message of %d bytes opens to %d", len(m.Opens), len(got))
			}
			_, notOpened := envelope.OpenMessage(m.Sealed, parsed(t, c.Keys.Stranger))
			refusedAs(t, "a stranger's message", w.ask(t, "message", members{"sealed": m.Sealed, "identity": c.Keys.Stranger}), notOpened)
			for _, at := range []int{0, 30, 130, 860, 880, len(m.Sealed) - 1} {
				m.Sealed[at] ^= 1
				refusedAs(t, "a changed message", w.ask(t, "message", members{"sealed": m.Sealed, "identity": c.Keys.Reporter}), notOpened)
				m.Sealed[at] ^= 1
			}
			refusedAs(t, "a cut message", w.ask(t, "message", members{"sealed": m.Sealed[:900], "identity": c.Keys.Reporter}), notOpened)
		}
		for _, l := range c.Letters {
			if l.Sealed == nil {
				continue
			}
			file := l.Sealed[c.Layout.Narrative : len(l.Sealed)-c.Layout.Signature]
			for _, id := range c.Keys.Investigators {
				if got := value[narrative](t, w, "narrative", members{"sealed": file, "identity": id}); got.Text != l.Opens || len(got.Pictures) != 0 {
					t.Errorf("%s: opens to %q", l.About, got.Text)
				}
			}
			if got := w.ask(t, "narrative", members{"sealed": file, "identity": c.Keys.Engine}); got.Value != nil {
				t.Errorf("%s: the engine's key opens it", l.About)
			}
		}
	}
}

// The large class too, sealed by the server anew.
func TestPicturesOpenedInTheBrowser(t *testing.T) {
	c := cases[envelopeCases](t, "envelopes.json")
	reporter := cases[receiptCases](t, "receipts.json").Derive[0]
	r, err := receipt.Parse(reporter.Receipt)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := r.Derive(unhex(t, reporter.Service))
	if err != nil {
		t.Fatal(err)
	}
	l := envelope.Letter{Kind: envelope.Report, Stored: keys.Stored(), Facts: []byte("{}"), Narrative: envelope.Narrative{Text: "图", Pictures: [][]byte{photo(envelope.MaxPicture), photo(3)}}}
	sealed, err := envelope.Seal(keys.Seal(), keys.Sign, l, parsed(t, c.Keys.Engine).Recipient().String(), c.letter(t, nil)["investigators"].([]string))
	if err != nil {
		t.Fatal(err)
	}
	e, err := envelope.Read(sealed)
	if err != nil {
		t.Fatal(err)
	}
	w := start(t, "on")
	got := value[narrative](t, w, "narrative", members{"sealed": e.Narrative, "identity": c.Keys.Investigators[1]})
	if got.Text != "图" || !equal(got.Pictures, l.Narrative.Pictures) {
		t.Errorf("%q and %d pictures", got.Text, len(got.Pictures))
	}
}

// What the server would refuse to seal, the browser refuses, in the same words.
func TestRefusedInTheBrowser(t *testing.T) {
	c := cases[envelopeCases](t, "envelopes.json")
	reporter := cases[receiptCases](t, "receipts.json").Derive[0]
	w := start(t, "off")
	derive(t, w, reporter)
	for _, x := range c.Texts {
		if n := value[int](t, w, "characters", members{"text": x.Text}); n != x.Characters {
			t.Errorf("%s: %d characters, want %d", x.About, n, x.Characters)
		}
		if got := w.ask(t, "seal", members{"letter": c.letter(t, members{"text": x.Text})}); (got.Value != nil) != x.Fits {
			t.Errorf("%s: %+v %s", x.About, got.Refused, got.Failed)
		}
	}
	seal := func(l envelope.Letter) error {
		l.Kind = envelope.Report
		l.Stored.Replies = parsed(t, c.Keys.Reporter).Recipient().String()
		_, err := envelope.Seal([32]byte{}, nil, l, "", nil)
		return err
	}
	for name, x := range map[string]struct {
		with members
		err  error
	}{
		"long text":     {members{"text": strings.Repeat("县", 301)}, seal(envelope.Letter{Facts: []byte("{}"), Narrative: envelope.Narrative{Text: strings.Repeat("x", 301)}})},
		"four pictures": {members{"pictures": [][]byte{photo(9), photo(9), photo(9), photo(9)}}, seal(envelope.Letter{Facts: []byte("{}"), Narrative: envelope.Narrative{Pictures: make([][]byte, 4)}})},
		"a PNG":         {members{"pictures": [][]byte{[]byte("\x89PNG")}}, seal(envelope.Letter{Facts: []byte("{}"), Narrative: envelope.Narrative{Pictures: make([][]byte, 1)}})},
		"a large one":   {members{"pictures": [][]byte{photo(envelope.MaxPicture + 1)}}, seal(envelope.Letter{Facts: []byte("{}"), Narrative: envelope.Narrative{Pictures: make([][]byte, 1)}})},
		"no facts":      {members{"facts": ""}, seal(envelope.Letter{})},
		"many facts":    {members{"facts": strings.Repeat("字", 467)}, seal(envelope.Letter{})},
	} {
		refusedAs(t, name, w.ask(t, "seal", members{"letter": c.letter(t, x.with)}), x.err)
	}
	good := c.letter(t, nil)["investigators"].([]string)
	for name, with := range map[string]members{
		"one investigator":   {"investigators": good[:1]},
		"one of them twice":  {"investigators": []string{good[0], good[0]}},
		"nine":               {"investigators": append(good, good[0], good[0], good[0], good[0], good[0], good[0], good[0])},
		"no key":             {"investigators": []string{good[0], "age1secret"}},
		"low order":          {"investigators": []string{good[0], "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z"}},
		"no engine":          {"engine": ""},
		"an identity":        {"engine": c.Keys.Engine},
		"a token too long":   {"token": make([]byte, 513)},
		"facts to low order": {"engine": "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z"},
	} {
		got := w.ask(t, "seal", members{"letter": c.letter(t, with)})
		if got.Value != nil || strings.Contains(strings.ToLower(got.Failed), "secret") {
			t.Errorf("%s: sealed, or says too much: %s", name, got.Failed)
		}
	}
	got := w.ask(t, "cleared", nil)
	if got.Value != nil {
		t.Error("keys that were cleared sign")
	}
	if again := w.ask(t, "seal", members{"letter": c.letter(t, nil)}); again.Value != nil {
		t.Error("and seal")
	}
}

// A thousand reports of any content: one size a class in the browser too. The
// parts are placed by their size, so that a few of each form are enough here.
func TestOneSizeAClassInTheBrowser(t *testing.T) {
	c := cases[envelopeCases](t, "envelopes.json")
	w := start(t, "off")
	derive(t, w, cases[receiptCases](t, "receipts.json").Derive[0])
	for i := range 20 {
		with := members{"facts": strings.Repeat("f", 1+i*70), "text": strings.Repeat("字😀\r\n", i*5), "token": make([]byte, i*26)}
		sealed := value[string](t, w, "seal", members{"letter": c.letter(t, with)})
		if n := base64.StdEncoding.DecodedLen(len(sealed)) - strings.Count(sealed, "="); n != c.Layout.Text {
			t.Errorf("%d bytes", n)
		}
	}
}
