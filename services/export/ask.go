package export

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"suyuan/services/ledger"
)

// Ask puts a GraphQL query to the graph as the reader the export is for, and
// gives the whole answer as it would go over the wire.
type Ask func(ctx context.Context, query string, variables map[string]any) []byte

// answer asks; an error in the answer is a *ledger.Error.
func (a Ask) answer(ctx context.Context, query string, variables map[string]any) (node, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var got struct {
		Data   node
		Errors []struct {
			Message    string
			Extensions struct {
				Code  ledger.Code
				Rule  string
				Field string
			}
		}
	}
	d := json.NewDecoder(bytes.NewReader(a(ctx, query, variables)))
	d.UseNumber()
	if err := d.Decode(&got); err != nil {
		return nil, fmt.Errorf("read an answer: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(got.Errors) > 0 {
		e := got.Errors[0]
		return nil, &ledger.Error{Code: e.Extensions.Code, Rule: e.Extensions.Rule, Text: ledger.Text{Zh: e.Message, En: e.Message}, Field: e.Extensions.Field}
	}
	return got.Data, nil
}

// now is the moment the graph stands at.
func (a Ask) now(ctx context.Context) (ordinal, root string, err error) {
	data, err := a.answer(ctx, "{ledger{ordinal root}}", nil)
	if err != nil {
		return "", "", err
	}
	ordinal, _ = value(data, "ledger/ordinal").(string)
	root, _ = value(data, "ledger/root").(string)
	return ordinal, root, nil
}

// shows reports whether this reader is shown events' contents, by asking for
// one: who may is the graph's to say and the same for every event.
func (a Ask) shows(ctx context.Context) (bool, error) {
	data, err := a.answer(ctx, `{event(ordinal:"1"){data metadata}}`, nil)
	return value(data, "event/data") != nil && value(data, "event/metadata") != nil, err
}
