package portal

// findingEnums are the sets of pages about outcomes and findings.
var findingEnums = map[string][]string{
	"basisOf":     {"evidence", "passedDown", "recorded", "corrected"},
	"paperNumber": {"n1", "n2", "n3"},
	"parameter": {"silentPassThrough", "silentCap", "illegalOrderRetention", "coOwnedDefault", "falsificationMass", "inducement", "minimumReactionMinutes",
		"objectionDays", "noticeDays", "extensionDays", "mirrorDays", "appealDays", "appealDecisionDays"},
	"whatIfKind": {"quantity", "deadline", "conduct", "contradiction", "competing"},
	"whatIfSays": {"quantity", "deadline", "conduct", "contradiction", "competing"},
	"whatIfField": {"u", "v", "vDays", "vAsked", "constraints", "p", "si", "by", "il", "power", "knew", "did", "group", "of", "verified", "verifiedDays", "capacity",
		"capacityDays", "lambda", "a", "owner", "false", "window", "executor", "version"},
	"whatIfNone":   {"by", "owner"},
	"whatIfLambda": {"unknown", "own", "shared", "none"},
}
