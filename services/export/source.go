package export

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// source is a list of the schema with the rows that are made of its entries.
type source struct {
	name  string // what rows further in call an entry: $name/…
	field string // the list's field on the row around it, or of Query
	alias string // what it is called in the answer, where it is asked for several times
	args  string // arguments besides a page's
	pages bool   // a connection: edges, node, cursors
	first int    // entries of its largest page

	kind *kind    // nil: no row of its own
	also []string // paths that keep looks at, besides what rows hold
	keep func(entry node, around env) bool
	in   []*source // lists on every entry

	// How the list is asked for alone, several at once: apart from the row
	// around it where apart is set, and to go on where that held one page. root
	// is the field of Query the list is on, "" where the list is one itself;
	// keys lead to the values of the %s in root or args.
	apart bool
	root  string
	keys  []string
	batch int
}

// env is the rows around a row, by their sources' names.
type env map[string]node

// picked are fields with what is picked of each; a leaf has none.
type picked map[string]picked

func (p picked) add(path string) {
	for path != "" {
		var field string
		field, path, _ = strings.Cut(path, "/")
		if p[field] == nil {
			p[field] = picked{}
		}
		p = p[field]
	}
}

// selection writes the fields out in one order, so that a question is always
// the same text.
func (p picked) selection() string {
	fields := make([]string, 0, len(p))
	for f, in := range p {
		if len(in) > 0 {
			f += "{" + in.selection() + "}"
		}
		fields = append(fields, f)
	}
	slices.Sort(fields)
	return strings.Join(fields, " ")
}

// wanted are the paths that lead from an entry called of to what rows of s and
// further in hold.
func (s *source) wanted(of string) (paths []string) {
	take := func(path string) {
		if name, rest, ok := outer(path); ok && name == of {
			paths = append(paths, rest)
		}
	}
	if s.kind != nil {
		for _, c := range s.kind.columns {
			take(c.path)
		}
	}
	for _, k := range s.keys {
		take(k)
	}
	for _, in := range s.in {
		paths = append(paths, in.wanted(of)...)
	}
	return paths
}

// entry writes what is asked of every entry. size gives a list's page.
func (s *source) entry(size func(*source) int) string {
	p := picked{}
	if s.kind != nil {
		for _, c := range s.kind.columns {
			if _, _, ok := outer(c.path); !ok && c.path != fieldName && c.path != sourceName && !c.raw {
				p.add(c.path)
			}
		}
	}
	for _, in := range s.in {
		for _, path := range in.wanted(s.name) {
			p.add(path)
		}
	}
	for _, path := range s.also {
		p.add(path)
	}
	text := p.selection()
	for _, in := range s.in {
		if !in.apart {
			text += " " + in.selection(size, in.args, "")
		}
	}
	return strings.TrimSpace(text)
}

// selection writes the list with what is asked of it, behind a cursor's
// variable where there is one.
func (s *source) selection(size func(*source) int, args, after string) string {
	if s.pages {
		page := fmt.Sprintf("first:%d", size(s))
		if after != "" {
			page += ",after:" + after
		}
		args = strings.TrimPrefix(args+","+page, ",")
	}
	text := s.field
	if s.alias != "" {
		text = s.alias + ":" + text
	}
	if args != "" {
		text += "(" + args + ")"
	}
	if s.pages {
		return text + "{edges{node{" + s.entry(size) + "}} pageInfo{hasNextPage endCursor} total}"
	}
	return text + "{" + s.entry(size) + "}"
}

// page is one answer's entries of a list.
type page struct {
	entries []node
	more    bool
	after   string
	total   string
}

// read takes a list out of the row it is on. A single object counts as a list
// of one, null as none.
func (s *source) read(row node) page {
	at := row[cmp.Or(s.alias, s.field)]
	if !s.pages {
		return page{entries: nodes(at)}
	}
	var p page
	for _, e := range nodes(value(at, "edges")) {
		p.entries = append(p.entries, nodes(e["node"])...)
	}
	p.more, _ = value(at, "pageInfo/hasNextPage").(bool)
	p.after, _ = value(at, "pageInfo/endCursor").(string)
	p.total, _ = value(at, "total").(string)
	return p
}

func nodes(v any) (list []node) {
	switch v := v.(type) {
	case node:
		return []node{v}
	case []any:
		for _, e := range v {
			if n, ok := e.(node); ok {
				list = append(list, n)
			}
		}
	}
	return list
}
