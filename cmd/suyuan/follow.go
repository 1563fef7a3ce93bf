package main

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"suyuan/services/auth"
	"suyuan/services/ledger"
	"suyuan/services/store/wire"
)

// following opens the ledger to auditors' EventStoreDB clients, reading only.
type following struct {
	listen        string // "": nobody follows
	cert, certKey string // "": a certificate of our own
}

// The certificate that is made where none is named, in the folder of the keys.
const (
	followCert = "follow.crt"
	followKey  = "follow.key"
)

func (f following) check(p place) error {
	switch {
	case (f.cert == "") != (f.certKey == ""):
		return errors.New("give --esdb-tls-cert and --esdb-tls-key together")
	case f.listen == "" && f.cert != "":
		return errors.New("--esdb-tls-cert is for --esdb-listen, which is not there")
	case f.listen != "" && onCluster(p.store):
		return errors.New("--esdb-listen is for the embedded store; a cluster is followed at the cluster itself")
	}
	return nil
}

// pair is what the listener proves itself with. Without TLS there is no such
// listener: clients send a token with every call.
func (f following) pair(p place, clock ledger.Clock) (tls.Certificate, error) {
	cert, key := f.cert, f.certKey
	if cert == "" {
		cert, key = filepath.Join(p.keys(), followCert), filepath.Join(p.keys(), followKey)
		if _, err := os.Stat(cert); errors.Is(err, fs.ErrNotExist) {
			if err := newCertificate(p.keys(), f.hosts(), clock()); err != nil {
				return tls.Certificate{}, err
			}
		}
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return pair, fmt.Errorf("serve: the certificate for --esdb-listen: %w; name one with --esdb-tls-cert and --esdb-tls-key, or remove %s and %s and one is made", err, filepath.Join(p.keys(), followCert), followKey)
	}
	return pair, nil
}

// hosts are the names under which clients may find the listener.
func (f following) hosts() []string {
	hosts := []string{"localhost", "127.0.0.1", "::1"}
	if host, _, err := net.SplitHostPort(f.listen); err == nil && host != "" && !net.ParseIP(host).IsUnspecified() {
		hosts = append(hosts, host)
	}
	if name, err := os.Hostname(); err == nil && name != "" {
		hosts = append(hosts, name)
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// serveFollowers opens the listener and gives what clients connect with.
// Calling stop ends it.
func (w *web) serveFollowers() (connect string, stop func(), err error) {
	s := w.serving
	keys, err := auth.LoadKeys(s.keys()) // there since the handler was made
	if err != nil {
		return "", nil, err
	}
	pair, err := s.following.pair(s.place, wallClock)
	if err != nil {
		return "", nil, err
	}
	l, err := net.Listen("tcp", s.following.listen)
	if err != nil {
		return "", nil, errListen(s.following.listen, "--esdb-listen", err)
	}
	verifier := auth.NewVerifier(keys, wallClock)
	server := wire.New(w.house.store, wire.Options{
		Admit: func(_ context.Context, authorization string) (ledger.Actor, error) {
			return auditor(verifier, authorization)
		},
		See: forAuditors,
		TLS: &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12},
		Now: wallClock,
		Log: w.log,
	})
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	w.log.Info("followers may read", "address", l.Addr().String())
	stop = func() {
		ctx, cancel := context.WithTimeout(context.Background(), lastWords)
		defer cancel()
		server.Stop(ctx)
		if err := <-done; err != nil {
			w.log.Error("the listener for followers", "error", err)
		}
	}
	return s.following.connect(s.place, l.Addr()), stop, nil
}

// connect is a connection string that lacks the token alone.
func (f following) connect(p place, at net.Addr) string {
	to := "esdb://auditor:TOKEN@" + known(at)
	if f.cert == "" {
		to += "?tlsCAFile=" + url.QueryEscape(filepath.Join(p.keys(), followCert))
	}
	return to
}

// auditor is who a call's credentials stand for: a token, as such or as the
// password of any user name, since EventStoreDB clients know passwords only.
func auditor(v *auth.Verifier, authorization string) (ledger.Actor, error) {
	kind, value, _ := strings.Cut(authorization, " ")
	token := ""
	switch strings.ToLower(kind) {
	case "bearer":
		token = strings.TrimSpace(value)
	case "basic":
		pair, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
		if err != nil {
			return ledger.Actor{}, errNoAuditor
		}
		_, token, _ = strings.Cut(string(pair), ":")
	}
	if token == "" {
		return ledger.Actor{}, errNoAuditor
	}
	actor, err := v.Actor(token)
	if err != nil {
		return ledger.Actor{}, err
	}
	if !actor.Is(ledger.Auditor) {
		return ledger.Actor{}, ledger.Errorf(ledger.Forbidden, "follow.auditor", "跟随账本需要审计员的令牌。", "Following the ledger takes an auditor's token.")
	}
	return actor, nil
}

var errNoAuditor = ledger.Errorf(ledger.Unauthenticated, "follow.credentials",
	"请以审计员的令牌作密码：esdb://auditor:令牌@主机:端口；令牌由 suyuan token --role auditor 生成。",
	"Give an auditor's token as the password: esdb://auditor:TOKEN@HOST:PORT; suyuan token --role auditor makes one.")

// forAuditors lists the stream categories that an auditor may read whole. It
// is a list of what passes, not of what does not: a category that comes later
// stays out until somebody has thought about it here. Files, pictures and free
// text are not in the log at all, only hashes of them.
func forAuditors(_ ledger.Actor, e ledger.Recorded) bool {
	category, _, _ := strings.Cut(e.Stream, "-")
	return slices.Contains(auditable, category)
}

var auditable = []string{"unit", "document", "mandate", "issuance", "assignment", "handoff", "checkpoint"}

// withheld are the categories that stay out.
var withheld []string

// certificateTime is long: whoever follows has a copy of the certificate, and a
// new one would lock them out.
const certificateTime = 10 * 365 * 24 * time.Hour
