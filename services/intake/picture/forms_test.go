package picture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// grey is a level that every depth from 1 bit on has: black or white.
func grey(x, y int) int { return (x/3 + y/2) % 2 }

func TestEveryFormOfPNG(t *testing.T) {
	const width, height = 53, 37
	m := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetGray(x, y, color.Gray{byte(255 * grey(x, y))})
		}
	}
	want := clean(t, pngOf(t, m))
	for colour, depths := range map[int][]int{0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}} {
		for _, depth := range depths {
			for interlace := range 2 {
				t.Run(fmt.Sprintf("colour %d depth %d interlace %d", colour, depth, interlace), func(t *testing.T) {
					before := ""
					if colour == 3 {
						before = chunk("PLTE", "\x00\x00\x00\xff\xff\xff")
					}
					file := rawPNG(t, width, height, depth, colour, interlace, before, func(x, y, channel int) int {
						switch {
						case colour == 3:
							return grey(x, y)
						case colour == 4 && channel == 1, colour == 6 && channel == 3:
							return 1<<depth - 1
						}
						return grey(x, y) * (1<<depth - 1)
					})
					if !bytes.Equal(clean(t, file).JPEG, want.JPEG) {
						t.Error("the same pixels in another form are another picture")
					}
				})
			}
		}
	}
}

