package envelope_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"suyuan/services/intake/envelope"
)

const casesFile = "../../../test/cases/envelopes.json"

const aboutCases = "What a report travels in, for both sides that make one. The layout is written down in services/intake/envelope/doc.go. " +
	"keys: age identities of the engine, of investigators and of a reporter, whose receipt is the first of receipts.json. " +
	"letters: what went in, and what came out, from seed and draft: sealed in base64 where it is small, and its SHA-256; pictures are made of their size, as bytes FF D8 FF and then the SHA-256 of nothing, again and again. " +
	"messages: the same for what is written to a reporter. texts: how many characters a text has, line breaks as one, and whether it may be sent. All of it is made up."

type cases struct {
	About    string        `json:"about"`
	Layout   layoutCase    `json:"layout"`
	Keys     keysCase      `json:"keys"`
	Letters  []letterCase  `json:"letters"`
	Messages []messageCase `json:"messages"`
	Texts    []textCase    `json:"texts"`
}

type layoutCase struct {
	Text      int `json:"text"`
	Pictures  int `json:"pictures"`
	Facts     int `json:"facts"`
	Narrative int `json:"narrative"` // where it begins
	Signature int `json:"signature"`
	Message   int `json:"message"`
}

type keysCase struct {
	Engine        string   `json:"engine"`
	Investigators []string `json:"investigators"`
	Reporter      string   `json:"reporter"`
	Stranger      string   `json:"stranger"`
}

type letterCase struct {
	About    string `json:"about"`
	Kind     string `json:"kind"`
	Seed     string `json:"seed"`
	Draft    string `json:"draft"`
	Token    string `json:"token"`
	Facts    string `json:"facts"`
	Text     string `json:"text"`
	Opens    string `json:"opens"` // what the investigator sees of the text
	Pictures []int  `json:"pictures"`
	SHA256   string `json:"sha256"`
	ID       string `json:"id"`
	Sealed   []byte `json:"sealed,omitempty"`
}

type messageCase struct {
	Seed   string `json:"seed"`
	Text   string `json:"text"`
	Opens  string `json:"opens"`
	Sealed []byte `json:"sealed"`
}

type textCase struct {
	About      string `json:"about"`
	Text       string `json:"text"`
	Characters int    `json:"characters"`
	Fits       bool   `json:"fits"`
}

