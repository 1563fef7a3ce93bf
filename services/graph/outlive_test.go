package graph_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
)

// A query whose reader has left stops, and never sees rows that are being
// changed. The race detector is the judge.
func TestReaderLeavesWhileFolding(t *testing.T) {
	w := played(t)
	query := `{ units(first: 200) { edges { node { code path { name } received { edges { node { mandate { title } events { hash } } } }
		passedDown { edges { node { id flags { code } totals { value } } } } added { amount } } } } }`
	stop := make(chan struct{})
	var folding sync.WaitGroup
	folding.Go(func() {
		admin := as(ledger.Admin, "")
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			input := fmt.Sprintf(`{"code":"990101","name":"某县%d"}`, i)
			if _, err := w.desk.Submit(context.Background(), admin, "unit.rename", fmt.Sprint("rename", i), []byte(input)); err != nil {
				t.Error(err)
				return
			}
		}
	})
	left := 0
	for i := range 60 {
		ctx, cancel := context.WithTimeout(graph.WithViewer(t.Context(), as(ledger.Auditor, ""), "en"), time.Duration(i%20)*200*time.Microsecond)
		result := w.graph.Execute(ctx, bind.Request{Query: query})
		cancel()
		if len(result.Errors) > 0 {
			left++
			if got := result.Errors[0].Extensions.Rule; got != "query.stopped" {
				t.Errorf("%+v", result.Errors[0])
			}
		}
	}
	close(stop)
	folding.Wait()
	if left == 0 {
		t.Error("no query was left, not even those whose readers were gone before it began")
	}
}

// Staff who look at an event get its bytes as they are stored.
func TestEventBytes(t *testing.T) {
	w := played(t)
	n := 0
	for e, err := range w.log.All(t.Context(), ledger.Position{}) {
		w.must(err)
		if n++; n > 40 {
			break
		}
		data, errs := w.ask(as(ledger.Auditor, ""), "en", fmt.Sprintf(`{ event(ordinal: "%d") { data metadata hash } }`, e.Position.Ordinal))
		got := data.(map[string]any)["event"].(map[string]any)
		hash, err := ledger.HashOf(e.Record)
		w.must(err)
		if len(errs) > 0 || got["data"] != string(e.Data) || got["metadata"] != string(e.Meta) || got["hash"] != hash.String() {
			t.Errorf("%d: %v %v", n, got, errs)
		}
	}
}
