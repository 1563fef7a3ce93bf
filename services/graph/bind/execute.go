package bind

import (
	"context"
	"errors"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/gqlerrors"

	"suyuan/services/graph/guard"
	"suyuan/services/ledger"
)

// Request is one query: its text, or the ID of a document known beforehand
// (lower-case hex SHA-256 of its text), or both where they agree. Operation
// may be empty where the text holds one; Variables are the values of
// encoding/json.
type Request struct {
	Query     string
	ID        string
	Operation string
	Variables map[string]any
}

// Execute answers a query for the viewer in ctx. It never fails otherwise
// than through Result.Errors. When ctx ends it returns at once; a resolver
// still running finds its context cancelled.
func (b *Bound) Execute(ctx context.Context, r Request) *Result {
	viewer := b.viewer(ctx)
	if viewer == nil {
		viewer = nobody{}
	}
	limits := b.public
	if viewer.Staff() {
		limits = b.staff
	}
	q, errs := b.query(ctx, r, limits, viewer)
	if errs != nil {
		return &Result{Errors: errs}
	}
	vars, err := b.variables(q, r.Variables, limits)
	if err != nil {
		return &Result{Errors: b.whole(ctx, err, viewer.Lang())}
	}
	return b.run(ctx, q, r.Operation, vars, viewer, limits)
}

func (b *Bound) run(ctx context.Context, q *query, operation string, vars map[string]any, viewer Viewer, limits guard.Limits) *Result {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	got := graphql.Execute(graphql.ExecuteParams{
		Schema:        b.schema,
		Root:          &request{viewer: viewer, left: limits.Resolved, stop: stop},
		AST:           q.doc,
		OperationName: operation,
		Args:          vars,
		Context:       ctx,
	})
	result := &Result{Executed: true}
	if ctx.Err() != nil {
		result.Errors = b.whole(ctx, stopped(ctx), viewer.Lang())
		return result
	}
	result.Data, _ = got.Data.(map[string]any)
	result.Errors = b.fieldErrors(ctx, got.Errors, viewer.Lang())
	return result
}

// stopped says why a query was not answered to its end.
func stopped(ctx context.Context) error {
	cause := context.Cause(ctx)
	if own, ok := errors.AsType[*ledger.Error](cause); ok {
		return own
	}
	return ledger.Errorf(ledger.Unavailable, "query.stopped", "查询在完成前被中止；请缩小范围后重试。", "The query was stopped before it was answered; ask for less and try again.").Because(cause)
}

// query finds or makes the validated document and asks whether this viewer
// may run it.
func (b *Bound) query(ctx context.Context, r Request, limits guard.Limits, viewer Viewer) (*query, []Error) {
	refuse := func(err error) []Error { return b.whole(ctx, err, viewer.Lang()) }
	if err := (guard.Limits{Length: len(r.Query)}).Within(limits); err != nil { // before it is even hashed
		return nil, refuse(err)
	}
	key := keyOf(r.Query, r.Operation)
	q := b.cache.get(key)
	if q == nil {
		var errs []gqlerrors.FormattedError
		var err error
		if q, errs, err = b.validate(r.Query, r.Operation, limits); err != nil {
			return nil, refuse(err)
		}
		if len(errs) > 0 {
			return nil, invalid(errs, viewer)
		}
		b.cache.put(key, q, len(r.Query))
	}
	if err := q.used.Within(limits); err != nil {
		return nil, refuse(err)
	}
	if q.introspects && !viewer.Staff() {
		return nil, refuse(ledger.Errorf(ledger.Forbidden, "query.introspection",
			"只有登录的工作人员可以查询接口结构；接口定义见公开的 schema 目录。",
			"Only signed-in staff may ask for the schema; it is published in the schema directory."))
	}
	return q, nil
}
