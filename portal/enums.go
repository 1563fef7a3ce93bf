package portal

import (
	"maps"
	"slices"
)

// levels in their fixed order, from the top down.
var levels = []string{"CENTRAL", "PROVINCE", "CITY", "COUNTY", "TOWNSHIP", "VILLAGE"}

// enums are the closed sets that pages put into words, by the prefix of their
// keys; a test holds them against the schema.
var enums = together(findingEnums, map[string][]string{
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
	"lane":      {"VERIFIED", "OPEN"},
	"share":     {"RESPONDED", "RATED", "SOLVED", "SATISFIED"},
	"shareSays": {"RESPONDED", "RATED", "SOLVED", "SATISFIED"},
	"complaintStage": {"REGISTERED", "ACCEPTED", "NOT_ACCEPTED", "MERGED", "DISPATCHED", "RETURNED", "HANDLING", "ANSWERED", "FOLLOWED_UP", "CLOSED", "REVIEW",
		"REVIEWED", "FINAL_REVIEW", "EXHAUSTED"},
	"turn":        {"ASSIGNMENT", "REDO", "REVIEW", "FINAL_REVIEW", "RETALIATION"},
	"outcome":     {"SOLVED", "PARTLY", "NOT_SOLVED", "UNFOUNDED"},
	"closing":     {"RATED", "UNRATED", "WITHDRAWN", "REVIEWED"},
	"retaliation": {"REPORTED", "TAKEN", "ANSWERED"},
	"letterAct":   {"REPLY", "WITHDRAW", "RATE", "REVIEW", "RETALIATION"},
	"caseFrom":    {"REPORTS", "CLAIMS", "FLAGS"},
	"caseOutcome": {"DOCUMENTED", "UNFOUNDED", "REFERRED", "JOINED"},
	"keyKind":     {"RSA", "CARDS"},
	"show":        shows,
	"form":        {"form_filling", "photo", "file_summary"},
	"motive":      {"exempt", "show", "fabricate"},
	"truth":       {"true", "false"},
	"message":     {"complaint.asked", "complaint.answered", "complaint.review_decided", "complaint.final_review_decided", "complaint.retaliation_answered"},
	"word": {"solved", "partly", "not_solved", "unfounded", "rated", "unrated", "withdrawn", "reviewed", "upheld", "changed", "again", "assignment", "redo", "review",
		"final_review", "retaliation", "reports", "claims", "flags", "documented", "referred", "joined", "reply", "withdraw", "rate"},
	"act":     actNames,
	"actSays": actNames,
	"outcomePoint": {"AUTHORITY", "NOTICE", "GRANTED_NEEDED", "DUTY", "OWNER", "CAPACITY", "ABOVE", "APPROVED", "OBJECTED", "OVERRULED_BY", "CLEARLY_ILLEGAL", "KNEW",
		"CONTRADICTORY", "POWER", "EFFECTIVE", "GROUP_INSTEAD_OF_SITE", "WINDOW_MINUTES", "VERIFIED_DELIVERY", "REQUIRED_AMOUNT", "FALSIFICATION"},
	"statedValue":     {"yes", "no", "unknown", "unresourced", "basic", "cooperate", "approved_split", "recalled", "off_list", "unapproved", "stop", "supervise", "coordinate", "none"},
	"statedHint":      {"GRANTED_NEEDED", "CAPACITY", "ABOVE", "APPROVED", "WINDOW_MINUTES"},
	"either":          {"passed", "accepted", "agrees"},
	"eitherNot":       {"passed", "accepted", "agrees"},
	"waits":           {"DRAFT", "VERSION", "CHECK", "NOTIFY", "REPLIES", "FOLLOW", "HEARING", "NOTICE", "MIRROR", "PANEL", "APPEAL", "REVIEW", "APPEAL_PERIOD"},
	"benchShow":       benchShows,
	"more":            {"penalties", "warned"},
	"policyName":      {"jra1", "terms"},
	"clarifying":      {"FABRICATED", "MISTAKEN"},
	"clearedBy":       besides,
	"penaltyKindSays": {"QUANTITY", "CONTRADICTION", "COMPETING", "CONDUCT"},
	"field": {"account", "unit", "reason", "until", "days", "to", "message", "outcome", "advice", "into", "confirmed", "note", "decision", "approvedBy", "text", "issuance",
		"document", "title", "from", "complaints", "mandate", "about", "documents", "issuances", "units", "what", "by", "how", "id", "recipient", "lines",
		"passed", "accepted", "agrees", "hearing", "rule", "on", "absent", "record", "result", "zh", "en", "value", "point", "onPaper", "measure", "competing",
		"occurredAt", "required", "verified", "capacity", "capacityFrom", "capacityDocument", "body", "knownSince", "at", "channel", "answer", "answeredAt",
		"did", "didAt", "power", "matter", "conclusion", "basisAmount", "uplift"},
	"whyStep": {"asked", "askedLate", "missing", "missingLate", "carried", "carriedLate", "stopped", "contradicted"},
	"because": {"adder", "adderLate", "author", "authorLate", "above", "silent", "constraints", "demands", "executor", "executorLate", "owner", "falsifier", "inducer", "conduct", "group", "retained", "unattributed"},
	"whyTerm": {"demand", "demandLate", "verified", "verifiedLate", "gap", "gapLate", "layers", "base", "baseLate", "capacity", "capacityLate", "infeasibleLate", "executionLate", "aboveLate", "most", "additions", "infeasible", "beyond", "execution", "layer", "above", "rest",
		"pi", "count", "cap", "constraints", "all", "asked", "askedAll", "lambda", "adequacy", "phi", "mass", "theta", "charged", "allCharged", "power", "knew",
		"effective", "window", "kappa", "charge"},
	"warnedPower":   {"STOP", "SUPERVISE", "COORDINATE", "NONE"},
	"liabilityFlag": {"CAPACITY_UNKNOWN", "CAPACITY_UNKNOWNLate", "CAPACITY_DISPROVED", "CAPACITY_DISPROVEDLate", "DUTY_UNKNOWN", "ADEQUACY_UNKNOWN", "AUTHORITY_UNKNOWN", "NOTICE_UNKNOWN", "RESOURCES_UNKNOWN", "WINDOW_UNKNOWN", "BASE_ABOVE_CHAIN"},
	"findingStage":  {"DRAFT", "CHECKED", "HEARING", "ISSUED", "APPEALED", "UPHELD", "VARIED", "OVERTURNED", "FINAL", "SUPERSEDED", "WITHDRAWN"},
	"penaltyKind":   {"QUANTITY", "CONTRADICTION", "COMPETING", "CONDUCT"},
	"mirrorState":   {"PENDING", "ANSWERED", "UNANSWERED", "LIFTED"},
	"replyState":    {"PENDING", "ACCEPTED", "REJECTED"},
	"versionCause":  {"DRAFT", "REPLY", "LATE_FACTS", "STATEMENT", "OVERRIDE"},
	"appealResult":  {"UPHELD", "VARIED", "OVERTURNED"},
	"class":         {"DIRECT", "MAIN_LEADING", "IMPORTANT_LEADING"},
	"band":          {"RECORD", "RECTIFY", "SELF_EXAMINATION", "CIRCULAR"},
	"findingTerm":   {"NOTICE", "MIRROR", "APPEAL", "APPEAL_DECISION"},
	"ruleKind":      {"LAW", "POLICY", "PRODUCT"},
	"penaltyForm": {"CIRCULAR", "SCORE", "VETO", "REMINDER_TALK", "SUMMONS", "SELF_EXAMINATION", "ADMONITION", "ORG_HANDLING", "GOV_SANCTION", "DISCIPLINE",
		"REMOVAL", "CASE_FILED", "OTHER"},
	"warnedAct":  {"STOP_ORDER", "ESCALATION", "REMEDY", "REPLY", "DRAFTED_PENALTY", "OTHER"},
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
})

