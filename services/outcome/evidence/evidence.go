package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"suyuan/services/liability"
	"suyuan/services/outcome"
)

// Evidence is the case with what stands behind it.
type Evidence struct {
	Case   liability.Case `json:"case"`
	Points []Point        `json:"points"`
	// Originating is where the burden began: the unit with the largest layer,
	// for an accident who leads the task; empty where that is not on record.
	Originating string `json:"originating,omitempty"`
	// Provisional: the chain begins above what is on record.
	Provisional bool `json:"provisional,omitempty"`
	// newer is the version of the rules that this case took, where it is not the
	// first: see Method.
	newer int

	// Questions are for the reviewer; Ignored is what is on record but does not
	// count, with why. Neither is part of the explanation's hash.
	Questions []Question `json:"questions,omitempty"`
	Ignored   []Point    `json:"ignored,omitempty"`
}

// Point is one fact of the case: where it stands there, what it says, and the
// events it rests on.
type Point struct {
	// Field is the place in the case, as an explanation's lines name it:
	// "issued[1]", "overruled.990101001", "silent.…", "capacity".
	Field string `json:"field"`
	Unit  string `json:"unit,omitempty"` // whom it is about
	Says  Says   `json:"says"`
	// By is the other unit, Value the number or word that Says speaks of, Amount
	// another: what a unit added, the text of a condition.
	By       string  `json:"by,omitempty"`
	Value    string  `json:"value,omitempty"`
	Amount   string  `json:"amount,omitempty"`
	Events   []Event `json:"events,omitempty"`
	Document string  `json:"document,omitempty"`
	Rule     string  `json:"rule,omitempty"`   // id of the rule that lets it count
	Stated   bool    `json:"stated,omitempty"` // by a reviewer, from the document
}

// Question asks the reviewer what no event says.
type Question struct {
	Point outcome.Point `json:"point"`
	Unit  string        `json:"unit,omitempty"`
	Why   Why           `json:"why"`
	// By is the other unit that it is about, Value a number on record.
	By    string `json:"by,omitempty"`
	Value string `json:"value,omitempty"`
}

// Method is the newest version of these rules: of what counts as evidence and
// of the words the explanation says it in. Whoever changes what an explanation
// says for a case on record raises it, so that a hash made under another method
// is told from one that does not hold.
//
// A case that a change does not touch keeps the version that it always had, for
// its hash is what it was: see Explanation.Method. The second differs from the
// first in a date that passed one unit twice, which the first refused, and
// where one unit insisted several times, of which the first asked the last
// answer alone whether it was clearly illegal.
const Method = 2

// Policy is the version of the parameters to divide under.
type Policy struct {
	Name       string
	Version    int
	Parameters liability.Parameters
}

// Explanation is all there is to say about one outcome: with it anybody can
// tell why a unit bears its share, and from which events.
type Explanation struct {
	Outcome   string              `json:"outcome"`
	Policy    string              `json:"policy"`
	Version   int                 `json:"version"`
	Evidence  Evidence            `json:"evidence"`
	Explained liability.Explained `json:"explained"`
}

// Explain builds the case and divides it. What Build refuses, it refuses with
// the explanation's evidence as far as it was found.
func Explain(o outcome.State, r Record, p Policy) (Explanation, error) {
	e := Explanation{Policy: p.Name, Version: p.Version}
	if o.Penalised != nil {
		e.Outcome = o.Penalised.ID
	}
	var err error
	if e.Evidence, err = Build(o, r); err != nil {
		return e, err
	}
	e.Explained, err = liability.Explain(e.Evidence.Case, p.Parameters)
	e.Evidence.Provisional = e.Evidence.Provisional || e.Explained.Provisional
	return e, err
}

// Method is the version of the rules that the case took, or its refusal: the
// first, unless something of it is read otherwise since.
func (e Explanation) Method() int { return max(1, e.Evidence.newer) }

// Hash names the explanation: SHA-256 over its JSON without the questions and
// without what does not count. The same facts under the same policy have
// always the same, whenever they were read.
func (e Explanation) Hash() (string, error) {
	e.Evidence.Questions, e.Evidence.Ignored = nil, nil
	text, err := json.Marshal(e)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
