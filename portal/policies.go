package portal

import (
	"cmp"
	"slices"
	"strings"
)

// policyData is one version of the numbers this product works with.
type policyData struct {
	Name, Title, From string
	Version           int
	InForce           bool
	Values            []policyValue
	Document          *documentRef
	Event             eventRef
}

type policyValue struct{ Key, Value string }

type policiesPage struct {
	*Page
	Policies []policyData
	Acts     acts // of whoever may adopt one, none for everybody else
}

// policies lists every version of every policy, the newest first.
func (s *site) policies(p *Page) (reply, error) {
	view, err := s.policiesView(p)
	if err != nil {
		return reply{}, err
	}
	if p.wantsSheet("") {
		t := &sheet{name: "policies", head: p.heads("col.id", "col.version", "col.documentTitle", "col.startsOn", "col.inForce", "col.parameter", "col.value", "col.document", "col.events")}
		for _, x := range view.Policies {
			for _, v := range x.Values {
				t.rows = append(t.rows, []string{x.Name, itoa(x.Version), x.Title, x.From, p.yes(x.InForce), p.Parameter(v.Key), v.Value, numberOf(x.Document), x.Event.Ordinal})
			}
		}
		return reply{sheet: t}, nil
	}
	return reply{page: "policies", data: view}, nil
}

func (s *site) policiesView(p *Page) (*policiesPage, error) {
	got, err := ask[struct{ Policies []policyData }](p.r.Context(), s, "policies", nil)
	if err != nil {
		return nil, err
	}
	for _, x := range got.Policies { // in the order of the forms: some speak of the one before
		slices.SortStableFunc(x.Values, func(a, b policyValue) int {
			return cmp.Compare(slices.Index(parametersOf[x.Name], a.Key), slices.Index(parametersOf[x.Name], b.Key))
		})
	}
	p.Title = p.say("policies.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	view := &policiesPage{Page: p, Policies: got.Policies}
	view.Acts, err = p.begin(view.all())
	return view, err
}

// Parameter says what a policy's key is; one that nobody knows is shown as it is.
func (p *Page) Parameter(key string) string {
	if known("parameter", key) {
		return p.enum("parameter", key)
	}
	return key
}

// ParameterValue is a policy's number as findings say it: parts of a whole in
// per cent, days and minutes as they are.
func (p *Page) ParameterValue(v policyValue) string {
	if !slices.Contains(partsOfAWhole, v.Key) {
		return p.Num(v.Value)
	}
	return strings.TrimPrefix(p.Percent(v.Value), "+")
}

// partsOfAWhole are the parameters of JRA-1 between 0 and 1.
var partsOfAWhole = []string{"silentPassThrough", "silentCap", "illegalOrderRetention", "coOwnedDefault", "falsificationMass", "inducement"}
