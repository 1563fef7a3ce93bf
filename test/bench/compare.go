package main

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"suyuan/services/view"
	"suyuan/test/bench/nation"
	"suyuan/test/bench/postgres"
	"suyuan/test/bench/table"
)

// compared is on how many villages both must answer the same, step by step.
const compared = 200

// postgres asks the same rows in PostgreSQL, and holds both to each other.
func (b *bench) postgres(ctx context.Context) (err error) {
	server, err := postgres.Start(ctx, b.work)
	if errors.Is(err, postgres.ErrMissing) {
		b.say("%v", err)
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	began := time.Now()
	if err := server.Fill(ctx, b.nation, b.more); err != nil {
		return err
	}
	b.row("rows copied in, indexed, analysed", time.Since(began).Seconds(), "s", "PostgreSQL "+server.Version)
	ask, err := server.Ask(ctx)
	if err != nil {
		return err
	}
	defer ask.Close()
	if n, err := ask.Rows(ctx); err != nil || n != b.made.Assignments {
		return errors.Join(err, fmt.Errorf("%d lines in PostgreSQL, %d in the ledger", n, b.made.Assignments))
	}
	if err := b.agree(ctx, ask); err != nil {
		return err
	}
	return b.beside(ctx, ask)
}

// agree compares the steps of many villages, exactly, and the sums by level.
func (b *bench) agree(ctx context.Context, ask *postgres.Asker) error {
	h, err := b.open(ctx)
	if err != nil {
		return err
	}
	tasks := b.nation.Tasks(b.more)
	everywhere, within := b.nation.Villages(0), b.nation.Villages(b.nation.Largest())
	for i := range compared {
		number, among := 0, everywhere
		if i%4 == 3 && b.more > 0 {
			number, among = 1+i%b.more, within
		}
		code := b.village(among, i)
		theirs, err := ask.Trace(ctx, code, number)
		if err != nil {
			return err
		}
		var ours []view.Trace
		h.View.Read(func(r *view.Rows) { ours, err = r.Traces(tasks[number].ID, code, nation.Key, view.Now) })
		if err := errors.Join(err, same(ours, theirs)); err != nil {
			return fmt.Errorf("%s to %s: %w", tasks[number].ID, code, err)
		}
	}
	b.row("villages on which both agree, step by step", compared, "", "exact")
	return b.agreeOnSums(ctx, ask, h.View)
}

func same(ours []view.Trace, theirs []postgres.Step) error {
	if len(ours) != 1 || len(ours[0].Steps) != len(theirs) {
		return fmt.Errorf("PostgreSQL has %d steps, the fold %d traces", len(theirs), len(ours))
	}
	for i, s := range ours[0].Steps {
		t := theirs[i]
		amount, ok := new(big.Rat).SetString(s.Amount)
		if !ok || s.Unit.Code != t.Unit || amount.Cmp(t.Amount) != 0 {
			return fmt.Errorf("step %d: the fold says %s %s, PostgreSQL %s %s", i, s.Unit.Code, s.Amount, t.Unit, t.Amount.RatString())
		}
	}
	return nil
}

func (b *bench) agreeOnSums(ctx context.Context, ask *postgres.Asker, v *view.View) error {
	theirs, err := ask.Levels(ctx, 0)
	if err != nil {
		return err
	}
	var c *view.Cascade
	v.Read(func(r *view.Rows) { c, err = r.Cascade("nation", nation.Key, "", view.Now, view.Paging{}) })
	if err != nil {
		return err
	}
	ours := c.Levels
	if len(ours) > 0 && ours[0].Units == "0" { // the origin received nothing
		ours = ours[1:]
	}
	if len(ours) != len(theirs) {
		return fmt.Errorf("PostgreSQL sums %d levels, the fold %d", len(theirs), len(ours))
	}
	for i, l := range ours {
		if t := theirs[i]; l.Units != fmt.Sprint(t.Units) || l.Received == nil || *l.Received != t.Received {
			return fmt.Errorf("level %v: the fold says %s units, %s; PostgreSQL %d, %s", l.Level, l.Units, *l.Received, t.Units, t.Received)
		}
	}
	return nil
}

// beside times PostgreSQL's answers, and ours to the same questions in between.
func (b *bench) beside(ctx context.Context, ask *postgres.Asker) error {
	theirs, ours, err := b.turns(ctx, ask)
	if err != nil {
		return err
	}
	levels, err := sample(max(1, b.calls/1000), func(int) error { _, err := ask.Levels(ctx, 0); return err })
	if err != nil {
		return err
	}
	counties := b.nation.Levels(0)[3]
	page, err := sample(b.calls/10, func(i int) error {
		_, err := ask.Below(ctx, b.village(counties, i), 0, 50)
		return err
	})
	if err != nil {
		return err
	}
	b.row("recursive trace, p50", theirs.p50, "s", "")
	b.row("recursive trace, p99", theirs.p99, "s", "")
	b.row("sums by level, p50", levels.p50, "s", "")
	b.row("a county's first page, p50", page.p50, "s", "without steps and flags")
	b.row("our trace, asked in turns, p50", ours.p50, "s", "")
	b.add(table.Row{Section: "postgres", What: "our trace is faster, p50", Measured: theirs.p50 / ours.p50, Unit: "×", Target: 20})
	b.add(table.Row{Section: "postgres", What: "our trace is faster, p99", Measured: theirs.p99 / ours.p99, Unit: "×", Target: 20})
	return nil
}

// turn is how many traces one is asked for before the other has its turn.
const turn = 100

// turns asks both for the same traces, turn about, so that what disturbs the
// machine disturbs both.
func (b *bench) turns(ctx context.Context, ask *postgres.Asker) (theirs, ours figures, err error) {
	h, err := b.open(ctx)
	if err != nil {
		return theirs, ours, err
	}
	villages := b.nation.Villages(0)
	var slow, fast []float64
	for from := 0; from < max(turn, b.calls/10); from += turn {
		took, err := timed(turn, func(i int) error {
			n, err := ask.Hops(ctx, b.village(villages, from+i), 0)
			if err == nil && n != 5 {
				err = fmt.Errorf("%d levels where five were due", n)
			}
			return err
		})
		if err != nil {
			return theirs, ours, err
		}
		slow = append(slow, took...)
		took, err = timed(turn, func(i int) (err error) {
			h.View.Read(func(r *view.Rows) {
				err = traced(r.Traces("nation", b.village(villages, from+i), nation.Key, view.Now))
			})
			return err
		})
		if err != nil {
			return theirs, ours, err
		}
		fast = append(fast, took...)
	}
	return quantiles(slow), quantiles(fast), nil
}

func (b *bench) row(what string, measured float64, unit, note string) {
	b.add(table.Row{Section: "postgres", What: what, Measured: measured, Unit: unit, Note: note})
}
