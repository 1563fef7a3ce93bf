package wire

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"

	"suyuan/services/ledger"
)

// Streams is the Streams service, reading only. It is served by its Server
// alone, whose codec knows the events it sends.
type Streams struct {
	streams.UnimplementedStreamsServer
	log           ledger.Log
	see           func(by ledger.Actor, e ledger.Recorded) bool
	stopping      <-chan struct{}
	reads         *places // one taken for each read under way
	subscriptions *places // and for each subscription

	known sync.Mutex
	end   ledger.Position // of the log, as it was last looked up, under known
}

func newStreams(log ledger.Log, o Options, stopping <-chan struct{}) *Streams {
	return &Streams{
		log: log, see: o.See, stopping: stopping,
		reads: newPlaces(o.MaxReads, o.Share), subscriptions: newPlaces(o.MaxSubscriptions, o.Share),
	}
}

// How much of an append that is refused anyway is taken in, so that the client
// has sent all of it and reads why: told before, its own sending fails and it
// knows no reason.
const (
	RefusedMessages = 20_000
	RefusedBytes    = 64 << 20
	refusedWithin   = 30 * time.Second
)

// Append is refused. It takes the place of a read for as long as it is taken
// in; a message larger than Options.MaxReceived ends that, and gRPC says so.
func (s *Streams) Append(stream streams.Streams_AppendServer) error {
	c := callOf(stream.Context())
	if err := s.reads.enter(c.actor().Account); err != nil {
		return err
	}
	defer s.reads.leave(c.actor().Account)
	defer time.AfterFunc(refusedWithin, func() { c.end(writtenElsewhere()) }).Stop()
	size := 0
	for range RefusedMessages {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if size += len(m.GetProposedMessage().GetData()) + len(m.GetProposedMessage().GetCustomMetadata()); size > RefusedBytes {
			break
		}
	}
	return writtenElsewhere()
}

// BatchAppend is refused.
func (s *Streams) BatchAppend(streams.Streams_BatchAppendServer) error { return writtenElsewhere() }

// Delete is refused.
func (s *Streams) Delete(context.Context, *streams.DeleteReq) (*streams.DeleteResp, error) {
	return nil, nothingDeleted()
}

// Tombstone is refused.
func (s *Streams) Tombstone(context.Context, *streams.TombstoneReq) (*streams.TombstoneResp, error) {
	return nil, nothingDeleted()
}

func writtenElsewhere() error {
	return say(codes.PermissionDenied,
		"账本只能通过自己的命令写入，这里只供读取；流的元数据同样不可写。请在门户或命令接口上登记。",
		"The ledger is written through its own commands; here it is only read, and a stream's metadata too is not written. Record it in the portal or through the command interface.")
}

func nothingDeleted() error {
	return say(codes.PermissionDenied,
		"账本从不删除：流不能删除，也不能作废。要更正，请登记更正。",
		"Nothing is deleted from the ledger: a stream is neither deleted nor tombstoned. To correct it, record a correction.")
}
