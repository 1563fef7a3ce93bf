package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

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

// reporting is where and how reports are taken.
type reporting struct {
	listen         string // "off": nowhere
	chosen         bool   // somebody said where, so that nothing else will do
	url, onion     string
	cert, certKey  string
	pair           *tls.Certificate
	cutAt          string
	at, every      time.Duration
	text, pictures int
	limit          int
}

// reportDefault is the reporting host where nobody says otherwise.
const reportDefault = "127.0.0.1:8081"

func (r *reporting) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&r.listen, "report-listen", reportDefault, "address at which anonymous reports are taken, a host of its own so that no cookie of the portal gets there; off: none are taken (where nobody gives it and the default is taken, another free port)")
	f.StringVar(&r.url, "report-url", "", "where browsers find the reporting pages, as https://host; no path")
	f.StringVar(&r.cert, "report-tls-cert", "", "certificate file for --report-listen, PEM; with --report-tls-key")
	f.StringVar(&r.certKey, "report-tls-key", "", "that certificate's key file, PEM")
	f.StringVar(&r.onion, "onion", "", "the reporting pages as an onion service, as http://….onion, which is told to browsers that come over TLS")
	f.StringVar(&r.cutAt, "cut-at", "03:00", "time of China's day at which what was reported is entered in the ledger")
	f.DurationVar(&r.every, "cut-every", 0, "enter it whenever so much time has passed instead, for demonstrations and tests: when something was reported can then be told")
	f.IntVar(&r.text, "spool-text", 2000, "how many reports without pictures may wait for that, three quarters of them without a proof; 20 KiB of disk each")
	f.IntVar(&r.pictures, "spool-pictures", 48, "how many with pictures; 4 MiB each")
	f.IntVar(&r.limit, "report-limit", 600, "forms and envelopes that one network (/24, /56) may send to the reporting pages in ten minutes, and twenty times as many questions for news; 0: any number. Pages are not counted, nor is this machine, behind which an onion service stands")
}

func (r *reporting) check(lang string) error {
	switch {
	case (r.cert == "") != (r.certKey == ""):
		return said(lang, "--report-tls-cert 与 --report-tls-key 要一起给出", "give --report-tls-cert and --report-tls-key together")
	case r.every < 0 || r.every > 0 && r.every < 100*time.Millisecond:
		return said(lang, "--cut-every 不能少于 100ms", "--cut-every must be at least 100ms")
	case r.text < 1 || r.pictures < 1:
		return said(lang, "--spool-text 和 --spool-pictures 至少为 1", "--spool-text and --spool-pictures must be at least 1")
	case r.limit < 0:
		return said(lang, "--report-limit 不能为负", "--report-limit cannot be negative")
	}
	for _, a := range []struct{ flag, value string }{{"--report-url", r.url}, {"--onion", r.onion}} {
		u, err := url.Parse(a.value)
		if a.value != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.String() != u.Scheme+"://"+u.Host) {
			return said(lang, fmt.Sprintf("%s %q：请写 https://主机，后面不带路径", a.flag, a.value), fmt.Sprintf("%s %q: give https://host and nothing behind it", a.flag, a.value))
		}
	}
	at, err := time.Parse("15:04", r.cutAt)
	if err != nil {
		return said(lang, fmt.Sprintf("--cut-at %q：请写 03:00 这样的时间", r.cutAt), fmt.Sprintf("--cut-at %q: give a time such as 03:00", r.cutAt))
	}
	r.at = time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
	return nil
}

// apart refuses a reporting host under a name of the portal's: cookies know no
// ports, so that every one of the portal's would travel to it.
func (s serving) apart() error {
	r := &s.report
	if r.off() {
		return nil
	}
	near, names := false, []string{nameOf(r.url), nameOf(r.onion)}
	if host, _, err := net.SplitHostPort(r.listen); err == nil {
		ip := net.ParseIP(host)
		near = host == "localhost" || ip != nil && ip.IsLoopback()
		switch {
		case !near && r.url == "":
			return said(s.lang, fmt.Sprintf("--report-listen %s 不只对本机开放：请用 --report-url https://主机 写明收件页面自己的主机名", r.listen),
				fmt.Sprintf("--report-listen %s is open to more than this machine: give --report-url https://host, a host name that the reporting pages have to themselves", r.listen))
		case near && r.url == "": // what address prints
			names = append(names, host)
		}
	}
	portal := nameOf(s.public)
	if s.public == "" {
		if host, _, err := net.SplitHostPort(s.listen); err == nil {
			if ip := net.ParseIP(host); host == "" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
				host = "localhost" // as it is printed
			}
			portal = canonical(host)
		}
	}
	for _, name := range names {
		if name != "" && canonical(name) == portal {
			return said(s.lang, fmt.Sprintf("门户和收件页面不能同用主机名 %s（只换端口不够：浏览器会把门户的 cookie 一并送去）；请给 --report-url 另一个主机名", name),
				fmt.Sprintf("the portal and the reporting pages cannot share the host name %s (another port is not enough: browsers would send the portal's cookies along); give --report-url another host name", name))
		}
	}
	return nil
}

// nameOf is the host name of an address as https://host:port, "" where it has
// none.
func nameOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return canonical(u.Hostname())
}

func canonical(host string) string { return strings.TrimSuffix(strings.ToLower(host), ".") }

func (r *reporting) off() bool { return r.listen == "" || r.listen == "off" }

// able finds out before a ledger is opened what would keep reports from being
// taken.
func (r *reporting) able(lang string) error {
	if r.off() {
		return nil
	}
	if r.cert != "" {
		pair, err := tls.LoadX509KeyPair(r.cert, r.certKey)
		if err != nil {
			return usage{said(lang, fmt.Sprintf("--report-tls-cert 与 --report-tls-key 不能用（%v）；请给出一对 PEM 格式的证书和私钥", err),
				fmt.Sprintf("--report-tls-cert and --report-tls-key are of no use (%v); name a certificate and its key, both in PEM", err))}
		}
		r.pair = &pair
	}
	l, err := r.open()
	if err != nil {
		return err
	}
	return l.Close()
}

// open listens, at another port of this machine where the default is taken and
// nobody chose it.
func (r *reporting) open() (net.Listener, error) {
	l, err := net.Listen("tcp", r.listen)
	if err != nil && !r.chosen {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, errListen(r.listen, "--report-listen", err)
	}
	return l, nil
}

// address is what a browser on this machine calls the reporting host: never
// localhost, which is the portal's, for cookies know no ports.
func (r *reporting) address(at net.Addr) string {
	if r.url != "" {
		return r.url
	}
	scheme := "http"
	if r.pair != nil {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); err == nil && (ip == nil || ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// hosts are the names under which the pages answer: on this machine their
// number alone, so that no page is ever shown where the portal's cookies go.
func (r *reporting) hosts(at net.Addr) (names []string) {
	for _, address := range []string{r.url, r.onion} {
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			names = append(names, u.Host)
		}
	}
	host, port, err := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsLoopback() {
		return append(names, at.String(), net.JoinHostPort("127.0.0.1", port))
	}
	if r.url == "" {
		return nil
	}
	return append(names, at.String())
}

// desk is where reports come in and go on record.
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
