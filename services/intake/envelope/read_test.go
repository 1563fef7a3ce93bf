package envelope_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"suyuan/services/intake/envelope"
	"suyuan/services/ledger"
)

// Every byte counts: one changed, and the envelope is refused.
func TestEveryByteCounts(t *testing.T) {
	random := rand.New(source(1))
	// 4 MiB take 7 ms each: of those, some bytes of each part.
	for pictures, steps := range [][3]int{{1, 1, 1}, {13, 97, 400_009}} {
		sealed := seal(t, letter(t, pictures))
		head, files := envelope.AtFacts, envelope.AtNarrative+envelope.HeadSize+envelope.Stanzas*envelope.StanzaSize
		for at := range sealed {
			step := steps[2]
			if at < head || at >= len(sealed)-64 {
				step = steps[0]
			} else if at < files {
				step = steps[1]
			}
			if at%step != 0 {
				continue
			}
			by := byte(1 + random.IntN(255))
			sealed[at] ^= by
			if _, err := envelope.Read(sealed); err == nil {
				t.Fatalf("%d pictures: byte %d changed by %d, and read", pictures, at, by)
			}
			sealed[at] ^= by
		}
		read(t, sealed)
	}
}

// A reporter's program may sign anything. What is not made as an envelope is
// refused all the same, so that nothing can be hung into its unused room.
func TestSignedButNotMadeAsOne(t *testing.T) {
	sealed := seal(t, letter(t, 0))
	body := sealed[:len(sealed)-64]
	free := func(at int) bool { // what has more than one value, and may be of any form
		facts, narrative := at-envelope.AtFacts, at-envelope.AtNarrative
		return at == envelope.AtTokenLen+1 || at >= envelope.AtBox && at < envelope.AtSigner ||
			at >= envelope.AtToken && at < envelope.AtToken+354 ||
			facts >= envelope.HeadSize+envelope.StanzaSize-envelope.NonceSize && narrative < 0 ||
			narrative >= envelope.HeadSize+envelope.Stanzas*envelope.StanzaSize-envelope.NonceSize
	}
	for at := range body {
		if free(at) {
			continue
		}
		body[at] ^= 0x80
		if _, err := envelope.Read(append(bytes.Clone(body), keys(t).Sign(envelope.Signed(body))...)); err == nil {
			t.Errorf("byte %d changed and signed anew, and read", at)
		}
		body[at] ^= 0x80
	}
	// Base64 says the same thing in one way only.
	at := envelope.AtFacts + strings.Index(string(body[envelope.AtFacts:]), "-> X25519 ") + len("-> X25519 ") + 42
	signs := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	body[at] = signs[strings.IndexByte(signs, body[at])|3]
	if _, err := envelope.Read(append(bytes.Clone(body), keys(t).Sign(envelope.Signed(body))...)); err == nil {
		t.Error("a share with bits over, read")
	}
}

func TestReadRefuses(t *testing.T) {
	sealed := seal(t, letter(t, 0))
	for name, c := range map[string]struct {
		rule   string
		sealed []byte
	}{
		"nothing":        {"envelope.size", nil},
		"cut":            {"envelope.size", sealed[:len(sealed)-1]},
		"longer":         {"envelope.size", append(bytes.Clone(sealed), 0)},
		"zeros":          {"envelope.malformed", make([]byte, envelope.TextSize)},
		"in 4 MiB":       {"envelope.malformed", append(bytes.Clone(sealed), make([]byte, envelope.PicturesSize-len(sealed))...)},
		"its end is off": {"envelope.signature", append(bytes.Clone(sealed[:len(sealed)-1]), sealed[len(sealed)-1]^1)},
		"a long token":   {"envelope.malformed", with(sealed, envelope.AtTokenLen, 2)},
		"low order":      {"receipt.stored", resigned(t, sealed, envelope.AtReplies, lowOrder)},
		"no recipient":   {"receipt.stored", resigned(t, sealed, envelope.AtReplies+50, "qqqq")},
		"no box":         {"receipt.stored", resigned(t, sealed, envelope.AtBox, strings.Repeat("\x00", 32))},
	} {
		e, err := envelope.Read(c.sealed)
		var refusal *ledger.Error
		if !asError(err, &refusal) || refusal.Rule != c.rule || refusal.Code != ledger.Invalid || e.Facts != nil || e.Stored.Replies != "" {
			t.Errorf("%s: %v", name, err)
		}
		quiet(t, name, err)
	}
}

func with(sealed []byte, at int, text ...byte) []byte {
	changed := bytes.Clone(sealed)
	copy(changed[at:], text)
	return changed
}

func resigned(t *testing.T, sealed []byte, at int, text string) []byte {
	changed := with(sealed, at, []byte(text)...)
	body := changed[:len(changed)-64]
	return append(body, keys(t).Sign(envelope.Signed(body))...)
}

// What was read shares memory with its parts; none of them reaches the next.
func TestPartsEnd(t *testing.T) {
	sealed := seal(t, letter(t, 0))
	before := bytes.Clone(sealed)
	e := read(t, sealed)
	for _, part := range [][]byte{e.Token, e.Facts, e.Narrative} {
		_ = append(part, "over the end"...)
	}
	if !bytes.Equal(sealed, before) {
		t.Error("writing behind a part wrote into the envelope")
	}
}

// A thousand reports of any content: one size a class, as a whole and in its
// parts, and the same form wherever the form can be seen.
func TestOneSizeAClass(t *testing.T) {
	random := rand.New(source(2))
	text := []rune("县里把六百改成了690，emoji 👩‍👩‍👧 𠀀\n\t")
	sizes := map[[4]int]int{}
	for i := range 1000 {
		l := envelope.Letter{Kind: envelope.Kind(1 + random.IntN(2)), Stored: keys(t).Stored()}
		l.Facts = bytes.Repeat([]byte("{"), 1+random.IntN(envelope.MaxFacts))
		if random.IntN(2) == 0 {
			l.Token = photo(i, random.IntN(envelope.MaxToken+1))
		}
		for range random.IntN(envelope.MaxText + 1) {
			l.Narrative.Text += string(text[random.IntN(len(text))])
		}
		if i%100 == 0 { // the large ones take long
			for range 1 + random.IntN(3) {
				l.Narrative.Pictures = append(l.Narrative.Pictures, photo(i, 4+random.IntN(envelope.MaxPicture-4)))
			}
		}
		sealed := seal(t, l)
		e := read(t, sealed)
		sizes[[4]int{int(e.Class), len(sealed), len(e.Facts), len(e.Narrative)}]++
	}
	want := map[[4]int]bool{
		{1, envelope.TextSize, envelope.FactsSize, envelope.NarrativeSize(envelope.Text)}:         true,
		{2, envelope.PicturesSize, envelope.FactsSize, envelope.NarrativeSize(envelope.Pictures)}: true,
	}
	for size := range sizes {
		if !want[size] {
			t.Errorf("class, whole, facts, narrative: %v", size)
		}
	}
	if len(sizes) != len(want) {
		t.Errorf("sizes: %v", sizes)
	}
}
