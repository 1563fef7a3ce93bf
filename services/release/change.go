package release

import (
	"slices"
	"strings"

	"suyuan/services/exact"
)

// Change says between which shares of what came down the added part lies; the
// lower bound belongs to it, the upper one does not. Minus: less is asked than
// came down, as of days.
type Change string

// The changes.
const (
	Unchanged   Change = "UNCHANGED"
	Plus0To10   Change = "PLUS_0_10" // above 0 per cent
	Plus10To20  Change = "PLUS_10_20"
	Plus20To50  Change = "PLUS_20_50"
	Plus50To100 Change = "PLUS_50_100"
	Doubled     Change = "PLUS_100_200"
	Tripled     Change = "PLUS_200"
	Minus0To10  Change = "MINUS_0_10"
	Minus10To20 Change = "MINUS_10_20"
	Minus20To50 Change = "MINUS_20_50"
	MinusHalf   Change = "MINUS_50_100" // up to and with all of it
)

// Changes lists every change, from the largest cut to the largest addition.
var Changes = []Change{MinusHalf, Minus20To50, Minus10To20, Minus0To10, Unchanged, Plus0To10, Plus10To20, Plus20To50, Plus50To100, Doubled, Tripled}

// asked says which per cent of what came down is asked with a change.
type asked struct {
	change    Change
	low, high int64 // 0 for no end above
	withLow   bool
	withHigh  bool
}

var changes = []asked{
	{MinusHalf, 0, 50, true, true}, {Minus20To50, 50, 80, false, true}, {Minus10To20, 80, 90, false, true}, {Minus0To10, 90, 100, false, false},
	{Unchanged, 100, 100, true, true},
	{Plus0To10, 100, 110, false, false}, {Plus10To20, 110, 120, true, false}, {Plus20To50, 120, 150, true, false},
	{Plus50To100, 150, 200, true, false}, {Doubled, 200, 300, true, false}, {Tripled, 300, 0, true, false},
}

// figure is a value as it was reported, in its one way of writing.
type figure struct {
	text  string
	value exact.Decimal // 0 where it is a frequency
	often bool
}

// figureOf reads a decimal or a frequency; what is neither is no figure.
func figureOf(s string) figure {
	if d, err := exact.ParseDecimal(s); err == nil {
		return figure{d.String(), d, false}
	}
	f, err := exact.ParseFrequency(s)
	if err != nil {
		return figure{}
	}
	a, b := f.Count, f.Days
	for b != 0 {
		a, b = b, a%b
	}
	// 2/14 is 1/7: how it was written could tell one sheet from another.
	f.Count, f.Days = f.Count/a, f.Days/a
	return figure{text: f.String(), often: true}
}

// changeOf is the change from what came down to what is asked; none where they
// cannot be compared. Frequencies have none: too few are usual for a share to
// hide which.
func changeOf(came, now figure) Change {
	if came.text == "" || now.text == "" || came.often || now.often || came.value <= 0 || now.value < 0 {
		return ""
	}
	part, _ := exact.FromDecimal(now.value).Mul(exact.FromInt(100)).Quo(exact.FromDecimal(came.value))
	for _, c := range changes {
		low, high := part.Cmp(exact.FromInt(c.low)), part.Cmp(exact.FromInt(c.high))
		if (low > 0 || low == 0 && c.withLow) && (c.high == 0 || high < 0 || high == 0 && c.withHigh) {
			return c.change
		}
	}
	return ""
}

// figures is how many exact figures a change can stand for, at least: as many
// decimals as what came down has, and whichever of the reports it is fewest
// for.
func figures(c Cell, set []Report) int {
	fewest := plenty
	seen := map[string]bool{}
	for _, r := range set {
		if !seen[r.cameDown.text] {
			seen[r.cameDown.text] = true
			fewest = min(fewest, values(c.Change, r.cameDown))
		}
	}
	return fewest
}

// plenty is where counting ends.
const plenty = maxMembers

func values(change Change, came figure) int {
	c := changes[slices.Index(Changes, change)]
	if c.high == 0 {
		return plenty
	}
	_, decimals, _ := strings.Cut(came.text, ".")
	steps := int64(came.value) // of the last decimal that is written
	for range 6 - len(decimals) {
		steps /= 10
	}
	n := min(steps, 100*plenty) * (c.high - c.low) / 100
	if !c.withLow && !c.withHigh {
		n--
	}
	return int(max(0, min(n, plenty)))
}
