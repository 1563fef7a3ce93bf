package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	issuerpage "suyuan/portal/issuer"
	entrance "suyuan/services/intake/door"
)

// issuingDesk is where `suyuan issuer serve` answers.
type issuingDesk struct {
	issuing
	listen, ledger string
	cert, certKey  string
	limit          int
}

// What an issuer's door lets in, and how long it may take to close.
const (
	issuerConnections = 256
	issuerStop        = 20 * time.Second
)

func issuerServeCommand(io streams) *cobra.Command {
	var d issuingDesk
	c := &cobra.Command{
		Use:   "serve --ledger URL",
		Short: "Serve the page on which a code is exchanged for tokens, until stopped",
		Args:  noArgs,
	}
	d.dataFlag(c)
	f := c.Flags()
	f.StringVar(&d.listen, "issuer-listen", "127.0.0.1:8082", "address to listen on, of a host that is neither the portal's nor the reporting pages'")
	f.StringVar(&d.ledger, "ledger", "", "where browsers find the portal of the ledger that has the keys, as https://host; no path")
	f.StringVar(&d.cert, "issuer-tls-cert", "", "certificate file for --issuer-listen, PEM; with --issuer-tls-key")
	f.StringVar(&d.certKey, "issuer-tls-key", "", "that certificate's key file, PEM")
	f.IntVar(&d.limit, "issuer-limit", 600, "requests that one network (/24, /56) may make in ten minutes; 0: any number")
	languageFlag(c, &d.lang)
	c.RunE = func(c *cobra.Command, _ []string) error { return d.run(c.Context(), io) }
	return c
}

func (d *issuingDesk) check() (*tls.Config, error) {
	u, err := url.Parse(d.ledger)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.ContainsAny(d.ledger, ";, '\"") || d.ledger != u.Scheme+"://"+u.Host {
		return nil, usage{said(d.lang, fmt.Sprintf("--ledger %q：请写账本网站的 https://主机，后面不带路径", d.ledger),
			fmt.Sprintf("--ledger %q: give https://host of the ledger's portal and nothing behind it", d.ledger))}
	}
	if d.limit < 0 {
		return nil, usage{said(d.lang, "--issuer-limit 不能为负", "--issuer-limit cannot be negative")}
	}
	if (d.cert == "") != (d.certKey == "") {
		return nil, usage{said(d.lang, "--issuer-tls-cert 与 --issuer-tls-key 要一起给出", "give --issuer-tls-cert and --issuer-tls-key together")}
	}
	if d.cert == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(d.cert, d.certKey)
	if err != nil {
		return nil, usage{fmt.Errorf("issuer serve: --issuer-tls-cert and --issuer-tls-key: %w; name a certificate and its key, both in PEM", err)}
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

func (d *issuingDesk) run(ctx context.Context, io streams) (err error) {
	secure, err := d.check()
	if err != nil {
		return err
	}
	if err := undumped(); err != nil { // codes pass through memory
		return err
	}
	o, err := d.office()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	pages, err := issuerpage.New(issuerpage.Options{Office: o, Ledger: d.ledger, Secure: secure != nil})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", d.listen)
	if err != nil {
		return errListen(d.listen, "--issuer-listen", err)
	}
	scheme := "http"
	if secure != nil {
		scheme = "https"
	}
	fmt.Fprintf(io.out, "issuer  %s://%s/\n", scheme, l.Addr())
	return serveDoor(ctx, entrance.New(l, entrance.Options{Connections: issuerConnections, Requests: d.limit, TLS: secure, Random: random, Clock: wallClock}), pages)
}

// serveDoor answers until ctx ends, and then finishes what is under way.
func serveDoor(ctx context.Context, at *entrance.Door, pages http.Handler) error {
	served := make(chan error, 1)
	go func() { served <- at.Serve(pages) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), issuerStop)
	defer cancel()
	err := at.Shutdown(limit)
	if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}
