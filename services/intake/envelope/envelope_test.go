package envelope_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"suyuan/services/intake/envelope"
	"suyuan/services/ledger"
)

// What is sealed is read and opened again, by the keys it was sealed to only.
func TestSealReadOpen(t *testing.T) {
	for pictures := range envelope.MaxPictures + 1 {
		l := letter(t, pictures)
		if pictures == 3 {
			l.Kind, l.Token = envelope.FollowUp, nil
			l.Narrative.Pictures = [][]byte{photo(1, envelope.MaxPicture), photo(2, envelope.MaxPicture), photo(3, envelope.MaxPicture)}
		}
		sealed := seal(t, l)
		e := read(t, sealed)
		class := envelope.Text
		if pictures > 0 {
			class = envelope.Pictures
		}
		if len(sealed) != class.Size() || e.Class != class || e.Kind != l.Kind || e.Stored != l.Stored || !bytes.Equal(e.Token, l.Token) {
			t.Errorf("with %d pictures: %d bytes, read as %v %v", pictures, len(sealed), e.Class, e.Kind)
		}
		if e.ID != sha256.Sum256(append([]byte("envelope-v1"), sealed...)) {
			t.Error("its id is not the hash of all of it")
		}
		facts, err := envelope.OpenFacts(e.Facts, identity(t, engine))
		if err != nil || !bytes.Equal(facts, l.Facts) {
			t.Errorf("facts: %v", err)
		}
		for _, who := range []int{first, second} {
			n, err := envelope.OpenNarrative(e.Narrative, identity(t, stranger), identity(t, who))
			if err != nil || !reflect.DeepEqual(n, l.Narrative) {
				t.Errorf("narrative: %v", err)
			}
		}
		for _, who := range []int{reporter, first, second, third, stranger} {
			if _, err := envelope.OpenFacts(e.Facts, identity(t, who)); err == nil {
				t.Errorf("key %d opens the facts", who)
			}
		}
		for _, who := range []int{reporter, engine, third, stranger} {
			if _, err := envelope.OpenNarrative(e.Narrative, identity(t, who)); err == nil {
				t.Errorf("key %d opens the narrative", who)
			}
		}
	}
}

// age itself opens them: an investigator needs no program of ours.
func TestStockAgeOpens(t *testing.T) {
	for pictures := range 2 {
		l := letter(t, pictures)
		e := read(t, seal(t, l))
		for _, c := range []struct {
			file  []byte
			who   int
			holds []byte
		}{{e.Facts, engine, l.Facts}, {e.Narrative, second, []byte(l.Narrative.Text)}} {
			from, err := age.Decrypt(bytes.NewReader(c.file), identity(t, c.who))
			if err != nil {
				t.Fatal(err)
			}
			plain, err := io.ReadAll(from)
			if err != nil || !bytes.Contains(plain, c.holds) {
				t.Errorf("key %d: %v", c.who, err)
			}
		}
	}
}

// The same letter is the same bytes; what differs in anything shares nothing
// that was drawn, or one file would give the other away.
func TestSealIsOfTheLetterAlone(t *testing.T) {
	base := letter(t, 0)
	sealed := seal(t, base)
	if !bytes.Equal(sealed, seal(t, base)) {
		t.Fatal("the same letter was sealed to other bytes")
	}
	others := map[string][]byte{"": sealed}
	change := func(what string, by func(*envelope.Letter)) {
		l := letter(t, 0)
		by(&l)
		others[what] = seal(t, l)
	}
	change("draft", func(l *envelope.Letter) { l.Draft[15] = 1 })
	change("facts", func(l *envelope.Letter) { l.Facts = append(l.Facts, ' ') })
	change("text", func(l *envelope.Letter) { l.Narrative.Text += "。" })
	change("token", func(l *envelope.Letter) { l.Token = l.Token[:353] })
	change("no token", func(l *envelope.Letter) { l.Token = nil })
	change("kind", func(l *envelope.Letter) { l.Kind = envelope.FollowUp })
	change("picture", func(l *envelope.Letter) { l.Narrative.Pictures = [][]byte{photo(1, 9)} })
	var err error
	if others["recipients"], err = envelope.Seal(keys(t).Seal(), keys(t).Sign, base, recipient(t, engine), recipients(t, second, first)); err != nil {
		t.Fatal(err)
	}
	if others["engine"], err = envelope.Seal(keys(t).Seal(), keys(t).Sign, base, recipient(t, third), recipients(t, first, second)); err != nil {
		t.Fatal(err)
	}
	if others["seed"], err = envelope.Seal([32]byte{1}, keys(t).Sign, base, recipient(t, engine), recipients(t, first, second)); err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for what, sealed := range others {
		e := read(t, sealed)
		for name, drawn := range drawnParts(e) {
			if before, again := seen[drawn]; again {
				t.Errorf("%q: its %s is also in %s", what, name, before)
			}
			seen[drawn] = fmt.Sprintf("%q, %s", what, name)
		}
	}
}

