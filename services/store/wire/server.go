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
	// gaps in its revisions, and one of which nothing passes is not found. It
	// is called for every event of every read, so it must be quick.
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
	// AskAgain is after how long Admit is asked once more about whoever follows
	// a stream, 0 is a minute: a credential that was withdrawn or has expired
	// ends what it opened.
	AskAgain time.Duration
	// MaxSubscriptions bounds how many subscriptions there are at once, 0 is
	// 64: each of them reads what is appended for itself. One more is refused
	// as ResourceExhausted.
	MaxSubscriptions int
	// MaxReads bounds how many reads there are at once, 0 is 256.
	MaxReads int
	// MaxConnections bounds the connections, 0 is 256. One more is closed as
	// soon as it is taken.
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
	streamsAConn    = 256
	maxReceived     = 8 << 20 // above any append limit, so that an append too large is refused in words
	maxHeaders      = 16 << 10
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
	s := &Server{log: log, options: o, stopping: make(chan struct{}), crowd: newCrowd(o.MaxConnections)}
	s.streams = newStreams(log, o, s.stopping)
	s.grpc = grpc.NewServer(s.settings()...)
	var service streams.StreamsServer = s.streams
	if o.Streams != nil {
		service = o.Streams(s.streams)
	}
	streams.RegisterStreamsServer(s.grpc, service)
	serverfeatures.RegisterServerFeaturesServer(s.grpc, &features{version: o.Version, more: o.Advertise})
	gossip.RegisterGossipServer(s.grpc, &gossiping{members: s.members, now: o.Now})
	if o.Register != nil {
		o.Register(s.grpc)
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
	if o.MaxSubscriptions <= 0 {
		o.MaxSubscriptions = 64
	}
	for _, n := range []*int{&o.MaxReads, &o.MaxConnections} {
		if *n <= 0 {
			*n = 256
		}
	}
	if o.AskAgain <= 0 {
		o.AskAgain = time.Minute
	}
	return o
}

func (s *Server) settings() []grpc.ServerOption {
	door := &door{admit: s.options.Admit, again: s.options.AskAgain, log: s.options.Log}
	settings := []grpc.ServerOption{
		grpc.ForceServerCodecV2(codec{}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: pingAtMostEvery, PermitWithoutStream: true}),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: pingAfter, Timeout: pingWithin, MaxConnectionIdle: idleAtMost}),
		grpc.ConnectionTimeout(handshakeWithin),
		grpc.MaxConcurrentStreams(streamsAConn),
		grpc.MaxRecvMsgSize(maxReceived),
		grpc.MaxHeaderListSize(maxHeaders),
		grpc.WriteBufferSize(writeBuffer),
		grpc.UnaryInterceptor(door.unary),
		grpc.StreamInterceptor(door.stream),
		grpc.UnknownServiceHandler(elsewhere),
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
