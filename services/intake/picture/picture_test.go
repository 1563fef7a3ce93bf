package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"suyuan/services/ledger"
)

func clean(t testing.TB, file []byte) Picture {
	t.Helper()
	p, err := Clean(context.Background(), bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	checkBare(t, p)
	return p
}

// refused checks that a file is refused, under which rule, and in words that
// were filled in.
func refused(t testing.TB, file []byte, rule string) {
	t.Helper()
	p, err := Clean(context.Background(), bytes.NewReader(file))
	e, ok := errors.AsType[*ledger.Error](err)
	if !ok {
		t.Fatalf("got %d bytes and %v, want a refusal %s", len(p.JPEG), err, rule)
	}
	if e.Rule != rule || e.Code != ledger.Invalid {
		t.Errorf("refused as %s (%s), want %s", e.Rule, e.Code, rule)
	}
	if e.Text.Zh == "" || e.Text.En == "" || strings.Contains(e.Text.Zh+e.Text.En, "%!") {
		t.Errorf("%s says %q, %q", rule, e.Text.Zh, e.Text.En)
	}
	if p.JPEG != nil {
		t.Error("a refusal with a picture")
	}
}

func decoded(t testing.TB, p Picture) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func near(got color.Color, want color.RGBA, by float64) bool {
	r, g, b, _ := got.RGBA()
	far := max(math.Abs(float64(r>>8)-float64(want.R)), math.Abs(float64(g>>8)-float64(want.G)), math.Abs(float64(b>>8)-float64(want.B)))
	return far <= by
}

// checkBare reads a result's structure to its last byte.
func checkBare(t testing.TB, p Picture) {
	t.Helper()
	if len(p.JPEG) > MaxOutput || p.Width < 1 || p.Height < 1 || max(p.Width, p.Height) > Side {
		t.Errorf("%d bytes, %d×%d", len(p.JPEG), p.Width, p.Height)
	}
	var marks []byte
	rest := p.JPEG
	for len(rest) >= 2 {
		if rest[0] != 0xff {
			t.Fatalf("no marker after % x", marks)
		}
		mark := rest[1]
		marks = append(marks, mark)
		rest = rest[2:]
		if mark == 0xd8 || mark == markEOI {
			continue
		}
		n := int(binary.BigEndian.Uint16(rest))
		wantLength := map[byte]int{markDQT: 132, markSOF0: 17, markDHT: 418, markSOS: 12}[mark]
		if n != wantLength {
			t.Errorf("segment %x has %d bytes, want %d", mark, n, wantLength)
		}
		if mark == markSOF0 && (int(binary.BigEndian.Uint16(rest[3:])) != p.Height || int(binary.BigEndian.Uint16(rest[5:])) != p.Width) {
			t.Errorf("the frame is not %d×%d", p.Width, p.Height)
		}
		rest = rest[n:]
		if mark == markSOS {
			for len(rest) > 1 && (rest[0] != 0xff || rest[1] == 0) {
				rest = rest[1:]
			}
		}
	}
	if want := []byte{0xd8, markDQT, markSOF0, markDHT, markSOS, markEOI}; !bytes.Equal(marks, want) || len(rest) != 0 {
		t.Errorf("markers % x and %d bytes, want % x", marks, len(rest), want)
	}
}

const canary = "CANARY-7f3a"

func TestOnlyPixelsComeThrough(t *testing.T) {
	m := scene(200, 150, 1)
	thumbnail := string(jpegOf(t, scene(16, 12, 9)))
	tests := map[string]struct{ bare, full []byte }{
		"JPEG": {jpegOf(t, m), append(with(jpegOf(t, m),
			segment(markAPP0, "JFIF\x00\x01\x02\x01\x00\x48\x00\x48\x00\x00"),
			segment(markAPP0, "JFXX\x00\x10"+thumbnail),
			segment(markAPP1, exifHead+exif(binary.LittleEndian, 1)+thumbnail),
			segment(markAPP1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>"+canary+"</x:xmpmeta>"),
			segment(0xe2, "ICC_PROFILE\x00\x01\x01"+canary),
			segment(0xe2, "MPF\x00"+canary),
			segment(0xed, "Photoshop 3.0\x008BIM"+canary),
			segment(markAPPF, canary),
			segment(markCOM, canary)),
			thumbnail+"\x00\x00\x00\x18ftypmp42"+canary...)},
		"PNG": {pngOf(t, m), append(withChunks(pngOf(t, m),
			chunk("iCCP", "p\x00\x00"+deflated(t, []byte(canary))),
			chunk("gAMA", "\x00\x00\xb1\x8f"),
			chunk("pHYs", "\x00\x00\x0b\x13\x00\x00\x0b\x13\x01"),
			chunk("tIME", "\x07\xe8\x01\x01\x00\x00\x00"),
			chunk("eXIf", exif(binary.BigEndian, 1)),
			chunk("tEXt", "Author\x00"+canary),
			chunk("zTXt", "Author\x00\x00"+deflated(t, []byte(canary))),
			chunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+canary),
			chunk("prVt", canary)),
			canary...)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			bare, full := clean(t, test.bare), clean(t, test.full)
			if !bytes.Equal(bare.JPEG, full.JPEG) {
				t.Error("what the file held beside its pixels changed the result")
			}
			if bytes.Contains(full.JPEG, []byte("CANARY")) {
				t.Error("the canary came through")
			}
			if again := clean(t, test.full); !bytes.Equal(again.JPEG, full.JPEG) {
				t.Error("the second result is another")
			}
			if !near(decoded(t, full).At(100, 20), color.RGBA(m.NRGBAAt(100, 20)), 12) {
				t.Error("the pixels did not come through")
			}
		})
	}
}