// drawnParts are the shares, bodies and nonces of both files.
func drawnParts(e envelope.Envelope) map[string]string {
	parts := map[string]string{}
	for name, file := range map[string][]byte{"facts": e.Facts, "narrative": e.Narrative} {
		head, _, _ := bytes.Cut(file, []byte("--- "))
		for i, line := range strings.Split(strings.TrimSpace(string(head)), "\n")[1:] {
			parts[fmt.Sprintf("%s line %d", name, i)] = strings.TrimPrefix(line, "-> X25519 ")
		}
		nonce := len(head) + len("--- ") + 43 + 1
		parts[name+" nonce"] = string(file[nonce : nonce+envelope.NonceSize])
	}
	return parts
}

// How many investigators there are, which of the stanzas are theirs, and
// whether there is anything in a narrative, is in no size and no form.
func TestStanzas(t *testing.T) {
	l := letter(t, 0)
	shape := func(to ...int) string {
		sealed, err := envelope.Seal(keys(t).Seal(), keys(t).Sign, l, recipient(t, engine), recipients(t, to...))
		if err != nil {
			t.Fatal(err)
		}
		e := read(t, sealed)
		for _, who := range to {
			if _, err := envelope.OpenNarrative(e.Narrative, identity(t, who)); err != nil {
				t.Errorf("of %d, %d: %v", len(to), who, err)
			}
		}
		lines := bytes.Split(e.Narrative[:len(e.Narrative)-envelope.NarrativeRoom(envelope.Text)], []byte("\n"))
		var out []string
		for _, line := range lines[:1+2*envelope.Stanzas] {
			out = append(out, fmt.Sprintf("%.2s %d", line, len(line)))
		}
		return strings.Join(out, "\n")
	}
	two := shape(first, second)
	if n := strings.Count(two, "-> 53"); n != envelope.Stanzas {
		t.Errorf("%d stanzas, want %d", n, envelope.Stanzas)
	}
	if three, six := strings.Count(shape(first, second, third), "-> 53"), strings.Count(shape(first, second, third, stranger, reporter, engine), "-> 53"); three != envelope.Stanzas || six != envelope.Stanzas {
		t.Errorf("%d and %d stanzas for three and six investigators", three, six)
	}
	l.Narrative = envelope.Narrative{}
	if got := len(seal(t, l)); got != envelope.TextSize {
		t.Errorf("%d bytes without a narrative", got)
	}
}

