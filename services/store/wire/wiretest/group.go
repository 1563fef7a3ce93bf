package wiretest

import (
	"context"
	"sync"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// maxGroups bounds what is remembered of created groups.
const maxGroups = 10_000

// groups are the names of persistent subscriptions that were created, until
// the process ends.
type groups struct {
	mu   sync.Mutex
	made map[[2]string]bool
}

// creation takes the creation of persistent subscriptions, which official
// clients use to find out whether a leader is there, and nothing else of them.
type creation struct {
	persistent.UnimplementedPersistentSubscriptionsServer
	of   *Server
	node int
}

func (c *creation) Create(ctx context.Context, r *persistent.CreateReq) (*persistent.CreateResp, error) {
	if err := c.of.leads(ctx, c.node); err != nil {
		return nil, err
	}
	o := r.GetOptions()
	stream := string(o.GetStream().GetStreamIdentifier().GetStreamName())
	if o.GetAll() != nil {
		stream = "$all"
	}
	if stream == "" || o.GetGroupName() == "" {
		return nil, status.Error(codes.InvalidArgument, "a group needs a stream and a name")
	}
	return &persistent.CreateResp{}, c.of.groups.add(ctx, stream, o.GetGroupName())
}

func (g *groups) add(ctx context.Context, stream, group string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.made[[2]string{stream, group}]:
		_ = grpc.SetTrailer(ctx, metadata.Pairs("exception", "persistent-subscription-exists", "stream-name", stream, "group-name", group)) // the status says it too
		return status.Errorf(codes.AlreadyExists, "the group %q on stream %q exists", group, stream)
	case len(g.made) >= maxGroups:
		return status.Errorf(codes.ResourceExhausted, "there are %d groups already", maxGroups)
	case g.made == nil:
		g.made = map[[2]string]bool{}
	}
	g.made[[2]string{stream, group}] = true
	return nil
}
