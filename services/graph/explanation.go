package graph

import (
	"encoding/json"
	"slices"

	"suyuan/services/exact"
	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/rule"
	"suyuan/services/view"
)

// explanation is what JRA-1 gave, with all that it took.
type explanation struct {
	Hash        string
	Policy      *view.Policy
	Parameters  []policyValue
	NoShortfall bool
	Shortfall   *string
	Additions   *string
	Infeasible  *string
	Execution   *string
	Shares      []share
	Originating *view.Unit
	Provisional bool
	Flags       []liability.Flag
	Lines       []explanationLine
	Points      []evidencePoint
	Ignored     []evidencePoint
	Case        string
}

// explanationLine is one step of it.
type explanationLine struct {
	Clause  string
	Rule    *ruleRow
	Name    *string
	Unit    *view.Unit
	ByName  *string
	By      *view.Unit
	Terms   []explanationTerm
	Amount  string
	Charges bool
	From    []string
}

type explanationTerm struct{ Name, Value string }

// explained puts what JRA-1 gave into rows. policy is nil where the proposed
// parameters were used.
func explained(r *view.Rows, e liability.Explained, hash string, under *view.Policy) (explanation, error) {
	text, err := json.Marshal(e.Case)
	if err != nil {
		return explanation{}, err
	}
	a := e.Answer
	x := explanation{
		Hash: hash, Policy: under, NoShortfall: a.Outcome == liability.NoShortfall, Case: string(text),
		Shortfall: number(a.Shortfall), Additions: number(a.Additions), Infeasible: number(a.Infeasible), Execution: number(a.Execution),
		Provisional: e.Provisional, Flags: slices.Clone(e.Flags), Lines: make([]explanationLine, 0, len(e.Lines)), Points: []evidencePoint{}, Ignored: []evidencePoint{},
	}
	if x.Parameters, err = parameterValues(e.Parameters); err != nil {
		return explanation{}, err
	}
	shares := make([]finding.Share, 0, len(e.Masses))
	for _, s := range e.Masses {
		shares = append(shares, finding.Share{Unit: s.Unit, Points: s.Points, Mass: s.Mass.String()})
	}
	x.Shares = sharesOf(r, shares, func(*view.Rows) (liability.Explained, bool) { return e, true })
	for _, l := range e.Lines {
		x.Lines = append(x.Lines, lineOf(r, l))
	}
	return x, nil
}

func lineOf(r *view.Rows, l liability.Line) explanationLine {
	line := explanationLine{
		Clause: string(l.Clause), Rule: ruleOf(rule.Clause(l.Clause), true), Amount: l.Amount.String(), Charges: charging(l.Clause),
		Terms: make([]explanationTerm, 0, len(l.Terms)), From: slices.Clone(l.From),
	}
	if l.Unit != "" {
		line.Name, line.Unit = &l.Unit, r.Unit(l.Unit)
	}
	if l.By != "" {
		line.ByName, line.By = &l.By, r.Unit(l.By)
	}
	for _, t := range l.Terms {
		line.Terms = append(line.Terms, explanationTerm{t.Name, t.Value.String()})
	}
	return line
}

// charging reports whether a clause puts mass on a unit, or on nobody; the
// others only say what there is to be divided.
func charging(c liability.Clause) bool {
	switch c {
	case liability.ClauseLayer, liability.ClauseShortfall, liability.ClauseAdditions, liability.ClauseInfeasible, liability.ClauseExecution:
		return false
	}
	return true
}

func number(r *exact.Rat) *string {
	if r == nil {
		return nil
	}
	text := r.String()
	return &text
}

// parameterValues are the parameters by the names a policy has them under.
func parameterValues(p liability.Parameters) ([]policyValue, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	values := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &values); err != nil {
		return nil, err
	}
	list := []policyValue{}
	for _, key := range sortedFields(values) {
		value := string(values[key])
		var quoted string
		if json.Unmarshal(values[key], &quoted) == nil {
			value = quoted
		}
		list = append(list, policyValue{key, value})
	}
	return list, nil
}

// ruleRow is something that is cited.
type ruleRow struct {
	ID         string
	Source     ledger.Text
	Article    *ledger.Text
	Text       ledger.Text
	Formula    *string
	Verified   bool
	Unverified *ledger.Text
	Kind       rule.Kind
}

func ruleOf(x rule.Rule, ok bool) *ruleRow {
	if !ok || x.ID == "" {
		return nil
	}
	row := &ruleRow{ID: x.ID, Source: x.Source, Text: x.Text, Verified: x.Verified, Kind: x.Kind}
	if x.Article != (ledger.Text{}) {
		row.Article = &x.Article
	}
	if x.Formula != "" {
		row.Formula = &x.Formula
	}
	if x.Unverified != (ledger.Text{}) {
		row.Unverified = &x.Unverified
	}
	return row
}

// findRule is the rule of an id, nil for none.
func findRule(id string) *ruleRow { return ruleOf(rule.Find(id)) }
