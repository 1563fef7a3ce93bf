package view

import (
	"slices"

	"suyuan/services/calendar"
	"suyuan/services/checkpoint"
	"suyuan/services/complaint/claim"
	"suyuan/services/document"
	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/assignment"
	"suyuan/services/unit"
	"suyuan/services/view/docket"
	"suyuan/services/view/dossier"
)

// none is the handle of nothing.
const none int32 = -1

// Rows is the fold: tables of flat rows that name each other by number.
type Rows struct {
	catalogue *ledger.Catalogue
	verifier  string
	program   string // the build that folds, "" where nobody said
	claims    *claim.Key
	calendar  *calendar.Calendar
	chosen    bool // which calendar
	position  ledger.Position
	tree      checkpoint.Tree
	texts     texts

	events   []eventRow // by ordinal - 1
	streams  []streamRow
	streamAt keyed
	notes    []noteRow

	units   []unitRow
	unitAt  keyed
	order   []int32 // unit handles in code order
	ranks   []int32 // a unit's place in order
	ordered int     // how many units order covers

	documents  []documentRow
	documentAt keyed
	fileAt     map[string]int32 // stored file → document
	redacted   []string         // stored files of redacted documents

	mandates  []mandateRow
	mandateAt keyed
	measures  []measureRow
	measureAt keyed
	below     subtrees
	finder    finder

	issuances  []issuanceRow
	issuanceAt keyed
	sheets     map[sheetKey]*sheetRow

	lines    []lineRow
	versions []versionRow
	amounts  []amountRow
	extras   []extraRow
	asks     []askRow
	askAt    index // unit and measure → newest ask
	items    []string
	itemAt   keyed
	lists    [][]int32 // item lists of amounts

	groups  []groupRow
	groupAt index // issuer and measure; the set of bases tells them apart

	assignments  []assignmentRow
	assignmentAt index // issuance and unit
	objections   []objectionRow

	handoffs  []handoffRow
	handoffAt keyed

	docket  *docket.Docket
	dossier *dossier.Dossier
}

// anew makes empty rows that fold as these do.
func (like *Rows) anew() *Rows {
	r := &Rows{
		catalogue: like.catalogue, verifier: like.verifier, program: like.program, claims: like.claims, calendar: like.calendar,
		fileAt: map[string]int32{}, sheets: map[sheetKey]*sheetRow{},
	}
	r.docket = docket.New(r.claims, facts{r})
	r.dossier = dossier.New()
	r.streamAt.key = func(h int32) string { return r.streams[h].name }
	r.unitAt.key = func(h int32) string { return r.units[h].code }
	r.documentAt.key = func(h int32) string { return r.documents[h].id }
	r.mandateAt.key = func(h int32) string { return r.mandates[h].id }
	r.measureAt.key = func(h int32) string { return r.measures[h].id }
	r.issuanceAt.key = func(h int32) string { return r.issuances[h].id }
	r.itemAt.key = func(h int32) string { return r.items[h] }
	r.handoffAt.key = func(h int32) string { return r.handoffs[h].id }
	r.finder = newFinder(r)
	return r
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

// streamRow is a stream with the row it is about, a unit's, an issuance's …
// by its category; none while nothing needs it.
type streamRow struct {
	name    string
	last    uint64 // ordinal
	count   int32
	subject int32
}

type noteRow struct {
	size  uint64
	root  string
	text  string
	event uint64
}

type unitRow struct {
	code, name string
	kind       kindNumber
	level      unit.Level
	stream     int32
	parent     int32
	child      int32 // newest unit below it, chained by sibling
	sibling    int32
	into       int32 // merged into
	received   int32 // newest line addressed to it, chained by lineRow.next
	issued     int32 // newest issuance of its own, chained by issuanceRow.before
	more       *unitMore
}

// unitMore is what few units have on record.
type unitMore struct {
	line          string
	people, staff int64
	names         []nameRow // what it was called, oldest first, where it was renamed
	duties        []dutyRow
	capacities    []capacityRow
	objections    []int32
	handoffs      []int32
}

// nameRow is a name with the event that gave it.
type nameRow struct {
	name  string
	event uint64
}

// little is what most units have besides: nothing. It is never written to.
var little unitMore

func (u *unitRow) rest() *unitMore {
	if u.more == nil {
		return &little
	}
	return u.more
}

// open is rest for writing.
func (u *unitRow) open() *unitMore {
	if u.more == nil {
		u.more = &unitMore{}
	}
	return u.more
}

// kindNumber is a unit.Kind in one byte.
type kindNumber uint8

var unitKinds = []unit.Kind{unit.Government, unit.Party, unit.Department, unit.VillageOrg, unit.Enterprise, unit.Other}

func kindOf(k unit.Kind) kindNumber { return kindNumber(slices.Index(unitKinds, k)) }

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
	days     int32 // above 0: value is a count in so many
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
	stream                    int32
}

