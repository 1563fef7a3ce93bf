package spool

import (
	"context"
	crand "crypto/rand"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"
)

// BenchmarkPut is one durable envelope of 16 KiB an operation, from 64
// goroutines; the spool is emptied whenever it is full, outside the clock.
func BenchmarkPut(b *testing.B) {
	const callers, slots = 64, 20000
	s, err := Open(filepath.Join(b.TempDir(), "spool"), testKey, Sizes{Text: slots*4/3 + 1, Pictures: 1}, crand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	data := make([]byte, TextBytes)
	random("data").Read(data)
	b.ResetTimer()
	for done := 0; done < b.N; {
		n := min(b.N-done, slots)
		putMany(b, s, callers, done, n, data)
		if done += n; done < b.N {
			b.StopTimer()
			empty(b, s)
			b.StartTimer()
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "puts/s")
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

func putMany(b *testing.B, s *Spool, callers, from, n int, data []byte) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(n) {
					return
				}
				e := Entry{Data: data, Nullifier: new([32]byte)}
				binary.BigEndian.PutUint64(e.ID[:], uint64(from)+uint64(i))
				e.Box, *e.Nullifier = e.ID, e.ID
				if err := s.Put(context.Background(), e); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func empty(b *testing.B, s *Spool) {
	var ids [][32]byte
	for e, err := range s.Ordered([32]byte{}) {
		if err != nil {
			b.Fatal(err)
		}
		ids = append(ids, e.ID)
	}
	if err := s.Clear(ids...); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRaw is what Put is measured against: writes of 16 KiB at random
// places of a file, 64 to an fdatasync, and one to an fdatasync.
func BenchmarkRaw(b *testing.B) {
	for name, group := range map[string]int{"group=64": 64, "group=1": 1} {
		b.Run(name, func(b *testing.B) {
			const places = 20000
			f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			data := make([]byte, TextBytes)
			random("data").Read(data)
			for i := range int64(places) {
				if _, err := f.WriteAt(data, i*TextBytes); err != nil {
					b.Fatal(err)
				}
			}
			if err := f.Sync(); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			for i := range b.N {
				if _, err := f.WriteAt(data, rand.Int64N(places)*TextBytes); err != nil {
					b.Fatal(err)
				}
				if (i+1)%group == 0 || i == b.N-1 {
					if err := unix.Fdatasync(int(f.Fd())); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
		})
	}
}

// BenchmarkCut reads and clears one envelope of 16 KiB an operation: run it
// with -benchtime 100000x for the cut of a large county.
func BenchmarkCut(b *testing.B) {
	s, err := Open(filepath.Join(b.TempDir(), "spool"), testKey, Sizes{Text: b.N*4/3 + 1, Pictures: 1}, crand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	data := make([]byte, TextBytes)
	putMany(b, s, 64, 0, b.N, data)
	b.ResetTimer()
	empty(b, s)
	b.StopTimer()
	if s.Len() != 0 {
		b.Fatal(s.Len())
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
