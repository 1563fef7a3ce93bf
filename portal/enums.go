package portal

import "slices"

// levels in their fixed order, from the top down.
var levels = []string{"CENTRAL", "PROVINCE", "CITY", "COUNTY", "TOWNSHIP", "VILLAGE"}

// enums are the closed sets that pages put into words, by the prefix of their
// keys; a test holds them against the schema.
var enums = map[string][]string{
	"level":      levels,
	"levelSays":  levels,
	"unitKind":   {"GOVERNMENT", "PARTY", "DEPARTMENT", "VILLAGE", "ENTERPRISE", "OTHER"},
	"dutyClass":  {"BASIC", "COOPERATE", "RECALLED"},
	"assignment": {"SENT", "DELIVERED", "ACKNOWLEDGED", "OBJECTED", "REPORTED", "VERIFIED"},
	"objection":  {"OPEN", "ACCEPTED", "MODIFIED", "INSISTED", "LAPSED"},
	"ground":     {"INFEASIBLE", "OFF_LIST", "UNRESOURCED", "CONFLICTING", "ILLEGAL"},
	"handoff":    {"PROPOSED", "ACCEPTED", "REJECTED", "RECALLED"},
	"measure":    {"DIVISIBLE", "INTENSITY", "SET"},
	"dimension": {"QUANTITY", "SPLIT", "SCOPE", "DEADLINE", "FREQUENCY", "TRACE", "MEETINGS", "CHANNELS", "INSPECTION", "RANKING",
		"LETTERS", "STANDARD", "TRANSFER", "FEASIBILITY"},
	"change": {"MINUS_50_100", "MINUS_20_50", "MINUS_10_20", "MINUS_0_10", "UNCHANGED", "PLUS_0_10", "PLUS_10_20", "PLUS_20_50", "PLUS_50_100",
		"PLUS_100_200", "PLUS_200"},
	"lane":       {"VERIFIED", "OPEN"},
	"share":      {"RESPONDED", "RATED", "SOLVED", "SATISFIED"},
	"shareSays":  {"RESPONDED", "RATED", "SOLVED", "SATISFIED"},
	"channel":    {"DOCUMENT", "MEETING", "CHAT_GROUP", "PHONE"},
	"source":     {"DECLARED", "REPORTED", "VERIFIED"},
	"sourceSays": {"DECLARED", "REPORTED", "VERIFIED"},
	"step":       {"ORIGIN", "ADDITION", "UNCHANGED", "RELIEF"},
	"flag":       flags,
	"flagSays":   flags,
	"hours":      {"CLOCK", "WORKING"},
	"role":       {"clerk", "investigator", "reviewer", "auditor", "admin"},
	"circle":     circles,
	"circleSays": circles,
	"kindOfType": {"object", "input", "enum", "scalar"},
	"typeKind":   {"object", "input", "enum", "scalar"},
	"limit":      {"length", "tokens", "depth", "aliases", "fragments", "directives", "text", "selections", "values", "resolved", "work"},
	"errorTitle": statuses,
	"errorNext":  statuses,
}

var flags = []string{"SKIP_LEVEL", "NO_BASIS", "BASE_MISMATCH", "SUM_MISMATCH", "OVER_RECEIVED", "UNAUTHORISED", "INFEASIBLE", "OFF_LIST",
	"SHORT_NOTICE", "SAME_DAY", "CONCURRENT", "TRANSFER"}

// circles are who may see a field, the widest first.
var circles = []string{"PUBLIC", "PARTY", "STAFF", "CASE"}

var statuses = []string{"400", "401", "403", "404", "405", "409", "410", "500", "503"}

func known(set, word string) bool { return slices.Contains(enums[set], word) }
