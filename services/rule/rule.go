// Package rule holds, as data, every rule that a finding may cite: law and
// regulations as paraphrased, documents, and the product's own rules, each
// with whether its article was read or is cited from memory.
//
// It has no state and decides nothing. A paraphrase is never the text of the
// law, and a product rule is never called law.
package rule

import (
	"slices"
	"strings"

	"suyuan/services/ledger"
	"suyuan/services/liability"
)

// Kind says how much weight a rule has.
type Kind string

// The kinds.
const (
	Law     Kind = "law"     // statutes, Party and State Council regulations
	Policy  Kind = "policy"  // notices, opinions, local practice as reported
	Product Kind = "product" // this product's own, versioned and shown: not law
)

// Rule is one place that can be cited. Where Verified is false, Unverified
// says exactly what was not read; it is shown as 未核验. A product rule has
// nothing to verify.
type Rule struct {
	ID         string      `json:"id"`
	Kind       Kind        `json:"-"` // of its file
	Source     ledger.Text `json:"source"`
	Article    ledger.Text `json:"article"` // "第17条", "Art. 17"; empty where the whole is meant
	Text       ledger.Text `json:"text"`    // a paraphrase, or what a product rule does
	Formula    string      `json:"formula"` // of a clause, in the letters of JRA-1; may be empty
	Verified   bool        `json:"verified"`
	Unverified ledger.Text `json:"unverified"`
}

// All lists every rule, law first, then policy, then the product's. The list
// is the caller's.
func All() []Rule { return slices.Clone(book().all) }

// Find finds a rule by its id.
func Find(id string) (Rule, bool) {
	i, ok := book().at[id]
	if !ok {
		return Rule{}, false
	}
	return book().all[i], true
}

// Clause is the product rule of a place in JRA-1. Every clause has one.
func Clause(c liability.Clause) Rule {
	r, _ := Find("jra1-" + strings.ToLower(strings.ReplaceAll(string(c), ".", "-")))
	return r
}
