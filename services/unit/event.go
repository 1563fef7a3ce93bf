package unit

import "suyuan/services/ledger"

// Kind is what sort of body a unit is.
type Kind string

// The kinds of unit.
const (
	Government Kind = "government"
	Party      Kind = "party"
	Department Kind = "department"
	VillageOrg Kind = "village"
	Enterprise Kind = "enterprise"
	Other      Kind = "other"
)

// Class is a duty's class on a duty list (履职事项清单): 基本, 配合, 收回.
type Class string

// The three classes.
const (
	Basic     Class = "basic"
	Cooperate Class = "cooperate"
	Recalled  Class = "recalled"
)

// Events of the stream unit-<code>.
var Events = []ledger.Def{
	ledger.Event[Registered]("unit.registered", "A unit was entered: code, name, level, line, superior.", "单位登记：代码、名称、层级、条线、上级。"),
	ledger.Event[Renamed]("unit.renamed", "A unit got another name.", "单位更名。"),
	ledger.Event[Merged]("unit.merged", "A unit was merged into another, which answers for it from then on.", "单位并入另一单位，此后由后者负责。"),
	ledger.Event[DutyListed]("unit.duty_listed", "An item was put on the unit's duty list.", "事项列入单位履职事项清单。"),
	ledger.Event[DutyRecalled]("unit.duty_recalled", "An item of the duty list was taken back by the level above.", "事项由上级收回。"),
	ledger.Event[CapacityDeclared]("unit.capacity_declared", "The unit stated how much of something it can do or has.", "单位申报自身能力或存量。"),
	ledger.Event[CapacityVerified]("unit.capacity_verified", "An investigator established how much of something the unit can do or has.", "核查员核实单位能力或存量。"),
}

// Registered: people is the resident population, staff the established posts;
// both are 0 where unknown.
type Registered struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Kind   Kind   `json:"kind"`
	Line   string `json:"line,omitempty"` // vertical line of command (条线)
	Parent string `json:"parent,omitempty"`
	People int64  `json:"people,omitempty"`
	Staff  int64  `json:"staff,omitempty"`
}

// Renamed carries the new name.
type Renamed struct {
	Name string `json:"name"`
}

// Merged carries the unit that takes over.
type Merged struct {
	Into     string `json:"into"`
	Document string `json:"document,omitempty"`
}

// DutyListed is one item with its class and the skills it takes.
type DutyListed struct {
	Item     string   `json:"item"`
	Title    string   `json:"title"`
	Class    Class    `json:"class"`
	Skills   []string `json:"skills,omitempty"`
	Document string   `json:"document,omitempty"`
}

// DutyRecalled takes an item back.
type DutyRecalled struct {
	Item     string `json:"item"`
	Document string `json:"document,omitempty"`
}

// CapacityDeclared: Of is a measure `<mandate>/<key>` or a quantity that a
// mandate's constraints name.
type CapacityDeclared struct {
	Of       string      `json:"of"`
	Value    string      `json:"value"` // decimal, at most six places; of a frequency times per days, 1/7 (a decimal is then times per 30 days)
	AsOf     ledger.Date `json:"asOf"`
	Document string      `json:"document,omitempty"`
}

// CapacityVerified is CapacityDeclared with the unit that verified it.
type CapacityVerified struct {
	Of       string      `json:"of"`
	Value    string      `json:"value"`
	AsOf     ledger.Date `json:"asOf"`
	By       string      `json:"by"`
	Document string      `json:"document"`
}

// State is what decisions about one unit look at.
type State struct {
	Registered bool
	Code       string
	Name       string
	Parent     string
	MergedInto string
	Duties     map[string]Class
}

// Evolve records the unit.
func (e Registered) Evolve(s *State) {
	s.Registered, s.Code, s.Name, s.Parent = true, e.Code, e.Name, e.Parent
}

// Evolve changes the name.
func (e Renamed) Evolve(s *State) { s.Name = e.Name }

// Evolve closes the unit.
func (e Merged) Evolve(s *State) { s.MergedInto = e.Into }

// Evolve puts the item on the list.
func (e DutyListed) Evolve(s *State) {
	if s.Duties == nil {
		s.Duties = map[string]Class{}
	}
	s.Duties[e.Item] = e.Class
}

// Evolve marks the item as taken back.
func (e DutyRecalled) Evolve(s *State) { s.Duties[e.Item] = Recalled }

// Evolve changes nothing that later decisions look at.
func (CapacityDeclared) Evolve(*State) {}

// Evolve changes nothing that later decisions look at.
func (CapacityVerified) Evolve(*State) {}
