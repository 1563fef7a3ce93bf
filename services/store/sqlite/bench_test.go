package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"suyuan/services/ledger"
)

// BenchmarkAppend is one durable event an operation, of about 840 bytes.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			groups := 0
			s, err := Open(b.TempDir(), withFaults(faults{begin: func() error { groups++; return nil }}))
			if err != nil {
				b.Fatal(err)
			}
			data := []byte(`{"text":"` + strings.Repeat("x", 550) + `"}`)
			before := cpu()
			b.ResetTimer()
			var wg sync.WaitGroup
			for w := range writers {
				wg.Go(func() {
					stream, prev := fmt.Sprintf("bench-%d", w), ledger.Hash{}
					for n := int64(0); n < int64(b.N/writers); n++ {
						r := ledger.Record{ID: ledger.EventID(stream, "k", int(n)), Type: "bench.appended", Data: data, Meta: []byte(`{"pad":"` + strings.Repeat("m", 200) + `"}`)}
						r, prev, _ = ledger.Seal(prev, stream, n, r)
						if _, err := s.Append(b.Context(), stream, ledger.Exactly(n-1), r); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.StopTimer()
			b.ReportMetric(float64(cpu()-before)/float64(b.N), "cpu-ns/op")
			b.ReportMetric(float64(b.N)/float64(groups), "events/group")
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
	b.Run("fdatasync", func(b *testing.B) { // what one writer is measured against
		f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
		if err != nil {
			b.Fatal(err)
		}
		page := make([]byte, 4096)
		for b.Loop() {
			if _, err := f.Write(page); err != nil {
				b.Fatal(err)
			}
			if err := unix.Fdatasync(int(f.Fd())); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// cpu is the processor time this process has taken, in nanoseconds.
func cpu() int64 {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

// BenchmarkRead is one event an operation from All, and a stream of 100 events
// an operation.
func BenchmarkRead(b *testing.B) {
	s, err := Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	const streams, each = 200, 100
	heads := make([]ledger.Hash, streams)
	for n := range int64(each) {
		var wg sync.WaitGroup
		for w := range streams {
			wg.Go(func() {
				stream := fmt.Sprintf("bench-%d", w)
				r := ledger.Record{ID: ledger.EventID(stream, "k", int(n)), Type: "bench.appended", Data: []byte(`{"text":"` + strings.Repeat("x", 550) + `"}`), Meta: []byte(`{"pad":"` + strings.Repeat("m", 200) + `"}`)}
				r, heads[w], _ = ledger.Seal(heads[w], stream, n, r)
				if _, err := s.Append(b.Context(), stream, ledger.Exactly(n-1), r); err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
	}
	b.Run("All", func(b *testing.B) {
		for n := 0; n < b.N; {
			for _, err := range s.All(b.Context(), ledger.Position{}) {
				if err != nil {
					b.Fatal(err)
				}
				if n++; n >= b.N {
					break
				}
			}
		}
	})
	b.Run("Stream100", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			for _, err := range s.Stream(b.Context(), fmt.Sprintf("bench-%d", n%streams), 0) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("Verify", func(b *testing.B) {
		for b.Loop() {
			if err := s.Verify(b.Context(), nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
