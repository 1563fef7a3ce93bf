package search

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// shelf is documents with an index over them, and the plain way to search.
type shelf struct {
	texts map[int32][]string
	index *Index
}

func newShelf() *shelf {
	s := &shelf{texts: map[int32][]string{}}
	s.index = New(func(dst []byte, h int32) []byte { return append(dst, strings.Join(s.texts[h], "\x00")...) })
	return s
}

func (s *shelf) set(h int32, texts ...string) {
	s.texts[h] = texts
	s.index.Set(h)
}

func folded(text string) string { return strings.Map(fold, text) }

// plain is every document with all words, ascending.
func (s *shelf) plain(query string) []int32 {
	var words []string
	for _, w := range strings.Fields(query) {
		if w = folded(w); w != "" {
			words = append(words, w)
		}
	}
	hits := []int32{}
	for h, texts := range s.texts {
		all := len(words) > 0
		for _, w := range words {
			all = all && slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(folded(t), w) })
		}
		if all {
			hits = append(hits, h)
		}
	}
	slices.Sort(hits)
	return hits
}

func (s *shelf) find(t interface{ Fatalf(string, ...any) }, query string, p Page) Found {
	q, err := Parse(query)
	if err != nil {
		t.Fatalf("%q: %v", query, err)
	}
	return s.index.Find(q, p)
}

// The two rare characters share their number in the index.
const letters = "村村村委委会会居民社区县A Ｂab1１2 〔（[〕𠮷\U000213b7\u200b·•"

func drawText(t *rapid.T) string {
	return rapid.StringOfN(rapid.RuneFrom([]rune(letters)), 0, 9, -1).Draw(t, "text")
}

func drawQuery(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune(letters)), 1, 4, -1), 1, 2).Draw(t, "words"), " ")
}

// Whatever came in, was renamed or went, in whatever order and however much of
// it is settled, the index finds what reading every text finds.
func TestFindsWhatReadingFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newShelf()
		handle := rapid.Int32Range(0, 300)
		some := func(t *rapid.T) int32 {
			return rapid.OneOf(rapid.Int32Range(60, 70), handle).Draw(t, "handle")
		}
		t.Repeat(map[string]func(*rapid.T){
			"set": func(t *rapid.T) { s.set(some(t), drawText(t), drawText(t)) },
			"many": func(t *rapid.T) {
				for range rapid.IntRange(1, 40).Draw(t, "n") {
					s.set(handle.Draw(t, "handle"), drawText(t))
				}
			},
			"remove": func(t *rapid.T) { s.set(some(t)) },
			"settle": func(t *rapid.T) {
				if s.index.Settle() || s.index.Dirty() {
					t.Fatalf("one batch was not enough")
				}
			},
			"": func(t *rapid.T) { s.check(t, drawQuery(t)) },
		})
	})
}

// check compares a query's whole answer and a drawn part of it.
func (s *shelf) check(t *rapid.T, query string) {
	if len([]rune(query)) > MaxQuery {
		return
	}
	want := s.plain(query)
	all := s.find(t, query, Page{First: 1000})
	if !slices.Equal(all.Handles, want) || all.Total != len(want) || !all.Exact {
		t.Fatalf("%q: got %v, total %d; want %v", query, all.Handles, all.Total, want)
	}
	p := Page{
		Backward: rapid.Bool().Draw(t, "backward"), Low: rapid.IntRange(-3, 310).Draw(t, "low"), High: rapid.IntRange(-1, 400).Draw(t, "high"),
		Skip: rapid.OneOf(rapid.IntRange(-1, 9), rapid.Just(math.MaxInt)).Draw(t, "skip"), First: rapid.OneOf(rapid.IntRange(-1, 9), rapid.Just(math.MaxInt)).Draw(t, "first"), Count: rapid.SampledFrom([]int{0, 1, 5, 1000}).Draw(t, "count"),
	}
	if rapid.Bool().Draw(t, "ordered") {
		p.Order = drawOrder(t, 310)
	}
	if rapid.Bool().Draw(t, "also") {
		p.AlsoLow, p.AlsoHigh = rapid.IntRange(-5, 300).Draw(t, "also from"), rapid.IntRange(-5, 400).Draw(t, "also to")
	}
	if rapid.Bool().Draw(t, "keep") {
		p.Keep = func(h int32) bool { return h%3 != 1 }
	}
	s.checkPage(t, query, p)
}

func drawOrder(t *rapid.T, n int) *Order {
	o := &Order{At: make([]int32, n), Rank: make([]int32, n)}
	for i := range o.At {
		o.At[i] = int32(i)
	}
	o.At = rapid.Permutation(o.At).Draw(t, "order")
	for i, h := range o.At {
		o.Rank[h] = int32(i)
	}
	return o
}

// wanted is all that a page is cut from, by its contract alone.
func (s *shelf) wanted(query string, p Page) []int32 {
	hits := s.plain(query)
	n := len(s.index.queued) << 6
	if p.Order != nil {
		n = len(p.Order.At)
	}
	out := []int32{}
	for at := range n {
		h := int32(at)
		if p.Order != nil {
			h = p.Order.At[at]
		}
		_, found := slices.BinarySearch(hits, h)
		also := at >= p.AlsoLow && at < p.AlsoHigh && folded(strings.Join(strings.Fields(query), "")) != ""
		if (found || also) && at >= p.Low && (p.High == 0 || at < p.High) && (p.Keep == nil || p.Keep(h)) {
			out = append(out, h)
		}
	}
	if p.Backward {
		slices.Reverse(out)
	}
	return out
}

func (s *shelf) checkPage(t *rapid.T, query string, p Page) {
	want := s.wanted(query, p)
	got := s.find(t, query, p)
	from := min(max(p.Skip, 0), len(want))
	page := want[from:][:min(max(p.First, 0), len(want)-from)]
	total := got.Exact && got.Total == len(want) || !got.Exact && got.Total <= len(want) && got.Total > max(p.Skip, 0)+len(page)
	if !slices.Equal(got.Handles, page) || !total {
		t.Fatalf("%q, %+v: got %+v; want %v of %d", query, p, got, page, len(want))
	}
	if !got.Exact && p.Count >= 1000 {
		t.Fatalf("%q: the total is not exact although all may be read", query)
	}
}
