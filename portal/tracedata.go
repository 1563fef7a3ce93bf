package portal

import "suyuan/services/figure"

// traceData is one trace: what one issuance asked of a unit, step by step.
type traceData struct {
	Mandate struct {
		mandateRef
		Origin  unitRef
		Assumed []string
	}
	Unit     unitRef
	Measure  measure
	Issuance struct {
		issuanceRef
		Events []eventRef
	}
	Value       string
	Provisional bool
	Reference   *struct {
		Unit     unitRef
		Value    string
		Document *documentRef
		Events   []eventRef
	}
	Steps, Layers []step
	Originating   *unitRef
	Items         []setItem
	Reliefs       []relief
	Flags         []flag
	Claims        []claimed
	AsOf          string
}

// claimed is what reports say beside a trace, and never in it.
type claimed struct {
	Released             bool
	Source               string
	Unit                 *unitRef
	Level, Dimension     string
	Measure              *measure
	CameDown, Asked      string
	Change               string
	Reports, Independent string
	Contested            bool
}

type step struct {
	Unit                       unitRef
	Level, Amount, Ratio, Kind string
	Authorised                 bool
	Source                     string
	Document                   *documentRef
	Issuance                   struct{ ID string }
	Events                     []eventRef
}

type setItem struct {
	Item      string
	Units     []unitRef
	Documents []documentRef
	Events    []eventRef
}

type relief struct {
	Item     string
	Unit     unitRef
	Document *documentRef
	Events   []eventRef
}

// summed adds up the steps of a unit that stands twice on a chain, for display.
func summed(steps []step) []step {
	var out []step
	at := map[string]int{}
	for _, s := range steps {
		key := s.Unit.Code
		if s.Kind == "ORIGIN" {
			key += " origin"
		}
		if i, twice := at[key]; twice {
			out[i].Amount = figure.Parse(out[i].Amount).Add(figure.Parse(s.Amount)).Rat().String()
			continue
		}
		at[key] = len(out)
		out = append(out, s)
	}
	return out
}
