package chart

import (
	"html/template"
	"math/big"
)

// Sum is one level of a cascade.
type Sum struct {
	Level    string // CENTRAL … VILLAGE
	Name     string
	Words    string   // what the figures are: 收到 600 亩，加了 68 亩
	Received *big.Rat // nil where the level received nothing
	Added    *big.Rat // signed; nil where it is not known
}

// Levels is a cascade's sums, one bar for each level in the order given.
type Levels struct {
	ID, Title, Desc string
	Sums            []Sum
}

// HTML draws what each level received in grey and what it added in its tint; a
// relief is hatched into the end of what was received.
func (l Levels) HTML() template.HTML {
	most := new(big.Rat)
	for _, s := range l.Sums {
		if total := s.total(); total.Cmp(most) > 0 {
			most = total
		}
	}
	draw := func(kind string, width int) string {
		return picture(head{l.ID, l.Title, l.Desc, kind, width}, func(p *pen, id string) int {
			return l.rows(p, id, scale{new(big.Rat), most, width - 8}, width)
		})
	}
	return both(draw("wide", deskWidth), draw("tall", phoneWidth))
}

// total is what the level's bar reaches: never less than what it received.
func (s Sum) total() *big.Rat {
	t := new(big.Rat)
	if s.Received != nil {
		t.Set(s.Received)
	}
	if s.Added != nil && s.Added.Sign() > 0 {
		t.Add(t, s.Added)
	}
	return t
}

func (l Levels) rows(p *pen, id string, sc scale, width int) int {
	const left = 4
	y := 0
	for _, s := range l.Sums {
		p.text("name strong", "start", left, y+18, s.Name)
		beside := left + pixels(s.Name, amountSize) + 12
		if pixels(s.Words, amountSize) > width-beside { // no room beside the name: below it
			beside = left
			y += 24
		}
		p.text("name", "start", beside, y+18, cut(s.Words, width-beside, amountSize))
		received := new(big.Rat)
		if s.Received != nil {
			received.Set(s.Received)
		}
		if received.Sign() == 0 && (s.Added == nil || s.Added.Sign() == 0) {
			y += 36 // nothing to draw
			continue
		}
		end := left + sc.at(received)
		if received.Sign() > 0 {
			p.rect("bar base", left, y+28, end-left, barHeight)
		}
		switch {
		case s.Added == nil || s.Added.Sign() == 0:
		case s.Added.Sign() > 0:
			p.rect("bar add l-"+s.Level, end, y+28, thickness(left+sc.at(s.total())-end, 1), barHeight)
		default:
			less := left + sc.at(new(big.Rat).Add(received, s.Added))
			p.hatched(id, "bar relief", less, y+28, thickness(end-less, 1), barHeight)
		}
		y += 64
	}
	return y + 4
}
