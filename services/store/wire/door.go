package wire

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"suyuan/services/ledger"
)

// door stands before every call: it asks who it is, ends the call when its
// credential ends or its client does nothing, and lets one that panics end
// alone.
type door struct {
	admit    func(ctx context.Context, authorization string) (ledger.Actor, error)
	again    time.Duration // after which admit is asked once more
	patience time.Duration // with a client that takes nothing
	within   time.Duration // with one that sends nothing of what it began
	crowd    *crowd
	log      *slog.Logger
}

// What anybody may ask: a client asks it before it shows a credential.
var open = map[string]bool{
	"/event_store.client.server_features.ServerFeatures/GetSupportedMethods": true,
	"/event_store.client.gossip.Gossip/Read":                                 true,
}

// pass is what the door gives to whoever was admitted.
type pass struct {
	actor ledger.Actor
	again func(context.Context) error // nil where nobody is asked for
}

func (d *door) enter(ctx context.Context, method string) (pass, error) {
	if d.admit == nil || open[method] {
		return pass{}, nil
	}
	header := ""
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		if values := md.Get("authorization"); len(values) > 0 {
			header = values[0]
		}
	}
	a, err := d.admit(ctx, header)
	if err != nil {
		return pass{}, err
	}
	return pass{a, func(ctx context.Context) error {
		now, err := d.admit(ctx, header)
		if err == nil && (now.Account != a.Account || now.Unit != a.Unit || !slices.Equal(now.Roles, a.Roles)) {
			err = errOther
		}
		return err
	}}, nil
}

func (d *door) stream(service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) (err error) {
	defer func() { err = d.caught(info.FullMethod, err, recover()) }()
	p, err := d.enter(stream.Context(), info.FullMethod)
	if err != nil {
		return err
	}
	leave, ok := d.crowd.begins(stream.Context(), d.admit == nil || p.again != nil)
	if !ok {
		return say(codes.ResourceExhausted, "这个连接上同时的询问太多，请稍后重试。", "There are too many questions at once on this connection; try again later.")
	}
	defer leave()
	c := &call{pass: p, ended: make(chan struct{})}
	ctx, cancel := context.WithCancelCause(context.WithValue(stream.Context(), callKey{}, c))
	defer cancel(nil)
	done := make(chan error, 1)
	// The service may wait for the client for as long as it likes: only when
	// this returns does its waiting end.
	go func() {
		var err error
		defer func() { done <- d.caught(info.FullMethod, err, recover()) }()
		err = next(service, admitted{stream, c, ctx})
	}()
	if err, ended := d.attend(ctx, c, done); !ended {
		return err
	}
	cancel(c.why)
	select {
	case <-done: // nothing of it goes on when the call is over, if that can be
	case <-time.After(aMoment):
	}
	return c.why
}

var errOther = ledger.Errorf(ledger.Unauthenticated, "wire.other_account",
	"凭据所属的账户或其角色已经改变；请重新订阅。", "The credential's account or its roles have changed; subscribe again.")

// caught gives what the caller is told: nothing that is not meant for them.
func (d *door) caught(method string, err error, panicked any) error {
	if panicked != nil {
		d.log.Error("a call panicked", "method", method, "panic", fmt.Sprint(panicked), "stack", string(debug.Stack()))
		return status.Error(codes.Internal, both(internal))
	}
	return d.told(method, err)
}

// told translates an error once: what has a gRPC status keeps it.
func (d *door) told(method string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := status.FromError(err); ok {
		return err
	}
	said := refusal(err)
	if c := said.Code(); c == codes.Internal || c == codes.DataLoss {
		d.log.Error("a call failed", "method", strings.TrimPrefix(method, "/"), "error", err)
	}
	return said.Err()
}
