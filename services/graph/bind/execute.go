package bind

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unsafe"

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
// than through Result.Errors. It runs in the caller's goroutine; when ctx ends
// it returns before the next field.
func (b *Bound) Execute(ctx context.Context, r Request) *Result {
	p, refused := b.Prepare(ctx, r)
	if refused != nil {
		return refused
	}
	return p.Run(ctx)
}

// Prepared is a query that this viewer may run, with its variables. It is
// used by one goroutine.
type Prepared struct {
	bound  *Bound
	query  *query
	plan   *plan // nil for a query of the schema
	vars   map[string]any
	viewer Viewer
	limits guard.Limits
}

// Prepare does all of Execute that needs no rows, or returns the refusal.
func (b *Bound) Prepare(ctx context.Context, r Request) (*Prepared, *Result) {
	p, refused := b.prepare(ctx, r)
	if refused != nil {
		return nil, refused
	}
	var err error
	if !p.query.introspects {
		p.plan, err = b.plan(p.query, p.vars)
	} else {
		err = answerable(p.query, p.vars)
	}
	if err != nil {
		return nil, refusal(b.whole(ctx, err, p.viewer.Lang()))
	}
	return p, nil
}

// prepare finds the query and its values, however it will be run.
func (b *Bound) prepare(ctx context.Context, r Request) (*Prepared, *Result) {
	p := &Prepared{bound: b, viewer: b.viewer(ctx), limits: b.public}
	if p.viewer == nil {
		p.viewer = nobody{}
	}
	if p.viewer.Staff() {
		p.limits = b.staff
	}
	var errs []Error
	if p.query, errs = b.query(ctx, r, p.limits, p.viewer); errs != nil {
		return nil, refusal(errs)
	}
	var err error
	if p.vars, err = p.query.values(r.Variables, p.limits); err != nil {
		return nil, refusal(b.whole(ctx, err, p.viewer.Lang()))
	}
	return p, nil
}

// Asks are the circles whose fields the query asks for, Public left out.
func (p *Prepared) Asks() []Visibility {
	if p.plan == nil {
		return nil
	}
	return p.plan.asks
}

// Changing reports whether the query asks for a field that was bound with
// Changing.
func (p *Prepared) Changing() bool { return p.plan != nil && p.plan.changing }

// Personal reports whether the query asks for a field that was bound with
// Personal.
func (p *Prepared) Personal() bool { return p.plan != nil && p.plan.personal }

// Introspects reports whether the schema is asked for, not data.
func (p *Prepared) Introspects() bool { return p.plan == nil }

// AppendKey writes what tells this query, with its variables, apart from every
// other since the process began, whoever asks.
func (p *Prepared) AppendKey(dst []byte) []byte {
	dst = append(strconv.AppendUint(dst, p.query.serial, 36), ' ')
	for _, v := range p.query.variables {
		dst = append(appendValue(dst, p.vars[v.name]), ',')
	}
	return dst
}

// appendValue writes a coerced value in one form only.
func appendValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return strconv.AppendQuote(dst, v)
	case int:
		return strconv.AppendInt(dst, int64(v), 10)
	case bool:
		return strconv.AppendBool(dst, v)
	case []any:
		dst = append(dst, '[')
		for _, item := range v {
			dst = append(appendValue(dst, item), ',')
		}
		return append(dst, ']')
	case map[string]any:
		dst = append(dst, '{')
		for _, name := range slices.Sorted(maps.Keys(v)) {
			dst = append(appendValue(append(append(dst, name...), ':'), v[name]), ',')
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// Run answers the query.
func (p *Prepared) Run(ctx context.Context) *Result {
	if p.plan == nil {
		return p.byLibrary(ctx)
	}
	x := p.newRun(ctx)
	defer p.free(x)
	x.buf = append(x.buf, dataKey...)
	mark := len(x.buf)
	switch x.object(p.plan.root, unsafe.Pointer(&struct{}{})) {
	case stopped:
	case failed:
		x.buf = append(x.buf[:mark], "null"...)
		x.cause = x.ended()
	default:
		x.cause = x.ended()
	}
	if x.cause != nil {
		return p.bound.abandoned(ctx, x.cause, p.viewer.Lang())
	}
	return newResult(x.buf, p.bound.failures(ctx, x.failures, p.viewer.Lang()))
}

// whyEnded says why a query was not answered to its end.
func whyEnded(ctx context.Context) error {
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
	q, err := b.own.known(r)
	if err != nil {
		return nil, refuse(err)
	}
	if q == nil {
		var errs []gqlerrors.FormattedError
		if q, errs, err = b.cached(r, limits); err != nil {
			return nil, refuse(err)
		}
		if len(errs) > 0 {
			return nil, invalid(errs, viewer)
		}
	}
	if err := q.used.Within(limits); err != nil {
		return nil, refuse(err)
	}
	if q.introspects && !viewer.Staff() {
		return nil, refuse(ledger.Errorf(ledger.Forbidden, "query.introspection",
			"只有登录的工作人员可以查询接口结构；接口的全部定义见公开网页 /schema。",
			"Only signed-in staff may ask for the schema; all of it can be read on the public page /schema."))
	}
	return q, nil
}

func (b *Bound) cached(r Request, limits guard.Limits) (*query, []gqlerrors.FormattedError, error) {
	if q := b.cache.get(key{r.Query, r.Operation}); q != nil {
		return q, nil, nil
	}
	q, errs, err := b.validate(r.Query, r.Operation, limits)
	if err == nil && len(errs) == 0 {
		q.key = key{strings.Clone(r.Query), strings.Clone(r.Operation)}
		b.cache.put(q.key, q, q.bytes())
	}
	return q, errs, err
}
