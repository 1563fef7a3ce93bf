package watch_test

import (
	"context"
	"testing"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/watch"
)

// drawing gives a first byte for each entry, and different ids.
type drawing struct {
	first []byte
	n     byte
}

func (d *drawing) Read(p []byte) (int, error) {
	clear(p)
	p[0], p[1] = d.first[int(d.n)%len(d.first)], d.n
	d.n++
	return len(p), nil
}

// One entry in eight ticks, each a stream of its own that says nothing.
func TestBlanks(t *testing.T) {
	h := open(t)
	b := watch.Blanks{Desk: h.desk, Random: &drawing{first: []byte{0, 1, 2, 3, 4, 5, 6, 7}}, Faults: quiet}
	ctx, cancel := context.WithCancel(t.Context())
	tick, ended := make(chan time.Time), make(chan struct{})
	go func() { defer close(ended); b.Run(ctx, tick) }()
	for range 80 {
		tick <- h.now
	}
	cancel()
	<-ended
	streams := map[string]bool{}
	for e, err := range h.store.All(t.Context(), ledger.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Type != "blank.entered" || string(e.Data) != "{}" {
			t.Errorf("%s %s", e.Type, e.Data)
		}
		streams[e.Stream] = true
	}
	if len(streams) != 10 {
		t.Errorf("%d entries in 80 ticks", len(streams))
	}
}
