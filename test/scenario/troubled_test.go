package scenario

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"suyuan/services/desk"
	"suyuan/services/ledger"
)

// However often the store is killed and started again, and its connections are
// cut, before, during and behind appends: what comes of a play whose commands
// are sent again until they are answered is the log of an undisturbed one, and
// the fold was given each event once.
func TestTroubled(t *testing.T) {
	was := newWorld(t, embedded(t))
	must(t, was.play(t, was.desk))
	var mu sync.Mutex
	met := map[string]int{}
	t.Run("rounds", func(t *testing.T) {
		for round := range 3 {
			t.Run(fmt.Sprint(round), func(t *testing.T) {
				t.Parallel()
				for name, n := range troubledRound(t, round, was) {
					mu.Lock()
					met[name] += n
					mu.Unlock()
				}
			})
		}
	})
	for _, one := range troubles {
		if met[one.name] == 0 {
			t.Errorf("no append was %s", one.name)
		}
	}
	t.Log(met)
}

func troubledRound(t *testing.T, round int, was *world) (met map[string]int) {
	t.Helper()
	p := newProcess(t)
	l := newLine(t, p.address)
	log := cluster(t, l.address())
	x := &troubled{Log: log, t: t, process: p, line: l, first: round, every: 4, met: map[string]int{}}
	is := newWorldThrough(t, log, x)
	s := &stubborn{world: is, t: t}
	must(t, is.play(t, s))
	sameLog(t, is, was)
	sameEvents(t, "the store's own folder", p.holds(t), engineless(was.records(t)))
	if s.again == 0 || s.found == 0 {
		t.Errorf("%d commands were sent again, of which %d had been carried out: nothing was put to the test", s.again, s.found)
	}
	return x.met
}

// stubborn sends a command again, under its key, for as long as it is told that
// the store is unavailable, and goes on to the next once the fold has it.
type stubborn struct {
	*world
	t            *testing.T
	again, found int // commands sent again; those then found recorded
}

func (s *stubborn) Submit(ctx context.Context, by ledger.Actor, name, key string, input []byte) (r desk.Receipt, err error) {
	for try := range 20 {
		limit, cancel := context.WithTimeout(ctx, patience)
		r, err = s.desk.Submit(limit, by, name, key, input)
		cancel()
		if ledger.IsCode(err, ledger.Unavailable) {
			continue
		}
		if try > 0 {
			s.again++
			if r.Repeated {
				s.found++
			}
		}
		break
	}
	if err == nil {
		limit, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		must(s.t, s.view.Wait(limit, r.Position))
		r.Repeated = false // of this play it is the first
	}
	return r, err
}

// troubled is a log of which every so-manyth append meets with trouble, each
// kind in its turn.
type troubled struct {
	ledger.Log
	t       *testing.T
	process *process
	line    *line

	first, every int
	appends      int
	met          map[string]int
}

func (x *troubled) Append(ctx context.Context, stream string, expect ledger.Expect, events ...ledger.Record) (ledger.Position, error) {
	a := attempt{x, ctx, stream, expect, events}
	n := x.appends
	x.appends++
	if n%x.every != x.first {
		return a.do()
	}
	kind := troubles[n/x.every%len(troubles)]
	at, met, err := kind.meet(a, n)
	if met {
		x.met[kind.name]++
	}
	return at, err
}

// attempt is one append.
type attempt struct {
	*troubled
	ctx    context.Context
	stream string
	expect ledger.Expect
	events []ledger.Record
}

func (a attempt) do() (ledger.Position, error) {
	return a.Log.Append(a.ctx, a.stream, a.expect, a.events...)
}

// begin goes on meanwhile; what it returns waits.
func (a attempt) begin() (end func() (ledger.Position, error)) {
	type answer struct {
		at  ledger.Position
		err error
	}
	done := make(chan answer, 1)
	go func() {
		at, err := a.do()
		done <- answer{at, err}
	}()
	return func() (ledger.Position, error) {
		got := <-done
		return got.at, got.err
	}
}

