package portal

import (
	"net/url"
	"slices"
	"strconv"

	"suyuan/services/ledger"
)

// complaintRow is a complaint in the desk's list.
type complaintRow struct {
	ID, Day, Lane, Stage string
	Handler              *unitRef
	Returns, Redos       int
	Ruled                bool
	Mandate              *mandateRef
	Paper                string
	Issuer               *complaintUnit
	Level                string
	Within               *complaintUnit
	Dimension            string
	Untold               bool
	Measure              *measure
	Clock                *handlingClock
	Owed                 *owed
	Outcome              string
	Rating               *rating
	Confirmed            *bool
	Closing              string
	Retaliation          string
}

// complaintUnit is a unit that a report names, with those above it.
type complaintUnit struct {
	unitRef
	Path []unitRef
}

type owed struct {
	Turn, By string
	Late     bool
}

type rating struct{ Solved, Satisfied bool }

// Short is how people call a complaint: the beginning of its id.
func (c complaintRow) Short() string { return c.ID[:min(8, len(c.ID))] }

// Late reports whether somebody let a time pass that still counts.
func (c complaintRow) Late(today string) bool {
	return c.Owed != nil && c.Owed.Late || c.Clock != nil && c.Clock.Running && !c.Clock.Paused && (c.Clock.Supervised || c.Clock.Due != "" && c.Clock.Due < today)
}

// Until is the day by which the next step is due, "" where none runs.
func (c complaintRow) Until() string {
	switch {
	case c.Clock != nil && c.Clock.Running && !c.Clock.Paused:
		return c.Clock.Due
	case c.Owed != nil:
		return c.Owed.By
	}
	return ""
}

type complaintsPage struct {
	*Page
	List    connection[complaintRow]
	Today   string
	Show    string
	Filters []choice // of the set "show", with their addresses as values
	Stages  []choice
}

// shows are the desk's views of the list. Those of a stage have its name.
var shows = []string{"ALL", "ASSIGNMENT", "RUNNING", "OVERDUE", "REDO", "REVIEW", "FINAL_REVIEW", "RETALIATION"}

// mostOverdue is how many running complaints are looked at for those that
// are overdue.
const mostOverdue = 5000

// complaints is the desk: what waits for whom.
func (s *site) complaints(p *Page) (reply, error) {
	if err := p.needs(ledger.Investigator, ledger.Reviewer, ledger.Clerk); err != nil {
		return reply{}, err
	}
	view := complaintsPage{Page: p, Today: p.today()}
	var err error
	if view.Show, err = p.oneOf("show", append(slices.Clone(shows), enums["complaintStage"]...)...); err != nil {
		return reply{}, err
	}
	after, err := p.text("after", mostCursor)
	if err != nil {
		return reply{}, err
	}
	filter := showing(view.Show)
	more := func(first int) func(string) (connection[complaintRow], error) {
		return func(after string) (connection[complaintRow], error) {
			got, err := ask[struct{ Complaints connection[complaintRow] }](p.r.Context(), s, "complaints", map[string]any{"filter": filter, "first": first, "after": orNull(after)})
			return got.Complaints, err
		}
	}
	p.Title = p.say("complaints.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	if p.wantsSheet("") {
		t := &sheet{name: "complaints", head: p.heads("col.id", "col.filed", "col.lane", "col.stage", "col.mandate", "col.dimension", "col.named", "col.level", "col.within", "col.handler", "col.due", "col.overdue", "col.retaliation")}
		rows := view.only(more(perAsk))
		t.rows, t.next, err = gather(after, rows, func(c complaintRow) []string { return p.complaintCells(c, view.Today) })
		return reply{sheet: t}, err
	}
	if view.Show == "OVERDUE" {
		view.List, err = overdue(more(perAsk), view.Today)
	} else {
		view.List, err = more(50)(after)
	}
	for _, show := range shows {
		view.Filters = append(view.Filters, p.shown(show, p.enum("show", show), view.Show))
	}
	for _, stage := range enums["complaintStage"] {
		view.Stages = append(view.Stages, p.shown(stage, p.enum("complaintStage", stage), view.Show))
	}
	return reply{page: "complaints", data: &view}, err
}

// showing is the filter of a view.
func showing(show string) map[string]any {
	switch show {
	case "", "ALL":
		return nil
	case "RUNNING", "OVERDUE":
		return map[string]any{"running": true}
	case "RETALIATION":
		return map[string]any{"retaliation": true}
	case "ASSIGNMENT", "REDO":
		return map[string]any{"turn": show}
	}
	return map[string]any{"stage": show}
}

// shown is a link to a view of the list.
func (p *Page) shown(show, text, now string) choice {
	q := url.Values{}
	if show != "ALL" {
		q.Set("show", show)
	}
	return choice{Value: p.keepLang("/complaints", q), Text: text, Chosen: show == now || show == "ALL" && now == ""}
}

// only leaves of each part what the view shows.
func (v *complaintsPage) only(more func(string) (connection[complaintRow], error)) func(string) (connection[complaintRow], error) {
	if v.Show != "OVERDUE" {
		return more
	}
	return func(string) (connection[complaintRow], error) { return overdue(more, v.Today) }
}

// overdue are those of the running ones that should be answered by now.
func overdue(more func(string) (connection[complaintRow], error), today string) (out connection[complaintRow], err error) {
	after := ""
	for n := 0; n < mostOverdue; n += perAsk {
		part, err := more(after)
		if err != nil {
			return out, err
		}
		for _, e := range part.Edges {
			if e.Node.Late(today) {
				out.Edges = append(out.Edges, e)
			}
		}
		if after = part.Next(); after == "" {
			break
		}
	}
	out.Total = strconv.Itoa(len(out.Edges))
	return out, nil
}

func (p *Page) complaintCells(c complaintRow, today string) []string {
	cells := []string{c.ID, c.Day, p.enum("lane", c.Lane), p.enum("complaintStage", c.Stage), c.Paper, "", "", "", "", "", c.Until(), p.yes(c.Late(today)), ""}
	if c.Mandate != nil {
		cells[4] = c.Mandate.Title
	}
	if cells[5] = p.enum("dimension", c.Dimension); c.Untold {
		cells[5] = p.say("complaint.untold")
	}
	if c.Issuer != nil {
		cells[6], cells[7] = c.Issuer.Name, p.enum("level", c.Issuer.Level)
	}
	if c.Level != "" {
		cells[7] = p.enum("level", c.Level)
	}
	if c.Within != nil {
		cells[8] = c.Within.Name
	}
	if c.Handler != nil {
		cells[9] = c.Handler.Name
	}
	if c.Retaliation != "" {
		cells[12] = p.enum("retaliation", c.Retaliation)
	}
	return cells
}

// today is the day in China.
func (p *Page) today() string { return p.s.options.Clock().In(china).Format("2006-01-02") }
