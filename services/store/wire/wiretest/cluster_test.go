package wiretest_test

import (
	"errors"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"suyuan/services/store/wire/wiretest"
)

var three = []string{"127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"}

// leads holds an answer of a follower against the trailers that clients go by.
func leads(t *testing.T, what string, err error, trailer metadata.MD, leader string) {
	t.Helper()
	host, port, _ := net.SplitHostPort(leader)
	for key, want := range map[string]string{"exception": "not-leader", "leader-endpoint-host": host, "leader-endpoint-port": port} {
		if !slices.Equal(trailer.Get(key), []string{want}) {
			t.Errorf("%s: trailer %s is %q, want %q", what, key, trailer.Get(key), want)
		}
	}
	if status.Code(err) != codes.NotFound {
		t.Errorf("%s: %v", what, err)
	}
}

func TestFollowers(t *testing.T) {
	s := start(t, wiretest.Config{Listen: three})
	at := s.Addresses()
	for leader, follower := range map[int]int{0: 1, 2: 0} {
		s.Lead(leader)
		conn := connect(t, at[follower])
		_, trailer, err := send(t, streams.NewStreamsClient(conn), header("unit-1", "any"), message('a', "test.happened", `{}`))
		leads(t, "append", err, trailer, at[leader])

		trailer = nil
		_, err = persistent.NewPersistentSubscriptionsClient(conn).Create(patient(t), &persistent.CreateReq{}, grpc.Trailer(&trailer))
		leads(t, "create", err, trailer, at[leader])

		ask := readReq("$users")
		r, err := streams.NewStreamsClient(conn).Read(metadata.AppendToOutgoingContext(patient(t), "requires-leader", "true"), ask)
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Recv()
		leads(t, "a read for the leader", err, r.Trailer(), at[leader])

		if r, err = streams.NewStreamsClient(conn).Read(patient(t), ask); err != nil {
			t.Fatal(err)
		}
		if m, err := r.Recv(); err != nil || m.GetEvent().GetEvent().GetMetadata()["type"] != "$User" {
			t.Errorf("a read for anybody: %v, %v", m, err)
		}

		members, err := gossip.NewGossipClient(conn).Read(patient(t), &shared.Empty{})
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range members.GetMembers() {
			if got := net.JoinHostPort(m.HttpEndPoint.Address, s.Addresses()[i][len("127.0.0.1:"):]); !m.IsAlive || got != at[i] || (m.State == gossip.MemberInfo_Leader) != (i == leader) {
				t.Errorf("member %d, node %d leads: %v", i, leader, m)
			}
		}
	}
}

func readReq(stream string) *streams.ReadReq {
	return &streams.ReadReq{Options: &streams.ReadReq_Options{
		StreamOption: &streams.ReadReq_Options_Stream{Stream: &streams.ReadReq_Options_StreamOptions{
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)},
			RevisionOption:   &streams.ReadReq_Options_StreamOptions_Start{Start: &shared.Empty{}},
		}},
		CountOption:  &streams.ReadReq_Options_Count{Count: 1},
		FilterOption: &streams.ReadReq_Options_NoFilter{NoFilter: &shared.Empty{}},
		UuidOption:   &streams.ReadReq_Options_UUIDOption{Content: &streams.ReadReq_Options_UUIDOption_Structured{Structured: &shared.Empty{}}},
	}}
}

