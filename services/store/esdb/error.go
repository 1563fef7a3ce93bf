package esdb

import (
	"errors"
	"fmt"

	"suyuan/services/ledger"
)

// What is wrong with a connection string is said without repeating any of it
// but the names of settings and files: it may hold a password.

func errConnection() *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "store.connection",
		"连接串无法识别。请写成 esdb://用户:口令@节点1:2113,节点2:2113?tlsCAFile=ca.crt，或 esdb+discover://…",
		"The connection string cannot be read. Write esdb://user:password@node1:2113,node2:2113?tlsCAFile=ca.crt, or esdb+discover://…")
}

func errScheme() *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "store.connection",
		"连接串须以 esdb:// 或 esdb+discover:// 开头。", "The connection string must begin with esdb:// or esdb+discover://.")
}

func errCharacter(c, as string) *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "store.connection",
		"连接串里有一个多余的 %s。若它属于口令或路径，请写成 %s。", "There is a %s too many in the connection string. Where it belongs to the password or to a path, write %s.", c, as)
}

func errQuestion() *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "store.connection",
		"连接串的 ? 之后有一个 @。若 ? 属于用户名或口令，请写成 %[1]s；若 @ 属于设置的值，请写成 %[2]s。",
		"There is an @ behind the ? of the connection string. Where the ? belongs to the user or the password, write %[1]s; where the @ belongs to a setting, write %[2]s.", "%3F", "%40")
}

func errNode() *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "store.connection",
		"连接串里的节点须写成 主机名:端口，多个用逗号隔开；IPv6 地址请改用主机名；用户名和口令中的特殊字符请用百分号编码。",
		"Write each node of the connection string as host:port, with a comma between them; give an IPv6 address a name; percent-encode special characters in the user and the password.")
}

func errSettings() *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "store.connection",
		"连接串问号后面的设置无法识别。请写成 名称=值，用 & 隔开。", "The settings behind the question mark of the connection string cannot be read. Write name=value, with & between them.")
}

func errSetting(name, known string) *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "store.connection",
		"连接串里没有名为 %s 的设置。可用的有：%s。", "The connection string has no setting called %s. There are: %s.", name, known)
}

func errTwice(name string) *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "store.connection",
		"连接串里的 %s 写了两次，请只留一个。", "The connection string says %s twice; leave one.", name)
}

// wanted says what each setting takes.
var wanted = map[string]ledger.Text{
	"tls":                 {Zh: "true 或 false", En: "true or false"},
	"tlsVerifyCert":       {Zh: "true 或 false", En: "true or false"},
	"tlsCAFile":           {Zh: "一个文件", En: "a file"},
	"userCertFile":        {Zh: "一个文件", En: "a file"},
	"userKeyFile":         {Zh: "一个文件", En: "a file"},
	"nodePreference":      {Zh: "leader（账本要读到自己刚写下的内容，只与主节点往来）", En: "leader (the ledger reads what it has just written, so it speaks with the leader only)"},
	"maxDiscoverAttempts": {Zh: "1 到 1000 次", En: "a number from 1 to 1000"},
	"discoveryInterval":   {Zh: "0 到 60000 毫秒", En: "milliseconds from 0 to 60000"},
	"gossipTimeout":       {Zh: "1 到 600 秒", En: "seconds from 1 to 600"},
	"keepAliveInterval":   {Zh: "10000 毫秒以上、一天以内，或 -1（关闭）", En: "milliseconds, at least 10000 and at most a day, or -1 for none"},
	"keepAliveTimeout":    {Zh: "1000 毫秒以上、一天以内", En: "milliseconds, at least 1000 and at most a day"},
	"defaultDeadline":     {Zh: "1 毫秒以上、一天以内", En: "milliseconds, at least 1 and at most a day"},
}

func errValue(name string) *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "store.connection",
		"连接串里的 %[1]s 须为%[2]s。", "The connection string's %[1]s must be %[3]s.", name, wanted[name].Zh, wanted[name].En)
}

func errPassword() *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "store.connection",
		"连接串里的用户须写成 用户名:口令@，两者都不可为空，其中的特殊字符请用百分号编码。",
		"Write the user of the connection string as user:password@, neither empty, special characters percent-encoded.")
}

func errPlain() *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "store.connection",
		"tls=false 时不会发送口令，也不用证书。请去掉 tls=false；若集群不设防，请去掉用户、口令和证书。",
		"With tls=false no password is sent and no certificate used. Take tls=false out, or, where the cluster is open to everybody, the user, password and certificates.")
}

func errAuthority(file string, cause error) *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "store.connection",
		"tlsCAFile 指定的 %s 读不出 PEM 格式的证书。请核对路径；相对路径从当前目录算起。",
		"There is no PEM certificate to read in %s, which tlsCAFile names. Check the path; a relative one starts at the working directory.", file).Because(cause)
}

