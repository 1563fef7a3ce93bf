package portal

import (
	"slices"

	"suyuan/services/figure"
)

// clauseKeys are the clauses by the keys of their words.
var clauseKeys = map[string]string{
	"3.1.adder": "adder", "3.2.author": "author", "3.2.silent": "silent", "3.2.authors": "constraints", "3.2.demands": "demands", "3.3.executor": "executor",
	"3.3.owner": "owner", "3.4.falsifier": "falsifier", "3.4.inducer": "inducer", "conduct.P": "conduct", "conduct.group": "group", "retained": "retained",
	"unattributed": "unattributed",
}

// line is one clause as a sentence, with its formula and what it rests on.
func (e *explained) line(l explanationLine) whyLine {
	out := whyLine{Text: e.linkTerms(e.sentence(e.clause(l))), Clause: l.Clause, Terms: e.terms(l), Rule: l.Rule}
	if e.kind == "COMPETING" {
		for i, t := range out.Terms {
			if key, other := whenCompeting[t.Key]; other {
				out.Terms[i].Key = key
			}
		}
	}
	out.Formula, out.Figured = e.formula(l)
	for _, point := range e.Points {
		if slices.Contains(l.From, point.Field) {
			out.Points = append(out.Points, point)
		}
	}
	return out
}

// whenCompeting are terms that mean something else where several asked at once.
var whenCompeting = map[string]string{"infeasible": "beyond", "base": "askedAll"}

// says is a sentence with its terms still marked.
func (e *explained) says(key string, pairs ...any) string {
	text, err := e.s.book.Say(e.Lang, e.word(key), pairs...)
	if err != nil {
		panic(err)
	}
	return text
}

// clause says in a sentence what a clause did here.
func (e *explained) clause(l explanationLine) string {
	unit, by := e.label(l.Name, l.Unit), e.label(l.ByName, l.By)
	amount := e.size(figure.Parse(l.Amount))
	part := func(name string) string { return e.size(l.term(name)) }
	switch l.Clause {
	case "1.layer":
		return e.layer(l, unit)
	case "2.G", "2.GA", "2.GI", "2.GE":
		return e.missing(l, amount)
	case "3.1.adder":
		if l.term("layer").Cmp(l.term("layers")) == 0 {
			return e.says("why.adderAlone", "unit", unit, "amount", amount)
		}
		return e.says("why.adder", "unit", unit, "amount", amount, "total", part("GA"), "layer", part("layer"), "layers", part("layers"))
	case "3.2.author":
		return e.author(l, unit, amount)
	case "3.2.silent":
		key := "why.silent"
		if e.kind == "CONTRADICTION" {
			key = "why.silentContradiction"
		}
		return e.says(key, "unit", unit, "amount", amount, "pi", inPercent(l.term("π")), "cap", inPercent(l.term("cap")), "n", l.term("n").Short())
	case "3.2.authors":
		if l.term("rest").Cmp(figure.Of(1)) != 0 {
			return e.says("why.constraintsRest", "unit", unit, "amount", amount, "rest", part("rest"), "n", l.term("constraints").Short(), "all", l.term("all").Short())
		}
		return e.says("why.constraints", "unit", unit, "amount", amount, "n", l.term("constraints").Short(), "all", l.term("all").Short())
	case "3.2.demands":
		if of := e.partOf(l); of != "" {
			return e.says("why.demandsPart", "unit", unit, "part", of, "asked", part("d"), "all", part("Σd"), "total", part("GI"))
		}
		return e.says("why.demands", "unit", unit, "amount", amount, "asked", part("d"), "all", part("Σd"), "total", part("GI"))
	case "3.3.executor", "3.3.owner":
		return e.done(l, unit, amount)
	case "3.4.falsifier":
		return e.says("why.falsifier", "unit", unit, "amount", amount, "gap", part("G"), "mass", part("M"), "rate", inPercent(l.term("φ")))
	case "3.4.inducer":
		return e.says("why.inducer", "unit", unit, "amount", amount, "rate", inPercent(l.term("θ")), "mass", part("M"), "charged", part("charged"), "all", part("allCharged"))
	case "conduct.P":
		return e.conduct(l, unit, amount)
	case "conduct.group":
		return e.says("why.group", "unit", unit, "amount", amount)
	case "overruled":
		key := "why.overruled"
		if e.kind == "CONDUCT" {
			key = "why.stopOverruled"
		}
		return e.says(key, "unit", unit, "by", by, "amount", amount)
	case "retained":
		return e.says("why.retained", "unit", unit, "by", by, "amount", amount, "charge", part("charge"), "rate", inPercent(l.term("κ")))
	case "unattributed":
		return e.says("why.unattributed")
	}
	return e.says("why.other", "clause", l.Clause, "amount", amount)
}

