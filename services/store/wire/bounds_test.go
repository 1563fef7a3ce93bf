package wire_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/status"

	"suyuan/services/ledger"
	"suyuan/services/store/wire"
)

func exhausted(err error) bool {
	s := status.Convert(err)
	return s.Code() == codes.ResourceExhausted && strings.Contains(s.Message(), "too many") && strings.Contains(s.Message(), "太多")
}

func TestTooManySubscriptions(t *testing.T) {
	t.Parallel()
	c := reader(t, serve(t, newMemory(), wire.Options{MaxSubscriptions: 2}))
	open := func() (context.CancelFunc, error) {
		ctx, cancel := context.WithCancel(within(t))
		r, err := c.Read(ctx, ask(follow))
		if err == nil {
			_, err = r.Recv()
		}
		return cancel, err
	}
	first, err := open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(); err != nil {
		t.Fatal(err)
	}
	if _, err := open(); !exhausted(err) {
		t.Fatalf("one too many: %v", err)
	}
	if _, err := receive(within(t), c, ask(), false); err != nil {
		t.Errorf("a read takes no subscription's place: %v", err)
	}
	first()
	for err = io.EOF; err != nil; _, err = open() { // as soon as the server has noticed
		if !errors.Is(err, io.EOF) && !exhausted(err) {
			t.Fatal(err)
		}
	}
}

// held is a log whose reads wait once hold is set, so that they are under way.
func held(t *testing.T, n int) (log *memory, hold *atomic.Bool, reached, release chan struct{}) {
	log, hold = newMemory(), new(atomic.Bool)
	newWriter(log).append(t, "unit-1", "unit.registered", n)
	reached, release = make(chan struct{}, 100), make(chan struct{})
	log.fail = func(e ledger.Recorded) error {
		if e.Revision == int64(n/2) && hold.Load() {
			reached <- struct{}{}
			<-release
		}
		return nil
	}
	return log, hold, reached, release
}

func TestTooManyReads(t *testing.T) {
	t.Parallel()
	log, hold, reached, release := held(t, 10)
	hold.Store(true)
	c := reader(t, serve(t, log, wire.Options{MaxReads: 1}))
	done := make(chan error)
	go func() {
		got, err := receive(within(t), c, ask(), false)
		if err == nil && len(got) != 10 {
			err = errors.New("events are missing")
		}
		done <- err
	}()
	<-reached
	if _, err := receive(within(t), c, ask(), false); !exhausted(err) {
		t.Errorf("one too many: %v", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// dialled is a bare connection.
func dialled(t *testing.T, at string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(generous))
	return c
}

// greeted: a server greets with its settings once it has the client's preface.
func greeted(c net.Conn) bool {
	_, err := io.WriteString(c, preface)
	if err == nil {
		_, err = io.ReadFull(c, make([]byte, 9))
	}
	return err == nil
}

// TestTooManyConnections: who has no call under way makes room, who has one
// does not.
func TestTooManyConnections(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]wire.Options{"anybody": {}, "auditors": {Admit: guard}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.MaxConnections = 2
			log := newMemory()
			at := serve(t, log, o)
			silent := []net.Conn{dialled(t, at), dialled(t, at)}
			for _, c := range silent {
				if !greeted(c) {
					t.Fatal("two connections are not served")
				}
			}
			var subscribed []streams.Streams_ReadClient
			for range silent { // each makes room for one
				r, err := reader(t, at).Read(as(within(t), "good"), ask(follow))
				for range 2 { // confirmed, caught up
					if err == nil {
						_, err = r.Recv()
					}
				}
				if err != nil {
					t.Fatalf("shut out by who says nothing: %v", err)
				}
				subscribed = append(subscribed, r)
			}
			for _, c := range silent {
				if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
					t.Error("who says nothing stayed")
				}
			}
			for range 3 {
				if greeted(dialled(t, at)) {
					t.Error("a third is served")
				}
			}
			newWriter(log).append(t, "unit-1", "unit.registered", 1)
			for _, r := range subscribed {
				if m, err := r.Recv(); err != nil || m.GetEvent() == nil {
					t.Errorf("a subscription had to make room: %v", err)
				}
			}
		})
	}
}

