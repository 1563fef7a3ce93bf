package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"suyuan/seeds"
	"suyuan/services/auth"
	"suyuan/services/calendar"
	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/ledger"
	"suyuan/services/store/blob"
)

// serving is what `suyuan serve` was told.
type serving struct {
	place
	logging
	listen, metrics string
	public          string // scheme and host under which browsers know us; "" for what --listen says
	cert, certKey   string
	pair            *tls.Certificate // what they hold; nil without TLS
	proxied, demo   bool
	scrub, stop     time.Duration
	connections     int
	snapshots       int
	lang            string
	following       following
	report          reporting
	calendar        string // file of working days; "": the official one
}

func serveCommand(io streams) *cobra.Command {
	var s serving
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the portal and the API until stopped",
		Args:  noArgs,
	}
	s.place.flags(c)
	f := c.Flags()
	f.StringVar(&s.listen, "listen", "127.0.0.1:8080", "address to listen on")
	f.StringVar(&s.metrics, "metrics-listen", "", "address for /metrics alone (default: /metrics on --listen answers programs on this machine only, and nobody --behind-proxy)")
	f.StringVar(&s.public, "public-url", "", "where browsers find the portal, as https://host, if that is not what --listen says; no path")
	f.StringVar(&s.cert, "tls-cert", "", "certificate file, PEM; with --tls-key")
	f.StringVar(&s.certKey, "tls-key", "", "the certificate's key file, PEM")
	f.BoolVar(&s.proxied, "behind-proxy", false, "a proxy ends TLS and sets X-Forwarded-Proto itself")
	f.BoolVar(&s.demo, "demo", false, "play the embedded scenarios into an empty ledger and print sign-in links")
	f.DurationVar(&s.scrub, "scrub-every", time.Hour, "how often the whole log is read and checked again")
	f.DurationVar(&s.stop, "stop-timeout", 20*time.Second, "how long requests under way may take once the server is told to stop")
	f.IntVar(&s.connections, "max-connections", 4096, "open connections at once; idle ones make room, others wait")
	f.IntVar(&s.snapshots, "snapshot-every", snapshotAfter, "events that make another snapshot of the read model, which spares a start the reading of the log; small ledgers need none; 0: none is made")
	f.StringVar(&s.following.listen, "esdb-listen", "", "address at which auditors follow the embedded ledger with any EventStoreDB client, over TLS, as 127.0.0.1:2113; reading only")
	f.StringVar(&s.following.cert, "esdb-tls-cert", "", "certificate file for --esdb-listen, PEM; with --esdb-tls-key (default: one that is made and kept as keys/"+followCert+", for clients to trust)")
	f.StringVar(&s.following.certKey, "esdb-tls-key", "", "that certificate's key file, PEM")
	s.report.flags(c)
	f.StringVar(&s.calendar, "calendar", "", "file of working days that the clocks of handling run by (default: the one that comes with the program)")
	s.logging.flags(c)
	languageFlag(c, &s.lang)
	c.RunE = func(c *cobra.Command, _ []string) error {
		s.report.chosen = c.Flags().Changed("report-listen")
		if err := s.check(); err != nil {
			return usage{fmt.Errorf("serve: %w", err)}
		}
		if err := s.able(); err != nil {
			return err
		}
		log, close, err := s.logger(io.err)
		if err != nil {
			return err
		}
		defer close()
		for _, name := range unknownVariables(c.Root()) {
			log.Warn("an environment variable is no flag of any command; is it misspelt?", "name", name)
		}
		return s.run(c.Context(), io, log)
	}
	return c
}

