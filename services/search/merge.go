package search

import "slices"

// merge makes one segment of two; what newer covers counts in newer alone.
func merge(older, newer *segment) *segment {
	m := newSegment(min(older.base, newer.base), max(older.limit(), newer.limit()))
	m.covers[(older.base-m.base)>>6:].or(older.covers)
	m.covers[(newer.base-m.base)>>6:].or(newer.covers)
	m.keys = make([]uint32, 0, len(older.keys)+len(newer.keys)/4)
	m.ends = make([]uint32, 0, cap(m.keys))
	m.data = make([]byte, 0, len(older.data)+len(newer.data))
	var list []int32
	for i, j := 0, 0; i < len(older.keys) || j < len(newer.keys); {
		key := nextKey(older.keys[i:], newer.keys[j:])
		var o, n posting
		if i < len(older.keys) && older.keys[i] == key {
			o = older.at(i)
			i++
		}
		if j < len(newer.keys) && newer.keys[j] == key {
			n = newer.at(j)
			j++
		}
		if o.set != nil || n.set != nil {
			m.addSet(key, m.joined(older, newer, o, n))
		} else {
			list = m.joinedList(older, newer, o, n, list[:0])
			m.add(key, list)
		}
	}
	return m.done()
}

// joined is both segments' documents of one term.
func (m *segment) joined(older, newer *segment, o, n posting) set {
	all := make(set, len(m.covers))
	o.addTo(all[(older.base-m.base)>>6:])
	window := all[(newer.base-m.base)>>6:]
	window.without(newer.covers)
	n.addTo(window)
	return all
}

func (m *segment) joinedList(older, newer *segment, o, n posting, list []int32) []int32 {
	list = older.survivors(o.append(list), newer, m.base)
	old := len(list)
	list = shift(n.append(list), old, newer.base-m.base)
	if old > 0 && old < len(list) && list[old] < list[old-1] {
		slices.Sort(list)
	}
	return list
}

// addSet is add for what was frequent in one segment; it becomes a list where it is no longer.
func (s *segment) addSet(key uint32, all set) {
	if all.count()*2*sparse < len(all)<<6 {
		s.add(key, posting{set: all}.append(nil))
		return
	}
	s.wide, s.sets = append(s.wide, key), append(s.sets, all)
	s.keys, s.ends = append(s.keys, key), append(s.ends, uint32(len(s.data)))
}

func nextKey(a, b []uint32) uint32 {
	switch {
	case len(a) == 0:
		return b[0]
	case len(b) == 0:
		return a[0]
	}
	return min(a[0], b[0])
}

// survivors are those of a list that newer does not cover, counted from base.
func (s *segment) survivors(list []int32, newer *segment, base int32) []int32 {
	if s.limit() > newer.base && newer.limit() > s.base {
		list = slices.DeleteFunc(list, func(h int32) bool {
			h += s.base - newer.base
			return h >= 0 && newer.covers.has(h)
		})
	}
	return shift(list, 0, s.base-base)
}

func shift(list []int32, from int, by int32) []int32 {
	for i := from; i < len(list); i++ {
		list[i] += by
	}
	return list
}
