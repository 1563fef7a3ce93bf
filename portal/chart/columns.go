package chart

import "math/big"

const (
	plotHeight = 216
	plotTop    = 60
	nameSize   = 14
	amountSize = 16
	nameLines  = 3
)

// fits reports whether every bar has room for its words side by side.
func (w Waterfall) fits(runs []run) bool {
	room := columnWidth(len(runs)) - 8
	if len(runs) > 9 {
		return false
	}
	for _, r := range runs {
		if pixels(r.Amount, amountSize) > room || pixels(r.Note, nameSize) > room || pixels(r.Name, nameSize) > room*nameLines {
			return false
		}
	}
	return true
}

func columnWidth(n int) int { return min((deskWidth-8)/max(n, 1), 168) }

// columns draws the steps from left to right.
func (w Waterfall) columns(p *pen, id string, runs []run, s scale) int {
	col := columnWidth(len(runs))
	left := (deskWidth - col*len(runs)) / 2
	bar := min(col*6/10, 76)
	bottom := plotTop + plotHeight
	y := func(v *big.Rat) int { return bottom - s.at(v) }
	zero := y(new(big.Rat))
	p.line("axis", left, zero, left+col*len(runs), zero)
	if w.Reference != "" {
		at := y(runs[0].to)
		p.line("reference", left, at, left+col*len(runs), at)
	}
	lines := 1
	for i, r := range runs {
		x := left + i*col + (col-bar)/2
		from := y(r.from)
		if r.whole {
			from = zero
		}
		to := y(r.to)
		top, height := min(from, to), max(from, to)-min(from, to)
		if !r.whole && r.Kind == Unchanged {
			top, height = to-1, 2
		}
		height = thickness(height, to-from+r.sign())
		if i+1 < len(runs) {
			p.line("connector", x+bar, to, x+col, to)
		}
		p.printf(`<g data-step="%s">`, escape(r.Key))
		p.linked(r.Link, func() {
			r.mark(p, id, x, top, bar, height)
			if r.whole && w.Broken != "" {
				breakMark(p, x, bottom-22, bar)
			}
			middle := x + bar/2
			if r.Note != "" {
				p.text("amount", "middle", middle, top-28, r.Amount)
				p.text("note", "middle", middle, top-9, r.Note)
			} else {
				p.text("amount", "middle", middle, top-9, r.Amount)
			}
		})
		names := wrap(r.Name, col-8, nameSize, nameLines)
		lines = max(lines, len(names))
		for k, name := range names {
			p.text("name", "middle", x+bar/2, bottom+22+k*20, name)
		}
		p.WriteString(`</g>`)
	}
	below := bottom + 22 + lines*20
	for i, r := range runs {
		p.linked(r.Events, func() {
			p.rect("hit", left+i*col+2, below-14, col-4, 24)
			p.text("source", "middle", left+i*col+col/2, below+2, cut(r.Events.Text, col-4, nameSize))
		})
	}
	if w.Broken != "" {
		below += 26
		p.text("source-note", "start", left, below, w.Broken)
	}
	return below + 12
}

// sign of the step, so that a step too small for a pixel still counts as one.
func (r run) sign() int {
	if r.whole || r.Delta == nil {
		return 0
	}
	return r.Delta.Sign()
}

// breakMark is the sign of an axis that does not begin at 0: a gap across the bar.
func breakMark(p *pen, x, y, w int) {
	p.printf(`<path class="break" d="M%d %dl%d -8l%d 8l%d -8l%d 8v6l%d -8l%d 8l%d -8l%d 8z"/>`,
		x-2, y, (w+4)/4, (w+4)/4, (w+4)/4, (w+4)-3*((w+4)/4), -((w + 4) - 3*((w+4)/4)), -((w + 4) / 4), -((w + 4) / 4), -((w + 4) / 4))
}
