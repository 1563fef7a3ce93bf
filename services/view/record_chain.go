package view

import (
	"slices"

	"suyuan/services/attribution"
	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/outcome"
	"suyuan/services/outcome/evidence"
)

// maxChain bounds the issuances that are looked at above one line of which
// nothing is to be measured.
const maxChain = 256

// book is one measure as it stood at the outcome. Where nothing of it changed
// since, that is how it stands now, which costs less to ask.
func (g *gathering) book(measure int32) book {
	at := g.at
	if g.r.measures[measure].settledBy(at) {
		at = Now
	}
	return g.r.book(measure, at)
}

// chain finds the line by which the executor was asked and who stands above
// it.
func (g *gathering) chain() error {
	if g.p.Kind == outcome.Competing {
		g.demands()
		return nil
	}
	if g.mandate == none {
		return nil
	}
	if g.measure == none {
		g.unmeasured()
		return nil
	}
	b := g.book(g.measure)
	lines := g.named(b.linesOf(g.executor))
	if len(lines) > 1 {
		return ledger.Refuse("outcome.several_issuances", "%[1]s 当时从 %[2]d 份文件接到这项指标，本条没有写明是哪一份；请重新登记并写明 issuance。",
			"%[1]s was asked for this by %[2]d issuances, and the outcome does not say which; record it anew and name the issuance.", g.p.Unit, len(lines)).At("issuance")
	}
	if len(lines) == 0 {
		return nil
	}
	g.line = lines[0]
	b.known = &bases{}
	got, err := attribution.TraceLine(b, g.r.kind(g.measure), g.r.harder(g.measure), g.r.lines[g.line].issuance, g.executor)
	if err != nil {
		return tooMuch(err)
	}
	w := newWalk(b, got, g.line)
	g.path = w.path
	g.steps(w, got)
	g.out.Provisional = slices.ContainsFunc(w.path, b.originOfRecord)
	return nil
}

// named are the lines that the outcome can be about: those of the issuance it
// names, else those that were on record when it was recorded. What comes on
// record later is no reason to read it otherwise.
func (g *gathering) named(lines []int32) []int32 {
	r := g.r
	those := func(fits func(h int32) bool) (out []int32) {
		for _, line := range lines {
			if fits(r.lines[line].issuance) {
				out = append(out, line)
			}
		}
		return out
	}
	if g.p.Issuance != "" {
		return those(func(h int32) bool { return r.issuances[h].id == g.p.Issuance })
	}
	row, _ := r.dossier.Outcome(g.p.ID)
	if row == nil {
		return lines
	}
	if then := those(func(h int32) bool { return r.issuances[h].made < row.Ordinal() }); len(then) > 0 {
		return then
	}
	return lines
}

// steps are attribution's, by name.
func (g *gathering) steps(w walk, got attribution.Trace) {
	b := w.b
	g.out.Linear = true
	var units []int32
	roots := 0
	add := func(unit, issuance int32, amount exact.Rat) {
		s := g.step(w, unit, issuance, amount)
		if s.Root {
			roots++
		}
		if slices.Contains(units, unit) || unit == g.executor {
			g.out.Linear = false
		}
		units = append(units, unit)
		g.out.Steps = append(g.out.Steps, s)
	}
	def := &g.r.measures[g.measure].def
	if g.r.kind(g.measure) == attribution.Intensity {
		value := got.Reference.Value
		g.out.Reference, g.out.Lower, g.out.Frequency = &value, g.r.harder(g.measure) == attribution.HarderLower, def.IsFrequency()
		add(got.Reference.Unit, got.Reference.Issuance, exact.Rat{})
	}
	for _, s := range got.Steps {
		add(s.Unit, s.Issuance, s.Amount)
	}
	g.out.Linear = g.out.Linear && roots == 1
	for _, l := range got.Layers {
		s := g.step(w, l.Unit, l.Issuance, l.Amount)
		if !s.Root {
			step := g.stepOf(l.Issuance)
			s.Approved, s.Permitted = smaller(l.Amount, g.approved(b, l.Issuance, step, true)), smaller(l.Amount, g.approved(b, l.Issuance, step, false))
		}
		g.out.Layers = append(g.out.Layers, s)
	}
}

// stepOf is what was added by an issuance on the executor's line before later
// cuts.
func (g *gathering) stepOf(issuance int32) exact.Rat {
	i := slices.IndexFunc(g.out.Steps, func(s evidence.Step) bool { return s.Issuance == g.r.issuances[issuance].id && s.Amount.Sign() > 0 })
	if i < 0 {
		return exact.Rat{}
	}
	return g.out.Steps[i].Amount
}

func (g *gathering) step(w walk, unit, issuance int32, amount exact.Rat) evidence.Step {
	row := &g.r.issuances[issuance]
	s := evidence.Step{
		Unit: g.r.code(unit), Issuance: row.id, Document: g.r.documentID(row.document), DirectedBy: g.directed(w, issuance),
		Amount: amount, Root: len(w.b.Basis(issuance)) == 0, Source: string(row.source), Events: g.r.evidenceOfAll(w.events(issuance)),
	}
	if !s.Root {
		s.Approved, s.Permitted = g.approved(w.b, issuance, amount, true), g.approved(w.b, issuance, amount, false)
	}
	return s
}

// directed is the unit whose order an issuance carried out on the line down
// this path.
func (g *gathering) directed(w walk, h int32) string {
	var few [4]int32
	for _, to := range w.receivers(h, few[:0]) {
		if x := g.extra(h, to); x != nil && x.directedBy != none {
			return g.r.code(x.directedBy)
		}
	}
	return ""
}

