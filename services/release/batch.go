package release

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"slices"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/unit"
)

// maxMembers bounds a batch; what is beyond it makes further ones, or waits.
const maxMembers = 8000

// member is what is counted, whatever it says.
type member interface {
	tag() Tag
	proof() Proof
	lane() Lane
}

func (r Report) tag() Tag    { return r.Tag }
func (a Answer) tag() Tag    { return a.Tag }
func (p Proof) proof() Proof { return p }
func (p Proof) lane() Lane {
	if p.Key == "" || p.Nullifier == "" {
		return Unproven
	}
	return Verified
}

// people is k: the largest number of different nullifiers under any one issuer
// key, and that key.
func people[M member](set []M) (k int, key string) {
	seen := map[Proof]bool{}
	under := map[string]int{}
	for _, m := range set {
		if p := m.proof(); m.lane() == Verified && !seen[p] {
			seen[p] = true
			under[p.Key]++
		}
	}
	for id, n := range under {
		if n > k || n == k && id < key {
			k, key = n, id
		}
	}
	return k, key
}

// enough reports whether a set of one lane may be told as a number.
func enough[M member](set []M) bool {
	if len(set) == 0 {
		return false
	}
	if set[0].lane() == Unproven {
		return len(set) >= Open
	}
	k, _ := people(set)
	return k >= K
}

// twice reports whether a set could make two that are enough.
func twice[M member](set []M) bool {
	if len(set) == 0 {
		return false
	}
	if set[0].lane() == Unproven {
		return len(set) >= 2*Open
	}
	k, _ := people(set)
	return k >= 2*K
}

// tellable reports whether a part of something may be told: there is nobody in
// it, or enough.
func tellable[M member](set []M) bool { return len(set) == 0 || enough(set) }

// cut takes a set apart into batches that are each enough and none too long,
// and what is left over. The order of the set does not matter.
func cut[M member](set []M) (batches [][]M, rest []M) {
	for enough(set) {
		if len(set) <= maxMembers {
			sortByTag(set)
			return append(batches, set), nil
		}
		_, key := people(set)
		slices.SortFunc(set, func(a, b M) int { // first those that make it enough
			return cmp.Or(last(a.proof().Key != key, b.proof().Key != key), compareTags(a, b))
		})
		batch := slices.Clone(set[:maxMembers])
		sortByTag(batch)
		batches, set = append(batches, batch), set[maxMembers:]
	}
	return batches, set
}

