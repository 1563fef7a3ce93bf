package finding

// MirrorFrom is the share from which a penalty is mirrored on a unit, in basis
// points (domain: 3000).
const MirrorFrom = 3000

// Panel is how many reviewers decide.
const Panel = 2

// Bounds of one finding.
const (
	maxRounds   = 99 // about one outcome
	maxVersions = 60
	maxReplies  = 10 // from one unit
	maxRecusals = 50
	maxShares   = 65 // the units of a case, and nobody's
	maxHearings = 20
	maxVotes    = 40 // on one appeal

	maxText   = 3000 // characters of a statement, a record, an appeal
	maxReason = 1000
)
