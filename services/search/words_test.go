package search

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

var eightWords = []string{"居委", "社区", "街道", "村民", "委会", "新村", "家庄", "龙山"}

// Words of two characters, which an index of three at a time never finds, over
// the name of every thousandth division of the country.
func TestWordsOfTwo(t *testing.T) {
	file, err := os.ReadFile("testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Fields(string(file))
	s := newShelf()
	for h, name := range names {
		s.set(int32(h), name)
	}
	for s.index.Settle() {
	}
	for _, word := range eightWords {
		want := s.plain(word)
		got := s.find(t, word, Page{First: len(names)})
		if len(want) == 0 || !slices.Equal(got.Handles, want) || got.Total != len(want) || !got.Exact {
			t.Errorf("%s: got %+v, want the %d of %v", word, got, len(want), want)
		}
	}
}

func TestPairsThatStandApart(t *testing.T) {
	s := newShelf()
	s.set(0, "居委和委会")
	s.set(1, "居委会")
	s.set(2, "居委", "委会")
	s.set(3, "村居", "委会村")
	s.index.Settle()
	if got := s.find(t, "居委会", Page{First: 9}); !slices.Equal(got.Handles, []int32{1}) || got.Total != 1 {
		t.Errorf("got %+v", got)
	}
	if got := s.find(t, "居委", Page{First: 9}); !slices.Equal(got.Handles, []int32{0, 1, 2}) {
		t.Errorf("the end of one text and the beginning of the next are no word: %+v", got)
	}
}

// What is taken in bit by bit is found before, between and after.
func TestManyBatches(t *testing.T) {
	texts := papers(40_000)
	x := indexOf(texts)
	for round, more := 0, true; more; round++ {
		for _, query := range []string{"国政发〔2022〕17号", "2022 秸秆", "秸秆", "乙", "龘"} {
			q, _ := Parse(query)
			if f := x.Find(q, Page{First: 3, Count: len(texts)}); f.Total != scan(texts, query) || !f.Exact {
				t.Fatalf("round %d: %s: %d of %d", round, query, f.Total, scan(texts, query))
			}
		}
		more = x.Settle()
	}
	if len(x.segments) > 3 || x.Dirty() {
		t.Errorf("%d segments, %d waiting", len(x.segments), x.waiting)
	}
}

// A page of a word that half the country has costs a page, not half the country.
func TestReadsNoMoreThanAllowed(t *testing.T) {
	reads := 0
	x := New(func(dst []byte, h int32) []byte {
		reads++
		return fmt.Appendf(dst, "第%d社区居委会", h)
	})
	for h := range int32(20_000) {
		x.Set(h)
	}
	for x.Settle() {
	}
	for _, c := range []struct {
		query       string
		page        Page
		reads, hits int
		exact       bool
	}{
		{"居委会", Page{First: 50, Count: 100}, 151, 150, false},
		{"居委会", Page{First: 50}, 51, 51, false},
		{"居委会", Page{First: 50, Skip: 500}, 551, 551, false},
		{"居委会", Page{First: 50, Count: 1 << 20}, 20_000, 20_000, true},
		{"居委", Page{First: 50}, 0, 20_000, true},
		{"居", Page{First: 50}, 0, 20_000, true},
		{"社区 居委", Page{First: 50, Skip: 19_990}, 0, 20_000, true},
		{"社区 龘", Page{First: 50}, 0, 0, true},
	} {
		reads = 0
		q, _ := Parse(c.query)
		f := x.Find(q, c.page)
		if reads > c.reads || f.Total < c.hits || f.Exact != c.exact || len(f.Handles) != min(50, max(0, c.hits-c.page.Skip)) {
			t.Errorf("%s, %+v: %d read, total %d (exact: %v), %d returned", c.query, c.page, reads, f.Total, f.Exact, len(f.Handles))
		}
	}
}

// A word of one character narrows what others found, be that little or much.
func TestOneCharacterAmongWords(t *testing.T) {
	s := newShelf()
	for h := range int32(20_000) {
		s.set(h, fmt.Sprintf("第%d村", h), strings.Repeat("甲", int(h%7/6)))
	}
	s.index.Set(-1)
	for s.index.Settle() {
	}
	if s.index.Settle() {
		t.Error("nothing was left to settle")
	}
	for _, query := range []string{"99 甲", "甲 99 村", "1999 甲", "甲 村", "9 甲 2", "第1 甲", "甲", "9"} {
		want := s.plain(query)
		got := s.find(t, query, Page{First: 20_000, Count: 20_000})
		if !slices.Equal(got.Handles, want) || got.Total != len(want) || len(want) == 0 {
			t.Errorf("%s: %d hits, want %d", query, got.Total, len(want))
		}
	}
}

// A set that grows document by document keeps few segments, and a name changed
// a thousand times leaves nothing behind.
func TestStaysSmall(t *testing.T) {
	s := newShelf()
	for i := range 50_000 {
		s.set(int32(i%1000), fmt.Sprintf("第%d村", i))
		if s.index.Dirty() {
			s.index.Settle()
		}
	}
	bytes := 0
	for _, g := range s.index.segments {
		bytes += g.weight()
	}
	if len(s.index.segments) > 12 || bytes > 100_000 {
		t.Errorf("%d segments of %d bytes", len(s.index.segments), bytes)
	}
	if got := s.find(t, "49999", Page{First: 9}); !slices.Equal(got.Handles, []int32{999}) {
		t.Errorf("got %+v", got)
	}
	if got := s.find(t, "48999", Page{First: 9}); got.Total != 0 {
		t.Errorf("an old name is still found: %+v", got)
	}
}

// What half the documents had and hardly one has any longer takes no bit of every document.
func TestFrequentNoLonger(t *testing.T) {
	s := newShelf()
	for _, text := range []string{"村民", ""} {
		for h := range int32(10_000) {
			if text == "" && h%1000 == 0 {
				continue
			}
			s.set(h, text)
		}
		for s.index.Settle() {
		}
	}
	m := merge(s.index.segments[0], s.index.segments[1])
	if len(s.index.segments[0].sets) != 2 || len(m.sets) != 0 || len(m.keys) != 2 || len(m.data) > 40 {
		t.Errorf("%d sets, %d keys, %d bytes", len(m.sets), len(m.keys), len(m.data))
	}
}

// Many readers and one writer, as a view's lock lets them.
func TestManyReaders(t *testing.T) {
	var mu sync.RWMutex
	var written atomic.Int32
	x := New(func(dst []byte, h int32) []byte { return fmt.Appendf(dst, "第%d村居委会", h) })
	var readers sync.WaitGroup
	for r := range 4 {
		readers.Go(func() {
			for round := 0; written.Load() < 5000; round++ {
				h := int32(round*37+r*11) % 5000
				q, _ := Parse(fmt.Sprintf("第%d村居委 %s", h, eightWords[0]))
				mu.RLock()
				got, known := x.Find(q, Page{First: 5}), h < written.Load()
				mu.RUnlock()
				if known != slices.Equal(got.Handles, []int32{h}) {
					t.Errorf("%d (written: %v): %+v", h, known, got)
					return
				}
			}
		})
	}
	for h := range int32(5000) {
		mu.Lock()
		x.Set(h)
		if x.Dirty() {
			x.Settle()
		}
		written.Store(h + 1)
		mu.Unlock()
	}
	readers.Wait()
}
