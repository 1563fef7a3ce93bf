package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/png"
)

const (
	pngHead    = "\x89PNG\r\n\x1a\n"
	headerSize = 13 // bytes of IHDR's content
)

// inspectPNG walks the chunks. The decoder is shown those that make pixels and
// nothing else: it would inflate none of the others, but takes 4 KiB for each,
// and twelve bytes make one.
func inspectPNG(data []byte) (file, image.Config, error) {
	f := file{format: png.Decode, orientation: 1, parts: [][]byte{nil}}
	var header []byte
	transparent := false
	shown, at := 0, len(pngHead) // shown from there to at, in the last of the parts
	for name := ""; name != "IEND"; {
		n, ok := contentLength(data[at:])
		if !ok || len(f.asides) > maxSegments {
			return file{}, image.Config{}, damaged()
		}
		whole := data[at : at+n+12]
		content := whole[8 : 8+n]
		at += len(whole)
		name = string(whole[4:8])
		switch name {
		case "IHDR", "PLTE", "tRNS", "IDAT", "IEND":
			f.parts[len(f.parts)-1] = data[shown:at]
			if name == "IHDR" && header == nil {
				header = content // the decoder refuses a second one, but may have allocated by then
			}
			transparent = transparent || name == "tRNS"
			continue
		case "acTL":
			return file{}, image.Config{}, animated()
		case "eXIf":
			f.orientation = orientation(bytes.TrimPrefix(content, []byte(exifHead)))
		}
		f.asides = append(f.asides, content)
		f.parts, shown = append(f.parts, nil), at
	}
	f.asides = append(f.asides, data[at:])
	config, err := png.DecodeConfig(&source{ctx: context.Background(), parts: f.parts})
	if err != nil || len(header) != headerSize {
		return file{}, image.Config{}, damaged()
	}
	f.memory = pngMemory(config, header, transparent)
	return f, config, nil
}

// contentLength is how many bytes the first chunk holds, if it is all there.
func contentLength(data []byte) (int, bool) {
	if len(data) < 12 {
		return 0, false
	}
	n := int64(binary.BigEndian.Uint32(data))
	return int(n), n <= int64(len(data)-12)
}

// pngMemory is what decoding takes: as many bytes for each pixel as the
// decoder's image has, and as many again for the passes of an interlaced one.
func pngMemory(config image.Config, header []byte, transparent bool) int64 {
	depth, colour, interlaced := header[8], header[9], header[12] != 0
	perPixel := int64(4)
	switch {
	case colour == 3:
		perPixel = 1
	case colour == 0 && !transparent:
		perPixel = 1
		if depth == 16 {
			perPixel = 2
		}
	case depth == 16:
		perPixel = 8
	}
	if interlaced {
		perPixel *= 2
	}
	return perPixel * int64(config.Width) * int64(config.Height)
}
