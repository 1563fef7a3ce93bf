package watch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"suyuan/services/checkpoint"
	"suyuan/services/desk"
	"suyuan/services/ledger"
	"suyuan/services/watch"
)

// state is a log at a moment.
type state struct {
	size, covered uint64
	at            time.Time
}

func (s state) State() (uint64, ledger.Hash, uint64, time.Time) {
	return s.size, ledger.Hash{byte(s.size)}, s.covered, s.at
}

// asked remembers what the desk was asked for.
type asked struct {
	keys  []string
	sizes []uint64
	h     *house
	fail  error
}

func (a *asked) Submit(_ context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error) {
	var c checkpoint.Sign
	if err := json.Unmarshal(input, &c); err != nil || name != "checkpoint.sign" || by.Account != ledger.System {
		return desk.Receipt{}, errors.New("not a checkpoint")
	}
	size, _, err := checkpoint.Open(c.Note, a.h.verifier)
	a.keys, a.sizes = append(a.keys, key), append(a.sizes, size)
	return desk.Receipt{}, errors.Join(err, a.fail)
}

func TestDue(t *testing.T) {
	h := open(t)
	now := h.now
	for name, c := range map[string]struct {
		state
		due bool
	}{
		"an empty log":                           {state{}, false},
		"the first event":                        {state{size: 1}, true},
		"999 events, 59 minutes":                 {state{1999, 1000, now.Add(-59 * time.Minute)}, false},
		"1,000 events, at once":                  {state{2000, 1000, now}, true},
		"news, an hour less a moment":            {state{1010, 1000, now.Add(-time.Hour + 1)}, false},
		"news, an hour":                          {state{1010, 1000, now.Add(-time.Hour)}, true},
		"one event beside the checkpoint":        {state{1002, 1000, now.Add(-time.Hour)}, true},
		"nothing but the checkpoint, for a year": {state{1001, 1000, now.AddDate(-1, 0, 0)}, false},
		"a clock that went back":                 {state{1010, 1000, now.Add(time.Hour)}, false},
		"a clock that went back, 1,000 events":   {state{2000, 1000, now.Add(time.Hour)}, true},
	} {
		a := &asked{h: h}
		w := watch.Checkpoints{Desk: a, Log: c.state, Signer: h.signer, Clock: func() time.Time { return now }, Faults: quiet}
		if err := w.Due(t.Context()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := len(a.sizes) == 1 && a.sizes[0] == c.size; got != c.due || len(a.sizes) > 1 {
			t.Errorf("%s: signed %v", name, a.sizes)
		}
	}
}

// The key says what is signed: asked again about the same log, the desk
// recognises it.
func TestKeys(t *testing.T) {
	h := open(t)
	a := &asked{h: h}
	w := watch.Checkpoints{Desk: a, Signer: h.signer, Clock: func() time.Time { return h.now }, Faults: quiet}
	for _, size := range []uint64{7, 7, 8} {
		w.Log = state{size: size}
		if err := w.Sign(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if a.keys[0] != a.keys[1] || a.keys[1] == a.keys[2] {
		t.Errorf("%q", a.keys)
	}
}

func TestSignWithoutKey(t *testing.T) {
	h := open(t)
	a := &asked{h: h}
	w := watch.Checkpoints{Desk: a, Log: state{size: 1}, Signer: "no key", Clock: func() time.Time { return h.now }, Faults: quiet}
	if err := w.Sign(t.Context()); err == nil || len(a.keys) != 0 {
		t.Errorf("%v, %v", err, a.keys)
	}
}

// On a real ledger: what is signed verifies, and a checkpoint alone leads to
// no other.
func TestCheckpointsOfALedger(t *testing.T) {
	h := open(t)
	w := h.checkpoints()
	due := func(events uint64, checkpoints int, covered uint64) {
		t.Helper()
		if err := w.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r := h.report(); r.Events != events || r.Checkpoints != checkpoints || r.Covered != covered {
			t.Fatalf("%+v, want %d events, %d checkpoints, %d covered", r, events, checkpoints, covered)
		}
	}
	due(0, 0, 0)
	h.units(0, 3)
	due(4, 1, 3) // nothing was signed before
	due(4, 1, 3)
	h.now = h.now.Add(24 * time.Hour)
	due(4, 1, 3) // nothing but the checkpoint itself
	h.units(3, 2)
	due(7, 2, 6)
	h.now = h.now.Add(59 * time.Minute)
	h.units(5, 1)
	due(8, 2, 6)
	h.now = h.now.Add(time.Minute)
	due(9, 3, 8)
}

// Two that watch one ledger sign once: the second asks with the same key.
func TestTwoWatches(t *testing.T) {
	h := open(t)
	h.units(0, 2)
	size, root, _, _ := h.view.State()
	frozen := frozenState{size: size, root: root}
	for range 2 {
		w := h.checkpoints()
		w.Log = frozen
		if err := w.Sign(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if r := h.report(); r.Events != 3 || r.Checkpoints != 1 {
		t.Fatalf("%+v", r)
	}
}

type frozenState struct {
	size uint64
	root ledger.Hash
}

func (f frozenState) State() (uint64, ledger.Hash, uint64, time.Time) {
	return f.size, f.root, 0, time.Time{}
}

// A checkpoint that does not fit the log is refused, whoever's key signed it.
func TestWrongRoot(t *testing.T) {
	h := open(t)
	h.units(0, 2)
	w := h.checkpoints()
	w.Log = frozenState{size: 2, root: ledger.Hash{1}}
	if e := ledger.AsError(w.Sign(t.Context())); e.Rule != "checkpoint.root" {
		t.Error(e)
	}
	w.Log = frozenState{size: 3}
	if e := ledger.AsError(w.Sign(t.Context())); e.Rule != "checkpoint.root" {
		t.Error(e)
	}
	if r := h.report(); r.Events != 2 {
		t.Fatalf("%+v", r)
	}
}

// Run looks at every tick, goes on after a fault, and signs what is new when
// it is stopped.
func TestRun(t *testing.T) {
	h := open(t)
	a := &asked{h: h, fail: errors.New("the desk is closed")}
	var faults bytes.Buffer
	w := watch.Checkpoints{Desk: a, Log: state{size: 1}, Signer: h.signer, Clock: func() time.Time { return h.now }, Faults: slog.New(slog.NewTextHandler(&faults, nil))}
	ctx, cancel := context.WithCancel(t.Context())
	tick, ended := make(chan time.Time), make(chan struct{})
	go func() { defer close(ended); w.Run(ctx, tick) }()
	tick <- h.now
	tick <- h.now // taken only once the first look is over
	cancel()
	<-ended
	if len(a.keys) != 3 {
		t.Fatalf("asked %d times", len(a.keys))
	}
	if strings.Count(faults.String(), "the desk is closed") != 1 {
		t.Errorf("one fault, met three times: %s", faults.String())
	}

	h.units(0, 2)
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	h.checkpoints().Run(stopped, nil)
	if r := h.report(); r.Checkpoints != 1 || r.Covered != 2 {
		t.Fatalf("%+v", r)
	}
}
