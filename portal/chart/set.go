package chart

import "html/template"

// Column is a unit on the way from the top to the receiver.
type Column struct{ Name, Level string }

// Item is one thing asked for (or dropped) on that way.
type Item struct {
	Key     string
	Name    string
	From    []int // the columns that began to ask
	Dropped bool  // asked for above, dropped by From[0]
	Words   string
	Link    Link
	Events  Link
}

// Set shows who asked first for each item: a line from the asker to the
// receiver in the asker's tint; a dropped item ends hatched where it was dropped.
type Set struct {
	ID, Title, Desc string
	Columns         []Column
	Items           []Item
}

// HTML draws the set.
func (s Set) HTML() template.HTML {
	draw := func(kind string, width int) string {
		return picture(head{s.ID, s.Title, s.Desc, kind, width}, func(p *pen, id string) int { return s.rows(p, id, width) })
	}
	return both(draw("wide", deskWidth), draw("tall", phoneWidth))
}

// rows draws a head of columns and under it one line for each item.
func (s Set) rows(p *pen, id string, width int) int {
	const pitch, thick = 62, 14
	step := width / max(len(s.Columns), 1)
	center := func(c int) int { return step*c + step/2 }
	top := 0
	for i, c := range s.Columns {
		for k, line := range wrap(c.Name, step-4, nameSize, 3) {
			p.text("name", "middle", center(i), 18+k*18, line)
			top = max(top, 30+k*18)
		}
	}
	bottom := top + len(s.Items)*pitch
	for i := range s.Columns {
		p.line("connector", center(i), top, center(i), bottom-8)
	}
	last := center(len(s.Columns) - 1)
	for i, item := range s.Items {
		y := top + i*pitch
		p.printf(`<g data-step="%s">`, escape(item.Key))
		p.linked(item.Link, func() {
			p.rect("hit", 0, y+2, width, pitch-6)
			p.text("amount", "start", 4, y+22, cut(item.Name, width*6/10, amountSize))
			for _, c := range item.From {
				x := center(c)
				if item.Dropped {
					p.hatched(id, "bar relief", 4, y+32, x-4, thick)
					p.line("axis", x, y+28, x, y+32+thick+4)
					continue
				}
				p.rect("bar add l-"+s.Columns[c].Level, x-6, y+32, last-x+12, thick)
			}
		})
		p.linked(item.Events, func() {
			p.rect("hit", width-12-pixels(item.Events.Text, nameSize), y+4, pixels(item.Events.Text, nameSize)+12, 24)
			p.text("source", "end", width-4, y+22, item.Events.Text)
		})
		p.WriteString(`</g>`)
	}
	return bottom
}
