package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"suyuan/test/bench/table"
)

// restart starts the real program on a copy of the ledger, and a process of
// our own that folds the copy by itself and must come to the same.
func (b *bench) restart(ctx context.Context) error {
	copied, err := b.copied()
	if err != nil {
		return err
	}
	if err := b.second(ctx, copied); err != nil {
		return err
	}
	var times []float64
	var last started
	for i := range 4 { // the first folds the log, and leaves what the next ones find
		if last, err = b.start(ctx, copied, i == 3); err != nil {
			return err
		}
		if i > 0 {
			times = append(times, last.took)
		}
	}
	b.add(table.Row{Section: "restart", What: "from start to the first trace, over HTTP", Measured: quantiles(times).p50, Unit: "s", Target: 1, AtMost: true, Note: "the real program"})
	b.add(table.Row{Section: "restart", What: "resident memory after restart", Measured: float64(last.bytes) / (1 << 20), Unit: "MB", Target: 800, AtMost: true, Note: fmt.Sprintf("after %d queries", b.loads())})
	return nil
}

// loads is how many queries a server answers before its memory is looked at.
func (b *bench) loads() int { return max(1, b.calls*5/2/connections) * connections }

// second compares with a process that folds a copy of the log.
func (b *bench) second(ctx context.Context, copied string) error {
	h, err := b.open(ctx)
	if err != nil {
		return err
	}
	codes := b.sampled()
	answers, err := digest(h.View, codes)
	if err != nil {
		return err
	}
	_, root, _, _ := h.View.State()
	a, err := b.refold(ctx, copied, codes)
	if err != nil {
		return err
	}
	if a.Root != root.String() || a.Answers != answers {
		return fmt.Errorf("a second process on a copy of the log came to root %s and answers %s; here they are %s and %s", a.Root, a.Answers, root, answers)
	}
	b.add(table.Row{Section: "restart", What: "second process: villages with the same answers", Measured: float64(len(codes)), Note: "same Merkle root"})
	return nil
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
	if _, err := ask(ctx, server.address, requests, 0, times(1)); err != nil {
		return s, err
	}
	s.took = time.Since(began).Seconds()
	if !memory {
		return s, nil
	}
	if _, err := hammer(ctx, server.address, requests, times(b.loads()/connections)); err != nil {
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
