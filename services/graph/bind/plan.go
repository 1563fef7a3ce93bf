package bind

import (
	"fmt"
	"unsafe"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
)

// plan is a validated operation, compiled: which fields of which rows are
// written in which order. It holds for the values of @skip and @include it
// was made for. Plans are shared between requests and never changed.
type plan struct {
	root  *selection
	asks  []Visibility // the circles its fields are for, Public left out
	slots int          // fields with arguments

	changing bool
	personal bool
	bytes    int // of memory, about
}

// selection is what is asked of one object.
type selection struct{ fields []*planned }

// planned is one field of an answer.
type planned struct {
	key      []byte // {"name": or ,"name": as it is written
	name     string // in paths
	typename string // for __typename, as it is written
	field    *field
	bound    *bound
	quick    appendLeaf // a row field everybody may see, written where it stands
	sub      *selection
	at       []Location

	slot  int // of its arguments in a run, or -1
	defs  []*graphql.Argument
	given []*ast.Argument
}

// compiler makes one plan. The guard has bounded how much there is to it.
type compiler struct {
	*Bound
	*collector
	plan  *plan
	lines lines
}

func (b *Bound) compile(q *query, vars map[string]any) (*plan, error) {
	c := &compiler{b, newCollector(q.doc, vars), &plan{}, linesOf(q.doc)}
	var err error
	c.plan.root, err = c.selection(root, c.of(q.operation.SelectionSet))
	return c.plan, err
}

func (c *compiler) selection(typ string, entries []asked) (*selection, error) {
	s := &selection{fields: make([]*planned, len(entries))}
	c.plan.bytes += int(unsafe.Sizeof(*s))
	for i, entry := range entries {
		var err error
		if s.fields[i], err = c.field(typ, entry); err != nil {
			return nil, err
		}
		open := byte(',')
		if i == 0 {
			open = '{'
		}
		s.fields[i].key = append(appendText([]byte{open}, entry.key), ':')
		c.plan.bytes += s.fields[i].bytes()
	}
	return s, nil
}

func (c *compiler) field(typ string, entry asked) (*planned, error) {
	p := &planned{name: entry.key, slot: -1}
	for _, n := range entry.nodes {
		p.at = append(p.at, c.lines.location(n.GetLoc().Start))
	}
	if entry.field() == "__typename" {
		p.typename = string(appendText(nil, typ))
		return p, nil
	}
	known := c.fields[typ][entry.field()]
	if known == nil {
		return nil, fmt.Errorf("plan: %s has no field %s", typ, entry.field())
	}
	p.field, p.bound = known.field, known.bound
	c.ask(p.field.to)
	c.plan.changing = c.plan.changing || p.bound.changing
	c.plan.personal = c.plan.personal || p.bound.personal
	if len(known.args) > 0 {
		p.slot, p.defs, p.given = c.plan.slots, known.args, entry.nodes[0].Arguments
		c.plan.slots++
	}
	if name := p.field.typ.named(); c.fields[name] != nil {
		var err error
		p.sub, err = c.selection(name, c.below(entry.nodes))
		return p, err
	}
	if b := p.bound; b.call == nil && p.field.to == Public && !b.omitEmpty && b.shape.kind == isLeaf {
		p.quick = b.shape.append
	}
	return p, nil
}

func (c *compiler) ask(to Visibility) {
	if to == Public {
		return
	}
	for _, have := range c.plan.asks {
		if have == to {
			return
		}
	}
	c.plan.asks = append(c.plan.asks, to)
}

// known is a field of the schema as plans need it.
type known struct {
	field *field
	bound *bound
	args  []*graphql.Argument
}

// known gathers what plans are made of once the library's types exist.
func (b *builder) known(schema graphql.Schema) map[string]map[string]*known {
	all := map[string]map[string]*known{}
	for _, o := range b.objects {
		fields := schema.Type(o.name).(*graphql.Object).Fields()
		all[o.name] = map[string]*known{}
		for _, f := range o.fields {
			all[o.name][f.name] = &known{f, b.fields[o.name][f.name], fields[f.name].Args}
		}
	}
	return all
}

// lines are where the lines of a document end.
type lines []struct{ end, next int }

func linesOf(doc *ast.Document) lines {
	if doc.Loc == nil || doc.Loc.Source == nil {
		return nil
	}
	body := doc.Loc.Source.Body
	var l lines
	for i := 0; i < len(body); i++ {
		next := i + 1
		switch body[i] {
		case '\r':
			if next < len(body) && body[next] == '\n' {
				next++
			}
		case '\n':
		default:
			continue
		}
		l = append(l, struct{ end, next int }{i, next})
		i = next - 1
	}
	return l
}

// location is line and column of a byte, as the library counts them.
func (l lines) location(at int) Location {
	place := Location{Line: 1, Column: at + 1}
	for _, line := range l {
		if line.end >= at {
			break
		}
		place.Line++
		place.Column = at + 1 - line.next
	}
	return place
}
