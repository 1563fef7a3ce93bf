package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	paper "suyuan/services/document"
	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/mandate"
	"suyuan/services/outcome"
	"suyuan/services/policy"
	"suyuan/services/view"
	"suyuan/test/bench/nation"
	"suyuan/test/bench/table"
)

// penalised is how many outcomes the target of a province is about.
const penalised = 100_000

// liability measures JRA-1 alone, and all outcomes of a province divided
// again under another version of its parameters. The outcomes are recorded
// through the desk in a copy of the nation's ledger.
func (b *bench) liability(ctx context.Context) (err error) {
	if err := b.divided(); err != nil {
		return err
	}
	data, err := b.dir("liability")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	if err := nation.Copy(b.ledger(), data); err != nil {
		return err
	}
	now := nation.Start.AddDate(0, 0, 120)
	h, err := nation.Open(ctx, data, func() time.Time { return now })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	p := province{bench: b, house: h, top: b.nation.Largest(), occurred: nation.Start.AddDate(0, 0, 90)}
	if err := p.record(ctx); err != nil {
		return err
	}
	return p.again()
}

// sixLevels is a shortfall with all that a chain can have: two additions, one
// of them half approved, a base beyond what could be done, a silent relay, an
// objection that was overruled, means that fell short and a falsification.
func sixLevels() liability.Case {
	n := func(x int64) exact.Rat { return exact.FromInt(x) }
	half, _ := exact.NewRat(1, 2)
	two, _ := exact.NewRat(2, 5)
	verified, capacity, owner, by := n(190), n(205), "county-office", "county"
	return liability.Case{
		Kind: liability.Quantity, Units: []string{"centre", "province", "city", "county", "town", "village"}, Others: []string{"county-office"},
		Issued: []exact.Rat{n(200), n(210), n(210), n(225), n(240)}, Verified: &verified, Capacity: &capacity, Approved: map[string]exact.Rat{"county": n(8)},
		Silent: []string{"city", "town"}, CoOwned: &half, Adequacy: &two, Owner: &owner, Overruled: map[string]string{"town": "county"}, IllegalOrder: []string{"town"},
		ExecutorOverruledBy: &by, Falsified: true,
	}
}

// divided times one case with its explanation.
func (b *bench) divided() error {
	c, p := sixLevels(), liability.Proposed()
	f, err := sample(b.calls, func(int) error {
		x, err := liability.Explain(c, p)
		if err == nil && len(x.Lines) < 15 {
			err = fmt.Errorf("an explanation of %d lines", len(x.Lines))
		}
		return err
	})
	if err != nil {
		return err
	}
	b.add(table.Row{Section: "liability", What: "JRA-1 on a chain of six levels, explained, p50", Measured: f.p50, Unit: "s", Target: 50e-6, AtMost: true})
	b.add(table.Row{Section: "liability", What: "JRA-1 on a chain of six levels, explained, p99", Measured: f.p99, Unit: "s"})
	return nil
}

// province is the one in which outcomes are recorded.
type province struct {
	*bench
	house    *nation.House
	top      int32
	occurred time.Time
	ids      []string
}

