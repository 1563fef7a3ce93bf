package wire

import (
	"context"
	"errors"
	"io"
	"sync"

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
	reads         chan struct{} // one taken for each read under way
	subscriptions chan struct{} // and for each subscription

	known sync.Mutex
	end   ledger.Position // of the log, as it was last looked up, under known
}

func newStreams(log ledger.Log, o Options, stopping <-chan struct{}) *Streams {
	return &Streams{
		log: log, see: o.See, stopping: stopping,
		reads: make(chan struct{}, o.MaxReads), subscriptions: make(chan struct{}, o.MaxSubscriptions),
	}
}

// How much of what is refused anyway is taken in, so that the client has sent
// all of it and reads why.
const refusedMessages, refusedBytes = 2000, 32 << 20

// Append is refused.
func (s *Streams) Append(stream streams.Streams_AppendServer) error {
	size := 0
	for range refusedMessages {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if size += len(m.GetProposedMessage().GetData()) + len(m.GetProposedMessage().GetCustomMetadata()); size > refusedBytes {
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
