package portal

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"suyuan/services/figure"
)

func itoa(n int) string { return strconv.Itoa(n) }

func ratio(n, d int) string { return fmt.Sprintf("%d/%d", n, d) }

// value is a figure of the measure itself: what was asked, delivered or could
// be done. Where less is harder the case counts downwards.
func (e *explained) value(f figure.Figure) string {
	if e.measure == nil {
		return f.Short()
	}
	if e.measure.Harder == "LOWER" {
		f = f.Neg()
	}
	return e.Page.size(*e.measure, f)
}

// size is a part of what is to be divided: a difference of the measure, points
// of an accident, or a part of the whole where requirements contradict.
func (e *explained) size(f figure.Figure) string {
	switch {
	case e.kind == "CONDUCT":
		return e.say("why.points", "n", f.Short())
	case e.kind == "CONTRADICTION":
		return inPercent(f)
	case e.measure == nil:
		return f.Short()
	case e.measure.Frequency():
		return e.say("rate.change", "number", f.Short())
	}
	return e.Page.size(*e.measure, f)
}

// inPercent is a part of a whole in per cent.
func inPercent(f figure.Figure) string {
	text := f.Percent()
	if rest, about := strings.CutPrefix(text, "≈"); about {
		return "≈" + strings.TrimPrefix(rest, "+")
	}
	return strings.TrimPrefix(text, "+")
}

// term is a number that a line's formula took; absent where it took none.
func (l explanationLine) term(name string) figure.Figure {
	for _, t := range l.Terms {
		if t.Name == name {
			return figure.Parse(t.Value)
		}
	}
	return figure.Figure{}
}

// formulas are the clauses' in their letters; those of a term's name in
// braces are filled in.
var formulas = map[string]string{
	"2.G": "{D} − {q}", "2.GA": "min({G}, {layers})", "2.GI": "min(max({base} − {C}, 0), {most})", "2.GE": "{G} − {GA} − {GI}",
	"3.1.adder": "{GA} × {layer} ÷ {layers}", "3.2.author": "{rest} × {above} ÷ {GI}", "3.2.silent": "{GI} × min({π} × {n}, {cap}) ÷ {n}",
	"3.2.authors": "{rest} × {constraints} ÷ {all}", "3.2.demands": "{GI} × {d} ÷ {Σd}",
	"3.3.executor": "{λ} × {a} × {GE}", "3.3.owner": "{GE} − {λ} × {a} × {GE}", "3.4.falsifier": "{φ} × {G}", "3.4.inducer": "{θ} × {M} × {charged} ÷ {allCharged}",
	"conduct.P": "100 × {s} × {k} × (1 − {e}) × {w}", "retained": "{κ} × {charge}",
}

// formula is a line's, with letters and with numbers; "" where the clause has
// none or where something else came off as well.
func (e *explained) formula(l explanationLine) (letters, numbers string) {
	f := formulas[l.Clause]
	if other, ok := downwardFormulas[l.Clause]; ok && e.downwards() {
		f = other
	}
	l = e.shown(l)
	amount := figure.Parse(l.Amount)
	switch {
	case l.Clause == "2.GI" && l.term("C").Absent():
		return "", ""
	case l.Clause == "2.GE" && l.term("GA").Absent():
		f = "{G} − {GI}"
	case l.Clause == "3.2.demands" && !product(l.term("GI"), l.term("d"), l.term("Σd")).same(amount):
		return "", ""
	case l.Clause == "3.4.falsifier" && l.term("M").Cmp(amount) != 0:
		f = "{M} − θ × {M}"
	}
	if f == "" {
		return "", ""
	}
	values := make([]string, 0, 2*len(l.Terms))
	for _, t := range l.Terms {
		text := figure.Parse(t.Value).Short()
		if strings.HasPrefix(text, "−") {
			text = "(" + text + ")"
		}
		values = append(values, "{"+t.Name+"}", text)
	}
	if numbers = strings.NewReplacer(values...).Replace(f); strings.Contains(numbers, "θ × ") && l.Clause == "3.4.falsifier" {
		numbers = ""
	}
	letters = strings.NewReplacer("{", "", "}", "").Replace(f)
	if numbers != "" {
		numbers += " = " + amount.Text()
	}
	return letters, numbers
}

// outcome of a product, for holding a formula against what came out.
type computed struct{ r *big.Rat }

func product(a, b, by figure.Figure) computed {
	if by.Sign() == 0 {
		return computed{}
	}
	r := new(big.Rat).Mul(a.Rat(), b.Rat())
	return computed{r.Quo(r, by.Rat())}
}

func (c computed) same(f figure.Figure) bool { return c.r != nil && c.r.Cmp(f.Rat()) == 0 }

// letters are the terms' names by the keys of their words.
var letters = map[string]string{
	"D": "demand", "q": "verified", "G": "gap", "layers": "layers", "base": "base", "C": "capacity", "most": "most",
	"GA": "additions", "GI": "infeasible", "GE": "execution", "layer": "layer", "above": "above", "rest": "rest", "π": "pi", "n": "count", "cap": "cap",
	"constraints": "constraints", "all": "all", "d": "asked", "Σd": "askedAll", "λ": "lambda", "a": "adequacy", "φ": "phi", "M": "mass", "θ": "theta",
	"charged": "charged", "allCharged": "allCharged", "s": "power", "k": "knew", "e": "effective", "w": "window", "κ": "kappa", "charge": "charge",
}

// terms are a line's numbers with what they mean.
func (e *explained) terms(l explanationLine) (out []whyTerm) {
	for _, t := range e.shown(l).Terms {
		if key, ok := letters[t.Name]; ok && l.Clause != "1.layer" { // the sentence says it
			out = append(out, whyTerm{t.Name, e.named("whyTerm", key), figure.Parse(t.Value).Text()})
		}
	}
	return out
}
