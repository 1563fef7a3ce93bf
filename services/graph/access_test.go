package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
)

// readers are the roles that the access table is walked with, and which
// circles each is in; party means a clerk of the town that objected.
var readers = []struct {
	name string
	by   ledger.Actor
	in   []bind.Visibility
}{
	{"nobody", ledger.Actor{}, []bind.Visibility{bind.Public}},
	{"a clerk elsewhere", as(ledger.Clerk, "9902"), []bind.Visibility{bind.Public}},
	{"a clerk of no unit", as(ledger.Clerk, ""), []bind.Visibility{bind.Public}},
	{"the clerk who objected", as(ledger.Clerk, "990201001"), []bind.Visibility{bind.Public, bind.Party}},
	{"the clerk who owed the answer", as(ledger.Clerk, "990201"), []bind.Visibility{bind.Public, bind.Party}},
	{"a clerk's unit without the role", ledger.Actor{Account: "x", Unit: "990201001"}, []bind.Visibility{bind.Public}},
	{"an investigator", as(ledger.Investigator, ""), []bind.Visibility{bind.Public, bind.Party, bind.Staff}},
	{"a reviewer", as(ledger.Reviewer, "99"), []bind.Visibility{bind.Public, bind.Party, bind.Staff}},
	{"an admin", as(ledger.Admin, ""), []bind.Visibility{bind.Public, bind.Party, bind.Staff}},
	{"an auditor", as(ledger.Auditor, ""), []bind.Visibility{bind.Public, bind.Party, bind.Staff}},
}

// arguments reach rows that say something, in the ledger of the scenarios.
var arguments = map[string]string{
	"Query.unit":       `(code: "990201")`,
	"Query.mandate":    `(id: "funds-150")`,
	"Query.issuance":   `(id: "funds-150-county")`,
	"Query.document":   `(id: "%s")`, // whichever there is
	"Query.trace":      `(mandate: "farmland-600", unit: "990101001002")`,
	"Query.cascade":    `(mandate: "farmland-600", measure: "area")`,
	"Query.event":      `(ordinal: "2")`,
	"Query.objections": `(mandate: "funds-150")`,
}

// A role sees a field exactly if it is in the field's circle: real queries
// for every field of the schema, as every reader.
func TestAccessTable(t *testing.T) {
	w := played(t)
	s := schemaOf(w)
	document := w.one(`{ documents(first: 1) { edges { node { id } } } }`, "documents", "edges", "node", "id")
	arguments := mapped(arguments, func(a string) string { return strings.Replace(a, "%s", document, 1) })
	kinds := map[bind.Visibility]int{}
	for _, field := range w.graph.Access() {
		path, ok := s.path(field.Type)
		if !ok {
			t.Errorf("%s cannot be reached", field.Type)
			continue
		}
		query := s.query(append(path, step{field.Type, field.Field}), arguments)
		for _, reader := range readers {
			data, errs := w.ask(reader.by, "en", query)
			value := at(data, append(path, step{field.Type, field.Field}))
			refused := len(errs) > 0 && errs[0].Extensions.Rule == "field.forbidden"
			kinds[field.To]++
			switch may := slices.Contains(reader.in, field.To); {
			case len(errs) > 0 && !refused:
				t.Errorf("%s for %s: %+v", query, reader.name, errs)
			case !may && !refused && value != nil:
				t.Errorf("%s.%s (%s) shows %v to %s", field.Type, field.Field, field.To, value, reader.name)
			case may && (refused || field.To != bind.Public && value == nil):
				t.Errorf("%s.%s (%s) is hidden from %s: %s", field.Type, field.Field, field.To, reader.name, query)
			}
		}
	}
	if kinds[bind.Party] == 0 || kinds[bind.Staff] == 0 || kinds[bind.Public] == 0 {
		t.Errorf("only %v was walked", kinds)
	}
}

func mapped(m map[string]string, f func(string) string) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		out[k] = f(v)
	}
	return out
}

// one reads a single text out of an answer.
func (w *world) one(query string, keys ...string) string {
	w.t.Helper()
	data, errs := w.ask(ledger.Actor{}, "en", query)
	var path []step
	for _, k := range keys {
		path = append(path, step{"", k})
	}
	text, ok := at(data, path).(string)
	if len(errs) > 0 || !ok {
		w.t.Fatalf("%s: %v %v", query, data, errs)
	}
	return text
}

// shape is the schema as staff are told it: by type and field, the field's
// type and whether that is an object.
type shape map[string]map[string]target

type target struct {
	typ    string
	object bool
}

type step struct{ typ, field string }

func schemaOf(w *world) shape {
	w.t.Helper()
	data, errs := w.ask(as(ledger.Auditor, ""), "en",
		`{ __schema { types { name fields { name type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }`)
	if len(errs) > 0 {
		w.t.Fatal(errs)
	}
	type named struct {
		Kind, Name string
		OfType     *json.RawMessage
	}
	var got struct {
		Schema struct {
			Types []struct {
				Name   string
				Fields []struct {
					Name string
					Type json.RawMessage
				}
			}
		} `json:"__schema"`
	}
	text, err := json.Marshal(data)
	w.must(err)
	w.must(json.Unmarshal(text, &got))
	s := shape{}
	for _, t := range got.Schema.Types {
		s[t.Name] = map[string]target{}
		for _, f := range t.Fields {
			var n named
			w.must(json.Unmarshal(f.Type, &n))
			for n.OfType != nil {
				inner := *n.OfType
				n = named{}
				w.must(json.Unmarshal(inner, &n))
			}
			s[t.Name][f.Name] = target{n.Name, n.Kind == "OBJECT"}
		}
	}
	return s
}

// path is a shortest way from Query to a type, by fields that need no
// argument or have one above. Where a type is reached by several, the one
// given first in the alphabet is taken.
func (s shape) path(to string) ([]step, bool) {
	type place struct {
		typ  string
		path []step
	}
	seen := map[string]bool{"Query": true}
	for queue := []place{{"Query", nil}}; len(queue) > 0; queue = queue[1:] {
		p := queue[0]
		if p.typ == to {
			return p.path, true
		}
		fields := make([]string, 0, len(s[p.typ]))
		for f := range s[p.typ] {
			fields = append(fields, f)
		}
		slices.Sort(fields)
		for _, f := range fields {
			if t := s[p.typ][f]; t.object && !seen[t.typ] {
				seen[t.typ] = true
				queue = append(queue, place{t.typ, append(slices.Clone(p.path), step{p.typ, f})})
			}
		}
	}
	return nil, false
}

func (s shape) query(path []step, arguments map[string]string) string {
	last := path[len(path)-1]
	text := ""
	if s[last.typ][last.field].object {
		text = " { __typename }"
	}
	for i := len(path) - 1; i >= 0; i-- {
		text = fmt.Sprintf(" { %s%s%s }", path[i].field, arguments[path[i].typ+"."+path[i].field], text)
	}
	return strings.TrimSpace(text)
}

// at follows a path into an answer, into the first entry of every list.
func at(v any, path []step) any {
	for _, s := range path {
		for {
			list, ok := v.([]any)
			if !ok {
				break
			}
			if len(list) == 0 {
				return nil
			}
			v = list[0]
		}
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[s.field]
	}
	return v
}
