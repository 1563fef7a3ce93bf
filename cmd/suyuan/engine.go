package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"suyuan/services/catalogue"
	"suyuan/services/ledger"
	"suyuan/services/store/esdb"
	"suyuan/services/store/hold"
	"suyuan/services/store/sqlite"
)

// engine is a log as the commands use it: embedded, or on a cluster.
type engine interface {
	ledger.Log
	// Empty reports whether nothing was ever appended.
	Empty(ctx context.Context) (bool, error)
	// Err is why appends are refused, nil while they are taken.
	Err() error
	// MarkDamaged stops appends for good. The first reason stays.
	MarkDamaged(reason error)
	Close() error
}

// What only one engine can do the commands ask for by these.
type (
	// headed knows where its log ends without asking anybody.
	headed interface{ Head() ledger.Position }
	// checked finds more wrong with itself than its events tell.
	checked interface {
		Verify(ctx context.Context, progress func(done, of uint64)) error
	}
	// distant can be out of reach; Outage says so, and is nil while it is
	// not.
	distant interface{ Outage() error }
)

// An engine that had one of them in another form would never be asked.
var (
	_ headed  = (*sqlite.Store)(nil)
	_ checked = (*sqlite.Store)(nil)
	_ distant = (*esdb.Store)(nil)
	_ distant = heldEngine{}
)

// Where events can be.
const (
	embedded = "sqlite:"
	cluster  = "esdb:"
	discover = "esdb+discover:"
)

func onCluster(spec string) bool {
	scheme, _, ok := strings.Cut(spec, ":")
	scheme = strings.ToLower(scheme) + ":"
	return ok && (scheme == cluster || scheme == discover)
}

// openLog opens a store by what --store says of it.
func openLog(ctx context.Context, spec string, write bool, log *slog.Logger, options ...sqlite.Option) (engine, error) {
	dir, ok := strings.CutPrefix(spec, embedded)
	switch {
	case onCluster(spec):
		return engined(esdb.Open(ctx, spec, esdb.WithLogger(log), esdb.WithCategories(catalogue.Categories...)))
	case !ok || dir == "":
		return nil, errNoStore
	case write:
		return engined(sqlite.Open(dir, append(options, sqlite.WithLogger(log))...))
	}
	return engined(sqlite.OpenReadOnly(dir, append(options, sqlite.WithLogger(log))...))
}

// engined keeps a nil pointer from looking like an engine.
func engined[E engine](e E, err error) (engine, error) {
	if ledger.IsCode(err, ledger.Invalid) { // what was written, not what is there
		return nil, usage{err}
	}
	if err != nil {
		return nil, err
	}
	return e, nil
}

// errNoStore does not repeat what was given: there may be a password in it.
var errNoStore error = usage{ledger.Errorf(ledger.Invalid, "store.unknown", "所写的不是存储地址；请写 sqlite:文件夹、esdb://主机:端口 或 esdb+discover://主机:端口。",
	"This is no store; give sqlite:DIR, esdb://HOST:PORT or esdb+discover://HOST:PORT.").At("--store")}

// spec is the store in full, also where none was named.
func (p place) spec() string {
	if p.store == "" {
		return embedded + p.data
	}
	return p.store
}

// dir is the folder of the embedded store; other stores have none.
func (p place) dir() (string, error) {
	dir, ok := strings.CutPrefix(p.spec(), embedded)
	if ok && dir != "" {
		return dir, nil
	}
	if onCluster(p.store) {
		return "", ledger.Errorf(ledger.Refused, "store.cluster",
			"这个命令只用于嵌入式存储。集群上的账本请先用 suyuan migrate --to sqlite:副本 复制出来，再用 suyuan backup --store sqlite:副本 备份；附件和密钥取自 --data。",
			"This command is for the embedded store. Copy the ledger out of the cluster first, suyuan migrate --to sqlite:COPY, then back that up: suyuan backup --store sqlite:COPY FILE; files and keys come from --data.")
	}
	return "", errNoStore
}

// events is the log alone, without the read model. A cluster has no lock, so
// whoever writes holds the data folder: two servers on one machine never share
// its keys and files.
func (p place) events(ctx context.Context, write bool, log *slog.Logger, options ...sqlite.Option) (engine, error) {
	if !onCluster(p.store) {
		return openLog(ctx, p.spec(), write, log, options...)
	}
	if !log.Enabled(ctx, slog.LevelWarn) { // what a folder tells by its errors, a cluster may have to warn of
		log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	e, err := openLog(ctx, p.spec(), write, log)
	if wrong, ok := errors.AsType[*ledger.Error](err); ok && wrong.Code == ledger.Invalid {
		return nil, usage{wrong.At("--store")}
	}
	if err != nil || !write {
		return e, err
	}
	if err := os.MkdirAll(p.data, 0o700); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	mine, err := hold.File(filepath.Join(p.data, "ledger.lock"))
	if errors.Is(err, hold.ErrHeld) {
		err = ledger.Errorf(ledger.Unavailable, "store.in_use",
			"文件夹 %s 正由另一个程序使用。请先停掉它，或另用 --data。", "Another process works with the folder %s. Stop it first, or give another --data.", p.data)
	}
	if err != nil {
		_ = e.Close() // nothing was written
		return nil, err
	}
	return heldEngine{e, mine}, nil
}

// heldEngine lets go of the data folder when it is closed.
type heldEngine struct {
	engine
	mine *os.File
}

func (h heldEngine) Close() error { return errors.Join(h.engine.Close(), h.mine.Close()) }

func (h heldEngine) Outage() error {
	if r, ok := h.engine.(distant); ok {
		return r.Outage()
	}
	return nil
}
