package search

import "slices"

// Order is another order than by handle. At lists the documents, each once;
// Rank is where At has them: At[Rank[h]] == h. It must have every document
// that can be found, and neither slice is changed or kept.
type Order struct {
	At   []int32
	Rank []int32
}

// Page says which of the hits to return. A document's position is its handle
// or, with Order, its rank. Bounds beyond what there is are drawn in.
type Page struct {
	Order     *Order
	Backward  bool             // the highest position first
	Low, High int              // positions [Low, High) only; High 0 means to the end
	AlsoLow   int              // positions [AlsoLow, AlsoHigh) are hits whatever their text says,
	AlsoHigh  int              // such as the range of a code that begins with what was typed
	Keep      func(int32) bool // nil, or what else a hit must fulfil
	Skip      int              // leave out the first so many
	First     int              // and return at most so many
	Count     int              // documents that may be looked at for the total alone, once the page is full
}

// Found is a page of hits, in order and without a false one.
type Found struct {
	Handles []int32
	Total   int  // hits in [Low, High)
	Exact   bool // else Total is what was counted before Count ran out: there are at least so many, and more than this page shows
}

// Find looks a query up. It takes time as the rarest pair of characters is
// frequent, and for words of three characters and more as many of its
// documents have the pairs but not the word. Words of two characters, or one
// character alone, have an exact total at no cost, unless Keep has to be asked;
// other queries have one as long as at most Count documents had to be looked at for it.
func (x *Index) Find(q Query, p Page) Found {
	s := x.lent.Get().(*scratch)
	f := finder{x: x, q: q, p: p, s: s, left: p.Count, out: Found{Handles: []int32{}, Exact: true}}
	if q.Empty() || !f.frame() {
		x.lent.Put(s)
		return f.out
	}
	x.candidates(q, s)
	if q.sure {
		f.resolve()
	}
	f.run()
	s.hits.empty()
	s.ranked.empty()
	x.lent.Put(s)
	f.out.Total = f.seen
	if f.known {
		f.out.Total = f.total
	}
	return f.out
}

// scratch is what a query needs and the next one can use again.
type scratch struct {
	hits, ranked board // empty between two queries
	part, union  set
	list         []int32
	postings     []posting
	text, folded []byte
}

// cleared is a set for n numbers, empty.
func cleared(b *set, n int) set {
	if cap(*b) < size(n) {
		*b = make(set, size(n)+size(n)/8)
	}
	*b = (*b)[:size(n)]
	clear(*b)
	return *b
}

// candidates puts into hits every document whose postings have all of the
// query's terms, and every document that waits.
func (x *Index) candidates(q Query, s *scratch) {
	s.hits.room(len(x.queued) << 6)
	for _, g := range x.segments {
		at := int(g.base >> 6)
		s.hits.without(at, g.covers)
		list, part := g.match(q, s)
		s.hits.or(at, part)
		for _, h := range list {
			s.hits.put(g.base + h)
		}
	}
	if x.waiting > 0 {
		s.hits.or(x.lowest, x.queued[x.lowest:])
	}
}

// few candidates are read sooner than all documents with one character are put together.
const few = 256

// match is the documents of the segment that have all terms: a list or a set.
func (g *segment) match(q Query, s *scratch) (list []int32, part set) {
	s.postings = s.postings[:0]
	for _, t := range q.terms {
		p, ok := g.find(t)
		if !ok {
			return nil, nil
		}
		s.postings = append(s.postings, p)
	}
	slices.SortFunc(s.postings, func(a, b posting) int { return a.cost() - b.cost() })
	for i, p := range s.postings {
		switch {
		case i == 0 && p.set == nil:
			s.list = p.append(s.list[:0])
			list = s.list
		case i == 0:
			part = append(s.part[:0], p.set...)
			s.part = part
		case part == nil:
			list = p.keep(list)
		default: // sets come last
			part.and(p.set)
		}
	}
	return g.matchSingle(q, s, list, part)
}

func (p posting) cost() int { return len(p.list) + 8*len(p.set)*sparse }

// matchSingle leaves what has the words of one character as well. Of few
// documents it leaves all, to be read.
func (g *segment) matchSingle(q Query, s *scratch, list []int32, part set) ([]int32, set) {
	for i, c := range q.single {
		if part == nil && len(q.terms) > 0 && len(list) < few {
			return list, nil
		}
		union := cleared(&s.union, len(g.covers)<<6)
		from, _ := slices.BinarySearch(g.keys, c<<16)
		for k := from; k < len(g.keys) && g.keys[k]>>16 == c; k++ {
			g.at(k).addTo(union)
		}
		switch {
		case part != nil:
			part.and(union)
		case len(q.terms) > 0:
			list = posting{set: union}.keep(list)
		case i == 0:
			part = append(s.part[:0], union...)
			s.part = part
		}
	}
	return list, part
}

