package view

import (
	"slices"
	"strconv"

	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
	"suyuan/services/release"
	"suyuan/services/unit"
	"suyuan/services/view/docket"
)

// Claim is what reports say of a step on a trace. Released ones are what the
// public was told, the others what the docket holds, for those who may know.
type Claim struct {
	Released    bool
	Source      issuance.Source
	Unit        *Unit
	Level       *unit.Level
	Dimension   mandate.Dimension
	Measure     *Measure
	CameDown    *string
	Asked       *string
	Change      *release.Change
	Due         *ledger.Date
	Reports     string
	Independent *string // nil where it is released: at least five
	Contested   bool

	by ledger.Actor
	c  *docket.Claim
}

// reported is the source of what nobody vouches for.
const reported issuance.Source = "reported"

// TraceClaims are what is reported beside a trace: what was released, which
// everybody sees, and behind it what the actor may see besides.
func (r *Rows) TraceClaims(by ledger.Actor, t Trace) []Claim {
	on := r.onTrace(t)
	list := r.releasedClaims(t, on)
	if t.at != Now { // what was on file then is told to nobody
		return list
	}
	for _, c := range r.docket.For(by).Claims(t.Mandate.ID) {
		if on.has(c.Facts.Issuer, c.Facts.Level, c.Facts.Within, c.Facts.Measure, c.Facts.Dimension) {
			list = append(list, r.claimValue(by, c))
		}
	}
	return list
}

// onTrace is what a claim must be about to stand beside a trace.
type onTrace struct {
	unit, measure string
	dimension     mandate.Dimension
	dimensions    []mandate.Dimension // of the mandate's measures
	issuers       []string
	levels        []unit.Level
}

func (r *Rows) onTrace(t Trace) onTrace {
	on := onTrace{unit: t.Unit.Code, measure: t.Measure.ID, dimension: t.Measure.Dimension}
	for _, m := range r.mandates[t.Mandate.h].measures {
		on.dimensions = append(on.dimensions, r.measures[m].def.Dimension)
	}
	for _, h := range t.path {
		code := r.code(r.issuances[h].issuer)
		on.issuers, on.levels = append(on.issuers, code), append(on.levels, unit.LevelOf(code))
	}
	return on
}

func (on onTrace) has(issuer, level, within, measure string, d mandate.Dimension) bool {
	switch {
	case measure != "" && measure != on.measure:
		return false
	case measure == "" && d != on.dimension && slices.Contains(on.dimensions, d): // it is about another measure
		return false
	case within != "" && !unit.Contains(within, on.unit):
		return false
	case issuer != "":
		return slices.Contains(on.issuers, issuer)
	}
	return slices.Contains(on.levels, unit.Level(slices.Index(claim.Levels, level)))
}

func (r *Rows) releasedClaims(t Trace, on onTrace) []Claim {
	list := []Claim{}
	var parts []release.Published
	for _, p := range r.docket.ReleasesOf(t.Mandate.ID) {
		if r.sees(t.at, p.Ordinal) {
			parts = append(parts, p.Published)
		}
	}
	if len(parts) == 0 {
		return list
	}
	for _, f := range release.Figures(parts, release.Query{Metric: release.Reports, GroupBy: release.ByClaim, Mandate: t.Mandate.ID}) {
		if f.Mandate != t.Mandate.ID || !on.has(f.Unit, f.Level, "", f.Measure, f.Dimension) {
			continue
		}
		list = append(list, Claim{
			Released: true, Source: reported, Unit: r.Unit(f.Unit), Level: levelNamed(f.Level), Dimension: f.Dimension, Measure: r.measureNamed(f.Measure),
			CameDown: some(f.CameDown), Asked: some(f.Asked), Change: spoken(f.Change), Reports: strconv.FormatInt(f.Count, 10),
		})
	}
	for i := range list {
		for j := range list {
			a, b := &list[i], &list[j]
			same := codeOf(a.Unit) == codeOf(b.Unit) && (a.Measure == nil) == (b.Measure == nil)
			a.Contested = a.Contested || same && (unlike(a.CameDown, b.CameDown) || unlike(a.Asked, b.Asked) || unlike(a.Change, b.Change))
		}
	}
	return list
}

func unlike[T comparable](a, b *T) bool { return a != nil && b != nil && *a != *b }

func codeOf(u *Unit) string {
	if u == nil {
		return ""
	}
	return u.Code
}

func levelNamed(word string) *unit.Level {
	l := unit.Level(slices.Index(claim.Levels, word))
	if !l.Valid() {
		return nil
	}
	return &l
}

func (r *Rows) measureNamed(id string) *Measure {
	h := r.measureAt.of(id)
	if h == none {
		return nil
	}
	m := r.measureValue(h)
	return &m
}

func (r *Rows) claimValue(by ledger.Actor, c docket.Claim) Claim {
	f := &c.Facts
	v := Claim{
		Source: reported, Unit: r.Unit(f.Issuer), Level: levelNamed(f.Level), Dimension: f.Dimension, Measure: r.measureNamed(f.Measure), CameDown: some(f.CameDown), Asked: some(f.Asked),
		Due: spoken(f.Due), Reports: strconv.Itoa(len(c.Complaints)), Contested: c.Contested, by: by, c: &c,
	}
	if f.Issuer != "" {
		l := unit.LevelOf(f.Issuer)
		v.Level = &l
	}
	if len(c.Issuances) > 0 {
		v.Source = issuance.Verified
	}
	n := strconv.Itoa(c.Independent)
	v.Independent = &n
	return v
}

// ComplaintClaim is the claim that a complaint is one report of; nil where it
// names no mandate on record, or no longer counts.
func (r *Rows) ComplaintClaim(c Complaint) *Claim {
	if c.c.Claim.Mandate == "" {
		return nil
	}
	for _, x := range r.docket.For(c.by).Claims(c.c.Claim.Mandate) {
		if slices.Contains(x.Complaints, c.c) {
			v := r.claimValue(c.by, x)
			return &v
		}
	}
	return nil
}

// maxBehind bounds the complaints and papers told behind a claim.
const maxBehind = 50

// ClaimComplaints are the first reports behind a claim; none of a released one.
func (r *Rows) ClaimComplaints(c Claim) []Complaint {
	list := []Complaint{}
	if c.c == nil {
		return list
	}
	for _, x := range c.c.Complaints[:min(len(c.c.Complaints), maxBehind)] {
		list = append(list, r.complaintValue(c.by, x))
	}
	return list
}

// ClaimIssuances bear a claim out.
func (r *Rows) ClaimIssuances(c Claim) []Issuance {
	if c.c == nil {
		return []Issuance{}
	}
	return r.issuancesOf(c.c.Issuances[:min(len(c.c.Issuances), maxBehind)])
}

// ClaimDocuments contradict a claim.
func (r *Rows) ClaimDocuments(c Claim) []Document {
	if c.c == nil {
		return []Document{}
	}
	return r.documentsOf(c.c.Documents[:min(len(c.c.Documents), maxBehind)])
}
