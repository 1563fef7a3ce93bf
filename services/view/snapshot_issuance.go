package view

import (
	"maps"
	"slices"

	"suyuan/services/exact"
)

// The rows of issuances, as a snapshot has them.

func (c *codec) extra(x *extraRow) {
	c.i64(&x.due)
	c.i32(&x.directedBy)
	maybe(c, &x.authority, (*codec).bool)
	value(c, &x.given)
	value(c, &x.needed)
}

func (c *codec) line(l *lineRow) {
	b := c.room(16)
	c.put32(b, &l.issuance)
	c.put32(b[4:], &l.to)
	c.put32(b[8:], &l.version)
	c.put32(b[12:], &l.next)
}

func (c *codec) version(v *versionRow) {
	b := c.room(24)
	c.putU64(b, &v.event)
	c.put32(b[8:], &v.first)
	c.put32(b[12:], &v.count)
	c.put32(b[16:], &v.older)
	c.put32(b[20:], &v.extra)
}

func (c *codec) amount(a *amountRow) {
	b := c.room(29)
	if c.writing() {
		b[28] = 0
		if a.hasBase {
			b[28] = 1
		}
	} else {
		a.hasBase = b[28] == 1
	}
	value, base := int64(a.value), int64(a.base)
	c.put64(b, &value)
	c.put64(b[8:], &base)
	if !c.writing() {
		a.value, a.base = exact.Decimal(value), exact.Decimal(base)
	}
	c.put32(b[16:], &a.measure)
	c.put32(b[20:], &a.days)
	c.put32(b[24:], &a.list)
}

func (c *codec) ask(a *askRow) {
	b := c.room(12)
	c.put32(b, &a.line)
	c.put32(b[4:], &a.measure)
	c.put32(b[8:], &a.next)
}

func (c *codec) group(g *groupRow) {
	c.i32(&g.issuer)
	c.i32(&g.measure)
	c.handles(&g.basis)
	c.handles(&g.members)
	c.i32(&g.root)
	for _, s := range []*exact.Sum{&g.value, &g.based, &g.withoutBase, &g.retained} {
		c.sum(s)
	}
	c.i32(&g.lines)
	c.i32(&g.withBase)
	c.rat(&g.amount)
	c.bool(&g.harder)
	list(c, &g.days, 17, func(c *codec, d *dayRow) {
		c.i32(&d.day)
		c.i32(&d.adding)
		c.rat(&d.added)
	})
}

func (c *codec) issuance(i *issuanceRow) {
	text(c, &i.id)
	for _, h := range []*int32{&i.issuer, &i.document, &i.first, &i.n, &i.before, &i.stream} {
		c.i32(h)
	}
	for _, list := range []*[]int32{&i.basis, &i.more, &i.mandates, &i.groups, &i.resting} {
		c.handles(list)
	}
	c.bool(&i.origin)
	c.bool(&i.counted)
	c.bool(&i.sorted)
	c.merge(&i.merge)
	for _, values := range []*[]valueRow{&i.retained, &i.reserve, &i.stated} {
		list(c, values, 16, (*codec).value)
	}
	maybe(c, &i.approval, func(c *codec, a *approvalRow) {
		c.i32(&a.by)
		text(c, &a.competence)
		text(c, &a.date)
		c.i32(&a.document)
		list(c, &a.covers, 16, (*codec).value)
		c.bool(&a.resourced)
	})
	text(c, &i.channel)
	text(c, &i.source)
	c.i64(&i.sent)
	maybe(c, &i.part, value)
	c.u64(&i.made)
	c.u64(&i.withdrawn)
	c.ordinals(&i.concurrent)
}

func (c *codec) value(v *valueRow) {
	c.i32(&v.measure)
	c.decimal(&v.value)
	c.i32(&v.days)
}

func sortedKeys[V any](m map[int32]V) []int32 {
	if len(m) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(m))
}

func (c *codec) merge(m *map[int32]string) {
	keys := sortedKeys(*m)
	c.handles(&keys)
	for _, k := range keys {
		how := (*m)[k]
		text(c, &how)
		if c.writing() {
			continue
		}
		if *m == nil {
			*m = map[int32]string{}
		}
		(*m)[k] = how
	}
}

// sheets are entered again; every part finds its own.
func (c *codec) sheets(r *Rows) {
	keys := slices.SortedFunc(maps.Keys(r.sheets), sheetKey.compare)
	list(c, &keys, 8, func(c *codec, k *sheetKey) {
		c.i32(&k.issuer)
		text(c, &k.of)
	})
	for _, k := range keys {
		s := r.sheets[k]
		if s == nil {
			s = &sheetRow{parts: map[int]int32{}}
			r.sheets[k] = s
		}
		c.int(&s.n)
		c.u64(&s.complete)
		numbers := slices.Sorted(maps.Keys(s.parts))
		list(c, &numbers, 8, (*codec).int)
		for _, n := range numbers {
			h := s.parts[n]
			c.i32(&h)
			if c.writing() {
				continue
			}
			if h < 0 || int(h) >= len(r.issuances) {
				c.fail(errShort)
				return
			}
			s.parts[n] = h
		}
	}
	if c.writing() {
		return
	}
	for h := range r.issuances { // also one that was taken back, whose number another has by now
		i := &r.issuances[h]
		if i.part == nil {
			continue
		}
		if i.sheet = r.sheets[sheetKey{i.issuer, i.part.Of}]; i.sheet == nil {
			c.fail(errShort)
			return
		}
	}
}
