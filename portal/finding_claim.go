package portal

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// sharedInShort says who carries how much without names, the most first; ""
// where there is nobody to count.
func (p *Page) sharedInShort(shares []share) string {
	var units []int
	nobody := 0
	for _, s := range shares {
		switch {
		case s.Points == 0:
		case s.Name == unattributed:
			nobody = s.Points
		default:
			units = append(units, s.Points)
		}
	}
	if len(units) < 2 {
		return ""
	}
	key := "finding.unitsCarry"
	if slices.Min(units) == slices.Max(units) {
		key = "finding.unitsCarryEach"
	}
	parts := []string{p.say(key, "n", len(units), "percent", percent(slices.Max(units)))}
	if nobody > 0 {
		parts = append(parts, p.say("finding.nobodys", "percent", percent(nobody)))
	}
	return strings.Join(parts, p.say("list.clause"))
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
