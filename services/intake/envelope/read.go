package envelope

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"unicode/utf8"

	"filippo.io/age"

	"suyuan/services/intake/receipt"
)

// Read takes an envelope apart and checks all that can be checked without a
// key: its size, every byte that has one value only, the form of both age
// files, that replies can be sealed to the box, and the reporter's signature.
// It does not tell whether the box is known: a follow-up's Stored must be that
// of its box (services/intake), or anybody could write under a box's hash.
func Read(sealed []byte) (Envelope, error) {
	class, ok := ClassOf(len(sealed))
	if !ok {
		return Envelope{}, badSize()
	}
	e := Envelope{
		Kind: Kind(sealed[atKind]), Class: class,
		Stored: receipt.Stored{
			Box: [32]byte(sealed[atBox:]), Signer: [32]byte(sealed[atSigner:]),
			Replies: string(sealed[atReplies:atZeros2]),
		},
	}
	body, signature := sealed[:len(sealed)-signatureSize], sealed[len(sealed)-signatureSize:]
	e.Facts, e.Narrative = body[atFacts:atNarrative:atNarrative], body[atNarrative:len(body):len(body)]
	token := int(binary.BigEndian.Uint16(sealed[atTokenLen:]))
	if token > MaxToken || !formed(body, class, token) {
		return Envelope{}, malformed()
	}
	if token > 0 {
		e.Token = body[atToken : atToken+token : atToken+token]
	}
	if !e.Stored.Signed(signed(body), signature) {
		return Envelope{}, badSignature()
	}
	if err := answerable(e.Stored); err != nil {
		return Envelope{}, err
	}
	id := sha256.New()
	id.Write([]byte(idOf))
	id.Write(sealed)
	id.Sum(e.ID[:0])
	return e, nil
}

func formed(body []byte, class Class, token int) bool {
	kind := Kind(body[atKind])
	return bytes.HasPrefix(body, []byte(magic)) &&
		(kind == Report || kind == FollowUp) &&
		Class(body[atClass]) == class &&
		zero(body[atZeros:atBox]) && zero(body[atZeros2:atToken]) && zero(body[atToken+token:atFacts]) &&
		wellFormed(body[atFacts:atNarrative], 1) && wellFormed(body[atNarrative:], stanzas)
}

// OpenFacts opens an envelope's facts with the engine's key: JSON of at most
// MaxFacts bytes, not looked into. Anybody can send facts that do not open.
func OpenFacts(sealed []byte, key age.Identity) ([]byte, error) {
	if len(sealed) != FactsSize {
		return nil, unopened()
	}
	room, err := open(sealed, 1, factsRoom, key)
	if err != nil {
		return nil, err
	}
	facts, ok := unprefixed(room, MaxFacts)
	if !ok || len(facts) == 0 {
		return nil, unopened()
	}
	return facts, nil
}

// OpenNarrative opens a narrative with any of the keys. The text is UTF-8 of
// at most MaxText characters, with the replacement character for what controls
// a terminal; each picture begins as a JPEG and is at most MaxPicture long:
// nothing else is known of either.
func OpenNarrative(sealed []byte, keys ...age.Identity) (Narrative, error) {
	class := Text
	if len(sealed) != NarrativeSize(Text) {
		class = Pictures
	}
	if len(sealed) != NarrativeSize(class) {
		return Narrative{}, unopened()
	}
	room, err := open(sealed, stanzas, narrativeRoom(class), keys...)
	if err != nil {
		return Narrative{}, err
	}
	n, ok := readNarrative(room)
	if !ok || n.class() != class {
		return Narrative{}, unopened()
	}
	return n, nil
}

// OpenMessage opens what SealMessage sealed.
func OpenMessage(sealed []byte, key age.Identity) (string, error) {
	if len(sealed) != MessageSize {
		return "", unopened()
	}
	room, err := open(sealed, stanzas, messageRoom, key)
	if err != nil {
		return "", err
	}
	text, ok := unprefixed(room, MaxMessage)
	if !ok || len(text) == 0 || !utf8.Valid(text) {
		return "", unopened()
	}
	return shown(string(text)), nil
}
