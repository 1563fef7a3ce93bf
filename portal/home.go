package portal

import (
	"html/template"
	"sync"

	"suyuan/services/figure"
)

type homePage struct {
	*Page
	Latest   connection[mandateRow]
	Ledger   ledgerState
	Findings connection[findingRow]
	Claim    *traceData // the figure the page opens with
	Finding  wording
	Picture  template.HTML
}

func (s *site) home(p *Page) (reply, error) {
	type answer struct {
		Mandates connection[mandateRow]
		Ledger   ledgerState
		Findings connection[findingRow]
	}
	got, err := ask[answer](p.r.Context(), s, "home", map[string]any{"first": 8})
	if err != nil {
		return reply{}, err
	}
	p.Title = p.say("home.title")
	view := homePage{Page: p, Latest: got.Mandates, Ledger: got.Ledger, Findings: got.Findings}
	if view.Claim, err = s.claim(p, got.Mandates.Nodes(), got.Ledger.Ordinal); err != nil {
		return reply{}, err
	}
	if view.Claim != nil {
		view.Finding = p.find(*view.Claim)
		view.Picture = p.picture(*view.Claim, "claim")
	}
	return reply{page: "home", data: view}, nil
}

// claimMemory remembers where the newest addition was found, for as long as
// the log stands still: looking for it takes several questions.
type claimMemory struct {
	sync.Mutex
	ordinal             string
	mandate, unit, meas string
}

// mostWalks bounds the questions asked on the way to the opening figure.
const mostWalks = 24

// claim finds a trace with an addition among the latest mandates: where a
// measure grew most on its way down.
func (s *site) claim(p *Page, latest []mandateRow, ordinal string) (*traceData, error) {
	s.claims.Lock()
	known := s.claims.ordinal == ordinal && ordinal != ""
	mandate, unit, meas := s.claims.mandate, s.claims.unit, s.claims.meas
	s.claims.Unlock()
	if !known {
		var err error
		if mandate, unit, meas, err = s.lookForClaim(p, latest); err != nil {
			return nil, err
		}
		s.claims.Lock()
		s.claims.ordinal, s.claims.mandate, s.claims.unit, s.claims.meas = ordinal, mandate, unit, meas
		s.claims.Unlock()
	}
	if unit == "" {
		return nil, nil
	}
	got, err := ask[struct{ Trace []traceData }](p.r.Context(), s, "trace", map[string]any{"mandate": mandate, "unit": unit, "measure": meas})
	if err != nil {
		return nil, err
	}
	for i, t := range got.Trace {
		if p.find(t).Adds {
			return &got.Trace[i], nil
		}
	}
	return nil, nil
}

func (s *site) lookForClaim(p *Page, latest []mandateRow) (mandate, unit, meas string, err error) {
	left := mostWalks
	for _, m := range latest {
		for _, x := range m.Measures {
			if m.Withdrawn || !x.Divisible() {
				continue
			}
			unit, err := s.walk(p, m.ID, x.ID, &left)
			if err != nil || unit != "" {
				return m.ID, unit, x.ID, err
			}
		}
	}
	return "", "", "", nil
}

// walk goes down a mandate along the largest steps and returns the unit that
// received the last of them.
func (s *site) walk(p *Page, mandate, measure string, left *int) (found string, err error) {
	under, seen := "", map[string]bool{}
	for range len(levels) {
		if *left--; *left < 0 {
			return found, nil
		}
		got, err := ask[struct{ Cascade *cascadeData }](p.r.Context(), s, "home_cascade",
			map[string]any{"mandate": mandate, "measure": measure, "under": orNull(under)})
		if err != nil || got.Cascade == nil {
			return found, err
		}
		best, next := "", ""
		most := figure.Of(0)
		for _, row := range got.Cascade.Nodes() {
			if step := figure.Parse(row.Step); row.Issuance.Issuer.Code != "" && under != "" && step.Cmp(most) > 0 {
				most, best = step, row.Unit.Code
			}
			if next == "" && row.Further() && !seen[row.Unit.Code] {
				next = row.Unit.Code
			}
		}
		if best != "" {
			found = best
		}
		if next == "" {
			return found, nil
		}
		under, seen[next] = next, true
	}
	return found, nil
}