// layer is what one unit asked for, or added.
func (e *explained) layer(l explanationLine, unit string) string {
	amount := figure.Parse(l.Amount)
	did := e.says("why.added")
	if e.measure != nil && !e.measure.Divisible() {
		did = e.says("why.tightened")
	}
	switch {
	case l.Name == unattributed:
		return e.says("why.above", "amount", e.value(amount))
	case e.began(l):
		return e.says("why.origin", "unit", unit, "amount", e.value(amount))
	case l.term("authorised").Sign() > 0:
		return e.says("why.approved", "unit", unit, "did", did, "amount", e.size(amount))
	}
	return e.unapproved(l, "unit", unit, "did", did, "amount", e.size(amount))
}

// unapproved says why an addition counts as one: nobody had approved it, or
// not in time, or it came without means. A what-if does not say which.
func (e *explained) unapproved(l explanationLine, pairs ...any) string {
	if len(e.Points) == 0 {
		return e.says("why.unapproved", pairs...)
	}
	for _, p := range e.Ignored {
		permitted := figure.Parse(p.Value)
		switch {
		case !slices.Contains(l.From, p.Field):
		case p.Says == "approved":
			return e.says("why.permittedAfter", pairs...)
		case p.Says == "approved_without_means" && permitted.Cmp(figure.Parse(l.Amount)) >= 0:
			return e.says("why.unresourced", pairs...)
		case p.Says == "approved_without_means":
			return e.says("why.unresourcedPart", append(pairs, "part", e.size(permitted))...)
		}
	}
	return e.says("why.unpermitted", pairs...)
}

// missing is how much is missing and of what kind it is.
func (e *explained) missing(l explanationLine, amount string) string {
	given := figure.Parse(l.Amount)
	switch l.Clause {
	case "2.G":
		demand, verified := e.value(l.term("D")), e.value(l.term("q"))
		switch {
		case given.Sign() <= 0:
			return e.says("why.noShortfall", "executor", e.executor, "demand", demand, "verified", verified)
		case e.kind == "COMPETING":
			return e.says("why.shortOfAll", "executor", e.executor, "demand", demand, "verified", verified, "gap", amount)
		}
		return e.says("why.shortfall", "executor", e.executor, "demand", demand, "verified", verified, "gap", amount)
	case "2.GA":
		if given.Sign() == 0 {
			return e.says("why.noAdditions")
		}
		return e.says("why.additions", "layers", e.size(l.term("layers")), "gap", e.size(l.term("G")), "amount", amount)
	case "2.GE":
		if given.Sign() == 0 {
			return e.says("why.noExecution")
		}
		return e.says("why.execution", "amount", amount)
	}
	base, capacity := e.value(l.term("base")), e.value(l.term("C"))
	over := l.term("base").Cmp(l.term("C")) > 0
	switch {
	case l.term("C").Absent():
		return e.says("why.capacityUnknown", "executor", e.executor)
	case e.kind == "COMPETING" && given.Sign() > 0:
		return e.says("why.tooMuchAtOnce", "executor", e.executor, "base", base, "capacity", capacity, "amount", amount)
	case e.kind == "COMPETING":
		return e.says("why.notTooMuch", "executor", e.executor, "base", base, "capacity", capacity)
	case given.Sign() > 0:
		return e.says("why.infeasible", "executor", e.executor, "base", base, "capacity", capacity, "amount", amount)
	case over:
		return e.says("why.usedUp", "executor", e.executor, "base", base, "capacity", capacity)
	}
	return e.says("why.feasible", "executor", e.executor, "base", base, "capacity", capacity)
}

