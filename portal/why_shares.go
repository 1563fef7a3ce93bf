package portal

import (
	"math/big"
	"slices"

	"suyuan/services/figure"
)

// chargedFor is what a line charges its unit for, with how much.
func (e *explained) chargedFor(l explanationLine) string {
	if of := e.partOf(l); of != "" {
		return e.say("because.demandsPart", "total", e.size(l.term("GI")), "part", of)
	}
	key := "share.for"
	if e.kind == "CONDUCT" {
		key = "share.forPoints"
	}
	return e.say(key, "what", e.because(l), "amount", e.size(figure.Parse(l.Amount)))
}

// inParts reports whether an amount is no whole number where all that was asked
// at once is counted in whole ones: nobody sends half a person to a meeting.
func (e *explained) inParts(amount figure.Figure) bool {
	if e.kind != "COMPETING" || amount.Rat().IsInt() {
		return false
	}
	at := slices.IndexFunc(e.Lines, func(l explanationLine) bool { return l.Clause == "2.G" })
	return at >= 0 && e.Lines[at].term("D").Rat().IsInt() && e.Lines[at].term("q").Rat().IsInt()
}

// partOf is what a line of demands charges as a part of what was too much; ""
// where it is said as an amount.
func (e *explained) partOf(l explanationLine) string {
	amount, total := figure.Parse(l.Amount), l.term("GI")
	if l.Clause != "3.2.demands" || !e.inParts(amount) || total.Sign() <= 0 {
		return ""
	}
	part := new(big.Rat).Quo(amount.Rat(), total.Rat())
	if part.Cmp(big.NewRat(1, 2)) == 0 {
		return e.say("why.half")
	}
	if part.Denom().Cmp(big.NewInt(9)) <= 0 {
		return part.RatString()
	}
	return inPercent(figure.Parse(part.RatString()))
}

// sparedLines say of those who knew of a danger and are charged with nothing
// why that is so.
func (e *explained) sparedLines() (out []whyLine) {
	if e.kind != "CONDUCT" {
		return nil
	}
	for _, s := range e.explanation.Shares {
		act, known := e.acts[s.Name]
		if !known || s.Name == unattributed || e.charges(s.Name) > 0 {
			continue
		}
		line := whyLine{}
		did := ""
		for _, p := range e.Points {
			if p.Field == "conduct."+s.Name {
				line.Points = append(line.Points, p)
				if p.Says == "did" && effectiveActs[p.Value] != "" {
					did = effectiveActs[p.Value]
				}
			}
		}
		unit, none := e.label(s.Name, s.Unit), e.size(figure.Of(0))
		text := e.says("why.noPoints", "unit", unit, "why", e.spared(s), "amount", none)
		if act.Effective && act.OverruledBy == "" && did != "" {
			text = e.says("why.noPointsDid", "unit", unit, "did", e.enum("warnedAct", did), "amount", none)
		}
		line.Text = e.linkTerms(e.sentence(text))
		out = append(out, line)
	}
	return out
}

// effectiveActs are the acts that can count as effective, as the evidence and as the
// words call them.
var effectiveActs = map[string]string{"stop_order": "STOP_ORDER", "escalation": "ESCALATION"}

// closing says how what each unit carries becomes its share, with the largest
// as an example.
func (e *explained) closing() string {
	if e.kind == "CONTRADICTION" {
		return e.say("why.sharesAlready")
	}
	var most share
	total, even := figure.Of(0), true
	for _, s := range e.explanation.Shares {
		mass := figure.Parse(s.Mass)
		total = total.Add(mass)
		if s.Name != unattributed && mass.Cmp(figure.Parse(most.Mass)) > 0 {
			most = s
		}
	}
	mass := figure.Parse(most.Mass)
	if mass.Sign() <= 0 || mass.Cmp(total) == 0 || e.inParts(mass) {
		return "" // none, one that carries all, or parts that were said as such
	}
	for _, s := range e.explanation.Shares {
		part := new(big.Rat).Quo(figure.Parse(s.Mass).Rat(), total.Rat())
		even = even && part.Mul(part, big.NewRat(10_000, 1)).IsInt()
	}
	key := e.word("why.sharesOfMissing")
	switch {
	case e.kind == "CONDUCT":
		key = "why.sharesOfPoints"
	case slices.ContainsFunc(e.Lines, func(l explanationLine) bool { return l.Clause == "3.4.falsifier" }):
		key = "why.sharesOfAll"
	}
	text := e.say(key, "total", e.size(total), "unit", e.label(most.Name, most.Unit), "part", mass.Short(), "all", total.Short())
	if !even {
		text += e.say("list.next") + e.say("why.sharesRounded")
	}
	return e.sentence(text)
}
