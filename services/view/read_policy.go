package view

import (
	"cmp"
	"slices"
	"time"

	"suyuan/services/clarification"
	"suyuan/services/ledger"
	"suyuan/services/policy"
	"suyuan/services/unit"
	"suyuan/services/view/dossier"
)

// Policy is one version of a policy. Until is the last day on which it holds,
// nil while no later one was adopted.
type Policy struct {
	Name     string
	Version  int
	Title    string
	From     ledger.Date
	Until    *ledger.Date
	Values   map[string]string `graphql:"-"`
	Document *Document
	Event    EventRef
	Adopted  policy.Adopted `graphql:"-"`
}

// Reward is a reward that a unit above raised. Rule is the id of a rule.
type Reward struct {
	ID       string
	Unit     Unit
	Mandate  *Mandate
	Basis    *string
	Uplift   int64
	Amount   *string
	By       Unit
	Rule     string `graphql:"-"`
	Document *Document
	Event    EventRef
}

// Clarification clears a unit of what it was accused of.
type Clarification struct {
	ID         string
	Unit       Unit
	Matter     string
	Conclusion clarification.Conclusion
	Forms      []clarification.Form
	By         Unit
	Document   *Document
	Event      EventRef
}

// Policies are all versions of all policies, by name, the newest first.
func (r *Rows) Policies() []Policy {
	all := slices.Clone(r.dossier.Policies())
	slices.SortStableFunc(all, func(a, b dossier.Policy) int {
		return cmp.Or(cmp.Compare(slices.Index(policy.Names, a.Name), slices.Index(policy.Names, b.Name)), b.Version-a.Version)
	})
	return each(all, r.policyValue)
}

// Policy is a version of a policy; without a version, the one that holds on the
// day of the last entry. Nil where there is none.
func (r *Rows) Policy(name string, version int) *Policy {
	p, ok := r.dossier.PolicyVersion(name, version)
	if version == 0 {
		p, ok = r.dossier.Policy(name, r.today())
	}
	if !ok {
		return nil
	}
	v := r.policyValue(p)
	return &v
}

// today is the day of the last entry.
func (r *Rows) today() ledger.Date {
	if len(r.events) == 0 {
		return ""
	}
	return ledger.DateOf(time.UnixMilli(r.events[len(r.events)-1].recorded))
}

func (r *Rows) policyValue(p dossier.Policy) Policy {
	v := Policy{
		Name: p.Name, Version: p.Version, Title: p.Title, From: p.From, Values: p.Values, Document: r.Document(p.Document), Event: EventRef{p.Ordinal}, Adopted: p.Adopted,
	}
	if next, ok := r.dossier.PolicyVersion(p.Name, p.Version+1); ok {
		last := ledger.DateOf(next.From.Time().AddDate(0, 0, -1))
		v.Until = &last
	}
	return v
}

// Rewards are those raised, of a unit and all below it where one is named, the
// newest first.
func (r *Rows) Rewards(code string, p Paging) (Page[Reward], error) {
	return page(p, under(r.dossier.Rewards(), code, func(x dossier.Reward) string { return x.Unit }), func(x dossier.Reward) Reward {
		v := Reward{
			ID: x.ID, Unit: r.unitCalled(x.Unit), Mandate: r.Mandate(x.Mandate, Now), Basis: some(x.Basis), Uplift: x.Uplift, By: r.unitCalled(x.By), Rule: x.Rule,
			Document: r.Document(x.Document), Event: EventRef{x.Ordinal},
		}
		if amount, ok := x.Amount(); ok {
			v.Amount = some(amount.String())
		}
		return v
	})
}

// Clarifications are those issued, of a unit and all below it where one is
// named, the newest first.
func (r *Rows) Clarifications(code string, p Paging) (Page[Clarification], error) {
	return page(p, under(r.dossier.Clarifications(), code, func(x dossier.Clarification) string { return x.Unit }), func(x dossier.Clarification) Clarification {
		return Clarification{
			x.ID, r.unitCalled(x.Unit), x.Matter, x.Conclusion, append([]clarification.Form{}, x.Forms...), r.unitCalled(x.By), r.Document(x.Document), EventRef{x.Ordinal},
		}
	})
}

// under are those entries whose unit is one or lies below it, the newest first.
func under[T any](all []T, code string, of func(T) string) []T {
	var list []T
	for _, x := range slices.Backward(all) {
		if code == "" || unit.Contains(code, of(x)) {
			list = append(list, x)
		}
	}
	return list
}
