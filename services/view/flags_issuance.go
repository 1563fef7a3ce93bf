package view

import (
	"suyuan/services/attribution"
	"suyuan/services/exact"
)

// issuanceFlags are those an issuance has for the measure whoever received it.
func (b book) issuanceFlags(h int32) []Flag {
	r, row := b.rows, &b.rows.issuances[h]
	var flags []Flag
	if b.originOfRecord(h) {
		flags = append(flags, r.flag(NoBasis, row.issuer, h, "", "", append([]uint64{row.made}, b.lost(h)...)...))
	}
	if len(row.concurrent) > 0 {
		flags = append(flags, r.flag(Concurrent, row.issuer, h, "", "", append([]uint64{row.made}, row.concurrent...)...))
	}
	if !r.isSum(b.measure) {
		return flags
	}
	return append(append(flags, b.statedFlags(h)...), b.approvalFlags(h)...)
}

// lost are the events by which what an issuance rested on was taken back.
func (b book) lost(h int32) []uint64 {
	r, row := b.rows, &b.rows.issuances[h]
	var events []uint64
	for _, x := range row.basis {
		events = append(events, r.issuances[x].withdrawn)
		if v := r.versionAt(r.lineTo(x, row.issuer), b.at); v != none && r.versions[v].event != r.issuances[x].made {
			events = append(events, r.versions[v].event)
		}
	}
	return r.seen(b.at, events)
}

// statedFlags: a total that the paper states differs from what its lines come
// to.
func (b book) statedFlags(h int32) []Flag {
	r, row := b.rows, &b.rows.issuances[h]
	var flags []Flag
	for _, s := range row.stated {
		if sum := r.total(h, b.measure, b.at); s.measure == b.measure && sum.Rat().Cmp(exact.FromDecimal(s.value)) != 0 {
			flags = append(flags, r.flag(SumMismatch, row.issuer, h, s.value.String(), sum.String(), r.seen(b.at, r.history(row.stream))...))
		}
	}
	return flags
}

// approvalFlags: more was passed down than received without an approval, or
// beyond what the approval covers.
func (b book) approvalFlags(h int32) []Flag {
	r, g := b.rows, b.rows.groupOf(h, b.measure)
	if g == none || !r.inForce(h, b.at) {
		return nil
	}
	issuer, added := r.issuances[h].issuer, b.addition(g).amount
	if added.Sign() <= 0 {
		return nil
	}
	var events []uint64
	approved := false
	for _, x := range r.groups[g].members {
		if !b.isPart(x) {
			continue
		}
		events = append(events, r.issuances[x].made)
		approved = approved || r.issuances[x].approval != nil
	}
	if !approved {
		received := b.received(g)
		return []Flag{r.flag(OverReceived, issuer, h, received.Add(added).String(), received.String(), events...)}
	}
	if covered := b.covered(g, false); covered.Cmp(added) < 0 {
		return []Flag{r.flag(Unauthorised, issuer, h, added.String(), covered.String(), events...)}
	}
	return nil
}

// covered is how much of a group's addition is approved, and where it has to
// be, resourced.
func (b book) covered(g int32, resourced bool) exact.Rat {
	var sum exact.Rat
	for _, h := range b.rows.groups[g].members {
		if b.rows.issuances[h].approval == nil || !b.isPart(h) {
			continue
		}
		sum = sum.Add(b.rows.coveredBy(h, b.measure, resourced))
	}
	return sum
}

// coveredBy is how much of a measure one issuance's approval covers.
func (r *Rows) coveredBy(h, measure int32, resourced bool) exact.Rat {
	a := r.issuances[h].approval
	if a == nil || resourced && !a.resourced {
		return exact.Rat{}
	}
	for _, c := range a.covers {
		if c.measure == measure {
			return r.rat(amountRow{value: c.value, days: c.days})
		}
	}
	return exact.Rat{}
}

// baseMismatch: the bases on record did not come to what there was to pass on.
func (b book) baseMismatch(h int32) Flag {
	row := &b.rows.issuances[h]
	return b.rows.flag(BaseMismatch, row.issuer, h, "", "", b.rows.seen(b.at, b.rows.history(row.stream))...)
}

// IssuanceFlags are an issuance's flags over all its measures and receivers,
// each kind once unless it compares figures of a measure.
func (r *Rows) IssuanceFlags(i Issuance) []Flag {
	flags := []Flag{}
	seen := map[FlagCode]bool{}
	add := func(found ...Flag) {
		for _, f := range found {
			if f.Found != nil || !seen[f.Code] {
				flags = append(flags, f)
			}
			seen[f.Code] = true
		}
	}
	at := i.at.then()
	for line := range r.linesIn(i.h) {
		if r.versionAt(line, at) != none {
			add(r.skipLevel(i.h, r.lines[line].to)...)
		}
	}
	for _, g := range r.groupsAt(i.h, at) {
		b := r.book(r.groups[g].measure, at)
		add(b.issuanceFlags(i.h)...)
		if b.mismatched(i.h) {
			add(b.baseMismatch(i.h))
		}
	}
	return r.flagsThen(flags, at)
}

// mismatched asks attribution about one line: the answer is its group's.
func (b book) mismatched(h int32) (mismatch bool) {
	return b.rows.isSum(b.measure) && b.anyLine(h, func(line int32) bool {
		t, err := attribution.TraceLine(b, attribution.Divisible, 0, h, b.rows.lines[line].to)
		mismatch = t.BaseMismatch
		return err == nil
	}) && mismatch
}
