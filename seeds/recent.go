package seeds

import (
	"slices"
	"time"
)

const week = 7 * 24 * time.Hour

// Recent is the scenarios as they are played for somebody who looks on: steps
// that are marked recent are moved by whole weeks, all by as many, so that the
// last of them lies within the week before now, and periods that begin with
// them still run. Other steps keep their dates, and so do all where now is
// before that last step. The scenarios given stay as they are.
func Recent(list []Scenario, now time.Time) []Scenario {
	var last time.Time
	for _, s := range list {
		for _, step := range s.Steps {
			if step.Recent && step.At.After(last) {
				last = step.At
			}
		}
	}
	by := now.Sub(last).Truncate(week)
	if last.IsZero() || by <= 0 {
		return list
	}
	moved := slices.Clone(list)
	for i, s := range moved {
		moved[i].Steps = slices.Clone(s.Steps)
		for j, step := range s.Steps {
			if step.Recent {
				moved[i].Steps[j].At = step.At.Add(by)
			}
		}
	}
	return moved
}
