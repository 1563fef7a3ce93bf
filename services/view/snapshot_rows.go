package view

import (
	"golang.org/x/mod/sumdb/tlog"

	"suyuan/services/checkpoint"
	"suyuan/services/unit"
)

// Every row as a snapshot has it. What can be made from the rows again, the
// indexes, is not kept. The order is that in which the rows are described.
func (c *codec) rows(r *Rows) {
	c.log(r)
	list(c, &r.units, 32, (*codec).unit)
	c.handles(&r.order)
	if !c.writing() {
		r.ordered = len(r.order)
	}
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
	c.docket(r)
	c.dossier(r)
}

// docket is written and read by its own package: claims are sealed in it.
func (c *codec) docket(r *Rows) {
	var packed string
	if c.writing() {
		packed = r.docket.Encode()
	}
	text(c, &packed)
	if c.writing() || c.err != nil {
		return
	}
	if err := r.docket.Decode(packed); err != nil {
		c.fail(err)
	}
}

// dossier is written and read by its own package, too.
func (c *codec) dossier(r *Rows) {
	var packed string
	if c.writing() {
		packed = r.dossier.Encode()
	}
	text(c, &packed)
	if c.writing() || c.err != nil {
		return
	}
	if err := r.dossier.Decode(packed); err != nil {
		c.fail(err)
	}
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
	if !c.writing() {
		var ok bool
		if r.tree, ok = checkpoint.TreeOf(base, edge, tail); !ok {
			c.fail(errShort)
		}
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
	list(c, &u.capacities, 28, func(c *codec, x *capacityRow) {
		text(c, &x.of)
		c.decimal(&x.value)
		c.i32(&x.days)
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
	list(c, &m.revisions, 20, func(c *codec, x *revisionRow) {
		c.u64(&x.event)
		c.i32(&x.lead)
		c.i32(&x.document)
		text(c, &x.duty)
	})
	c.handles(&m.issuances)
	c.u64(&m.issued)
}

func (c *codec) measure(m *measureRow) {
	text(c, &m.id)
	c.i32(&m.mandate)
	c.u64(&m.event)
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

func (c *codec) assignment(a *assignmentRow) {
	for _, h := range []*int32{&a.issuance, &a.unit, &a.stream} {
		c.i32(h)
	}
	c.u64(&a.delivered)
	c.i64(&a.deliveredAt)
	c.u64(&a.acknowledged)
	c.i64(&a.acknowledgedAt)
	c.handles(&a.objections)
	told(c, &a.resources)
	told(c, &a.acts)
	told(c, &a.stops)
	told(c, &a.stopDecisions)
	list(c, &a.reported, 32, (*codec).report)
	list(c, &a.verified, 32, (*codec).report)
	told(c, &a.falsifications)
}

func told[E any](c *codec, events *[]eventOf[E]) {
	list(c, events, 12, func(c *codec, e *eventOf[E]) {
		c.u64(&e.event)
		value(c, &e.E)
	})
}

func (c *codec) report(x *reportRow) {
	c.i32(&x.measure)
	c.decimal(&x.value)
	c.i32(&x.days)
	text(c, &x.asOf)
	c.i32(&x.document)
	c.u64(&x.event)
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
	c.bool(&o.stated)
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
