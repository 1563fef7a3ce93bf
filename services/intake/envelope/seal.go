package envelope

import (
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// Seal makes the envelope. The same seed and input give the same bytes; sign
// is the reporter's (receipt.Keys.Sign), seed receipt.Keys.Seal. engine is the
// age recipient of the facts, investigators those of the narrative, two to
// eight, in the order given. A refusal that the reporter can do something
// about is a *ledger.Error whose rule begins with "envelope.".
func Seal(seed [32]byte, sign func([]byte) []byte, l Letter, engine string, investigators []string) ([]byte, error) {
	l.Narrative.Text = lines(l.Narrative.Text)
	if err := l.check(); err != nil {
		return nil, err
	}
	toEngine, err := pointsOf([]string{engine}, 1, 1)
	if err != nil {
		return nil, err
	}
	toInvestigators, err := pointsOf(investigators, MinInvestigators, MaxInvestigators)
	if err != nil {
		return nil, err
	}
	facts, narrative := prefixed(l.Facts, factsRoom), l.Narrative.plain()
	defer clear(facts)
	defer clear(narrative)
	class := l.Narrative.class()
	out := make([]byte, atFacts, class.Size())
	l.head(out, class)
	// Of everything that is sealed: what is drawn for one letter is never drawn
	// for another.
	root := rootOf(seed, out, l.Draft[:], facts, narrative, bytesOf(toEngine), bytesOf(toInvestigators))
	if out, err = seal(out, root, "facts", facts, toEngine, 1); err != nil {
		return nil, err
	}
	if out, err = seal(out, root, "narrative", narrative, toInvestigators, stanzas); err != nil {
		return nil, err
	}
	signature := sign(signed(out))
	if len(signature) != signatureSize || !l.Stored.Signed(signed(out), signature) {
		return nil, errors.New("envelope: what was signed with is not the key of this box")
	}
	return append(out, signature...), nil
}

func (l Letter) check() error {
	switch {
	case l.Kind != Report && l.Kind != FollowUp:
		return errors.New("envelope: a letter is a report or a follow-up")
	case len(l.Stored.Replies) != repliesSize:
		return errRecipient
	case len(l.Token) > MaxToken:
		return fmt.Errorf("envelope: a token has at most %d bytes", MaxToken)
	case len(l.Facts) == 0 || len(l.Facts) > MaxFacts:
		return longFacts()
	}
	return l.Narrative.check()
}

// head writes all that stands before the age files, into zeros.
func (l Letter) head(out []byte, class Class) {
	copy(out, magic)
	out[atKind], out[atClass] = byte(l.Kind), byte(class)
	binary.BigEndian.PutUint16(out[atTokenLen:], uint16(len(l.Token)))
	copy(out[atBox:], l.Stored.Box[:])
	copy(out[atSigner:], l.Stored.Signer[:])
	copy(out[atReplies:], l.Stored.Replies)
	copy(out[atToken:], l.Token)
}

// signed is what the reporter signs of an envelope: what it is for, and the
// hash of all before the signature.
func signed(body []byte) []byte {
	sum := sha256.Sum256(body)
	return append([]byte(domain), sum[:]...)
}

// rootOf gives what all that is drawn for these parts comes from.
func rootOf(seed [32]byte, parts ...[]byte) (root [32]byte) {
	mac := hmac.New(sha256.New, seed[:])
	mac.Write([]byte("suyuan-seal-v1"))
	for _, p := range parts {
		_ = binary.Write(mac, binary.BigEndian, uint64(len(p))) // hashes do not fail
		mac.Write(p)
	}
	mac.Sum(root[:0])
	return root
}

func pointsOf(recipients []string, least, most int) ([]*ecdh.PublicKey, error) {
	if len(recipients) < least || len(recipients) > most {
		return nil, fmt.Errorf("envelope: %d recipients, want %d to %d: look at the keys that are registered", len(recipients), least, most)
	}
	points := make([]*ecdh.PublicKey, len(recipients))
	for i, r := range recipients {
		var err error
		if points[i], err = pointOf(r); err != nil {
			return nil, err
		}
		for _, before := range points[:i] {
			if before.Equal(points[i]) {
				return nil, errors.New("envelope: a recipient is named twice: look at the keys that are registered")
			}
		}
	}
	return points, nil
}

func bytesOf(points []*ecdh.PublicKey) (all []byte) {
	for _, p := range points {
		all = append(all, p.Bytes()...)
	}
	return all
}

// SealMessage seals what an investigator writes to a reporter: text of at most
// MaxMessage bytes, to the box's Stored.Replies and the investigators' own
// keys, eight at most in all. What comes out is MessageSize bytes, and in which
// of its places a key finds its own tells nothing of how many there are. random
// gives 32 bytes.
func SealMessage(random io.Reader, text string, to ...string) ([]byte, error) {
	text = lines(text)
	if len(text) == 0 || len(text) > MaxMessage || !utf8.ValidString(text) {
		return nil, badMessage()
	}
	points, err := pointsOf(to, 1, stanzas)
	if err != nil {
		return nil, err
	}
	var seed [32]byte
	defer clear(seed[:])
	if _, err := io.ReadFull(random, seed[:]); err != nil {
		return nil, fmt.Errorf("envelope: draw a message's key: %w", err)
	}
	plain := prefixed([]byte(text), messageRoom)
	defer clear(plain)
	root := rootOf(seed, plain, bytesOf(points))
	places, err := placed(root, points)
	if err != nil {
		return nil, err
	}
	return seal(make([]byte, 0, MessageSize), root, "message", plain, places, stanzas)
}

// placed puts the recipients, and nobody where there are fewer than places,
// into an order drawn from root. A reporter sees in which place their own key
// stands; in the order given it would tell that others are written to as well.
func placed(root [32]byte, points []*ecdh.PublicKey) ([]*ecdh.PublicKey, error) {
	drawn, err := hkdf.Expand(sha256.New, root[:], "places", 8*stanzas)
	if err != nil {
		return nil, fmt.Errorf("envelope: draw the places: %w", err)
	}
	places := make([]*ecdh.PublicKey, stanzas)
	copy(places, points)
	for i := stanzas - 1; i > 0; i-- {
		at := binary.BigEndian.Uint64(drawn[8*i:]) % uint64(i+1) // of 2^64, so as good as even
		places[i], places[at] = places[at], places[i]
	}
	return places, nil
}
