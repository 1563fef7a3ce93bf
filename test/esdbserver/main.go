// Command esdbserver is the test server of services/store/wire/wiretest as a
// process of its own, for tests that kill it. It prints its connection string
// on the first line and serves until SIGTERM, an interrupt, or the end of its
// standard input: it ends with whoever started it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"suyuan/services/store/wire/wiretest"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address of the leading node")
	followers := flag.String("followers", "", "addresses of the following nodes, with commas between")
	tls := flag.Bool("tls", false, "serve with a certificate made at the first start, and ask for the password")
	data := flag.String("data", "", "folder of the ledger and the certificate; none: one of its own, removed at the end")
	bare := flag.Bool("bare", false, "no event in $users")
	flag.Parse()
	if err := serve(wiretest.Config{Dir: *data, Listen: addresses(*listen, *followers), TLS: *tls, Bare: *bare,
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil))}); err != nil {
		fmt.Fprintln(os.Stderr, "esdbserver:", err)
		os.Exit(1)
	}
}

func addresses(leader, followers string) []string {
	out := []string{leader}
	for a := range strings.SplitSeq(followers, ",") {
		if a != "" {
			out = append(out, a)
		}
	}
	return out
}

func serve(c wiretest.Config) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server, err := wiretest.Start(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	if _, err := fmt.Println(server.URL()); err != nil {
		return err
	}
	left := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // however it ends, nobody holds it any more
		close(left)
	}()
	select {
	case <-ctx.Done():
	case <-left:
	}
	return nil
}
