package portal

import (
	"cmp"
	"slices"
	"strings"
)

type findingsPage struct {
	*Page
	List   connection[findingRow]
	Stage  string
	Stages []string
	Where  string // the unit that the list is narrowed to, "" where it is not
}

// publicStages are the stages that everybody may see.
var publicStages = []string{"ISSUED", "APPEALED", "UPHELD", "VARIED", "OVERTURNED", "FINAL", "SUPERSEDED"}

// findings lists findings, the newest first.
func (s *site) findings(p *Page) (reply, error) {
	variables, after, err := p.narrowed("unit", "within")
	if err != nil {
		return reply{}, err
	}
	stage, err := p.oneOf("stage", enums["findingStage"]...)
	if err != nil {
		return reply{}, err
	}
	variables["stage"] = orNull(stage)
	list := func(first int) func(string) (connection[findingRow], error) {
		return func(after string) (connection[findingRow], error) {
			variables["first"], variables["after"] = first, orNull(after)
			got, err := ask[struct{ Findings connection[findingRow] }](p.r.Context(), s, "findings", variables)
			return got.Findings, err
		}
	}
	p.Title = p.say("findings.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	if p.wantsSheet("") {
		t := &sheet{name: "findings", head: p.heads("col.id", "col.stage", "col.outcome", "col.executor", "col.code", "col.occurred", "col.issuedOn", "col.originating", "col.shares", "col.events")}
		t.rows, t.next, err = gather(after, list(perAsk), func(f findingRow) []string {
			origin := ""
			if f.Originating != nil {
				origin = f.Originating.Name
			}
			return []string{f.ID, p.enum("findingStage", f.Stage), f.Penalty.Title, f.Penalty.Executor.Name, f.Penalty.Executor.Code, f.Penalty.Occurred, f.Issued, origin,
				p.shareCells(f.Shares), ordinals(f.Penalty.Events)}
		})
		return reply{sheet: t}, err
	}
	view := findingsPage{Page: p, Stage: stage, Stages: publicStages, Where: p.where(variables)}
	if view.List, err = list(25)(after); err != nil {
		return reply{}, err
	}
	return reply{page: "findings", data: view}, nil
}

// narrowed reads the addresses' ids by which a list is narrowed, and its cursor.
func (p *Page) narrowed(names ...string) (variables map[string]any, after string, err error) {
	variables = map[string]any{}
	for _, name := range names {
		id, err := p.text(name, mostID)
		if err != nil {
			return nil, "", err
		}
		variables[name] = orNull(id)
	}
	after, err = p.text("after", mostCursor)
	return variables, after, err
}

// where is the unit that a list is narrowed to, as the address names it.
func (p *Page) where(variables map[string]any) string {
	for _, name := range []string{"unit", "within", "mandate"} {
		if id, ok := variables[name].(string); ok {
			return id
		}
	}
	return ""
}

// shareCells lists shares for a cell.
func (p *Page) shareCells(shares []share) string {
	var out []string
	for _, s := range shares {
		out = append(out, p.label(s.Name, s.Unit)+" "+percent(s.Points))
	}
	return strings.Join(out, "；")
}

// Shared says who carries how much, the most first.
func (p *Page) Shared(shares []share) string {
	shares = slices.DeleteFunc(slices.Clone(shares), func(s share) bool { return s.Points == 0 })
	slices.SortStableFunc(shares, func(a, b share) int { return cmp.Compare(b.Points, a.Points) })
	var parts []string
	for _, s := range shares[:min(len(shares), mostNamedShares)] {
		switch {
		case s.Name == unattributed && s.Points == 10_000:
			parts = append(parts, p.say("finding.allNobodys"))
		case s.Name == unattributed:
			parts = append(parts, p.say("finding.nobodys", "percent", percent(s.Points)))
		case s.Points == 10_000:
			parts = append(parts, p.say("finding.whole", "unit", p.label(s.Name, s.Unit)))
		default:
			parts = append(parts, p.say("finding.carries", "unit", p.label(s.Name, s.Unit), "percent", percent(s.Points)))
		}
	}
	if rest := len(shares) - len(parts); rest > 0 {
		parts = append(parts, p.say("finding.others", "n", rest))
	}
	return strings.Join(parts, p.say("list.clause"))
}

// AllFictional reports whether every row is of a fictional division: then it is
// said once, above them.
func (v findingsPage) AllFictional() bool {
	return !slices.ContainsFunc(v.List.Nodes(), func(x findingRow) bool { return !x.Penalty.Fictional })
}
