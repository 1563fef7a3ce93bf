package chart

import (
	"html/template"
	"math/big"
	"slices"
)

// Kind says how a bar is drawn.
type Kind int

// Base bars are grey, additions solid in their level's tint (or outlined),
// reliefs hatched; an unchanged step is a thin line. A relief is what eases the
// receiver, whichever way that moves the value.
const (
	Base Kind = iota
	Addition
	Relief
	Unchanged
)

// Bar is one step of a waterfall.
type Bar struct {
	Key      string   // the same on every drawing of the step and its table row
	Name     string   // the unit
	Amount   string   // what is written at the bar
	Note     string   // a second line, such as (+10%)
	Delta    *big.Rat // how far the value moves; for the first bar, from 0
	Kind     Kind
	Level    string // CENTRAL … VILLAGE
	Outlined bool   // reported, not verified
	Link     Link   // from the bar, to the document
	Events   Link   // below the name
}

// Waterfall goes from the origin, step by step, to what arrived.
type Waterfall struct {
	ID, Title, Desc string
	Bars            []Bar
	End             Bar    // its Delta is not used
	Reference       string // drawn as a dashed line at the first bar's end, with this label
	Broken          string // what to say where the axis does not begin at 0
}

// run is a bar with the values it moves between.
type run struct {
	Bar
	from, to *big.Rat
	whole    bool // stands on the axis: the first bar and the last
}

// HTML draws the waterfall.
func (w Waterfall) HTML() template.HTML {
	runs, lo, hi := w.runs()
	lo, broken := breakAxis(runs, lo, hi)
	if !broken {
		w.Broken = ""
	}
	wide := head{w.ID, w.Title, w.Desc, "wide", deskWidth}
	tall := head{w.ID, w.Title, w.Desc, "tall", phoneWidth}
	first := picture(wide, func(p *pen, id string) int {
		if w.fits(runs) {
			return w.columns(p, id, runs, scale{lo, hi, plotHeight})
		}
		return w.rows(p, id, runs, scale{lo, hi, deskWidth - 8}, deskWidth)
	})
	return both(first, picture(tall, func(p *pen, id string) int {
		return w.rows(p, id, runs, scale{lo, hi, phoneWidth - 8}, phoneWidth)
	}))
}

// runs adds the steps up; lo and hi span 0 and every value between.
func (w Waterfall) runs() (runs []run, lo, hi *big.Rat) {
	at, lo, hi := new(big.Rat), new(big.Rat), new(big.Rat)
	for i, b := range w.Bars {
		to := new(big.Rat).Set(at)
		if b.Delta != nil {
			to.Add(to, b.Delta)
		}
		runs = append(runs, run{b, at, to, i == 0 && b.Kind == Base})
		at = to
		if at.Cmp(lo) < 0 {
			lo = at
		}
		if at.Cmp(hi) > 0 {
			hi = at
		}
	}
	end := w.End
	end.Kind = Base
	return append(runs, run{end, new(big.Rat), at, true}), lo, hi
}

// breakAxis moves the axis' beginning up where all steps together are less
// than a thirtieth of a large base: else nobody would see them.
func breakAxis(runs []run, lo, hi *big.Rat) (*big.Rat, bool) {
	if len(runs) < 3 || !runs[0].whole || lo.Sign() < 0 {
		return lo, false
	}
	least := slices.MinFunc(runs, func(a, b run) int { return a.to.Cmp(b.to) }).to
	span := new(big.Rat).Sub(hi, least)
	if span.Sign() == 0 || least.Sign() <= 0 || new(big.Rat).Mul(span, big.NewRat(30, 1)).Cmp(hi) >= 0 {
		return lo, false
	}
	return new(big.Rat).Sub(least, span), true
}

// thickness keeps a step that is not 0 visible.
func thickness(n int, delta int) int {
	if delta != 0 && n < 3 {
		return 3
	}
	return n
}

// class names the bar for the stylesheet.
func (r run) class() string {
	switch {
	case r.whole:
		return "bar base"
	case r.Kind == Base:
		return "bar base part"
	case r.Outlined:
		return "bar outlined l-" + r.Level
	}
	return "bar add l-" + r.Level
}

// mark draws the bar's body.
func (r run) mark(p *pen, id string, x, y, w, h int) {
	switch {
	case !r.whole && r.Kind == Unchanged:
		p.rect("bar unchanged", x, y, w, h)
	case !r.whole && r.Kind == Relief:
		p.hatched(id, "bar relief", x, y, w, h)
	default:
		p.rect(r.class(), x, y, w, h)
	}
}
