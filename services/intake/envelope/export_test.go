package envelope

import "crypto/ecdh"

// What tests make that Seal never would.
const (
	Stanzas   = stanzas
	FactsRoom = factsRoom

	AtTokenLen  = atTokenLen
	AtBox       = atBox
	AtSigner    = atSigner
	AtReplies   = atReplies
	AtToken     = atToken
	AtFacts     = atFacts
	AtNarrative = atNarrative

	StanzaSize = stanzaSize
	HeadSize   = headSize
	NonceSize  = nonceSize
)

func NarrativeRoom(c Class) int { return narrativeRoom(c) }

func Signed(body []byte) []byte { return signed(body) }

func Plain(n Narrative) []byte { return n.plain() }

// SealRoom seals any plaintext.
func SealRoom(seed [32]byte, plain []byte, count int, to ...string) ([]byte, error) {
	points := make([]*ecdh.PublicKey, len(to))
	for i := range to {
		var err error
		if points[i], err = pointOf(to[i]); err != nil {
			return nil, err
		}
	}
	return seal(nil, rootOf(seed, plain), "test", plain, points, count)
}
