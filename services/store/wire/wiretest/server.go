package wiretest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"

	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/store/wire"
)

// The only account there is. With TLS every call must show it, server features
// and gossip excepted; without TLS nobody is asked, as an insecure server does.
const (
	User     = "admin"
	Password = "changeit"
)

// Config says what Start starts.
type Config struct {
	// Dir holds the ledger and, with TLS, the certificates; they are made where
	// there are none. "" is a folder of the server's own that Close removes.
	Dir string
	// Listen names the nodes' addresses, of which the first leads at the start.
	// None is one node on 127.0.0.1 and a free port.
	Listen []string
	// TLS serves with a certificate for localhost and 127.0.0.1.
	TLS bool
	// Bare leaves out the event that a new server writes to $users, for a
	// ledger that is also read past the server.
	Bare bool
	// Log is where faults that are nobody's intention are reported; nil
	// discards them.
	Log *slog.Logger
}

// Server is a running cluster of one or more nodes over one ledger. Its
// methods may be called from several goroutines, Restart and Close from one at
// a time.
type Server struct {
	config Config
	dir    string
	tls    *certificate // nil without TLS
	faults faults
	groups groups
	weak   sync.Mutex // held by an append that expects any revision, from its look at the stream on

	leader atomic.Int64                 // number of the node that leads
	store  atomic.Pointer[sqlite.Store] // read by calls under way, which mu waits for
	mu     sync.Mutex
	nodes  []*node
}

// node is one listener.
type node struct {
	number   int
	address  string // as it was bound
	host     string // as clients are told
	port     int
	listener *listener
	wire     *wire.Server
	served   chan error
}

// Start opens the ledger and serves it. The caller closes the server.
func Start(c Config) (*Server, error) {
	s := &Server{config: c, dir: c.Dir}
	if len(c.Listen) == 0 {
		c.Listen = []string{"127.0.0.1:0"}
	}
	for i, address := range c.Listen {
		s.nodes = append(s.nodes, &node{number: i, address: address})
	}
	if err := s.prepare(); err != nil {
		return nil, errors.Join(err, s.tidy())
	}
	if err := s.run(); err != nil {
		return nil, errors.Join(err, s.tidy())
	}
	return s, nil
}

func (s *Server) prepare() (err error) {
	if s.dir == "" {
		if s.dir, err = os.MkdirTemp("", "suyuan-wiretest-"); err != nil {
			return err
		}
	}
	if s.config.TLS {
		if err := os.MkdirAll(s.dir, 0o700); err != nil {
			return err
		}
		s.tls, err = certify(s.dir)
	}
	return err
}

// tidy removes a folder that is the server's own.
func (s *Server) tidy() error {
	if s.config.Dir != "" || s.dir == "" {
		return nil
	}
	return os.RemoveAll(s.dir)
}

// run opens the store and serves every node.
func (s *Server) run() error {
	store, err := sqlite.Open(s.dir)
	if err != nil {
		return err
	}
	if err := s.greet(store); err != nil {
		return errors.Join(err, store.Close())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.Store(store)
	for _, n := range s.nodes {
		if err := n.listen(s.config.TLS); err != nil {
			return errors.Join(err, s.halt())
		}
	}
	for _, n := range s.nodes {
		n.wire = wire.New(store, s.options(n))
		n.served = make(chan error, 1)
		go func() { n.served <- n.wire.Serve(n.listener) }()
	}
	return nil
}

// greet writes what a new server has in $users, once.
func (s *Server) greet(store *sqlite.Store) error {
	if s.config.Bare {
		return nil
	}
	ctx := context.Background()
	for _, err := range store.Stream(ctx, "$users", 0) {
		return err
	}
	_, err := store.Append(ctx, "$users", ledger.NoStream, ledger.Record{
		ID: ledger.EventID("wiretest", "$users", 0), Type: "$User", Data: []byte(`"` + User + `"`), Meta: []byte(`{}`),
	})
	return err
}

// halt stops every node at once, as a kill would, and closes the store. It
// runs under mu.
func (s *Server) halt() error {
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	var errs []error
	for _, n := range s.nodes {
		if n.listener != nil {
			errs = append(errs, n.listener.Close())
			n.listener.cut()
			n.listener = nil
		}
		if n.wire != nil {
			n.wire.Stop(gone)
			if err := <-n.served; !errors.Is(err, net.ErrClosed) {
				errs = append(errs, err)
			}
			n.wire = nil
		}
	}
	if store := s.store.Load(); store != nil {
		errs = append(errs, store.Close())
	}
	return errors.Join(errs...)
}

// Restart stops the server as a kill would, every connection and call broken
// off, and starts it again on the same ports and folder. What was acknowledged
// is there afterwards.
func (s *Server) Restart() error {
	s.mu.Lock()
	err := s.halt()
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return s.run()
}

// Close stops the server and removes what is its own.
func (s *Server) Close() error {
	s.mu.Lock()
	err := s.halt()
	s.mu.Unlock()
	return errors.Join(err, s.tidy())
}

// Cut breaks every open connection; new ones are taken at once.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.nodes {
		if n.listener != nil {
			n.listener.cut()
		}
	}
}

// Lead makes another node the leader, by its number in Config.Listen. The
// nodes answer accordingly from the next call on; calls under way go on.
func (s *Server) Lead(number int) { s.leader.Store(int64(number)) }

// Store is the ledger behind the server, another one after each Restart.
func (s *Server) Store() *sqlite.Store { return s.store.Load() }

// Addresses are the nodes' host:port, in the order of Config.Listen.
func (s *Server) Addresses() (out []string) {
	for _, n := range s.nodes {
		out = append(out, net.JoinHostPort(n.host, strconv.Itoa(n.port)))
	}
	return out
}

func (n *node) listen(secure bool) error {
	l, err := net.Listen("tcp", n.address)
	if err != nil {
		return fmt.Errorf("listen for the test server: %w", err)
	}
	n.listener = &listener{Listener: l, open: map[net.Conn]bool{}}
	if n.port != 0 {
		return nil // started again: clients know the address
	}
	host, _, err := net.SplitHostPort(n.address)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	if secure {
		host = "localhost"
	}
	n.host, n.port, n.address = host, l.Addr().(*net.TCPAddr).Port, l.Addr().String()
	return nil
}

func (s *Server) authority() string { return filepath.Join(s.dir, "ca.pem") }
