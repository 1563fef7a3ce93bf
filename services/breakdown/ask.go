package breakdown

import (
	"context"
	"encoding/json"
	"math/big"
	"strings"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
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

// Record is one issuance as it is on record.
type Record struct {
	ID        string
	Title     string // of its first mandate
	Issuer    string
	Mandates  []string
	Part      *issuance.Part
	Withdrawn bool
	Lines     []issuance.Line // in the document's order; frequencies in lowest terms
	Names     map[string]string
	Retained  []issuance.Amount
	Stated    []issuance.Amount
	Measures  []Measure // of its mandates
	Last      string    // ordinal of the last event about it
}

type graphAmount struct {
	Measure graphMeasure
	Value   string
}

type graphIssuance struct {
	ID        string
	Issuer    struct{ Code string }
	Mandates  []struct{ ID, Title string }
	Part      *issuance.Part
	Withdrawn bool
	Retained  []graphAmount
	Stated    []graphAmount
	Events    []struct{ Ordinal string }
}

const issuanceQuery = `query Issuance($id: ID!) { issuance(id: $id) {
  id issuer { code } mandates { id title } part { of k n } withdrawn events { ordinal }
  retained { measure ` + measureFields + ` value } stated { measure ` + measureFields + ` value } } }`

// Load reads an issuance; nil where there is none.
func Load(ctx context.Context, a Ask, id string) (*Record, error) {
	got, err := ask[struct{ Issuance *graphIssuance }](ctx, a, issuanceQuery, map[string]any{"id": id})
	if err != nil || got.Issuance == nil {
		return nil, err
	}
	i := got.Issuance
	r := &Record{ID: i.ID, Issuer: i.Issuer.Code, Part: i.Part, Withdrawn: i.Withdrawn, Names: map[string]string{},
		Retained: amountsOf(i.Retained), Stated: amountsOf(i.Stated)}
	for _, m := range i.Mandates {
		r.Mandates = append(r.Mandates, m.ID)
	}
	if len(i.Mandates) > 0 {
		r.Title = i.Mandates[0].Title
	}
	if len(i.Events) > 0 {
		r.Last = i.Events[len(i.Events)-1].Ordinal
	}
	if r.Measures, err = Measures(ctx, a, r.Mandates); err != nil {
		return nil, err
	}
	return r, r.lines(ctx, a)
}

func amountsOf(list []graphAmount) (out []issuance.Amount) {
	for _, x := range list {
		out = append(out, issuance.Amount{Measure: x.Measure.ID, Value: written30(x.Measure.measure(), x.Value)})
	}
	return out
}

// graphLine is a line of one measure as GraphQL answers it.
type graphLine struct {
	To              struct{ Code, Name string }
	Measure         graphMeasure
	Value, Base     *string
	Items           []string
	Due             *time.Time
	DirectedBy      *struct{ Code string }
	Authority       *bool
	ResourcesGiven  *string
	ResourcesNeeded *string
}

const linesQuery = `query Lines($id: ID!, $after: String) { issuance(id: $id) { lines(first: 200, after: $after) {
  edges { node { to { code name } measure ` + measureFields + ` value base items due directedBy { code } authority resourcesGiven resourcesNeeded } }
  pageInfo { hasNextPage endCursor } } } }`

// lines reads page by page; the measures of one receiver become one line.
func (r *Record) lines(ctx context.Context, a Ask) error {
	at := map[string]int{}
	vars := map[string]any{"id": r.ID}
	for more := true; more; { // ends: a sheet has so many lines
		got, err := ask[struct {
			Issuance struct {
				Lines struct {
					Edges    []struct{ Node graphLine }
					PageInfo struct {
						HasNextPage bool
						EndCursor   *string
					}
				}
			}
		}](ctx, a, linesQuery, vars)
		if err != nil {
			return err
		}
		page := got.Issuance.Lines
		for _, e := range page.Edges {
			r.enter(at, e.Node)
		}
		if more = page.PageInfo.HasNextPage && page.PageInfo.EndCursor != nil; more {
			vars["after"] = *page.PageInfo.EndCursor
		}
	}
	return nil
}

func (r *Record) enter(at map[string]int, l graphLine) {
	i, ok := at[l.To.Code]
	if !ok {
		i = len(r.Lines)
		at[l.To.Code] = i
		r.Names[l.To.Code] = l.To.Name
		line := issuance.Line{To: l.To.Code, Authority: l.Authority, Given: resources(l.ResourcesGiven), Needed: resources(l.ResourcesNeeded)}
		if l.Due != nil {
			due := l.Due.In(ledger.Beijing)
			line.Due = &due
		}
		if l.DirectedBy != nil {
			line.DirectedBy = l.DirectedBy.Code
		}
		r.Lines = append(r.Lines, line)
	}
	amount := issuance.Amount{Measure: l.Measure.ID, Items: l.Items}
	if l.Value != nil {
		amount.Value, amount.Items = written30(l.Measure.measure(), *l.Value), nil
	}
	if l.Base != nil {
		amount.Base = *l.Base
	}
	r.Lines[i].Amounts = append(r.Lines[i].Amounts, amount)
}

// resources reads what GraphQL writes: kind, amount, and a comma between two.
func resources(s *string) (out []issuance.Resource) {
	if s == nil || *s == "" {
		return nil
	}
	for part := range strings.SplitSeq(*s, ", ") {
		kind, amount, _ := strings.Cut(part, " ")
		out = append(out, issuance.Resource{Kind: kind, Amount: amount})
	}
	return out
}

// written30 writes a value as commands take it: a frequency, which GraphQL
// answers as times per 30 days, as times per days in lowest terms.
func written30(m Measure, value string) string {
	if !m.IsFrequency() {
		return value
	}
	per30, ok := new(big.Rat).SetString(value)
	if !ok {
		return value
	}
	per30.Quo(per30, big.NewRat(30, 1))
	return per30.Num().String() + "/" + per30.Denom().String()
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
