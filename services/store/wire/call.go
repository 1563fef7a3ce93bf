package wire

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"suyuan/services/ledger"
)

// call is one that is under way, as the door watches it.
type call struct {
	pass
	sends, receives atomic.Uint64 // counted when one begins and when it is done: odd while it waits

	once  sync.Once
	ended chan struct{}
	why   error // once ended is closed
}

type callKey struct{}

// callOf is the call that a context is of; nil where there was no door.
func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// actor is who calls, nobody where nobody is asked for.
func (c *call) actor() ledger.Actor {
	if c == nil {
		return ledger.Actor{}
	}
	return c.pass.actor
}

// end lets the call end with an error, whatever it waits for. The first one
// counts.
func (c *call) end(why error) {
	if c == nil {
		return
	}
	c.once.Do(func() {
		c.why = why
		close(c.ended)
	})
}

// aMoment is what a service that was told to end may still take.
const aMoment = 100 * time.Millisecond

// How often it is looked, in what a client may take, whether it does anything.
const looks = 8

var (
	errStalled = say(codes.Aborted, "读取方很久没有收取任何内容；请从上次的位置重新读取或续订。",
		"Nothing that was sent has been taken for a long time; read or subscribe again from the last position.")
	errSilent = say(codes.DeadlineExceeded, "请求没有及时送达；请重试。", "The request did not arrive in time; try again.")
)

// attend waits until the service is done, or the call has ended before that.
func (d *door) attend(ctx context.Context, c *call, done <-chan error) (err error, ended bool) {
	every := max(min(d.patience, d.within)/looks, time.Millisecond)
	look := time.NewTicker(every)
	defer look.Stop()
	var asking <-chan time.Time
	if c.again != nil {
		t := time.NewTicker(d.again)
		defer t.Stop()
		asking = t.C
	}
	takes, gives := waiting{most: int(d.patience / every)}, waiting{most: int(d.within / every)}
	for {
		select {
		case err := <-done:
			return err, false
		case <-c.ended:
			return nil, true
		case <-look.C:
			if takes.over(c.sends.Load()) {
				c.end(errStalled)
			}
			if gives.over(c.receives.Load()) {
				c.end(errSilent)
			}
		case <-asking:
			// What cannot be asked at the moment is asked again.
			if err := c.again(ctx); ledger.IsCode(err, ledger.Unauthenticated) || ledger.IsCode(err, ledger.Forbidden) {
				c.end(err)
			}
		}
	}
}

// waiting is for how many looks the same has been waited for.
type waiting struct {
	most, looks int
	last        uint64
}

func (w *waiting) over(now uint64) bool {
	if now != w.last || now%2 == 0 {
		w.last, w.looks = now, 0
		return false
	}
	w.looks++
	return w.looks > w.most
}

// admitted is a stream that knows whose it is, and when it waits.
type admitted struct {
	grpc.ServerStream
	call *call
	ctx  context.Context
}

func (a admitted) Context() context.Context { return a.ctx }

func (a admitted) SendMsg(m any) error {
	a.call.sends.Add(1)
	err := a.ServerStream.SendMsg(m)
	a.call.sends.Add(1)
	return err
}

func (a admitted) RecvMsg(m any) error {
	a.call.receives.Add(1)
	err := a.ServerStream.RecvMsg(m)
	a.call.receives.Add(1)
	return err
}

// behindTheDoor registers services such that the door stands before every
// message. gRPC takes the one message of a call of the simple kind in before
// it asks anybody; so all are served as streams, which look the same on the
// wire.
type behindTheDoor struct{ grpc.ServiceRegistrar }

func (b behindTheDoor) RegisterService(desc *grpc.ServiceDesc, service any) {
	all := *desc
	all.Methods, all.Streams = nil, append([]grpc.StreamDesc(nil), desc.Streams...)
	for _, m := range desc.Methods {
		// Interceptors stand before those that stream one way at least.
		all.Streams = append(all.Streams, grpc.StreamDesc{StreamName: m.MethodName, ServerStreams: true, Handler: func(service any, stream grpc.ServerStream) error {
			answer, err := m.Handler(service, stream.Context(), stream.RecvMsg, nil)
			if err != nil {
				return err
			}
			return stream.SendMsg(answer)
		}})
	}
	b.ServiceRegistrar.RegisterService(&all, service)
}
