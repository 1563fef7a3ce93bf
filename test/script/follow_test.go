package script

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
)

var followLine = regexp.MustCompile(`(?m)^follow +(esdb://auditor:TOKEN@localhost:\d+)(\?tlsCAFile=\S+)?$`)

// follower connects with a token in the place of the word.
func follower(t *testing.T, s *server, token string) *esdb.Client {
	t.Helper()
	found := followLine.FindStringSubmatch(s.out.String())
	if found == nil {
		t.Fatalf("no line to follow by: %s", s.out.String())
	}
	conf, err := esdb.ParseConnectionString(strings.Replace(found[1], "TOKEN", token, 1) + found[2])
	if err != nil {
		t.Fatal(err)
	}
	conf.Logger = esdb.NoopLogging()
	c, err := esdb.NewClient(conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// followed is all that a client reads.
func followed(t *testing.T, c *esdb.Client) ([]*esdb.RecordedEvent, error) {
	t.Helper()
	read, err := c.ReadAll(t.Context(), esdb.ReadAllOptions{}, 1<<20)
	if err != nil {
		return nil, err
	}
	defer read.Close()
	var all []*esdb.RecordedEvent
	for {
		e, err := read.Recv()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, e.Event)
	}
}

// An auditor follows the ledger that is served with the official client, by
// the line that the server prints; nobody else does, and nobody writes.
func TestFollow(t *testing.T) {
	dir := demoFolder(t)
	s := serve(t, "--data", dir, "--esdb-listen", "127.0.0.1:0")
	auditor := follower(t, s, token(t, dir, "--role", "auditor"))
	all, err := followed(t, auditor)
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for e, err := range store.All(t.Context(), ledger.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n == len(all) {
			t.Fatalf("%d events were followed, there are more", n)
		}
		if a := all[n]; a.StreamID != e.Stream || int64(a.EventNumber) != e.Revision || a.EventType != e.Type || string(a.Data) != string(e.Data) || string(a.UserMetadata) != string(e.Meta) || a.EventID.String() != e.ID.String() {
			t.Fatalf("event %d: %+v", n+1, a)
		}
		n++
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	live, err := auditor.SubscribeToAll(ctx, esdb.SubscribeToAllOptions{From: all[n-1].Position, Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"document-"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = live.Close() }()
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	submit(t, s, clerk, "document.register", "followed", paper("followed"))
	for {
		got := live.Recv()
		if got.SubscriptionDropped != nil {
			t.Fatal(got.SubscriptionDropped.Error)
		}
		if got.EventAppeared != nil {
			if id := got.EventAppeared.Event.StreamID; id != "document-followed" {
				t.Errorf("followed %s", id)
			}
			break
		}
	}

	_, err = auditor.AppendToStream(ctx, "unit-99", esdb.AppendToStreamOptions{}, esdb.EventData{EventType: "unit.renamed", ContentType: esdb.ContentTypeJson, Data: []byte(`{}`)})
	if e, ok := esdb.FromError(err); ok || e.Code() != esdb.ErrorCodeAccessDenied {
		t.Errorf("an append: %v", err)
	}
	for name, c := range map[string]struct {
		token string
		code  esdb.ErrorCode
	}{
		"a clerk": {clerk, esdb.ErrorCodeAccessDenied}, "an admin": {token(t, dir, "--role", "admin"), esdb.ErrorCodeAccessDenied},
		"no token": {"TOKEN", esdb.ErrorCodeUnauthenticated}, "a broken one": {clerk[:len(clerk)-4], esdb.ErrorCodeUnauthenticated},
	} {
		_, err := followed(t, follower(t, s, c.token))
		if e, ok := esdb.FromError(err); ok || e.Code() != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}

	// The certificate is made once: who has a copy of it goes on.
	before, err := os.ReadFile(filepath.Join(dir, "keys", "follow.crt"))
	if err != nil {
		t.Fatal(err)
	}
	s.stop(t)
	if live.Recv().SubscriptionDropped == nil {
		t.Error("the subscription outlived the server")
	}
	s = serve(t, "--data", dir, "--esdb-listen", "127.0.0.1:0")
	if after, err := os.ReadFile(filepath.Join(dir, "keys", "follow.crt")); err != nil || string(after) != string(before) {
		t.Errorf("another certificate: %v", err)
	}
	if again, err := followed(t, follower(t, s, token(t, dir, "--role", "auditor"))); err != nil || len(again) <= n {
		t.Errorf("%d events after the restart: %v", len(again), err)
	}
	s.stop(t)
}

// With a certificate of one's own, and what cannot be.
func TestFollowCertificate(t *testing.T) {
	dir := demoFolder(t)
	cert, key := certificate(t)
	s := serve(t, "--data", dir, "--esdb-listen", "127.0.0.1:0", "--esdb-tls-cert", cert, "--esdb-tls-key", key)
	found := followLine.FindStringSubmatch(s.out.String())
	if found == nil || found[2] != "" {
		t.Fatalf("%s", s.out.String())
	}
	conf, err := esdb.ParseConnectionString(strings.Replace(found[1], "TOKEN", token(t, dir, "--role", "auditor"), 1) + "?tlsCAFile=" + cert)
	if err != nil {
		t.Fatal(err)
	}
	conf.Logger = esdb.NoopLogging()
	c, err := esdb.NewClient(conf)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if all, err := followed(t, c); err != nil || len(all) == 0 {
		t.Errorf("%d events, %v", len(all), err)
	}
	s.stop(t)
	for says, args := range map[string][]string{
		"--esdb-tls-cert and --esdb-tls-key together": {"--esdb-listen", "127.0.0.1:0", "--esdb-tls-cert", cert},
		"is for --esdb-listen":                        {"--esdb-tls-cert", cert, "--esdb-tls-key", key},
		"followed at the cluster itself":              {"--esdb-listen", "127.0.0.1:0", "--store", "esdb://localhost:1"},
		"choose another address with --esdb-listen":   {"--esdb-listen", "256.0.0.1:0"},
		"cannot be the same address":                  {"--listen", "127.0.0.1:7", "--esdb-listen", "127.0.0.1:7"},
		"--esdb-tls-key are of no use":                {"--esdb-listen", "127.0.0.1:0", "--esdb-tls-cert", cert, "--esdb-tls-key", cert},
	} {
		_, stderr, code := command(t, nil, append([]string{"serve", "--data", dir}, args...)...)
		if code == 0 || !strings.Contains(stderr, says) {
			t.Errorf("%v: %d %s", args, code, stderr)
		}
	}
	// Half of the pair that is made.
	half := filepath.Join(t.TempDir(), "half")
	if err := os.MkdirAll(filepath.Join(half, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(cert)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "keys", "follow.crt"), whole, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := command(t, nil, "serve", "--data", half, "--esdb-listen", "127.0.0.1:0", "--lang", "zh"); code != 2 || !strings.Contains(stderr, "请删除") {
		t.Errorf("half a pair: %d %s", code, stderr)
	}
	if _, err := os.Stat(filepath.Join(half, "ledger.db")); err == nil {
		t.Error("a ledger was made before the certificate was looked at")
	}
}
