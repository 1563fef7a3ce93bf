package breakdown

import (
	"math/big"
	"slices"
	"strings"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
)

// change plans what differs from the record: parts that an interrupted run
// left out, lines that changed, lines that are new.
func (p *planner) change(lines []Line) error {
	type place struct {
		on   *Record
		line issuance.Line
	}
	at := map[string]place{}
	for _, r := range p.on {
		for _, l := range r.Lines {
			at[l.To] = place{r, l}
		}
	}
	if err := p.missing(lines); err != nil {
		return err
	}
	var fresh []Line
	for _, l := range lines {
		old, ok := at[l.To]
		if !ok {
			fresh = append(fresh, l)
			continue
		}
		merged, changed, err := p.sheet.merge(old.line, l)
		if err != nil {
			return err
		}
		if !changed {
			p.plan.Same++
			continue
		}
		p.plan.Changed++
		if err := p.amend(old.on, merged, l.At); err != nil {
			return err
		}
	}
	p.plan.Added = len(fresh)
	fresh, err := p.parts(fresh)
	if err != nil {
		return err
	}
	return p.bring(fresh)
}

// parts makes the parts that are not on record from lines that are not, and
// returns those left over.
func (p *planner) parts(fresh []Line) ([]Line, error) {
	first := p.on[0].Part
	if first == nil || first.Of != p.h.ID { // not in parts, or one part by itself
		return fresh, nil
	}
	said := p.h
	p.h = p.h.asOnRecord(p.on[0])
	defer func() { p.h = said }()
	p.plan.Parts = first.N
	var open []int
	for k := 1; k <= first.N; k++ {
		if !slices.ContainsFunc(p.on, func(r *Record) bool { return r.Part != nil && r.Part.K == k }) {
			open = append(open, k)
		}
	}
	if len(open) > len(fresh) {
		return nil, ledger.Refuse("breakdown.parts_missing", "表 %[1]s 还缺 %[2]d 个部分没有登记，而这份文件里没有它们的行；请用当初那份文件。", "%[2]d parts of sheet %[1]s are not on record and this file has no lines for them; take the file it began with.", p.h.ID, len(open))
	}
	for i, k := range open {
		n := min(len(p.chunks(fresh)[0]), len(fresh)-(len(open)-1-i))
		if err := p.make(PartID(p.h.ID, k), fresh[:n], &issuance.Part{Of: p.h.ID, K: k, N: first.N}, k == 1); err != nil {
			return nil, err
		}
		fresh = fresh[n:]
	}
	return fresh, nil
}

// bring adds lines to an issuance that has room for them.
func (p *planner) bring(fresh []Line) error {
	room := map[*Record]int{}
	for _, r := range p.on {
		room[r] = issuance.MaxLines - len(r.Lines)
	}
	for _, l := range fresh {
		to := slices.MaxFunc(p.on, func(a, b *Record) int { return room[a] - room[b] })
		if room[to] == 0 {
			return ledger.Refuse("breakdown.full", "下达 %[1]s 已满 %[2]d 行，放不下新增的单位；请把新增的部分另编一个编号下达。", "Issuance %[1]s is full with %[2]d lines; hand the new receivers down under another id.", p.h.ID, issuance.MaxLines)
		}
		room[to]--
		if err := p.amend(to, l.Line, l.At); err != nil {
			return err
		}
	}
	return nil
}

// merge is the line on record with what the sheet says put in: what the sheet
// has no column for stays.
func (s *Sheet) merge(old issuance.Line, row Line) (issuance.Line, bool, error) {
	out := old
	out.Amounts = nil
	changed := false
	for _, a := range old.Amounts {
		i := slices.IndexFunc(s.opt.Measures, func(m Measure) bool { return m.ID() == a.Measure })
		set, stated := s.Columns[i]
		if !stated {
			out.Amounts = append(out.Amounts, a)
			continue
		}
		j := slices.IndexFunc(row.Amounts, func(b issuance.Amount) bool { return b.Measure == a.Measure })
		if j < 0 {
			changed = true
			continue
		}
		b := row.Amounts[j]
		if set.base < 0 {
			b.Base = a.Base
		}
		if sameAmount(a, b) {
			b = a
		} else {
			changed = true
		}
		out.Amounts = append(out.Amounts, b)
	}
	for _, b := range row.Amounts {
		if !slices.ContainsFunc(old.Amounts, func(a issuance.Amount) bool { return a.Measure == b.Measure }) {
			out.Amounts = append(out.Amounts, b)
			changed = true
		}
	}
	if (s.HasDue || s.opt.Due != nil) && !sameTime(old.Due, row.Due) {
		out.Due, changed = row.Due, true
	}
	return out, changed, s.spare(old, row, changed)
}

// spare refuses to write anew a frequency that the sheet does not show: the
// record is read in lowest terms, and twice in 14 days is not the same duty as
// once in 7.
func (s *Sheet) spare(old issuance.Line, row Line, changed bool) error {
	if !changed {
		return nil
	}
	for _, a := range old.Amounts {
		i := slices.IndexFunc(s.opt.Measures, func(m Measure) bool { return m.ID() == a.Measure })
		if _, stated := s.Columns[i]; !stated && strings.Contains(a.Value, "/") {
			return ledger.Refuse("breakdown.frequency_hidden", "第 %[1]d 行要变更，而这一单位还有频次指标 %[2]s 没有列在表中；请把这一列也列上。", "Row %[1]d changes, and its unit has the frequency %[2]s too, which the sheet leaves out; add that column.", row.At, a.Measure)
		}
	}
	return nil
}

func sameAmount(a, b issuance.Amount) bool {
	if len(a.Items) > 0 || len(b.Items) > 0 {
		return slices.Equal(asSet(a.Items), asSet(b.Items))
	}
	return sameValue(a.Value, b.Value) && (a.Base == "") == (b.Base == "") && (a.Base == "" || sameValue(a.Base, b.Base))
}

// asSet is a list of items as a sheet can hold it.
func asSet(items []string) []string {
	return slices.Sorted(slices.Values(itemsOf(strings.Join(items, "\n") + "\n")))
}

// sameValue compares decimals, and frequencies as so many in a time.
func sameValue(a, b string) bool {
	x, okx := new(big.Rat).SetString(a)
	y, oky := new(big.Rat).SetString(b)
	return okx && oky && x.Cmp(y) == 0
}

// sameTime compares to the millisecond, which is what the record answers with.
func sameTime(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Truncate(time.Millisecond).Equal(b.Truncate(time.Millisecond))
}