// extra is what a line said besides its amounts, nil where it said nothing.
func (g *gathering) extra(h, to int32) *extraRow {
	line := g.r.lineTo(h, to)
	if line == none {
		return nil
	}
	v := g.r.versionAt(line, g.at)
	if v == none || g.r.versions[v].extra == none {
		return nil
	}
	return &g.r.extras[g.r.versions[v].extra]
}

// approved is how much of a positive step was approved and, where that is
// asked for, came with means. Of what is divided an approval covers so much of
// all that the group adds, and of each line its part. Whether the step's own
// issuance was on record in time evidence looks at; another one of the group
// counts only if it was.
func (g *gathering) approved(b book, h int32, amount exact.Rat, resourced bool) exact.Rat {
	if amount.Sign() <= 0 {
		return exact.Rat{}
	}
	if !g.r.isSum(g.measure) {
		return smaller(amount, g.r.coveredBy(h, g.measure, resourced))
	}
	group := g.r.groupOf(h, g.measure)
	var covered exact.Rat
	for _, x := range g.r.groups[group].members {
		if b.isPart(x) && (x == h || g.r.changes(g.at, g.r.issuances[x].made)) {
			covered = covered.Add(g.r.coveredBy(x, g.measure, resourced))
		}
	}
	if covered.IsZero() {
		return exact.Rat{}
	}
	added := b.addition(group).amount
	if added.Cmp(covered) <= 0 {
		return amount
	}
	part, _ := covered.Quo(added)
	return amount.Mul(part)
}

// unmeasured finds who stands above the executor where nothing is measured:
// who passed the task on to whom.
func (g *gathering) unmeasured() {
	r := g.r
	var lines []int32
	for line := r.units[g.executor].received; line != none; line = r.lines[line].next {
		if r.inForce(r.lines[line].issuance, g.at) && g.carries(r.versionAt(line, g.at)) {
			lines = append(lines, line)
		}
	}
	slices.Reverse(lines)
	if lines = g.named(lines); len(lines) == 0 {
		return
	}
	g.line = lines[0]
	b := r.book(r.mandates[g.mandate].measures[0], g.at) // one measure may stand as it did and the rest of a line not
	for _, line := range lines {                         // without a measure one line is as good as another: all of them speak
		g.upward(b, r.lines[line].issuance)
	}
	w := walk{r, b, g.path, g.line}
	g.out.Linear = true
	var units []int32
	for _, h := range g.path {
		s := g.step(w, r.issuances[h].issuer, h, exact.Rat{})
		if slices.Contains(units, r.issuances[h].issuer) {
			g.out.Linear = false
		}
		units = append(units, r.issuances[h].issuer)
		g.out.Steps = append(g.out.Steps, s)
		g.out.Provisional = g.out.Provisional || b.originOfRecord(h)
	}
}

// carries reports whether a line asks for anything of the mandate.
func (g *gathering) carries(version int32) bool {
	if version == none {
		return false
	}
	v := g.r.versions[version]
	return slices.ContainsFunc(g.r.amounts[v.first:v.first+v.count], func(a amountRow) bool {
		return g.r.measures[a.measure].mandate == g.mandate
	})
}

// upward puts the issuances above one, and itself last, on the path.
func (g *gathering) upward(b book, h int32) {
	if slices.Contains(g.path, h) || len(g.path) >= maxChain {
		return
	}
	for _, x := range b.Basis(h) { // ends: a basis was on record before what rests on it
		g.upward(b, x)
	}
	if !slices.Contains(g.path, h) {
		g.path = append(g.path, h)
	}
}

// demands are what the competing issuances asked, with all that stands above
// each.
func (g *gathering) demands() {
	if g.measure == none {
		return
	}
	for _, id := range g.p.Competing {
		h := g.r.issuanceAt.of(id)
		if h == none || !g.r.inForce(h, g.at) {
			continue
		}
		line := g.r.lineTo(h, g.executor)
		if line == none {
			continue
		}
		v := g.r.versionAt(line, g.at)
		a, ok := g.asked(v)
		if !ok {
			continue
		}
		row := &g.r.issuances[h]
		refs := []EventRef{{row.made}}
		if e := g.r.versions[v].event; e != row.made {
			refs = append(refs, EventRef{e})
		}
		g.out.Demands = append(g.out.Demands, evidence.Demand{Unit: g.r.code(row.issuer), Issuance: id, Amount: g.r.rat(a), Events: g.r.evidenceOfAll(refs)})
		g.competing = append(g.competing, line)
		g.upward(g.book(a.measure), h)
	}
}

// asked is what a line asks of the outcome's measure, or of the measure that
// another mandate has under the same key: tasks compete from several mandates.
func (g *gathering) asked(version int32) (amountRow, bool) {
	if a, ok := g.r.amountIn(version, g.measure); ok || version == none {
		return a, ok
	}
	v := g.r.versions[version]
	for _, a := range g.r.amounts[v.first : v.first+v.count] {
		if g.r.sameMeasure(a.measure, g.measure) {
			return a, true
		}
	}
	return amountRow{}, false
}

// sameMeasure reports whether two mandates measure the same under one key.
func (r *Rows) sameMeasure(a, b int32) bool {
	x, y := &r.measures[a].def, &r.measures[b].def
	return x.Key == y.Key && x.Kind == y.Kind && x.Unit == y.Unit
}
