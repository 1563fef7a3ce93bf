package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"suyuan/services/ledger"
	"suyuan/services/migration"
	"suyuan/services/store/hold"
)

func migrateCommand(io streams) *cobra.Command {
	var at place
	var from, to, lang string
	c := &cobra.Command{
		Use:   "migrate --from STORE --to STORE",
		Short: "Copy the ledger's events to another store, unchanged; run again after an interruption, it goes on",
		Long: "Copy the ledger's events to another store, unchanged, and read them back: same order, ids, hashes, checkpoints and Merkle root.\n" +
			"A store is sqlite:DIR, esdb://HOST:PORT or esdb+discover://HOST:PORT. The target must be empty, or hold the beginning of this ledger\n" +
			"(from an interrupted run of the same command) and nothing else. Stop the server first. Files and keys stay in the data folder.\n" +
			"Checkpoints are checked with the public key in --data; where that is not given, with the one in the folder copied from, if it holds one.",
		Args: noArgs,
	}
	at.dataFlag(c)
	c.Flags().StringVar(&from, "from", "", "store to copy from: sqlite:DIR or esdb://…")
	c.Flags().StringVar(&to, "to", "", "store to copy to: sqlite:DIR or esdb://…")
	languageFlag(c, &lang)
	c.RunE = func(c *cobra.Command, _ []string) error {
		lang = language(lang)
		if from == "" || to == "" {
			return usage{said(lang, "migrate：请用 --from 和 --to 写明从哪个存储复制到哪个存储", "migrate: say with --from and --to which store is copied to which")}
		}
		for _, f := range []struct{ name, store string }{{"--from", from}, {"--to", to}} {
			if dir, ok := strings.CutPrefix(f.store, embedded); !onCluster(f.store) && (!ok || dir == "") { // not repeated: there may be a password in it
				return usage{said(lang, "migrate："+f.name+" 所写的不是存储地址；请写 sqlite:文件夹、esdb://主机:端口 或 esdb+discover://主机:端口", "migrate: "+f.name+" is no store; give sqlite:DIR, esdb://HOST:PORT or esdb+discover://HOST:PORT")}
			}
		}
		if sameStore(from, to) {
			return usage{said(lang, "migrate：--from 与 --to 是同一个存储；请另选一个目标", "migrate: --from and --to are one store; choose another target")}
		}
		if dir, ok := strings.CutPrefix(from, embedded); ok && !c.Flags().Changed("data") {
			if text, err := (place{data: dir}).key(verifierFile); err == nil && text != "" {
				at.data = dir
			}
		}
		verifier, err := at.key(verifierFile)
		if err != nil {
			return err
		}
		m := migrating{io: io, lang: lang, from: from, to: to, data: at.data, verifier: verifier}
		return m.run(c.Context())
	}
	return c
}

// migrating is one run of the command.
type migrating struct {
	io             streams
	lang           string
	from, to, data string
	verifier       string // "": there is no key to check checkpoints with
}

