package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"suyuan/services/view"
	"suyuan/test/bench/table"
)

// restart starts processes on a copy of the ledger: one of our own that folds
// it, one that starts from a snapshot, both of which must come to the same as
// the rows here, and the real program.
func (b *bench) restart(ctx context.Context) error {
	copied, err := b.copied()
	if err != nil {
		return err
	}
	if err := b.second(ctx, copied); err != nil {
		return err
	}
	if err := b.snapshot(ctx, copied); err != nil {
		return err
	}
	return b.server(ctx, copied)
}

// server starts the real program again and again.
func (b *bench) server(ctx context.Context, copied string) (err error) {
	var took []float64
	var last started
	for i := range 4 { // the first folds the log, and leaves what the next ones find
		if last, err = b.start(ctx, copied, i == 3); err != nil {
			return err
		}
		if i > 0 {
			took = append(took, last.took)
		}
	}
	b.restarted("the program: from start to the first trace over HTTP", quantiles(took).p50, "s", 1)
	b.restarted(fmt.Sprintf("the program: resident memory after %d queries", b.loads()), float64(last.bytes)/(1<<20), "MB", 800)
	return nil
}

// snapshot lets processes of our own start from a snapshot of the rows, and
// holds their answers to those of the rows that were folded.
func (b *bench) snapshot(ctx context.Context, copied string) error {
	h, err := b.open(ctx)
	if err != nil {
		return err
	}
	file := filepath.Join(b.work, "snapshot")
	began := time.Now()
	if _, err := h.View.Save(file); err != nil {
		return err
	}
	b.restarted("a snapshot written", time.Since(began).Seconds(), "s", 0)
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	b.restarted("a snapshot's size", float64(info.Size())/(1<<20), "MB", 0)
	var all []came
	for range 3 {
		c, err := b.like(ctx, h.View, resumes, "-data", copied, "-snapshot", file)
		if err != nil {
			return err
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(x, y came) int { return cmp.Compare(x.First, y.First) })
	c := all[len(all)/2]
	b.restarted("from a snapshot: from start to the first trace", c.First, "s", 1)
	b.restarted("from a snapshot: of it, opening the store", c.Store, "s", 0)
	b.restarted("from a snapshot: of it, the rows", c.Rows, "s", 0)
	b.restarted("from a snapshot: resident memory", float64(c.Bytes)/(1<<20), "MB", 800)
	return nil
}

func (b *bench) restarted(what string, measured float64, unit string, atMost float64) {
	b.add(table.Row{Section: "restart", What: what, Measured: measured, Unit: unit, Target: atMost, AtMost: true})
}

// loads is how many queries a server answers before its memory is looked at.
func (b *bench) loads() int { return max(1, b.calls*5/2/connections) * connections }

// second compares with a process that folds a copy of the log.
func (b *bench) second(ctx context.Context, copied string) error {
	h, err := b.open(ctx)
	if err != nil {
		return err
	}
	if _, err := b.like(ctx, h.View, refolds, "-data", copied); err != nil {
		return err
	}
	b.add(table.Row{Section: "restart", What: "a second process's fold: villages with the same answers", Measured: float64(len(b.sampled())), Note: "same Merkle root"})
	return nil
}

// like runs a process of our own and refuses what it came to unless that is
// what the rows here say.
func (b *bench) like(ctx context.Context, v *view.View, args ...string) (came, error) {
	codes := b.sampled()
	answers, err := digest(v, codes)
	if err != nil {
		return came{}, err
	}
	c, err := b.spawn(ctx, codes, args...)
	if err != nil {
		return c, err
	}
	if _, root, _, _ := v.State(); c.Root != root.String() || c.Answers != answers {
		return c, fmt.Errorf("process %s came to root %s and answers %s; here they are %s and %s", args[0], c.Root, c.Answers, root, answers)
	}
	return c, nil
}

// started is one start of the program.
type started struct {
	took  float64 // seconds until the first trace was answered
	bytes int64   // resident, after many queries and a rest
}

// start starts the program on a ledger, waits for its first trace, and looks at
// its memory where that is asked for.
func (b *bench) start(ctx context.Context, data string, memory bool) (s started, err error) {
	requests, err := b.asking(func(int) map[string]any { return map[string]any{"query": document} })
	if err != nil {
		return s, err
	}
	began := time.Now()
	server, err := b.serve(ctx, data)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	if _, err := ask(ctx, server.address, requests, 0, isTrace, times(1)); err != nil {
		return s, err
	}
	s.took = time.Since(began).Seconds()
	if !memory {
		return s, nil
	}
	if _, err := hammer(ctx, server.address, requests, isTrace, times(b.loads()/connections)); err != nil {
		return s, err
	}
	if err := rest(ctx); err != nil {
		return s, err
	}
	s.bytes, err = resident(server.command.Process.Pid)
	return s, err
}

// rest lets a server come to rest.
func rest(ctx context.Context) error {
	select {
	case <-time.After(3 * time.Second):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