// corners has a colour of its own in each.
func corners(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := cornerColours[y*2/height*2+x*2/width]
			m.SetNRGBA(x, y, color.NRGBA(c))
		}
	}
	return m
}

var cornerColours = []color.RGBA{{230, 20, 20, 255}, {20, 230, 20, 255}, {20, 20, 230, 255}, {230, 230, 20, 255}}

// What is seen at the upper left, upper right, lower left and lower right, of
// a picture stored red, green; blue, yellow.
var seen = map[int]string{1: "rgby", 2: "gryb", 3: "ybgr", 4: "byrg", 5: "rbgy", 6: "bryg", 7: "ygbr", 8: "gyrb"}

func TestOrientation(t *testing.T) {
	m := corners(64, 32)
	for value, want := range seen {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			block := exif(order, value)
			for name, file := range map[string][]byte{
				"JPEG": with(jpegOf(t, m), segment(markAPP1, exifHead+block)),
				"PNG":  withChunks(pngOf(t, m), chunk("eXIf", block)),
			} {
				p := clean(t, file)
				if wide := p.Width > p.Height; wide != (value < 5) {
					t.Errorf("%s, %d, %v: %d×%d", name, value, order, p.Width, p.Height)
				}
				got := decoded(t, p)
				for i, letter := range want {
					c := cornerColours[strings.IndexRune("rgby", letter)]
					if at := got.At(8+i%2*(p.Width-16), 8+i/2*(p.Height-16)); !near(at, c, 12) {
						t.Errorf("%s, %d, %v: corner %d is %v, want %v", name, value, order, i, at, c)
					}
				}
			}
		}
	}
}

func TestTurnedIsExact(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 3, 2))
	for i := range 6 {
		m.SetRGBA(i%3, i/3, color.RGBA{"abcdef"[i], 0, 0, 255})
	}
	for value, want := range map[int]string{
		1: "abc def", 2: "cba fed", 3: "fed cba", 4: "def abc",
		5: "ad be cf", 6: "da eb fc", 7: "fc eb da", 8: "cf be ad",
	} {
		out, got := turned(m, value), ""
		for y := range out.Rect.Dy() {
			for x := range out.Rect.Dx() {
				got += string(rune(out.RGBAAt(x, y).R))
			}
			got += " "
		}
		if strings.TrimSpace(got) != want {
			t.Errorf("%d: %s, want %s", value, got, want)
		}
	}
}

func TestOrientationThatIsNotExactIsUpright(t *testing.T) {
	good := exif(binary.LittleEndian, 6)
	if orientation([]byte(good)) != 6 {
		t.Fatal("the good one is not read")
	}
	changed := func(at int, to string) string { return good[:at] + to + good[at+len(to):] }
	for name, block := range map[string]string{
		"empty":                   "",
		"header alone":            good[:8],
		"half an entry":           good[:28],
		"another order":           changed(0, "IM"),
		"another magic number":    changed(2, "+"),
		"directory in the header": "II*\x00\x04\x00\x00\x00" + strings.Repeat("\x00", 10) + "\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00",
		"directory far away":      changed(4, "\xff\xff\xff\xff"),
		"directory at the end":    changed(4, string([]byte{byte(len(good) - 1)})),
		"a long":                  changed(24, "\x04"),
		"two of them":             changed(26, "\x02"),
		"zero":                    changed(30, "\x00"),
		"nine":                    changed(30, "\x09"),
		"big":                     changed(30, "\x06\x01"),
		"one entry less":          changed(8, "\x01"),
		"no entries":              changed(8, "\x00"),
	} {
		if got := orientation([]byte(block)); got != 1 {
			t.Errorf("%s: %d", name, got)
		}
	}
	m := jpegOf(t, corners(64, 32))
	odd := with(m, segment(markAPP1, exifHead+changed(30, "\x09")))
	if !bytes.Equal(clean(t, odd).JPEG, clean(t, m).JPEG) {
		t.Error("an orientation that there is not changed the picture")
	}
}

