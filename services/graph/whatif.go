package graph

import (
	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/view"
)

// mostLines bounds what a what-if answers with: charges that move from unit to
// unit make many.
const mostLines = 600

type whatIfArgs struct {
	Case    string
	Version *int
}

// whatIf divides a case that is asked and not recorded.
func whatIf(r *view.Rows, _ query, a whatIfArgs) (explanation, error) {
	c, err := hypothesis(a.Case)
	if err != nil {
		return explanation{}, err
	}
	parameters, adopted, err := parametersOf(r, a.Version)
	if err != nil {
		return explanation{}, err
	}
	e, err := liability.Explain(c, parameters)
	if err != nil {
		return explanation{}, unsound(err)
	}
	if len(e.Lines) > mostLines {
		return explanation{}, ledger.Errorf(ledger.Invalid, "whatif.lines", "试算结果过长，超过 %d 步；请减少单位，或用 suyuan liability 计算。", "The result takes more than %d steps; name fewer units, or work it out with `suyuan liability`.", mostLines).At("units")
	}
	hash, err := e.Hash()
	if err != nil {
		return explanation{}, err
	}
	return explained(r, e, hash, adopted)
}
