package portal

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// sharedInShort says who carries how much without names, the most first; ""
// where there is nobody to count.
func (p *Page) sharedInShort(shares []share) string {
	var units []share
	nobody := 0
	for _, s := range shares {
		switch {
		case s.Points == 0:
		case s.Name == unattributed:
			nobody = s.Points
		default:
			units = append(units, s)
		}
	}
	if len(units) < 2 {
		return ""
	}
	slices.SortStableFunc(units, func(a, b share) int { return b.Points - a.Points })
	first, last := units[0], units[len(units)-1]
	most, least := percent(first.Points), percent(last.Points)
	var parts []string
	switch {
	case asMuch(first, last):
		parts = []string{p.say("finding.unitsCarryEach", "n", len(units), "percent", least)}
	case len(units) == 2:
		parts = []string{p.say("finding.twoCarry", "most", most, "least", least)}
	default:
		parts = []string{p.say("finding.unitsCarry", "n", len(units), "most", most, "least", least)}
	}
	if nobody > 0 {
		parts = append(parts, p.say("finding.nobodys", "percent", percent(nobody)))
	}
	return strings.Join(parts, p.say("list.clause"))
}

// asMuch reports whether two units carry the same: as much of it, whatever the
// last digit of the one took so that all make up the whole.
func asMuch(a, b share) bool {
	return a.Points == b.Points || a.Mass != "" && a.Mass == b.Mass && a.Points-b.Points <= 1 && b.Points-a.Points <= 1
}

// A headline's line on a desk, in the width of a Chinese character; a letter
// takes about half of one.
const (
	lineWidth = 25
	mostLines = 2
)

// fits reports whether a headline takes no more lines than it should. Chinese
// breaks at its marks only, as Phrases has it.
func (p *Page) fits(claim string) bool {
	pieces := strings.SplitAfter(claim, " ")
	if p.Lang == "zh-CN" {
		pieces = clause.FindAllString(claim, -1)
	}
	lines, at := 1, 0
	for _, piece := range pieces {
		w := (halves(piece) + 1) / 2
		if at > 0 && at+w > lineWidth {
			lines, at = lines+1, 0
		}
		lines, at = lines+(at+w-1)/lineWidth, (at+w-1)%lineWidth+1
	}
	return lines <= mostLines
}

// halves is the width of a text in halves of a Chinese character.
func halves(text string) (n int) {
	for _, r := range text {
		if n++; utf8.RuneLen(r) > 2 {
			n++
		}
	}
	return n
}
