package main

import (
	"context"
	"errors"
	"fmt"
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
		Verify(ctx context.Context, progress func(done uint64)) error
	}
	// distant can be out of reach; Outage says so, and is nil while it is
	// not.
	distant interface{ Outage() error }
)

// Where events can be.
const (
	embedded = "sqlite:"
	cluster  = "esdb:"
	discover = "esdb+discover:"
)

func onCluster(spec string) bool {
	return strings.HasPrefix(spec, cluster) || strings.HasPrefix(spec, discover)
}

// openLog opens a store by what --store says of it.
func openLog(ctx context.Context, spec string, write bool, log *slog.Logger, options ...sqlite.Option) (engine, error) {
	if onCluster(spec) {
		s, err := esdb.Open(ctx, spec, esdb.WithLogger(log), esdb.WithCategories(catalogue.Categories...))
		if ledger.IsCode(err, ledger.Invalid) {
			return nil, usage{err}
		}
		return s, err
	}
	dir, ok := strings.CutPrefix(spec, embedded)
	if !ok || dir == "" {
		return nil, unknownStore(spec)
	}
	options = append(options, sqlite.WithLogger(log))
	if write {
		return sqlite.Open(dir, options...)
	}
	return sqlite.OpenReadOnly(dir, options...)
}

// unknownStore does not repeat what was given: there may be a password in it.
func unknownStore(spec string) error {
	if scheme, _, ok := strings.Cut(spec, ":"); ok && len(scheme) < 20 {
		spec = scheme + ":…"
	}
	return usage{said("", fmt.Sprintf("--store：不认识 %.40q；请写 sqlite:文件夹、esdb://主机:端口 或 esdb+discover://主机:端口", spec),
		fmt.Sprintf("--store: %.40q is not known; give sqlite:DIR, esdb://HOST:PORT or esdb+discover://HOST:PORT", spec))}
}

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
			"这个命令只用于嵌入式存储；集群上的账本请用集群自己的工具备份，或先用 suyuan migrate --to sqlite:文件夹 抄出一份。",
			"This command is for the embedded store; back a cluster up with its own tools, or copy the ledger out first with: suyuan migrate --to sqlite:DIR")
	}
	return "", unknownStore(p.store)
}

// events is the log alone, without the read model. A cluster has no lock, so
// whoever writes holds the data folder: two servers on one machine never share
// its keys and files.
func (p place) events(ctx context.Context, write bool, log *slog.Logger, options ...sqlite.Option) (engine, error) {
	if !write || !onCluster(p.store) {
		return openLog(ctx, p.spec(), write, log, options...)
	}
	if err := os.MkdirAll(p.data, 0o700); err != nil {
		return nil, err
	}
	mine, err := hold.File(filepath.Join(p.data, "ledger.lock"))
	if errors.Is(err, hold.ErrHeld) {
		return nil, ledger.Errorf(ledger.Unavailable, "store.in_use",
			"文件夹 %s 正由另一个程序使用。请先停掉它，或另用 --data。", "Another process works with the folder %s. Stop it first, or give another --data.", p.data)
	}
	if err != nil {
		return nil, err
	}
	e, err := openLog(ctx, p.spec(), write, log)
	if err != nil {
		return nil, errors.Join(err, mine.Close())
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
