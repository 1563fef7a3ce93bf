// Package chart draws the portal's pictures: pure functions from figures to
// inline SVG. It knows no page and no language (every word arrives as text),
// computes with exact integers, and must never set a colour: colours belong to
// the stylesheet, by class, so that light, dark and print share one drawing.
//
// Each picture is drawn twice, wide and tall; the stylesheet shows one.
package chart

import (
	"fmt"
	"html"
	"html/template"
	"math/big"
	"strings"
)

// The widths in pixels of a column of text on a desk and on a phone.
const (
	deskWidth  = 720
	phoneWidth = 328
)

// Link leads from a part of a picture to what it rests on.
type Link struct {
	Text  string // what is drawn
	Title string // what is read out
	Href  string
}

// head is what every picture says about itself.
type head struct {
	id, title, desc string
	extra           string // "wide" or "tall"
	width           int
}

// pen writes SVG.
type pen struct{ strings.Builder }

func (p *pen) printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// escape makes text safe in content and in quoted attributes.
func escape(s string) string { return html.EscapeString(s) }

func (p *pen) rect(class string, x, y, w, h int) {
	p.printf(`<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, escape(class), x, y, max(w, 1), max(h, 1))
}

// hatched is a rect filled with the picture's own pattern.
func (p *pen) hatched(id, class string, x, y, w, h int) {
	p.printf(`<rect class="%s" fill="url(#%s-hatch)" x="%d" y="%d" width="%d" height="%d"/>`, class, escape(id), x, y, max(w, 1), max(h, 1))
}

func (p *pen) line(class string, x1, y1, x2, y2 int) {
	p.printf(`<line class="%s" x1="%d" y1="%d" x2="%d" y2="%d"/>`, class, x1, y1, x2, y2)
}

// text writes one line; anchor is start, middle or end. The break after it
// keeps it apart from the next where the text is read without the picture.
func (p *pen) text(class, anchor string, x, y int, s string) {
	if s == "" {
		return
	}
	p.printf("<text class=\"%s\" text-anchor=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n", class, anchor, x, y, escape(s))
}

// linked draws inside a link, or plainly where there is nothing to lead to.
func (p *pen) linked(l Link, draw func()) {
	if l.Href == "" {
		draw()
		return
	}
	p.printf(`<a href="%s" aria-label="%s"><title>%s</title>`, escape(l.Href), escape(l.Title), escape(l.Title))
	draw()
	p.WriteString(`</a>`)
}

// picture frames what draw draws; the height is known only afterwards.
func picture(h head, draw func(p *pen, id string) (height int)) string {
	id := h.id + "-" + h.extra
	var body pen
	height := draw(&body, id)
	var p pen
	p.printf(`<svg class="picture %s" role="group" viewBox="0 0 %d %d" width="%d" height="%d" aria-labelledby="%s-t" aria-describedby="%s-d">`,
		h.extra, h.width, height, h.width, height, escape(id), escape(id))
	p.printf(`<title id="%s-t">%s</title><desc id="%s-d">%s</desc>`, escape(id), escape(h.title), escape(id), escape(h.desc))
	p.printf(`<defs><pattern id="%s-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">`+
		`<rect class="hatch-ground" width="6" height="6"/><line class="hatch-line" x1="1" y1="0" x2="1" y2="6"/></pattern></defs>`, escape(id))
	p.WriteString(body.String())
	p.WriteString(`</svg>`)
	return p.String()
}

// both frames the two drawings of one picture.
func both(wide, tall string) template.HTML {
	return template.HTML(`<div class="pictures">` + wide + tall + `</div>`) // every part was escaped where it was written
}

// scale maps values from lo…hi onto 0…n pixels.
type scale struct {
	lo, hi *big.Rat
	n      int
}

// at rounds to the nearest pixel; values outside are held at the ends.
func (s scale) at(v *big.Rat) int {
	span := new(big.Rat).Sub(s.hi, s.lo)
	if span.Sign() <= 0 {
		return 0
	}
	r := new(big.Rat).Sub(v, s.lo)
	r.Mul(r, big.NewRat(int64(s.n), 1)).Quo(r, span)
	twice := new(big.Int).Lsh(r.Num(), 1)
	q := twice.Add(twice, r.Denom())
	q.Div(q, new(big.Int).Lsh(r.Denom(), 1))
	if !q.IsInt64() {
		if q.Sign() < 0 {
			return 0
		}
		return s.n
	}
	return int(min(max(q.Int64(), 0), int64(s.n)))
}
