package intakejs

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"math/rand/v2"
	"strings"
	"testing"

	"suyuan/services/intake/picture"
)

// The browser takes a file for what the server takes it for, and says so in
// the same words.
func TestKinds(t *testing.T) {
	w := start(t, "off")
	heads := []string{
		"", "%PDF-1.7", "\xef\xbb\xbf  %PDF-1.4", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", `{\rtf1`, "Rar!\x1a\x07\x00", "7z\xbc\xaf\x27\x1c", "\x1f\x8b\x08", "BZh9",
		"\xfd7zXZ\x00", "\x28\xb5\x2f\xfd", strings.Repeat("a", 257) + "ustar", "GIF89a", "RIFF....WEBPVP8 ", "RIFF....AVI LIST", "RIFF....WAVEfmt ", "II*\x00", "MM\x00*",
		"II+\x00", "MM\x00+", "BM......", "8BPS", "\x00\x00\x01\x00", "\x00\x00\x00\x0cjP  \r\n\x87\n", "\xff\x4f\xff\x51", "\x00\x00\x00\x0cJXL \r\n\x87\n", "\xff\x0a",
		"\x1a\x45\xdf\xa3", "\x30\x26\xb2\x75\x8e\x66", "FLV\x01", "\x00\x00\x01\xba", "ID3", "\xff\xfb", "\xff\xf3", "\xff\xf2", "\xff\xf1", "#!AMR", "#!SILK_V3", "\x02#!SILK_V3", "OggS", "fLaC", "MZ", "\x7fELF",
		"PK\x03\x04", "PK\x05\x06", "PK\x07\x08", "PK\x03\x04....word/document.xml", "PK\x03\x04....OFD.xml", "PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.text",
		"....moov", "....mdat", "\x00\x00\x00\x18ftypmp42....isom", "\x00\x00\x00\x18ftypheic....mif1heic", "\x00\x00\x00\x18ftypmif1....avif....", "\x00\x00\x00\x14ftypmif1........", "\x00\x00\x00\x14ftypM4A ........", "....ftyp", "\x00\x00\x02\x00ftypisom" + strings.Repeat("....", 50) + "heic",
		"<svg xmlns='x'>", " \n<?xml version='1.0'?><!-- x --><svg>", "<!DOCTYPE html><svg>", "<html>", "#!/bin/sh", "x<?php", "hello", "\x00\x00\x00", "<?xml version='1.0'?><note/>", "<script>", "\xff\xd8", "\x89PNG\r\n",
	}
	random := rand.New(rand.NewChaCha8([32]byte{3}))
	for range 200 { // and what nobody thought of
		head := []byte(heads[random.IntN(len(heads))])
		if len(head) > 0 {
			head[random.IntN(len(head))] ^= byte(1 << random.IntN(8))
		}
		heads = append(heads, string(head))
	}
	for _, head := range heads {
		_, err := picture.Clean(t.Context(), strings.NewReader(head))
		got := w.ask(t, "form", members{"file": []byte(head)})
		if strings.HasPrefix(head, "\xff\xd8\xff") || strings.HasPrefix(head, "\x89PNG\r\n\x1a\n") {
			if got.Value == nil {
				t.Errorf("%+q: refused", head)
			}
			continue
		}
		refusedAs(t, fmt.Sprintf("%+q", head), got, err)
	}
}

// What a browser decodes has nothing but pixels and how to show them, and is
// turned by what the server turns it by.
func TestFormed(t *testing.T) {
	w := start(t, "off")
	type formed struct {
		Orientation int
		Without     []byte
	}
	m := corners(64, 48)
	for orientation := range 10 {
		want := orientation
		if want < 1 || want > 8 {
			want = 1
		}
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			exif := tiff(order, orientation)
			for name, file := range map[string][]byte{
				"JPEG": photograph(t, m, orientation),
				"PNG":  behind(pngOf(t, m), 33, chunk("eXIf", exif), chunk("tEXt", "Author\x00CANARY-TEXT")),
			} {
				got := value[formed](t, w, "formed", members{"file": file})
				if got.Orientation != want {
					t.Errorf("%s: orientation %d, want %d", name, got.Orientation, want)
				}
				if head, _, _ := bytes.Cut(got.Without, []byte("CANARY-BEHIND")); bytes.Contains(head, []byte("CANARY-")) && name == "JPEG" && !bytes.Contains(head, []byte("IPTC")) || name == "PNG" && bytes.Contains(got.Without, []byte("CANARY")) {
					t.Errorf("%s: what it says is still in it", name)
				}
				if bytes.Contains(got.Without, []byte("Exif")) || bytes.Contains(got.Without, []byte("XMP")) {
					t.Errorf("%s: EXIF is still in it", name)
				}
				if decoded, _, err := image.Decode(bytes.NewReader(got.Without)); err != nil || decoded.Bounds() != m.Bounds() {
					t.Errorf("%s: what is left is no picture: %v", name, err)
				}
			}
		}
	}
}

