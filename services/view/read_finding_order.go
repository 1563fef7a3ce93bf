package view

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/view/dossier"
)

// findingPlace is where a finding stands in lists: by its day, and of one day
// those drafted later first. Its text is the cursor, so that a page goes on
// where the last one ended whatever was issued in between.
type findingPlace struct {
	day     ledger.Date
	drafted uint64
	f       *dossier.Finding
}

func placeOf(f *dossier.Finding) findingPlace {
	day := f.State.Issued
	if day.IsZero() {
		day = f.Drafted
	}
	return findingPlace{ledger.DateOf(day), f.Ordinal(), f}
}

// compare is below 0 where a stands before b.
func (a findingPlace) compare(b findingPlace) int {
	return cmp.Or(cmp.Compare(b.day, a.day), cmp.Compare(b.drafted, a.drafted))
}

func (a findingPlace) cursor() string {
	return string(a.day) + "." + strconv.FormatUint(a.drafted, 10)
}

// readPlace reads a cursor; false where it is none.
func readPlace(cursor string) (findingPlace, bool) {
	day, number, _ := strings.Cut(cursor, ".")
	drafted, err := strconv.ParseUint(number, 10, 64)
	_, wrong := time.Parse(time.DateOnly, day)
	place := findingPlace{day: ledger.Date(day), drafted: drafted}
	return place, err == nil && wrong == nil && place.cursor() == cursor
}

func listFindings(p Paging, found []findingPlace, value func(*dossier.Finding) Finding) (Page[Finding], error) {
	slices.SortFunc(found, findingPlace.compare)
	from := 0
	if p.After != "" {
		mark, ok := readPlace(p.After)
		if !ok {
			return Page[Finding]{}, wrongMark(p.After)
		}
		at, there := slices.BinarySearchFunc(found, mark, findingPlace.compare)
		if from = at; there {
			from++
		}
	}
	_, count, err := Paging{First: p.First}.window(len(found) - from)
	if err != nil {
		return Page[Finding]{}, err
	}
	out := Page[Finding]{More: from+count < len(found), Total: len(found)}
	for _, x := range found[from : from+count] {
		out.Items, out.Cursors = append(out.Items, value(x.f)), append(out.Cursors, x.cursor())
	}
	return out, nil
}
