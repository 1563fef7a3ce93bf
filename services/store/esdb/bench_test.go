package esdb

import (
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/store/wire/wiretest"
)

// typical is an event of the size that the ledger's have, about 250 bytes.
func typical(stream string, n int) ledger.Record {
	return ledger.Record{
		ID: ledger.EventID(stream, "bench", n), Type: "issuance.lines_added",
		Data: fmt.Appendf(nil, `{"unit":"430121","item":%d,"amount":"1234.50","note":"二〇二六年第三季度"}`, n),
		Meta: fmt.Appendf(nil, `{"command":"issuance.add_lines","role":"clerk","unit":"430121","account":"a%d","recorded":"2026-01-02T03:04:05Z","version":1}`, n),
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, c := range []struct{ writers, batch int }{{1, 1}, {16, 1}, {64, 1}, {1, 100}, {4, 100}, {16, 100}} {
		b.Run(fmt.Sprintf("writers=%d/batch=%d", c.writers, c.batch), func(b *testing.B) {
			s := open(b, start(b, wiretest.Config{}).URL())
			var turn atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for w := range c.writers {
				wg.Go(func() {
					stream, events := fmt.Sprintf("unit-%d", w), make([]ledger.Record, c.batch)
					for n := 0; turn.Add(1) <= int64(b.N); n += c.batch {
						for i := range events {
							events[i] = typical(stream, n+i)
						}
						if _, err := s.Append(b.Context(), stream, ledger.Exactly(int64(n)-1), events...); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N*c.batch)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

func BenchmarkRead(b *testing.B) {
	const appends, batch = 500, 200
	server := start(b, wiretest.Config{})
	for n := range appends {
		events := make([]ledger.Record, batch)
		for i := range events {
			events[i] = typical("unit-1", n*batch+i)
		}
		if _, err := server.Store().Append(b.Context(), "unit-1", ledger.Exactly(int64(n*batch)-1), events...); err != nil {
			b.Fatal(err)
		}
	}
	s := open(b, server.URL(), WithCategories("unit", "mandate", "issuance"))
	for name, read := range map[string]iter.Seq2[ledger.Recorded, error]{
		"all": s.All(b.Context(), ledger.Position{}), "stream": s.Stream(b.Context(), "unit-1", 0), "subscribe": s.Subscribe(b.Context(), ledger.Position{}),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				n := 0
				for _, err := range read {
					if err != nil {
						b.Fatal(err)
					}
					if n++; n == appends*batch {
						break
					}
				}
			}
			b.ReportMetric(float64(b.N*appends*batch)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
