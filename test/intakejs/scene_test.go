package intakejs

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"
)

// corners is a picture whose four corners differ, clockwise from the top left.
func corners(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	colours := [2][2]color.NRGBA{{{200, 30, 30, 255}, {30, 160, 30, 255}}, {{230, 200, 40, 255}, {30, 30, 200, 255}}}
	for y := range height {
		for x := range width {
			m.SetNRGBA(x, y, colours[y*2/height][x*2/width])
		}
	}
	return m
}

// noise is a picture that no encoder makes small.
func noise(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	_, _ = rand.NewChaCha8([32]byte{9}).Read(m.Pix)
	for i := 3; i < len(m.Pix); i += 4 {
		m.Pix[i] = 255
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

// behind puts text into a file so far from its beginning.
func behind(file []byte, at int, texts ...string) []byte {
	out := bytes.Clone(file[:at])
	for _, text := range texts {
		out = append(out, text...)
	}
	return append(out, file[at:]...)
}

func chunk(name, content string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	b = append(append(b, name...), content...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

// tiff is EXIF that says how the picture lies, and by whom.
func tiff(order binary.AppendByteOrder, orientation int) string {
	head := "II*\x00"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		head = "MM\x00*"
	}
	b := order.AppendUint32([]byte(head), 8)
	b = order.AppendUint16(b, 2)
	for _, e := range [][4]uint32{{0x010F, 2, 4, 0x41414141}, {0x0112, 3, 1, uint32(orientation)}} {
		b = order.AppendUint16(order.AppendUint16(b, uint16(e[0])), uint16(e[1]))
		b = order.AppendUint32(b, e[2])
		if e[1] == 3 {
			b = order.AppendUint16(order.AppendUint16(b, uint16(e[3])), 0)
		} else {
			b = order.AppendUint32(b, e[3])
		}
	}
	return string(order.AppendUint32(b, 0)) + "CANARY-GPS"
}

// photograph is a JPEG that says much besides its pixels.
func photograph(t testing.TB, m image.Image, orientation int) []byte {
	file := behind(jpegOf(t, m), 2,
		segment(0xE0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
		segment(0xE1, "Exif\x00\x00"+tiff(binary.LittleEndian, orientation)),
		segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00<x>CANARY-XMP</x>"),
		segment(0xED, "Photoshop 3.0\x00CANARY-IPTC"),
		segment(0xFE, "CANARY-COMMENT"))
	return append(file, "CANARY-BEHIND"...)
}
