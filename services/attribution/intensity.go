package attribution

import "suyuan/services/exact"

// intensity appends the steps of the line and of everything above it, and returns where it began. An issuer that
// received nothing began it.
func (t *tracer) intensity(issuance int32, line Line) (Reference, error) {
	if err := t.enter(issuance); err != nil {
		return Reference{}, err
	}
	issuer := t.book.Issuer(issuance)
	low, received, err := t.gather(issuance, issuer)
	if err != nil {
		return Reference{}, err
	}
	high := len(t.branches)
	if low == high {
		t.leave()
		return Reference{Unit: issuer, Issuance: issuance, Value: line.Value}, nil
	}
	var began Reference
	for i := low; i < high; i++ {
		from, at := t.branches[i], len(t.steps)
		if i > low { // of a sum, the first branch's reference stays the reference: the other origins take part by a step
			t.steps = append(t.steps, Step{})
		}
		origin, err := t.intensity(from.issuance, from.line)
		switch {
		case err != nil:
			return Reference{}, err
		case i == low:
			began = origin
		default:
			t.steps[at] = Step{Unit: origin.Unit, Issuance: origin.Issuance, Amount: t.towardsHarder(origin.Value)}
		}
	}
	t.branches = t.branches[:low]
	step := Step{Unit: issuer, Issuance: issuance, Amount: t.towardsHarder(line.Value.Sub(received))}
	step.Ratio, step.HasRatio = step.Amount.Quo(received)
	t.steps = append(t.steps, step)
	t.leave()
	return began, t.charge(step.Amount.BitLen())
}

// towardsHarder turns an increase into a step: positive is harder.
func (t *tracer) towardsHarder(increase exact.Rat) exact.Rat {
	if t.harder == HarderLower {
		return increase.Neg()
	}
	return increase
}
