package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"

	"suyuan/services/ledger"
)

// Options is how a Server behaves. The zero value serves everything to
// everybody, in plain text.
type Options struct {
	// Version is the server version that clients are told, numbers and dots
	// only; "" is 26.0.0.
	Version string
	// Admit says who asks, from the authorization header as it was sent
	// ("Basic …", "Bearer …", or "" where there is none). A *ledger.Error with
	// Unauthenticated or Forbidden becomes the gRPC code of that name. nil
	// admits everybody as nobody. Server features and gossip are answered
	// without it, as a real server does.
	Admit func(ctx context.Context, authorization string) (ledger.Actor, error)
	// See says whether an event passes to the reader; nil passes every one. An
	// event that does not pass is as if it were not there: a stream then has
	// gaps in its revisions, and one of which nothing passes is not found. No
	// answer changes when such an event is appended; but positions are the
	// log's own, and where they are ordinals, a gap between two events that
	// pass counts those between that do not. It is called for every event of
	// every read, so it must be quick.
	See func(by ledger.Actor, e ledger.Recorded) bool
	// TLS is the configuration of the listener; nil is plain text.
	TLS *tls.Config
	// Members is what gossip tells of the cluster; nil is this listener alone,
	// as its leader.
	Members func() []Member
	// Log is where faults of ours are reported; nil discards them.
	Log *slog.Logger
	// Now tells the time; nil is a clock that stands at the zero time, which
	// only gossip's time stamps are taken from.
	Now ledger.Clock
	// Streams may put a service of its own before the reading one, for a test
	// that needs appends; nil serves reading only.
	Streams func(*Streams) streams.StreamsServer
	// Register may add services of its own, for a test; nil adds none.
	Register func(grpc.ServiceRegistrar)
	// Advertise is added to the methods that server features list.
	Advertise []Method
	// AskAgain is after how long Admit is asked once more about whoever reads or
	// follows, 0 is a minute: a credential that was withdrawn or has expired
	// ends what it opened, also where the reader takes nothing at the time.
	AskAgain time.Duration
	// Patience is how long a reader may leave what is sent to it without taking
	// any of it, 0 is 10 minutes. It is then ended as Aborted, and goes on from
	// its last position once it reads again.
	Patience time.Duration
	// RequestWithin is how long a message of a call may take to arrive, 0 is 30
	// seconds.
	RequestWithin time.Duration
	// AdmittedWithin is how long a connection may stay on which nobody was
	// admitted yet, 0 is 30 seconds.
	AdmittedWithin time.Duration
	// MaxReceived bounds one message of a client, in bytes, 0 is 64 KiB: a
	// request to read is smaller.
	MaxReceived int
	// MaxCalls bounds the calls at once on one connection, 0 is 32. Clients
	// wait with one more.
	MaxCalls int
	// MaxSubscriptions bounds how many subscriptions there are at once, 0 is
	// 64: each of them reads what is appended for itself. One more is refused
	// as ResourceExhausted.
	MaxSubscriptions int
	// MaxReads bounds how many reads there are at once, 0 is 256.
	MaxReads int
	// Share is which part of either an account may have, one in so many, 0 is
	// 4, so that none keeps the others out. Where nobody is asked for, anybody
	// may have all.
	Share int
	// MaxConnections bounds the connections, 0 is 256. For one more the one
	// makes room that has been without a call longest, those before others on
	// which nobody was admitted; where all have calls, it is closed.
	MaxConnections int
}

// Method is one that the server features list, in lower case.
type Method struct {
	Service, Name string
	Features      []string
}

// What one client may cost.
const (
	handshakeWithin = 10 * time.Second
	maxHeaders      = 16 << 10
	window          = 64 << 10 // what may arrive of a call before anybody asks for it; gRPC knows no less
	writeBuffer     = 128 << 10
)

// Idle subscribers live: clients of all languages ping every 10 seconds, some
// with nothing open.
const (
	pingAtMostEvery = time.Second
	pingAfter       = 30 * time.Second
	pingWithin      = 20 * time.Second
	idleAtMost      = 30 * time.Minute // without a call; a client opens a new connection by itself
)

