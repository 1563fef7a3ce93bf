package report

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"suyuan/services/complaint/claim"
)

// Querier answers a GraphQL document as JSON, as the portal's does: what can be
// chosen here is what the public sees.
type Querier interface {
	Query(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error)
}

var (
	//go:embed pages/mandates.graphql
	mandatesDocument string
	//go:embed pages/units.graphql
	unitsDocument string
)

// Documents are the GraphQL documents that the pages run, by name, for checking
// against the schema.
func Documents() map[string]string {
	return map[string]string{"report mandates": mandatesDocument, "report units": unitsDocument}
}

// Public lists what the public sees of the ledger.
func Public(q Querier) Lister { return public{q} }

type public struct{ query Querier }

// List implements Lister.
func (p public) List(ctx context.Context) (Choices, error) {
	var out Choices
	err := p.all(ctx, mandatesDocument, map[string]any{}, mostMandates, func(node json.RawMessage) error {
		var m struct {
			ID, Title string
			Withdrawn bool
			Document  *struct{ Number string }
			Measures  []Measure
		}
		if err := json.Unmarshal(node, &m); err != nil {
			return err
		}
		if m.Withdrawn {
			return nil
		}
		it := Mandate{ID: m.ID, Title: m.Title, Measures: m.Measures}
		if m.Document != nil {
			it.Number = m.Document.Number
		}
		for i := range it.Measures {
			it.Measures[i].Dimension = strings.ToLower(it.Measures[i].Dimension)
		}
		out.Mandates = append(out.Mandates, it)
		return nil
	})
	for _, level := range claim.Levels {
		if room := mostUnits - len(out.Units); err == nil && room > 0 && level != "VILLAGE" {
			err = p.all(ctx, unitsDocument, map[string]any{"level": level}, room, func(node json.RawMessage) error {
				var u struct {
					Code, Name, Level string
					Parent            *struct{ Code string }
				}
				if err := json.Unmarshal(node, &u); err != nil {
					return err
				}
				it := Unit{Code: u.Code, Name: u.Name, Level: u.Level}
				if u.Parent != nil {
					it.Under = u.Parent.Code
				}
				out.Units = append(out.Units, it)
				return nil
			})
		}
	}
	return out, err
}

// all reads a list page by page, up to so many.
func (p public) all(ctx context.Context, document string, variables map[string]any, most int, each func(json.RawMessage) error) error {
	variables["first"] = 200
	for read := 0; read < most; {
		raw, err := p.query.Query(ctx, document, variables)
		if err != nil {
			return err
		}
		var got struct {
			List struct {
				Edges    []struct{ Node json.RawMessage }
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
		}
		if err := json.Unmarshal(raw, &got); err != nil {
			return fmt.Errorf("list choices: %w", err)
		}
		for _, edge := range got.List.Edges {
			if err := each(edge.Node); err != nil {
				return fmt.Errorf("list choices: %w", err)
			}
		}
		read += len(got.List.Edges)
		if !got.List.PageInfo.HasNextPage || len(got.List.Edges) == 0 {
			return nil
		}
		variables["after"] = got.List.PageInfo.EndCursor
	}
	return nil
}
