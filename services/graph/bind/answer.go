package bind

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/graphql-go/graphql"

	"suyuan/services/ledger"
)

// request is what lasts while the library answers a query. It travels as the
// root value; the library answers a query in one goroutine.
type request struct {
	viewer Viewer
	left   int // fields that may still be answered
	stop   context.CancelCauseFunc
}

// answer is a field as the library calls it, by the same rules as run.answer.
type answer struct {
	field *field
	bound *bound
}

func (a *answer) resolve(p graphql.ResolveParams) (value any, err error) {
	defer func() {
		if r := recover(); r != nil {
			value, err = nil, recovered(r)
		}
	}()
	req := p.Info.RootValue.(*request)
	if err := req.spend(p.Context); err != nil {
		return nil, err
	}
	source := p.Source
	if a.field.on == root {
		source = struct{}{}
	}
	if a.field.to != Public && !req.viewer.May(p.Context, a.field.to, source) {
		if a.field.typ.nonNull {
			return nil, hidden(a.field)
		}
		return nil, nil
	}
	v, err := a.bound.get(p.Context, source, p.Args, a.bound.decode)
	if err != nil {
		if h, ok := err.(*halt); ok {
			req.stop(h.why)
		}
		return nil, err
	}
	if value, err = a.bound.convert(v); err != nil {
		return nil, err // the library answers with a value also beside an error
	}
	return value, nil
}

// Halt makes an error of one field end the whole query: nothing more is
// answered, and of what was answered nothing is shown. A resolver returns it
// as it is.
func Halt(why *ledger.Error) error { return &halt{why} }

type halt struct{ why *ledger.Error }

func (h *halt) Error() string { return h.why.Error() }

// recovered is the fault that a panic was, for the log.
func recovered(r any) error { return fmt.Errorf("panic: %v\n%s", r, debug.Stack()) }

// hidden refuses a field where the schema allows no null: where it does, what
// is hidden and what is not there look the same.
func hidden(f *field) error {
	return ledger.Errorf(ledger.Forbidden, "field.forbidden", "您无权查看字段 %s.%s。", "You may not see the field %s.%s.", f.on, f.name).
		At("%s.%s", f.on, f.name)
}

// spend counts the field and stops the query when it answers too many, or
// when nobody waits for it any more.
func (r *request) spend(ctx context.Context) error {
	if r.left--; r.left < 0 {
		r.stop(tooCostly())
	}
	return ctx.Err()
}
