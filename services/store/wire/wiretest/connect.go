package wiretest

import (
	"context"
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"

	"suyuan/services/ledger"
	"suyuan/services/store/wire"
)

// URL is the connection string of the server: of its node, or with several of
// all of them, to find the leader by gossip.
func (s *Server) URL() string {
	hosts := strings.Join(s.Addresses(), ",")
	if s.tls == nil {
		return "esdb://" + hosts + "?tls=false"
	}
	return "esdb://" + User + ":" + Password + "@" + hosts + "?tlsCAFile=" + url.QueryEscape(s.authority())
}

// maxReceived lies above any append limit, so that an append that is too large
// is refused in words.
const maxReceived = 8 << 20

func (s *Server) options(n *node) wire.Options {
	o := wire.Options{
		Log: s.config.Log, Members: s.members,
		Streams: func(reading *wire.Streams) streams.StreamsServer { return &service{reading, s, n.number} },
		Register: func(r grpc.ServiceRegistrar) {
			persistent.RegisterPersistentSubscriptionsServer(r, &creation{of: s, node: n.number})
		},
		Advertise: []wire.Method{{
			Service: "event_store.client.persistent_subscriptions.persistentsubscriptions", Name: "create", Features: []string{"stream", "all"},
		}},
		MaxReceived: maxReceived, MaxCalls: 256, Share: 1, // one account writes, and reads with as many as it likes
	}
	if s.tls != nil {
		o.TLS, o.Admit = s.tls.config(), admit
	}
	return o
}

func (s *Server) members() (out []wire.Member) {
	leader := int(s.leader.Load())
	for i, n := range s.nodes {
		out = append(out, wire.Member{ID: ledger.EventID("wiretest", "node", i), Host: n.host, Port: n.port, Leader: i == leader})
	}
	return out
}

func admit(_ context.Context, authorization string) (ledger.Actor, error) {
	scheme, token, _ := strings.Cut(authorization, " ")
	shown, err := base64.StdEncoding.DecodeString(token)
	if !strings.EqualFold(scheme, "basic") || err != nil || string(shown) != User+":"+Password {
		return ledger.Actor{}, ledger.Errorf(ledger.Unauthenticated, "wiretest.credentials",
			"账号或密码不对。", "The user or the password is wrong.")
	}
	return ledger.Actor{Account: User, Roles: []ledger.Role{ledger.Admin}}, nil
}
