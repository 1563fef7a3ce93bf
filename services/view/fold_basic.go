package view

import (
	"math"
	"reflect"
	"slices"
	"time"

	"suyuan/services/checkpoint"
	"suyuan/services/document"
	"suyuan/services/exact"
	"suyuan/services/handoff"
	"suyuan/services/ledger"
	"suyuan/services/unit"
)

func (r *Rows) newStream(name string) int32 {
	s := int32(len(r.streams))
	r.streams = append(r.streams, streamRow{name: r.texts.keep(name), subject: none})
	r.streamAt.put(s)
	return s
}

// about says which row the stream of an event is about, and answers the stream.
func (r *Rows) about(m moment, h int32) int32 {
	s := r.events[m.ordinal-1].stream
	r.streams[s].subject = h
	return s
}

// subject is the row the stream of an event is about.
func (r *Rows) subject(m moment) int32 { return r.streams[r.events[m.ordinal-1].stream].subject }

// header enters an event and moves the fold's position. s is its stream, none
// where it begins one.
func (r *Rows) header(e ledger.Recorded, m moment, hash ledger.Hash, s int32) {
	if s == none {
		s = r.newStream(e.Stream)
	}
	var roles uint8
	for i, role := range ledger.Roles {
		if slices.Contains(m.Actor.Roles, role) {
			roles |= 1 << i
		}
	}
	r.events = append(r.events, eventRow{
		id: e.ID, hash: hash, recorded: m.Recorded.UnixMilli(), effective: m.Effective.UnixMilli(), decidedAt: m.DecidedAt,
		prev: r.streams[s].last, commit: e.Position.Commit, prepare: e.Position.Prepare, stream: s, revision: int32(e.Revision),
		unit: m.unit, kind: r.catalogue.Number(e.Type), version: uint8(m.Version), roles: roles,
	})
	r.streams[s].last = e.Position.Ordinal
	r.streams[s].count++
	r.position = e.Position
	r.tree.Add(hash)
}

func unitFolds(add func(reflect.Type, fold)) {
	add(on(func(r *Rows, m moment, e unit.Registered) {
		h := int32(len(r.units))
		row := unitRow{
			name: r.texts.keep(e.Name), kind: kindOf(e.Kind), level: unit.LevelOf(e.Code), stream: r.about(m, h),
			parent: r.unitOf(e.Parent), child: none, sibling: none, into: none, received: none, issued: none,
		}
		row.code = r.streams[row.stream].name[len("unit-"):] // the same letters once
		if e.Line != "" || e.People != 0 || e.Staff != 0 {
			row.more = &unitMore{line: e.Line, people: e.People, staff: e.Staff}
		}
		if row.parent != none {
			above := &r.units[row.parent]
			row.sibling, above.child = above.child, h
		}
		r.units = append(r.units, row)
		r.unitAt.put(h)
		r.finder.units.Set(h)
	}))
	add(on(func(r *Rows, m moment, e unit.Renamed) {
		u := r.actingUnit(m)
		more := u.open()
		if more.names == nil {
			more.names = []nameRow{{u.name, r.began(u.stream)}}
		}
		u.name = r.texts.keep(e.Name)
		more.names = append(more.names, nameRow{u.name, m.ordinal})
		r.finder.units.Set(r.subject(m))
	}))
	add(on(func(r *Rows, m moment, e unit.Merged) {
		u := r.actingUnit(m)
		u.into = r.unitOf(e.Into)
	}))
	add(on(func(r *Rows, m moment, e unit.DutyListed) {
		u := r.actingUnit(m)
		d := u.open().duty(e.Item)
		d.title, d.skills, d.document = e.Title, e.Skills, r.documentAt.of(e.Document)
		d.classes, d.events = append(d.classes, e.Class), append(d.events, m.ordinal)
	}))
	add(on(func(r *Rows, m moment, e unit.DutyRecalled) {
		u := r.actingUnit(m)
		d := u.open().duty(e.Item)
		d.classes, d.events = append(d.classes, unit.Recalled), append(d.events, m.ordinal)
	}))
	add(on(func(r *Rows, m moment, e unit.CapacityDeclared) {
		u := r.actingUnit(m).open()
		value, days := figure(e.Value)
		u.capacities = append(u.capacities, capacityRow{e.Of, value, days, e.AsOf, false, r.documentAt.of(e.Document), m.ordinal})
	}))
	add(on(func(r *Rows, m moment, e unit.CapacityVerified) {
		u := r.actingUnit(m).open()
		value, days := figure(e.Value)
		u.capacities = append(u.capacities, capacityRow{e.Of, value, days, e.AsOf, true, r.documentAt.of(e.Document), m.ordinal})
	}))
}

