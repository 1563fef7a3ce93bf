package esdb

import (
	"fmt"
	"iter"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/status"

	"suyuan/services/ledger"
)

// collect reads to the end, or to n events.
func collect(seq iter.Seq2[ledger.Recorded, error], n int) (events []ledger.Recorded, err error) {
	for e, err := range seq {
		if err != nil {
			return events, err
		}
		if events = append(events, e); len(events) == n {
			return events, nil
		}
	}
	return events, nil
}

// story is a log of a fake: event i of it is at position 10·(i+1).
type story []string // the streams

func (s story) tell(out streams.Streams_ReadServer, after uint64, upTo int) error {
	revisions := map[string]int64{}
	for i, stream := range s[:min(upTo, len(s))] {
		p := at(uint64(10 * (i + 1)))
		if p.Commit > after {
			if err := happens(out, stream, revisions[stream], p); err != nil {
				return err
			}
		}
		revisions[stream]++
	}
	return nil
}

func (s story) last() (ledger.Position, bool) { return at(uint64(10 * len(s))), len(s) > 0 }

// idles keeps a subscription open until the caller goes.
func idles(out streams.Streams_ReadServer) error {
	<-out.Context().Done()
	return status.FromContextError(out.Context().Err()).Err() // as a server ends a call whose deadline it saw first
}

// ordinals are what a reader was given, as ordinal:stream.
func ordinals(events []ledger.Recorded) (out []string) {
	for _, e := range events {
		out = append(out, fmt.Sprintf("%d:%s", e.Position.Ordinal, e.Stream))
	}
	return out
}

var mixed = story{"$settings", "unit-1", "order-7", "unit-2", "unit", "units-1", "mandate-1-a", "$ce-unit", "unit-1"}

// numbers is a story of one stream.
func numbers(n int) story {
	out := make(story, n)
	for i := range out {
		out[i] = "unit-1"
	}
	return out
}
