package wire_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/status"
	"pgregory.net/rapid"

	"suyuan/services/ledger"
	"suyuan/services/store/wire"
)

// TestHiddenChangesNothing: nothing that is asked by who may not see an event
// is answered differently once it was appended: no read, no refusal, no
// checkpoint.
func TestHiddenChangesNothing(t *testing.T) {
	overLogs(t, 20, func(t *testing.T, log ledger.Log, w *writer, c streams.StreamsClient) {
		rapid.Check(t, func(rt *rapid.T) {
			events := all(t, log)
			follows := rapid.Bool().Draw(rt, "follows")
			q := drawQuery(rt, events, follows)
			q.who = "some"
			if rapid.Bool().Draw(rt, "near the end") {
				last := events[len(events)-1-rapid.IntRange(0, 3).Draw(rt, "before the last")].Position
				off := uint64(rapid.IntRange(0, 16).Draw(rt, "behind"))
				q.position = ledger.Position{Commit: last.Commit + off, Prepare: last.Prepare + off}
			}
			before, said := answer(t, c, q, follows)
			w.append(t, "case-31", rapid.SampledFrom(typeNames).Draw(rt, "type"), rapid.IntRange(1, 3).Draw(rt, "hidden"))
			after, saidNow := answer(t, c, q, follows)
			if status.Code(said) != status.Code(saidNow) || status.Convert(said).Message() != status.Convert(saidNow).Message() {
				rt.Fatalf("refused as %v before and as %v after", said, saidNow)
			}
			compare(rt, after, before)
		})
	})
}

// TestHiddenBehindTheEnd asks from every place around the end, which the draws
// above meet seldom.
func TestHiddenBehindTheEnd(t *testing.T) {
	t.Parallel()
	for name, open := range logs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := open(t)
			w := newWriter(log)
			w.append(t, "unit-1", "unit.registered", 9)
			w.append(t, "case-31", "case.opened", 1)
			c := reader(t, serve(t, log, wire.Options{Admit: admit, See: func(_ ledger.Actor, e ledger.Recorded) bool { return e.Stream != "case-31" }}))
			head := all(t, log)[9].Position.Commit
			ask := func() (answers []string) {
				for p := head - 10; p < head+25; p++ {
					for _, kind := range []query{{back: true, count: 1}, {count: 1}, {count: 0, filter: &wanted{prefixes: []string{"c"}, window: 1, times: 1}}} {
						kind.who, kind.from, kind.position = "some", "there", ledger.Position{Commit: p, Prepare: p}
						lines, err := answer(t, c, kind, kind.count == 0)
						answers = append(answers, fmt.Sprint(p, kind.back, kind.count, lines, err))
					}
				}
				return answers
			}
			before := ask()
			w.append(t, "case-31", "case.opened", 5)
			compare(t, ask(), before)
			w.append(t, "case-31", "case.opened", 1)
			compare(t, ask(), before)
		})
	}
}

// answer is all that a read, or a subscription until it is caught up, says.
func answer(t testing.TB, c streams.StreamsClient, q query, follows bool) (lines []string, err error) {
	t.Helper()
	if !follows {
		return receive(as(within(t), q.who), c, q.request(false), q.asText)
	}
	ctx, cancel := context.WithTimeout(t.Context(), generous)
	defer cancel()
	r, err := c.Read(as(ctx, q.who), q.request(true))
	for err == nil && (len(lines) == 0 || lines[len(lines)-1] != "caught up") {
		var m *streams.ReadResp
		if m, err = r.Recv(); err == nil {
			lines = append(lines, line(m, q.asText))
		}
	}
	return lines, err
}

// TestHiddenFromFollowers: a subscription that is there says nothing of a
// hidden event, whatever its filter counts; what it next says is of the next
// one that may be seen.
func TestHiddenFromFollowers(t *testing.T) {
	t.Parallel()
	for name, filter := range map[string]func(*streams.ReadReq_Options){"all": func(*streams.ReadReq_Options) {}, "filtered": func(o *streams.ReadReq_Options) {
		everything(o)
		o.GetFilter().Window = &streams.ReadReq_Options_FilterOptions_Max{Max: 1}
		o.GetFilter().CheckpointIntervalMultiplier = 2
	}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// The same is appended to two logs, to one of them with hidden events
			// before each event. What is said of the place apart, it is the same.
			var said [2][]string
			for i, hidden := range []int{0, 3} {
				log := newMemory()
				w := newWriter(log)
				r, err := reader(t, serve(t, log, wire.Options{Admit: admit, See: func(_ ledger.Actor, e ledger.Recorded) bool { return e.Stream != "case-31" }})).
					Read(as(within(t), "some"), ask(follow, filter))
				for range 2 { // confirmed, caught up
					if err == nil {
						_, err = r.Recv()
					}
				}
				if err != nil {
					t.Fatal(err)
				}
				for n := 0; n < 7; {
					w.append(t, "unit-1", "unit.registered", 1)
					if hidden > 0 {
						w.append(t, "case-31", "case.opened", hidden)
					}
					m, err := r.Recv()
					if err == nil && m.GetCheckpoint() != nil {
						said[i] = append(said[i], "checkpoint")
						m, err = r.Recv()
					}
					if err != nil || m.GetEvent().GetEvent().GetStreamRevision() != uint64(n) {
						t.Fatalf("event %d: %v, %v", n, m, err)
					}
					said[i] = append(said[i], "event")
					n++
				}
			}
			compare(t, said[1], said[0])
		})
	}
}
