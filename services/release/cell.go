package release

import (
	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/unit"
)

// Cell is a label: what is true of every report of a batch. What is empty is
// not told.
type Cell struct {
	Place     string            `json:"place,omitempty"`     // county or higher; 0 is the country. Only where Unit is empty
	Unit      string            `json:"unit,omitempty"`      // who added
	Level     string            `json:"level,omitempty"`     // of who added: CENTRAL … VILLAGE
	Dimension mandate.Dimension `json:"dimension,omitempty"` // of what was added
	Mandate   string            `json:"mandate,omitempty"`
	Measure   string            `json:"measure,omitempty"`  // `<mandate>/<key>`, where reports name it
	CameDown  string            `json:"cameDown,omitempty"` // exact, as Asked: decimal, or count/days
	Asked     string            `json:"asked,omitempty"`
	Change    Change            `json:"change,omitempty"` // in place of exact figures
}

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

// Levels are the words for levels, from the top.
var Levels = []string{"CENTRAL", "PROVINCE", "CITY", "COUNTY", "TOWNSHIP", "VILLAGE"}

// kind is one sort of label, and how many days a report waits before it may
// be told under one.
type kind struct {
	label func(Report, Places) (Cell, bool)
	wait  int
}

// The kinds of label, from the most telling. Tokens are good for a quarter, so
// that k of a cell hardly grows beyond it: nothing waits longer.
var kinds = []kind{
	{exactly, 0},
	{about, 0},
	{ofMandate, 0},
	{ofUnitAndDimension, 7},
	{ofUnit, 14},
	{ofLevel(Places.Near), 28},
	{ofPlace(Places.Near), 42},
	{ofLevel(Places.Province), 56},
	{ofPlace(Places.Province), 56},
	{ofLevel(Places.Country), 56},
	{ofPlace(Places.Country), 56},
}

// The kinds of label in the open lane.
var openKinds = []kind{
	{ofPlace(Places.Near), 0},
	{ofPlace(Places.Province), 28},
	{ofPlace(Places.Country), 56},
}

func exactly(r Report, at Places) (Cell, bool) {
	c, ok := ofMandate(r, at)
	c.CameDown, c.Asked = r.cameDown.text, r.asked.text
	return c, ok && c.CameDown != "" && c.Asked != ""
}

func about(r Report, at Places) (Cell, bool) {
	c, ok := ofMandate(r, at)
	c.Change = changeOf(r.cameDown, r.asked)
	return c, ok && c.Change != ""
}

func ofMandate(r Report, at Places) (Cell, bool) {
	c, ok := ofUnitAndDimension(r, at)
	c.Mandate, c.Measure = r.Mandate, r.Measure
	return c, ok && r.Mandate != ""
}

func ofUnitAndDimension(r Report, at Places) (Cell, bool) {
	c, ok := ofUnit(r, at)
	c.Dimension = r.Dimension
	return c, ok && r.Dimension != ""
}

func ofUnit(r Report, at Places) (Cell, bool) {
	return Cell{Unit: r.Issuer, Level: r.level()}, at.LargeEnough(r.Issuer)
}

func ofLevel(place func(Places, string) string) func(Report, Places) (Cell, bool) {
	return func(r Report, at Places) (Cell, bool) {
		c := Cell{Place: place(at, r.place()), Level: r.level(), Dimension: r.Dimension}
		return c, c.Level != "" && c.Dimension != ""
	}
}

func ofPlace(place func(Places, string) string) func(Report, Places) (Cell, bool) {
	return func(r Report, at Places) (Cell, bool) {
		return Cell{Place: place(at, r.place())}, true
	}
}

// figure is a value as it was reported, in its one way of writing.
type figure struct {
	text  string
	value exact.Rat // per 30 days where it is a frequency
	often bool
}

// figureOf reads a decimal or a frequency; what is neither is no figure.
func figureOf(s string) figure {
	if d, err := exact.ParseDecimal(s); err == nil {
		return figure{d.String(), exact.FromDecimal(d), false}
	}
	f, err := exact.ParseFrequency(s)
	if err != nil {
		return figure{}
	}
	for a, b := f.Count, f.Days; ; { // 2/14 is 1/7: how it was written could tell one sheet from another
		if b == 0 {
			f.Count, f.Days = f.Count/a, f.Days/a
			break
		}
		a, b = b, a%b
	}
	return figure{f.String(), f.Per30(), true}
}

// changeOf is the change from what came down to what was asked; none where
// they cannot be compared.
func changeOf(came, asked figure) Change {
	if came.text == "" || asked.text == "" || came.often != asked.often || came.value.Sign() <= 0 || asked.value.Sign() < 0 {
		return ""
	}
	share, ok := asked.value.Sub(came.value).Quo(came.value)
	if !ok {
		return ""
	}
	if share.IsZero() {
		return Unchanged
	}
	steps := []struct {
		below       int64 // per cent
		plus, minus Change
	}{{10, Plus0To10, Minus0To10}, {20, Plus10To20, Minus10To20}, {50, Plus20To50, Minus20To50}, {100, Plus50To100, MinusHalf}, {200, Doubled, MinusHalf}}
	size := share
	if share.Sign() < 0 {
		size = share.Neg()
	}
	for _, s := range steps {
		limit, _ := exact.NewRat(s.below, 100)
		if size.Cmp(limit) >= 0 {
			continue
		}
		if share.Sign() < 0 {
			return s.minus
		}
		return s.plus
	}
	if share.Sign() < 0 {
		return MinusHalf
	}
	return Tripled
}

// Places knows which units are large enough to be named, and what lies above
// them. It asks once about each.
type Places struct {
	facts Facts
	large map[string]bool
}

// LargeEnough reports whether a unit on record has enough people, with those
// below it, for something to be told of it.
func (p Places) LargeEnough(code string) bool {
	if code == "" {
		return false
	}
	large, known := p.large[code]
	if !known {
		_, ok := p.facts.Unit(code)
		large = ok && (unit.LevelOf(code) <= unit.Province && !unit.IsDepartment(code) || p.facts.Staffed(code, Staff))
		p.large[code] = large
	}
	return large
}

// Near is the nearest place from a county upwards that is large enough.
func (p Places) Near(code string) string {
	for _, digits := range []int{6, 4} {
		if len(code) >= digits && p.LargeEnough(code[:digits]) {
			return code[:digits]
		}
	}
	return p.Province(code)
}

// Province is the province a place lies in; the country, where it lies in
// none.
func (p Places) Province(code string) string {
	if len(code) >= 2 {
		return code[:2]
	}
	return unit.CentralCode
}

// Country is the country.
func (p Places) Country(string) string { return unit.CentralCode }

// level of who added.
func (r Report) level() string {
	if r.Issuer != "" {
		return Levels[unit.LevelOf(r.Issuer)]
	}
	return r.Level
}

// place is where it was received, as far as that is told at all.
func (r Report) place() string {
	if r.Within != "" {
		return r.Within
	}
	return unit.Territory(r.Issuer)
}

// waited reports whether so many days lie between two dates.
func waited(since, until ledger.Date, days int) bool {
	from := since.Time()
	return !from.IsZero() && !from.AddDate(0, 0, days).After(until.Time())
}
