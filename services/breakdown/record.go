package breakdown

import (
	"context"
	"math/big"
	"strings"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
)

// Record is one issuance as it is on record.
type Record struct {
	ID        string
	Title     string // of its first mandate
	Issuer    string
	Mandates  []string
	Document  string // empty: none
	Basis     []string
	Origin    bool
	Channel   string
	Sent      *time.Time
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
	Document  *struct{ ID string }
	Basis     []struct{ ID string }
	Origin    bool `json:"declaresOrigin"`
	Channel   string
	Sent      *time.Time
	Part      *issuance.Part
	Withdrawn bool
	Retained  []graphAmount
	Stated    []graphAmount
	Events    []struct{ Ordinal string }
}

const issuanceQuery = `query Issuance($id: ID!) { issuance(id: $id) {
  id issuer { code } mandates { id title } document { id } basis { id } declaresOrigin channel sent part { of k n } withdrawn events { ordinal }
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
	r.Origin, r.Channel, r.Sent = i.Origin, strings.ToLower(i.Channel), i.Sent
	if i.Document != nil {
		r.Document = i.Document.ID
	}
	for _, b := range i.Basis {
		r.Basis = append(r.Basis, b.ID)
	}
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