// written looks for it past the server.
func (a attempt) written() bool {
	for _, e := range a.process.holds(a.t) {
		if e.ID == a.events[len(a.events)-1].ID {
			return true
		}
	}
	return false
}

// answerLost sends it while no answer passes, and does what befalls the answer
// once it is written. Where the connection was just being made anew, which
// takes answers too, it is never written, and nothing has been met with.
func (a attempt) answerLost(then func()) (at ledger.Position, met bool, err error) {
	a.line.hold(answering, true)
	end := a.begin()
	for until := time.Now().Add(2 * time.Second); !met && time.Now().Before(until); time.Sleep(time.Millisecond) {
		met = a.written()
	}
	then()
	a.line.hold(answering, false)
	at, err = end()
	return at, met, err
}

func (a attempt) restart() {
	a.t.Helper()
	a.process.kill()
	must(a.t, a.process.start())
}

// troubles are what may befall an append, and whether it did.
var troubles = []struct {
	name string
	meet func(a attempt, n int) (at ledger.Position, met bool, err error)
}{
	{"sent to a dead store", func(a attempt, _ int) (ledger.Position, bool, error) {
		a.process.kill()
		at, err := a.do()
		if err == nil {
			a.t.Errorf("%s was appended to a store that is dead", a.stream)
		}
		must(a.t, a.process.start())
		return at, true, err
	}},
	{"cut behind", func(a attempt, _ int) (ledger.Position, bool, error) {
		at, err := a.do()
		a.line.cut()
		return at, err == nil, err
	}},
	{"lost on its way", func(a attempt, _ int) (ledger.Position, bool, error) {
		a.line.hold(asking, true)
		end := a.begin()
		a.line.holding(a.t, asking)
		a.line.cut()
		if a.written() {
			a.t.Errorf("%s was written, though it was held", a.stream)
		}
		a.line.hold(asking, false)
		at, err := end()
		return at, true, err
	}},
	{"written, the answer lost", func(a attempt, _ int) (ledger.Position, bool, error) {
		return a.answerLost(a.line.cut)
	}},
	{"killed behind", func(a attempt, _ int) (ledger.Position, bool, error) {
		at, err := a.do()
		a.restart()
		return at, err == nil, err
	}},
	{"held for a while", func(a attempt, _ int) (ledger.Position, bool, error) {
		a.line.hold(asking, true)
		a.line.hold(answering, true)
		end := a.begin()
		a.line.holding(a.t, asking)
		a.line.hold(asking, false)
		a.line.hold(answering, false)
		at, err := end()
		if err != nil {
			a.t.Errorf("%s was only late: %v", a.stream, err)
		}
		return at, true, err
	}},
	{"written, the store killed before it answered", func(a attempt, _ int) (ledger.Position, bool, error) {
		return a.answerLost(a.restart)
	}},
	{"cut before", func(a attempt, _ int) (ledger.Position, bool, error) {
		a.line.cut()
		at, err := a.do()
		return at, true, err
	}},
	{"cut in the middle of what is answered or followed", func(a attempt, n int) (ledger.Position, bool, error) {
		a.line.cutAfter(1 + 97*n%900)
		at, err := a.do()
		return at, true, err
	}},
	{"killed meanwhile", func(a attempt, _ int) (ledger.Position, bool, error) {
		end := a.begin()
		a.restart()
		at, err := end()
		return at, true, err
	}},
	{"told otherwise though written", func(a attempt, _ int) (ledger.Position, bool, error) {
		if _, err := a.do(); err != nil {
			return ledger.Position{}, false, err
		}
		return ledger.Position{}, true, ledger.Errorf(ledger.Unavailable, "scenario.lost", "没有等到结果。", "No answer came.").Because(errors.New("the test lost it"))
	}},
}
