package view

import (
	"slices"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/assignment"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// facts answers what decisions ask, for every subject. It is used only while
// the rows stand still.
type facts struct{ r *Rows }

// Unit finds a unit by its code.
func (f facts) Unit(code string) (unit.Fact, bool) {
	h := f.r.unitOf(code)
	if h == none {
		return unit.Fact{}, false
	}
	u := &f.r.units[h]
	return unit.Fact{Code: u.code, Name: u.name, Level: u.level, Parent: f.r.code(u.parent), Merged: u.into != none, Into: f.r.code(u.into)}, true
}

// HasDocument reports whether a document is on record.
func (f facts) HasDocument(id string) bool {
	return f.r.documentAt.of(id) != none
}

// CountsTimes reports whether a measure counts times in days; known is false for
// what is no measure on record.
func (f facts) CountsTimes(measure string) (times, known bool) {
	h := f.r.measureAt.of(measure)
	return h != none && f.r.measures[h].def.IsFrequency(), h != none
}

// OfFile is the document a stored file belongs to.
func (f facts) OfFile(blob string) (string, bool) {
	h, ok := f.r.fileAt[blob]
	if !ok {
		return "", false
	}
	return f.r.documents[h].id, true
}

// Mandate finds a mandate by its id.
func (f facts) Mandate(id string) (issuance.MandateFact, bool) {
	h := f.r.mandateAt.of(id)
	if h == none {
		return issuance.MandateFact{}, false
	}
	m := &f.r.mandates[h]
	fact := issuance.MandateFact{Origin: f.r.code(m.origin), Withdrawn: m.withdrawn != 0, Measures: map[string]mandate.Measure{}}
	for _, x := range m.measures {
		fact.Measures[f.r.measures[x].def.Key] = f.r.measures[x].def
	}
	return fact, true
}

// Issuance finds an issuance by its id.
func (f facts) Issuance(id string) (issuance.Fact, bool) {
	h := f.r.issuanceAt.of(id)
	if h == none {
		return issuance.Fact{}, false
	}
	row := &f.r.issuances[h]
	merge := map[string]string{}
	for m, how := range row.merge {
		merge[f.r.measures[m].id] = how
	}
	return issuance.Fact{
		ID: row.id, Issuer: f.r.code(row.issuer), InForce: f.r.inForce(h, Now), Withdrawn: row.withdrawn != 0, Basis: f.ids(row.basis), Merge: merge,
	}, true
}

// Addressed reports whether an issuance has a line to a unit, in force or not.
func (f facts) Addressed(id, code string) bool {
	h := f.r.issuanceAt.of(id)
	return h != none && f.r.lineTo(h, f.r.unitOf(code)) != none
}

func (f facts) ids(handles []int32) []string {
	var ids []string
	for _, h := range handles {
		ids = append(ids, f.r.issuances[h].id)
	}
	return ids
}

// Received is what an issuance in force asks of a unit.
func (f facts) Received(id, code string) []issuance.Amount {
	h := f.r.issuanceAt.of(id)
	if h == none || !f.r.inForce(h, Now) {
		return nil
	}
	line := f.r.lineTo(h, f.r.unitOf(code))
	if line == none {
		return nil
	}
	v := f.r.versions[f.r.lines[line].version]
	var amounts []issuance.Amount
	for _, a := range f.r.amounts[v.first : v.first+v.count] {
		amount := issuance.Amount{Measure: f.r.measures[a.measure].id}
		switch {
		case a.list != none:
			for _, item := range f.r.lists[a.list] {
				amount.Items = append(amount.Items, f.r.items[item])
			}
		case a.days > 0:
			amount.Value = exact.Frequency{Count: int64(a.value), Days: int64(a.days)}.String()
		default:
			amount.Value = a.value.String()
		}
		amounts = append(amounts, amount)
	}
	return amounts
}

// Resting lists what an issuer rests on a basis for a measure.
func (f facts) Resting(issuer, basis, measure string) []string {
	i, m := f.r.unitOf(issuer), f.r.measureAt.of(measure)
	var ids []string
	b := f.r.issuanceAt.of(basis)
	if b == none {
		return nil
	}
	for _, g := range f.r.issuances[b].resting {
		row := &f.r.groups[g]
		if row.issuer != i || row.measure != m {
			continue
		}
		for _, h := range row.members {
			if f.r.issuances[h].withdrawn == 0 {
				ids = append(ids, f.r.issuances[h].id)
			}
		}
	}
	return ids
}

// Kept lists what the issuer keeps of a measure on exactly this basis.
func (f facts) Kept(issuer string, basis []string, measure, except string) []string {
	handles := make([]int32, len(basis))
	for i, b := range basis {
		handles[i] = f.r.issuanceAt.of(b)
	}
	m := f.r.measureAt.of(measure)
	g := f.r.groupWith(f.r.unitOf(issuer), m, handles)
	if g == none {
		return nil
	}
	var kept []string
	for _, h := range f.r.groups[g].members {
		row := &f.r.issuances[h]
		if row.withdrawn != 0 || row.id == except {
			continue
		}
		for _, k := range row.retained {
			if k.measure == m {
				kept = append(kept, k.value.String())
			}
		}
	}
	return kept
}

// Issuers lists every unit that issued something on the chain above an
// issuance, itself included.
func (f facts) Issuers(id string) []string {
	var codes []string
	seen := map[int32]bool{}
	pending := []int32{f.r.issuanceAt.of(id)}
	for len(pending) > 0 { // ends: each issuance is taken once
		h := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		if h == none || seen[h] {
			continue
		}
		seen[h] = true
		codes = append(codes, f.r.code(f.r.issuances[h].issuer))
		pending = append(pending, f.r.issuances[h].basis...)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// Sheet tells which parts of a sheet are in.
func (f facts) Sheet(issuer, of string) (issuance.Sheet, bool) {
	s := f.r.sheets[sheetKey{f.r.unitOf(issuer), of}]
	if s == nil {
		return issuance.Sheet{}, false
	}
	sheet := issuance.Sheet{N: s.n, Parts: map[int]string{}}
	for k, h := range s.parts {
		sheet.Parts[k] = f.r.issuances[h].id
	}
	return sheet, true
}

// Line finds the line an assignment rests on.
func (f facts) Line(id, code string) (assignment.LineFact, bool) {
	h := f.r.issuanceAt.of(id)
	if h == none {
		return assignment.LineFact{}, false
	}
	line := f.r.lineTo(h, f.r.unitOf(code))
	if line == none {
		return assignment.LineFact{}, false
	}
	v := f.r.versions[f.r.lines[line].version]
	fact := assignment.LineFact{Issuer: f.r.code(f.r.issuances[h].issuer), InForce: f.r.inForce(h, Now) && v.count > 0}
	if v.extra != none {
		fact.DirectedBy = f.r.code(f.r.extras[v.extra].directedBy)
	}
	for _, a := range f.r.amounts[v.first : v.first+v.count] {
		fact.Measures = append(fact.Measures, f.r.measures[a.measure].id)
	}
	return fact, true
}

// HandedTo follows accepted handoffs of a duty from a unit on.
func (f facts) HandedTo(duty, from string) []string {
	var reached []string
	pending := []int32{f.r.unitOf(from)}
	seen := map[int32]bool{}
	for len(pending) > 0 { // ends: each unit is taken once
		u := pending[0]
		pending = pending[1:]
		if u == none || seen[u] {
			continue
		}
		seen[u] = true
		for _, h := range f.r.units[u].rest().handoffs {
			row := &f.r.handoffs[h]
			if row.from == u && row.duty == duty && row.state == "accepted" {
				reached = append(reached, f.r.code(row.to))
				pending = append(pending, row.to)
			}
		}
	}
	return reached
}

// Root is the Merkle root over the first size events.
func (f facts) Root(size uint64) (ledger.Hash, error) { return f.r.tree.Root(int64(size)) }

// CheckpointKey is the key notes must be signed with.
func (f facts) CheckpointKey() string { return f.r.verifier }

func (r *Rows) code(h int32) string {
	if h == none {
		return ""
	}
	return r.units[h].code
}