func TestSealRefuses(t *testing.T) {
	good, two := recipient(t, engine), recipients(t, first, second)
	for name, c := range map[string]struct {
		rule   string
		change func(*envelope.Letter)
	}{
		"too much text":      {"envelope.text_too_long", func(l *envelope.Letter) { l.Narrative.Text = strings.Repeat("𠀀", 301) }},
		"no text at all":     {"envelope.text", func(l *envelope.Letter) { l.Narrative.Text = "\xff" }},
		"four pictures":      {"envelope.too_many_pictures", func(l *envelope.Letter) { l.Narrative.Pictures = slices.Repeat([][]byte{photo(1, 9)}, 4) }},
		"a PNG":              {"envelope.picture", func(l *envelope.Letter) { l.Narrative.Pictures = [][]byte{[]byte("\x89PNG....")} }},
		"an empty picture":   {"envelope.picture", func(l *envelope.Letter) { l.Narrative.Pictures = [][]byte{nil} }},
		"a picture too long": {"envelope.picture", func(l *envelope.Letter) { l.Narrative.Pictures = [][]byte{photo(1, envelope.MaxPicture+1)} }},
		"no facts":           {"envelope.facts", func(l *envelope.Letter) { l.Facts = nil }},
		"too many facts":     {"envelope.facts", func(l *envelope.Letter) { l.Facts = make([]byte, envelope.MaxFacts+1) }},
		"a long token":       {"", func(l *envelope.Letter) { l.Token = make([]byte, envelope.MaxToken+1) }},
		"no kind":            {"", func(l *envelope.Letter) { l.Kind = 0 }},
		"another's box":      {"", func(l *envelope.Letter) { l.Stored.Signer[3] ^= 1 }},
		"no replies":         {"", func(l *envelope.Letter) { l.Stored.Replies = "age1" }},
	} {
		l := letter(t, 0)
		c.change(&l)
		sealed, err := envelope.Seal(keys(t).Seal(), keys(t).Sign, l, good, two)
		var refusal *ledger.Error
		if asError(err, &refusal); sealed != nil || err == nil || refusal == nil && c.rule != "" || refusal != nil && refusal.Rule != c.rule {
			t.Errorf("%s: %v", name, err)
		}
		quiet(t, name, err)
	}
	l := letter(t, 0)
	for name, to := range map[string][]string{
		"one":           two[:1],
		"nine":          slices.Repeat(two, 5)[:9],
		"one twice":     {two[0], two[0]},
		"no key":        {two[0], "age1"},
		"not its signs": {two[0], two[1][:20] + "b" + two[1][21:]},
		"mistyped":      {two[0], two[1][:20] + string("qp"[min(1, strings.Count(two[1][20:21], "q"))]) + two[1][21:]},
		"an identity":   {two[0], identity(t, first).String()},
		"low order":     {two[0], lowOrder},
		"of another ag": {two[0], "age1pq1" + two[1][7:]},
	} {
		if _, err := envelope.Seal(keys(t).Seal(), keys(t).Sign, l, good, to); err == nil {
			t.Errorf("investigators, %s: sealed", name)
		} else if quiet(t, name, err); strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := envelope.Seal(keys(t).Seal(), keys(t).Sign, l, lowOrder, two); err == nil {
		t.Error("sealed facts to a point of low order, which everybody can open")
	}
}

// lowOrder is the recipient of 32 zeros.
const lowOrder = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z"

// A letter shows itself nowhere.
func TestHidden(t *testing.T) {
	l := letter(t, 1)
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "letter", l, "narrative", l.Narrative, "at", &l)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "letter", l, "narrative", l.Narrative, "at", &l)
	marshalled, _ := json.Marshal([]any{l, l.Narrative})
	for _, shown := range []string{out.String(), string(marshalled), fmt.Sprintf("%v %+v %#v %s %d %x %q", l, l, l, l, l, l, l), fmt.Sprintf("%v %#v %d", l.Narrative, l.Narrative, &l.Narrative), fmt.Sprint([]envelope.Letter{l}, map[int]*envelope.Letter{1: &l})} {
		if strings.Contains(shown, "CANARY") || strings.Contains(shown, "farmland") || strings.Contains(shown, "255 216 255") || !strings.Contains(shown, "narrative") && !strings.Contains(shown, "letter") && !strings.Contains(shown, "0xc") {
			t.Errorf("shown: %.300s", shown)
		}
	}
}

func asError(err error, to **ledger.Error) bool {
	e, ok := err.(*ledger.Error)
	*to = e
	return ok
}

// quiet checks that an error carries nothing of what was sealed.
func quiet(t *testing.T, name string, err error) {
	t.Helper()
	for _, secret := range []string{"CANARY", "信封，", "farmland", "690", keys(t).Stored().Replies} {
		if strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
			t.Errorf("%s: the error says %q: %v", name, secret, err)
		}
	}
}
