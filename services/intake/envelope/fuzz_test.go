package envelope_test

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"suyuan/services/intake/envelope"
)

// Whatever arrives is read as what it is or refused; what is read of one that
// was signed is what its signature covers, byte for byte.
func FuzzRead(f *testing.F) {
	sealed := seal(f, letter(f, 0))
	f.Add([]byte(nil), 0, true)
	f.Add(sealed[:700], 0, true)
	f.Add([]byte{2, 1}, 8, true)
	f.Add([]byte{2, 0}, 10, true)
	f.Add([]byte("-> X25519 "), envelope.AtFacts+22, false)
	f.Add([]byte("\r\n"), envelope.AtFacts+40, true)
	f.Fuzz(func(t *testing.T, text []byte, at int, resign bool) {
		_, _ = envelope.Read(text)
		changed := bytes.Clone(sealed)
		copy(changed[max(0, min(at, len(changed))):], text)
		if resign {
			body := changed[:len(changed)-64]
			copy(changed[len(body):], keys(t).Sign(envelope.Signed(body)))
		}
		e, err := envelope.Read(changed)
		if err != nil {
			quiet(t, "fuzz", err)
			return
		}
		if !resign && !bytes.Equal(changed, sealed) {
			t.Fatal("changed, not signed, and read")
		}
		if len(e.Token) > envelope.MaxToken || len(e.Facts) != envelope.FactsSize || len(e.Narrative) != envelope.NarrativeSize(e.Class) || e.Class != envelope.Text {
			t.Fatalf("parts of %d, %d and %d bytes", len(e.Token), len(e.Facts), len(e.Narrative))
		}
		if e.Stored.Check() != nil {
			t.Fatal("a box that cannot be answered")
		}
		_, _ = envelope.OpenFacts(e.Facts, identity(t, engine))
		_, _ = envelope.OpenNarrative(e.Narrative, identity(t, first))
	})
}

// Facts as a stranger's program may seal them, and files that were changed.
func FuzzOpenFacts(f *testing.F) {
	good := read(f, seal(f, letter(f, 0))).Facts
	f.Add([]byte("\x00\x02{}"), []byte("age"), 0)
	f.Add([]byte("\x05\x78"), []byte("-> scrypt AAAA 30\n"), 22)
	f.Add(bytes.Repeat([]byte{0xFF}, 1408), good, 0)
	f.Fuzz(func(t *testing.T, room, over []byte, at int) {
		changed := bytes.Clone(good)
		copy(changed[max(0, min(at, len(changed))):], over)
		if _, err := envelope.OpenFacts(changed, identity(t, engine)); err == nil && !bytes.Equal(changed, good) {
			t.Fatal("changed, and opened")
		}
		plain := make([]byte, envelope.FactsRoom)
		copy(plain, room)
		file, err := envelope.SealRoom([32]byte{1}, plain, 1, recipient(t, engine))
		if err != nil {
			t.Fatal(err)
		}
		facts, err := envelope.OpenFacts(file, identity(t, engine))
		if err != nil {
			quiet(t, "fuzz", err)
			return
		}
		if len(facts) == 0 || len(facts) > envelope.MaxFacts || !bytes.Equal(plain[2:2+len(facts)], facts) {
			t.Fatalf("%d bytes of facts", len(facts))
		}
	})
}

// Narratives as a stranger's program may seal them. What opens would be sealed
// to the same room again, but for what a terminal would act on.
func FuzzOpenNarrative(f *testing.F) {
	small := envelope.Plain(envelope.Narrative{Text: "说明"})
	f.Add(small[:40], []byte("age"), 0)
	f.Add([]byte("\x01\x2c"), []byte("--- "), 806)
	f.Add([]byte("\x00\x00\x01\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\xff\xd8\xff\xe0"), []byte{1}, 900)
	f.Add([]byte("\x00\x03\x03\x00\x00\x00\x03\x00\x00\x00\x03\x00\x00\x00\x03abc\xff\xd8\xff\xff\xd8\xff\xff\xd8\xff"), []byte{1}, 13)
	good := read(f, seal(f, letter(f, 0))).Narrative
	f.Fuzz(func(t *testing.T, room, over []byte, at int) {
		changed := bytes.Clone(good)
		copy(changed[max(0, min(at, len(changed))):], over)
		if _, err := envelope.OpenNarrative(changed, identity(t, second)); err == nil && !bytes.Equal(changed, good) {
			t.Fatal("changed, and opened")
		}
		for _, class := range []envelope.Class{envelope.Text, envelope.Pictures} {
			if class == envelope.Pictures && (len(room) < 3 || room[2] == 0) {
				continue // never opens, and takes long
			}
			plain := make([]byte, envelope.NarrativeRoom(class))
			copy(plain, room)
			file, err := envelope.SealRoom([32]byte{1}, plain, envelope.Stanzas, recipient(t, first))
			if err != nil {
				t.Fatal(err)
			}
			n, err := envelope.OpenNarrative(file, identity(t, first))
			if err != nil {
				quiet(t, "fuzz", err)
				continue
			}
			if (len(n.Pictures) > 0) != (class == envelope.Pictures) || len(n.Pictures) > envelope.MaxPictures || utf8.RuneCountInString(n.Text) > envelope.MaxText || !utf8.ValidString(n.Text) {
				t.Fatalf("%d pictures and %d characters in %v", len(n.Pictures), utf8.RuneCountInString(n.Text), class)
			}
			if again := envelope.Plain(n); !bytes.ContainsRune([]byte(n.Text), utf8.RuneError) && !bytes.Equal(again, plain) {
				t.Fatal("what opened is not what would have been sealed")
			}
		}
	})
}