// record enters as many outcomes as the target is about, or as there are
// villages and tasks for.
func (p *province) record(ctx context.Context) error {
	admin := ledger.Actor{Account: "bench-admin", Roles: []ledger.Role{ledger.Admin}}
	investigator := ledger.Actor{Account: "bench-investigator", Roles: []ledger.Role{ledger.Investigator}}
	code := p.nation.Units[p.top].Code
	if err := p.submit(ctx, investigator, "document.register", "paper", paper.Register{ID: "bench-paper", Issuer: code, Date: "2026-01-05", Title: "基准测试用文件"}); err != nil {
		return err
	}
	proposals, err := policy.Proposed()
	if err != nil {
		return err
	}
	for _, x := range proposals {
		if err := p.submit(ctx, admin, "policy.adopt", x.Name, policy.Adopt{Name: x.Name, Title: x.Title, Values: x.Values, Document: "bench-paper"}); err != nil {
			return err
		}
	}
	villages := p.nation.Villages(p.top)
	tasks := make([]string, 0, p.more+1)
	for i := range p.more {
		tasks = append(tasks, fmt.Sprintf("province-%02d", i+1))
	}
	tasks = append(tasks, "nation")
	n := min(int(penalised*p.scale), len(villages)*len(tasks))
	p.ids = make([]string, n)
	began := time.Now()
	err = flights(ctx, n, func(i int) error {
		o := p.outcome(p.nation.Units[villages[i%len(villages)]].Code, tasks[i/len(villages)])
		p.ids[i] = outcome.ID(o.Mandate, o.Measure, o.Unit, o.OccurredAt)
		return p.submit(ctx, investigator, "outcome.penalise", p.ids[i], o)
	})
	if err != nil {
		return err
	}
	p.add(table.Row{Section: "liability", What: "outcomes recorded", Measured: float64(n) / time.Since(began).Seconds(), Unit: "/s", Note: "through the desk and the fold"})
	return nil
}

func (p *province) outcome(village, task string) outcome.Penalise {
	return outcome.Penalise{
		Kind: outcome.Quantity, Title: "基准测试：虚构结果", Mandate: task, Measure: mandate.MeasureID(task, nation.Key), Unit: village, OccurredAt: p.occurred,
		Required: "20", Verified: "10", Capacity: "15", CapacityFrom: "虚构", CapacityDocument: "bench-paper", Document: "bench-paper", Fictional: true,
		Penalties: []outcome.Penalty{{Form: outcome.Circular, Body: p.nation.Units[p.top].Code, On: ledger.DateOf(p.occurred.AddDate(0, 0, 5))}},
	}
}

func (p *province) submit(ctx context.Context, by ledger.Actor, name, key string, command any) error {
	input, err := json.Marshal(command)
	if err != nil {
		return err
	}
	if _, err := p.house.Desk.Submit(ctx, by, name, name+" "+key, input); err != nil {
		return fmt.Errorf("%s %s: %w", name, key, err)
	}
	return nil
}

// again divides all of them under other parameters.
func (p *province) again() (err error) {
	other := liability.Proposed()
	other.CoOwnedDefault, _ = exact.NewRat(1, 4)
	other.SilentPassThrough, _ = exact.NewRat(1, 5)
	divided, changed := 0, 0
	began := time.Now()
	p.house.View.Read(func(r *view.Rows) {
		err = r.WhatIf(p.nation.Units[p.top].Code, other, func(x view.Reckoned) bool {
			if x.Err == nil {
				divided++
			}
			if x.Changes() {
				changed++
			}
			return true
		})
	})
	took := time.Since(began)
	if err != nil {
		return err
	}
	if divided != len(p.ids) || changed == 0 {
		return fmt.Errorf("%d of %d outcomes were divided, %d change", divided, len(p.ids), changed)
	}
	note := fmt.Sprintf("%d outcomes, %d change, nothing is written", divided, changed)
	p.add(table.Row{Section: "liability", What: "outcomes of a province divided under another version", Measured: took.Seconds(), Unit: "s", Target: 30, AtMost: true, Note: note})
	one, err := sample(p.calls/10+1, func(i int) (err error) {
		p.house.View.Read(func(r *view.Rows) { _, err = r.Explanation(p.ids[i*7919%len(p.ids)], 1, 0) })
		return err
	})
	if err != nil {
		return err
	}
	p.add(table.Row{Section: "liability", What: "one outcome, gathered and explained, p50", Measured: one.p50, Unit: "s"})
	p.add(table.Row{Section: "liability", What: "one outcome, gathered and explained, p99", Measured: one.p99, Unit: "s"})
	return nil
}

// flights does n things, many at once, until one fails.
func flights(ctx context.Context, n int, do func(i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(64, n) {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n) && ctx.Err() == nil; i = next.Add(1) - 1 {
				if err := do(int(i)); err != nil {
					cancel(err)
				}
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}
