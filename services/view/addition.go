package view

import (
	"slices"

	"suyuan/services/attribution"
	"suyuan/services/exact"
)

// take adds a line's amount, or takes it out.
func (s *sums) take(a amountRow, isSum bool, sign int) {
	s.lines += int32(sign)
	if !isSum {
		return
	}
	addTo(&s.value, a.value, sign)
	if !a.hasBase {
		addTo(&s.withoutBase, a.value, sign)
		return
	}
	addTo(&s.based, a.base, sign)
	s.withBase += int32(sign)
}

func (s *sums) keep(k valueRow, sign int) { addTo(&s.retained, k.value, sign) }

// empty: nothing of the measure is passed down or kept.
func (s *sums) empty() bool { return s.lines == 0 && s.retained.Sign() == 0 }

func addTo(s *exact.Sum, d exact.Decimal, sign int) {
	if sign > 0 {
		s.Add(d)
	} else {
		s.Sub(d)
	}
}

// sumsOf adds a group up as of the book's moment: kept up to date for now,
// else added up once a question.
func (b book) sumsOf(g int32) *sums {
	row := &b.rows.groups[g]
	if b.at == Now {
		return &row.sums
	}
	if s, ok := b.past[g]; ok {
		return s
	}
	s := &sums{}
	for _, h := range row.members {
		if b.rows.inForce(h, b.at) {
			b.addIssuance(s, h)
		}
	}
	b.past[g] = s
	return s
}

func (b book) addIssuance(s *sums, h int32) {
	for line := range b.rows.linesIn(h) {
		if a, ok := b.amountOf(line); ok {
			s.take(a, b.rows.isSum(b.measure), +1)
		}
	}
	for _, k := range b.rows.issuances[h].retained {
		if k.measure == b.measure {
			s.keep(k, +1)
		}
	}
}

// rests reports whether any basis of a group brings its mandate. Without one
// the mandate begins with the issuer: what it asks for is no addition.
func (b book) rests(g int32) bool {
	row := &b.rows.groups[g]
	return slices.ContainsFunc(row.basis, func(x int32) bool { return b.brings(x, row.issuer) })
}

// addition is what a group adds: kept up to date for now, else worked out.
func (b book) addition(g int32) addition {
	if b.at == Now {
		return b.rows.groups[g].addition
	}
	return b.weigh(g)
}

// weigh works out what a group adds, nothing where it passes nothing down or
// rests on nothing.
func (b book) weigh(g int32) addition {
	s := b.sumsOf(g)
	if s.empty() || !b.rests(g) {
		return addition{}
	}
	switch b.rows.kind(b.measure) {
	case attribution.Divisible:
		amount := s.value.Rat().Add(s.retained.Rat()).Sub(b.received(g))
		return addition{amount, amount.Sign() > 0}
	case attribution.Intensity:
		return addition{harder: b.tightens(g)}
	}
	return addition{harder: b.widens(g)}
}

// received is R of a group of a divisible measure. Issuances of one group that
// merge differently are read the way that does not depend on which came
// first: the strictest governs where any of them says so.
func (b book) received(g int32) exact.Rat {
	if h := b.speaker(g); h != none {
		if received, err := attribution.Received(b, h); err == nil { // merge is checked before it is recorded
			return received
		}
	}
	return exact.Rat{}
}

// speaker is the issuance of a group whose merge counts for all of it.
func (b book) speaker(g int32) int32 {
	first := none
	for _, h := range b.rows.groups[g].members {
		if !b.isPart(h) {
			continue
		}
		if b.rows.issuances[h].merge[b.measure] == "strictest" {
			return h
		}
		if first == none {
			first = h
		}
	}
	return first
}

// isPart reports whether an issuance of a group passes anything of the measure
// down, or keeps it, at the book's moment.
func (b book) isPart(h int32) bool {
	return b.rows.inForce(h, b.at) &&
		(b.anyLine(h, func(line int32) bool { _, ok := b.amountOf(line); return ok }) ||
			slices.ContainsFunc(b.rows.issuances[h].retained, func(k valueRow) bool { return k.measure == b.measure }))
}

// tightens reports whether any line of an intensity is harder than what its
// issuer received. Where it received nothing, the requirement begins there.
func (b book) tightens(g int32) bool {
	return slices.ContainsFunc(b.rows.groups[g].members, func(h int32) bool {
		if !b.rows.inForce(h, b.at) {
			return false
		}
		received, ok := b.strictest(h)
		return ok && b.anyLine(h, func(line int32) bool {
			a, ok := b.amountOf(line)
			return ok && b.stricter(b.rows.rat(a), received)
		})
	})
}

// strictest is what an issuer received of an intensity, as the issuance merges
// its bases.
func (b book) strictest(h int32) (received exact.Rat, any bool) {
	for _, x := range b.Basis(h) {
		line, ok := b.Line(x, b.Issuer(h))
		switch {
		case !ok:
			continue
		case any && b.Merge(h) == attribution.MergeSum:
			received = received.Add(line.Value)
		case !any || b.stricter(line.Value, received):
			received = line.Value
		}
		any = true
	}
	return received, any
}

func (b book) stricter(x, than exact.Rat) bool {
	if b.rows.harder(b.measure) == attribution.HarderLower {
		return x.Cmp(than) < 0
	}
	return x.Cmp(than) > 0
}

// widens reports whether any line of a set asks for what its issuer did not
// receive.
func (b book) widens(g int32) bool {
	row := &b.rows.groups[g]
	got := map[int32]bool{}
	for _, x := range row.basis {
		if _, ok := b.Line(x, row.issuer); ok {
			for _, item := range b.Items(x, row.issuer) {
				got[item] = true
			}
		}
	}
	return slices.ContainsFunc(row.members, func(h int32) bool {
		return b.rows.inForce(h, b.at) && b.anyLine(h, func(line int32) bool {
			a, ok := b.amountOf(line)
			return ok && slices.ContainsFunc(b.rows.lists[a.list], func(item int32) bool { return !got[item] })
		})
	})
}

// anyLine asks about an issuance's lines until one fits.
func (b book) anyLine(h int32, fits func(line int32) bool) bool {
	for line := range b.rows.linesIn(h) {
		if fits(line) {
			return true
		}
	}
	return false
}

// amountOf is what a line asks of the measure at the book's moment.
func (b book) amountOf(line int32) (amountRow, bool) {
	return b.rows.amountIn(b.rows.versionAt(line, b.at), b.measure)
}