// TestNotAdmitted: a connection on which nobody is admitted is closed, and one
// on which somebody was stays, though nothing is asked on it.
func TestNotAdmitted(t *testing.T) {
	t.Parallel()
	at := serve(t, newMemory(), wire.Options{Admit: guard, AdmittedWithin: time.Second})
	conn := raw(t, at)
	if _, err := receive(as(within(t), "good"), streams.NewStreamsClient(conn), ask(), false); err != nil {
		t.Fatal(err)
	}
	c := dialled(t, at)
	if !greeted(c) {
		t.Fatal("it is not served")
	}
	refused := raw(t, at)
	if _, err := receive(as(within(t), "bad"), streams.NewStreamsClient(refused), ask(), false); status.Code(err) != codes.Unauthenticated {
		t.Fatal(err)
	}
	if _, err := gossip.NewGossipClient(refused).Read(within(t), empty); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("who says nothing stays")
	}
	if !refused.WaitForStateChange(within(t), connectivity.Ready) {
		t.Error("who is refused stays")
	}
	if s := conn.GetState(); s != connectivity.Ready {
		t.Errorf("who was admitted is %v", s)
	}
}

// preface is what an HTTP/2 client says first, with settings that change
// nothing.
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\x00\x00\x00\x04\x00\x00\x00\x00\x00"

// TestGarbage sends what is no gRPC, some of it never to its end, and the
// server serves on.
func TestGarbage(t *testing.T) {
	t.Parallel()
	certificate, _ := certified(t)
	for name, secured := range map[string]*tls.Config{"plain": nil, "TLS": {Certificates: []tls.Certificate{certificate}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := newMemory()
			newWriter(log).append(t, "unit-1", "unit.registered", 3)
			var written journal
			_, at := served(t, log, wire.Options{TLS: secured, Log: written.logger()})
			for _, garbage := range []string{
				"", "\x00", strings.Repeat("\xff", 1<<20), "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
				preface[:10], preface, preface + strings.Repeat("\x00", 4096), preface + "\xff\xff\xff\x00\x00\x00\x00\x00\x01",
				preface + "\x00\x00\x04\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00",              // a window that grows by nothing
				preface + "\x00\x40\x00\x01\x04\x00\x00\x00\x01" + strings.Repeat("z", 1<<14), // headers that cannot be read
				preface + strings.Repeat("\x00\x00\x08\x06\x00\x00\x00\x00\x00pingping", 1000),
			} {
				c, err := net.Dial("tcp", at)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = c.Close() })
				_ = c.SetDeadline(time.Now().Add(generous))
				_, _ = io.WriteString(c, garbage) // it may be cut off on the way
			}
			if secured == nil {
				if got, err := receive(within(t), reader(t, at), ask(), false); err != nil || len(got) != 3 {
					t.Errorf("the server no longer serves: %v", err)
				}
			} else if c, err := tls.Dial("tcp", at, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}); err != nil {
				t.Errorf("the server no longer serves: %v", err)
			} else {
				_ = c.Close()
			}
			if text := written.String(); text != "" {
				t.Errorf("written down: %s", text)
			}
		})
	}
}

// TestStop: a read under way finishes, a subscription ends as Unavailable, and
// what never says what it wants does not hold the server up.
func TestStop(t *testing.T) {
	t.Parallel()
	log, hold, reached, release := held(t, 10)
	s, at := served(t, log, wire.Options{})
	c := reader(t, at)
	read, followed := make(chan error), make(chan error)
	r, err := c.Read(within(t), ask(follow, atEnd))
	for range 2 { // confirmed, caught up
		if err == nil {
			_, err = r.Recv()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	hold.Store(true)
	go func() {
		_, err := r.Recv()
		followed <- err
	}()
	go func() {
		got, err := receive(within(t), c, ask(), false)
		if err == nil && len(got) != 10 {
			err = errors.New("events are missing")
		}
		read <- err
	}()
	<-reached
	stopped := make(chan struct{})
	go func() {
		s.Stop(within(t))
		close(stopped)
	}()
	if err := <-followed; status.Code(err) != codes.Unavailable || !strings.Contains(err.Error(), "stopping") {
		t.Errorf("the subscription ended with %v", err)
	}
	select {
	case <-stopped:
		t.Error("it stopped before the read was done")
	default:
	}
	close(release)
	if err := <-read; err != nil {
		t.Errorf("the read: %v", err)
	}
	<-stopped
	if _, err := net.DialTimeout("tcp", at, time.Second); err == nil {
		t.Error("it still listens")
	}
}

func TestStopCutsOff(t *testing.T) {
	t.Parallel()
	log, hold, reached, release := held(t, 10)
	defer close(release)
	hold.Store(true)
	s, at := served(t, log, wire.Options{})
	silent, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	r, err := reader(t, at).Read(within(t), ask())
	if err != nil {
		t.Fatal(err)
	}
	<-reached
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	began := time.Now()
	s.Stop(ctx)
	if took := time.Since(began); took > 8*time.Second { // a handshake may take 10
		t.Errorf("it took %v", took)
	}
	for err == nil {
		_, err = r.Recv()
	}
	if code := status.Code(err); code != codes.Unavailable && code != codes.Canceled {
		t.Errorf("the read ended with %v", err)
	}
}
