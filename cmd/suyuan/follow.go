package main

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
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

func (f following) check(p place, lang string) error {
	switch {
	case (f.cert == "") != (f.certKey == ""):
		return said(lang, "--esdb-tls-cert 与 --esdb-tls-key 要一起给出", "give --esdb-tls-cert and --esdb-tls-key together")
	case f.listen == "" && f.cert != "":
		return said(lang, "--esdb-tls-cert 只用于 --esdb-listen，而没有给出 --esdb-listen", "--esdb-tls-cert is for --esdb-listen, which is not there")
	case f.listen != "" && onCluster(p.store):
		return said(lang, "--esdb-listen 只用于嵌入式存储；集群上的账本请直接跟随集群", "--esdb-listen is for the embedded store; a cluster is followed at the cluster itself")
	}
	return nil
}

// files are the certificate's and its key's, and whether they are ours to make.
func (f following) files(p place) (cert, key string, ours bool) {
	if f.cert != "" {
		return f.cert, f.certKey, false
	}
	return filepath.Join(p.keys(), followCert), filepath.Join(p.keys(), followKey), true
}

// able finds out before a ledger is opened whether the certificate is one.
func (f following) able(p place, lang string) error {
	cert, _, ours := f.files(p)
	if _, err := os.Stat(cert); f.listen == "" || ours && errors.Is(err, fs.ErrNotExist) { // it will be made
		return nil
	}
	_, err := f.pair(p, lang)
	return err
}

// pair is what the listener proves itself with. Without TLS there is no such
// listener: clients send a token with every call.
func (f following) pair(p place, lang string) (tls.Certificate, error) {
	cert, key, ours := f.files(p)
	if ours {
		if _, err := os.Stat(cert); errors.Is(err, fs.ErrNotExist) {
			if err := newCertificate(p.keys(), f.hosts(), wallClock()); err != nil {
				return tls.Certificate{}, err
			}
		}
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err == nil {
		return pair, nil
	}
	if ours {
		return pair, usage{said(lang, fmt.Sprintf("--esdb-listen 的证书不能用（%v）；请删除 %s 和 %s，下次启动会另做一对，再把新证书发给跟随者", err, cert, key),
			fmt.Sprintf("the certificate for --esdb-listen is of no use (%v); remove %s and %s, another pair is made at the next start, and give its certificate to your followers", err, cert, key))}
	}
	return pair, usage{said(lang, fmt.Sprintf("--esdb-tls-cert 与 --esdb-tls-key 不能用（%v）；请给出一对 PEM 格式的证书和私钥", err),
		fmt.Sprintf("--esdb-tls-cert and --esdb-tls-key are of no use (%v); name a certificate and its key, both in PEM", err))}
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
	pair, err := s.following.pair(s.place, language(s.lang))
	if err != nil {
		return "", nil, err
	}
	l, err := net.Listen("tcp", s.following.listen)
	if err != nil {
		return "", nil, errListen(s.following.listen, "--esdb-listen", err)
	}
	host, port := s.following.name(pair, l.Addr(), wallClock(), w.log)
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
	return s.following.connect(s.place, net.JoinHostPort(host, port)), stop, nil
}

// name is under which host clients find the listener by its certificate: what
// it is called here, or else the first name that the certificate knows. Where
// it knows none that fits, or is not good today, the log says so.
func (f following) name(pair tls.Certificate, at net.Addr, now time.Time, log *slog.Logger) (host, port string) {
	host, port, err := net.SplitHostPort(known(at))
	leaf := pair.Leaf
	if err != nil || leaf == nil {
		return host, port
	}
	if now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
		log.Warn("the certificate for followers is not good today", "from", leaf.NotBefore, "to", leaf.NotAfter)
	}
	if leaf.VerifyHostname(host) == nil {
		return host, port
	}
	if f.cert == "" {
		log.Warn("the certificate for followers was made for other addresses than --esdb-listen; remove "+followCert+" and "+followKey+" from the keys, start again, and give the new one to your followers", "names", leaf.DNSNames, "addresses", leaf.IPAddresses)
	} else if i := slices.IndexFunc(leaf.DNSNames, func(n string) bool { return !strings.Contains(n, "*") }); i >= 0 {
		host = leaf.DNSNames[i]
	}
	return host, port
}

// connect is a connection string that lacks the token alone. Clients differ in
// what they make of escapes, so there are as few as can be.
func (f following) connect(p place, hostPort string) string {
	to := "esdb://auditor:TOKEN@" + hostPort
	if cert, _, ours := f.files(p); ours {
		if whole, err := filepath.Abs(cert); err == nil {
			cert = whole
		}
		to += "?tlsCAFile=" + strings.NewReplacer("%2F", "/", "+", "%20").Replace(url.QueryEscape(cert))
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
//
// Findings, and the outcomes that they weigh, are told before they are issued
// only to those who are tied to no unit concerned. Which those are the log
// alone does not say, so that an auditor who belongs to a unit gets none.
func forAuditors(by ledger.Actor, e ledger.Recorded) bool {
	category, _, _ := strings.Cut(e.Stream, "-")
	if by.Unit != "" && slices.Contains(weighed, category) {
		return false
	}
	return slices.Contains(auditable, category)
}

var auditable = []string{
	"unit", "document", "mandate", "issuance", "assignment", "handoff", "checkpoint", "recipient", "issuerkey", "release",
	"policy", "outcome", "finding", "reward", "clarification",
}

// weighed are the auditable ones that are kept from auditors of a unit.
var weighed = []string{"outcome", "finding"}

// withheld are the categories that stay out: what is in them, who acted on
// them and how many there are would lead to reporters and to who is named.
var withheld = []string{"complaint", "case", "nullifier", "blank"}

// certificateTime is long: whoever follows has a copy of the certificate, and a
// new one would lock them out.
const certificateTime = 10 * 365 * 24 * time.Hour
