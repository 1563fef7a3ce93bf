package export

import "strings"

// walk goes once over a list of Query and into the lists on its entries.
type walk struct {
	name string
	over *source
}

// walks are asked in this order; the events and the checkpoint follow.
var walks = []walk{
	{"units", &source{name: "unit", field: "units", pages: true, first: 200, kind: unitKind, in: []*source{
		{field: "duties", kind: dutyKind},
		{field: "capacities", kind: capacityKind},
		{field: "added", args: most, kind: additionKind},
		{field: "objections", args: most, kind: objectionKind},
		{name: "handoff", field: "handoffs", args: most, kind: handoffKind, also: []string{"from/code"}, keep: leftHere, in: []*source{
			{field: "flags", kind: flagKind},
		}},
	}}},
	{"documents", &source{name: "document", field: "documents", pages: true, first: 200, kind: documentKind}},
	{"mandates", &source{name: "mandate", field: "mandates", pages: true, first: 50, kind: mandateKind, in: []*source{
		{field: "measures", kind: measureKind},
		{field: "constraints", kind: constraintKind},
	}}},
	{"issuances", &source{name: "unit", field: "units", pages: true, first: 200, in: []*source{issuances}}},
	{"assignments", &source{name: "unit", field: "units", pages: true, first: 100, in: []*source{assignments}}},
	{"releases", &source{name: "release", field: "releases", pages: true, first: 10, also: []string{"date"}, in: []*source{
		released("REPORTS", "CLAIM"), released("REPORTS", "LEVEL_AND_DIMENSION"),
		released("RESPONDED", "UNIT"), released("RATED", "UNIT"), released("SOLVED", "UNIT"), released("SATISFIED", "UNIT"), released("DAYS", "UNIT"),
		released("RESPONDED", "WHOLE"), released("RATED", "WHOLE"), released("SOLVED", "WHOLE"), released("SATISFIED", "WHOLE"), released("DAYS", "WHOLE"),
	}}},
	{"outcomes", &source{name: "outcome", field: "penalties", pages: true, first: 50, kind: outcomeKind, in: []*source{
		{field: "penalties", kind: penaltyKind},
	}}},
	{"findings", &source{name: "finding", field: "findings", pages: true, first: 20, kind: findingKind, in: []*source{
		{field: "shares", kind: shareKind},
	}}},
}

// released is one table of a release.
func released(metric, by string) *source {
	return &source{name: metric + "/" + by, field: "figures", alias: strings.ToLower(metric + by), args: "metric:" + metric + ",groupBy:" + by, kind: releasedKind}
}

// most is how many of a list without cursors are asked for at once; one that
// holds as many may hold more, and the manifest says so.
const (
	most  = "first:200"
	mostN = 200
)

var issuances = &source{
	name: "issuance", field: "passedDown", pages: true, first: 20, kind: issuanceKind, root: "unit(code:%s)", keys: []string{"$unit/code"}, batch: 4,
	in: []*source{
		{field: "retained", kind: amountKind}, {field: "reserve", kind: amountKind},
		{field: "stated", kind: amountKind}, {field: "totals", kind: amountKind},
		{field: "approval", in: []*source{{field: "covers", kind: amountKind}}},
		{field: "flags", kind: flagKind},
		{field: "lines", pages: true, first: 200, kind: lineKind, apart: true, root: "issuance(id:%s)", keys: []string{"$issuance/id"}, batch: 4},
	},
}

var assignments = &source{
	name: "assignment", field: "received", pages: true, first: 20, kind: assignmentKind, root: "unit(code:%s)", keys: []string{"$unit/code"}, batch: 4,
	in: []*source{{
		field: "trace", args: "mandate:%s,unit:%s,measure:%s", apart: true, batch: 8,
		keys: []string{"$assignment/mandate/id", "$unit/code", "$assignment/measure/id"},
		name: "trace", also: []string{"issuance/id"}, keep: ofAssignment,
		in: []*source{{field: "flags", kind: flagKind, keep: ofReceiver}},
	}},
}

// leftHere keeps a handoff with the unit it left, for it is on both.
func leftHere(h node, around env) bool { return value(h, "from/code") == around["unit"]["code"] }

// ofAssignment keeps the trace of the assignment it was asked for.
func ofAssignment(t node, around env) bool {
	return value(t, "issuance/id") == value(around["assignment"], "issuance/id")
}

// ofReceiver keeps the flags that are about the receiver's own line; the
// others are the issuances' and stand there.
func ofReceiver(f node, around env) bool {
	return value(f, "unit/code") == around["unit"]["code"] && value(f, "issuance/id") == value(around["assignment"], "issuance/id")
}
