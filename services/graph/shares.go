package graph

import (
	"sync"

	"suyuan/services/finding"
	"suyuan/services/liability"
	"suyuan/services/view"
)

// share is what one unit answers for.
type share struct {
	Name   string
	Unit   *view.Unit
	Points int64
	Mass   *string
	Band   *finding.Band

	classes func(*view.Rows) map[string]finding.Class
}

// sharesOf puts shares into rows. explain gives what they were computed from,
// false where nothing says; it is asked once, and only if somebody asks for a
// class.
func sharesOf(r *view.Rows, shares []finding.Share, explain func(*view.Rows) (liability.Explained, bool)) []share {
	var once sync.Once
	var found map[string]finding.Class
	classes := func(r *view.Rows) map[string]finding.Class {
		once.Do(func() {
			if e, ok := explain(r); ok {
				found = map[string]finding.Class{}
				for _, s := range finding.Suggest(shares, e) {
					found[s.Unit] = s.Class
				}
			}
		})
		return found
	}
	list := make([]share, 0, len(shares))
	for _, s := range shares {
		row := share{Name: s.Unit, Unit: r.Unit(s.Unit), Points: s.Points, classes: classes}
		if s.Mass != "" {
			row.Mass = &s.Mass
		}
		if s.Bears() {
			band := finding.BandOf(s.Points)
			row.Band = &band
		}
		list = append(list, row)
	}
	return list
}

// class is the sort of responsibility that a share suggests; null for none.
func (s share) class(r *view.Rows) *finding.Class {
	if c := s.classes(r)[s.Name]; c != "" {
		return &c
	}
	return nil
}