func (e *explained) author(l explanationLine, unit, amount string) string {
	switch {
	case l.Name == unattributed:
		return e.says("why.authorNobody", "amount", amount)
	case l.term("above").Cmp(figure.Parse(l.Amount)) == 0 && l.term("above").Cmp(l.term("GI")) == 0:
		return e.says("why.authorAlone", "unit", unit, "amount", amount)
	case l.term("rest").Cmp(l.term("GI")) != 0:
		return e.says("why.authorRest", "unit", unit, "amount", amount, "total", e.size(l.term("GI")), "above", e.size(l.term("above")), "rest", e.size(l.term("rest")))
	}
	return e.says("why.author", "unit", unit, "amount", amount, "total", e.size(l.term("GI")), "above", e.size(l.term("above")))
}

// done is what was not done in carrying out, by the executor or the owner.
func (e *explained) done(l explanationLine, unit, amount string) string {
	lambda, adequacy := l.term("λ"), l.term("a")
	total := e.size(l.term("GE"))
	if e.kind == "COMPETING" {
		return e.says("why.executorAlone", "unit", unit, "amount", amount)
	}
	part := figure.Parse(lambda.Rat().Mul(lambda.Rat(), adequacy.Rat()).RatString())
	if l.Clause == "3.3.executor" && part.Cmp(figure.Of(1)) == 0 {
		return e.says("why.executorAll", "unit", unit, "duty", e.duty(lambda), "means", e.means(adequacy), "amount", amount)
	}
	if l.Clause == "3.3.executor" {
		return e.says("why.executor", "unit", unit, "total", total, "duty", e.duty(lambda), "means", e.means(adequacy), "part", inPercent(part), "amount", amount)
	}
	who := e.says("why.lead", "unit", unit)
	if !slices.Contains(l.From, "owner") {
		who = e.says("why.direct", "unit", unit)
	}
	if part.Sign() == 0 {
		return e.says("why.ownerAll", "executor", e.executor, "total", total, "duty", e.duty(lambda), "means", e.means(adequacy), "who", who, "amount", amount)
	}
	return e.says("why.ownerRest", "who", who, "amount", amount)
}

// duty is what λ says, means what a says.
func (e *explained) duty(lambda figure.Figure) string {
	switch {
	case slices.Contains(e.Flags, "DUTY_UNKNOWN"):
		return e.says("why.dutyUnknown", "part", inPercent(lambda))
	case lambda.Sign() == 0:
		return e.says("why.dutyNone")
	case lambda.Cmp(figure.Of(1)) == 0:
		return e.says("why.dutyOwn")
	}
	return e.says("why.dutyShared", "part", inPercent(lambda))
}

func (e *explained) means(adequacy figure.Figure) string {
	switch {
	case slices.Contains(e.Flags, "ADEQUACY_UNKNOWN"):
		return e.says("why.meansUnknown")
	case adequacy.Sign() == 0:
		return e.says("why.meansNone")
	case adequacy.Cmp(figure.Of(1)) != 0:
		return e.says("why.meansPart", "part", inPercent(adequacy))
	}
	return e.says(meansTaken[e.taken()])
}

// meansTaken are the words of means that count as given in full, by what of
// them is only taken as given.
var meansTaken = map[string]string{
	"": "why.meansAll", "A": "why.meansTakenA", "N": "why.meansTakenN", "R": "why.meansTakenR",
	"AN": "why.meansTakenAN", "AR": "why.meansTakenAR", "NR": "why.meansTakenNR", "ANR": "why.meansUnknown",
}

// taken are the letters of what is not on record and taken as given: A for the
// authority, N for notice, R for the resources.
func (e *explained) taken() (letters string) {
	for _, flag := range []string{"AUTHORITY_UNKNOWN", "NOTICE_UNKNOWN", "RESOURCES_UNKNOWN"} {
		if slices.Contains(e.Flags, flag) {
			letters += flag[:1]
		}
	}
	return letters
}

func (e *explained) conduct(l explanationLine, unit, amount string) string {
	power := e.enum("warnedPower", map[string]string{"1": "COORDINATE", "2": "SUPERVISE", "3": "STOP"}[l.term("s").Short()])
	if l.term("w").Cmp(figure.Of(1)) < 0 {
		return e.says("why.conductShort", "unit", unit, "power", power, "amount", amount)
	}
	return e.says("why.conduct", "unit", unit, "power", power, "amount", amount)
}
