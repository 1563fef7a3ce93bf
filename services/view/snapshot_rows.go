package view

import (
	"maps"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"suyuan/services/checkpoint"
	"suyuan/services/exact"
	"suyuan/services/unit"
)

// Every row as a snapshot has it. What can be made from the rows again, the
// indexes, is not kept. The order is that in which the rows are described.
func (c *codec) rows(r *Rows) {
	c.log(r)
	list(c, &r.units, 32, (*codec).unit)
	c.handles(&r.order)
	r.ordered = len(r.order)
	list(c, &r.documents, 32, (*codec).document)
	c.words(&r.redacted)
	list(c, &r.mandates, 32, (*codec).mandate)
	list(c, &r.measures, 32, (*codec).measure)
	list(c, &r.items, 4, text)
	list(c, &r.lists, 4, (*codec).handles)
	list(c, &r.extras, 16, (*codec).extra)
	list(c, &r.lines, 16, (*codec).line)
	list(c, &r.versions, 24, (*codec).version)
	list(c, &r.amounts, 29, (*codec).amount)
	list(c, &r.asks, 12, (*codec).ask)
	list(c, &r.groups, 32, (*codec).group)
	list(c, &r.issuances, 64, (*codec).issuance)
	c.sheets(r)
	list(c, &r.assignments, 32, (*codec).assignment)
	list(c, &r.objections, 32, (*codec).objection)
	list(c, &r.handoffs, 32, (*codec).handoff)
}

// log is what is kept of the log itself.
func (c *codec) log(r *Rows) {
	c.u64(&r.position.Commit)
	c.u64(&r.position.Prepare)
	c.u64(&r.position.Ordinal)
	base, edge, tail := r.tree.Parts()
	c.i64(&base)
	list(c, &edge, 32, func(c *codec, h *tlog.Hash) { c.bytes(h[:]) })
	list(c, &tail, 32, func(c *codec, h *tlog.Hash) { c.bytes(h[:]) })
	var ok bool
	if r.tree, ok = checkpoint.TreeOf(base, edge, tail); !ok {
		c.fail(errShort)
	}
	list(c, &r.streams, 20, func(c *codec, s *streamRow) {
		text(c, &s.name)
		c.u64(&s.last)
		c.i32(&s.count)
		c.i32(&s.subject)
	})
	list(c, &r.events, eventBytes, (*codec).event)
	list(c, &r.notes, 24, func(c *codec, n *noteRow) {
		c.u64(&n.size)
		text(c, &n.root)
		text(c, &n.text)
		c.u64(&n.event)
	})
}

const eventBytes = 16 + 32 + 6*8 + 3*4 + 2 + 2

func (c *codec) event(e *eventRow) {
	b := c.room(eventBytes)
	if c.writing() {
		copy(b, e.id[:])
		copy(b[16:], e.hash[:])
	} else {
		copy(e.id[:], b)
		copy(e.hash[:], b[16:])
	}
	c.put64(b[48:], &e.recorded)
	c.put64(b[56:], &e.effective)
	c.putU64(b[64:], &e.decidedAt)
	c.putU64(b[72:], &e.prev)
	c.putU64(b[80:], &e.commit)
	c.putU64(b[88:], &e.prepare)
	c.put32(b[96:], &e.stream)
	c.put32(b[100:], &e.revision)
	c.put32(b[104:], &e.unit)
	if c.writing() {
		b[108], b[109], b[110], b[111] = byte(e.kind), byte(e.kind>>8), e.version, e.roles
		return
	}
	e.kind, e.version, e.roles = uint16(b[108])|uint16(b[109])<<8, b[110], b[111]
}

func (c *codec) unit(u *unitRow) {
	text(c, &u.code)
	text(c, &u.name)
	b := c.room(2 + 7*4)
	if c.writing() {
		b[0], b[1] = byte(u.kind), byte(u.level)
	} else {
		u.kind, u.level = kindNumber(b[0]), unit.Level(b[1])
	}
	for i, v := range []*int32{&u.stream, &u.parent, &u.child, &u.sibling, &u.into, &u.received, &u.issued} {
		c.put32(b[2+4*i:], v)
	}
	maybe(c, &u.more, (*codec).unitMore)
}

func (c *codec) unitMore(u *unitMore) {
	text(c, &u.line)
	c.i64(&u.people)
	c.i64(&u.staff)
	list(c, &u.names, 12, (*codec).name)
	list(c, &u.duties, 24, func(c *codec, d *dutyRow) {
		text(c, &d.item)
		text(c, &d.title)
		c.words(&d.skills)
		c.i32(&d.document)
		list(c, &d.classes, 4, text)
		c.ordinals(&d.events)
	})
	list(c, &u.capacities, 24, func(c *codec, x *capacityRow) {
		text(c, &x.of)
		c.decimal(&x.value)
		text(c, &x.asOf)
		c.bool(&x.verified)
		c.i32(&x.document)
		c.u64(&x.event)
	})
	c.handles(&u.objections)
	c.handles(&u.handoffs)
}

