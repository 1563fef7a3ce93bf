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

// door stands before every call: it asks who it is, and a call that panics
// ends alone.
type door struct {
	admit func(ctx context.Context, authorization string) (ledger.Actor, error)
	again time.Duration
	log   *slog.Logger
}

// What anybody may ask: a client asks it before it shows a credential.
var open = map[string]bool{
	"/event_store.client.server_features.ServerFeatures/GetSupportedMethods": true,
	"/event_store.client.gossip.Gossip/Read":                                 true,
}

// pass is what the door gives to whoever was admitted.
type pass struct {
	actor ledger.Actor
	every time.Duration
	again func(context.Context) error // nil where nobody is asked for
}

type passKey struct{}

// passOf is the pass of a call, an empty one where nobody is asked for.
func passOf(ctx context.Context) pass {
	p, _ := ctx.Value(passKey{}).(pass)
	return p
}

func (d *door) enter(ctx context.Context, method string) (context.Context, error) {
	if d.admit == nil || open[method] {
		return ctx, nil
	}
	header := ""
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		if values := md.Get("authorization"); len(values) > 0 {
			header = values[0]
		}
	}
	a, err := d.admit(ctx, header)
	if err != nil {
		return ctx, err
	}
	return context.WithValue(ctx, passKey{}, pass{a, d.again, func(ctx context.Context) error {
		now, err := d.admit(ctx, header)
		if err == nil && (now.Account != a.Account || now.Unit != a.Unit || !slices.Equal(now.Roles, a.Roles)) {
			err = errOther
		}
		return err
	}}), nil
}

func (d *door) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (resp any, err error) {
	defer func() { err = d.caught(info.FullMethod, err, recover()) }()
	ctx, err = d.enter(ctx, info.FullMethod)
	if err != nil {
		return nil, err
	}
	return next(ctx, req)
}

func (d *door) stream(service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) (err error) {
	defer func() { err = d.caught(info.FullMethod, err, recover()) }()
	ctx, err := d.enter(stream.Context(), info.FullMethod)
	if err != nil {
		return err
	}
	return next(service, admitted{stream, ctx})
}

var errOther = ledger.Errorf(ledger.Unauthenticated, "wire.other_account",
	"凭据所属的账户或其角色已经改变；请重新订阅。", "The credential's account or its roles have changed; subscribe again.")

// admitted is a stream that knows whose it is.
type admitted struct {
	grpc.ServerStream
	ctx context.Context
}

func (a admitted) Context() context.Context { return a.ctx }

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