func (m migrating) run(ctx context.Context) (err error) {
	var level slog.LevelVar
	level.Set(slog.LevelError + 1) // what does not open says so once
	from, err := openLog(ctx, m.from, false, m.log(m.from, &level))
	if err != nil {
		return m.unopened("--from", err)
	}
	defer func() { _ = from.Close() }()
	served, release := m.holdSource()
	defer release()
	to, err := openLog(ctx, m.to, true, m.log(m.to, &level))
	if err != nil {
		return m.unopened("--to", err)
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	level.Set(slog.LevelWarn)
	bars := &stages{io: m.io, lang: m.lang}
	r, err := migration.Copy(ctx, from, to, migration.Options{Verifier: m.verifier, Progress: func(stage string, done, of uint64) {
		bars.bytes(inLang(m.lang, migrationStages[stage], stage), done, of)
	}})
	bars.end()
	if errors.Is(err, context.Canceled) {
		return said(m.lang, fmt.Sprintf("已中断；本次写入的 %d 个事件留在目标中，重新运行同一命令即可接着进行", r.Written),
			fmt.Sprintf("interrupted; the %d events written in this run are kept in the target, run the same command again and it goes on", r.Written))
	}
	if err != nil {
		return m.keyed(err)
	}
	m.say(r, served)
	return nil
}

// keyed adds to a bad signature which key said so: it may be another ledger's.
func (m migrating) keyed(err error) error {
	e, ok := errors.AsType[*ledger.Error](err)
	if !ok || m.verifier == "" || !strings.Contains(e.Text.En, "signature is not good") {
		return err
	}
	key, with := filepath.Join(m.data, "keys", verifierFile), *e
	with.Text.Zh += "核验所用的公钥是 " + key + "；若它属于另一个账本，请用 --data 指明本账本的数据文件夹。"
	with.Text.En += " The key was " + key + "; if that is another ledger's, name this one's data folder with --data."
	return &with
}

// log is where a store says what it waits for: a cluster may keep it waiting,
// a folder tells everything by its errors.
func (m migrating) log(store string, level slog.Leveler) *slog.Logger {
	if !onCluster(store) {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(m.io.err, &slog.HandlerOptions{Level: level}))
}

var migrationStages = map[string]string{
	migration.Comparing: "核对目标中已有的事件", migration.Copying: "复制事件", migration.Verifying: "读回核验",
}

// say tells what came of it and how to go on.
func (m migrating) say(r migration.Report, served bool) {
	line := func(zh, en string) { fmt.Fprintln(m.io.out, inLang(m.lang, zh, en)) }
	line(fmt.Sprintf("迁移完成并已读回核验：%d 个事件，Merkle 根 %s", r.Events, r.Root), fmt.Sprintf("migrated and verified: %d events, Merkle root %s", r.Events, r.Root))
	line(fmt.Sprintf("本次写入：%d 个事件，分 %d 批；此前已在目标中：%d 个", r.Written, r.Appends, r.Found),
		fmt.Sprintf("written in this run: %d events in %d batches; %d were in the target before", r.Written, r.Appends, r.Found))
	line(fmt.Sprintf("检查点：%d 个，最后一个覆盖 %d 个事件", r.Checkpoints, r.Covered), fmt.Sprintf("checkpoints: %d, the last covers %d events", r.Checkpoints, r.Covered))
	if m.verifier == "" && r.Checkpoints > 0 {
		line("检查点的签名未核验："+m.data+" 里没有公钥；请用 --data 指明数据文件夹后再运行一次", "their signatures were not checked: there is no public key in "+m.data+"; name the data folder with --data and run it once more")
	}
	if served || r.Growing {
		line("注意：源账本仍在写入。请停掉它的服务后再运行同一命令，补上其余事件，然后才启用目标",
			"note: the source is still being written. Stop its server and run the same command again for the rest before you serve the target")
	}
	if onCluster(m.from) {
		line("请确认已没有服务写入源集群；若还有，停掉后再运行同一命令", "make sure that no server writes to the source cluster any more; if one does, stop it and run the same command again")
	}
	serve := "suyuan serve --data " + m.data + " --store " + m.to
	if onCluster(m.to) { // its password belongs on no command line
		serve = "SUYUAN_STORE=… suyuan serve --data " + m.data
	}
	line("启用："+serve, "serve it with: "+serve)
	line("未复制：附件和密钥不在存储里，仍在数据文件夹 "+m.data+" 中；若数据文件夹也要换地方，请在停机时复制其中的 blobs.db、blobkeys.db 和 keys/",
		"not copied: documents' files and keys are not in a store, they stay in the data folder "+m.data+"; if that moves too, copy blobs.db, blobkeys.db and keys/ from it while nobody serves")
}

// holdSource keeps servers from the source while it is copied, and tells
// whether one has it already: of a cluster, one with this data folder.
func (m migrating) holdSource() (served bool, release func()) {
	dir, ok := strings.CutPrefix(m.from, embedded)
	if !ok {
		dir = m.data
	}
	if _, err := os.Stat(dir); err != nil || sameStore(embedded+dir, m.to) { // the target is held as it is opened
		return false, func() {}
	}
	mine, err := hold.File(filepath.Join(dir, "ledger.lock"))
	if err != nil { // held, or on a disk that takes no lock: it can be read all the same
		return errors.Is(err, hold.ErrHeld), func() {}
	}
	return false, func() { _ = mine.Close() }
}

// unopened says which of the two stores did not open.
func (m migrating) unopened(flag string, err error) error {
	if e, ok := errors.AsType[*ledger.Error](err); ok {
		if e.Rule == "store.absent" {
			named := *e
			named.Text.Zh, named.Text.En = strings.ReplaceAll(e.Text.Zh, "--data 与 --store", flag), strings.ReplaceAll(e.Text.En, "--data and --store", flag)
			e = &named
		}
		if _, wrong := errors.AsType[usage](err); wrong {
			return usage{e.At("%s", flag)}
		}
		return e.At("%s", flag)
	}
	if errors.Is(err, ledger.ErrDamaged) {
		return fmt.Errorf(inLang(m.lang, "%s：已损坏：%w；请换一个，或恢复一份备份", "%s: damaged: %w; choose another, or restore a backup"), flag, err)
	}
	return fmt.Errorf("%s: %w", flag, err)
}

// sameStore reports whether two stores are one. Two names of one cluster that
// have no host in common are not found out; copying between them changes
// nothing.
func sameStore(a, b string) bool {
	dir, one := strings.CutPrefix(a, embedded)
	other, two := strings.CutPrefix(b, embedded)
	if one != two {
		return false
	}
	if !one {
		for host := range hosts(a) {
			if hosts(b)[host] {
				return true
			}
		}
		return a == b
	}
	for _, file := range []string{"", "ledger.db"} {
		i, err := os.Stat(filepath.Join(dir, file))
		j, err2 := os.Stat(filepath.Join(other, file))
		if err == nil && err2 == nil && os.SameFile(i, j) {
			return true
		}
	}
	return false
}

// hosts are the machines that a connection string names, with their ports.
func hosts(spec string) map[string]bool {
	found := map[string]bool{}
	_, rest, ok := strings.Cut(spec, "://")
	if !ok {
		return found
	}
	rest = rest[:strings.IndexAny(rest+"/", "/?")]
	rest = rest[strings.LastIndex(rest, "@")+1:]
	for host := range strings.SplitSeq(strings.ToLower(rest), ",") {
		if strings.LastIndex(host, ":") <= strings.LastIndex(host, "]") {
			host += ":2113" // what a client takes where no port is given
		}
		found[host] = true
	}
	return found
}
