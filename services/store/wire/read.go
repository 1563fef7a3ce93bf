package wire

import (
	"context"
	"iter"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"

	"suyuan/services/ledger"
)

// Read reads or follows a stream or $all.
func (s *Streams) Read(in *streams.ReadReq, out streams.Streams_ReadServer) error {
	r, err := parse(in)
	if err != nil {
		return err
	}
	by := callOf(out.Context()).actor()
	places := s.reads
	if r.follow {
		places = s.subscriptions
	}
	if err := places.enter(by.Account); err != nil {
		return err
	}
	defer places.leave(by.Account)
	a := &answer{Streams: s, request: r, out: out, by: by}
	defer a.frame.sheet.leave()
	switch {
	case r.follow:
		return a.subscribe(out.Context())
	case r.stream != "":
		return a.readStream(out.Context())
	}
	return a.readAll(out.Context())
}

// answer is one read on its way.
type answer struct {
	*Streams
	request
	out   grpc.ServerStream
	by    ledger.Actor
	frame frame
	sent  uint64
}

// visible reports whether the reader may know of an event.
func (a *answer) visible(e *ledger.Recorded) bool { return a.see == nil || a.see(a.by, *e) }

func (a *answer) send(e *ledger.Recorded) error {
	a.frame.Recorded, a.frame.asText = *e, a.asText
	a.sent++
	return a.out.SendMsg(&a.frame)
}

// pass sends of a sequence what is visible and wanted, as far as the count.
func (a *answer) pass(events iter.Seq2[ledger.Recorded, error], begins func(*ledger.Recorded) bool) error {
	for e, err := range events {
		if err != nil {
			return err
		}
		if !begins(&e) || !a.filter.passes(&e) || !a.visible(&e) {
			continue
		}
		if err := a.send(&e); err != nil {
			return err
		}
		if a.sent == a.count {
			return nil
		}
	}
	return nil
}

// readStream reads one stream.
func (a *answer) readStream(ctx context.Context) (err error) {
	switch {
	case a.backwards:
		err = a.pass(a.streamBack(ctx), anywhere)
	case a.from != end:
		err = a.pass(a.log.Stream(ctx, a.stream, a.revision), anywhere)
	}
	if err != nil || a.sent > 0 {
		return err
	}
	there, err := a.exists(ctx)
	if err != nil || there {
		return err
	}
	return a.out.SendMsg(&streams.ReadResp{Content: &streams.ReadResp_StreamNotFound_{StreamNotFound: &streams.ReadResp_StreamNotFound{
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(a.stream)},
	}}})
}

// exists reports whether the reader may know of any event of the stream.
func (a *answer) exists(ctx context.Context) (bool, error) {
	for e, err := range a.log.Stream(ctx, a.stream, 0) {
		if err != nil {
			return false, err
		}
		if a.visible(&e) {
			return true, nil
		}
	}
	return false, nil
}

// readAll reads $all. From behind the end nothing is read forwards, and
// backwards is refused, both as a real server does.
func (a *answer) readAll(ctx context.Context) error {
	switch {
	case a.backwards && a.from == there:
		last, err := a.lastVisible(ctx)
		if err != nil {
			return err
		}
		if a.position.Commit > last.Commit+1 {
			return errPosition
		}
		return a.pass(a.allBack(ctx), anywhere)
	case a.backwards:
		return a.pass(a.allBack(ctx), anywhere)
	case a.from == end:
		return nil
	}
	first := a.position
	return a.pass(a.log.All(ctx, before(first)), func(e *ledger.Recorded) bool { return !first.After(e.Position) })
}

// lastVisible is where $all ends for this reader. Where it ends for others must
// not be told, not even by what is refused.
func (a *answer) lastVisible(ctx context.Context) (ledger.Position, error) {
	if a.see == nil {
		return a.head(ctx)
	}
	fromEnd := answer{Streams: a.Streams, request: request{from: end, backwards: true}}
	for e, err := range fromEnd.allBack(ctx) {
		if err != nil || a.visible(&e) {
			return e.Position, err
		}
	}
	return ledger.Position{}, nil
}

// before is a place from which the log yields the event at p too. What comes
// before p, where events share a commit, is for the reader to pass over. The
// log must take places between its events, as all of ours do; a cluster's own
// log would not.
func before(p ledger.Position) ledger.Position {
	if p.Commit == 0 {
		return ledger.Position{}
	}
	return ledger.Position{Commit: p.Commit - 1, Prepare: p.Commit - 1}
}

func anywhere(*ledger.Recorded) bool { return true }
