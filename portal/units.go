package portal

type unitRow struct {
	unitRef
	Line   string
	Parent *unitRef
}

type unitsPage struct {
	*Page
	Level  string
	Levels []string
	List   connection[unitRow]
}

func (s *site) units(p *Page) (reply, error) {
	q, after, err := p.searched()
	if err != nil {
		return reply{}, err
	}
	level, err := p.oneOf("level", levels...)
	if err != nil {
		return reply{}, err
	}
	p.Title = p.say("units.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	list := func(first int) func(string) (connection[unitRow], error) {
		return func(after string) (connection[unitRow], error) {
			got, err := ask[struct{ Units connection[unitRow] }](p.r.Context(), s, "units",
				map[string]any{"search": orNull(q), "level": orNull(level), "first": first, "after": orNull(after)})
			return got.Units, err
		}
	}
	if p.wantsSheet("") {
		t := &sheet{name: "units", head: p.heads("col.code", "col.unit", "col.level", "col.unitKind", "col.line", "col.parent")}
		t.rows, t.next, err = gather(after, list(perAsk), func(u unitRow) []string {
			parent := ""
			if u.Parent != nil {
				parent = u.Parent.Code
			}
			return []string{u.Code, u.Name, p.enum("level", u.Level), p.enum("unitKind", u.Kind), u.Line, parent}
		})
		return reply{sheet: t}, err
	}
	rows, err := list(50)(after)
	if err != nil {
		return reply{}, err
	}
	return reply{page: "units", data: unitsPage{p, level, levels, rows}}, nil
}