func (s serving) check() error {
	switch {
	case (s.cert == "") != (s.certKey == ""):
		return errors.New("give --tls-cert and --tls-key together")
	case s.scrub < time.Second:
		return errors.New("--scrub-every must be at least 1s")
	case s.stop < 0:
		return errors.New("--stop-timeout cannot be negative")
	case s.snapshots < 0:
		return errors.New("--snapshot-every cannot be negative")
	case s.connections < 1:
		return errors.New("--max-connections must be at least 1")
	}
	if err := s.following.check(s.place, s.lang); err != nil {
		return err
	}
	if err := s.report.check(s.lang); err != nil {
		return err
	}
	for _, other := range []struct{ flag, address string }{{"--esdb-listen", s.following.listen}, {"--metrics-listen", s.metrics}, {"--report-listen", s.report.listen}} {
		if other.address != "" && other.address == s.listen && !strings.HasSuffix(s.listen, ":0") {
			return said(s.lang, other.flag+" 与 --listen 不能是同一个地址", other.flag+" and --listen cannot be the same address")
		}
	}
	if s.public == "" {
		return s.apart()
	}
	u, err := url.Parse(s.public)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.String() != u.Scheme+"://"+u.Host {
		return fmt.Errorf("--public-url %q: give https://host or https://host:port and nothing behind it; the portal cannot live under a path", s.public)
	}
	return s.apart()
}

// able finds out what would keep it from serving before a ledger is opened, or
// made: reading a large one takes minutes, and a folder that somebody has to
// remove again is worse than none.
func (s *serving) able() error {
	if s.cert != "" {
		pair, err := tls.LoadX509KeyPair(s.cert, s.certKey)
		if err != nil {
			return usage{fmt.Errorf("serve: --tls-cert and --tls-key: %w; name a certificate and its key, both in PEM", err)}
		}
		s.pair = &pair
	}
	if err := s.following.able(s.place, s.lang); err != nil {
		return err
	}
	if err := s.report.able(s.lang); err != nil {
		return err
	}
	if s.calendar != "" {
		text, err := os.ReadFile(s.calendar)
		if err == nil {
			s.working, err = calendar.Read(s.calendar, text)
		}
		if err != nil {
			return usage{fmt.Errorf("serve: --calendar: %w", err)}
		}
	}
	for _, at := range []struct{ address, flag string }{{s.listen, "--listen"}, {s.metrics, "--metrics-listen"}, {s.following.listen, "--esdb-listen"}} {
		if at.address == "" {
			continue
		}
		l, err := net.Listen("tcp", at.address)
		if err != nil {
			return errListen(at.address, at.flag, err)
		}
		if err := l.Close(); err != nil { // nobody is to wait in line while the ledger is read
			return err
		}
	}
	return nil
}

func (s serving) run(ctx context.Context, io streams, log *slog.Logger) error {
	h, err := s.awaited(ctx, log)
	if err != nil {
		return err
	}
	defer func() {
		if err := h.store.Close(); err != nil {
			log.Error("close the ledger", "error", err)
		}
	}()
	if h.vault, err = blob.Open(s.data); err != nil {
		return err
	}
	defer func() {
		if err := h.vault.Close(); err != nil {
			log.Error("close the files", "error", err)
		}
	}()
	signer, err := s.key(signerFile)
	if err != nil {
		return err
	}
	work := newWork(h, log)
	work.working = s.working
	work.keeper = newKeeper(s.place, s.snapshots, h, log)
	defer work.stop()
	if err := work.fold(ctx); err != nil {
		return err
	}
	if err := s.own(h, log); err != nil {
		return err
	}
	if s.demo {
		if err := s.play(ctx, h, io); err != nil {
			return err
		}
	}
	leaner()
	figures := newFigures()
	if !s.report.off() {
		figures.Calm()
	}
	work.scrubbed = figures.scrubbed
	h.graph.Tell(figures.Answer)
	d, err := desk.New(figures.appends(h.store), h.events, catalogue.Commands(), h.view, wallClock)
	if err != nil {
		return err
	}
	work.watch(figures.desk(d), signer, s.scrub)
	w := &web{serving: s, house: h, desk: d, figures: figures, links: auth.NewLinks(wallClock, random), gate: newGate(), keeper: work.keeper, log: log}
	if !s.report.off() {
		if err := undumped(); err != nil {
			return fmt.Errorf("keep this process's memory from being written to disk: %w", err)
		}
		if w.intake, err = w.newIntake(ctx, h.report); err != nil {
			return err
		}
		defer w.intake.close(work, log)
		work.cut(w.intake.cutter)
		if s.report.every == 0 {
			work.blanks(d)
		}
	}
	return s.answer(ctx, io, w)
}