// finder is one search under way.
type finder struct {
	x     *Index
	q     Query
	p     Page
	s     *scratch
	left  int // documents that may still be read for the total
	seen  int
	total int // where it is known
	known bool
	out   Found
}

// frame makes the bounds ones that can be relied on, and is false where there is nothing between them.
func (f *finder) frame() bool {
	n := len(f.x.queued) << 6
	if f.p.Order != nil {
		n = len(f.p.Order.At)
	}
	inside := func(v *int, top int) { *v = max(0, min(*v, top)) }
	inside(&f.p.Skip, n)
	inside(&f.p.First, n)
	if f.p.High == 0 {
		f.p.High = n
	}
	inside(&f.p.High, n)
	inside(&f.p.Low, f.p.High)
	inside(&f.p.AlsoHigh, f.p.High)
	inside(&f.p.AlsoLow, f.p.AlsoHigh)
	f.p.AlsoLow = max(f.p.AlsoLow, f.p.Low)
	return f.p.Low < f.p.High
}

// resolve reads what waits, so that what is left are hits.
func (f *finder) resolve() {
	f.x.queued.up(f.x.lowest<<6, len(f.x.queued)<<6, func(i int) bool {
		if !f.read(int32(i)) {
			f.s.hits.bits.drop(int32(i))
		}
		return true
	})
}

func (f *finder) read(h int32) bool {
	f.s.text = f.x.source(f.s.text[:0], h)
	return f.q.in(f.s.text, &f.s.folded)
}

// run goes through the candidates in order.
func (f *finder) run() {
	low, high := f.p.Low, f.p.High
	o := f.p.Order
	if o != nil && f.s.hits.count() > (high-low)/16 {
		f.walk()
		return
	}
	places := &f.s.hits
	if o != nil {
		places = f.rank()
	}
	if f.p.AlsoLow < f.p.AlsoHigh {
		places.fill(f.p.AlsoLow, f.p.AlsoHigh)
	}
	if f.free() {
		f.know(places.countIn(low, high))
	}
	visit := func(at int) bool {
		if o != nil {
			return f.take(at, o.At[at])
		}
		return f.take(at, int32(at))
	}
	if f.p.Backward {
		places.down(low, high, visit)
	} else {
		places.up(low, high, visit)
	}
}

// rank is where the candidates stand in the order.
func (f *finder) rank() *board {
	places := &f.s.ranked
	places.room(len(f.p.Order.At))
	f.s.hits.up(0, len(f.x.queued)<<6, func(h int) bool {
		if h < len(f.p.Order.Rank) {
			places.put(f.p.Order.Rank[h])
		}
		return true
	})
	return places
}

// walk is for so many candidates that they are met soon on the way.
func (f *finder) walk() {
	at, step := f.p.Low, 1
	if f.p.Backward {
		at, step = f.p.High-1, -1
	}
	if f.free() && f.p.AlsoLow == f.p.AlsoHigh && f.p.Low == 0 && f.p.High == len(f.p.Order.At) {
		f.know(f.s.hits.count())
	}
	for ; at >= f.p.Low && at < f.p.High; at += step {
		if h := f.p.Order.At[at]; (f.s.hits.bits.has(h) || f.also(at)) && !f.take(at, h) {
			break
		}
	}
}

func (f *finder) also(at int) bool { return at >= f.p.AlsoLow && at < f.p.AlsoHigh }

// free reports whether candidates are hits without a look at them.
func (f *finder) free() bool { return f.q.sure && f.p.Keep == nil }

func (f *finder) know(total int) { f.known, f.total = true, total }

// take looks at a candidate and says whether to go on.
func (f *finder) take(at int, h int32) bool {
	if f.seen >= f.p.Skip+f.p.First {
		switch {
		case f.known:
			return false
		case f.free():
		case f.left <= 0 && f.seen > f.p.Skip+f.p.First:
			f.out.Exact = false
			return false
		default:
			f.left--
		}
	}
	if f.hit(at, h) {
		f.seen++
		if f.seen > f.p.Skip && len(f.out.Handles) < f.p.First {
			f.out.Handles = append(f.out.Handles, h)
		}
	}
	return true
}

func (f *finder) hit(at int, h int32) bool {
	return (f.p.Keep == nil || f.p.Keep(h)) && (f.q.sure || f.also(at) || f.read(h))
}
