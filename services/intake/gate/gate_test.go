package gate_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"suyuan/services/intake/gate"
	"suyuan/services/ledger"
)

var errRun = errors.New("of the run")

func TestRunGivesWhatItRuns(t *testing.T) {
	g := gate.New(1, 0)
	if err := g.Run(t.Context(), func() error { return errRun }); err != errRun {
		t.Errorf("%v", err)
	}
	if err := g.Run(t.Context(), func() error { return nil }); err != nil {
		t.Errorf("%v", err)
	}
	if got, want := g.Counts(), (gate.Counts{Begun: 2, Ended: 2}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// line holds a gate's places with runs that end one at a time, by end.
type line struct {
	*gate.Gate
	end   chan struct{}
	mu    sync.Mutex
	begun []int
	group sync.WaitGroup
}

func newLine(atOnce, mayWait int) *line {
	return &line{Gate: gate.New(atOnce, mayWait), end: make(chan struct{})}
}

// come sends the next caller to the gate and waits until it runs, waits or is gone.
func (l *line) come(ctx context.Context, who int, err *error) {
	l.group.Go(func() {
		e := l.Run(ctx, func() error {
			l.mu.Lock()
			l.begun = append(l.begun, who)
			l.mu.Unlock()
			<-l.end
			return nil
		})
		if err != nil {
			*err = e
		}
	})
	synctest.Wait()
}

func (l *line) finish() {
	close(l.end)
	l.group.Wait()
}

func TestFirstComeFirstServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(2, 20)
		var want []int
		for who := range 22 {
			l.come(t.Context(), who, nil)
			want = append(want, who)
		}
		for n := range 22 {
			if got, running := l.Counts(), min(2, 22-n); got.Running != running || got.Waiting != 22-n-running || got.Ended != uint64(n) {
				t.Fatalf("after %d ended: %+v", n, got)
			}
			l.end <- struct{}{}
			synctest.Wait()
		}
		l.group.Wait()
		if !slices.Equal(l.begun, want) {
			t.Errorf("they began in this order: %v", l.begun)
		}
	})
}

func TestFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(1, 2)
		for who := range 3 {
			l.come(t.Context(), who, nil)
		}
		var refused error
		l.come(t.Context(), 3, &refused)
		if e := ledger.AsError(refused); e.Code != ledger.Unavailable || e.Rule != "intake.busy" {
			t.Errorf("%v", refused)
		}
		if got, want := l.Counts(), (gate.Counts{Begun: 1, Refused: 1, Running: 1, Waiting: 2}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		l.end <- struct{}{} // then there is room for one
		synctest.Wait()
		var let error
		l.come(t.Context(), 4, &let)
		l.finish()
		if let != nil || !slices.Equal(l.begun, []int{0, 1, 2, 4}) {
			t.Errorf("%v, %v", let, l.begun)
		}
	})
}

func TestWhoGoesAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(1, 2)
		gone, goAway := context.WithCancelCause(t.Context())
		l.come(t.Context(), 0, nil)
		var err error
		l.come(gone, 1, &err)
		l.come(t.Context(), 2, nil)
		goAway(errRun)
		synctest.Wait()
		if !errors.Is(err, errRun) {
			t.Errorf("%v", err)
		}
		if got, want := l.Counts(), (gate.Counts{Begun: 1, GaveUp: 1, Running: 1, Waiting: 1}); got != want {
			t.Errorf("%+v, want %+v: its place in the queue is free again", got, want)
		}
		var before error
		l.come(gone, 3, &before) // though a place in the queue is free
		if !errors.Is(before, errRun) {
			t.Errorf("%v", before)
		}
		l.finish()
		if !slices.Equal(l.begun, []int{0, 2}) {
			t.Errorf("%v", l.begun)
		}
		if err := l.Run(gone, func() error { t.Error("ran for nobody"); return nil }); !errors.Is(err, errRun) {
			t.Errorf("at an open gate: %v", err)
		}
	})
}

// unheard is over, and nobody hears of it before his turn comes.
type unheard struct {
	context.Context
	over atomic.Bool
}

func (c *unheard) Err() error {
	if c.over.Load() {
		return errRun
	}
	return nil
}

// A turn that comes at the moment its caller goes away is the next one's.
func TestTurnAndGoneAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(1, 3)
		l.come(t.Context(), 0, nil)
		first, second := unheard{Context: context.Background()}, unheard{Context: context.Background()}
		var errs [2]error
		l.come(&first, 1, &errs[0])
		l.come(&second, 2, &errs[1])
		l.come(t.Context(), 3, nil)
		first.over.Store(true)
		second.over.Store(true)
		l.finish()
		if errs[0] == nil || errs[1] == nil || !slices.Equal(l.begun, []int{0, 3}) {
			t.Errorf("%v, %v", errs, l.begun)
		}
		if got, want := l.Counts(), (gate.Counts{Begun: 2, Ended: 2, GaveUp: 2}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		if err := l.Run(t.Context(), func() error { return nil }); err != nil {
			t.Errorf("its place is lost: %v", err)
		}
	})
}

func TestPanicLetsGo(t *testing.T) {
	g := gate.New(1, 0)
	func() {
		defer func() { _ = recover() }()
		_ = g.Run(t.Context(), func() error { panic("in the run") })
	}()
	if err := g.Run(t.Context(), func() error { return nil }); err != nil {
		t.Errorf("%v", err)
	}
	if got, want := g.Counts(), (gate.Counts{Begun: 2, Ended: 2}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Many come and go at will: never more at once than may, and nobody is lost.
func TestCrowd(t *testing.T) {
	const atOnce, mayWait, crowd, rounds = 3, 8, 32, 300
	g := gate.New(atOnce, mayWait)
	var group sync.WaitGroup
	var running, most atomic.Int64
	var begun, refused, gaveUp atomic.Uint64
	for who := range crowd {
		group.Go(func() {
			for round := range rounds {
				ctx, goAway := context.WithCancel(context.Background())
				if (who+round)%3 == 0 {
					go goAway()
				}
				err := g.Run(ctx, func() error {
					begun.Add(1)
					for n, m := running.Add(1), most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
					}
					running.Add(-1)
					return nil
				})
				goAway()
				switch {
				case errors.Is(err, context.Canceled):
					gaveUp.Add(1)
				case ledger.IsCode(err, ledger.Unavailable):
					refused.Add(1)
				case err != nil:
					t.Errorf("%v", err)
				}
			}
		})
	}
	group.Wait()
	want := gate.Counts{Begun: begun.Load(), Ended: begun.Load(), Refused: refused.Load(), GaveUp: gaveUp.Load()}
	if got := g.Counts(); got != want || got.Begun+got.Refused+got.GaveUp != crowd*rounds {
		t.Errorf("%+v, want %+v, of %d calls", got, want, crowd*rounds)
	}
	if m := most.Load(); m > atOnce {
		t.Errorf("%d ran at once", m)
	}
	// All its places are free again.
	if err := g.Run(t.Context(), func() error { return nil }); err != nil {
		t.Error(err)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range [][2]int{{0, 1}, {-1, 1}, {1, -1}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("New(%d, %d) does not panic", c[0], c[1])
				}
			}()
			gate.New(c[0], c[1])
		}()
	}
}
