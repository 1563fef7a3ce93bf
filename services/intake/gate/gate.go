// Package gate keeps costly work within bounds: a fixed number of runs at
// once, a fixed number of callers waiting, first come, first served. Behind it
// stands the Argon2 of a receipt, 19 MiB of memory a run, for which anybody on
// the network may ask.
//
// Its counts are for tests and for the process itself. They must never be
// published, logged or scraped with a time: when a run happened is when
// somebody reported or came back.
package gate

import (
	"container/list"
	"context"
	"fmt"
	"sync"

	"suyuan/services/ledger"
)

// A Gate is used by many goroutines at once; New makes it.
type Gate struct {
	atOnce, mayWait int

	mu     sync.Mutex
	taken  int       // places; each is a run's, or was handed to a caller that is about to begin or to give it back
	queue  list.List // of chan struct{}, closed when a place is handed over
	counts Counts
}

// Counts are what has passed since New: every call of Run adds one to exactly
// one of Begun, Refused and GaveUp. Running and Waiting are of this moment.
type Counts struct {
	Begun   uint64 // runs that were started
	Ended   uint64 // of these, the ones that are over, by panic too
	Refused uint64 // callers that found the queue full
	GaveUp  uint64 // callers whose context ended before their turn
	Running int
	Waiting int
}

// New makes a gate for so many runs at once (at least 1) and so many callers
// waiting (0: none waits); it panics on less, as make does.
func New(atOnce, mayWait int) *Gate {
	if atOnce < 1 || mayWait < 0 {
		panic(fmt.Sprintf("gate: %d runs at once, %d waiting", atOnce, mayWait))
	}
	return &Gate{atOnce: atOnce, mayWait: mayWait}
}

// Run calls run on the caller's own goroutine when its turn has come, and
// returns what it returns. Where as many wait already as may, it is refused at
// once, code unavailable. Where ctx ends first, run is never called and the
// error is ctx's cause; a run that has begun is not interrupted, so that the
// bound holds for work whose client has gone away too.
func (g *Gate) Run(ctx context.Context, run func() error) error {
	if err := g.enter(ctx); err != nil {
		return err
	}
	defer g.leave()
	return run()
}

// Counts tells what has passed.
func (g *Gate) Counts() Counts {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.counts
	c.Running, c.Waiting = int(c.Begun-c.Ended), g.queue.Len()
	return c
}

func (g *Gate) enter(ctx context.Context) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if ctx.Err() != nil {
		return g.giveUp(ctx)
	}
	// Whoever waits goes first: while anybody does, every place is taken.
	if g.taken < g.atOnce {
		g.taken++
		g.counts.Begun++
		return nil
	}
	if g.queue.Len() >= g.mayWait {
		g.counts.Refused++
		return busy()
	}
	return g.wait(ctx)
}

// wait is called with the lock held and returns with it, free of it meanwhile.
func (g *Gate) wait(ctx context.Context) error {
	turn := make(chan struct{})
	place := g.queue.PushBack(turn)
	g.mu.Unlock()
	select {
	case <-turn:
	case <-ctx.Done():
	}
	g.mu.Lock()
	if ctx.Err() == nil {
		g.counts.Begun++
		return nil
	}
	select {
	case <-turn: // at the same moment: whoever is next must not lose it
		g.handOn()
	default:
		g.queue.Remove(place)
	}
	return g.giveUp(ctx)
}

func (g *Gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.counts.Ended++
	g.handOn()
}

// handOn gives a place to the first who waits, or back.
func (g *Gate) handOn() {
	first := g.queue.Front()
	if first == nil {
		g.taken--
		return
	}
	close(g.queue.Remove(first).(chan struct{}))
}

func (g *Gate) giveUp(ctx context.Context) error {
	g.counts.GaveUp++
	return fmt.Errorf("gate: before its turn: %w", context.Cause(ctx))
}

func busy() error {
	return ledger.Errorf(ledger.Unavailable, "intake.busy",
		"此刻办理的人太多，刚才的操作没有进行，也没有保存任何内容；请过一两分钟再试。",
		"Too many are being served at this moment; nothing was done and nothing was kept. Try again in a minute or two.")
}