func last(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func compareTags[M member](a, b M) int {
	x, y := a.tag(), b.tag()
	return bytes.Compare(x[:], y[:])
}

// sortByTag puts a set in an order that says nothing: tags are as good as
// random.
func sortByTag[M member](set []M) { slices.SortFunc(set, compareTags[M]) }

func membersOf[M member](set []M) Members {
	raw := make([]byte, 0, len(set)*len(Tag{}))
	for _, m := range set {
		t := m.tag()
		raw = append(raw, t[:]...)
	}
	return Members(base64.RawURLEncoding.EncodeToString(raw))
}

// gather goes from the most telling kind of label to the least: what finds a
// batch leaves the pool.
func gather[M member, L comparable](pool []M, steps []step[M, L], order func(a, b L) int, told func(L, []M)) {
	for _, s := range steps {
		if len(pool) == 0 {
			return
		}
		groups, rest := map[L][]M{}, make([]M, 0, len(pool))
		for _, m := range pool {
			if label, ok := s.label(m); ok {
				groups[label] = append(groups[label], m)
			} else {
				rest = append(rest, m)
			}
		}
		for _, label := range slices.SortedFunc(keys(groups), order) {
			group := groups[label]
			if s.may != nil && !s.may(label, group) {
				rest = append(rest, group...)
				continue
			}
			batches, left := cut(group)
			for _, b := range batches {
				told(label, b)
			}
			rest = append(rest, left...)
		}
		pool = rest
	}
}

// step is one kind of label. may, where it is set, says which groups may be
// told at this step besides being enough.
type step[M member, L comparable] struct {
	label func(M) (L, bool)
	may   func(L, []M) bool
}

func keys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// reportBatches makes the batches of a pool of reports on a date. The order of
// the pool does not matter. before are the parts that were published before.
func reportBatches(pool []Report, before []Published, at Places, date ledger.Date) []Batch {
	var batches []Batch
	lanes := map[Lane][]Report{}
	since := ages{until: date}
	for _, r := range pool {
		r = at.known(r)
		r.age = since.of(r.Day)
		r.cameDown, r.asked = figureOf(r.CameDown), figureOf(r.Asked)
		lanes[r.lane()] = append(lanes[r.lane()], r)
	}
	recent := newRecent(before, date)
	for lane, table := range map[Lane][]kind{Verified: kinds, Unproven: openKinds} {
		var steps []step[Report, Cell]
		for i, k := range table {
			next := step[Report, Cell]{label: func(r Report) (Cell, bool) {
				if r.age < k.wait {
					return Cell{}, false
				}
				return k.label(r, at)
			}}
			if k.room != nil {
				next.may = func(c Cell, set []Report) bool {
					return len(set) <= (K-1)*(k.room(c, set)-recent.within(c, k.wait-table[i-1].wait)-1)
				}
			}
			steps = append(steps, next)
		}
		gather(lanes[lane], steps, compareCells, func(c Cell, set []Report) {
			recent.add(c, date)
			batches = append(batches, Batch{Lane: lane, Cell: c, Count: len(set), Members: membersOf(set)})
		})
	}
	slices.SortStableFunc(batches, func(a, b Batch) int {
		return cmp.Or(-cmp.Compare(a.Lane, b.Lane), compareCells(a.Cell, b.Cell), cmp.Compare(a.Members, b.Members))
	})
	return batches
}

// recent knows which labels were told of late: what was told more precisely
// holds none of those that are told less precisely now.
type recent struct {
	date ledger.Date
	told map[Cell]map[Cell]ledger.Date // by the label they would be a part of, had they waited
}

func newRecent(before []Published, date ledger.Date) recent {
	r := recent{date, map[Cell]map[Cell]ledger.Date{}}
	for _, p := range before {
		if waited(p.Date, date, kinds[len(kinds)-1].wait) {
			continue
		}
		for _, b := range p.Reports {
			r.add(b.Cell, p.Date)
		}
	}
	return r
}

func (r recent) add(c Cell, date ledger.Date) {
	switch {
	case c.Asked != "":
		whole := c
		whole.Change, whole.CameDown, whole.Asked = c.change(), "", ""
		r.put(whole, c, date)
	case c.Unit != "" && c.Dimension != "" && c.Mandate == "":
		r.put(Cell{Unit: c.Unit, Level: c.Level}, c, date)
	case c.Place != "" && c.Level != "":
		part := Cell{Level: c.Level, Dimension: c.Dimension}
		for _, place := range []string{c.Place, c.Place[:min(len(c.Place), 2)], unit.CentralCode} {
			r.put(Cell{Place: place}, part, date)
		}
	}
}

func (r recent) put(whole, part Cell, date ledger.Date) {
	if r.told[whole] == nil {
		r.told[whole] = map[Cell]ledger.Date{}
	}
	r.told[whole][part] = max(date, r.told[whole][part])
}

// within counts the parts of a label that were told less than or just so many
// days ago.
func (r recent) within(whole Cell, days int) (n int) {
	for _, date := range r.told[whole] {
		if !waited(date, r.date, days+1) {
			n++
		}
	}
	return n
}

// compareCells puts labels in one order that says nothing of what is counted.
func compareCells(a, b Cell) int {
	return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Unit, b.Unit),
		cmp.Compare(slices.Index(Levels, a.Level), slices.Index(Levels, b.Level)),
		cmp.Compare(slices.Index(mandate.Dimensions, a.Dimension), slices.Index(mandate.Dimensions, b.Dimension)),
		cmp.Compare(a.Mandate, b.Mandate), cmp.Compare(a.Measure, b.Measure),
		cmp.Compare(a.CameDown, b.CameDown), cmp.Compare(a.Asked, b.Asked),
		cmp.Compare(slices.Index(Changes, a.Change), slices.Index(Changes, b.Change)))
}
