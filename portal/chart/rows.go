package chart

import "math/big"

const (
	rowHeight = 84
	barHeight = 22
)

// rows draws the steps from top to bottom, as many as there are.
func (w Waterfall) rows(p *pen, id string, runs []run, s scale, width int) int {
	const left = 4
	x := func(v *big.Rat) int { return left + s.at(v) }
	zero := x(new(big.Rat))
	if w.Reference != "" {
		at := x(runs[0].to)
		p.line("reference", at, 28, at, len(runs)*rowHeight-30)
	}
	for i, r := range runs {
		top := i * rowHeight
		from, to := x(r.from), x(r.to)
		if r.whole {
			from = zero
		}
		start, length := min(from, to), max(from, to)-min(from, to)
		if !r.whole && r.Kind == Unchanged {
			start, length = to-1, 2
		}
		length = thickness(length, to-from+r.sign())
		start = min(start, left+s.n-length+1)
		words := r.Amount
		if r.Note != "" {
			words += "  " + r.Note
		}
		if i+1 < len(runs) {
			p.line("connector", to, top+30+barHeight, to, top+rowHeight+2) // leaves the words between free
			p.line("connector", to, top+rowHeight+25, to, top+rowHeight+30)
		}
		p.printf(`<g data-step="%s">`, escape(r.Key))
		p.linked(r.Link, func() {
			p.rect("hit", 0, top+4, width, 50)
			p.text("amount", "end", width-4, top+20, words)
			r.mark(p, id, start, top+30, length, barHeight)
			if r.whole && w.Broken != "" {
				sideways(p, left+14, top+30)
			}
		})
		p.text("name", "start", left, top+20, cut(r.Name, width-20-pixels(words, amountSize), amountSize))
		p.linked(r.Events, func() {
			p.rect("mask", width-12-pixels(r.Events.Text, nameSize), top+54, pixels(r.Events.Text, nameSize)+12, 24)
			p.text("source", "end", width-4, top+70, r.Events.Text)
		})
		p.WriteString(`</g>`)
	}
	bottom := len(runs) * rowHeight
	if w.Broken != "" {
		p.text("source-note", "start", left, bottom+8, w.Broken)
		bottom += 20
	}
	return bottom
}

// sideways is breakMark for a lying bar.
func sideways(p *pen, x, y int) {
	p.printf(`<path class="break" d="M%d %dl8 6l-8 6l8 6l-8 8h6l8 -8l-8 -6l8 -6l-8 -6z"/>`, x, y-1)
}
