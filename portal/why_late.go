package portal

import (
	"slices"

	"suyuan/services/figure"
)

// A case counts dates downwards, so that earlier is more. People count days:
// whatever is shown of a date is a number of days, and the later is the larger.

// downwards reports whether less of the measure is harder, so that the case
// holds its figures with the other sign.
func (e *explained) downwards() bool { return e.measure != nil && e.measure.Harder == "LOWER" }

// late reports whether the measure is a date or a time to keep to.
func (e *explained) late() bool {
	return e.downwards() && (e.measure.Dimension == "DEADLINE" || e.measure.Dimension == "") // a what-if says no dimension
}

// lateWords ends the keys of words that are said of a date where what is said
// of amounts does not fit.
const lateWords = "Late"

// word is the key of what is said here: of a date, the date's own where it has
// one.
func (e *explained) word(key string) string {
	if e.late() && e.s.book.Has(key+lateWords) {
		return key + lateWords
	}
	return key
}

// named is word for one of a closed set of words.
func (e *explained) named(set, key string) string {
	if e.late() && known(set, key+lateWords) {
		return key + lateWords
	}
	return key
}

// ownFigures are the terms that are figures of the measure itself; all others are
// differences, parts or counts.
var ownFigures = []string{"D", "q", "base", "C"}

// shown is a line as it is counted by people.
func (e *explained) shown(l explanationLine) explanationLine {
	if !e.downwards() {
		return l
	}
	l.Terms = slices.Clone(l.Terms)
	for i, t := range l.Terms {
		if value := figure.Parse(t.Value); slices.Contains(ownFigures, t.Name) && !value.Absent() {
			l.Terms[i].Value = value.Neg().Rat().RatString()
		}
	}
	return l
}

// downwardFormulas stand for formulas whose figures change places where they
// are counted downwards.
var downwardFormulas = map[string]string{"2.G": "{q} − {D}", "2.GI": "min(max({C} − {base}, 0), {most})"}
