package picture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"runtime"
	"strings"
	"testing"
)

// within refuses, without having allocated more than some megabytes.
func within(t *testing.T, megabytes uint64, file []byte, rule string) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	refused(t, file, rule)
	runtime.ReadMemStats(&after)
	if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > megabytes {
		t.Errorf("took %d MB to refuse %d bytes", took, len(file))
	}
}

// onlyHeader is a PNG that says how large it is and has next to no pixels.
func onlyHeader(t *testing.T, width, height, depth, colour, interlace int, before string) []byte {
	t.Helper()
	return []byte(pngHead + header(width, height, depth, colour, interlace) + before +
		chunk("IDAT", deflated(t, make([]byte, 100))) + chunk("IEND", ""))
}

func TestTooLargeByItsHeader(t *testing.T) {
	for name, test := range map[string]struct {
		file []byte
		rule string
	}{
		"4·10⁹ squared":          {onlyHeader(t, 1<<31-1, 1<<31-1, 16, 6, 1, ""), "picture.damaged"}, // more than can be multiplied
		"65535 squared":          {onlyHeader(t, 65535, 65535, 8, 2, 0, ""), "picture.too_many_pixels"},
		"a row too many":         {onlyHeader(t, 5000, 4001, 8, 0, 0, ""), "picture.too_many_pixels"},
		"long":                   {onlyHeader(t, MaxLength+1, 1, 1, 0, 0, ""), "picture.too_long"},
		"tall":                   {onlyHeader(t, 1, MaxLength+1, 1, 0, 0, ""), "picture.too_long"},
		"deep and interlaced":    {onlyHeader(t, 5000, 4000, 16, 6, 1, ""), "picture.too_heavy"},
		"deep grey made clear":   {onlyHeader(t, 5000, 4000, 16, 0, 1, chunk("tRNS", "\x00\x00")), "picture.too_heavy"},
		"a lesser header behind": {append(bytes.TrimSuffix(onlyHeader(t, 5000, 4000, 16, 6, 1, ""), []byte(chunk("IEND", ""))), header(5000, 4000, 1, 0, 0)+chunk("IEND", "")...), "picture.too_heavy"},
		"JPEG, 65535 squared":    {(&blocks{frame: markSOF0, width: 65535, height: 65535, ids: "\x01", sampling: []byte{0x11}}).headers(), "picture.too_many_pixels"},
		"JPEG without a height":  {(&blocks{frame: markSOF0, width: 100, ids: "\x01", sampling: []byte{0x11}}).headers(), "picture.damaged"},
		"progressive 4:4:4":      {(&blocks{frame: markSOF2, width: 5000, height: 4000, ids: "\x01\x02\x03", sampling: []byte{0x11, 0x11, 0x11}}).headers(), "picture.too_heavy"},
		"progressive CMYK": {(&blocks{frame: markSOF2, width: 4000, height: 3000, ids: "CMYK", sampling: []byte{0x11, 0x11, 0x11, 0x11},
			before: segment(markAPPE, adobe+"\x00")}).headers(), "picture.too_heavy"},
	} {
		t.Run(name, func(t *testing.T) { within(t, 4, test.file, test.rule) })
	}
}

// headers is the file without its pixels.
func (b *blocks) headers() []byte {
	small := *b
	small.width, small.height = 8, 8
	small.level = func(int, int, int) int { return 128 }
	out := small.file()
	at := bytes.Index(out, []byte{0xff, b.frame}) + 5
	copy(out[at:], []byte{byte(b.height >> 8), byte(b.height), byte(b.width >> 8), byte(b.width)})
	return out
}

