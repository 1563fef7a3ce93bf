package picture

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
)

// The qualities tried, best first: at the first, writing of nine pixels is
// clean; below the last, a smaller picture shows more than a worse one.
var qualities = []int{85, 75, 65, 50, 35}

// fit writes the picture in at most most bytes: at the best quality that fits,
// then at half the size. In MaxOutput a side of 200 fits whatever it shows: 60,000
// coefficients of at most 26 bits, all stuffed, are 390,000 bytes.
func fit(ctx context.Context, m *image.RGBA, most int) (Picture, error) {
	for side := Side; ; side /= 2 {
		for _, quality := range qualities {
			out := capped{most: most}
			err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality})
			if err == nil {
				return Picture{JPEG: out.data.Bytes(), Width: m.Rect.Dx(), Height: m.Rect.Dy()}, nil
			}
			if !errors.Is(err, errFull) {
				return Picture{}, err
			}
		}
		var err error
		if m, err = reduce(ctx, m, side/2); err != nil {
			return Picture{}, interrupted(err)
		}
	}
}

var errFull = errors.New("as many bytes as may be")

// capped takes no more than most bytes.
type capped struct {
	data bytes.Buffer
	most int
}

func (c *capped) Write(p []byte) (int, error) {
	if c.data.Len()+len(p) > c.most {
		return 0, errFull
	}
	return c.data.Write(p)
}
