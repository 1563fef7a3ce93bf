package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"suyuan/services/store/wire/wiretest"
	"suyuan/test/bench/table"
	"suyuan/test/bench/wired"
)

// longStream is how many events the stream has that is read by itself.
const longStream = 10_000

// wire measures the ledger over EventStoreDB's protocol beside the embedded
// store. The servers are processes of their own, on the same processors.
func (b *bench) wire(ctx context.Context) (err error) {
	copied, err := b.copied()
	if err != nil {
		return err
	}
	own, err := b.dir("wire/embedded")
	if err != nil {
		return err
	}
	written, err := b.dir("wire/served")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(filepath.Dir(own))) }() // gigabytes that nobody asks for again
	plan := wired.Plan{Ledger: b.ledger(), Dir: own, Long: longStream, Rounds: b.rounds, Each: b.each}
	for _, one := range []struct {
		data string
		as   *wired.Server
	}{{copied, &plan.Reading}, {written, &plan.Writing}} {
		s, failed := b.overWire(ctx, one.data)
		if failed != nil {
			return failed
		}
		defer func() { err = errors.Join(err, s.stop()) }()
		*one.as = wired.Server{URL: "esdb://" + s.address + "?tls=false", Worked: func() (float64, error) { return worked(s.command.Process.Pid) }}
	}
	found, err := wired.Run(ctx, plan)
	if err != nil {
		return err
	}
	b.found(found)
	return nil
}

// What must be reached over the wire, events a second.
var wireTargets = map[wired.Kind]float64{wired.All: 100_000, wired.Batches: 60_000}

func (b *bench) found(found map[wired.Way]wired.Found) {
	for _, w := range wired.Ways() {
		r := table.Row{Section: "wire", What: w.String(), Measured: found[w].Median(), Unit: "/s"}
		if w.Face == wired.Client {
			r.Target = wireTargets[w.Kind]
		}
		if w.Face != wired.Embedded {
			embedded := found[wired.Way{Kind: w.Kind, Face: wired.Embedded}]
			r.Note = fmt.Sprintf("%.2f of the embedded store; the server's processor time: %.3g µs an event", found[w].To(embedded), found[w].Server*1e6)
		}
		b.add(r)
	}
}

// overWire starts a process that serves a ledger by EventStoreDB's protocol.
func (b *bench) overWire(ctx context.Context, data string) (*served, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return b.launch(ctx, self, "-child", wires, "-data", data)
}

// serveWire is that process: the wire face as tests have it, which appends.
// It puts no event of its own into the ledger.
func serveWire(ctx context.Context, data string) error {
	s, err := wiretest.Start(wiretest.Config{Dir: data, Bare: true, Log: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	if err != nil {
		return err
	}
	fmt.Printf("EventStoreDB  http://%s/\n", s.Addresses()[0]) // gRPC is spoken there
	<-ctx.Done()
	return s.Close()
}