// TestCases holds the file that the twin in the browser is held to, to what
// this package does. Somebody's box opens what was sealed last year.
func TestCases(t *testing.T) {
	var want bytes.Buffer
	e := json.NewEncoder(&want)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(made(t)); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(casesFile, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(casesFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("test/cases/envelopes.json differs from what is sealed here: a letter sent again would not be the same, and the browser's would not be read. go test ./services/intake/envelope -run TestCases -update writes it anew")
	}
}

func made(t *testing.T) cases {
	c := cases{
		About: aboutCases,
		Layout: layoutCase{
			envelope.TextSize, envelope.PicturesSize,
			envelope.AtFacts, envelope.AtNarrative, 64, envelope.MessageSize,
		},
		Keys: keysCase{
			identity(t, engine).String(), []string{identity(t, first).String(), identity(t, second).String()},
			identity(t, reporter).String(), identity(t, stranger).String(),
		},
	}
	token := hex.EncodeToString(bytes.Repeat([]byte{2, 0, 7}, 118))
	facts := `{"v":1,"mandate":"farmland-600","level":"COUNTY","cameDown":"600","asked":"690"}`
	for _, l := range []letterCase{
		{About: "a report with a token", Kind: "report", Token: token, Facts: facts, Text: "县里把 600 改成了 690。\r\n口头要求，没有文件。"},
		{About: "the same without", Kind: "report", Facts: facts, Text: "县里把 600 改成了 690。\r\n口头要求，没有文件。"},
		{About: "in another draft", Kind: "follow-up", Draft: "000102030405060708090a0b0c0d0e0f", Facts: `{"v":1,"act":"reply"}`, Text: "是\u0007\u009b。"},
		{About: "nothing but facts, and the longest", Kind: "report", Facts: strings.Repeat("x", envelope.MaxFacts)},
		{About: "three pictures", Kind: "report", Token: token, Facts: facts, Text: strings.Repeat("𠀀", envelope.MaxText), Pictures: []int{envelope.MaxPicture, 3, 70_000}},
	} {
		c.Letters = append(c.Letters, sealedCase(t, len(c.Letters), l))
	}
	for i, text := range []string{"请问是哪一天要求的？\r\n谢谢。", strings.Repeat("x", envelope.MaxMessage)} {
		seed := seedOf(100 + i)
		sealed, err := envelope.SealMessage(bytes.NewReader(seed[:]), text, recipients(t, reporter, second)...)
		if err != nil {
			t.Fatal(err)
		}
		c.Messages = append(c.Messages, messageCase{hex.EncodeToString(seed[:]), text, strings.ReplaceAll(text, "\r", ""), sealed})
	}
	for _, x := range []textCase{
		{"Chinese", strings.Repeat("县", 300), 300, true},
		{"one more", strings.Repeat("县", 301), 301, false},
		{"beyond sixteen bits", strings.Repeat("𠀀", 300), 300, true},
		{"line breaks as one", strings.Repeat("\r\n", 300), 300, true},
		{"old line breaks", "a\rb", 3, true},
		{"a family is five", "👩‍👩‍👧", 5, true},
		{"an accent apart", "e\u0301", 2, true},
		{"nothing", "", 0, true},
	} {
		l := letter(t, 0)
		l.Narrative.Text = x.Text
		_, err := envelope.Seal(keys(t).Seal(), keys(t).Sign, l, recipient(t, engine), recipients(t, first, second))
		if (err == nil) != x.Fits {
			t.Errorf("%s: %v", x.About, err)
		}
		c.Texts = append(c.Texts, x)
	}
	return c
}

func seedOf(n int) [32]byte { return sha256.Sum256([]byte{byte(n)}) }

func sealedCase(t *testing.T, n int, c letterCase) letterCase {
	t.Helper()
	seed := seedOf(n)
	c.Seed = hex.EncodeToString(seed[:])
	l := envelope.Letter{Kind: envelope.Report, Stored: keys(t).Stored(), Facts: []byte(c.Facts), Narrative: envelope.Narrative{Text: c.Text}}
	if c.Kind == "follow-up" {
		l.Kind = envelope.FollowUp
	}
	var err error
	if l.Token, err = hex.DecodeString(c.Token); err != nil {
		t.Fatal(err)
	}
	if _, err := hex.Decode(l.Draft[:], []byte(c.Draft)); err != nil {
		t.Fatal(err)
	}
	for _, size := range c.Pictures {
		nothing := sha256.Sum256(nil)
		p := append([]byte{0xFF, 0xD8, 0xFF}, bytes.Repeat(nothing[:], size/32+1)...)
		l.Narrative.Pictures = append(l.Narrative.Pictures, p[:size])
	}
	sealed, err := envelope.Seal(seed, keys(t).Sign, l, recipient(t, engine), recipients(t, first, second))
	if err != nil {
		t.Fatal(err)
	}
	e := read(t, sealed)
	n2, err := envelope.OpenNarrative(e.Narrative, identity(t, second))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(sealed)
	c.Opens, c.SHA256, c.ID = n2.Text, hex.EncodeToString(sum[:]), hex.EncodeToString(e.ID[:])
	if len(sealed) == envelope.TextSize {
		c.Sealed = sealed
	}
	return c
}

// Pinned apart from the file, for whoever writes it anew: one envelope's hash.
func TestSealedBytesAreForGood(t *testing.T) {
	c := sealedCase(t, 7, letterCase{Kind: "report", Facts: "{}", Text: "a", Pictures: []int{4}})
	if want := "1da4be17f9ce5dfb2476418063d186326a7dea099377f851a5291048eebfad91"; c.SHA256 != want {
		t.Errorf("%s, want %s", c.SHA256, want)
	}
	if base64.StdEncoding.EncodeToString(c.Sealed) != "" {
		t.Error("4 MiB in the file")
	}
}
