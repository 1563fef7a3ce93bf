package view

import (
	"slices"

	"suyuan/services/attribution"
)

// walk turns what attribution found along a path into what people read.
type walk struct {
	r    *Rows
	b    book
	path []int32 // issuances that had a part, upstream first, the line's own last
	line int32
}

func newWalk(b book, t attribution.Trace, line int32) walk {
	h := b.rows.lines[line].issuance
	return walk{b.rows, b, b.path(t, h), line}
}

// path lists the issuances that had a part in a trace. Of several bases of
// which one governs, the others have none.
func (b book) path(t attribution.Trace, h int32) []int32 {
	if b.rows.kind(b.measure) == attribution.Set {
		return b.chain(h)
	}
	path := make([]int32, 0, len(t.Steps)+1)
	if b.rows.kind(b.measure) == attribution.Intensity {
		path = append(path, t.Reference.Issuance)
	}
	var seen map[int32]bool // of a long path
	for _, s := range t.Steps {
		switch {
		case len(path) < few && slices.Contains(path, s.Issuance), seen[s.Issuance]:
			continue
		case len(path) == few:
			seen = map[int32]bool{}
			for _, x := range path {
				seen[x] = true
			}
		}
		if path = append(path, s.Issuance); seen != nil {
			seen[s.Issuance] = true
		}
	}
	return path
}

// chain lists the issuances above one, itself last, each once.
func (b book) chain(h int32) []int32 {
	var order []int32
	seen := map[int32]bool{}
	var up func(h int32)
	up = func(h int32) { // bounded: TraceLine has walked the same chain within its bounds
		if seen[h] {
			return
		}
		seen[h] = true
		for _, x := range b.Basis(h) {
			if _, ok := b.Line(x, b.Issuer(h)); ok {
				up(x)
			}
		}
		order = append(order, h)
	}
	up(h)
	return order
}

func (w walk) step(s attribution.Step) Step {
	out := w.plain(s)
	out.Ratio = stepRatio(s)
	origin := len(w.b.Basis(s.Issuance)) == 0
	switch sign := s.Amount.Sign(); {
	case origin && w.r.kind(w.b.measure) == attribution.Divisible:
		out.Kind = Origin
	case sign > 0:
		out.Kind = Adds
	case sign < 0:
		out.Kind = Relieves
	default:
		out.Kind = Unchanged
	}
	out.Authorised = out.Kind != Adds || w.authorised(s)
	return out
}

// layer is what is left of an addition: its step, with what is left.
func layer(l attribution.Step, steps []Step) Step {
	i := slices.IndexFunc(steps, func(s Step) bool { return s.issuance == l.Issuance && (s.Kind == Origin || s.Kind == Adds) })
	out := steps[i]
	out.Amount, out.Ratio = l.Amount.String(), nil
	return out
}

func (w walk) plain(s attribution.Step) Step {
	row := &w.r.issuances[s.Issuance]
	return Step{
		Unit: w.r.unitThen(s.Unit, w.b.at), Level: w.r.units[s.Unit].level, Amount: s.Amount.String(), Source: row.source,
		Events: w.events(s.Issuance), issuance: s.Issuance, at: carry(w.b.at),
	}
}

// authorised: the addition is covered by an approval that brought the means.
// Of divisible measures the whole group's addition counts, of intensities the
// step's.
func (w walk) authorised(s attribution.Step) bool {
	r := w.r
	if r.kind(w.b.measure) != attribution.Divisible {
		return r.coveredBy(s.Issuance, w.b.measure, true).Cmp(s.Amount) >= 0
	}
	g := r.groupOf(s.Issuance, w.b.measure)
	return w.b.covered(g, true).Cmp(w.b.addition(g).amount) >= 0
}

// events of a figure: the issuance, its line along this path, its approval's
// paper speaks through the issuance itself.
func (w walk) events(h int32) []EventRef {
	refs := make([]EventRef, 1, 2)
	refs[0] = EventRef{w.r.issuances[h].made}
	var receivers [4]int32
	for _, to := range w.receivers(h, receivers[:0]) {
		line := w.r.lineTo(h, to)
		if line == none {
			continue
		}
		if v := w.r.versionAt(line, w.b.at); v != none && !slices.Contains(refs, EventRef{w.r.versions[v].event}) {
			refs = append(refs, EventRef{w.r.versions[v].event})
		}
	}
	return refs
}

// receivers of an issuance along the path: the unit traced, or the issuers of
// what rests on it, put behind to.
func (w walk) receivers(h int32, to []int32) []int32 {
	if h == w.path[len(w.path)-1] {
		return append(to, w.r.lines[w.line].to)
	}
	for _, x := range w.path {
		if issuer := w.r.issuances[x].issuer; slices.Contains(w.r.issuances[x].basis, h) && !slices.Contains(to, issuer) {
			to = append(to, issuer)
		}
	}
	return to
}

func (w walk) items(items []attribution.Owned) []SetItem {
	return each(items, func(o attribution.Owned) SetItem {
		out := SetItem{Item: w.r.items[o.Item], Units: []Unit{}, Documents: []Document{}, Events: []EventRef{}}
		for _, a := range o.Owners {
			if u := w.r.unitThen(a.Unit, w.b.at); !slices.ContainsFunc(out.Units, func(x Unit) bool { return x.h == u.h }) {
				out.Units = append(out.Units, u)
			}
			if d := w.r.documentThen(w.r.issuances[a.Issuance].document, w.b.at); d != nil && !slices.ContainsFunc(out.Documents, func(x Document) bool { return x.h == d.h }) {
				out.Documents = append(out.Documents, *d)
			}
			out.Events = append(out.Events, w.events(a.Issuance)...)
		}
		return out
	})
}

func (w walk) reliefs(reliefs []attribution.Relief) []Relief {
	return each(reliefs, func(x attribution.Relief) Relief {
		return Relief{w.r.items[x.Item], w.r.unitThen(x.By.Unit, w.b.at), w.r.documentThen(w.r.issuances[x.By.Issuance].document, w.b.at), w.events(x.By.Issuance)}
	})
}
