package graph

import (
	"maps"
	"slices"

	"suyuan/services/liability"
	"suyuan/services/policy"
	"suyuan/services/rule"
	"suyuan/services/view"
)

type (
	policyArgs struct {
		Name    string
		Version *int
	}
	rulesArgs  struct{ Kind *rule.Kind }
	ofUnitArgs struct {
		Unit  *string
		First int
		After *string
	}
)

func (a ofUnitArgs) page() view.Paging { return view.Paging{First: a.First, After: text(a.After)} }

type policyValue struct{ Key, Value string }

func valuesOf(_ *view.Rows, p view.Policy) []policyValue {
	list := []policyValue{}
	for _, key := range slices.Sorted(maps.Keys(p.Values)) {
		list = append(list, policyValue{key, p.Values[key]})
	}
	return list
}

// parametersOf are the parameters of JRA-1 under a version of its policy, nil
// for the one in force on the day of the last entry; where none is, they are
// those that were proposed.
func parametersOf(r *view.Rows, version *int) (liability.Parameters, *view.Policy, error) {
	under := r.Policy(policy.JRA1, 0)
	if version != nil {
		if under = r.Policy(policy.JRA1, *version); under == nil || *version == 0 {
			return liability.Parameters{}, nil, noVersion(*version)
		}
	}
	if under == nil {
		return liability.Proposed(), nil, nil
	}
	p, err := policy.Parameters(under.Adopted)
	return p, under, err
}

func policyOf(r *view.Rows, _ query, a policyArgs) (*view.Policy, error) {
	if a.Version == nil {
		return r.Policy(a.Name, 0), nil
	}
	if *a.Version < 1 {
		return nil, nil
	}
	return r.Policy(a.Name, *a.Version), nil
}

func rulesOf(_ *view.Rows, _ query, a rulesArgs) ([]ruleRow, error) {
	list := []ruleRow{}
	for _, x := range rule.All() {
		if a.Kind == nil || *a.Kind == x.Kind {
			list = append(list, *ruleOf(x, true))
		}
	}
	return list, nil
}
