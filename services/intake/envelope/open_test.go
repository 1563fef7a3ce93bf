package envelope_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"suyuan/services/intake/envelope"
	"suyuan/services/ledger"
)

// Inside the age files every byte counts too, throw-away stanzas among them.
func TestChangedFilesDoNotOpen(t *testing.T) {
	e := read(t, seal(t, letter(t, 0)))
	for at := range e.Facts {
		e.Facts[at] ^= 0x55
		if _, err := envelope.OpenFacts(e.Facts, identity(t, engine)); err == nil {
			t.Fatalf("facts: byte %d changed, and opened", at)
		}
		e.Facts[at] ^= 0x55
	}
	key := identity(t, second)
	for at := 0; at < len(e.Narrative); at += 1 + at/2000*50 {
		e.Narrative[at] ^= 0x55
		if _, err := envelope.OpenNarrative(e.Narrative, key); err == nil {
			t.Fatalf("narrative: byte %d changed, and opened", at)
		}
		e.Narrative[at] ^= 0x55
	}
	if _, err := envelope.OpenNarrative(e.Narrative, key); err != nil {
		t.Fatal(err)
	}
	if _, err := envelope.OpenNarrative(e.Narrative); err == nil {
		t.Error("opened without a key")
	}
	for _, size := range []int{0, 1, envelope.MessageSize, len(e.Narrative) - 1} {
		_, err := envelope.OpenNarrative(e.Narrative[:size], key)
		_, err2 := envelope.OpenFacts(e.Narrative[:size], key)
		if err == nil || err2 == nil {
			t.Errorf("%d bytes of it opened", size)
		}
		quiet(t, "cut", errors.Join(err, err2))
	}
}

// What a stranger's program sealed, well sealed and not as Seal would.
func TestNotWhatSealWrites(t *testing.T) {
	n := envelope.Narrative{Text: canary}
	with := envelope.Narrative{Text: canary, Pictures: [][]byte{photo(1, 100), photo(2, 50)}}
	for name, c := range map[string]struct {
		of     envelope.Narrative
		change func(room []byte)
	}{
		"more text than room":     {n, func(room []byte) { binary.BigEndian.PutUint16(room, 65535) }},
		"301 characters":          {n, func(room []byte) { binary.BigEndian.PutUint16(room, 301); copy(room[15:], strings.Repeat("x", 301)) }},
		"no UTF-8":                {n, func(room []byte) { room[16] = 0xFF }},
		"something at the end":    {n, func(room []byte) { room[len(room)-1] = 1 }},
		"something after it":      {n, func(room []byte) { room[15+len(canary)] = 1 }},
		"a picture in text":       {n, func(room []byte) { room[2], room[6] = 1, 3; copy(room[15+len(canary):], photo(1, 3)) }},
		"a length of no picture":  {n, func(room []byte) { room[14] = 1 }},
		"four pictures":           {with, func(room []byte) { room[2] = 4 }},
		"none in the large class": {with, func(room []byte) { clear(room[2:]) }},
		"a picture of 4 GiB":      {with, func(room []byte) { binary.BigEndian.PutUint32(room[3:], 1<<32-1) }},
		"a picture over 960 KiB":  {with, func(room []byte) { binary.BigEndian.PutUint32(room[3:], envelope.MaxPicture+1) }},
		"an empty picture":        {with, func(room []byte) { binary.BigEndian.PutUint32(room[7:], 0); clear(room[15+len(canary)+100:]) }},
		"not a JPEG":              {with, func(room []byte) { room[15+len(canary)] = 'M' }},
	} {
		room := envelope.Plain(c.of)
		c.change(room)
		file, err := envelope.SealRoom([32]byte{1}, room, envelope.Stanzas, recipients(t, first, second)...)
		if err != nil {
			t.Fatal(err)
		}
		got, err := envelope.OpenNarrative(file, identity(t, first))
		var refusal *ledger.Error
		if !asError(err, &refusal) || refusal.Rule != "envelope.unopened" || got.Text != "" || got.Pictures != nil {
			t.Errorf("%s: %v", name, err)
		}
		quiet(t, name, err)
	}
	for name, change := range map[string]func(room []byte){
		"none":          func(room []byte) { clear(room) },
		"1,401 bytes":   func(room []byte) { binary.BigEndian.PutUint16(room, 1401) },
		"65,535 bytes":  func(room []byte) { binary.BigEndian.PutUint16(room, 65535) },
		"more after it": func(room []byte) { room[len(room)-1] = 1 },
	} {
		room := make([]byte, envelope.FactsRoom)
		copy(room, "\x00\x02{}")
		change(room)
		file, err := envelope.SealRoom([32]byte{1}, room, 1, recipient(t, engine))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := envelope.OpenFacts(file, identity(t, engine)); err == nil {
			t.Errorf("facts, %s: opened", name)
		}
	}
}

// A text may do nothing to the terminal it is printed on.
func TestControlCharacters(t *testing.T) {
	l := letter(t, 0)
	l.Narrative.Text = "a\x1b[2Jb\u009bc\r\nd\re\tf\x00"
	n, err := envelope.OpenNarrative(read(t, seal(t, l)).Narrative, identity(t, first))
	if want := "a\ufffd[2Jb\ufffdc\nd\ne\tf\ufffd"; err != nil || n.Text != want {
		t.Errorf("%q %v", n.Text, err)
	}
}

func TestMessage(t *testing.T) {
	for _, text := range []string{"?", "请问文件是哪一天收到的？\r\n谢谢。", strings.Repeat("字", envelope.MaxMessage/3)} {
		sealed, err := envelope.SealMessage(source(1), text, recipients(t, reporter, first)...)
		if err != nil || len(sealed) != envelope.MessageSize {
			t.Fatalf("%d bytes, %v", len(sealed), err)
		}
		id, err := keys(t).Replies()
		if err != nil {
			t.Fatal(err)
		}
		got, err := envelope.OpenMessage(sealed, id)
		if err != nil || got != strings.ReplaceAll(text, "\r", "") {
			t.Errorf("%q: %v", got, err)
		}
		if _, err := envelope.OpenMessage(sealed, identity(t, first)); err != nil {
			t.Errorf("who sent it: %v", err)
		}
		if _, err := envelope.OpenMessage(sealed, identity(t, second)); err == nil {
			t.Error("somebody else opens it")
		}
		again, err := envelope.SealMessage(source(2), text, recipients(t, reporter, first)...)
		if err != nil || bytes.Equal(sealed[60:120], again[60:120]) {
			t.Error("the same message twice looks the same")
		}
	}
	for name, text := range map[string]string{"empty": "", "long": strings.Repeat("x", envelope.MaxMessage+1), "no UTF-8": "\xff"} {
		if _, err := envelope.SealMessage(source(1), text, recipient(t, reporter)); err == nil {
			t.Errorf("%s: sealed", name)
		}
	}
	if _, err := envelope.SealMessage(source(1), "x"); err == nil {
		t.Error("sealed to nobody")
	}
	if _, err := envelope.SealMessage(bytes.NewReader(nil), "x", recipient(t, reporter)); !errors.Is(err, io.EOF) {
		t.Errorf("without chance: %v", err)
	}
}
