package view

import (
	"cmp"
	"reflect"
	"slices"
	"time"

	"suyuan/services/exact"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
)

func issuanceFolds(add func(reflect.Type, fold)) {
	add(on(func(r *Rows, m moment, e issuance.Made) { r.made(m, e) }))
	add(on(func(r *Rows, m moment, e issuance.LineAmended) { r.amended(m, e) }))
	add(on(func(r *Rows, m moment, _ issuance.Withdrawn) {
		h := r.subject(m)
		r.change(h, m, func() { r.issuances[h].withdrawn = m.ordinal })
	}))
}

func (r *Rows) made(m moment, e issuance.Made) {
	h := int32(len(r.issuances))
	row := issuanceRow{
		issuer: r.unitOf(e.Issuer), document: r.documentAt.of(e.Document), origin: e.Origin, merge: r.merges(e.Merge),
		retained: r.values(e.Retained), reserve: r.values(e.Reserve), stated: r.values(e.Stated), channel: r.texts.word(e.Channel), source: issuance.Source(r.texts.word(string(e.Source))),
		sent: milli(e.Sent), part: e.Part, made: m.ordinal, stream: r.about(m, h),
	}
	row.id = r.streams[row.stream].name[len("issuance-"):]
	for _, b := range e.Basis {
		row.basis = append(row.basis, r.issuanceAt.of(b))
	}
	if a := e.Approval; a != nil {
		row.approval = &approvalRow{r.unitOf(a.By), a.Competence, a.Date, r.documentAt.of(a.Document), r.values(a.Covers), a.Resourced}
	}
	if row.document != none {
		d := &r.documents[row.document]
		d.issuances = append(d.issuances, h)
	}
	issuer := &r.units[row.issuer]
	row.before, issuer.issued = issuer.issued, h
	r.issuances = append(r.issuances, row)
	r.issuanceAt.put(h)
	r.enterLines(h, m, e.Lines)
	for _, k := range row.retained {
		r.joinGroup(h, k.measure)
	}
	r.issuances[h].concurrent = r.unseen(h, m)
	if e.Part != nil {
		r.moves(h, m) // it counts with the last part; its own dates are its own
		r.enterPart(h, m, e)
		return
	}
	r.change(h, m, func() {})
}

func (r *Rows) merges(e map[string]string) map[int32]string {
	if len(e) == 0 {
		return nil
	}
	merge := make(map[int32]string, len(e))
	for id, how := range e {
		merge[r.measureAt.of(id)] = how
	}
	return merge
}

// unseen lists what happened between an issuance's decision and its recording
// that the decision might have been refused for: to its bases, to its
// mandates, to what its issuer rests on the same bases.
func (r *Rows) unseen(h int32, m moment) []uint64 {
	row := &r.issuances[h]
	var events []uint64
	for _, b := range row.basis {
		events = append(events, r.history(r.issuances[b].stream)...)
	}
	for _, x := range row.mandates {
		events = append(events, r.mandates[x].withdrawn)
	}
	for x := h; x != none && r.issuances[x].made > m.DecidedAt; x = r.issuances[x].before {
		if slices.ContainsFunc(r.issuances[x].basis, func(b int32) bool { return slices.Contains(row.basis, b) }) {
			events = append(events, r.issuances[x].made)
		}
	}
	slices.Sort(events)
	return slices.DeleteFunc(slices.Compact(events), func(o uint64) bool { return o <= m.DecidedAt || o >= m.ordinal })
}

func (r *Rows) enterLines(h int32, m moment, lines []issuance.Line) {
	row := &r.issuances[h]
	row.first, row.n = int32(len(r.lines)), int32(len(lines))
	for _, l := range lines {
		r.enterLine(h, m.ordinal, l)
	}
	row = &r.issuances[h]
	row.sorted = slices.IsSortedFunc(r.lines[row.first:row.first+row.n], func(a, b lineRow) int { return cmp.Compare(a.to, b.to) })
}

func (r *Rows) enterLine(h int32, ordinal uint64, l issuance.Line) int32 {
	to := r.unitOf(l.To)
	line := int32(len(r.lines))
	r.lines = append(r.lines, lineRow{issuance: h, to: to, version: none, next: r.units[to].received})
	r.lines[line].version = r.version(line, ordinal, l)
	r.units[to].received = line
	return line
}

