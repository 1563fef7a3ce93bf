package wire

import (
	"context"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"google.golang.org/grpc/metadata"

	"suyuan/services/ledger"
)

// features answers what the server can do.
type features struct {
	serverfeatures.UnimplementedServerFeaturesServer
	version string
	more    []Method
}

// What is advertised without more, in the lower case that clients look for.
// Batch appends are not among it: clients then append one call at a time.
var advertised = [...]Method{
	{Service: "event_store.client.streams.streams", Name: "read", Features: []string{"position", "events"}},
	{Service: "event_store.client.streams.streams", Name: "append"},
	{Service: "event_store.client.streams.streams", Name: "delete"},
	{Service: "event_store.client.streams.streams", Name: "tombstone"},
	{Service: "event_store.client.gossip.gossip", Name: "read"},
	{Service: "event_store.client.server_features.serverfeatures", Name: "getsupportedmethods"},
}

func (f *features) GetSupportedMethods(context.Context, *shared.Empty) (*serverfeatures.SupportedMethods, error) {
	out := &serverfeatures.SupportedMethods{EventStoreServerVersion: f.version}
	for _, list := range [][]Method{advertised[:], f.more} {
		for _, m := range list {
			out.Methods = append(out.Methods, &serverfeatures.SupportedMethod{ServiceName: m.Service, MethodName: m.Name, Features: m.Features})
		}
	}
	return out, nil
}

// Member is one node of what clients take for a cluster.
type Member struct {
	ID       ledger.ID
	Host     string // as clients reach it
	Port     int
	Leader   bool // else a follower
	NotAlive bool
}

type gossiping struct {
	gossip.UnimplementedGossipServer
	members func(reached string) []Member
	now     ledger.Clock
}

func (g *gossiping) Read(ctx context.Context, _ *shared.Empty) (*gossip.ClusterInfo, error) {
	reached := ""
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		reached = strings.Join(md.Get(":authority"), "")
	}
	out := &gossip.ClusterInfo{}
	for _, m := range g.members(reached) {
		state := gossip.MemberInfo_Follower
		if m.Leader {
			state = gossip.MemberInfo_Leader
		}
		most, least := halves(m.ID)
		out.Members = append(out.Members, &gossip.MemberInfo{
			InstanceId:   &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{MostSignificantBits: most, LeastSignificantBits: least}}},
			TimeStamp:    ticks(g.now()),
			State:        state,
			IsAlive:      !m.NotAlive,
			HttpEndPoint: &gossip.EndPoint{Address: m.Host, Port: uint32(m.Port)},
		})
	}
	return out, nil
}

// members is Options.Members, or this listener alone: at its own address, or,
// where it listens at all of them, at that by which the client has reached it.
func (s *Server) members(reached string) []Member {
	if s.options.Members != nil {
		return s.options.Members()
	}
	s.own.Lock()
	at := s.at
	s.own.Unlock()
	host, port, ok := split(at.String())
	if !ok {
		return nil
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		if h, p, ok := split(reached); ok {
			host, port = h, p
		} else {
			host = "localhost"
		}
	}
	return []Member{{ID: ledger.EventID("wire", at.String(), 0), Host: host, Port: port, Leader: true}}
}

func split(address string) (host string, port int, ok bool) {
	host, digits, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 16)
	return host, int(n), err == nil
}

// ticks counts 100 ns since the Unix epoch, 0 for the zero time.
func ticks(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()*1e7 + int64(t.Nanosecond())/100
}
