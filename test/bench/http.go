package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"suyuan/portal"
	"suyuan/services/graph/bind"
	"suyuan/test/bench/nation"
	"suyuan/test/bench/table"
)

// document asks for a trace, by whom and how much.
const document = `query($mandate: ID!, $unit: ID!) { trace(mandate: $mandate, unit: $unit) {
	unit { code name level } value provisional asOf
	steps { unit { code name level } amount ratio kind authorised }
	layers { unit { code } amount } originating { code name } } }`

// varied is how many different villages are asked for.
const varied = 4096

// asking writes one request for each of many villages; body says all but the
// variables.
func (b *bench) asking(body func(i int) map[string]any) ([][]byte, error) {
	villages := b.nation.Villages(0)
	out := make([][]byte, varied)
	for i := range out {
		one := body(i)
		one["variables"] = map[string]any{"mandate": "nation", "unit": b.village(villages, i)}
		text, err := json.Marshal(one)
		if err != nil {
			return nil, err
		}
		out[i] = fmt.Appendf(nil, "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
	}
	return out, nil
}

// way is one kind of request to one server.
type way struct {
	what  string
	to    *served
	body  func(round, i int) map[string]any
	found []load
	cpu   float64 // seconds the server worked, in all rounds
}

// http loads the real program with traces, and beside it graphql-go's own Do
// on the same rows.
func (b *bench) http(ctx context.Context) (err error) {
	copied, err := b.copied()
	if err != nil {
		return err
	}
	own, err := b.serve(ctx, copied)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, own.stop()) }()
	library, err := b.library(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, library.stop()) }()
	page := bind.DocumentID(portal.Documents()["trace"])
	ways := []*way{
		{what: persisted, to: own, body: func(_, _ int) map[string]any { return map[string]any{"documentId": page} }},
		{what: "ad-hoc document seen before", to: own, body: func(_, _ int) map[string]any { return map[string]any{"query": document} }},
		{what: "graphql.Do", to: library, body: func(round, i int) map[string]any {
			return map[string]any{"query": fmt.Sprintf("%s # %d %d", document, round, i)} // no cache knows it
		}},
	}
	for round := range b.rounds {
		for _, w := range ways {
			if err := w.round(ctx, b, round); err != nil {
				return fmt.Errorf("%s: %w", w.what, err)
			}
		}
	}
	var ratios []float64
	for i := range ways[1].found {
		ratios = append(ratios, ways[1].found[i].rate/ways[2].found[i].rate)
	}
	for _, w := range ways {
		b.loaded(w)
	}
	slices.Sort(ratios)
	b.add(table.Row{Section: "http", What: "ad-hoc document to graphql.Do", Measured: ratios[len(ratios)/2], Unit: "×", Target: 5})
	return nil
}

const persisted = "persisted document"

func (w *way) round(ctx context.Context, b *bench, round int) error {
	requests, err := b.asking(func(i int) map[string]any { return w.body(round, i) })
	if err != nil {
		return err
	}
	before, err := worked(w.to.command.Process.Pid)
	if err != nil {
		return err
	}
	l, err := hammer(ctx, w.to.address, requests, isTrace, lasting(b.each))
	if err != nil {
		return err
	}
	after, err := worked(w.to.command.Process.Pid)
	w.found, w.cpu = append(w.found, l), w.cpu+after-before
	return err
}

// loaded reports the middle round of a way.
func (b *bench) loaded(w *way) {
	answered := 0
	for _, l := range w.found {
		answered += l.answers
	}
	slices.SortFunc(w.found, func(x, y load) int { return cmp.Compare(x.rate, y.rate) })
	middle := w.found[len(w.found)/2]
	r := table.Row{Section: "http", What: w.what, Measured: middle.rate, Unit: "/s"}
	if w.what == persisted {
		r.Target = 20_000
	}
	b.add(r)
	b.add(table.Row{Section: "http", What: w.what + ", p50", Measured: middle.p50, Unit: "s"})
	b.add(table.Row{Section: "http", What: w.what + ", p99", Measured: middle.p99, Unit: "s"})
	b.add(table.Row{Section: "http", What: w.what + ", the server's processor time for each", Measured: w.cpu / float64(answered), Unit: "s"})
}

// copied is a copy of the nation's ledger, which is never served itself: a
// server writes checkpoints.
func (b *bench) copied() (string, error) {
	to := filepath.Join(b.work, "copy")
	if _, err := os.Stat(to); err == nil {
		return to, nil
	}
	return to, nation.Copy(b.ledger(), to)
}
