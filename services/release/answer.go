package release

import (
	"cmp"
	"slices"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// desk is the label of answers: who handled, or where.
type desk struct{ place, unit string }

// answerSteps: a batch waits for one that can be told in full before it is
// told in part, and for its unit before its county.
func answerSteps(at Places) []step[Answer, desk] {
	type scope func(Answer) (desk, bool)
	ofUnit := func(a Answer) (desk, bool) {
		return desk{unit: a.Handler}, a.lane() == Verified && at.LargeEnough(a.Handler)
	}
	in := func(place func(Places, string) string) scope {
		return func(a Answer) (desk, bool) { return desk{place: place(at, unit.Territory(a.Handler))}, true }
	}
	var steps []step[Answer, desk]
	for _, s := range []struct {
		of   scope
		wait int
		full bool
	}{
		{ofUnit, 0, true},
		{ofUnit, 28, false},
		{in(Places.Near), 28, true},
		{in(Places.Near), 56, false},
		{in(Places.Province), 56, false},
		{in(Places.Country), 56, false},
	} {
		next := step[Answer, desk]{label: func(a Answer) (desk, bool) {
			if a.Handler == "" || a.age < s.wait {
				return desk{}, false
			}
			return s.of(a)
		}}
		if s.full {
			next.may = func(_ desk, set []Answer) bool { return toldInFull(set) }
		}
		steps = append(steps, next)
	}
	return steps
}

// toldInFull reports whether every question about a set can be answered. A set
// that makes more than one batch is judged batch by batch later.
func toldInFull(set []Answer) bool {
	b := told(set)
	return b.Responded != nil && (b.Responded.Yes == 0 || b.Rated != nil) && (b.Rated == nil || b.Rated.Yes == 0 || b.Solved != nil && b.Satisfied != nil)
}

// answerBatches makes the batches of settled complaints on a date.
func answerBatches(pool []Answer, at Places, date ledger.Date) []AnswerBatch {
	lanes := map[Lane][]Answer{}
	since := ages{until: date}
	for _, a := range pool {
		a.age = since.of(a.Day)
		lanes[a.lane()] = append(lanes[a.lane()], a)
	}
	var batches []AnswerBatch
	for lane, set := range lanes {
		gather(set, answerSteps(at), compareDesks, func(d desk, set []Answer) {
			b := told(set)
			b.Lane, b.Unit, b.Place, b.Members = lane, d.unit, d.place, membersOf(set)
			batches = append(batches, b)
		})
	}
	slices.SortStableFunc(batches, func(a, b AnswerBatch) int {
		return cmp.Or(-cmp.Compare(a.Lane, b.Lane), compareDesks(desk{a.Place, a.Unit}, desk{b.Place, b.Unit}), cmp.Compare(a.Members, b.Members))
	})
	return batches
}

func compareDesks(a, b desk) int {
	return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.unit, b.unit))
}

// told is what may be told of a batch: each question only where those it is
// asked of are twice enough, and both its parts are empty or enough. Were it
// asked of fewer, to leave it out would say that there is a small part.
func told(set []Answer) AnswerBatch {
	b := AnswerBatch{Count: len(set)}
	responded, ok := divide(set, func(a Answer) bool { return a.Responded }, &b.Responded)
	if !ok {
		return b
	}
	b.Days = periods(responded)
	rated, ok := divide(responded, func(a Answer) bool { return a.Solved != nil && a.Satisfied != nil }, &b.Rated)
	if !ok {
		return b
	}
	solved := func(a Answer) bool { return *a.Solved }
	content := func(a Answer) bool { return *a.Satisfied }
	divide(rated, solved, &b.Solved)
	if helped := filter(rated, solved); b.Solved == nil || len(helped) > 0 && !twice(helped) {
		return b
	}
	// Hardly anybody is content and was not helped: beside each other the two
	// numbers tell how many were helped and are not content.
	for _, both := range [][2]bool{{true, true}, {true, false}, {false, true}, {false, false}} {
		if !tellable(filter(rated, func(a Answer) bool { return *a.Solved == both[0] && *a.Satisfied == both[1] })) {
			return b
		}
	}
	divide(rated, content, &b.Satisfied)
	return b
}

// divide tells a question's answer where it may; false where it may not, or
// where there is nobody left to ask further.
func divide(set []Answer, yes func(Answer) bool, part **Part) ([]Answer, bool) {
	is := filter(set, yes)
	not := filter(set, func(a Answer) bool { return !yes(a) })
	if !twice(set) || !tellable(is) || !tellable(not) {
		return nil, false
	}
	*part = &Part{len(is), len(set)}
	return is, len(is) > 0
}

func filter(set []Answer, yes func(Answer) bool) (some []Answer) {
	for _, a := range set {
		if yes(a) {
			some = append(some, a)
		}
	}
	return some
}

// limits are the working days at which periods end.
var limits = []int{5, 15, 30}

// periods tells how long answers took. Neighbouring periods are put together
// until each has enough; one with nobody in it is not shown by itself.
func periods(set []Answer) []Period {
	var list []Period
	var open []Answer // of the period that is being filled
	from := 0
	for i := range len(limits) + 1 {
		to := 0
		if i < len(limits) {
			to = limits[i]
		}
		for _, a := range set {
			if (i == 0 || a.Days > limits[i-1]) && (to == 0 || a.Days <= to) {
				open = append(open, a)
			}
		}
		if enough(open) {
			list = append(list, Period{from, to, len(open)})
			open, from = nil, to
		}
	}
	if len(list) == 0 {
		return nil
	}
	if len(open) > 0 { // too few for a period of their own
		newest := &list[len(list)-1]
		newest.Count, newest.To = newest.Count+len(open), 0
	}
	return list
}
