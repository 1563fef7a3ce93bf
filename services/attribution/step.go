package attribution

// OwnStep is the last of the steps that TraceLine finds: what the line's own issuer added, without the chain above. It is
// false where TraceLine has no such step: for sets, for an intensity that begins with the issuer, and where TraceLine
// answers with an error that lies in the line itself (what is wrong further up is not looked at).
func OwnStep(b Book, kind Kind, harder Harder, issuance, to int32) (Step, bool) {
	line, ok := b.Line(issuance, to)
	if !ok || kind == Set {
		return Step{}, false
	}
	t := tracer{book: b, kind: kind, harder: harder, work: maxWork}
	var branches [8]branch
	t.branches = branches[:0]
	issuer := b.Issuer(issuance)
	_, received, err := t.gather(issuance, issuer)
	if err != nil {
		return Step{}, false
	}
	step := Step{Unit: issuer, Issuance: issuance}
	of := received
	switch {
	case kind == Divisible:
		of, step.BaseMismatch = b.Totals(issuance).base(line, received)
		step.Amount = line.Value.Sub(of)
	case len(t.branches) == 0:
		return Step{}, false
	default:
		step.Amount = t.towardsHarder(line.Value.Sub(received))
	}
	step.Ratio, step.HasRatio = step.Amount.Quo(of)
	return step, true
}