func TestReadsNoMoreThanItMay(t *testing.T) {
	endless := func(head string) *counted { return &counted{r: io.MultiReader(strings.NewReader(head), zeros{})} }
	film := endless("\x00\x00\x00\x18ftypmp42")
	if _, err := Clean(context.Background(), film); !isRule(err, "picture.video") || film.n > sniffed {
		t.Errorf("%v after %d bytes", err, film.n)
	}
	big := endless(string(jpegOf(t, scene(64, 64, 1))))
	if _, err := Clean(context.Background(), big); !isRule(err, "picture.too_many_bytes") || big.n > MaxInput+1 {
		t.Errorf("%v after %d bytes", err, big.n)
	}
	whole := bytes.Clone(jpegOf(t, scene(64, 64, 1)))
	whole = append(whole, make([]byte, MaxInput-len(whole))...)
	clean(t, whole)
	refused(t, append(whole, 0), "picture.too_many_bytes")
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type counted struct {
	r io.Reader
	n int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func isRule(err error, rule string) bool {
	e, ok := errors.AsType[*ledger.Error](err)
	return ok && e.Rule == rule
}

func TestReadersOfAllKinds(t *testing.T) {
	file := jpegOf(t, scene(300, 200, 1))
	want := clean(t, file)
	got, err := Clean(context.Background(), iotest.OneByteReader(bytes.NewReader(file)))
	if err != nil || !bytes.Equal(got.JPEG, want.JPEG) {
		t.Errorf("a byte at a time: %v", err)
	}
	fault := errors.New("gone away")
	for _, n := range []int{0, 10, sniffed, len(file)} {
		r := io.MultiReader(bytes.NewReader(file[:n]), iotest.ErrReader(fault))
		if _, err := Clean(context.Background(), r); !errors.Is(err, fault) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

func TestCutShort(t *testing.T) {
	for name, file := range map[string][]byte{
		"JPEG": jpegOf(t, scene(40, 30, 1)),
		"PNG":  pngOf(t, scene(40, 30, 1)),
	} {
		for n := range len(file) - 2 { // a JPEG whose end mark alone is gone is whole
			_, err := Clean(context.Background(), bytes.NewReader(file[:n]))
			if _, ok := errors.AsType[*ledger.Error](err); !ok {
				t.Fatalf("%s cut to %d of %d bytes: %v", name, n, len(file), err)
			}
		}
	}
	file := jpegOf(t, scene(40, 30, 1))
	if !bytes.Equal(clean(t, file[:len(file)-2]).JPEG, clean(t, file).JPEG) {
		t.Error("without its end mark it is another picture")
	}
}

func TestStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, file := range [][]byte{jpegOf(t, scene(64, 64, 1)), pngOf(t, scene(64, 64, 1))} {
		_, err := Clean(ctx, bytes.NewReader(file))
		if !isRule(err, "picture.interrupted") || !ledger.IsCode(err, ledger.Unavailable) || !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	src := source{ctx: ctx, parts: [][]byte{{1}}}
	if n, err := src.Read(make([]byte, 1)); n != 0 || !errors.Is(err, context.Canceled) {
		t.Error("decoding goes on:", err)
	}
	if _, err := reduce(ctx, scene(8, 8, 1), 4); !errors.Is(err, context.Canceled) {
		t.Error("reducing goes on:", err)
	}
}

func TestADecoderThatPanicsCostsOnlyThePicture(t *testing.T) {
	_, err := decode(context.Background(), file{format: func(io.Reader) (image.Image, error) { panic(canary) }})
	if !isRule(err, "picture.damaged") || strings.Contains(fmt.Sprintf("%+v", err), canary) {
		t.Error(err)
	}
}

func TestAPicturePrintsNothing(t *testing.T) {
	p := Picture{JPEG: []byte("secret"), Width: 771, Height: 993}
	var b bytes.Buffer
	slog.New(slog.NewJSONHandler(&b, nil)).Info("got", "picture", p)
	_, printed, _ := strings.Cut(b.String(), "got") // behind the time
	printed += fmt.Sprintf("%v %+v %#v %s", p, p, p, p)
	for _, leak := range []string{"771", "993", "secret", "115", "c2Vj", "0x73"} {
		if strings.Contains(printed, leak) {
			t.Errorf("%s in %s", leak, printed)
		}
	}
}
