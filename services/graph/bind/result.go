package bind

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/graphql-go/graphql/gqlerrors"
	"github.com/graphql-go/graphql/language/location"

	"suyuan/services/ledger"
)

// Result is the answer to a query. Executed is false where it was refused
// before anything was looked up: then Data is nil and its key is left out of
// the JSON.
type Result struct {
	Data     map[string]any
	Errors   []Error
	Executed bool
}

// Error is one error as the reader gets it.
type Error struct {
	Message    string     `json:"message"`
	Locations  []Location `json:"locations,omitempty"`
	Path       []any      `json:"path,omitempty"`
	Extensions Extensions `json:"extensions"`
}

// Extensions is what programs may rely on in an error.
type Extensions struct {
	Code  ledger.Code `json:"code"`
	Rule  string      `json:"rule"`
	Field string      `json:"field,omitempty"`
}

// Location is a place in the query, counted from 1.
type Location struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// MarshalJSON writes the answer as the specification of GraphQL has it.
func (r *Result) MarshalJSON() ([]byte, error) {
	if !r.Executed {
		return json.Marshal(struct {
			Errors []Error `json:"errors"`
		}{r.Errors})
	}
	return json.Marshal(struct {
		Data   map[string]any `json:"data"`
		Errors []Error        `json:"errors,omitempty"`
	}{r.Data, r.Errors})
}

// most is how many errors of one document are worth reading, and how many
// faults of one answer are worth logging.
const most = 10

// whole is an error of the whole request. What is not a *ledger.Error is a
// fault of ours: its text goes to the log only.
func (b *Bound) whole(ctx context.Context, err error, lang string) []Error {
	own := ledger.AsError(err)
	if own.Code == ledger.Internal {
		b.log(ctx, "", fault(err))
	}
	return []Error{newError(own, lang, nil, nil)}
}

func newError(own *ledger.Error, lang string, path []any, at []location.SourceLocation) Error {
	e := Error{Message: own.Text.In(lang), Path: path, Extensions: Extensions{own.Code, own.Rule, own.Field}}
	for _, l := range at {
		e.Locations = append(e.Locations, Location(l))
	}
	return e
}

// fieldErrors are the library's errors of an executed query, by path: the
// library answers fields in any order.
func (b *Bound) fieldErrors(ctx context.Context, errs []gqlerrors.FormattedError, lang string) []Error {
	var list []Error
	logged := 0
	for _, e := range errs {
		own := ledger.AsError(underneath(e))
		if own.Code == ledger.Internal && logged < most {
			b.log(ctx, dotted(e.Path), fault(underneath(e)))
			logged++
		}
		list = append(list, newError(own, lang, e.Path, e.Locations))
	}
	slices.SortStableFunc(list, func(x, y Error) int { return cmp.Compare(dotted(x.Path), dotted(y.Path)) })
	return list
}

// underneath is the error that a resolver returned, or the library's own.
func underneath(e gqlerrors.FormattedError) error {
	if located, ok := e.OriginalError().(*gqlerrors.Error); ok && located.OriginalError != nil {
		return located.OriginalError
	}
	return e
}

// fault is what the log gets: the cause where an internal error hides one.
func fault(err error) error {
	if own, ok := errors.AsType[*ledger.Error](err); ok && own.Unwrap() != nil {
		return own.Unwrap()
	}
	return err
}

func dotted(path []any) string {
	parts := make([]string, len(path))
	for i, p := range path {
		parts[i] = fmt.Sprint(p)
	}
	return strings.Join(parts, ".")
}