// Files that would take a telephone's memory are refused by their header, in
// the server's words.
func TestBombs(t *testing.T) {
	w := start(t, "off")
	small := pngOf(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	sized := func(width, height uint32) []byte {
		b := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
		return append([]byte(string(small[:8])+chunk("IHDR", string(b)+string(small[24:29]))), small[33:]...)
	}
	frame := func(width, height int) []byte {
		file := jpegOf(t, image.NewGray(image.Rect(0, 0, 8, 8)))
		at := bytes.Index(file, []byte{0xff, 0xc0})
		copy(file[at+5:], []byte{byte(height >> 8), byte(height), byte(width >> 8), byte(width)})
		return file
	}
	for name, file := range map[string][]byte{
		"many pixels":        sized(60_000, 60_000),
		"a long screenshot":  sized(1000, 6401),
		"a large photograph": frame(65_000, 65_000),
		"a long one":         frame(6401, 9),
		"an animation":       behind(small, 33, chunk("acTL", "\x00\x00\x00\x02\x00\x00\x00\x00")),
		"no width":           sized(0, 5),
		"no height":          frame(5, 0),
	} {
		_, err := picture.Clean(t.Context(), bytes.NewReader(file))
		refusedAs(t, name, w.ask(t, "formed", members{"file": file}), err)
	}
	for _, at := range []int{3, 20, 40, len(small) - 1} {
		if got := w.ask(t, "formed", members{"file": small[:at]}); got.Refused == nil {
			t.Errorf("a PNG cut after %d bytes: %s %s", at, got.Value, got.Failed)
		}
	}
	// Whatever is done to a file, it is read or refused, and nothing breaks.
	random := rand.New(rand.NewChaCha8([32]byte{4}))
	for i := range 600 {
		file := photograph(t, corners(16, 16), 3)
		if i%2 == 0 {
			file = behind(small, 33, chunk("eXIf", tiff(binary.BigEndian, 6)))
		}
		for range 1 + random.IntN(3) {
			file[random.IntN(min(len(file), 250))] ^= byte(1 << random.IntN(8))
		}
		if got := w.ask(t, "formed", members{"file": file[:random.IntN(len(file)+1)]}); got.Failed != "" {
			t.Errorf("%s: %x", got.Failed, file)
		}
	}
}

// What a canvas wrote is left with frame, tables and scan.
func TestBare(t *testing.T) {
	w := start(t, "off")
	plain := jpegOf(t, corners(40, 30))
	written := behind(plain, 2, segment(0xE0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"), segment(0xE1, "Exif\x00\x00CANARY"), segment(0xE2, "ICC_PROFILE\x00CANARY"), segment(0xFE, "CANARY"))
	if got := value[[]byte](t, w, "bare", members{"file": written}); !bytes.Equal(got, plain) {
		t.Errorf("%d bytes are left, want %d", len(got), len(plain))
	}
	if got := w.ask(t, "bare", members{"file": append(written, 0)}); got.Value != nil {
		t.Error("something behind its end stays")
	}
}

// Each of the eight ways a picture may lie is turned so that its corners come
// to stand where the standard says.
func TestTurns(t *testing.T) {
	w := start(t, "off")
	const width, height = 30, 20
	// Where the first row's first pixel is to be seen: left or right, top or
	// bottom; and whether rows become columns.
	for orientation, want := range []struct{ right, bottom, columns bool }{
		{}, {true, false, false}, {true, true, false}, {false, true, false},
		{false, false, true}, {true, false, true}, {true, true, true}, {false, true, true},
	} {
		at := func(x, y int) [2]int {
			return value[[2]int](t, w, "turn", members{"orientation": orientation + 1, "width": width, "height": height, "x": x, "y": y})
		}
		across, down := width, height
		if want.columns {
			across, down = height, width
		}
		origin := [2]int{0, 0}
		if want.right {
			origin[0] = across
		}
		if want.bottom {
			origin[1] = down
		}
		next := at(1, 0)
		moved := next[0] != origin[0]
		if got := at(0, 0); got != origin || moved == want.columns {
			t.Errorf("orientation %d: the first pixel at %v, want %v; the next at %v", orientation+1, got, origin, next)
		}
		if end := at(width, height); end != [2]int{across - origin[0], down - origin[1]} {
			t.Errorf("orientation %d: the last pixel at %v", orientation+1, end)
		}
	}
}