// version enters a line as one event left it.
func (r *Rows) version(line int32, ordinal uint64, l issuance.Line) int32 {
	h := r.lines[line].issuance
	v := versionRow{event: ordinal, first: int32(len(r.amounts)), count: int32(len(l.Amounts)), older: none, extra: none}
	for _, a := range l.Amounts {
		row := r.amount(a)
		r.amounts = append(r.amounts, row)
		r.carries(h, row.measure)
		r.joinGroup(h, row.measure)
		r.ask(line, row.measure)
	}
	if l.Due != nil || l.DirectedBy != "" || l.Authority != nil || len(l.Given) > 0 || len(l.Needed) > 0 {
		v.extra = int32(len(r.extras))
		r.extras = append(r.extras, extraRow{milli(l.Due), r.unitOf(l.DirectedBy), l.Authority, l.Given, l.Needed})
	}
	r.versions = append(r.versions, v)
	return int32(len(r.versions) - 1)
}

// carries links a mandate and the issuance that carries it.
func (r *Rows) carries(h, measure int32) {
	row, m := &r.issuances[h], r.measures[measure].mandate
	if slices.Contains(row.mandates, m) {
		return
	}
	row.mandates = append(row.mandates, m)
	r.mandates[m].issuances = append(r.mandates[m].issuances, h)
}

func (r *Rows) amount(a issuance.Amount) amountRow {
	measure := r.measureAt.of(a.Measure)
	row := amountRow{measure: measure, list: none}
	def := r.measures[measure].def
	switch {
	case def.Kind == mandate.Set:
		row.list = int32(len(r.lists))
		list := make([]int32, len(a.Items))
		for i, item := range a.Items {
			list[i] = r.item(item)
		}
		r.lists = append(r.lists, list)
	case def.IsFrequency():
		f, _ := exact.ParseFrequency(a.Value)
		row.value, row.days = exact.Decimal(f.Count), int32(f.Days)
	default:
		row.value = decimal(a.Value)
		row.base, row.hasBase = decimal(a.Base), a.Base != ""
	}
	return row
}

func (r *Rows) item(name string) int32 {
	if h := r.itemAt.of(name); h != none {
		return h
	}
	h := int32(len(r.items))
	r.items = append(r.items, r.texts.keep(name))
	r.itemAt.put(h)
	return h
}

func (r *Rows) values(amounts []issuance.Amount) []valueRow {
	var rows []valueRow
	for _, a := range amounts {
		v := r.amount(a)
		rows = append(rows, valueRow{v.measure, v.value, v.days})
	}
	return rows
}

// amended replaces a line, or brings a new one.
func (r *Rows) amended(m moment, e issuance.LineAmended) {
	h := r.subject(m)
	to := r.unitOf(e.Line.To)
	r.change(h, m, func() {
		line := r.lineTo(h, to)
		if line == none {
			line = r.enterLine(h, m.ordinal, e.Line)
			r.issuances[h].more = append(r.issuances[h].more, line)
			return
		}
		r.amendLine(line, m, e.Line)
	})
}

// amendLine enters a version where its effect stands: the newest is the one
// that takes effect last, of equals the one recorded last. No amendment takes
// effect before the line as it was made.
func (r *Rows) amendLine(line int32, m moment, l issuance.Line) {
	made := r.issuances[r.lines[line].issuance].made
	fresh := r.version(line, m.ordinal, l)
	at := &r.lines[line].version
	for *at != none && r.versions[*at].event != made && r.events[r.versions[*at].event-1].effective > m.Effective.UnixMilli() {
		at = &r.versions[*at].older
	}
	r.versions[fresh].older = *at
	*at = fresh
}

// enterPart adds a part to its sheet; with the last one all of them count.
func (r *Rows) enterPart(h int32, m moment, e issuance.Made) {
	key := sheetKey{r.issuances[h].issuer, e.Part.Of}
	s := r.sheets[key]
	if s == nil {
		s = &sheetRow{n: e.Part.N, parts: map[int]int32{}}
		r.sheets[key] = s
	}
	s.parts[e.Part.K] = h
	r.issuances[h].sheet = s
	if len(s.parts) < s.n {
		return
	}
	s.complete = m.ordinal
	for _, part := range s.parts { // the sheet takes effect with the last of them
		if at := time.UnixMilli(r.events[r.issuances[part].made-1].effective); at.After(m.Effective) {
			m.Effective = at
		}
	}
	for k := 1; k <= s.n; k++ {
		r.change(s.parts[k], m, func() {}) // a part that was taken back by now counts no more
	}
}

// inForce reports whether an issuance counts at a moment: made, whole, and
// not taken back.
func (r *Rows) inForce(h int32, at AsOf) bool {
	row := &r.issuances[h]
	if !r.sees(at, row.made) || row.withdrawn != 0 && r.changes(at, row.withdrawn) {
		return false
	}
	if row.sheet == nil {
		return true
	}
	if row.sheet.complete == 0 {
		return false
	}
	for _, part := range row.sheet.parts { // bounded by the parts a sheet may have
		if !r.sees(at, r.issuances[part].made) {
			return false
		}
	}
	return true
}
