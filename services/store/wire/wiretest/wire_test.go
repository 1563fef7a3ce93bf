package wiretest_test

import (
	"errors"
	"io"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
)

func connect(t testing.TB, address string) *grpc.ClientConn {
	t.Helper()
	c, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func raw(t testing.TB, address string) streams.StreamsClient {
	return streams.NewStreamsClient(connect(t, address))
}

// send gives the answer, the trailers and the error of one append. Every
// message must have been taken: one that was not says that the server broke
// off before the client could read why.
func send(t testing.TB, c streams.StreamsClient, messages ...*streams.AppendReq) (*streams.AppendResp, metadata.MD, error) {
	t.Helper()
	stream, err := c.Append(patient(t))
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range messages {
		if err := stream.Send(m); err != nil {
			if !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			t.Errorf("the stream broke off at message %d of %d", i, len(messages))
			break
		}
	}
	r, err := stream.CloseAndRecv()
	return r, stream.Trailer(), err
}
