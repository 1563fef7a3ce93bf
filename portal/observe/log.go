package observe

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"suyuan/services/ledger"
)

// Logs gives every line that is logged with a request's context the request's
// number, and drops what silent handlers log.
func Logs(to slog.Handler) slog.Handler { return handler{to} }

type handler struct{ slog.Handler }

func (h handler) Handle(ctx context.Context, line slog.Record) error {
	q := from(ctx)
	if q.silent {
		return nil
	}
	if q.id != "" {
		line = line.Clone()
		line.AddAttrs(slog.String("request", q.id))
	}
	return h.Handler.Handle(ctx, line)
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs)}
}
func (h handler) WithGroup(name string) slog.Handler { return handler{h.Handler.WithGroup(name)} }

// Panic is what a handler broke off with.
type Panic struct {
	What  string
	Stack string
}

func (p *Panic) Error() string { return "panic: " + p.What }

// Caught makes an error of what recover gave; call it where recover was called.
func Caught(fault any) error { return &Panic{fmt.Sprint(fault), string(debug.Stack())} }

// Report logs a fault of ours, once, where the request that met it is answered.
// A refusal with no fault of ours underneath, and what ended because the asker
// left, are not logged.
func Report(ctx context.Context, log *slog.Logger, err error) {
	e := ledger.AsError(err)
	ours := e.Code == ledger.Internal || e.Code == ledger.Unavailable && e.Unwrap() != nil
	if !ours || errors.Is(err, context.Canceled) {
		return
	}
	attrs := []slog.Attr{slog.String("rule", e.Rule), slog.String("route", from(ctx).route)}
	if cause := e.Unwrap(); cause != nil {
		attrs = append(attrs, slog.String("error", cause.Error()))
	} else {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	if p, ok := errors.AsType[*Panic](err); ok {
		attrs = append(attrs, slog.String("stack", p.Stack))
	}
	log.LogAttrs(ctx, slog.LevelError, "request failed", attrs...)
}
