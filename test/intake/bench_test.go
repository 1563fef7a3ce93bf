package intake

import (
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"
)

// BenchmarkCut enters what waits, SUYUAN_CUT envelopes (2,000 where it is not
// set), a fifth of them verified by cards, and says what memory was held at the
// most beyond what was held before.
func BenchmarkCut(b *testing.B) {
	n := 2000
	if text := os.Getenv("SUYUAN_CUT"); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		must(b, err)
	}
	for range b.N {
		b.StopTimer()
		w := open(b, fresh(b), options{text: n*4/3 + 1})
		next := make(chan int)
		var senders sync.WaitGroup
		for range 16 {
			senders.Go(func() {
				for i := range next {
					must(b, w.accept(newSender(i).report(b, i)))
				}
			})
		}
		for i := range n {
			next <- i
		}
		close(next)
		senders.Wait()
		runtime.GC()
		var before runtime.MemStats
		runtime.ReadMemStats(&before)
		peak, done := uint64(0), make(chan struct{})
		var watching sync.WaitGroup
		watching.Go(func() {
			for tick := time.NewTicker(50 * time.Millisecond); ; {
				select {
				case <-tick.C:
					var now runtime.MemStats
					runtime.ReadMemStats(&now)
					peak = max(peak, now.HeapAlloc)
				case <-done:
					return
				}
			}
		})
		b.StartTimer()
		begun := time.Now()
		must(b, w.cut("2026-11-20", 1))
		took := time.Since(begun)
		b.StopTimer()
		close(done)
		watching.Wait()
		if w.spool.Len() != 0 {
			b.Fatal("not all were entered")
		}
		b.ReportMetric(float64(n)/took.Seconds(), "letters/s")
		b.ReportMetric(float64(int64(peak)-int64(before.HeapAlloc))/(1<<20), "MiB-more")
		b.Logf("%d in %v", n, took)
		w.close()
	}
}
