package graphtest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"pgregory.net/rapid"
)

// Query is a random valid query with variables.
type Query struct {
	Text      string
	Variables map[string]any
}

// Draw makes a query with aliases, arguments, variables, fragments and
// directives, nested to at most depth.
func (s *Schema) Draw(t *rapid.T, depth int) Query {
	d := &drawing{Schema: s, t: t, vars: map[string]any{}, fragments: map[string][]string{}}
	set := d.set("Query", depth)
	head := "query Q"
	if len(d.declared) > 0 {
		head += "(" + strings.Join(d.declared, " ") + ")"
	}
	return Query{head + set + strings.Join(d.texts, ""), d.vars}
}

type drawing struct {
	*Schema
	t         *rapid.T
	n         int // names given so far
	declared  []string
	vars      map[string]any
	fragments map[string][]string // by type
	texts     []string
}

func (d *drawing) one(n int) bool { return rapid.IntRange(1, n).Draw(d.t, "chance") == 1 }

func (d *drawing) name(prefix string) string {
	d.n++
	return prefix + strconv.Itoa(d.n)
}

func (d *drawing) set(on string, depth int) string {
	var b strings.Builder
	b.WriteString(" {")
	for range rapid.IntRange(1, 4).Draw(d.t, "selections") {
		b.WriteByte(' ')
		kind := rapid.IntRange(0, 11).Draw(d.t, "selection")
		if depth < 1 && kind < 4 {
			kind = 0
		}
		switch kind {
		case 0:
			b.WriteString("__typename" + d.directives())
		case 1:
			b.WriteString("..." + d.directives() + d.set(on, depth-1))
		case 2:
			b.WriteString("... on " + on + d.directives() + d.set(on, depth-1))
		case 3:
			b.WriteString("..." + d.fragment(on, depth) + d.directives())
		default:
			b.WriteString(d.field(on, depth))
		}
	}
	return b.String() + " }"
}

// fragment is finished before it can be spread, so none goes in circles.
func (d *drawing) fragment(on string, depth int) string {
	if known := d.fragments[on]; len(known) > 0 && !d.one(3) {
		return rapid.SampledFrom(known).Draw(d.t, "fragment")
	}
	set := d.set(on, depth-1)
	name := d.name("F")
	d.fragments[on] = append(d.fragments[on], name)
	d.texts = append(d.texts, " fragment "+name+" on "+on+set)
	return name
}

// field is aliased by a name of its own where it has arguments, so that no
// two of one name differ.
func (d *drawing) field(on string, depth int) string {
	var fields, often []field
	for _, f := range d.types[on].Fields {
		if depth > 1 || d.types[f.Type.named()].Kind != "OBJECT" {
			fields = append(fields, f)
			if slices.Contains(d.Often, on+"."+f.Name) {
				often = append(often, f)
			}
		}
	}
	if len(fields) == 0 {
		return "__typename"
	}
	if len(often) > 0 && d.one(3) {
		fields = often
	}
	f := rapid.SampledFrom(fields).Draw(d.t, "field")
	text := f.Name + d.arguments(on+"."+f.Name, f.Args)
	switch {
	case len(f.Args) > 0:
		text = d.name("a") + ":" + text
	case d.one(5):
		text = f.Name + "_x:" + text
	}
	text += d.directives()
	if d.types[f.Type.named()].Kind == "OBJECT" {
		text += d.set(f.Type.named(), depth-1)
	}
	return text
}

func (d *drawing) directives() string {
	if !d.one(8) {
		return ""
	}
	condition := rapid.SampledFrom([]string{"true", "false", "$"}).Draw(d.t, "condition")
	if condition == "$" {
		condition = "$" + d.name("b")
		d.declared = append(d.declared, condition+":Boolean!")
		d.vars[condition[1:]] = rapid.Bool().Draw(d.t, "switch")
	}
	return fmt.Sprintf(" @%s(if:%s)", rapid.SampledFrom([]string{"skip", "include"}).Draw(d.t, "directive"), condition)
}

func (d *drawing) arguments(place string, args []argument) string {
	var parts []string
	for _, a := range args {
		at := place + "(" + a.Name + ":)"
		if a.Type.Kind != "NON_NULL" && d.one(2) {
			continue
		}
		if d.one(3) {
			parts = append(parts, a.Name+":"+d.variable(at, a.Type))
		} else {
			parts = append(parts, a.Name+":"+literal(d.value(at, a.Type, 2)))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, " ") + ")"
}

func (d *drawing) variable(place string, r *ref) string {
	name := d.name("v")
	text := "$" + name + ":" + r.String()
	if r.Kind == "NON_NULL" {
		d.vars[name] = plain(d.value(place, r, 2))
	} else {
		if d.one(3) {
			text += " = " + literal(d.value(place, r, 2))
		}
		switch rapid.IntRange(0, 3).Draw(d.t, "given") {
		case 0: // left out
		case 1:
			d.vars[name] = nil
		default:
			d.vars[name] = plain(d.value(place, r, 2))
		}
	}
	d.declared = append(d.declared, text)
	return "$" + name
}

// word is an enum's value, which is quoted in variables only.
type word string

func (d *drawing) value(place string, r *ref, depth int) any {
	switch r.Kind {
	case "NON_NULL":
		return d.value(place, r.OfType, depth)
	case "LIST":
		list := []any{}
		for range rapid.IntRange(0, 2).Draw(d.t, "items") {
			list = append(list, d.value(place, r.OfType, depth))
		}
		return list
	}
	for _, key := range []string{place, r.Name} {
		if samples := d.Samples[key]; len(samples) > 0 {
			return rapid.SampledFrom(samples).Draw(d.t, place)
		}
	}
	switch t := d.types[r.Name]; {
	case t.Kind == "ENUM":
		return word(rapid.SampledFrom(t.Enum).Draw(d.t, "enum").Name)
	case t.Kind == "INPUT_OBJECT":
		return d.object(t, depth)
	case r.Name == "Int":
		return rapid.IntRange(0, 5).Draw(d.t, "int")
	case r.Name == "Boolean":
		return rapid.Bool().Draw(d.t, "bool")
	case r.Name == "Date":
		return fmt.Sprintf("20%02d-0%d-15", rapid.IntRange(10, 60).Draw(d.t, "year"), rapid.IntRange(1, 9).Draw(d.t, "month"))
	}
	return rapid.SampledFrom([]string{"", "a", "\"\\\n\u2028<é", "溯源"}).Draw(d.t, "text")
}

func (d *drawing) object(t *typ, depth int) any {
	object := map[string]any{}
	for _, in := range t.Inputs {
		if in.Type.Kind == "NON_NULL" || depth > 0 && d.one(2) {
			object[in.Name] = d.value(t.Name+"("+in.Name+":)", in.Type, depth-1)
		}
	}
	return object
}

func literal(v any) string {
	switch v := v.(type) {
	case word:
		return string(v)
	case string:
		return strconv.QuoteToASCII(v)
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = literal(item)
		}
		return "[" + strings.Join(parts, " ") + "]"
	case map[string]any:
		var parts []string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, k+":"+literal(v[k]))
		}
		return "{" + strings.Join(parts, " ") + "}"
	}
	return fmt.Sprint(v)
}

// plain is a value as encoding/json would have it.
func plain(v any) any {
	switch v := v.(type) {
	case word:
		return string(v)
	case int:
		return float64(v)
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = plain(item)
		}
		return list
	case map[string]any:
		object := map[string]any{}
		for k, item := range v {
			object[k] = plain(item)
		}
		return object
	}
	return v
}
