package wire_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/store/wire"
)

// benchLog is a ledger of some 600 bytes an event, in streams of a hundred.
func benchLog(b *testing.B, total int) *sqlite.Store {
	b.Helper()
	s, err := sqlite.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	const each, at = 100, 16
	var wg sync.WaitGroup
	next := make(chan int, total)
	for n := range total / each {
		next <- n
	}
	close(next)
	for range at {
		wg.Go(func() {
			for n := range next {
				stream, prev := fmt.Sprintf("assignment-%06d", n), ledger.Hash{}
				records := make([]ledger.Record, each)
				for i := range records {
					r := ledger.Record{
						ID: ledger.EventID(stream, "k", i), Type: "assignment.reported",
						Data: fmt.Appendf(nil, `{"n":%d,"text":%q}`, i, strings.Repeat("x", 180)),
						Meta: []byte(`{"command":"5d41402abc4b2a76b9719d911017c592aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","name":"assignment.report","version":1,"actor":{"roles":["clerk"],"unit":"110101","account":"a-77"},"recorded":"2026-03-04T05:06:07.891Z","effective":"2026-03-04T05:06:07.891Z","decidedAt":12345}`),
					}
					records[i], prev, _ = ledger.Seal(prev, stream, int64(i), r)
				}
				if _, err := s.Append(b.Context(), stream, ledger.NoStream, records...); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return s
}

// BenchmarkAll is one event an operation, read over loopback with the official
// client, which shares the processors with the server.
func BenchmarkAll(b *testing.B) {
	const total = 100_000
	s := benchLog(b, total)
	c := dial(b, serve(b, s, wire.Options{}))
	for _, direction := range []struct {
		name string
		to   esdb.Direction
		from esdb.AllPosition
	}{{"forwards", esdb.Forwards, esdb.Start{}}, {"backwards", esdb.Backwards, esdb.End{}}} {
		b.Run(direction.name, func(b *testing.B) {
			began, before := time.Now(), cpu()
			size := 0
			for n := 0; n < b.N; {
				r, err := c.ReadAll(b.Context(), esdb.ReadAllOptions{Direction: direction.to, From: direction.from}, uint64(min(b.N-n, total)))
				if err != nil {
					b.Fatal(err)
				}
				for {
					e, err := r.Recv()
					if errors.Is(err, io.EOF) {
						break
					}
					if err != nil {
						b.Fatal(err)
					}
					size += len(e.Event.Data) + len(e.Event.UserMetadata)
					n++
				}
				r.Close()
			}
			b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "events/s")
			b.ReportMetric(float64(cpu()-before)/float64(b.N), "cpu-ns/event")
			b.ReportMetric(float64(size)/float64(b.N), "B/event")
		})
	}
	b.Run("embedded", func(b *testing.B) {
		began, before := time.Now(), cpu()
		for n := 0; n < b.N; {
			for _, err := range s.All(b.Context(), ledger.Position{}) {
				if err != nil {
					b.Fatal(err)
				}
				if n++; n == b.N {
					break
				}
			}
		}
		b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "events/s")
		b.ReportMetric(float64(cpu()-before)/float64(b.N), "cpu-ns/event")
	})
}

// cpu is the processor time this process has taken, in nanoseconds: what is
// left of a measurement where others use the machine too.
func cpu() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
