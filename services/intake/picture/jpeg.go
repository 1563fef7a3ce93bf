package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
)

// The markers that are known here (ITU-T T.81, table B.1).
const (
	markSOF0 = 0xc0 // baseline frame
	markSOF1 = 0xc1 // extended sequential frame
	markSOF2 = 0xc2 // progressive frame
	markDHT  = 0xc4
	markRST0 = 0xd0
	markRST7 = 0xd7
	markEOI  = 0xd9
	markSOS  = 0xda
	markDQT  = 0xdb
	markDRI  = 0xdd
	markAPP0 = 0xe0
	markAPP1 = 0xe1
	markAPPE = 0xee // Adobe's: whether three components are RGB, four CMYK
	markAPPF = 0xef
	markCOM  = 0xfe
)

// More of either is no camera's and no program's doing. A scan of a
// progressive picture can be two dozen bytes and have every block walked.
const (
	maxScans    = 32
	maxSegments = 1000
)

// inspectJPEG walks the segments. The decoder is shown those that make pixels
// and nothing else, so that what was counted here is what it finds.
func inspectJPEG(data []byte) (file, image.Config, error) {
	f := file{format: jpeg.Decode, orientation: 1, parts: [][]byte{data[:2]}}
	w := walk{file: &f, data: data}
	if !w.segments() {
		return file{}, image.Config{}, damaged()
	}
	f.parts = append(f.parts, []byte{0xff, markEOI})
	config, err := jpeg.DecodeConfig(&source{ctx: context.Background(), parts: f.parts})
	if err != nil {
		return file{}, image.Config{}, damaged()
	}
	f.memory = w.memory(config)
	return f, config, nil
}

// A walk is where in a JPEG file one is, and what was met.
type walk struct {
	*file
	data        []byte
	frame       []byte // the frame header's content
	progressive bool
	app0, app14 bool
	exif        bool
	scans       int
}

// segments walks to the end of the image and reports whether all of it is
// such as the decoder knows.
func (w *walk) segments() bool {
	at := 2
	for range maxSegments {
		at = nextMarker(w.data, at)
		if at < 0 {
			return true // an end that is missing is written; pixels that are missing, the decoder finds
		}
		mark := w.data[at+1]
		if mark == markEOI {
			w.asides = append(w.asides, w.data[at+2:])
			return true
		}
		content, ok := content(w.data[at+2:])
		if !ok {
			return false
		}
		end := at + 4 + len(content)
		if mark == markSOS {
			if end = nextMarker(w.data, end); end < 0 {
				end = len(w.data)
			}
		}
		if !w.segment(mark, content, w.data[at:end]) {
			return false
		}
		at = end
	}
	return false
}

// nextMarker is where from at the next marker's 0xff is that is neither a
// restart nor a stuffed or filling byte; -1 where there is none. The decoder
// looks for it in the same way, within a scan and outside.
func nextMarker(data []byte, at int) int {
	for ; at+1 < len(data); at++ {
		skip := bytes.IndexByte(data[at:len(data)-1], 0xff)
		if skip < 0 {
			return -1
		}
		at += skip
		mark := data[at+1]
		if mark != 0 && mark != 0xff && (mark < markRST0 || markRST7 < mark) {
			return at
		}
	}
	return -1
}

// content is what a segment holds, by its length.
func content(data []byte) ([]byte, bool) {
	if len(data) < 2 {
		return nil, false
	}
	n := int(binary.BigEndian.Uint16(data))
	if n < 2 || n > len(data) {
		return nil, false
	}
	return data[2:n], true
}

// segment takes a segment in; whole is all of it, with a scan's pixels.
func (w *walk) segment(mark byte, content, whole []byte) bool {
	show := false
	switch {
	case mark == markSOF0, mark == markSOF1, mark == markSOF2:
		if w.frame != nil || len(content) < 6 || len(content) != 6+3*int(content[5]) {
			return false
		}
		w.frame, w.progressive, show = content, mark == markSOF2, true
	case mark == markSOS:
		w.scans++
		show = true
		if w.scans > maxScans {
			return false
		}
	case mark == markDHT, mark == markDQT, mark == markDRI:
		show = true
	case mark == markAPP0 && !w.app0 && w.scans == 0:
		w.app0, show = true, true
	case mark == markAPPE && !w.app14 && w.scans == 0:
		w.app14, show = true, true
	case mark == markAPP1 && !w.exif && bytes.HasPrefix(content, []byte(exifHead)):
		w.exif = true
		w.orientation = orientation(content[len(exifHead):])
	case markAPP0 <= mark && mark <= markAPPF, mark == markCOM:
	default:
		return false
	}
	if show {
		w.parts = append(w.parts, whole)
	}
	if markAPP0 <= mark {
		w.asides = append(w.asides, content)
	}
	return true
}

// memory is what decoding takes: a byte for each sample, four more of a
// progressive picture's for its coefficients, and four for each pixel where
// RGB or CMYK are made of the samples.
func (w *walk) memory(config image.Config) int64 {
	var samples, across, down int64
	for i := 6; i+2 < len(w.frame); i += 3 {
		across, down = max(across, int64(w.frame[i+1]>>4)), max(down, int64(w.frame[i+1]&15))
	}
	across, down = max(across, 1), max(down, 1)
	units := (int64(config.Width) + 8*across - 1) / (8 * across) * ((int64(config.Height) + 8*down - 1) / (8 * down))
	for i := 6; i+2 < len(w.frame); i += 3 {
		samples += units * 64 * int64(w.frame[i+1]>>4) * int64(w.frame[i+1]&15)
	}
	all := samples
	if w.progressive {
		all += 4 * samples
	}
	if config.ColorModel == color.RGBAModel || config.ColorModel == color.CMYKModel {
		all += 4 * int64(config.Width) * int64(config.Height)
	}
	return all
}
