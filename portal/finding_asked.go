package portal

import (
	"slices"

	"suyuan/services/figure"
)

// askedView is who asked one unit for how much at the same time; there is no
// one chain on which it came down.
type askedView struct {
	Claim string
	Rows  []askedRow
	Total string
	Could string // what the executor could do, "" where that is not on record
}

type askedRow struct {
	Unit     unitRef
	Amount   string
	Issuance *issuanceRef
	Events   []eventRef
}

// points are what an explanation rests on.
func (x *explanation) points() []evidencePoint {
	if x == nil {
		return nil
	}
	return x.Points
}

// asked lists the demands that competed, nil where an outcome is of another
// kind or the reader may not know them.
func (p *Page) asked(o *penaltyData, points []evidencePoint) *askedView {
	if o.Kind != "COMPETING" || o.Measure == nil {
		return nil
	}
	v := &askedView{}
	sum := figure.Of(0)
	for _, point := range points {
		if point.Says == "capacity" || point.Says == "capacity_when_penalised" {
			v.Could = p.size(*o.Measure, figure.Parse(point.Value))
		}
		if point.Says != "asked" || point.Unit == nil {
			continue
		}
		amount := figure.Parse(point.Value)
		sum = sum.Add(amount)
		v.Rows = append(v.Rows, askedRow{*point.Unit, p.size(*o.Measure, amount), o.issuance(point.Events), point.Events})
	}
	if v.Rows == nil {
		return nil
	}
	v.Total = p.size(*o.Measure, sum)
	v.Claim = p.sentence(p.say("asked.claim", "n", len(v.Rows), "total", v.Total))
	if v.Could != "" {
		v.Claim = p.sentence(p.say("asked.claimCould", "n", len(v.Rows), "total", v.Total, "executor", o.Executor.Name, "could", v.Could))
	}
	return v
}

// issuance is the one that events are of, nil where none of the outcome's is.
func (o *penaltyData) issuance(events []eventRef) *issuanceRef {
	for _, i := range o.Issuances {
		for _, e := range i.Events {
			if slices.ContainsFunc(events, func(x eventRef) bool { return x.Ordinal == e.Ordinal }) {
				return &i.issuanceRef
			}
		}
	}
	return nil
}
