package portal

import (
	"fmt"

	"suyuan/services/ledger"
)

// parametersOf are the numbers of each policy, all of which a version gives.
var parametersOf = map[string][]string{
	"jra-1": {"silentPassThrough", "silentCap", "illegalOrderRetention", "coOwnedDefault", "falsificationMass", "inducement", "minimumReactionMinutes"},
	"terms": {"objectionDays", "noticeDays", "extensionDays", "mirrorDays", "appealDays", "appealDecisionDays"},
}

// policyNames are the policies in their order, with the keys of their words.
var policyNames = [][2]string{{"jra-1", "jra1"}, {"terms", "terms"}}

// policiesDo adopts a version.
func (s *site) policiesDo(p *Page) (reply, error) {
	if err := p.needs(ledger.Admin); err != nil {
		return reply{}, err
	}
	view, err := s.policiesView(p)
	if err != nil {
		return reply{}, err
	}
	f, err := p.posted()
	if err != nil {
		return reply{}, err
	}
	got, err := p.do(&view.Acts, f, nil, seals{})
	if err != nil {
		return shown("policies", view, err)
	}
	return got, nil
}

// all are the forms of whoever may adopt a policy: one for each, filled in
// with what holds now.
func (v *policiesPage) all() []act {
	if !v.Actor.Is(ledger.Admin) {
		return nil
	}
	var all []act
	for i, name := range policyNames {
		x := act{
			Name: fmt.Sprintf("adopt_%d", i+1), Title: v.say("policyForm.adopt", "name", v.enum("policyName", name[1])), Now: true,
			command: "policy.adopt", given: map[string]any{"name": name[0]},
			Fields: []*field{
				{Name: "title", Label: v.say("policyForm.title"), Kind: lineField, Max: 100},
				{Name: "from", Label: v.say("policyForm.from"), Kind: dateField, Hint: v.say("policyForm.fromSays")},
			},
		}
		last := v.latest(name[0])
		for j, key := range parametersOf[name[0]] {
			value := &field{Name: "values." + key, Label: v.Parameter(key), Kind: exactField, Value: last[key]}
			if j == 0 {
				value.Head, value.Hint = v.say("policyForm.values"), v.say("policyForm.number")
			}
			x.Fields = append(x.Fields, value)
		}
		document := v.paperField(false)
		document.Head = v.say("outcomeForm.rests")
		x.Fields = append(x.Fields, document)
		all = append(all, x)
	}
	return all
}

// latest are the values of a policy's newest version.
func (v *policiesPage) latest(name string) map[string]string {
	newest, values := 0, map[string]string{}
	for _, x := range v.Policies {
		if x.Name == name && x.Version > newest {
			newest = x.Version
			for _, y := range x.Values {
				values[y.Key] = y.Value
			}
		}
	}
	return values
}
