package view

import (
	"suyuan/services/checkpoint"
	"suyuan/services/document"
	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/assignment"
	"suyuan/services/unit"
)

// none is the handle of nothing.
const none int32 = -1

// Rows is the fold: tables of flat rows that name each other by number.
type Rows struct {
	catalogue *ledger.Catalogue
	verifier  string
	position  ledger.Position
	tree      checkpoint.Tree

	events   []eventRow // by ordinal - 1
	streams  []streamRow
	streamOf map[string]int32
	notes    []noteRow

	units   []unitRow
	unitAt  map[string]int32
	order   []int32 // unit handles in code order
	ranks   []int32 // a unit's place in order
	ordered int     // how many units order covers

	documents  []documentRow
	documentAt map[string]int32
	fileAt     map[string]int32 // stored file → document
	redacted   []string         // stored files of redacted documents

	mandates  []mandateRow
	mandateAt map[string]int32
	measures  []measureRow
	measureAt map[string]int32

	issuances  []issuanceRow
	issuanceAt map[string]int32
	sheets     map[sheetKey]*sheetRow

	lines    []lineRow
	versions []versionRow
	amounts  []amountRow
	extras   []extraRow
	items    []string
	itemAt   map[string]int32
	lists    [][]int32 // item lists of amounts

	groups    []groupRow
	groupAt   map[groupKey]int32
	restingOn map[int32][]int32 // issuance → groups with it among their bases

	assignments      []assignmentRow
	assignmentAt     map[lineKey]int32
	assignmentStream map[int32]int32 // stream → assignment
	objections       []objectionRow

	handoffs  []handoffRow
	handoffAt map[string]int32
}

func newRows(events *ledger.Catalogue, verifier string) *Rows {
	return &Rows{
		catalogue: events, verifier: verifier,
		streamOf: map[string]int32{}, unitAt: map[string]int32{}, documentAt: map[string]int32{}, fileAt: map[string]int32{},
		mandateAt: map[string]int32{}, measureAt: map[string]int32{}, issuanceAt: map[string]int32{},
		sheets: map[sheetKey]*sheetRow{}, itemAt: map[string]int32{}, groupAt: map[groupKey]int32{},
		restingOn: map[int32][]int32{}, assignmentAt: map[lineKey]int32{}, assignmentStream: map[int32]int32{}, handoffAt: map[string]int32{},
	}
}

// eventRow is what is kept of every event: enough to show its header, to
// chain the next one and to judge what was known when.
type eventRow struct {
	id                  ledger.ID
	hash                ledger.Hash
	recorded, effective int64 // Unix milliseconds
	decidedAt           uint64
	prev                uint64 // ordinal of the one before in the stream, 0 for none
	commit, prepare     uint64
	stream              int32
	revision            int32
	unit                int32
	kind                uint16 // index into kinds
	version             uint8
	roles               uint8 // bit per ledger.Roles
}

type streamRow struct {
	name  string
	last  uint64 // ordinal
	count int32
}

type noteRow struct {
	size  uint64
	root  string
	text  string
	event uint64
}

type unitRow struct {
	code, name, line string
	kind             unit.Kind
	level            unit.Level
	parent           int32
	into             int32 // merged into
	people, staff    int64
	received         int32 // newest line addressed to it, chained by lineRow.next
	issued           []int32
	duties           []dutyRow
	capacities       []capacityRow
	objections       []int32
	handoffs         []int32
	events           []uint64
}

type dutyRow struct {
	item, title string
	skills      []string
	document    int32
	classes     []unit.Class // one an event
	events      []uint64
}

func (d *dutyRow) class() unit.Class { return d.classes[len(d.classes)-1] }

type capacityRow struct {
	of       string
	value    exact.Decimal
	asOf     ledger.Date
	verified bool
	document int32
	event    uint64
}

type documentRow struct {
	id, number, title, sha256 string
	issuer                    int32
	date                      ledger.Date
	redacted                  bool
	blob                      document.Blob
	issuances, mandates       []int32
	events                    []uint64
}

type mandateRow struct {
	id, title, field, duty string
	origin, lead, document int32
	measures               []int32
	constraints            []constraintRow
	withdrawn              uint64 // ordinal, 0 while it stands
	fictional              bool
	assumed                []string
	issuances              []int32
	events                 []uint64
}

type constraintRow struct {
	mandate.Constraint
	author int32
	event  uint64
}

type measureRow struct {
	id      string
	mandate int32
	def     mandate.Measure
	groups  []int32
	levels  [unit.Levels]levelRow // kept up to date as events come in
}

// levelRow sums one measure over the units of one level.
type levelRow struct {
	units    int32 // that received it
	received exact.Sum
	added    exact.Rat
	adding   int32 // groups that made it harder
}

// assignmentRow is what became of one line.
type assignmentRow struct {
	issuance, unit int32
	delivered      uint64
	deliveredAt    int64
	acknowledged   uint64
	objections     []int32
	resources      []eventOf[assignment.ResourceGranted]
	acts           []eventOf[assignment.Acted]
	stops          []eventOf[assignment.StopRequested]
	stopDecisions  []eventOf[assignment.StopDecided]
	reported       map[int32]reportRow
	verified       map[int32]reportRow
	falsifications []eventOf[assignment.FalsificationVerified]
	events         []uint64
}

// eventOf keeps an event's content beside its ordinal, for the evidence that
// liability will ask for.
type eventOf[E any] struct {
	event uint64
	E     E
}

type reportRow struct {
	value exact.Decimal
	asOf  ledger.Date
	event uint64
}

type objectionRow struct {
	id         string
	assignment int32
	unit       int32
	issuance   int32
	measure    int32
	ground     assignment.Ground
	constraint string
	reason     string
	owedBy     int32
	document   int32
	onPaper    ledger.Date
	raised     uint64
	decision   assignment.Decision // empty while open
	decidedBy  int32
	decided    uint64
	answer     string
	illegal    bool
}

type handoffRow struct {
	id, duty, title, basis, money, reason string
	from, to, mandate, approvedBy         int32
	document                              int32
	authority                             bool
	means                                 bool
	people                                int64
	state                                 string
	events                                []uint64
}

// unitOf finds a unit's handle by code, or none.
func (r *Rows) unitOf(code string) int32 {
	if h, ok := r.unitAt[code]; ok {
		return h
	}
	return none
}

func find(m map[string]int32, id string) int32 {
	if h, ok := m[id]; ok {
		return h
	}
	return none
}
