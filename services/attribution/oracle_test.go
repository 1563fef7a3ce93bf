package attribution

import (
	"testing"

	"suyuan/services/exact"

	"pgregory.net/rapid"
)

// The oracle does what design.md says, level by level and in every line's own scale, from the case itself.

type layerTree struct {
	unit     string
	own      exact.Rat
	branches []*layerTree
}

func (n *layerTree) total() exact.Rat {
	sum := n.own
	for _, b := range n.branches {
		sum = sum.Add(b.total())
	}
	return sum
}

func (n *layerTree) scale(f exact.Rat) {
	n.own = n.own.Mul(f)
	for _, b := range n.branches {
		b.scale(f)
	}
}

func (n *layerTree) cut(amount exact.Rat) {
	if n.own.Cmp(amount) >= 0 {
		n.own = n.own.Sub(amount)
		return
	}
	amount = amount.Sub(n.own)
	n.own = exact.Rat{}
	all := n.total()
	for _, b := range n.branches {
		share, _ := b.total().Quo(all)
		b.cut(amount.Mul(share))
	}
}

func (n *layerTree) list(to []CaseStep) []CaseStep {
	for _, b := range n.branches {
		to = b.list(to)
	}
	if !n.own.IsZero() {
		to = append(to, CaseStep{n.unit, n.own})
	}
	return to
}

func num(text string) exact.Rat {
	r, _ := exact.ParseRat(text) // "" is 0
	return r
}

// oracleSources are the lines of the bases that count, with their issuances.
func oracleSources(c Case, in CaseIssuance) (from []CaseIssuance, lines []CaseLine) {
	for _, id := range in.Basis {
		for _, e := range c.Issuances {
			l, ok := find(e, in.Issuer)
			if e.ID != id || !ok {
				continue
			}
			switch {
			case in.Merge != "strictest" || len(from) == 0:
				from, lines = append(from, e), append(lines, l)
			case num(l.Value).Cmp(num(lines[0].Value)) > 0:
				from, lines = []CaseIssuance{e}, []CaseLine{l}
			}
		}
	}
	return from, lines
}

func oracleReceived(c Case, in CaseIssuance) (sum exact.Rat) {
	_, lines := oracleSources(c, in)
	for _, l := range lines {
		sum = sum.Add(num(l.Value))
	}
	return sum
}

// oracleBases gives the base of every line of the issuance's group, by issuance and unit.
func oracleBases(c Case, in CaseIssuance) (bases map[Place]exact.Rat, mismatch bool) {
	var group []CaseIssuance
	pass := oracleReceived(c, in)
	for _, e := range c.Issuances {
		if groupKey(e) == groupKey(in) {
			group = append(group, e)
			pass = pass.Sub(num(e.Retained))
		}
	}
	var onRecord, without exact.Rat
	any := false
	for _, e := range group {
		for _, l := range e.Lines {
			if l.Base != "" {
				any, onRecord = true, onRecord.Add(num(l.Base))
			} else {
				without = without.Add(num(l.Value))
			}
		}
	}
	bases = map[Place]exact.Rat{}
	var all exact.Rat
	for _, e := range group {
		for _, l := range e.Lines {
			b := num(l.Base)
			if l.Base == "" {
				b, _ = num(l.Value).Mul(atLeastZero(pass.Sub(onRecord))).Quo(without)
			}
			bases[Place{e.ID, l.To}] = b
			all = all.Add(b)
		}
	}
	if all.Equal(pass) || all.IsZero() {
		return bases, any && !pass.IsZero() && all.IsZero()
	}
	scale, _ := pass.Quo(all)
	for p := range bases {
		bases[p] = bases[p].Mul(scale)
	}
	return bases, true
}

func oracle(c Case, in CaseIssuance, line CaseLine) (steps []CaseStep, layers *layerTree, mismatch bool) {
	bases, mismatch := oracleBases(c, in)
	base := bases[Place{in.ID, line.To}]
	received := oracleReceived(c, in)
	carried, _ := base.Quo(received)
	layers = &layerTree{unit: in.Issuer}
	from, lines := oracleSources(c, in)
	for i := range from {
		above, tree, _ := oracle(c, from[i], lines[i])
		for _, s := range above {
			steps = append(steps, CaseStep{s.Unit, s.Amount.Mul(carried)})
		}
		tree.scale(carried)
		layers.branches = append(layers.branches, tree)
	}
	added := num(line.Value).Sub(base)
	if added.Sign() >= 0 {
		layers.own = added
	} else {
		layers.cut(added.Neg())
	}
	return append(steps, CaseStep{in.Issuer, added}), layers, mismatch
}

func TestDivisibleAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cascade(t)
		if c.Kind != "divisible" {
			t.Skip()
		}
		results, additions := table(t, c)
		for _, in := range c.Issuances {
			sum := exact.Rat{}
			for _, e := range c.Issuances {
				if groupKey(e) == groupKey(in) {
					sum = sum.Add(num(e.Retained))
					for _, l := range e.Lines {
						sum = sum.Add(num(l.Value))
					}
				}
			}
			sum = sum.Sub(oracleReceived(c, in))
			if got, ok := additions[in.ID]; ok != (len(in.Basis) > 0) || ok && !got.Equal(sum) {
				t.Fatalf("%s adds %v, oracle %v\n%s", in.ID, got, sum, text(c))
			}
			for _, l := range in.Lines {
				steps, layers, mismatch := oracle(c, in, l)
				value := num(l.Value)
				want := Result{Issuance: in.ID, Unit: l.To, Value: &value, Steps: steps, Layers: layers.list([]CaseStep{}), Flags: []string{}}
				if mismatch {
					want.Flags = append(want.Flags, FlagBaseMismatch)
				}
				if got := results[Place{in.ID, l.To}]; text(got) != text(want) {
					t.Fatalf("%s to %s\n   got %s\noracle %s\n%s", in.ID, l.To, text(got), text(want), text(c))
				}
			}
		}
	})
}
