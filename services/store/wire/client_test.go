package wire_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"

	"suyuan/services/ledger"
	"suyuan/services/store/wire"
)

// certified makes a certificate for localhost and the file that clients trust.
func certified(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.crt")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

// drain reads what the client gives, as stream/revision.
func drain(t *testing.T, r *esdb.ReadStream, err error) (got []string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		e, err := r.Recv()
		if errors.Is(err, io.EOF) {
			return got
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s/%d", e.Event.StreamID, e.Event.EventNumber))
	}
}

// TestClient reads and follows with the official client, as its users do.
func TestClient(t *testing.T) {
	t.Parallel()
	for name, open := range logs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := open(t)
			w := newWriter(log)
			w.append(t, "unit-1", "unit.registered", 3)
			w.append(t, "unit-2", "unit.renamed", 2)
			c, ctx := dial(t, serve(t, log, wire.Options{})), within(t)
			is := func(want string, got []string) {
				t.Helper()
				if strings.Join(got, " ") != want {
					t.Errorf("got %q, want %q", got, want)
				}
			}
			stream := func(o esdb.ReadStreamOptions, n uint64) []string {
				r, err := c.ReadStream(ctx, "unit-1", o, n)
				return drain(t, r, err)
			}
			is("unit-1/0 unit-1/1 unit-1/2", stream(esdb.ReadStreamOptions{}, 10))
			is("unit-1/1", stream(esdb.ReadStreamOptions{From: esdb.Revision(1)}, 1))
			is("unit-1/2 unit-1/1", stream(esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}, ResolveLinkTos: true}, 2))
			everything := all(t, log)
			third := esdb.Position{Commit: everything[2].Position.Commit, Prepare: everything[2].Position.Prepare}
			everywhere := func(o esdb.ReadAllOptions, n uint64) []string {
				r, err := c.ReadAll(ctx, o, n)
				return drain(t, r, err)
			}
			is("unit-1/0 unit-1/1 unit-1/2 unit-2/0 unit-2/1", everywhere(esdb.ReadAllOptions{}, 10))
			is("unit-1/2 unit-2/0", everywhere(esdb.ReadAllOptions{From: third}, 2))
			is("unit-1/1 unit-1/0", everywhere(esdb.ReadAllOptions{From: third, Direction: esdb.Backwards}, 10))
			is("unit-2/1", everywhere(esdb.ReadAllOptions{From: esdb.End{}, Direction: esdb.Backwards}, 1))

			r, err := c.ReadStream(ctx, "unit-1", esdb.ReadStreamOptions{}, 1)
			if err != nil {
				t.Fatal(err)
			}
			e, err := r.Recv()
			if err != nil || e.Event.CreatedDate != time.Date(2026, 3, 4, 5, 6, 1, 1e6, time.UTC) || e.Event.ContentType != "application/json" || e.Event.EventType != "unit.registered" ||
				ledger.ID(e.Event.EventID) != everything[0].ID || string(e.Event.Data) != string(everything[0].Data) || string(e.Event.UserMetadata) != string(everything[0].Meta) ||
				e.Event.Position.Commit != everything[0].Position.Commit || e.Event.Position.Prepare != everything[0].Position.Prepare || *e.Commit != everything[0].Position.Commit {
				t.Errorf("the first event is %+v, %v", e, err)
			}
			r.Close()

			sub, err := c.SubscribeToAll(ctx, esdb.SubscribeToAllOptions{From: third, Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"unit-2"}}})
			if err != nil {
				t.Fatal(err)
			}
			one, err := c.SubscribeToStream(ctx, "unit-3", esdb.SubscribeToStreamOptions{From: esdb.End{}})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range []*esdb.Subscription{sub, one} {
				for m := s.Recv(); ; m = s.Recv() {
					got = append(got, event(m))
					if m.CaughtUp != nil || m.SubscriptionDropped != nil {
						break
					}
				}
			}
			w.append(t, "unit-3", "unit.registered", 1)
			w.append(t, "unit-2", "unit.renamed", 1)
			is("unit-2/0 unit-2/1 checkpoint caught-up caught-up unit-2/2 unit-3/0", append(got, event(sub.Recv()), event(one.Recv())))
		})
	}
}

func event(m *esdb.SubscriptionEvent) string {
	switch {
	case m.EventAppeared != nil:
		return fmt.Sprintf("%s/%d", m.EventAppeared.Event.StreamID, m.EventAppeared.Event.EventNumber)
	case m.CheckPointReached != nil:
		return "checkpoint"
	case m.CaughtUp != nil:
		return "caught-up"
	case m.SubscriptionDropped != nil:
		return fmt.Sprint(m.SubscriptionDropped.Error)
	}
	return "something else"
}