// The official client finds the leader by gossip, and by the trailers once
// another one leads.
func TestLeaderChanges(t *testing.T) {
	s := start(t, wiretest.Config{Listen: three, TLS: true})
	c := dial(t, s.URL())
	follower := dial(t, s.URL()+"&nodePreference=follower")
	append1 := func(c *esdb.Client, n byte) error {
		_, err := c.AppendToStream(patient(t), "unit-1", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, event(n))
		return err
	}
	notLeader := func(what string, err error) {
		t.Helper()
		var e *esdb.Error
		if !errors.As(err, &e) || e.Code() != esdb.ErrorCodeNotLeader {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := append1(c, 1); err != nil {
		t.Fatal(err)
	}
	notLeader("one that prefers followers", append1(follower, 2))
	if err := append1(follower, 2); err != nil {
		t.Errorf("the client did not go to the leader: %v", err)
	}
	s.Lead(1)
	notLeader("after the change", append1(c, 3))
	if err := append1(c, 3); err != nil {
		t.Errorf("the client did not go to the new leader: %v", err)
	}
	if got := read(t, c, "unit-1"); len(got) != 3 {
		t.Errorf("%d events, want 3", len(got))
	}
}

func TestGroups(t *testing.T) {
	s := start(t, wiretest.Config{})
	c := dial(t, s.URL())
	if err := c.CreatePersistentSubscription(patient(t), "unit-1", "group", esdb.PersistentStreamSubscriptionOptions{}); err != nil {
		t.Fatal(err)
	}
	var e *esdb.Error
	err := c.CreatePersistentSubscription(patient(t), "unit-1", "group", esdb.PersistentStreamSubscriptionOptions{})
	if !errors.As(err, &e) || e.Code() != esdb.ErrorCodeResourceAlreadyExists {
		t.Errorf("again: %v", err)
	}
	if err := c.CreatePersistentSubscriptionToAll(patient(t), "group", esdb.PersistentAllSubscriptionOptions{}); err != nil {
		t.Errorf("to $all: %v", err)
	}
	if err := c.DeletePersistentSubscription(patient(t), "unit-1", "group", esdb.DeletePersistentSubscriptionOptions{}); !errors.As(err, &e) || e.Code() != esdb.ErrorCodeUnsupportedFeature {
		t.Errorf("deleted: %v", err)
	}
}

func TestCredentials(t *testing.T) {
	s := start(t, wiretest.Config{TLS: true, Listen: []string{"127.0.0.1:0"}})
	whole := wiretest.User + ":" + wiretest.Password + "@"
	if !strings.Contains(s.URL(), whole) {
		t.Fatal(s.URL())
	}
	for _, shown := range []string{"", "admin:admin@", "other:changeit@", "admin:changei@"} {
		c := dial(t, strings.Replace(s.URL(), whole, shown, 1))
		// The client may still be sending when it is refused, and then says EOF.
		var wrote error
		for try := 0; try < 100 && (wrote == nil || strings.HasSuffix(wrote.Error(), "EOF")); try++ {
			_, wrote = c.AppendToStream(patient(t), "unit-1", esdb.AppendToStreamOptions{}, event(1))
		}
		r, err := c.ReadStream(patient(t), "$users", esdb.ReadStreamOptions{}, 1)
		if err == nil {
			_, err = r.Recv()
			r.Close()
		}
		created := c.CreatePersistentSubscription(patient(t), "unit-1", "group", esdb.PersistentStreamSubscriptionOptions{})
		for what, err := range map[string]error{"append": wrote, "read": err, "create": created} {
			var e *esdb.Error
			if !errors.As(err, &e) || e.Code() != esdb.ErrorCodeUnauthenticated {
				t.Errorf("%s as %q: %v", what, shown, err)
			}
		}
		if _, err := c.GetServerVersion(); err != nil {
			t.Errorf("the version, as %q: %v", shown, err)
		}
	}
	if got := read(t, dial(t, s.URL()), "$users"); len(got) != 1 || string(got[0].Data) != `"admin"` {
		t.Errorf("$users: %v", got)
	}
	// Without TLS nobody is asked.
	plain := start(t, wiretest.Config{Bare: true})
	if _, err := dial(t, strings.Replace(plain.URL(), "://", "://other:wrong@", 1)).AppendToStream(patient(t), "unit-1", esdb.AppendToStreamOptions{}, event(1)); err != nil {
		t.Error(err)
	}
	for e, err := range plain.Store().Stream(t.Context(), "$users", 0) {
		t.Errorf("bare, and has %v, %v", e, err)
	}
}
