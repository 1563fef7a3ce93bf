package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"suyuan/seeds"
	"suyuan/services/auth"
	"suyuan/services/desk"
	"suyuan/services/ledger"
	"suyuan/services/store/blob"
	"suyuan/services/watch"
)

// serving is what `suyuan serve` was told.
type serving struct {
	place
	listen        string
	cert, certKey string
	proxied, demo bool
	scrub         time.Duration
	lang          string
}

func serveCommand(io streams) *cobra.Command {
	var s serving
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the portal and the API until stopped",
		Args:  noArgs,
	}
	s.flags(c)
	f := c.Flags()
	f.StringVar(&s.listen, "listen", "127.0.0.1:8080", "address to listen on")
	f.StringVar(&s.cert, "tls-cert", "", "certificate file, PEM; with --tls-key")
	f.StringVar(&s.certKey, "tls-key", "", "the certificate's key file, PEM")
	f.BoolVar(&s.proxied, "behind-proxy", false, "a proxy ends TLS and sets X-Forwarded-Proto itself")
	f.BoolVar(&s.demo, "demo", false, "play the embedded scenarios into an empty ledger and print sign-in links")
	f.DurationVar(&s.scrub, "scrub-every", time.Hour, "how often the whole log is read and checked again")
	languageFlag(c, &s.lang)
	c.RunE = func(c *cobra.Command, _ []string) error {
		switch {
		case (s.cert == "") != (s.certKey == ""):
			return usage{errors.New("serve: give --tls-cert and --tls-key together")}
		case s.scrub < time.Second:
			return usage{errors.New("serve: --scrub-every must be at least 1s")}
		}
		return s.run(c.Context(), io)
	}
	return c
}

func (s serving) run(ctx context.Context, io streams) error {
	log := slog.New(slog.NewTextHandler(io.err, nil))
	h, err := s.open(true, log)
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
	defer work.stop()
	if err := work.fold(ctx); err != nil {
		return err
	}
	if s.demo {
		if err := s.play(ctx, h, io); err != nil {
			return err
		}
	}
	d, err := h.desk(wallClock)
	if err != nil {
		return err
	}
	work.watch(d, signer, s.scrub)
	links := auth.NewLinks(wallClock, random)
	handler, err := s.handler(h, d, links, log)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", s.listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; choose another address with --listen", s.listen, err)
	}
	if err := s.greet(ctx, io, h, l.Addr(), links); err != nil {
		return errors.Join(err, l.Close())
	}
	return s.serve(ctx, handler, l, log)
}

// serve answers requests until ctx ends, then finishes those under way.
func (s serving) serve(ctx context.Context, handler http.Handler, l net.Listener, log *slog.Logger) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	done := make(chan error, 1)
	go func() {
		if s.cert != "" {
			done <- server.ServeTLS(l, s.cert, s.certKey)
			return
		}
		done <- server.Serve(l)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// work is what goes on beside the requests. It outlives them, so that the last
// checkpoint covers the last of them, and the fold outlives the reactors.
type work struct {
	house         *house
	log           *slog.Logger
	folds, reacts *group
}

// group is goroutines that end together.
type group struct {
	sync.WaitGroup
	ctx context.Context
	end context.CancelFunc
}

func newGroup() *group {
	g := &group{}
	g.ctx, g.end = context.WithCancel(context.Background())
	return g
}

func (g *group) stop() {
	g.end()
	g.Wait()
}

func newWork(h *house, log *slog.Logger) *work {
	return &work{house: h, log: log, folds: newGroup(), reacts: newGroup()}
}

// fold reads the log to its end and then follows it. What is not what was
// appended makes the ledger read-only; what was folded before is still shown.
func (w *work) fold(ctx context.Context) error {
	err := w.house.view.Catch(ctx, w.house.store)
	if errors.Is(err, ledger.ErrDamaged) {
		w.house.store.MarkDamaged(err)
		return nil
	}
	if err != nil {
		return err
	}
	w.folds.Go(func() {
		if err := w.house.view.Follow(w.folds.ctx, w.house.store); err != nil && w.folds.ctx.Err() == nil {
			w.house.store.MarkDamaged(err)
		}
	})
	return nil
}

// watch starts the reactors.
func (w *work) watch(d *desk.Desk, signer string, scrub time.Duration) {
	checkpoints := watch.Checkpoints{Desk: d, Log: w.house.view, Signer: signer, Clock: wallClock, Faults: w.log}
	second := time.NewTicker(time.Second)
	w.reacts.Go(func() {
		defer second.Stop()
		if w.house.store.Err() == nil {
			checkpoints.Run(w.reacts.ctx, second.C)
		}
	})
	scrubber := watch.Scrub{
		Log: w.house.store, Verify: func(ctx context.Context) error { return w.house.store.Verify(ctx, nil) },
		Verifier: w.house.view.Verifier(), Damaged: w.house.store.MarkDamaged, Faults: w.log, Pause: pause,
	}
	every := time.NewTicker(scrub)
	w.reacts.Go(func() {
		defer every.Stop()
		scrubber.Run(w.reacts.ctx, every.C)
	})
	redactions := watch.Redactions{Redacted: w.house.view.RedactedFiles, Destroy: w.house.vault.Destroy, Faults: w.log}
	look := time.NewTicker(time.Second)
	w.reacts.Go(func() {
		defer look.Stop()
		redactions.Run(w.reacts.ctx, look.C)
	})
}

// stop ends the reactors, which may write once more, and then the fold.
func (w *work) stop() {
	w.reacts.stop()
	w.folds.stop()
}

// pause leaves the machine to those who wait for an answer.
func pause(ctx context.Context) error {
	select {
	case <-time.After(20 * time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// play plays the embedded scenarios into an empty ledger, or goes on where an
// earlier run was interrupted.
func (s serving) play(ctx context.Context, h *house, io streams) error {
	dir, err := s.dir()
	if err != nil {
		return err
	}
	mark := filepath.Join(dir, "demo-unfinished") // beside the events it speaks of
	_, err = os.Stat(mark)
	if h.store.Head() != (ledger.Position{}) && os.IsNotExist(err) || h.store.Err() != nil {
		return nil
	}
	if err := auth.WriteKeyFile(filepath.Dir(mark), filepath.Base(mark), []byte("the demonstration is being played\n"), 0o600); err != nil {
		return err
	}
	all, err := seeds.All()
	if err != nil {
		return err
	}
	if err := playAll(ctx, h, all, io); err != nil {
		return err
	}
	return os.Remove(mark)
}