func (c *codec) name(n *nameRow) {
	text(c, &n.name)
	c.u64(&n.event)
}

func (c *codec) document(d *documentRow) {
	for _, s := range []*string{&d.id, &d.number, &d.title, &d.sha256, &d.blob.ID, &d.blob.Hash} {
		text(c, s)
	}
	c.i32(&d.issuer)
	text(c, &d.date)
	c.bool(&d.redacted)
	c.handles(&d.issuances)
	c.handles(&d.mandates)
	c.i32(&d.stream)
}

func (c *codec) mandate(m *mandateRow) {
	for _, s := range []*string{&m.id, &m.title, &m.field, &m.duty} {
		text(c, s)
	}
	for _, h := range []*int32{&m.origin, &m.lead, &m.document, &m.stream} {
		c.i32(h)
	}
	c.handles(&m.measures)
	list(c, &m.constraints, 16, func(c *codec, x *constraintRow) {
		value(c, &x.Constraint)
		c.i32(&x.author)
		c.u64(&x.event)
	})
	c.u64(&m.withdrawn)
	c.bool(&m.fictional)
	c.words(&m.assumed)
	list(c, &m.titles, 12, (*codec).name)
	c.handles(&m.issuances)
	c.u64(&m.issued)
}

func (c *codec) measure(m *measureRow) {
	text(c, &m.id)
	c.i32(&m.mandate)
	value(c, &m.def)
	c.handles(&m.groups)
	c.handles(&m.roots)
	c.u64(&m.changed)
	c.i64(&m.recorded)
	c.i64(&m.effective)
	for i := range m.levels {
		l := &m.levels[i]
		c.i32(&l.units)
		c.sum(&l.received)
		c.rat(&l.added)
		c.i32(&l.adding)
	}
}

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
	a.value, a.base = exact.Decimal(value), exact.Decimal(base)
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
		if *m == nil {
			*m = map[int32]string{}
		}
		(*m)[k] = how
	}
}

// sheets are entered again from the parts that name them.
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
			if h < 0 || int(h) >= len(r.issuances) {
				c.fail(errShort)
				return
			}
			s.parts[n], r.issuances[h].sheet = h, s
		}
	}
}

func (c *codec) assignment(a *assignmentRow) {
	for _, h := range []*int32{&a.issuance, &a.unit, &a.stream} {
		c.i32(h)
	}
	c.u64(&a.delivered)
	c.i64(&a.deliveredAt)
	c.u64(&a.acknowledged)
	c.handles(&a.objections)
	told(c, &a.resources)
	told(c, &a.acts)
	told(c, &a.stops)
	told(c, &a.stopDecisions)
	c.reports(&a.reported)
	c.reports(&a.verified)
	told(c, &a.falsifications)
}

func told[E any](c *codec, events *[]eventOf[E]) {
	list(c, events, 12, func(c *codec, e *eventOf[E]) {
		c.u64(&e.event)
		value(c, &e.E)
	})
}

func (c *codec) reports(m *map[int32]reportRow) {
	keys := sortedKeys(*m)
	c.handles(&keys)
	for _, k := range keys {
		row := (*m)[k]
		c.decimal(&row.value)
		text(c, &row.asOf)
		c.u64(&row.event)
		if *m == nil {
			*m = map[int32]reportRow{}
		}
		(*m)[k] = row
	}
}

func (c *codec) objection(o *objectionRow) {
	text(c, &o.id)
	for _, h := range []*int32{&o.assignment, &o.unit, &o.issuance, &o.measure, &o.owedBy, &o.document, &o.decidedBy} {
		c.i32(h)
	}
	text(c, &o.ground)
	text(c, &o.constraint)
	text(c, &o.reason)
	text(c, &o.onPaper)
	c.u64(&o.raised)
	text(c, &o.decision)
	c.u64(&o.decided)
	text(c, &o.answer)
	c.bool(&o.illegal)
}

func (c *codec) handoff(h *handoffRow) {
	for _, s := range []*string{&h.id, &h.duty, &h.title, &h.basis, &h.money, &h.reason, &h.state} {
		text(c, s)
	}
	for _, x := range []*int32{&h.from, &h.to, &h.mandate, &h.approvedBy, &h.document, &h.stream} {
		c.i32(x)
	}
	c.bool(&h.authority)
	c.bool(&h.means)
	c.i64(&h.people)
}
