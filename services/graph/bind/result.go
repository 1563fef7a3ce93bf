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

	"suyuan/services/ledger"
)

// Result is the answer to a query. Executed is false where it was refused
// before anything was looked up: then there is no Data, and its key is left
// out of the JSON. Nothing of it may be changed.
type Result struct {
	Data     json.RawMessage // in the order of the query; null where an error took all of it
	Errors   []Error
	Executed bool
	body     []byte
}

// Body is the answer as the specification of GraphQL has it, a JSON object.
func (r *Result) Body() []byte { return r.body }

// MarshalJSON is Body.
func (r *Result) MarshalJSON() ([]byte, error) { return r.body, nil }

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

const dataKey = `{"data":`

// newResult finishes a body that holds the data already. It keeps a copy.
func newResult(body []byte, errs []Error) *Result {
	data := len(body)
	if len(errs) > 0 {
		body = appendErrors(append(body, ','), errs)
	}
	body = append(body, '}')
	own := make([]byte, len(body))
	copy(own, body)
	return &Result{Data: own[len(dataKey):data:data], Errors: errs, Executed: true, body: own}
}

// abandoned is the result of a query that ended before its answer did.
func (b *Bound) abandoned(ctx context.Context, why error, lang string) *Result {
	return newResult([]byte(dataKey+"null"), b.whole(ctx, why, lang))
}

// refusal is the result of a query that is not run.
func refusal(errs []Error) *Result {
	return &Result{Errors: errs, body: append(appendErrors([]byte{'{'}, errs), '}')}
}

func appendErrors(dst []byte, errs []Error) []byte {
	dst = append(dst, `"errors":[`...)
	for i, e := range errs {
		if i > 0 {
			dst = append(dst, ',')
		}
		text, err := json.Marshal(e) // strings and numbers: it does not fail
		if err != nil {
			text = []byte("{}")
		}
		dst = append(dst, text...)
	}
	return append(dst, ']')
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

func newError(own *ledger.Error, lang string, path []any, at []Location) Error {
	return Error{Message: own.Text.In(lang), Path: path, Locations: at, Extensions: Extensions{own.Code, own.Rule, own.Field}}
}

// failures are the errors of an executed query as the reader gets them, by
// path. The faults among them go to the log.
func (b *Bound) failures(ctx context.Context, found []failure, lang string) []Error {
	var list []Error
	logged := 0
	for _, f := range found {
		own := ledger.AsError(f.err)
		if own.Code == ledger.Internal && logged < most {
			b.log(ctx, dotted(f.path), fault(f.err))
			logged++
		}
		list = append(list, newError(own, lang, f.path, f.at))
	}
	slices.SortStableFunc(list, func(x, y Error) int { return cmp.Compare(dotted(x.Path), dotted(y.Path)) })
	return list
}

// fieldErrors are failures as the library tells them.
func (b *Bound) fieldErrors(ctx context.Context, errs []gqlerrors.FormattedError, lang string) []Error {
	found := make([]failure, len(errs))
	for i, e := range errs {
		found[i] = failure{path: e.Path, err: underneath(e)}
		for _, l := range e.Locations {
			found[i].at = append(found[i].at, Location(l))
		}
	}
	return b.failures(ctx, found, lang)
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
