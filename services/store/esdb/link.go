package esdb

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	es "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// link is one client of the library, from its discovery to its end.
//
// A client finds its node on the first call and then only hands out the
// connection. When a call on it fails as unavailable it would look for a node
// again, deaf to contexts, and die if it found none; so a link is retired by
// then: no call begins on it any more. It is closed when the last call on it
// has come back; calls that were left behind mostly do at once, their context
// being over. Where none is left but such as were left behind, it does not
// wait for them longer than grace from its retirement. A call that hangs in
// the library for good is freed by the closing: it panics there, in a
// goroutine of ours, where the panic is caught.
//
// A call that had begun and asked for the connection only after the failure
// would still set off that second discovery, and the client would lose the
// first connection without closing it. The gate keeps such calls out: a call
// is in it until the client has given it the connection; and the failure,
// which the client tells its logger before it does anything about it, waits
// until nobody is in it and shuts it. Where the client looks for a node a
// second time all the same, as after following a hint to a leader that is not
// there, the link is retired as well.
type link struct {
	client *es.Client
	gate   sync.RWMutex
	shut   bool          // under gate
	looked atomic.Bool   // the client has looked for a node
	ready  chan struct{} // closed when discovery has ended
	err    error         // what discovery ended with, after ready
	stale  chan struct{} // closed some time after it was retired: whoever still waits lets go

	mu      sync.Mutex
	users   int // calls under way
	left    int // of them, those nobody waits for
	retired bool
	late    bool // stale is closed
	closed  bool
	letGo   *time.Timer
}

func newLink(config es.Configuration, log es.LoggingFunc, grace time.Duration) (*link, error) {
	l := &link{ready: make(chan struct{}), stale: make(chan struct{})}
	config.Logger = l.hears(log, grace)
	client, err := es.NewClient(&config)
	l.client = client
	return l, err
}

// hears passes on what the client logs, and minds what it says of itself.
func (l *link) hears(log es.LoggingFunc, grace time.Duration) es.LoggingFunc {
	return func(level es.LogLevel, format string, args ...any) {
		if strings.HasPrefix(format, "discovery attempt") && l.looked.Swap(true) {
			l.retire(grace) // whoever waits for it, or for what it leaves behind, is told in time
		}
		if err, ok := failure(format, args); ok && status.Code(err) == codes.Unavailable {
			l.retire(grace)
			l.shutGate()
		}
		log(level, format, args...)
	}
}

// failure is what a call ended with, where that is what is logged, which is
// in the call's own goroutine. What the client logs while it looks for a node
// comes from where calls in the gate wait for.
func failure(format string, args []any) (err error, ok bool) {
	if !strings.HasPrefix(format, "unexpected exception") || len(args) != 1 {
		return nil, false
	}
	err, ok = args[0].(error)
	return err, ok
}

func (l *link) shutGate() {
	l.gate.Lock()
	defer l.gate.Unlock()
	l.shut = true
}

// begin lets a call into the gate. The context is for the client: it asks for
// the deadline as soon as it has the connection, and nothing before may.
func (l *link) begin(ctx context.Context) (_ context.Context, out func(), err error) {
	l.gate.RLock()
	if l.shut {
		l.gate.RUnlock()
		return nil, nil, errStale
	}
	out = sync.OnceFunc(l.gate.RUnlock)
	return beginning{ctx, out}, out, nil
}

type beginning struct {
	context.Context
	over func()
}

func (b beginning) Deadline() (time.Time, bool) {
	b.over()
	return b.Context.Deadline()
}

// hold is one call's use of a link.
type hold struct {
	*link
	left, over bool // under mu
}

// enter counts a call; nil when the link takes no more.
func (l *link) enter() *hold {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.retired {
		return nil
	}
	l.users++
	return &hold{link: l}
}

// leave says that the call has come back.
func (h *hold) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return
	}
	h.over = true
	h.users--
	if h.left {
		h.link.left--
	}
	h.closeIfUnused()
}

// abandon says that nobody waits for the call any more.
func (h *hold) abandon() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over || h.left {
		return
	}
	h.left = true
	h.link.left++
	h.closeIfUnused()
}

// retire lets no further call begin. Calls under way that can still come back
// may; after grace whoever waits is told to let go.
func (l *link) retire(grace time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.retired {
		return
	}
	l.retired = true
	l.letGo = time.AfterFunc(grace, l.giveUp)
	l.closeIfUnused()
}

// giveUp tells whoever waits to let go, and waits no more for who has.
func (l *link) giveUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.stale)
	l.late = true
	l.closeIfUnused()
}

// closeIfUnused runs under mu. To close a client while a call is in it is a
// race: what the call has to say of its end would go to a channel that is
// closed. So that is done only where calls do not come back.
func (l *link) closeIfUnused() {
	if !l.retired || l.closed || l.users > l.left || l.users > 0 && !l.late {
		return
	}
	l.closed = true
	l.letGo.Stop()
	_ = l.client.Close() // never fails
}

// caught turns a panic of the library into an error: it panics on messages it
// does not know, on trailers that are not complete, and on a client that was
// closed while a call hung in it.
func caught(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w: %v", errPanicked, p)
	}
}

// call runs f, which may hang in the library, and comes back when f has, when
// nobody waits any more, or when the link is given up.
func call[T any](ctx context.Context, h *hold, f func(context.Context, *es.Client) (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		var a answer
		defer h.leave()
		defer func() { done <- a }()
		defer caught(&a.err)
		inside, out, err := h.begin(ctx)
		if err != nil {
			a.err = err
			return
		}
		defer out()
		a.value, a.err = f(inside, h.client)
	}()
	var left answer
	select {
	case a := <-done:
		return a.value, a.err
	case <-ctx.Done():
		left.err = ctx.Err()
	case <-h.stale:
		left.err = errStale
	}
	h.abandon()
	select {
	case left = <-done: // at the last moment
	default:
	}
	return left.value, left.err
}