// awaited opens the ledger. A cluster that cannot be reached yet is waited for:
// after a power cut everything starts at once.
func (s serving) awaited(ctx context.Context, log *slog.Logger) (*house, error) {
	for {
		h, err := s.openKnown(ctx, true, log)
		if e, ok := errors.AsType[*ledger.Error](err); !ok || e.Rule != "store.cluster_unreachable" {
			return h, err
		}
		log.Warn("waiting for the cluster; nobody is served yet", "store", unspoken("store", s.store), "again", retryCluster.String(), "error", err)
		select {
		case <-time.After(retryCluster):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// retryCluster is between two such tries, each of which itself tries for a while.
const retryCluster = 2 * time.Second

// answer serves until ctx ends, then finishes the requests under way.
func (s serving) answer(ctx context.Context, io streams, w *web) error {
	handler, err := w.handler()
	if err != nil {
		return err
	}
	l, err := listen(s.listen, s.connections)
	if err != nil {
		return errListen(s.listen, "--listen", err)
	}
	defer func() { _ = l.Close() }() // the server has closed it in most cases
	w.figures.watch(w, l)
	if s.metrics != "" {
		stop, err := w.serveMetrics()
		if err != nil {
			return err
		}
		defer stop()
	}
	connect := ""
	if s.following.listen != "" {
		var stop func()
		if connect, stop, err = w.serveFollowers(); err != nil {
			return err
		}
		defer stop()
	}
	if err := s.greet(ctx, io, w.house, l.Addr(), w.links); err != nil {
		return err
	}
	if connect != "" {
		fmt.Fprintf(io.out, "follow  %s\n", connect)
	}
	if w.intake != nil {
		address, stop, err := w.serveReports(w.intake, s.portal(l.Addr()))
		if err != nil {
			return err
		}
		defer stop()
		fmt.Fprintf(io.out, "report  %s/\n", address)
	}
	return s.serve(ctx, handler, l, w)
}

func (s serving) serve(ctx context.Context, handler http.Handler, l *listener, w *web) error {
	server := newServer(handler, l, w.log)
	done := make(chan error, 1)
	go func() {
		if s.pair != nil {
			server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*s.pair}, MinVersion: tls.VersionTLS12}
			done <- server.ServeTLS(l, "", "")
			return
		}
		done <- server.Serve(l)
	}()
	manager := newManager(w.log)
	manager.tell("READY=1")
	about := []any{"address", l.Addr().String(), "ordinal", w.house.view.Position().Ordinal}
	if onCluster(s.store) {
		about = append(about, "store", unspoken("store", s.store))
	}
	w.log.Info("serving", about...)
	living, end := context.WithCancel(ctx)
	defer end()
	go manager.live(living, func() { w.house.view.Position() })
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	manager.tell("STOPPING=1")
	w.log.Info("stopping", "requests", w.gate.UnderWay())
	return w.gate.drain(server, s.stop, w.log)
}

// play plays the embedded scenarios into an empty ledger, or goes on where an
// earlier run was interrupted.
func (s serving) play(ctx context.Context, h *house, io streams) error {
	beside, err := s.dir() // the events it speaks of
	if err != nil {
		beside = s.data
	}
	mark := filepath.Join(beside, "demo-unfinished")
	_, err = os.Stat(mark)
	empty, unknown := h.store.Empty(ctx)
	if unknown != nil {
		return unknown
	}
	if !empty && os.IsNotExist(err) || h.store.Err() != nil {
		return nil
	}
	if err := auth.WriteKeyFile(filepath.Dir(mark), filepath.Base(mark), []byte("the demonstration is being played\n"), 0o600); err != nil {
		return err
	}
	all, err := seeds.All()
	if err != nil {
		return err
	}
	if err := playAll(ctx, h, seeds.Recent(all, wallClock()), io); err != nil {
		return err
	}
	if !s.report.off() {
		if err := s.registerReaders(ctx, h); err != nil {
			return err
		}
	}
	return os.Remove(mark)
}