func TestProgressiveScansAreCounted(t *testing.T) {
	b := blocks{frame: markSOF2, width: 160, height: 160, ids: "\x01\x02\x03", sampling: []byte{0x22, 0x11, 0x11}, level: level}
	file := b.file()
	file = file[:len(file)-2]
	scans := func(n int) []byte {
		return append(append(bytes.Clone(file), bytes.Repeat(b.empty(0), n)...), 0xff, markEOI)
	}
	clean(t, scans(maxScans-1))
	within(t, 2, scans(maxScans), "picture.damaged")
	within(t, 60, scans(400_000), "picture.damaged")
	sequential := blocks{frame: markSOF0, width: 160, height: 160, ids: "\x01", sampling: []byte{0x11}, level: level}
	one := sequential.file()
	from := bytes.Index(one, []byte{0xff, markSOS})
	body := one[from : len(one)-2]
	refused(t, append(append(bytes.Clone(one[:from]), bytes.Repeat(body, maxScans+1)...), 0xff, markEOI), "picture.damaged")
}

func TestSegmentsAreCounted(t *testing.T) {
	file := jpegOf(t, scene(32, 32, 1))
	clean(t, with(file, strings.Repeat(segment(markCOM, ""), maxSegments-20)))
	refused(t, with(file, strings.Repeat(segment(markCOM, ""), maxSegments)), "picture.damaged")
	within(t, 60, with(file, strings.Repeat(segment(markCOM, ""), 3_000_000)), "picture.damaged")
}

// What the decoder would let pass, or make something else of.
func TestOddJPEGs(t *testing.T) {
	file := jpegOf(t, scene(32, 32, 1))
	frame := bytes.Index(file, []byte{0xff, markSOF0})
	twice := append(bytes.Clone(file[:frame+19]), file[frame:]...)
	for name, odd := range map[string][]byte{
		"two frames":     twice,
		"arithmetic":     with(file, segment(0xcc, "\x00\x10")),
		"lossless":       bytes.Replace(file, []byte{0xff, markSOF0}, []byte{0xff, 0xc3}, 1),
		"a late height":  with(file, segment(0xdc, "\x00\x20")),
		"no frame":       append(bytes.Clone(file[:frame]), file[frame+19:]...),
		"a short length": with(file, "\xff\xfe\x00\x01"),
		"twelve bits":    bytes.Replace(file, []byte{0xff, markSOF0, 0, 17, 8}, []byte{0xff, markSOF0, 0, 17, 12}, 1),
		"CMYK unmarked":  (&blocks{frame: markSOF0, width: 8, height: 8, ids: "CMYK", sampling: []byte{0x11, 0x11, 0x11, 0x11}, level: level}).file(),
		"start alone":    []byte("\xff\xd8\xff"),
	} {
		t.Run(name, func(t *testing.T) { refused(t, odd, "picture.damaged") })
	}
}

func TestOddPNGs(t *testing.T) {
	file := pngOf(t, scene(32, 32, 1))
	flipped := bytes.Clone(file)
	flipped[len(flipped)-20] ^= 1
	still := chunk("acTL", "\x00\x00\x00\x01\x00\x00\x00\x00")
	for name, test := range map[string]struct {
		file []byte
		rule string
	}{
		"animated":              {withChunks(file, still, chunk("fcTL", strings.Repeat("\x00", 26))), "picture.animated"},
		"a flipped bit":         {flipped, "picture.damaged"},
		"no end":                {file[:len(file)-12], "picture.damaged"},
		"a chunk past the end":  {withChunks(file, "\x7f\xff\xff\xfftEXt"), "picture.damaged"},
		"a length that is less": {withChunks(file, "\xff\xff\xff\xfftEXt"), "picture.damaged"},
		"a header in between":   {withChunks(file, chunk("tEXt", "a"), header(32, 32, 8, 2, 0)), "picture.damaged"},
		"no header":             {append([]byte(pngHead), file[len(pngHead)+12+headerSize:]...), "picture.damaged"},
		"two headers":           {withChunks(file, header(32, 32, 16, 6, 1)), "picture.damaged"},
		"more pixels than said": {[]byte(pngHead + header(8, 8, 8, 0, 0) + chunk("IDAT", deflated(t, make([]byte, 1000))) + chunk("IEND", "")), "picture.damaged"},
		"fewer pixels":          {onlyHeader(t, 80, 80, 8, 0, 0, ""), "picture.damaged"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, test.file, test.rule) })
	}
}

