package portal

// unitAnswers is what a unit was found to answer for, and what cleared or
// rewarded it.
type unitAnswers struct {
	Findings connection[struct {
		findingRow
		Mirrors []mirrorItem
	}]
	Rewards        connection[rewardRow]
	Clarifications connection[clarificationRow]
}

type rewardRow struct {
	ID            string
	Unit          struct{ Name string }
	Mandate       *struct{ Title string }
	Basis, Amount string
	Uplift        int
	By            struct{ Name string }
	Document      *documentRef
	Event         eventRef
}

// Percent is by how much it was raised.
func (r rewardRow) Percent() string { return percent(r.Uplift) }

type clarificationRow struct {
	ID, Matter, Conclusion string
	Unit                   struct{ Name string }
	By                     struct{ Name string }
	Document               *documentRef
	Event                  eventRef
}

// answersShown is how many of each a unit's page shows.
const answersShown = 10

func (p *Page) askAnswers(code string) (unitAnswers, error) {
	return ask[unitAnswers](p.r.Context(), p.s, "unit_answers", map[string]any{"unit": code, "first": answersShown})
}

// Of is a unit's share in per cent, "" where it has none.
func (f findingRow) Of(code string) string {
	for _, s := range f.Shares {
		if s.Unit != nil && s.Unit.Code == code && s.Points > 0 {
			return percent(s.Points)
		}
	}
	return ""
}
