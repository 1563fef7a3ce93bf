package view

import (
	"slices"
	"sync"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// What is below the beginnings of a measure is kept up to date with every
// event. What is below another unit is added up when somebody asks, and
// remembered until the measure changes.

// maxWalked bounds the lines added up for one question about the past: some
// hundredths of a second.
const maxWalked = 200_000

// levelsBelow adds up, level by level, what some issuances passed down and all
// that rests on them, and what the unit at their top received itself: without
// it, its addition would stand beside nothing received. under is that unit, or
// none for the beginnings of the measure.
func (b book) levelsBelow(under int32, tops []int32) ([unit.Levels]levelRow, error) {
	m := &b.rows.measures[b.measure]
	if b.at != Now && !m.settledBy(b.at) {
		return b.addUp(under, tops, maxWalked)
	}
	b.at = Now
	if under == none {
		return m.levels, nil
	}
	key := subtreeKey{b.measure, under}
	if levels, ok := b.rows.below.get(key, m.changed); ok {
		return levels, nil
	}
	levels := m.levels
	if slices.Equal(tops, b.beginnings()) {
		b.addOwn(&levels, under)
	} else {
		levels, _ = b.addUp(under, tops, len(b.rows.lines)) // as many as there are: it is done once
	}
	b.rows.below.put(key, m.changed, levels)
	return levels, nil
}

// settledBy reports whether a moment sees all that ever happened to the
// measure.
func (m *measureRow) settledBy(at AsOf) bool {
	return (at.Ordinal == 0 || at.Ordinal >= m.changed) &&
		(at.Recorded.IsZero() || at.Recorded.UnixMilli() >= m.recorded) &&
		(at.Effective.IsZero() || at.Effective.UnixMilli() >= m.effective) &&
		(at.unchanged == 0 || at.unchanged > m.recorded)
}

// addUp walks down from some issuances.
func (b book) addUp(under int32, tops []int32, most int) ([unit.Levels]levelRow, error) {
	var levels [unit.Levels]levelRow
	w := downward{book: b, levels: &levels, units: unitSets.Get().(*unitSet), left: most}
	defer unitSets.Put(w.units)
	w.units.clear(len(b.rows.units))
	if !w.walk(tops) {
		return levels, ledger.Errorf(ledger.Refused, "cascade.too_wide",
			"这一时点下级单位太多，无法当场汇总；请用 under 指定到县或乡镇，或查询当前数据。",
			"Too much lies below to add up for that moment; name a county or township in under, or ask for now.").At("asOf")
	}
	if under != none {
		b.addOwn(&levels, under)
	}
	return levels, nil
}

// downward is one walk.
type downward struct {
	book
	levels *[unit.Levels]levelRow
	units  *unitSet // that received the measure
	left   int      // lines that may still be looked at
}

// walk takes each issuance and each group once; false where there were too
// many lines.
func (w *downward) walk(tops []int32) bool {
	seen := make(map[int32]bool, len(tops))
	groups := map[int32]bool{}
	pending := slices.Clone(tops)
	for len(pending) > 0 { // ends: each issuance is taken once
		h := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		if seen[h] {
			continue
		}
		seen[h] = true
		if !w.addLines(h) {
			return false
		}
		if g := w.rows.groupOf(h, w.measure); g != none && !groups[g] {
			groups[g] = true
			w.levels[w.rows.units[w.rows.issuances[h].issuer].level].enter(w.addition(g), +1)
		}
		for _, g := range w.rows.issuances[h].resting {
			row := &w.rows.groups[g]
			if row.measure != w.measure {
				continue
			}
			if _, ok := w.Line(h, row.issuer); ok { // else the measure begins there
				for _, x := range row.members {
					if w.rows.inForce(x, w.at) {
						pending = append(pending, x)
					}
				}
			}
		}
	}
	return true
}

func (w *downward) addLines(h int32) bool {
	isSum := w.rows.isSum(w.measure)
	for line := range w.rows.linesIn(h) {
		if w.left--; w.left < 0 {
			return false
		}
		a, ok := w.amountOf(line)
		if !ok {
			continue
		}
		to := w.rows.lines[line].to
		level := &w.levels[w.rows.units[to].level]
		if w.units.add(to) {
			level.units++
		}
		if isSum {
			level.received.Add(a.value)
		}
	}
	return true
}

// addOwn adds what a unit received itself.
func (b book) addOwn(levels *[unit.Levels]levelRow, u int32) {
	if len(b.linesOf(u)) == 0 {
		return
	}
	level := &levels[b.rows.units[u].level]
	level.units++
	if b.rows.isSum(b.measure) {
		demand, _ := b.demand(u)
		level.received.AddSum(demand)
	}
}

// unitSet is a set of units, one bit each.
type unitSet struct{ bits []uint64 }

var unitSets = sync.Pool{New: func() any { return &unitSet{} }}

func (s *unitSet) clear(n int) {
	words := (n + 63) / 64
	if cap(s.bits) < words {
		s.bits = make([]uint64, words)
		return
	}
	s.bits = s.bits[:words]
	clear(s.bits)
}

// add reports whether the unit is new.
func (s *unitSet) add(u int32) bool {
	word, bit := &s.bits[u/64], uint64(1)<<(u%64)
	was := *word&bit != 0
	*word |= bit
	return !was
}

// subtrees remembers sums below units, as of now. Readers share it.
type subtrees struct {
	mu   sync.Mutex
	sums map[subtreeKey]subtreeSums
}

type subtreeKey struct{ measure, under int32 }

type subtreeSums struct {
	changed uint64 // the measure's last change when they were added up
	levels  [unit.Levels]levelRow
}

// maxRemembered bounds what is remembered, to some 4 MB.
const maxRemembered = 8192

func (s *subtrees) get(k subtreeKey, changed uint64) ([unit.Levels]levelRow, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.sums[k]
	return found.levels, ok && found.changed == changed
}

func (s *subtrees) put(k subtreeKey, changed uint64, levels [unit.Levels]levelRow) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sums == nil || len(s.sums) >= maxRemembered {
		s.sums = map[subtreeKey]subtreeSums{}
	}
	s.sums[k] = subtreeSums{changed, levels}
}
