package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// scene is a picture with slopes and edges, another for another seed.
func scene(width, height, seed int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.NRGBA{byte(x*255/width + seed), byte(y * 255 / height), byte((x/16 + y/16 + seed) % 2 * 200), 255}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// noise is a picture that no encoder makes small.
func noise(width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	state := uint32(1)
	for i := range m.Pix {
		state ^= state << 13
		state ^= state >> 17
		state ^= state << 5
		m.Pix[i] = byte(state>>24) & 0xff
		if i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func segment(mark byte, content string) string {
	n := len(content) + 2
	return string([]byte{0xff, mark, byte(n >> 8), byte(n)}) + content
}

// with puts segments behind a JPEG's first two bytes.
func with(file []byte, segments ...string) []byte {
	out := bytes.Clone(file[:2])
	for _, s := range segments {
		out = append(out, s...)
	}
	return append(out, file[2:]...)
}

func chunk(name, content string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	b = append(append(b, name...), content...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

// withChunks puts chunks behind a PNG's header.
func withChunks(file []byte, chunks ...string) []byte {
	at := len(pngHead) + 12 + headerSize
	out := bytes.Clone(file[:at])
	for _, c := range chunks {
		out = append(out, c...)
	}
	return append(out, file[at:]...)
}

func header(width, height, depth, colour, interlace int) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(width))
	b = binary.BigEndian.AppendUint32(b, uint32(height))
	return chunk("IHDR", string(append(b, byte(depth), byte(colour), 0, 0, byte(interlace))))
}

func deflated(t testing.TB, data []byte) string {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The columns and rows that each pass of an interlaced PNG has.
var passes = []struct{ x, y, everyX, everyY int }{
	{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
}

// rawPNG is a PNG of any depth and colour type; sample gives a pixel's.
func rawPNG(t testing.TB, width, height, depth, colour, interlace int, before string, sample func(x, y, channel int) int) []byte {
	t.Helper()
	channels := map[int]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
	steps := passes
	if interlace == 0 {
		steps = []struct{ x, y, everyX, everyY int }{{0, 0, 1, 1}}
	}
	var rows []byte
	for _, p := range steps {
		if p.x >= width {
			continue
		}
		for y := p.y; y < height; y += p.everyY {
			rows = append(rows, 0)
			var bits, held int
			for x := p.x; x < width; x += p.everyX {
				for c := range channels {
					bits, held = bits<<depth|sample(x, y, c), held+depth
					for ; held >= 8; held -= 8 {
						rows = append(rows, byte(bits>>(held-8)))
					}
				}
			}
			if held > 0 {
				rows = append(rows, byte(bits<<(8-held)))
			}
		}
	}
	return []byte(pngHead + header(width, height, depth, colour, interlace) + before +
		chunk("IDAT", deflated(t, rows)) + chunk("IEND", ""))
}

// exif is a TIFF file with a camera's name, a place and an orientation.
func exif(order binary.AppendByteOrder, value int) string {
	b := []byte("MM\x00*")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		b = []byte("II*\x00")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	entry := func(tag, kind uint16, count uint32) {
		b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tag), kind), count)
	}
	entry(0x010f, 2, 17) // maker
	b = order.AppendUint32(b, 38)
	entry(orientationTag, typeShort, 1)
	b = order.AppendUint16(order.AppendUint16(b, uint16(value)), 0)
	b = order.AppendUint32(b, 0)
	return string(b) + "CANARY-CAMERA-GPS\x00"
}

// A blocks writes a JPEG of flat blocks, in forms that no encoder at hand
// writes: progressive, CMYK, RGB, any sampling.
type blocks struct {
	frame         byte // its marker
	width, height int
	ids           string
	sampling      []byte // of each component: across<<4 | down
	level         func(component, x, y int) int
	refinements   int // scans of each component after the first
	before        string
	bits, held    uint32
	out           []byte
}

func (b *blocks) emit(value, n uint32) {
	for i := int(n) - 1; i >= 0; i-- {
		b.bits, b.held = b.bits<<1|value>>i&1, b.held+1
		if b.held == 8 {
			b.out = append(b.out, byte(b.bits))
			if byte(b.bits) == 0xff {
				b.out = append(b.out, 0)
			}
			b.bits, b.held = 0, 0
		}
	}
}

func (b *blocks) flush() {
	for b.held != 0 {
		b.emit(1, 1)
	}
}

func (b *blocks) file() []byte {
	b.out = []byte("\xff\xd8" + b.before)
	b.out = append(b.out, segment(markDQT, "\x00"+string(bytes.Repeat([]byte{8}, 64)))...)
	frame := []byte{8, byte(b.height >> 8), byte(b.height), byte(b.width >> 8), byte(b.width), byte(len(b.ids))}
	scan := []byte{byte(len(b.ids))}
	across, down := 1, 1
	for i, s := range b.sampling {
		frame = append(frame, b.ids[i], s, 0)
		scan = append(scan, b.ids[i], 0)
		if len(b.ids) > 1 {
			across, down = max(across, int(s>>4)), max(down, int(s&15))
		}
	}
	b.out = append(b.out, segment(b.frame, string(frame))...)
	// Twelve codes of four bits for the level's length, three of two bits for
	// the end of one block and of many.
	b.out = append(b.out, segment(markDHT, "\x00\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b")...)
	b.out = append(b.out, segment(markDHT, "\x10\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xe0\x01")...)
	last := byte(63)
	if b.frame == markSOF2 {
		last = 0
	}
	b.out = append(b.out, segment(markSOS, string(append(scan, 0, last, 0)))...)
	before := make([]int, len(b.ids))
	for y := range (b.height + 8*down - 1) / (8 * down) {
		for x := range (b.width + 8*across - 1) / (8 * across) {
			for c, s := range b.sampling {
				h, v := int(s>>4), int(s&15)
				if len(b.ids) == 1 {
					h, v = 1, 1
				}
				for i := range h * v {
					level := b.level(c, h*x+i%h, v*y+i/h) - 128
					b.difference(level - before[c])
					before[c] = level
					if b.frame != markSOF2 {
						b.emit(0, 2)
					}
				}
			}
		}
	}
	b.flush()
	for range b.refinements {
		for c := range b.ids {
			b.out = append(b.out, b.empty(c)...)
		}
	}
	return append(b.out, 0xff, markEOI)
}

func (b *blocks) difference(d int) {
	length, magnitude := uint32(0), max(d, -d)
	for ; magnitude>>length > 0; length++ {
	}
	b.emit(length, 4)
	if d < 0 {
		d += 1<<length - 1
	}
	b.emit(uint32(d), length)
}

// empty is a progressive scan that has nothing to say of any block.
func (b *blocks) empty(component int) []byte {
	side := blocks{}
	for n := (b.width/8 + 8) * (b.height/8 + 8); n > 0; n -= 32767 {
		side.emit(1, 2)
		side.emit(1<<14-1, 14)
	}
	side.flush()
	return append([]byte(segment(markSOS, string([]byte{1, b.ids[component], 0, 1, 63, 0}))), side.out...)
}
