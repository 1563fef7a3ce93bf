package envelope

import (
	"io"

	"filippo.io/age"
)

// Seal makes the envelope. The same seed and input give the same bytes; sign
// is the reporter's (receipt.Keys.Sign), seed receipt.Keys.Seal. engine is the
// age recipient of the facts, investigators those of the narrative, two to
// eight, in the order given. A refusal that the reporter can do something
// about is a *ledger.Error whose rule begins with "envelope.".
func Seal(seed [32]byte, sign func([]byte) []byte, l Letter, engine string, investigators []string) ([]byte, error) {
	panic("to come")
}

// Read takes an envelope apart and checks all that can be checked without a
// key: its size, every byte that has one value only, the form of both age
// files, that replies can be sealed to the box, and the reporter's signature.
// It does not tell whether the box is known: a follow-up's Stored must be that
// of its box (services/intake), or anybody could write under a box's hash.
func Read(sealed []byte) (Envelope, error) { panic("to come") }

// OpenFacts opens an envelope's facts with the engine's key: JSON of at most
// MaxFacts bytes, not looked into.
func OpenFacts(sealed []byte, key age.Identity) ([]byte, error) { panic("to come") }

// OpenNarrative opens a narrative with any of the keys. The text is UTF-8 of
// at most MaxText characters, each picture begins as a JPEG and is at most
// MaxPicture long; nothing else is known of either.
func OpenNarrative(sealed []byte, keys ...age.Identity) (Narrative, error) { panic("to come") }

// SealMessage seals what an investigator writes to a reporter (or answers to
// an envelope's box): text of at most MaxMessage bytes, to the box's
// Stored.Replies and the investigators' own keys, eight at most in all. What
// comes out is MessageSize bytes. random gives 32 bytes.
func SealMessage(random io.Reader, text string, to ...string) ([]byte, error) { panic("to come") }

// OpenMessage opens what SealMessage sealed.
func OpenMessage(sealed []byte, key age.Identity) (string, error) { panic("to come") }
