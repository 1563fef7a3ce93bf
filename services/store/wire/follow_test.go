package wire_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"pgregory.net/rapid"

	"suyuan/services/ledger"
	"suyuan/services/store/wire"
)

// follower is what a subscription must say, naively: what it was told so far.
type follower struct {
	query
	lines      []string
	considered uint32
	marked     ledger.Position // the last checkpoint, or where it began
	last       ledger.Position
}

func (q query) follow(events []ledger.Recorded) *follower {
	f := &follower{query: q, lines: []string{"confirmed"}}
	if q.stream == "" && q.from == "there" {
		f.marked, f.last = q.position, q.position
	}
	for _, e := range events {
		behind := q.from == "start"
		if q.from == "there" && q.stream == "" {
			behind = e.Position.After(q.position)
		} else if q.from == "there" {
			behind = e.Revision > q.revision
		}
		if behind {
			f.take(e)
		}
	}
	if q.filter != nil && f.last != f.marked {
		f.checkpoint()
	}
	f.lines = append(f.lines, "caught up")
	return f
}

func (f *follower) take(e ledger.Recorded) {
	if f.stream != "" && e.Stream != f.stream || !sees(ledger.Actor{Account: f.who}, e) {
		return
	}
	if f.from == "there" && f.stream != "" && e.Revision <= f.revision || f.from == "there" && f.stream == "" && !e.Position.After(f.position) {
		return // begun behind the end
	}
	f.last = e.Position
	if f.filter.lets(e) {
		f.lines = append(f.lines, told(e))
	}
	if f.filter == nil {
		return
	}
	window := f.filter.window
	if window == 0 {
		window = 32
	}
	if f.considered++; f.considered == window*f.filter.times {
		f.checkpoint()
	}
}

func (f *follower) checkpoint() {
	f.considered, f.marked = 0, f.last
	f.lines = append(f.lines, fmt.Sprintf("checkpoint %d/%d", f.last.Commit, f.last.Prepare))
}

// TestSubscriptions holds every subscription to what the model says, through
// what was there and what is appended later.
func TestSubscriptions(t *testing.T) {
	overLogs(t, 40, func(t *testing.T, log ledger.Log, w *writer, c streams.StreamsClient) {
		rapid.Check(t, func(rt *rapid.T) {
			before := all(t, log)
			q := drawQuery(rt, before, true)
			f := q.follow(before)
			ctx, cancel := context.WithTimeout(t.Context(), generous)
			defer cancel()
			r, err := c.Read(as(ctx, q.who), q.request(true))
			if err != nil {
				rt.Fatal(err)
			}
			var got []string
			for len(got) < len(f.lines) {
				m, err := r.Recv()
				if err != nil {
					rt.Fatalf("%v after %d messages of %q", err, len(got), f.lines)
				}
				got = append(got, line(m, q.asText))
			}
			compare(rt, got, f.lines)
			if rapid.IntRange(0, 3).Draw(rt, "goes on") > 0 {
				return
			}
			to, typ := rapid.SampledFrom(streamNames).Draw(rt, "to"), rapid.SampledFrom(typeNames).Draw(rt, "type")
			w.append(t, to, typ, rapid.IntRange(1, 9).Draw(rt, "events"))
			w.append(t, "unit-1", "unit.renamed", 2)
			for _, e := range all(t, log)[len(before):] {
				f.take(e)
			}
			for len(got) < len(f.lines) {
				m, err := r.Recv()
				if err != nil {
					rt.Fatalf("%v after %d messages of %q", err, len(got), f.lines)
				}
				got = append(got, line(m, q.asText))
			}
			compare(rt, got, f.lines)
		})
	})
}

// TestNothingTwice follows while much is appended, from several places, over
// the seam between what was there and what comes.
func TestNothingTwice(t *testing.T) {
	t.Parallel()
	for name, open := range logs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := open(t)
			w := newWriter(log)
			w.append(t, "unit-1", "unit.registered", 200)
			c := reader(t, serve(t, log, wire.Options{}))
			const total = 200 + 20*60
			type result struct {
				revisions []uint64
				err       error
			}
			results := make(chan result)
			requests := []*streams.ReadReq{ask(follow), ask(of("unit-1", -1), follow), ask(of("unit-1", 150), follow), ask(follow, everything)}
			firsts := []uint64{0, 0, 151, 0}
			for _, in := range requests {
				go func() {
					var out result
					r, err := c.Read(within(t), in)
					for err == nil && (len(out.revisions) == 0 || out.revisions[len(out.revisions)-1] < total-1) {
						var m *streams.ReadResp
						if m, err = r.Recv(); m.GetEvent() != nil {
							out.revisions = append(out.revisions, m.GetEvent().GetEvent().StreamRevision)
						}
					}
					out.err = err
					results <- out
				}()
			}
			for range 20 {
				w.append(t, "unit-1", "unit.renamed", 60)
			}
			var seen []uint64
			for range requests {
				r := <-results
				if r.err != nil {
					t.Error(r.err)
					continue
				}
				seen = append(seen, r.revisions[0])
				for i, n := range r.revisions {
					if n != r.revisions[0]+uint64(i) {
						t.Errorf("revision %d follows %d others from %d", n, i, r.revisions[0])
						break
					}
				}
			}
			slices.Sort(seen)
			slices.Sort(firsts)
			if !slices.Equal(seen, firsts) {
				t.Errorf("they began at %v, want %v", seen, firsts)
			}
		})
	}
}

// TestSeam appends while a subscription looks up where the log ends, and again
// while it reads what was there: nothing of it comes twice.
func TestSeam(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]*streams.ReadReq{
		"all": ask(follow), "filtered": ask(follow, everything), "a stream": ask(of("unit-1", -1), follow), "from within": ask(of("unit-1", 2), follow), "all from within": ask(at(5, 3), follow),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := newMemory()
			w := newWriter(log)
			w.append(t, "unit-1", "unit.registered", 5)
			handed := 0
			log.fail = func(ledger.Recorded) error {
				if handed++; handed == 2 || handed == 8 {
					w.append(t, "unit-1", "unit.registered", 2)
				}
				return nil
			}
			r, err := reader(t, serve(t, log, wire.Options{})).Read(within(t), in)
			last := int64(-1)
			for err == nil && last < 8 {
				var m *streams.ReadResp
				if m, err = r.Recv(); m.GetEvent() == nil {
					continue
				}
				n := int64(m.GetEvent().GetEvent().StreamRevision)
				if last >= 0 && n != last+1 {
					t.Fatalf("revision %d follows %d", n, last)
				}
				last = n
			}
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// everything is a filter that lets all pass.
func everything(o *streams.ReadReq_Options) {
	o.FilterOption = &streams.ReadReq_Options_Filter{Filter: &streams.ReadReq_Options_FilterOptions{
		Filter:                       &streams.ReadReq_Options_FilterOptions_EventType{EventType: &streams.ReadReq_Options_FilterOptions_Expression{Regex: "."}},
		Window:                       &streams.ReadReq_Options_FilterOptions_Max{Max: 10},
		CheckpointIntervalMultiplier: 3,
	}}
}