// TestTLS connects as a connection string with a user and a certificate does.
func TestTLS(t *testing.T) {
	t.Parallel()
	certificate, file := certified(t)
	log := newMemory()
	newWriter(log).append(t, "unit-1", "unit.registered", 2)
	_, at := served(t, log, wire.Options{
		TLS: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
		Admit: func(_ context.Context, header string) (ledger.Actor, error) {
			if header != "Basic "+base64.StdEncoding.EncodeToString([]byte("auditor:open sesame")) {
				return guard(t.Context(), "bad")
			}
			return guard(t.Context(), "good")
		},
	})
	_, port, _ := net.SplitHostPort(at)
	for user, want := range map[string]int{"auditor:open%20sesame@": 2, "auditor:sesame@": -1, "": -1} {
		c := connect(t, "esdb://"+user+"localhost:"+port+"?tlsCAFile="+file)
		r, err := c.ReadAll(within(t), esdb.ReadAllOptions{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for ; err == nil; n++ {
			_, err = r.Recv()
		}
		if want < 0 && code(err) != esdb.ErrorCodeUnauthenticated || want >= 0 && (n-1 != want || !errors.Is(err, io.EOF)) {
			t.Errorf("%q: %d events, %v", user, n-1, err)
		}
	}
}

// TestDiscovered: a client that gossips first finds the listener, where it
// listens at one address and where at all of them.
func TestDiscovered(t *testing.T) {
	t.Parallel()
	log := newMemory()
	newWriter(log).append(t, "unit-1", "unit.registered", 2)
	for _, listen := range []string{"127.0.0.1:0", "[::]:0"} {
		l, err := net.Listen("tcp", listen)
		if err != nil {
			t.Skip("no such address on this machine: ", err)
		}
		s := wire.New(log, wire.Options{Now: time.Now})
		go func() { _ = s.Serve(l) }()
		t.Cleanup(func() { s.Stop(context.Background()) })
		_, port, _ := net.SplitHostPort(l.Addr().String())
		c := connect(t, "esdb+discover://127.0.0.1:"+port+"?tls=false&maxDiscoverAttempts=1")
		r, err := c.ReadAll(within(t), esdb.ReadAllOptions{}, 10)
		if got := drain(t, r, err); len(got) != 2 {
			t.Errorf("%s: %q", listen, got)
		}
		members, err := gossip.NewGossipClient(raw(t, "127.0.0.1:"+port)).Read(within(t), empty)
		if err != nil || len(members.Members) != 1 || !members.Members[0].IsAlive || members.Members[0].State != gossip.MemberInfo_Leader ||
			members.Members[0].HttpEndPoint.Address != "127.0.0.1" || fmt.Sprint(members.Members[0].HttpEndPoint.Port) != port || members.Members[0].TimeStamp < 17e15 {
			t.Errorf("%s: %v, %v", listen, members, err)
		}
	}
}

// TestMembers: what gossip tells is what it was given, and a client goes to
// the leader.
func TestMembers(t *testing.T) {
	t.Parallel()
	log := newMemory()
	newWriter(log).append(t, "unit-1", "unit.registered", 2)
	leader := serve(t, log, wire.Options{})
	_, digits, _ := net.SplitHostPort(leader)
	var port int
	_, _ = fmt.Sscan(digits, &port)
	follower := serve(t, newMemory(), wire.Options{Members: func() []wire.Member {
		return []wire.Member{
			{ID: ledger.ID{1}, Host: "127.0.0.1", Port: 1, Leader: true, NotAlive: true},
			{ID: ledger.ID{2}, Host: "127.0.0.1", Port: port, Leader: true},
			{ID: ledger.ID{3}, Host: "127.0.0.1", Port: 2},
		}
	}})
	told, err := gossip.NewGossipClient(raw(t, follower)).Read(within(t), empty)
	if err != nil || len(told.Members) != 3 {
		t.Fatalf("%v, %v", told, err)
	}
	for i, m := range told.Members {
		if m.IsAlive != (i > 0) || (m.State == gossip.MemberInfo_Leader) != (i < 2) || (m.State == gossip.MemberInfo_Follower) != (i == 2) || m.InstanceId.GetStructured().MostSignificantBits != int64(i+1)<<56 {
			t.Errorf("member %d is told as %v", i, m)
		}
	}
	c := connect(t, "esdb+discover://"+follower+"?tls=false&nodePreference=leader&maxDiscoverAttempts=1")
	r, err := c.ReadAll(within(t), esdb.ReadAllOptions{}, 10)
	if got := drain(t, r, err); len(got) != 2 {
		t.Errorf("it did not go to the leader: %q", got)
	}
}

func TestFeatures(t *testing.T) {
	t.Parallel()
	at := serve(t, newMemory(), wire.Options{Version: "24.10.1", Advertise: []wire.Method{{Service: "event_store.client.persistent_subscriptions.persistentsubscriptions", Name: "create", Features: []string{"all"}}}})
	f, err := serverfeatures.NewServerFeaturesClient(raw(t, at)).GetSupportedMethods(within(t), empty)
	if err != nil || f.EventStoreServerVersion != "24.10.1" {
		t.Fatalf("%v, %v", f, err)
	}
	found := 0
	for _, m := range f.Methods {
		if m.ServiceName+m.MethodName != strings.ToLower(m.ServiceName+m.MethodName) || m.MethodName == "batchappend" {
			t.Errorf("%s %s is advertised", m.ServiceName, m.MethodName)
		}
		if m.MethodName == "read" && m.ServiceName == "event_store.client.streams.streams" || m.MethodName == "create" && m.Features[0] == "all" {
			found++
		}
	}
	if found != 2 {
		t.Errorf("%v", f.Methods)
	}
	if v, err := dial(t, at).GetServerVersion(); err != nil || v.Major != 24 || v.Minor != 10 || v.Patch != 1 {
		t.Errorf("the client sees %v, %v", v, err)
	}
}
