package portal

// unitAnswers is what a unit was found to answer for, and what cleared or
// rewarded it.
type unitAnswers struct {
	Findings connection[struct {
		findingRow
		Mirrors []mirrorItem
	}]
	Rewards []struct {
		ID, Title, On        string
		Base, Factor, Amount string
		Document             *documentRef
		Event                eventRef
	}
	Clarifications []struct {
		ID, Title, Text, On string
		Document            *documentRef
		Finding             *struct{ ID string }
		Event               eventRef
	}
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
