package release

import (
	"time"

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

// Levels are the words for levels, from the top.
var Levels = []string{"CENTRAL", "PROVINCE", "CITY", "COUNTY", "TOWNSHIP", "VILLAGE"}

// kind is one sort of label.
type kind struct {
	label func(Report, Places) (Cell, bool)
	wait  int // days before a report may be told under one
	// room is how many labels of the kind before could hold the reports of one
	// of this kind; nil where it also takes reports that could never be told
	// more precisely, any number of them.
	room func(Cell, []Report) int
}

// The kinds of label, from the most telling. Tokens are good for a quarter, so
// that k of a cell hardly grows beyond it: nothing waits longer.
var kinds = []kind{
	{exactly, 0, nil},
	{about, 0, figures},
	{ofMandate, 0, nil},
	{ofUnitAndDimension, 7, nil},
	{ofUnit, 14, dimensions},
	{ofLevel(Places.Near), 28, nil},
	{ofPlace(Places.Near), 42, levelsAndDimensions},
	{ofLevel(Places.Province), 56, nil},
	{ofPlace(Places.Province), 56, levelsAndDimensions},
	{ofLevel(Places.Country), 56, nil},
	{ofPlace(Places.Country), 56, levelsAndDimensions},
}

// The kinds of label in the open lane.
var openKinds = []kind{
	{ofPlace(Places.Near), 0, nil},
	{ofPlace(Places.Province), 28, nil},
	{ofPlace(Places.Country), 56, nil},
}

func dimensions(Cell, []Report) int { return len(mandate.Dimensions) }

func levelsAndDimensions(Cell, []Report) int { return len(Levels) * len(mandate.Dimensions) }

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

// Places knows which units are large enough to be named, what lies above them,
// and which mandates are on record. It asks once about each.
type Places struct {
	facts    Facts
	large    map[string]bool
	measures map[string]map[string]mandate.Measure // of mandates on record
}

func newPlaces(f Facts) Places {
	return Places{f, map[string]bool{}, map[string]map[string]mandate.Measure{}}
}

// known takes from a report what is not on record: a name that somebody made
// up is free text.
func (p Places) known(r Report) Report {
	measures, asked := p.measures[r.Mandate]
	if !asked && r.Mandate != "" {
		if m, ok := p.facts.Mandate(r.Mandate); ok {
			if measures = m.Measures; measures == nil {
				measures = map[string]mandate.Measure{}
			}
		}
		p.measures[r.Mandate] = measures
	}
	if measures == nil {
		r.Mandate = ""
	}
	_, key, _ := mandate.SplitMeasure(r.Measure)
	if _, ok := measures[key]; !ok {
		r.Measure = ""
	}
	return r
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
	age := ages{until: until}
	return age.of(since) >= days
}

// ages counts days up to a date. It counts from each day once: of a hundred
// thousand reports many are of the same.
type ages struct {
	until ledger.Date
	known map[ledger.Date]int
}

// of is -1 where the day lies behind the date, or is none.
func (a *ages) of(day ledger.Date) int {
	if n, ok := a.known[day]; ok {
		return n
	}
	n := -1
	if from := day.Time(); !from.IsZero() && day <= a.until {
		n = int(a.until.Time().Sub(from) / (24 * time.Hour)) // China has no other hours
	}
	if a.known == nil {
		a.known = map[ledger.Date]int{}
	}
	a.known[day] = n
	return n
}