var flags = []string{"SKIP_LEVEL", "NO_BASIS", "BASE_MISMATCH", "SUM_MISMATCH", "OVER_RECEIVED", "UNAUTHORISED", "INFEASIBLE", "OFF_LIST",
	"SHORT_NOTICE", "SAME_DAY", "CONCURRENT", "TRANSFER"}

// actNames are all that staff do on their pages, by the names of the commands.
var actNames = []string{
	"accept", "decline", "dispatch", "rule", "recall", "merge", "ask", "pause", "resume", "follow_up", "redo", "close", "sign_for", "return", "answer", "decide_review", "extend",
	"summarise", "take_retaliation", "answer_retaliation", "recuse", "verify_claim", "disprove_claim",
	"open", "link", "assign", "unassign", "note", "request_records", "close_case",
	"register", "retire", "publish", "revoke",
	"draft", "state", "check", "recompute", "override", "notify", "extend_reply", "hold_hearing", "answer_reply", "vote", "withdraw_finding", "recuse_finding",
	"vote_appeal", "correct", "join", "penalise", "defend", "answer_mirror", "appeal", "adopt", "clear", "uplift",
}

// circles are who may see a field, the widest first.
var circles = []string{"PUBLIC", "PARTY", "STAFF", "CASE"}

var statuses = []string{"400", "401", "403", "404", "405", "409", "410", "500", "503"}

// together is one map of several; no set stands in two.
func together(all ...map[string][]string) map[string][]string {
	out := map[string][]string{}
	for _, sets := range all {
		maps.Copy(out, sets)
	}
	return out
}

func known(set, word string) bool { return slices.Contains(enums[set], word) }
