package wire

import (
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
)

// elsewhere answers the services of a cluster that a ledger does not have.
func elsewhere(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	service, _, _ := strings.Cut(strings.TrimPrefix(method, "/"), "/")
	for _, s := range instead {
		if strings.HasPrefix(service, s.service) {
			return say(codes.Unimplemented, s.zh, s.en)
		}
	}
	return say(codes.Unimplemented, "这里没有 %s：账本只供读取。", "There is no %s here: the ledger is served for reading only.", method)
}

var instead = [...]struct{ service, zh, en string }{
	{"event_store.client.persistent_subscriptions.",
		"账本没有持久订阅；请改用对流或 $all 的追赶订阅，由客户端自己保存位置。",
		"The ledger has no persistent subscriptions; use a catch-up subscription to a stream or to $all and keep the position yourself."},
	{"event_store.client.projections.",
		"账本没有投影；请订阅 $all，或查询 GraphQL 接口。",
		"The ledger has no projections; subscribe to $all, or query the GraphQL interface."},
	{"event_store.client.users.",
		"账户不在这里管理；请到身份提供方管理。",
		"Accounts are not kept here; manage them at the identity provider."},
	{"event_store.client.operations.",
		"账本从不清理或改写，也不经由此处运维；请用 suyuan 命令。",
		"The ledger is never scavenged and not operated from here; use the suyuan command."},
	{"event_store.client.monitoring.",
		"这里没有统计；请读取监控端点 /metrics。",
		"There are no statistics here; read /metrics."},
}
