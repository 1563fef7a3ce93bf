// Package picture makes of a picture that somebody sends in one that says
// nothing of who sent it: the pixels are decoded, reduced, and written anew as
// a bare JPEG, so that camera, place, time, thumbnail, colour profile,
// comments and whatever was hung behind the file stay behind.
//
// It must never keep a byte of the file it was given, write anything anywhere,
// or put what it read into an error.
package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"log/slog"
	"slices"
)

// What is taken, and what comes out.
const (
	MaxInput  = 12 << 20   // bytes of a file sent in
	MaxPixels = 20_000_000 // of a picture sent in
	MaxLength = 4 * Side   // pixels of its longer side: reduced more than fourfold, writing cannot be read
	MaxMemory = 160 << 20  // bytes that decoding a picture may take, by its header

	Side      = 1600      // pixels of the longer side that comes out, at most
	MaxOutput = 960 << 10 // bytes that come out, at most: three of them in base64 leave 256 KiB of 4 MiB
)

// Picture is a picture without a history.
type Picture struct {
	JPEG          []byte // at most MaxOutput: frame, tables and one scan, no other segment
	Width, Height int    // as it is to be seen, each at most Side
}

// String is the same for every picture, so that none gets into a log.
func (Picture) String() string { return "picture" }

// GoString is String, for %#v.
func (p Picture) GoString() string { return p.String() }

// LogValue is String, for slog.
func (p Picture) LogValue() slog.Value { return slog.StringValue(p.String()) }

// Clean reads a JPEG or PNG file and returns it upright, on white, reduced to
// Side, without anything but its pixels. The same pixels give the same bytes,
// whatever else the file held. It reads no more than MaxInput and one byte,
// and of a file that begins as something else only the first few thousand.
//
// A refusal is a *ledger.Error whose rule begins with "picture."; an error of
// r comes back wrapped. It stops soon after ctx ends. One call takes up to 190
// MB and a core for a second, and 360 MB where the one before it has not been
// collected yet: how many run at once is for the caller to bound.
func Clean(ctx context.Context, r io.Reader) (Picture, error) {
	data, isKind, err := read(r)
	if err != nil {
		return Picture{}, err
	}
	f, err := inspect(data, isKind)
	if err != nil {
		return Picture{}, err
	}
	reduced, err := decode(ctx, f)
	if err != nil {
		return Picture{}, err
	}
	return fit(ctx, turned(reduced, f.orientation), MaxOutput)
}

// read returns the file, which begins as a JPEG or PNG does.
func read(r io.Reader) ([]byte, kind, error) {
	head := make([]byte, sniffed)
	n, err := io.ReadFull(r, head)
	ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err != nil && !ended {
		return nil, kind{}, fmt.Errorf("read a picture: %w", err)
	}
	head = head[:n]
	is := sniff(head)
	if is.rule != "" {
		return nil, is, is.refusal()
	}
	if ended {
		return head, is, nil
	}
	data := bytes.NewBuffer(slices.Grow(head, 1<<20))
	if _, err := data.ReadFrom(io.LimitReader(r, MaxInput+1-int64(n))); err != nil {
		return nil, kind{}, fmt.Errorf("read a picture: %w", err)
	}
	if data.Len() > MaxInput {
		return nil, is, tooManyBytes()
	}
	return data.Bytes(), is, nil
}

// A file is what is known of a picture before a pixel of it is decoded.
type file struct {
	format      func(io.Reader) (image.Image, error)
	parts       [][]byte // all that the decoder is shown, in order
	orientation int      // 1 to 8, as EXIF counts them
	memory      int64    // bytes that decoding takes
	asides      [][]byte // what else the file holds: metadata, and what follows its end
}

// inspect refuses what need not be decoded to be refused.
func inspect(data []byte, is kind) (file, error) {
	var f file
	var config image.Config
	var err error
	if is.jpeg {
		f, config, err = inspectJPEG(data)
	} else {
		f, config, err = inspectPNG(data)
	}
	if err != nil {
		return file{}, err
	}
	if err := measure(config.Width, config.Height, f.memory); err != nil {
		return file{}, err
	}
	if also, found := second(data, f.asides); found {
		return file{}, alsoAnother(also)
	}
	return f, nil
}

func measure(width, height int, memory int64) error {
	switch {
	case width < 1 || height < 1:
		return damaged()
	case int64(width)*int64(height) > MaxPixels:
		return tooManyPixels()
	case max(width, height) > MaxLength:
		return tooLong()
	case memory > MaxMemory:
		return tooHeavy()
	}
	return nil
}

// decode returns the picture reduced to Side, as it lies in the file.
func decode(ctx context.Context, f file) (*image.RGBA, error) {
	full, err := guarded(f.format, &source{ctx: ctx, parts: f.parts})
	if err == nil {
		var reduced *image.RGBA
		if reduced, err = reduce(ctx, full, Side); err == nil {
			return reduced, nil
		}
	}
	if ctx.Err() != nil {
		return nil, interrupted(ctx.Err())
	}
	return nil, damaged()
}

// guarded decodes; a decoder that panics over foreign bytes costs their sender
// the picture, not everybody the process.
func guarded(format func(io.Reader) (image.Image, error), r io.Reader) (m image.Image, err error) {
	defer func() {
		if recover() != nil {
			m, err = nil, errors.New("the decoder panicked")
		}
	}()
	return format(r)
}

// A source is what a decoder reads, until its context ends.
type source struct {
	ctx   context.Context
	parts [][]byte
	at    int // in the first of them
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	for len(s.parts) > 0 && s.at == len(s.parts[0]) {
		s.parts, s.at = s.parts[1:], 0
	}
	if len(s.parts) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.parts[0][s.at:])
	s.at += n
	return n, nil
}
