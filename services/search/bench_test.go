package search

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

var nationQueries = []struct{ name, query string }{
	{"two, rare", "龙泉"},
	{"two, common", "社区"},
	{"two, most common", "委会"},
	{"three, common", "居委会"},
	{"five, common", "村民委员会"},
	{"four, rare", "多福巷社"},
	{"one, common", "村"},
	{"one, rare", "巷"},
	{"words", "东 社区 居委会"},
	{"words that exclude each other", "村委会 居委会"},
	{"none", "龘龘"},
	{"eight single characters", "村 会 委 居 民 社 区 县"},
	{"as long as may be", strings.Repeat("村民委员会社区居", 8)},
}

var paperQueries = []struct{ name, query string }{
	{"number", "国政发〔2022〕17号"},
	{"number typed otherwise", "政发[2022] 17号"},
	{"year", "2022"},
	{"words", "2022 秸秆 考核"},
}

func BenchmarkBuild(b *testing.B) {
	for name, texts := range map[string][]string{"divisions": loadNation(b).names, "papers": papers(200_000)} {
		b.Run(name, func(b *testing.B) {
			var x *Index
			before := heap()
			for b.Loop() {
				x = settled(texts)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*len(texts)), "ns/document")
			b.ReportMetric(float64(heap()-before)/(1<<20), "MB")
			runtime.KeepAlive(x)
		})
	}
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func BenchmarkSet(b *testing.B) {
	x := New(nil)
	for i := 0; b.Loop(); i++ {
		x.Set(int32(i % 1_000_000))
	}
}

// BenchmarkSettleOne is a newcomer, or a renamed one, taken in by itself.
func BenchmarkSettleOne(b *testing.B) {
	names := loadNation(b).names
	x := settled(names)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		x.Set(int32(i * 7919 % len(names)))
		if x.Dirty() {
			x.Settle()
		}
	}
}

// The first fifty and the total as far as it comes cheaply; every total is checked against reading all names.
func BenchmarkFind(b *testing.B) {
	n := loadNation(b)
	x := settled(n.names)
	for _, q := range nationQueries {
		b.Run("handles/"+q.name, func(b *testing.B) { find(b, x, n.names, q.query, Page{First: 50, Count: 1000}) })
		b.Run("codes/"+q.name, func(b *testing.B) {
			find(b, x, n.names, q.query, Page{First: 50, Count: 1000, Order: &n.byCode})
		})
	}
	texts := papers(200_000)
	x = settled(texts)
	for _, q := range paperQueries {
		b.Run("papers/"+q.name, func(b *testing.B) {
			find(b, x, texts, q.query, Page{First: 50, Count: 1000, Backward: true})
		})
	}
}

func find(b *testing.B, x *Index, texts []string, query string, p Page) {
	q, err := Parse(query)
	if err != nil {
		b.Fatal(err)
	}
	want := scan(texts, query)
	exact := p
	exact.Count = len(texts)
	if f := x.Find(q, exact); f.Total != want || !f.Exact {
		b.Fatalf("%s: %d hits, want %d", query, f.Total, want)
	}
	var f Found
	median(b, func() { f = x.Find(q, p) })
	b.ReportMetric(float64(f.Total), "hits")
}

// median reports how long half of the runs took at most, which others on the same machine disturb least.
func median(b *testing.B, run func()) {
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		run()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2])/1000, "µs-p50")
}

// BenchmarkFindExact counts to the end.
func BenchmarkFindExact(b *testing.B) {
	n := loadNation(b)
	x := settled(n.names)
	for _, q := range []string{"居委会", "村民委员会"} {
		b.Run(q, func(b *testing.B) { find(b, x, n.names, q, Page{First: 50, Count: len(n.names)}) })
	}
}

// BenchmarkScan is the same without an index: every name read.
func BenchmarkScan(b *testing.B) {
	names := loadNation(b).names
	median(b, func() {
		hits := 0
		for _, t := range names {
			if strings.Contains(t, "龙泉") {
				hits++
			}
		}
		if hits != 505 {
			b.Fatal(hits)
		}
	})
}

// BenchmarkEightWords looks for eight words of two characters, every hit checked first.
func BenchmarkEightWords(b *testing.B) {
	names := loadNation(b).names
	x := settled(names)
	var queries []Query
	for _, word := range eightWords {
		q, err := Parse(word)
		if err != nil {
			b.Fatal(err)
		}
		f := x.Find(q, Page{First: len(names)})
		for _, h := range f.Handles {
			if !strings.Contains(names[h], word) {
				b.Fatalf("%s in %s?", word, names[h])
			}
		}
		if want := scan(names, word); f.Total != want || len(f.Handles) != want {
			b.Fatalf("%s: %d hits, want %d", word, f.Total, want)
		}
		queries = append(queries, q)
	}
	median(b, func() {
		for _, q := range queries {
			x.Find(q, Page{First: 50})
		}
	})
}
