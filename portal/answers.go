package portal

import (
	"cmp"
	"slices"
	"strconv"

	"suyuan/services/ledger"
)

// answerRow is something that the clerk's unit has to say, or has said.
type answerRow struct {
	toSay
	Finding findingData
	Points  int
	Left    string // working days to the last day, "" where none is set or no calendar tells
	Late    bool
}

type answersPage struct {
	*Page
	Open []answerRow // what can still be said, the first day first
	Past []answerRow
	Next string
}

// mostAnswers bounds the findings of one part of the list.
const mostAnswers = 100

// answers are what a clerk's unit has to say to findings.
func (s *site) answers(p *Page) (reply, error) {
	if err := p.needs(ledger.Clerk); err != nil {
		return reply{}, err
	}
	after, err := p.text("after", mostCursor)
	if err != nil {
		return reply{}, err
	}
	got, err := ask[struct{ Findings connection[findingData] }](p.r.Context(), s, "answers", map[string]any{"unit": p.Actor.Unit, "first": mostAnswers, "after": orNull(after)})
	if err != nil {
		return reply{}, err
	}
	view := &answersPage{Page: p, Next: got.Findings.Next()}
	for _, f := range got.Findings.Nodes() {
		for _, say := range p.owes(&f, p.Actor.Unit, p.today()) {
			row := answerRow{toSay: say, Finding: f, Left: p.workingDaysTo(say.Due), Late: !say.Done && say.Due != "" && say.Due < p.today()}
			for _, x := range f.Shares {
				if x.Unit != nil && x.Unit.Code == p.Actor.Unit {
					row.Points = x.Points
				}
			}
			if say.Open && !say.Done {
				view.Open = append(view.Open, row)
			} else {
				view.Past = append(view.Past, row)
			}
		}
	}
	slices.SortStableFunc(view.Open, func(a, b answerRow) int { return cmp.Compare(a.Due+"~", b.Due+"~") })
	p.Title = p.say("answers.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	if p.wantsSheet("") {
		t := &sheet{name: "answers", head: p.heads("col.id", "col.outcome", "col.stage", "col.what", "col.part", "col.due", "col.daysLeft", "col.state")}
		for _, r := range slices.Concat(view.Open, view.Past) {
			t.rows = append(t.rows, []string{r.Finding.ID, r.Finding.Penalty.Title, p.enum("findingStage", r.Finding.Stage), p.enum("act", r.Act), strconv.Itoa(r.Points), r.Due, r.Left, p.said(r)})
		}
		return reply{sheet: t}, nil
	}
	return reply{page: "answers", data: view}, nil
}

// workingDaysTo is how many working days there are after today up to and with
// a day; "" where no calendar tells, or the day is over.
func (p *Page) workingDaysTo(day string) string {
	count := p.s.options.WorkingDays
	if count == nil || day == "" || day < p.today() {
		return ""
	}
	n, err := count(ledger.Date(p.today()), ledger.Date(day))
	if err != nil {
		return ""
	}
	return strconv.Itoa(n)
}

// said says how it stands with something to say.
func (p *Page) said(r answerRow) string {
	switch {
	case r.Done:
		return p.say("answers.done")
	case r.Late:
		return p.say("answers.late")
	case r.Open:
		return p.say("answers.open")
	}
	return p.say("answers.over")
}

// Said is said for templates.
func (p *Page) Said(r answerRow) string { return p.said(r) }
