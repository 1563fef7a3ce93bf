package liability

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"suyuan/services/exact"
)

// Answer is a result as worked examples write it: the masses, and points by
// unit in the order of the case.
func (r Result) Answer() Answer {
	if r.Outcome != "" {
		return Answer{Outcome: r.Outcome}
	}
	return Answer{Shortfall: r.Shortfall, Additions: r.Additions, Infeasible: r.Infeasible, Execution: r.Execution, Shares: r.Shares}
}

// Answer is the object a worked example expects.
type Answer struct {
	Outcome    string     `json:"outcome,omitempty"`
	Shortfall  *exact.Rat `json:"shortfall,omitempty"`
	Additions  *exact.Rat `json:"additions,omitempty"`
	Infeasible *exact.Rat `json:"infeasible,omitempty"`
	Execution  *exact.Rat `json:"execution,omitempty"`
	Shares     byUnit     `json:"shares,omitempty"`
}

type byUnit []Share

// MarshalJSON keeps the units in their order.
func (s byUnit) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, x := range s {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(x.Unit)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.WriteString(exact.FromInt(x.Points).String())
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Explained is all there is to say about a case: with it anybody can run the
// algorithm again and compare.
type Explained struct {
	Case        Case       `json:"case"`
	Parameters  Parameters `json:"parameters"`
	Answer      Answer     `json:"answer"`
	Masses      []Share    `json:"masses,omitempty"`
	Provisional bool       `json:"provisional,omitempty"`
	Flags       []Flag     `json:"flags,omitempty"`
	Lines       []Line     `json:"lines"`
}

// Explain puts a case, what it was divided under and what came out together.
func Explain(c Case, p Parameters) (Explained, error) {
	r, err := Divide(c, p)
	if err != nil {
		return Explained{}, err
	}
	c.Name, c.Expect = "", nil
	return Explained{Case: c, Parameters: p, Answer: r.Answer(), Masses: r.Shares, Provisional: r.Provisional, Flags: r.Flags, Lines: r.Lines}, nil
}

// Hash names an explanation: SHA-256 over its JSON, in which members stand in
// one order. The same case under the same parameters always has the same.
func (e Explained) Hash() (string, error) {
	text, err := json.Marshal(e)
	if err != nil {
		return "", err
	}
	h := sha256.Sum256(text)
	return hex.EncodeToString(h[:]), nil
}
