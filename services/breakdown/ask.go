package breakdown

import (
	"context"
	"encoding/json"
	"strings"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
)

// Ask answers a GraphQL document, over the read model at hand or over HTTP.
type Ask func(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error)

func ask[T any](ctx context.Context, a Ask, document string, variables map[string]any) (T, error) {
	var out T
	data, err := a(ctx, document, variables)
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	return out, err
}

const measureFields = `{ id key name kind dimension unit harder }`

// graphMeasure is a measure as GraphQL answers it.
type graphMeasure struct{ ID, Key, Name, Kind, Dimension, Unit, Harder string }

func (m graphMeasure) measure() Measure {
	of, _, _ := mandate.SplitMeasure(m.ID)
	return Measure{of, mandate.Measure{
		Key: m.Key, Name: m.Name, Kind: mandate.Kind(strings.ToLower(m.Kind)), Dimension: mandate.Dimension(strings.ToLower(m.Dimension)),
		Unit: m.Unit, Harder: strings.ToLower(m.Harder),
	}}
}

// Measures are the measures of mandates, in their order.
func Measures(ctx context.Context, a Ask, mandates []string) ([]Measure, error) {
	var all []Measure
	for _, id := range mandates {
		got, err := ask[struct {
			Mandate *struct{ Measures []graphMeasure }
		}](ctx, a, `query Measures($id: ID!) { mandate(id: $id) { measures `+measureFields+` } }`, map[string]any{"id": id})
		if err != nil {
			return nil, err
		}
		if got.Mandate == nil {
			return nil, mandate.Unknown(id)
		}
		for _, m := range got.Mandate.Measures {
			all = append(all, m.measure())
		}
	}
	return all, nil
}

// Unit is a unit as a sheet's rows are held against it.
type Unit struct {
	Code, Name string
	Merged     bool
	Above      []string // names of its superiors
}

type graphUnit struct {
	Code, Name string
	MergedInto *struct{ Code string }
	Path       []struct{ Name string }
}

func (u graphUnit) unit() Unit {
	out := Unit{Code: u.Code, Name: u.Name, Merged: u.MergedInto != nil}
	for _, p := range u.Path {
		out.Above = append(out.Above, p.Name)
	}
	return out
}

const unitFields = `{ code name mergedInto { code } path { name } }`

// unitByCode finds a unit; nil where there is none.
func unitByCode(ctx context.Context, a Ask, code string) (*Unit, error) {
	got, err := ask[struct{ Unit *graphUnit }](ctx, a, `query Unit($code: ID!) { unit(code: $code) `+unitFields+` }`, map[string]any{"code": code})
	if err != nil || got.Unit == nil {
		return nil, err
	}
	u := got.Unit.unit()
	return &u, nil
}

// maxFound bounds how many units of similar names are looked through.
const maxFound = 2000

// unitsNamed finds the units in a territory whose names hold a text.
func unitsNamed(ctx context.Context, a Ask, name, within string) (all []Unit, err error) {
	if ledger.CheckText("name", name, 100, true) != nil {
		return nil, nil // longer than any name
	}
	vars := map[string]any{"search": name, "within": within}
	for len(all) < maxFound {
		got, err := ask[struct {
			Units struct {
				Edges    []struct{ Node graphUnit }
				PageInfo struct {
					HasNextPage bool
					EndCursor   *string
				}
			}
		}](ctx, a, `query Units($search: String!, $within: ID!, $after: String) { units(search: $search, within: $within, first: 200, after: $after) {
  edges { node `+unitFields+` } pageInfo { hasNextPage endCursor } } }`, vars)
		if err != nil {
			return nil, err
		}
		for _, e := range got.Units.Edges {
			all = append(all, e.Node.unit())
		}
		if !got.Units.PageInfo.HasNextPage || got.Units.PageInfo.EndCursor == nil {
			break
		}
		vars["after"] = *got.Units.PageInfo.EndCursor
	}
	return all, nil
}
