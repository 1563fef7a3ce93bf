package observe

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"

	"suyuan/services/ledger"
)

// Seen is a request that was answered.
type Seen struct {
	Route  string // a template, or Unmatched
	Method string // one of the usual ones, or "other"
	Status int
	Took   time.Duration
}

// Observer watches handlers.
type Observer struct {
	Log    *slog.Logger // over Logs, so that every line of a request names it
	Clock  ledger.Clock
	Random io.Reader // where the numbers come from
	// Count is told of every request, Hidden of those to silent handlers: their
	// status and nothing else.
	Count  func(Seen)
	Hidden func(status int)
	// Broken answers a request whose handler broke off before it had answered.
	// It reports the error it is given (Report).
	Broken func(http.ResponseWriter, *http.Request, error)
	// Quiet are the routes that are asked every few seconds by machines; they
	// are logged at debug level.
	Quiet []string
}

// Watch gives every request to next a number and a line in the log, and
// answers for next where it panics.
func (o *Observer) Watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := o.Clock()
		q := &request{route: Unmatched}
		var err error
		if q.id, err = newID(o.Random); err != nil {
			Report(r.Context(), o.Log, err)
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		w.Header().Set(HeaderID, q.id)
		a := &answer{ResponseWriter: w}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
		defer func() { o.note(r, q, a, o.Clock().Sub(began)) }()
		o.guard(next, a, r)
	})
}

// guard catches what next panics with. Half an answer is cut off rather than
// completed: it must not look like a whole one.
func (o *Observer) guard(next http.Handler, a *answer, r *http.Request) {
	defer func() {
		switch fault := recover(); {
		case fault == nil:
		case fault == http.ErrAbortHandler:
			panic(fault)
		case a.status != 0:
			Report(r.Context(), o.Log, Caught(fault))
			panic(http.ErrAbortHandler)
		default:
			o.Broken(a, r, Caught(fault))
		}
	}()
	next.ServeHTTP(a, r)
}

func (o *Observer) note(r *http.Request, q *request, a *answer, took time.Duration) {
	seen := Seen{Route: q.route, Method: method(r), Status: a.Status(), Took: took}
	o.Count(seen)
	level := slog.LevelInfo
	for _, route := range o.Quiet {
		if route == q.route {
			level = slog.LevelDebug
		}
	}
	if !o.Log.Enabled(r.Context(), level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", seen.Method), slog.String("route", seen.Route), slog.Int("status", seen.Status),
		slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if q.roles != "" {
		attrs = append(attrs, slog.String("roles", q.roles))
	}
	o.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

// Silent keeps next out of every log, and gives its requests no number: they
// are counted by the class of their status, without route, method or time.
// Whatever next logs with the request's context is dropped, and so is what it
// panics with.
func (o *Observer) Silent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := &answer{ResponseWriter: w}
		defer func() {
			fault := recover()
			if fault != nil && a.status == 0 && fault != http.ErrAbortHandler {
				a.WriteHeader(http.StatusInternalServerError)
				fault = nil
			}
			o.Hidden(a.Status())
			if fault != nil {
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(a, r.WithContext(context.WithValue(r.Context(), requestKey{}, &request{silent: true})))
	})
}

// answer remembers the status it was given.
type answer struct {
	http.ResponseWriter
	status int
}

// Status is what was sent, or will be where nothing was written.
func (a *answer) Status() int {
	if a.status == 0 {
		return http.StatusOK
	}
	return a.status
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK { // others may follow a 1xx
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
