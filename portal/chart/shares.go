package chart

import (
	"fmt"
	"html/template"
)

// Whole is what the portions of a division add up to.
const Whole = 10_000

// Portion is one unit's part of a division.
type Portion struct {
	Key    string // the same on every drawing of it and its table row
	Name   string // the unit
	Level  string // CENTRAL … VILLAGE; "" of a unit that has none, such as a company
	Nobody bool   // no unit is behind it
	Points int    // of Whole
	Words  string // what is written beside the name: 66.67%
	Link   Link
}

// Shares is how one whole divides: a single bar, each part in its level's tint,
// or in grey, with its number on it, and what is nobody's hatched. The numbers lead to the
// list below the bar, so that nothing hangs on a colour.
type Shares struct {
	ID, Title, Desc string
	Portions        []Portion
}

const stackHeight = 44

// HTML draws the bar and its list. Portions of 0 stand in the list only.
func (s Shares) HTML() template.HTML {
	draw := func(kind string, width int) string {
		return picture(head{s.ID, s.Title, s.Desc, kind, width}, func(p *pen, id string) int { return s.draw(p, id, width) })
	}
	return both(draw("wide", deskWidth), draw("tall", phoneWidth))
}

func (s Shares) draw(p *pen, id string, width int) int {
	const left, top = 1, 1
	room := width - 2*left
	at := 0
	for i, part := range s.Portions {
		x, end := left+room*at/Whole, left+room*(at+part.Points)/Whole
		at += part.Points
		if part.Points <= 0 {
			continue
		}
		w := thickness(end-x, 1)
		x = min(x, left+room-w)
		p.printf(`<g data-step="%s">`, escape(part.Key))
		part.box(p, id, x, top, w, stackHeight)
		if number := fmt.Sprint(i + 1); w >= pixels(number, amountSize)+14 {
			p.printf(`<circle class="mask" cx="%d" cy="%d" r="12"/>`, x+w/2, top+stackHeight/2)
			p.text("amount", "middle", x+w/2, top+stackHeight/2+6, number)
		}
		p.WriteString(`</g>`)
	}
	y := top + stackHeight + 12
	for i, part := range s.Portions {
		p.printf(`<g data-step="%s">`, escape(part.Key))
		p.linked(part.Link, func() {
			p.rect("hit", 0, y, width, 28)
			part.box(p, id, 2, y+8, 14, 14)
			words := pixels(part.Words, amountSize)
			p.text("name", "start", 24, y+20, cut(fmt.Sprintf("%d  %s", i+1, part.Name), width-40-words, amountSize))
			p.text("amount", "end", width-4, y+20, part.Words)
		})
		p.WriteString(`</g>`)
		y += 28
	}
	return y + 4
}

func (part Portion) box(p *pen, id string, x, y, width, height int) {
	switch {
	case part.Nobody:
		p.hatched(id, "bar relief", x, y, width, height)
	case part.Level == "":
		p.rect("bar add l-other", x, y, width, height)
	default:
		p.rect("bar add l-"+part.Level, x, y, width, height)
	}
}
