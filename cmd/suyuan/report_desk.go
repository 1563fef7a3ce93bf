package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"suyuan/portal/report"
	"suyuan/services/auth"
	"suyuan/services/calendar"
	"suyuan/services/catalogue"
	"suyuan/services/graph"
	"suyuan/services/intake"
	entrance "suyuan/services/intake/door"
	queue "suyuan/services/intake/gate"
	"suyuan/services/intake/record"
	"suyuan/services/intake/spool"
	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/view/docket"
)

// intakeDesk is where reports come in and go on record.
type intakeDesk struct {
	service *intake.Service
	spool   *spool.Spool
	cutter  *intake.Cutter
	door    *entrance.Door
}

// spoolFolder is in the data folder; backups leave it out.
const (
	spoolFolder = "spool"
	cutFile     = "cut-done" // the day for which a cut was made last
)

// Argon2 that may wait for its turn.
const mayWait = 256

// newIntake opens the spool and makes the service.
func (w *web) newIntake(ctx context.Context, keys reportKeys) (d *intakeDesk, err error) {
	s, h := w.serving, w.house
	d = &intakeDesk{}
	if d.spool, err = spool.Open(filepath.Join(s.data, spoolFolder), keys.spool, spool.Sizes{Text: s.report.text, Pictures: s.report.pictures}, random); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.spool.Close())
		}
	}()
	days := s.working
	if days == nil {
		if days, err = calendar.Official(); err != nil {
			return nil, err
		}
	}
	schedule := intake.Schedule{At: s.report.at, Every: s.report.every, Clock: wallClock}
	d.service, err = intake.New(ctx, intake.Options{
		ServiceID: keys.service, Engine: keys.engine, Claims: keys.claims,
		Ledger: record.New(h.view, days, wallClock), Spool: d.spool, Vault: h.vault,
		Gate: queue.New(runtime.GOMAXPROCS(0), mayWait), Random: random, NextCut: schedule.Next, Blank: s.report.every == 0,
		Desk: func(ctx context.Context, day ledger.Date) (intake.Desk, error) {
			return intake.NewDesk(ctx, queueing{h.store}, h.events, catalogue.Commands(), h.view, head(h), day)
		},
	})
	if err != nil {
		return nil, err
	}
	d.cutter = &intake.Cutter{
		Schedule: schedule, Cut: w.cut(d.service), Stir: d.spool.Stir, Faults: w.log,
		Last: func() (ledger.Date, error) {
			text, err := os.ReadFile(filepath.Join(s.data, cutFile))
			if errors.Is(err, fs.ErrNotExist) {
				return "", nil
			}
			return ledger.Date(strings.TrimSpace(string(text))), err
		},
		Keep: func(day ledger.Date) error {
			return auth.WriteKeyFile(s.data, cutFile, []byte(string(day)+"\n"), 0o600)
		},
		After: func() { d.faults(w.log) },
	}
	return d, nil
}

// cut draws a key for each cut, which nobody keeps.
func (w *web) cut(s *intake.Service) func(context.Context, ledger.Date) error {
	return func(ctx context.Context, day ledger.Date) error {
		if reason := w.house.store.Err(); reason != nil {
			return reason
		}
		var key [32]byte
		defer clear(key[:])
		if _, err := io.ReadFull(random, key[:]); err != nil {
			return err
		}
		err := s.Cut(ctx, day, key)
		if d, ok := errors.AsType[*ledger.Damage](err); ok {
			w.house.store.MarkDamaged(d)
		}
		return err
	}
}

// faults says how many reporting pages failed since the last cut: at a time
// that has nothing to do with when somebody asked for one.
func (d *intakeDesk) faults(log *slog.Logger) {
	if d.door == nil {
		return
	}
	if n, first := d.door.Faults(); n > 0 {
		log.Error("reporting pages failed since the last cut", "first", first, "several", n > 1)
	}
}

// close lets go of the spool once no cut is under way any more.
func (d *intakeDesk) close(w *work, log *slog.Logger) {
	w.reacts.stop()
	if err := d.spool.Close(); err != nil {
		log.Error("close the spool", "error", err)
	}
}

// own refuses a ledger that holds reports and came without the keys that they
// were taken with: new ones would leave every receipt without a box. Where it
// holds none, the service id is made, by which all of them are in force.
func (s serving) own(h *house, log *slog.Logger) error {
	size, unread := 0, 0
	h.view.Docket(func(d *docket.Docket) { size, unread = d.Size(), d.Unreadable() })
	if h.report.service == nil {
		read := h.store.Err() == nil // else there may be reports behind the damage
		switch {
		case size > 0, !read && !s.report.off():
			s.dropReportKeys(h.made)
			return s.reportsAbsent(append(h.made, serviceFile))
		case read:
			if err := s.newReportKeys([]string{serviceFile}); err != nil {
				return err
			}
			var err error
			if h.report.service, err = s.secret(serviceFile); err != nil {
				return err
			}
		}
	}
	if unread > 0 {
		log.Warn("claims that cannot be read are shown to nobody; is keys/"+claimsFile+" the one they were sealed with?", "claims", unread)
	}
	return nil
}

// uncounted answers what the reporting pages ask, and is counted by nobody.
type uncounted struct{ graph *graph.Graph }

func (u uncounted) Query(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error) {
	return pageQueries(u).Query(graph.Untold(ctx), document, variables)
}

// queueing is an engine as a cut uses it.
type queueing struct{ engine }

func (q queueing) Queue() func(context.Context, string, ledger.Expect, ...ledger.Record) (func(context.Context) (ledger.Position, error), error) {
	if s, ok := q.engine.(*sqlite.Store); ok {
		return s.Queue
	}
	return nil
}

// head is where the log ends, or the fold where the engine cannot tell.
func head(h *house) ledger.Position {
	if e, ok := h.store.(headed); ok {
		return e.Head()
	}
	return h.view.Position()
}

// serveReports opens the reporting host. Calling stop ends it.
func (w *web) serveReports(d *intakeDesk, portal string) (address string, stop func(), err error) {
	r := &w.serving.report
	l, err := r.open()
	if err != nil {
		return "", nil, err
	}
	address = r.address(l.Addr())
	pages, err := report.New(d.service, report.Public(uncounted{w.house.graph}), wallClock, report.Options{
		Portal: portal, Hosts: r.hosts(l.Addr()), Secure: r.pair != nil || strings.HasPrefix(r.url, "https:"), Onion: r.onion,
	})
	if err != nil {
		return "", nil, errors.Join(err, l.Close())
	}
	options := entrance.Options{
		Connections: w.serving.connections, Requests: r.limit, Random: random, Clock: wallClock, Busy: pages.Busy(), Broken: pages.Broken(),
	}
	if r.pair != nil {
		options.TLS = &tls.Config{Certificates: []tls.Certificate{*r.pair}, MinVersion: tls.VersionTLS12}
	}
	d.door = entrance.New(l, options)
	ended := attended(func() error { return d.door.Serve(pages) }, w.log)
	return address, func() {
		ctx, cancel := context.WithTimeout(context.Background(), w.serving.stop)
		defer cancel()
		_ = d.door.Shutdown(ctx) // who was cut off then is nobody's business
		<-ended
	}, nil
}

// attended serves until it is stopped; one that ends by itself is told of at
// once, for nobody else notices while the portal goes on.
func attended(serve func() error, log *slog.Logger) (ended <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := serve(); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the reporting pages are no longer served; start again", "error", err)
		}
	}()
	return done
}
