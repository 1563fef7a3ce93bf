package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"suyuan/services/graph"
	"suyuan/services/ledger"
)

func traceCommand(io streams) *cobra.Command {
	var at place
	var ask traceOf
	var lang string
	var raw bool
	c := &cobra.Command{
		Use:   "trace --mandate ID --unit CODE [--measure KEY]",
		Short: "Show which level added each part of what a unit was asked for",
		Args:  noArgs,
	}
	at.flags(c)
	c.Flags().StringVar(&ask.mandate, "mandate", "", "the mandate's id")
	c.Flags().StringVar(&ask.unit, "unit", "", "the unit's code")
	c.Flags().StringVar(&ask.measure, "measure", "", "one measure's key (default: all)")
	c.Flags().BoolVar(&raw, "json", false, "print the answer of the GraphQL query trace as it is")
	languageFlag(c, &lang)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if ask.mandate == "" || ask.unit == "" {
			return usage{errors.New("trace: say which with --mandate and --unit")}
		}
		h, err := at.read(c.Context())
		if err != nil {
			return notVerified(err)
		}
		defer func() { _ = h.store.Close() }()
		lang = language(lang)
		data, err := ask.query(c.Context(), h.graph, lang)
		if err != nil {
			return err
		}
		if raw {
			_, err := fmt.Fprintf(io.out, "%s\n", data)
			return err
		}
		return printTraces(io.out, data, lang)
	}
	return c
}

// traceOf is what to trace.
type traceOf struct{ mandate, unit, measure string }

const traceQuery = `query Trace($mandate: ID!, $unit: ID!, $measure: ID) {
  trace(mandate: $mandate, unit: $unit, measure: $measure) {
    mandate { id title } unit { code name level } measure { key name unit kind harder } issuance { id }
    value provisional asOf
    reference { unit { code name level } value document { id number title } events { ordinal hash } }
    steps { ...S } layers { ...S }
    items { item units { code name } events { ordinal hash } }
    reliefs { item unit { code name } events { ordinal hash } }
    flags { code unit { code name } found expected events { ordinal hash } }
  }
}
fragment S on Step { unit { code name } level amount ratio kind authorised source document { id number title } events { ordinal hash } }`

// query asks the same question a page or a program asks.
func (t traceOf) query(ctx context.Context, g *graph.Graph, lang string) (json.RawMessage, error) {
	vars := map[string]any{"mandate": t.mandate, "unit": t.unit}
	if t.measure != "" {
		vars["measure"] = t.measure
	}
	data, err := g.Query(graph.WithViewer(ctx, ledger.Actor{}, lang), traceQuery, vars)
	if err != nil {
		return nil, err
	}
	var found struct {
		Trace []json.RawMessage `json:"trace"`
	}
	if err := json.Unmarshal(data, &found); err != nil {
		return nil, err
	}
	if len(found.Trace) == 0 {
		return nil, ledger.Errorf(ledger.NotFound, "trace.nothing", "单位 %[1]s 没有收到任务 %[2]s 的这项指标。", "Unit %[1]s received nothing of this measure of mandate %[2]s.", t.unit, t.mandate)
	}
	return data, nil
}
