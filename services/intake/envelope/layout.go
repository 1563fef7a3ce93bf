package envelope

// Where everything stands in an envelope. The twin has the same.
const (
	magic  = "suyuan-1"
	domain = "suyuan-envelope-v1" // of the signature
	idOf   = "envelope-v1"

	atKind      = 8
	atClass     = 9
	atTokenLen  = 10
	atZeros     = 12
	atBox       = 16
	atSigner    = 48
	atReplies   = 80
	atZeros2    = atReplies + repliesSize
	atToken     = 144
	atFacts     = atToken + MaxToken
	atNarrative = atFacts + FactsSize

	repliesSize   = 62 // age1…
	signatureSize = 64
)

// Sizes of what is in the age files, and of the files.
const (
	factsRoom   = 1408
	messageRoom = 2 + MaxMessage

	FactsSize = headSize + 1*stanzaSize + factsRoom + tagSize
)

// NarrativeSize is what a sealed narrative of the class takes, in bytes; 0 for
// no class.
func NarrativeSize(c Class) int {
	if c.Size() == 0 {
		return 0
	}
	return c.Size() - signatureSize - atNarrative
}

// narrativeRoom is what is in it.
func narrativeRoom(c Class) int {
	payload := NarrativeSize(c) - headSize - stanzas*stanzaSize
	chunks := (payload + chunkSize + tagSize - 1) / (chunkSize + tagSize)
	return payload - chunks*tagSize
}
