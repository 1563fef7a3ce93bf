// Package graphtest makes random queries out of a schema and compares
// answers, for tests that hold two ways of answering to be one. It knows no
// domain type and must never be imported outside tests.
package graphtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Introspection is what Read wants the answer to.
const Introspection = `query I{__schema{types{kind name fields{name args{name type{...R}} type{...R}} inputFields{name type{...R}} enumValues{name}}}}
fragment R on __Type{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name}}}}}`

// Schema is what queries are made of.
type Schema struct {
	types map[string]*typ
	// Samples are values worth asking with, by argument ("Query.unit(code:)")
	// or by the name of its type.
	Samples map[string][]any
	// Often are fields ("Query.objections") that a third of the selections on
	// their types ask for, so that no run goes by without them.
	Often []string
}

type typ struct {
	Kind, Name string
	Fields     []field
	Inputs     []argument              `json:"inputFields"`
	Enum       []struct{ Name string } `json:"enumValues"`
}

type field struct {
	Name string
	Args []argument
	Type *ref
}

type argument struct {
	Name string
	Type *ref
}

type ref struct {
	Kind, Name string
	OfType     *ref
}

func (r *ref) String() string {
	switch r.Kind {
	case "NON_NULL":
		return r.OfType.String() + "!"
	case "LIST":
		return "[" + r.OfType.String() + "]"
	}
	return r.Name
}

func (r *ref) named() string {
	for r.OfType != nil {
		r = r.OfType
	}
	return r.Name
}

// Read reads the data answered to Introspection.
func Read(data json.RawMessage) (*Schema, error) {
	var got struct {
		Schema struct{ Types []*typ } `json:"__schema"`
	}
	if err := json.Unmarshal(data, &got); err != nil {
		return nil, err
	}
	s := &Schema{types: map[string]*typ{}, Samples: map[string][]any{}}
	for _, t := range got.Schema.Types {
		if strings.HasPrefix(t.Name, "__") {
			continue
		}
		slices.SortFunc(t.Fields, func(a, b field) int { return strings.Compare(a.Name, b.Name) })
		slices.SortFunc(t.Inputs, func(a, b argument) int { return strings.Compare(a.Name, b.Name) })
		slices.SortFunc(t.Enum, func(a, b struct{ Name string }) int { return strings.Compare(a.Name, b.Name) })
		s.types[t.Name] = t
	}
	if s.types["Query"] == nil {
		return nil, fmt.Errorf("the schema has no Query")
	}
	return s, nil
}