// Server serves one log. It may serve several listeners.
type Server struct {
	log      ledger.Log
	options  Options
	grpc     *grpc.Server
	streams  *Streams
	stopping chan struct{}
	stop     sync.Once
	crowd    *crowd
	own      sync.Mutex
	at       net.Addr // of the first listener, for gossip; under own
}

// New makes a server for a log. The log stays the caller's to close, after
// Stop.
func New(log ledger.Log, o Options) *Server {
	o = o.filled()
	s := &Server{log: log, options: o, stopping: make(chan struct{}), crowd: newCrowd(o.MaxConnections, o.AdmittedWithin)}
	s.streams = newStreams(log, o, s.stopping)
	s.grpc = grpc.NewServer(s.settings()...)
	var service streams.StreamsServer = s.streams
	if o.Streams != nil {
		service = o.Streams(s.streams)
	}
	all := behindTheDoor{s.grpc}
	streams.RegisterStreamsServer(all, service)
	serverfeatures.RegisterServerFeaturesServer(all, &features{version: o.Version, more: o.Advertise})
	gossip.RegisterGossipServer(all, &gossiping{members: s.members, now: o.Now})
	if o.Register != nil {
		o.Register(all)
	}
	return s
}

func (o Options) filled() Options {
	if o.Version == "" {
		o.Version = "26.0.0"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = func() time.Time { return time.Time{} }
	}
	for n, usual := range map[*int]int{
		&o.MaxSubscriptions: 64, &o.MaxReads: 256, &o.Share: 4, &o.MaxConnections: 256, &o.MaxReceived: window, &o.MaxCalls: 32,
	} {
		if *n <= 0 {
			*n = usual
		}
	}
	for d, usual := range map[*time.Duration]time.Duration{
		&o.AskAgain: time.Minute, &o.Patience: 10 * time.Minute, &o.RequestWithin: 30 * time.Second, &o.AdmittedWithin: 30 * time.Second,
	} {
		if *d <= 0 {
			*d = usual
		}
	}
	if o.Admit == nil {
		o.Share = 1
	}
	return o
}

func (s *Server) settings() []grpc.ServerOption {
	door := &door{
		admit: s.options.Admit, again: s.options.AskAgain, crowd: s.crowd, log: s.options.Log,
		patience: s.options.Patience, within: s.options.RequestWithin,
	}
	settings := []grpc.ServerOption{
		grpc.ForceServerCodecV2(codec{}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: pingAtMostEvery, PermitWithoutStream: true}),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: pingAfter, Timeout: pingWithin, MaxConnectionIdle: idleAtMost}),
		grpc.ConnectionTimeout(handshakeWithin),
		grpc.MaxConcurrentStreams(uint32(s.options.MaxCalls)),
		grpc.MaxRecvMsgSize(s.options.MaxReceived),
		grpc.MaxHeaderListSize(maxHeaders),
		grpc.WriteBufferSize(writeBuffer),
		grpc.StreamInterceptor(door.stream),
		grpc.UnknownServiceHandler(elsewhere),
	}
	if s.options.MaxReceived <= window { // nobody sends much; else windows grow with the line
		settings = append(settings, grpc.StaticStreamWindowSize(window), grpc.StaticConnWindowSize(window))
	}
	if s.options.TLS != nil {
		settings = append(settings, grpc.Creds(credentials.NewTLS(s.options.TLS)))
	}
	return settings
}

// Serve answers on a listener until Stop, and then gives nil. It closes the
// listener.
func (s *Server) Serve(l net.Listener) error {
	s.own.Lock()
	if s.at == nil {
		s.at = l.Addr()
	}
	s.own.Unlock()
	if err := s.grpc.Serve(bounded{l, s.crowd}); !errors.Is(err, grpc.ErrServerStopped) {
		return err
	}
	return nil
}

// Stop takes no more connections, ends subscriptions as Unavailable and lets
// reads under way finish until ctx ends, which cuts them off.
func (s *Server) Stop(ctx context.Context) {
	s.stop.Do(func() { close(s.stopping) })
	done := make(chan struct{})
	go func() { s.grpc.GracefulStop(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		s.crowd.leave()
		s.grpc.Stop() // handlers notice when they next send or ask the log
	}
}