func errKeyPair(files string, cause error) *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "store.connection",
		"userCertFile 与 userKeyFile 须同时给出，且为配对的 PEM 证书和私钥（%s）。相对路径从启动时的目录算起。",
		"Give userCertFile and userKeyFile together, a PEM certificate and its private key (%s). A relative path starts at the directory the program was started in.", files).Because(cause)
}

func errCategory(name string) *ledger.Error {
	return ledger.Errorf(ledger.Internal, "store.category", "%q 不能作为流的类别。", "%q is no category of streams.", name)
}

func errOld(version string) *ledger.Error {
	return ledger.Errorf(ledger.Unavailable, "store.cluster_old",
		"集群的版本是 %s，账本需要 EventStoreDB 24.2 或更新、或 KurrentDB。请先升级集群。",
		"The cluster runs version %s; the ledger needs EventStoreDB 24.2 or later, or KurrentDB. Upgrade the cluster first.", version)
}

// What goes wrong at the cluster may be shown to whoever uses the portal, so
// the nodes' names are not in it; Open adds them.

// errDenied is about the account the ledger uses, not about whoever asks, so
// it is no Unauthenticated of theirs.
func errDenied(cause error) *ledger.Error {
	return ledger.Errorf(ledger.Unavailable, "store.cluster_denied",
		"集群不接受账本的账户，或不许它读取 $all、写入账本的流。请管理员核对连接串里的用户、口令或证书及其权限；口令只经 TLS 发送。",
		"The cluster does not accept the ledger's account, or does not let it read $all and write the ledger's streams. The administrator should check the user, password or certificate in the connection string and what they may do; passwords are sent over TLS only.").Because(cause)
}

func errUnproven(cause error) *ledger.Error {
	return ledger.Errorf(ledger.Unavailable, "store.cluster_certificate",
		"与集群建立加密连接失败：证书不被信任、名称不符，或对方不使用 TLS。请管理员核对节点名和 tlsCAFile；集群不加密时请写 tls=false。",
		"There is no encrypted connection to the cluster: its certificate is not trusted or is for another name, or it does not use TLS. The administrator should check the nodes' names and tlsCAFile; where the cluster is not encrypted, write tls=false.").Because(cause)
}

func errUnreachable(cause error) *ledger.Error {
	return ledger.Errorf(ledger.Unavailable, "store.cluster_unreachable",
		"目前联系不上存放账本的集群。请稍后重试；仍不行请管理员检查集群。",
		"The cluster that holds the ledger cannot be reached at present. Try again later; if it goes on, the administrator should look at the cluster.").Because(cause)
}

func errRefused(cause error) *ledger.Error {
	return ledger.Errorf(ledger.Internal, "store.cluster_refused",
		"存放账本的集群拒绝了请求。请管理员查看日志。", "The cluster that holds the ledger refused what was asked of it. The administrator should read the log.").Because(cause)
}

// atOpening adds to what is wrong which nodes were tried and what they said.
func atOpening(at string, err error) error {
	e, ok := errors.AsType[*ledger.Error](err)
	if !ok {
		return fmt.Errorf("open the ledger at %s: %w", at, err)
	}
	cause := errors.Unwrap(e)
	if cause == nil {
		return ledger.Errorf(e.Code, e.Rule, "%[1]s（%[3]s）", "%[2]s (%[3]s)", e.Text.Zh, e.Text.En, at)
	}
	return ledger.Errorf(e.Code, e.Rule, "%[1]s（%[3]s：%[4]s）", "%[2]s (%[3]s: %[4]s)", e.Text.Zh, e.Text.En, at, cause.Error()).Because(cause)
}

// errUnknown: the events may be recorded or not.
func errUnknown(cause error) *ledger.Error {
	return ledger.Errorf(ledger.Unavailable, "store.outcome_unknown",
		"与集群的往来中断，不能确定这次是否已经记录。请原样重发一次，不会重复记录。",
		"The cluster did not answer to the end, so it is not known whether this was recorded. Send the same request again; it will not be recorded twice.").Because(cause)
}

func errClosed() *ledger.Error {
	return ledger.Errorf(ledger.Unavailable, "store.closed",
		"账本已经关闭，服务正在停止；请稍后重试。", "The ledger has been closed because the server is stopping; try again later.")
}

func errReadOnly(reason error) *ledger.Error {
	return ledger.Errorf(ledger.Unavailable, "store.read_only",
		"账本目前只读，这次没有记录任何内容。请联系管理员。",
		"The ledger takes no more events at present; nothing was recorded. Tell the administrator.").
		Because(fmt.Errorf("%w: %w", ledger.ErrReadOnly, reason))
}

// errNamed: the client would put an id of its own in the place of an empty one.
func errNamed(i int) *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "store.id", "第 %d 个事件没有编号。", "Event %d has no id.", i)
}
