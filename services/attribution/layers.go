package attribution

import "suyuan/services/exact"

// node is the layer of the step at the same index. Steps are in post-order, so the subtree of node k is [start, k]: its
// last branch ends at k-1, the one before that where this one starts.
type node struct {
	start   int
	left    exact.Rat // what later cuts have left of the addition
	brought exact.Rat // the share of the merge below it that came by this branch; set where there are several
}

// layer records the addition at the step just appended; a negative one cancels what is nearest above.
func (t *tracer) layer(start int, amount exact.Rat) error {
	t.nodes = append(t.nodes, node{start: start, left: atLeastZero(amount)})
	if amount.Sign() >= 0 {
		return nil
	}
	return t.cut(len(t.nodes)-1, amount.Neg())
}

// cut takes amount off the nearest layers, from node k upwards. Layers below a line add up to its value and no cut is
// larger than that, so nothing remains at the origin. The recursion is as deep as the chain at most.
func (t *tracer) cut(k int, amount exact.Rat) error {
	for !amount.IsZero() {
		n := &t.nodes[k]
		if err := t.charge(amount.BitLen() + n.left.BitLen()); err != nil {
			return err
		}
		if n.left.Cmp(amount) >= 0 {
			n.left = n.left.Sub(amount)
			return nil
		}
		amount = amount.Sub(n.left)
		n.left = exact.Rat{}
		last := k - 1
		switch {
		case last < n.start:
			return nil
		case t.nodes[last].start == n.start: // a single branch: go on up
			k = last
		default:
			return t.cutBranches(n.start, last, amount)
		}
	}
	return nil
}

// cutBranches divides a cut in proportion to what each branch brought. What is left of them is in the same proportion:
// all that ever cuts them together comes through here.
func (t *tracer) cutBranches(start, last int, amount exact.Rat) error {
	for last >= start {
		if err := t.cut(last, amount.Mul(t.nodes[last].brought)); err != nil {
			return err
		}
		last = t.nodes[last].start - 1
	}
	return nil
}

// layers are what the cuts have left, zeros left out.
func (t *tracer) layers() []Step {
	n := 0
	for i := range t.nodes {
		if !t.nodes[i].left.IsZero() {
			n++
		}
	}
	layers := make([]Step, 0, n)
	for i := range t.nodes {
		if s := t.steps[i]; !t.nodes[i].left.IsZero() {
			layers = append(layers, Step{Unit: s.Unit, Issuance: s.Issuance, Amount: t.nodes[i].left, BaseMismatch: s.BaseMismatch})
		}
	}
	return layers
}

// SumByUnit adds up the steps or layers of each unit, for display; a unit stands where it first stood, with that
// issuance, without a ratio.
func SumByUnit(steps []Step) []Step {
	sums := make([]Step, 0, len(steps))
	at := make(map[int32]int, len(steps))
	for _, s := range steps {
		i, seen := at[s.Unit]
		if !seen {
			at[s.Unit] = len(sums)
			sums = append(sums, Step{Unit: s.Unit, Issuance: s.Issuance, Amount: s.Amount, BaseMismatch: s.BaseMismatch})
			continue
		}
		sums[i].Amount = sums[i].Amount.Add(s.Amount)
		sums[i].BaseMismatch = sums[i].BaseMismatch || s.BaseMismatch
	}
	return sums
}

// Originating is the unit with the largest layer, its layers summed; of equals the one further upstream. False where
// there is no layer above 0.
func Originating(layers []Step) (unit int32, ok bool) {
	var most exact.Rat
	for _, s := range SumByUnit(layers) {
		if s.Amount.Cmp(most) > 0 {
			unit, most, ok = s.Unit, s.Amount, true
		}
	}
	return unit, ok
}
