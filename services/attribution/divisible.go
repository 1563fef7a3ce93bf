package attribution

import "suyuan/services/exact"

// divisible takes an amount apart in the scale of the line traced: a factor is carried upwards and applied once to every
// step, where carrying every step down again at every level would be quadratic.
func (t *tracer) divisible(issuance, to int32, line Line) (Trace, error) {
	t.steps = make([]Step, 0, 8)
	var nodes [8]node
	var branches [8]branch
	t.nodes, t.branches = nodes[:0], branches[:0]
	if err := t.divide(issuance, to, line, exact.FromInt(1)); err != nil {
		return Trace{}, err
	}
	own := t.steps[len(t.steps)-1]
	return Trace{Value: line.Value, Steps: t.steps, Layers: t.layers(), BaseMismatch: own.BaseMismatch}, nil
}

// divide appends the steps of the line and of everything above it, times carry, and cuts the layers above where the issuer cut.
func (t *tracer) divide(issuance, to int32, line Line, carry exact.Rat) error {
	if err := t.enter(issuance); err != nil {
		return err
	}
	issuer := t.book.Issuer(issuance)
	low, received, err := t.gather(issuance, issuer)
	if err != nil {
		return err
	}
	base, mismatch := t.book.Totals(issuance).base(line, received)
	above := carry
	if received.IsZero() || !base.Equal(received) {
		share, _ := base.Quo(received) // nothing received: nothing is carried, and zeros stand for those above
		above = carry.Mul(share)
	}
	start, high := len(t.steps), len(t.branches)
	for i := low; i < high; i++ {
		from := t.branches[i]
		if err := t.divide(from.issuance, issuer, from.line, above); err != nil {
			return err
		}
		if high-low > 1 {
			t.nodes[len(t.nodes)-1].brought, _ = from.line.Value.Quo(received)
		}
	}
	t.branches = t.branches[:low]
	step := Step{Unit: issuer, Issuance: issuance, BaseMismatch: mismatch}
	added := line.Value.Sub(base)
	step.Ratio, step.HasRatio = added.Quo(base)
	step.Amount = added.Mul(carry)
	t.steps = append(t.steps, step)
	t.leave()
	if err := t.charge(step.Amount.BitLen() + above.BitLen()); err != nil {
		return err
	}
	return t.layer(start, step.Amount)
}

// base is b, the part of the line's value that was handed to the issuer, out of all it received; and whether bases on
// record had to be scaled. An issuer cannot hide an addition by recording it as base: bases always come to what is there to pass on.
func (g Totals) base(line Line, received exact.Rat) (exact.Rat, bool) {
	// The record refuses an issuer that keeps more than it received, but what it received may be lowered afterwards.
	pass := atLeastZero(received.Sub(g.Retained))
	rest := exact.Rat{} // for the lines without a base, if there is one that can take it
	if !g.ValueWithoutBase.IsZero() {
		rest = atLeastZero(pass.Sub(g.BaseOnRecord))
	}
	all := g.BaseOnRecord.Add(rest)
	if all.IsZero() {
		return exact.Rat{}, g.AnyBase && !pass.IsZero()
	}
	base := line.Base
	if !line.HasBase {
		share, _ := rest.Quo(g.ValueWithoutBase)
		base = line.Value.Mul(share)
	}
	if all.Equal(pass) {
		return base, false
	}
	scale, _ := pass.Quo(all)
	return base.Mul(scale), true
}

func atLeastZero(r exact.Rat) exact.Rat {
	if r.Sign() < 0 {
		return exact.Rat{}
	}
	return r
}