type mandateRow struct {
	id, title, field, duty string
	origin, lead, document int32
	measures               []int32
	constraints            []constraintRow
	withdrawn              uint64 // ordinal, 0 while it stands
	fictional              bool
	assumed                []string
	titles                 []nameRow // what it was called, oldest first, where it was renamed
	revisions              []revisionRow
	issuances              []int32
	issued                 uint64
	stream                 int32
}

// revisionRow is what an event said of a mandate's lead and duty and on which
// paper; the first is what it was set with, the rest the revisions. Once
// something was revised there are at least two.
type revisionRow struct {
	event          uint64
	lead, document int32  // none where nothing was said
	duty           string // empty where nothing was said
}

type constraintRow struct {
	mandate.Constraint
	author int32
	event  uint64
}

type measureRow struct {
	id      string
	mandate int32
	event   uint64 // that brought it
	def     mandate.Measure
	groups  []int32
	roots   []int32               // groups whose issuer received nothing of it by their bases
	levels  [unit.Levels]levelRow // kept up to date as events come in
	changed uint64                // ordinal of the last event that changed anything of it

	recorded, effective int64 // the latest that any such event was recorded, and took effect; Unix milliseconds
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
	acknowledgedAt int64
	objections     []int32
	resources      []eventOf[assignment.ResourceGranted]
	acts           []eventOf[assignment.Acted]
	stops          []eventOf[assignment.StopRequested]
	stopDecisions  []eventOf[assignment.StopDecided]
	reported       []reportRow // every word, in the order in which they came
	verified       []reportRow
	falsifications []eventOf[assignment.FalsificationVerified]
	stream         int32
}

// eventOf keeps an event's content beside its ordinal, for the evidence that
// liability will ask for.
type eventOf[E any] struct {
	event uint64
	E     E
}

type reportRow struct {
	measure  int32
	value    exact.Decimal
	days     int32 // above 0: value is a count in so many
	asOf     ledger.Date
	document int32
	event    uint64
}

// latest is what was said last of a measure.
func latest(said []reportRow, measure int32) (reportRow, bool) {
	for _, x := range slices.Backward(said) {
		if x.measure == measure {
			return x, true
		}
	}
	return reportRow{}, false
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
	stated     bool // entered by a reviewer
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
	stream                                int32
}

// unitOf finds a unit's handle by code, or none.
func (r *Rows) unitOf(code string) int32 { return r.unitAt.of(code) }

// history lists the ordinals of a stream's events, oldest first.
func (r *Rows) history(stream int32) []uint64 {
	s := &r.streams[stream]
	ordinals := make([]uint64, s.count)
	for i, o := len(ordinals)-1, s.last; i >= 0; i-- {
		ordinals[i], o = o, r.events[o-1].prev
	}
	return ordinals
}

// began is the ordinal of a stream's first event.
func (r *Rows) began(stream int32) uint64 { return r.history(stream)[0] }