// What would inflate to gigabytes is passed over, or not inflated beyond what
// the picture has pixels for.
func TestInflatesOnlyPixels(t *testing.T) {
	bomb := deflated(t, make([]byte, 64<<20))
	file := pngOf(t, scene(32, 32, 1))
	want := clean(t, file)
	took := func(do func()) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		do()
		runtime.ReadMemStats(&after)
		return (after.TotalAlloc - before.TotalAlloc) >> 20
	}
	if n := took(func() {
		full := withChunks(file, chunk("zTXt", "a\x00\x00"+bomb), chunk("iCCP", "a\x00\x00"+bomb), chunk("iTXt", "a\x00\x01\x00\x00\x00"+bomb))
		if !bytes.Equal(clean(t, full).JPEG, want.JPEG) {
			t.Error("another picture")
		}
	}); n > 12 {
		t.Errorf("metadata that inflates took %d MB", n)
	}
	within(t, 4, []byte(pngHead+header(8, 8, 8, 0, 0)+chunk("IDAT", bomb)+chunk("IEND", "")), "picture.damaged")
	huge := withChunks(file, chunk("prVt", strings.Repeat("x", MaxInput-len(file)-12)))
	if !bytes.Equal(clean(t, huge).JPEG, want.JPEG) {
		t.Error("a huge chunk makes another picture")
	}
	clean(t, withChunks(file, strings.Repeat(chunk("prVt", ""), maxSegments-1)))
	within(t, 60, withChunks(file, strings.Repeat(chunk("prVt", ""), 1_000_000)), "picture.damaged")
	many := withChunks(file, strings.Repeat(chunk("IDAT", ""), 1_000_000))
	if n := took(func() { clean(t, many) }); n > 60 {
		t.Errorf("a million empty chunks of pixels took %d MB", n)
	}
}

// BenchmarkHeaviest is what may be decoded at most, for its time and memory.
func BenchmarkHeaviest(b *testing.B) {
	noisy := noise(1000, 800)
	tiled := image.NewRGBA(image.Rect(0, 0, 5000, 4000))
	for y := range 4000 {
		for x := range 5 {
			copy(tiled.Pix[tiled.PixOffset(x*1000, y):][:4000], noisy.Pix[y%800*noisy.Stride:])
		}
	}
	progressive := blocks{frame: markSOF2, width: 5000, height: 4000, ids: "\x01\x02\x03", sampling: []byte{0x22, 0x11, 0x11}, level: level}
	scans := progressive.file()
	scans = append(append(scans[:len(scans)-2], bytes.Repeat(progressive.empty(0), maxScans-1)...), 0xff, markEOI)
	cmyk := blocks{frame: markSOF0, width: 5000, height: 3990, ids: "CMYK", sampling: []byte{0x11, 0x11, 0x11, 0x11}, level: level,
		before: segment(markAPPE, adobe+"\x02")}
	deep := rawPNG(b, 5000, 4000, 16, 6, 0, "", func(x, y, c int) int { return (x/7*y + c) & 0xf0f })
	for name, file := range map[string][]byte{
		"a photograph":      jpegOf(b, scene(4000, 3000, 1)),
		"noise, JPEG":       jpegOf(b, tiled.SubImage(image.Rect(0, 0, 4000, 2500))),
		"16 bits, PNG":      deep,
		"interlaced, PNG":   rawPNG(b, 5000, 4000, 8, 6, 1, "", func(x, y, c int) int { return (x ^ y + c) & 0xff }),
		"progressive scans": scans,
		"CMYK":              cmyk.file(),
	} {
		b.Run(fmt.Sprintf("%s, %d kB", name, len(file)>>10), func(b *testing.B) {
			for b.Loop() {
				if _, err := Clean(context.Background(), bytes.NewReader(file)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
