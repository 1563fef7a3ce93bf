package scenario

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
)

// many is a log long enough that reading it takes a while, put into a
// process's folder before it is started.
func many(t *testing.T, dir string, streams, each int) {
	t.Helper()
	log, err := sqlite.Open(dir)
	must(t, err)
	for n := range streams {
		stream, records, head := fmt.Sprintf("unit-99-%d", n), make([]ledger.Record, each), ledger.Hash{}
		for i := range records {
			r := ledger.Record{
				ID: ledger.EventID("many", stream, i), Type: "unit.renamed",
				Data: fmt.Appendf(nil, `{"code":"99-%d","name":"第%d次"}`, n, i), Meta: []byte(`{"version":1}`),
			}
			records[i], head, err = ledger.Seal(head, stream, int64(i), r)
			must(t, err)
		}
		_, err := log.Append(t.Context(), stream, ledger.NoStream, records...)
		must(t, err)
	}
	must(t, log.Close())
}

// A reader whose line is cut again and again, in the middle of whatever is on
// its way, or whose store is killed, is given every event once and in order,
// or is told that there is more.
func TestReadThroughCuts(t *testing.T) {
	t.Parallel()
	p := &process{dir: t.TempDir(), address: "127.0.0.1:0"}
	many(t, p.dir, 30, 100)
	t.Cleanup(p.kill)
	must(t, p.start())
	l := newLine(t, p.address)
	log := cluster(t, l.address())
	t.Cleanup(func() { must(t, log.Close()) })
	want := p.holds(t)

	// What is left out must not go unsaid.
	for cut := 1; cut < 1<<20; cut = cut*3 + 11 {
		var got []ledger.Recorded
		var ended error
		l.cutAfter(cut)
		for e, err := range log.All(t.Context(), ledger.Position{}) {
			if ended = err; err != nil {
				break
			}
			got = append(got, e)
		}
		l.cutAfter(-1)
		if ended == nil {
			sameEvents(t, fmt.Sprintf("All, cut after %d bytes", cut), engineless(got), want)
		} else {
			sameEvents(t, fmt.Sprintf("All, cut after %d bytes", cut), engineless(got), want[:len(got)])
		}
	}

	// Nor must what cannot be read any more.
	var got []ledger.Recorded
	var ended error
	l.cutAfter(50_000)
	for e, err := range log.All(t.Context(), ledger.Position{}) {
		if ended = err; err != nil {
			break
		}
		if got = append(got, e); len(got) == 1 {
			p.kill()
		}
	}
	sameEvents(t, "All of a store that was killed", engineless(got), want[:len(got)])
	if !ledger.IsCode(ended, ledger.Unavailable) || len(got) == len(want) {
		t.Errorf("the store was killed while it was read: %d events, %v", len(got), ended)
	}
	l.cutAfter(-1)
	must(t, p.start())

	// A subscriber is never told: it goes on.
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	got = nil
	for e, err := range log.Subscribe(ctx, ledger.Position{}) {
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("the subscription ended behind %d events: %v", len(got), err)
			}
			break
		}
		got = append(got, e)
		switch n := len(got); {
		case n == len(want):
			stop()
		case n == 1100 || n == 2300:
			p.kill()
			must(t, p.start())
		case n%200 == 0:
			l.cutAfter(1 + n*37%9000)
		}
	}
	sameEvents(t, "Subscribe through cuts and kills", engineless(got), want)
}
