package finding

// Bounds of one finding.
const (
	maxRounds   = 99 // about one outcome
	maxVersions = 60
	maxReplies  = 10 // from one unit
	maxRecusals = 50
	maxUnits    = 65 // of a case, and nobody's
	maxHearings = 20
	maxVotes    = 40 // on one appeal

	maxText   = 3000 // characters of a statement, a record, an appeal
	maxReason = 1000
)
