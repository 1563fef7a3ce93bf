package picture

import (
	"context"
	"image"
	"image/color"
	"image/draw"
)

// reduce returns the picture on white, its longer side at most side pixels:
// each new pixel is the exact mean of the area it covers. In whole numbers, so
// that every machine makes the same of it, and a row at a time: the filters
// of golang.org/x/image/draw hold 32 bytes for each row of the old and column
// of the new, more than the decoded picture itself.
func reduce(ctx context.Context, src image.Image, side int) (*image.RGBA, error) {
	b := src.Bounds()
	width, height := reduced(b.Dx(), b.Dy(), side)
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	row := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	white := image.NewUniform(color.White)
	across := make([]uint32, 3*width)
	area := make([]uint64, 3*width)
	whole := uint64(b.Dx()) * uint64(b.Dy())
	at, room := 0, b.Dy() // the row of dst that is being filled, and what it still has to cover
	for y := b.Min.Y; y < b.Max.Y; y++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		draw.Draw(row, row.Rect, white, image.Point{}, draw.Src)
		draw.Draw(row, row.Rect, src, image.Pt(b.Min.X, y), draw.Over)
		shareAcross(across, row.Pix, width)
		part := min(height, room)
		add(area, across, uint64(part))
		if room -= part; room == 0 {
			settle(dst.Pix[at*dst.Stride:], area, whole)
			at, room = at+1, b.Dy()
			if rest := height - part; rest > 0 {
				add(area, across, uint64(rest))
				room -= rest
			}
		}
	}
	return dst, nil
}

// reduced is the size with its proportions kept, and no side 0.
func reduced(width, height, side int) (int, int) {
	long := max(width, height)
	if long <= side {
		return width, height
	}
	return max(1, (width*side+long/2)/long), max(1, (height*side+long/2)/long)
}

// shareAcross shares a row of pixels out to width columns. A pixel is as long
// as width says and a column as long as the row has pixels, so each column
// gets that many parts in all and a pixel lies in two columns at most.
func shareAcross(columns []uint32, pix []byte, width int) {
	pixels := len(pix) / 4
	var r, g, b uint32
	to, room := 0, pixels
	for ; len(pix) >= 4; pix = pix[4:] {
		pr, pg, pb := uint32(pix[0]), uint32(pix[1]), uint32(pix[2])
		part := uint32(min(width, room))
		r, g, b = r+part*pr, g+part*pg, b+part*pb
		if room -= int(part); room > 0 {
			continue
		}
		columns[to], columns[to+1], columns[to+2] = r, g, b
		part = uint32(width) - part
		r, g, b = part*pr, part*pg, part*pb
		to, room = to+3, pixels-int(part)
	}
}

func add(area []uint64, across []uint32, part uint64) {
	for i, v := range across {
		area[i] += part * uint64(v)
	}
}

// settle writes a row's means and empties the sums.
func settle(pix []byte, area []uint64, whole uint64) {
	for i := 0; i < len(area); i += 3 {
		p := pix[i/3*4:]
		p[0] = byte((area[i] + whole/2) / whole)
		p[1] = byte((area[i+1] + whole/2) / whole)
		p[2] = byte((area[i+2] + whole/2) / whole)
		p[3] = 255
	}
	clear(area)
}

// turned returns the picture as it is to be seen; place says how.
func turned(m *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return m
	}
	width, height := m.Rect.Dx(), m.Rect.Dy()
	size := image.Rect(0, 0, width, height)
	if orientation >= 5 {
		size = image.Rect(0, 0, height, width)
	}
	out := image.NewRGBA(size)
	for y := range height {
		for x := range width {
			tx, ty := place(orientation, x, y, width-1, height-1)
			copy(out.Pix[out.PixOffset(tx, ty):][:4], m.Pix[m.PixOffset(x, y):][:4])
		}
	}
	return out
}

// place is where the pixel x, y is to be seen; right and low are the last
// column and row as stored. EXIF names what the stored row 0 and column 0 are.
func place(orientation, x, y, right, low int) (int, int) {
	switch orientation {
	case 2: // top, right
		return right - x, y
	case 3: // bottom, right
		return right - x, low - y
	case 4: // bottom, left
		return x, low - y
	case 5: // left, top
		return y, x
	case 6: // right, top
		return low - y, x
	case 7: // right, bottom
		return low - y, right - x
	case 8: // left, bottom
		return y, right - x
	}
	return x, y
}