// duty finds or enters an item of the unit's list.
func (u *unitMore) duty(item string) *dutyRow {
	i := slices.IndexFunc(u.duties, func(d dutyRow) bool { return d.item == item })
	if i < 0 {
		i = len(u.duties)
		u.duties = append(u.duties, dutyRow{item: item})
	}
	return &u.duties[i]
}

// actingUnit is the unit whose stream the event stands in.
func (r *Rows) actingUnit(m moment) *unitRow { return &r.units[r.subject(m)] }

func documentFolds(add func(reflect.Type, fold)) {
	add(on(func(r *Rows, m moment, e document.Registered) {
		h := int32(len(r.documents))
		d := documentRow{id: e.ID, number: e.Number, title: e.Title, sha256: e.SHA256, issuer: r.unitOf(e.Issuer), date: e.Date, stream: r.about(m, h)}
		if e.Blob != nil {
			d.blob = *e.Blob
			r.fileAt[e.Blob.ID] = h
		}
		r.documents = append(r.documents, d)
		r.documentAt.put(h)
		r.finder.documents.Set(h)
	}))
	add(on(func(r *Rows, m moment, _ document.Redacted) {
		d := &r.documents[r.subject(m)]
		d.redacted = true
		if d.blob.ID != "" {
			r.redacted = append(r.redacted, d.blob.ID)
		}
	}))
}

func handoffFolds(add func(reflect.Type, fold)) {
	add(on(func(r *Rows, m moment, e handoff.Proposed) {
		h := int32(len(r.handoffs))
		r.handoffs = append(r.handoffs, handoffRow{
			id: e.ID, duty: e.Duty, title: e.Title, basis: e.Basis, money: e.Money, from: r.unitOf(e.From), to: r.unitOf(e.To),
			mandate: r.mandateAt.of(e.Mandate), approvedBy: r.unitOf(e.ApprovedBy), document: r.documentAt.of(e.Document),
			authority: e.Authority, means: e.HasMeans(), people: e.People, state: "proposed", stream: r.about(m, h),
		})
		r.handoffAt.put(h)
		for _, u := range []int32{r.unitOf(e.From), r.unitOf(e.To)} {
			more := r.units[u].open()
			more.handoffs = append(more.handoffs, h)
		}
	}))
	closed := func(r *Rows, m moment, state, reason string) {
		h := &r.handoffs[r.subject(m)]
		h.state, h.reason = state, reason
	}
	add(on(func(r *Rows, m moment, _ handoff.Accepted) { closed(r, m, "accepted", "") }))
	add(on(func(r *Rows, m moment, e handoff.Rejected) { closed(r, m, "rejected", e.Reason) }))
	add(on(func(r *Rows, m moment, e handoff.Recalled) { closed(r, m, "recalled", e.Reason) }))
}

func checkpointFolds(add func(reflect.Type, fold)) {
	add(on(func(r *Rows, m moment, e checkpoint.Signed) {
		r.notes = append(r.notes, noteRow{e.Size, e.Root, e.Note, m.ordinal})
	}))
}

// checkCheckpoint holds a checkpoint against the log before it.
func (r *Rows) checkCheckpoint(ordinal uint64, e checkpoint.Signed) error {
	before := uint64(0)
	if n := len(r.notes); n > 0 {
		before = r.notes[n-1].size
	}
	return checkpoint.Hold(&r.tree, e, r.verifier, before, ordinal)
}

// figure is a decimal, or a frequency as its count and days.
func figure(s string) (value exact.Decimal, days int32) {
	if f, err := exact.ParseFrequency(s); err == nil && f.Days <= math.MaxInt32 {
		return exact.Decimal(f.Count), int32(f.Days)
	}
	return decimal(s), 0
}

// written is a figure as it was entered.
func written(value exact.Decimal, days int32) string {
	if days > 0 {
		return exact.Frequency{Count: int64(value), Days: int64(days)}.String()
	}
	return value.String()
}

// decimal reads a value that its command had checked before it was recorded.
func decimal(s string) exact.Decimal {
	d, _ := exact.ParseDecimal(s)
	return d
}

func milli(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}
