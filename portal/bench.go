package portal

import (
	"net/url"
	"slices"
	"strings"

	"suyuan/services/ledger"
)

// benchRow is a finding, or an outcome without one, and what it waits for.
type benchRow struct {
	Outcome penaltyRow
	Finding string
	Stage   string
	Round   int
	Waits   []waiting
	Mine    bool // the reader could do what comes next
}

// Due is the first day that something is due.
func (r benchRow) Due() string {
	due := ""
	for _, w := range r.Waits {
		if w.Due != "" && (due == "" || w.Due < due) {
			due = w.Due
		}
	}
	return due
}

// benchNode is a finding in the bench's list.
type benchNode struct {
	benchFinding
	Penalty penaltyRow
}

type benchPage struct {
	*Page
	Show    string
	Filters []choice // of the set "benchShow"
	Rows    []benchRow
	Next    string
	More    bool // there are more than a look takes in
	Today   string
}

// benchShows are the views of the bench, as stages of findings but for the
// first three and the last.
var benchShows = []string{"WAITING", "MINE", "NEW", "DRAFT", "CHECKED", "HEARING", "ISSUED", "APPEALED", "CONCLUDED"}

// concludedStages are those in which nothing is left to do.
var concludedStages = []string{"UPHELD", "VARIED", "OVERTURNED", "FINAL", "SUPERSEDED", "WITHDRAWN"}

// waitingStages are those in which something waits for reviewers.
var waitingStages = []string{"DRAFT", "CHECKED", "HEARING", "APPEALED"}

// mostWaiting bounds one look at the bench, of each stage.
const mostWaiting = 200

// bench is what waits for reviewers, by stage and by the day it is due.
func (s *site) bench(p *Page) (reply, error) {
	if err := p.needs(ledger.Reviewer, ledger.Investigator); err != nil {
		return reply{}, err
	}
	view := &benchPage{Page: p, Today: p.today()}
	var err error
	if view.Show, err = p.oneOf("show", benchShows...); err != nil {
		return reply{}, err
	}
	p.Title = p.say("bench.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	if err := s.benchRows(view); err != nil {
		return reply{}, err
	}
	if p.wantsSheet("") {
		t := &sheet{name: "bench", head: p.heads("col.id", "col.outcome", "col.executor", "col.stage", "col.waits", "col.due")}
		for _, r := range view.Rows {
			var waits []string
			for _, w := range r.Waits {
				waits = append(waits, p.wait(w))
			}
			t.rows = append(t.rows, []string{r.Outcome.ID, r.Outcome.Title, r.Outcome.Executor.Name, p.benchStage(r.Stage), strings.Join(waits, p.say("list.clause")), r.Due()})
		}
		return reply{sheet: t}, nil
	}
	for _, show := range benchShows {
		q := url.Values{}
		if show != "WAITING" {
			q.Set("show", show)
		}
		view.Filters = append(view.Filters, choice{p.keepLang("/bench", q), p.enum("benchShow", show), show == view.Show || show == "WAITING" && view.Show == ""})
	}
	return reply{page: "bench", data: view}, nil
}

// benchRows looks for what the view shows: what is due first stands first,
// what has no day last.
func (s *site) benchRows(v *benchPage) error {
	stages, fresh := waitingStages, true
	switch v.Show {
	case "", "WAITING", "MINE":
	case "NEW":
		stages = nil
	case "CONCLUDED":
		stages, fresh = concludedStages, false
	default:
		stages, fresh = []string{v.Show}, false
	}
	if fresh {
		if err := s.benchNew(v); err != nil {
			return err
		}
	}
	for _, stage := range stages {
		got, err := ask[struct{ Findings connection[benchNode] }](v.r.Context(), s, "bench", map[string]any{"stage": stage, "first": mostWaiting, "after": nil})
		if err != nil {
			return err
		}
		v.More = v.More || got.Findings.Next() != ""
		for _, n := range got.Findings.Nodes() {
			row := benchRow{Outcome: n.Penalty, Finding: n.ID, Stage: n.Stage, Round: n.Round, Waits: v.waits(&n.benchFinding, v.Today)}
			row.Mine = v.Actor.Is(ledger.Reviewer) && slices.ContainsFunc(row.Waits, func(w waiting) bool { return w.Mine })
			v.Rows = append(v.Rows, row)
		}
	}
	if v.Show == "MINE" {
		v.Rows = slices.DeleteFunc(v.Rows, func(r benchRow) bool { return !r.Mine })
	}
	slices.SortStableFunc(v.Rows, func(a, b benchRow) int {
		x, y := a.Due(), b.Due()
		if x == "" || y == "" {
			return strings.Compare(y, x)
		}
		return strings.Compare(x, y)
	})
	return nil
}

// benchNew are the latest outcomes about which there is no finding.
func (s *site) benchNew(v *benchPage) error {
	got, err := ask[struct {
		Penalties connection[struct {
			penaltyRow
			Current *findingLink
		}]
	}](v.r.Context(), s, "bench_outcomes", map[string]any{"first": mostWaiting, "after": nil})
	if err != nil {
		return err
	}
	v.More = got.Penalties.Next() != ""
	for _, n := range got.Penalties.Nodes() {
		if n.Current == nil && n.Into == nil {
			v.Rows = append(v.Rows, benchRow{Outcome: n.penaltyRow, Waits: []waiting{{What: "DRAFT", Mine: true}}, Mine: v.Actor.Is(ledger.Reviewer)})
		}
	}
	return nil
}

// wait is one thing that is waited for, in words.
func (p *Page) wait(w waiting) string {
	text := p.enum("waits", w.What)
	if w.Mine && w.What == "CHECK" {
		text = p.say("bench.checkMine")
	}
	if w.Says != "" {
		text = p.say("bench.wait", "what", text, "says", w.Says)
	}
	return text
}

// Wait is wait for templates.
func (p *Page) Wait(w waiting) string { return p.wait(w) }

// benchStage says how far a finding has come; an outcome without one is new.
func (p *Page) benchStage(stage string) string {
	if stage == "" {
		return p.say("bench.noFinding")
	}
	return p.enum("findingStage", stage)
}

// BenchStage is benchStage for templates.
func (p *Page) BenchStage(stage string) string { return p.benchStage(stage) }
