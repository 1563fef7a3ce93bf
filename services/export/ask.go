package export

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

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
// one: who may is the graph's to say and the same for every event, but for
// those of decided streams.
func (a Ask) shows(ctx context.Context) (bool, error) {
	data, err := a.answer(ctx, `{event(ordinal:"1"){data metadata}}`, nil)
	return value(data, "event/data") != nil && value(data, "event/metadata") != nil, err
}

// decided are the stream categories of which a reader who is shown events'
// contents may be shown those of some and not of others.
var decided = []string{"outcome", "finding"}

// hidden are those of n events, which data has the headers of, whose contents
// this reader is not shown: the graph is asked for each that it decides on.
func (a Ask) hidden(ctx context.Context, data node, before, n int) (map[int]bool, error) {
	var head, body []string
	variables := map[string]any{}
	for i := range n {
		stream, _ := value(data, fmt.Sprintf("e%d/stream", i)).(string)
		if category, _, _ := strings.Cut(stream, "-"); slices.Contains(decided, category) {
			head = append(head, fmt.Sprintf("$o%d:String!", i))
			body = append(body, fmt.Sprintf("e%d:event(ordinal:$o%d){data metadata}", i, i))
			variables[fmt.Sprintf("o%d", i)] = strconv.Itoa(before + i + 1)
		}
	}
	if len(head) == 0 {
		return nil, nil
	}
	got, err := a.answer(ctx, "query("+strings.Join(head, ",")+"){"+strings.Join(body, " ")+"}", variables)
	if err != nil {
		return nil, err
	}
	hidden := map[int]bool{}
	for i := range n {
		if e := fmt.Sprintf("e%d", i); variables[fmt.Sprintf("o%d", i)] != nil {
			hidden[i] = value(got, e+"/data") == nil || value(got, e+"/metadata") == nil
		}
	}
	return hidden, nil
}
