package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

// FuzzClean: whatever is sent in, a bare picture comes out, the same each
// time, or a refusal.
func FuzzClean(f *testing.F) {
	m := corners(24, 16)
	j, p := jpegOf(f, m), pngOf(f, m)
	f.Add(j)
	f.Add(p)
	f.Add(with(j, segment(markAPP1, exifHead+exif(binary.BigEndian, 6)), segment(markAPPE, adobe+"\x00")))
	f.Add(withChunks(p, chunk("eXIf", exif(binary.LittleEndian, 8)), chunk("tRNS", "\x00\x01\x00\x01\x00\x01")))
	f.Add(append(bytes.Clone(j), zipOf(f, "a")...))
	f.Add(withChunks(p, chunk("acTL", strings.Repeat("\x00", 8))))
	f.Add(rawPNG(f, 9, 9, 16, 6, 1, "", func(x, y, c int) int { return x * y * c * 100 & 0xffff }))
	f.Add(rawPNG(f, 9, 9, 2, 3, 1, chunk("PLTE", "abcdef")+chunk("tRNS", "\x80"), func(x, y, _ int) int { return (x + y) & 3 }))
	for _, frame := range []byte{markSOF0, markSOF2} {
		for _, b := range forms(frame, 20, 12) {
			f.Add(b.file())
		}
	}
	f.Add([]byte("%PDF-1.7"))
	f.Add(media("mif1", "heic"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Clean(context.Background(), bytes.NewReader(data))
		if err != nil {
			if e, ok := errors.AsType[*ledger.Error](err); !ok || !strings.HasPrefix(e.Rule, "picture.") || e.Code != ledger.Invalid {
				t.Fatal(err)
			}
			return
		}
		checkBare(t, got)
		again, err := Clean(context.Background(), bytes.NewReader(data))
		if err != nil || !bytes.Equal(again.JPEG, got.JPEG) {
			t.Fatal("another result the second time", err)
		}
		if _, err := Clean(context.Background(), bytes.NewReader(got.JPEG)); err != nil {
			t.Fatal("its own result is refused:", err)
		}
	})
}

// FuzzOrientation: never anything but one of the eight.
func FuzzOrientation(f *testing.F) {
	f.Add([]byte(exif(binary.BigEndian, 6)))
	f.Add([]byte(exif(binary.LittleEndian, 9)))
	f.Fuzz(func(t *testing.T, tiff []byte) {
		if got := orientation(tiff); got < 1 || got > 8 {
			t.Error(got)
		}
	})
}