func TestOnWhite(t *testing.T) {
	one := func(c color.NRGBA) []byte {
		m := image.NewNRGBA(image.Rect(0, 0, 16, 16))
		draw.Draw(m, m.Rect, image.NewUniform(c), image.Point{}, draw.Src)
		m.SetNRGBA(0, 0, color.NRGBA{c.R, c.G, c.B, 254}) // never written without alpha
		return pngOf(t, m)
	}
	flat := func(depth, colour int, before string, value int) []byte {
		return rawPNG(t, 16, 16, depth, colour, 0, before, func(int, int, int) int { return value })
	}
	for name, test := range map[string]struct {
		file []byte
		want color.RGBA
	}{
		"clear":               {one(color.NRGBA{0, 0, 0, 0}), color.RGBA{255, 255, 255, 255}},
		"half":                {one(color.NRGBA{200, 0, 0, 128}), color.RGBA{227, 127, 127, 255}},
		"solid":               {one(color.NRGBA{200, 0, 0, 255}), color.RGBA{200, 0, 0, 255}},
		"a clear palette":     {flat(8, 3, chunk("PLTE", "\x10\x20\x30")+chunk("tRNS", "\x00"), 0), color.RGBA{255, 255, 255, 255}},
		"a clear grey":        {flat(8, 0, chunk("tRNS", "\x00\x07"), 7), color.RGBA{255, 255, 255, 255}},
		"another clear grey":  {flat(8, 0, chunk("tRNS", "\x00\x08"), 7), color.RGBA{7, 7, 7, 255}},
		"a clear colour":      {flat(16, 2, chunk("tRNS", "\x12\x34\x12\x34\x12\x34"), 0x1234), color.RGBA{255, 255, 255, 255}},
		"sixteen bits, clear": {flat(16, 6, "", 0), color.RGBA{255, 255, 255, 255}},
	} {
		if got := decoded(t, clean(t, test.file)).At(8, 8); !near(got, test.want, 3) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func level(component, x, y int) int { return 60 + component*40 + (x+y)%2*30 }

const adobe = "Adobe\x00\x64\x00\x00\x00\x00"

func forms(frame byte, width, height int) map[string]*blocks {
	form := func(ids, before string, sampling ...byte) *blocks {
		b := &blocks{frame: frame, width: width, height: height, ids: ids, sampling: sampling, level: level, before: before}
		if frame == markSOF2 {
			b.refinements = 2
		}
		return b
	}
	return map[string]*blocks{
		"grey":           form("\x01", "", 0x11),
		"grey, 2×2":      form("\x01", "", 0x22),
		"4:4:4":          form("\x01\x02\x03", "", 0x11, 0x11, 0x11),
		"4:2:2":          form("\x01\x02\x03", "", 0x21, 0x11, 0x11),
		"4:2:0":          form("\x01\x02\x03", "", 0x22, 0x11, 0x11),
		"4:1:1":          form("\x01\x02\x03", "", 0x41, 0x11, 0x11),
		"4:1:0":          form("\x01\x02\x03", "", 0x42, 0x11, 0x11),
		"RGB by name":    form("RGB", "", 0x11, 0x11, 0x11),
		"RGB by Adobe":   form("\x01\x02\x03", segment(markAPPE, adobe+"\x00"), 0x11, 0x11, 0x11),
		"CMYK":           form("CMYK", segment(markAPPE, adobe+"\x00"), 0x11, 0x11, 0x11, 0x11),
		"CMYK, 2×2":      form("CMYK", segment(markAPPE, adobe+"\x00"), 0x22, 0x11, 0x11, 0x22),
		"YCCK":           form("CMYK", segment(markAPPE, adobe+"\x02"), 0x11, 0x11, 0x11, 0x11),
		"JFIF then name": form("RGB", segment(markAPP0, "JFIF\x00\x01\x02\x01\x00\x48\x00\x48\x00\x00"), 0x11, 0x11, 0x11),
	}
}

// wantLevel is the first block's colour.
func wantLevel(form string) color.RGBA {
	var r, g, b byte
	switch form {
	case "grey", "grey, 2×2":
		return color.RGBA{60, 60, 60, 255}
	case "RGB by name", "RGB by Adobe":
		return color.RGBA{60, 100, 140, 255}
	case "CMYK", "CMYK, 2×2": // Adobe's is inverted: 180 of 255 is how much of the paper shows
		r, g, b = color.CMYKToRGB(195, 155, 115, 75)
	case "YCCK":
		r, g, b = color.YCbCrToRGB(60, 100, 140)
		r, g, b = color.CMYKToRGB(r, g, b, 75)
	default:
		r, g, b = color.YCbCrToRGB(60, 100, 140)
	}
	return color.RGBA{r, g, b, 255}
}

func TestEveryFormOfJPEG(t *testing.T) {
	for _, frame := range []byte{markSOF0, markSOF1, markSOF2} {
		for name, b := range forms(frame, 77, 61) {
			t.Run(fmt.Sprintf("%x %s", frame, name), func(t *testing.T) {
				p := clean(t, b.file())
				if p.Width != 77 || p.Height != 61 {
					t.Errorf("%d×%d", p.Width, p.Height)
				}
				if got := decoded(t, p).At(3, 3); !near(got, wantLevel(name), 16) {
					t.Errorf("%v, want %v", got, wantLevel(name))
				}
			})
		}
	}
}

// What a header says that decoding takes is what it takes: nothing is
// allocated beyond it but tables and buffers.
func TestMemoryIsForeseen(t *testing.T) {
	const width, height = 1111, 777
	files := map[string][]byte{}
	for _, frame := range []byte{markSOF0, markSOF2} {
		for name, b := range forms(frame, width, height) {
			files[fmt.Sprintf("%x %s", frame, name)] = b.file()
		}
	}
	// With a JFIF mark DecodeConfig reads no further than the frame; that the
	// picture is RGB would be said behind it.
	for name, late := range map[string]string{"0": segment(markAPP0, "other"), "14": segment(markAPPE, adobe+"\x00")} {
		file := forms(markSOF0, width, height)["JFIF then name"].file()
		at := bytes.Index(file, []byte{0xff, markDHT})
		files["RGB said late, "+name] = slices.Concat(file[:at], []byte(late), file[at:])
	}
	for colour, depths := range map[int][]int{0: {1, 8, 16}, 2: {8, 16}, 3: {1, 8}, 4: {8, 16}, 6: {8, 16}} {
		for _, depth := range depths {
			for interlace := range 2 {
				before := ""
				if colour == 3 {
					before = chunk("PLTE", "\x00\x00\x00\xff\xff\xff")
				}
				file := rawPNG(t, width, height, depth, colour, interlace, before, func(int, int, int) int { return 0 })
				files[fmt.Sprintf("PNG %d %d %d", colour, depth, interlace)] = file
			}
		}
	}
	files["PNG, clear grey"] = rawPNG(t, width, height, 8, 0, 1, chunk("tRNS", "\x00\x00"), func(int, int, int) int { return 0 })
	files["PNG, clear deep grey"] = rawPNG(t, width, height, 16, 0, 0, chunk("tRNS", "\x00\x00"), func(int, int, int) int { return 0 })
	for name, data := range files {
		f, err := inspect(data, sniff(data))
		if err != nil {
			t.Fatal(name, err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := f.format(&source{ctx: context.Background(), parts: f.parts}); err != nil {
			t.Fatal(name, err)
		}
		runtime.ReadMemStats(&after)
		took := int64(after.TotalAlloc - before.TotalAlloc)
		if took > f.memory+f.memory/20+256<<10 {
			t.Errorf("%s: took %d bytes, foreseen %d", name, took, f.memory)
		}
		if f.memory > 2*took {
			t.Errorf("%s: foreseen %d bytes, took only %d", name, f.memory, took)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, test := range [][4]int{
		{1, 1, 1, 1}, {1600, 1600, 1600, 1600}, {1601, 1600, 1600, 1599}, {1600, 1601, 1599, 1600},
		{3200, 2400, 1600, 1200}, {4000, 3000, 1600, 1200}, {1080, 2400, 720, 1600}, {6400, 1, 1600, 1}, {1, 6400, 1, 1600},
	} {
		if w, h := reduced(test[0], test[1], Side); w != test[2] || h != test[3] {
			t.Errorf("%d×%d becomes %d×%d", test[0], test[1], w, h)
		}
	}
	p := clean(t, jpegOf(t, scene(3000, 2000, 1)))
	if p.Width != 1600 || p.Height != 1067 {
		t.Errorf("3000×2000 becomes %d×%d", p.Width, p.Height)
	}
}

// Against the definition: each part of each pixel, counted.
func TestReduceIsTheMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width, height := rapid.IntRange(1, 40).Draw(t, "width"), rapid.IntRange(1, 40).Draw(t, "height")
		m := image.NewRGBA(image.Rect(0, 0, width, height))
		for i := range m.Pix {
			m.Pix[i] = byte(rapid.IntRange(0, 255).Draw(t, "sample"))
			if i%4 == 3 {
				m.Pix[i] = 255
			}
		}
		side := rapid.IntRange(1, 45).Draw(t, "side")
		got, err := reduce(context.Background(), m.SubImage(m.Rect), side)
		if err != nil {
			t.Fatal(err)
		}
		w, h := reduced(width, height, side)
		if got.Rect != image.Rect(0, 0, w, h) {
			t.Fatalf("%v of %d×%d", got.Rect, width, height)
		}
		for y := range h {
			for x := range w {
				if want := mean(m, x, y, w, h); got.RGBAAt(x, y) != want {
					t.Fatalf("%d, %d is %v, want %v", x, y, got.RGBAAt(x, y), want)
				}
			}
		}
	})
}

func mean(m *image.RGBA, x, y, w, h int) color.RGBA {
	width, height := m.Rect.Dx(), m.Rect.Dy()
	common := func(i, long, j, other int) int { return max(0, min((i+1)*long, (j+1)*other)-max(i*long, j*other)) }
	var sum [3]int
	for sy := range height {
		for sx := range width {
			part := common(sx, w, x, width) * common(sy, h, y, height)
			c := m.RGBAAt(sx, sy)
			sum[0], sum[1], sum[2] = sum[0]+part*int(c.R), sum[1]+part*int(c.G), sum[2]+part*int(c.B)
		}
	}
	whole := width * height
	round := func(i int) byte { return byte((sum[i] + whole/2) / whole) }
	return color.RGBA{round(0), round(1), round(2), 255}
}

func TestFits(t *testing.T) {
	best := decodedQuality(t, clean(t, jpegOf(t, scene(1600, 1600, 1))))
	if best != qualities[0] {
		t.Errorf("an ordinary picture has quality %d", best)
	}
	p := clean(t, pngOf(t, noise(1600, 1600)))
	if q := decodedQuality(t, p); q == best || p.Width != Side {
		t.Errorf("noise has quality %d, %d wide", q, p.Width)
	}
	// What the last size is bound to hold, whatever it shows.
	if small := Side / 8; small*small*3/2*26/8*2 > MaxOutput {
		t.Errorf("a side of %d may not fit", small)
	}
	// Nothing at hand overflows MaxOutput at the last quality: a lower bound
	// shows that halving comes next, as often as it must.
	for most, want := range map[int]int{20_000: 200, 60_000: 400, 1 << 20: 400} {
		small, err := fit(context.Background(), noise(400, 300), most)
		if err != nil || len(small.JPEG) > most || small.Width != want {
			t.Errorf("in %d: %d bytes, %d wide, %v", most, len(small.JPEG), small.Width, err)
		}
	}
}

// decodedQuality tells the quality from the first quantiser: 16 at 50.
func decodedQuality(t *testing.T, p Picture) int {
	t.Helper()
	for _, q := range qualities {
		scale := 200 - 2*q
		if q < 50 {
			scale = 5000 / q
		}
		if p.JPEG[7] == byte((16*scale+50)/100) {
			return q
		}
	}
	t.Fatalf("quantiser %d", p.JPEG[7])
	return 0
}
