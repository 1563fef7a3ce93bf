// Package envelope is how a report, or what is said later about one, travels
// and lies: two age files, one with the facts for the engine's key and one
// with the narrative for the investigators' keys, in a whole of one of two
// sizes, signed by the reporter. The browser makes it where it can (the twin
// of this package, held to test/cases/envelopes.json); where it cannot, the
// server does, in memory, with a seed from the receipt instead of chance, so
// that the same letter is the same bytes again.
//
// The package must never store, log or count anything, none of its errors may
// carry anything of what it read, sealed or opened, and the size of what it
// makes must not depend on anything but the class. Letter and Narrative show
// themselves to nobody who does not ask for their fields.
//
// The layout, numbers big-endian, all that is not used zero and checked:
//
//	    0  magic "suyuan-1"
//	    8  kind: 1 report, 2 follow-up
//	    9  class: 1 text, 2 pictures
//	   10  length of the token
//	   12  zero
//	   16  SHA-256 of the box's id
//	   48  the reporter's Ed25519 public key
//	   80  the age recipient for replies, 62 characters
//	  142  zero
//	  144  token, 512 bytes of room
//	  656  facts: an age file with one stanza, 1,608 bytes
//	 2264  narrative: an age file with eight stanzas, up to the signature
//	-  64  Ed25519 signature of "suyuan-envelope-v1" and the SHA-256 of all before it
//
// In the age files, before sealing: facts are their length in two bytes, the
// JSON, zeros up to 1,408 bytes; a narrative is the length of the text in two
// bytes, the number of pictures in one, the length of each of three in four,
// the text in UTF-8, the pictures, zeros up to what fills the class; a message
// is its length in two bytes, the text, zeros up to 2,050.
package envelope

import (
	"fmt"
	"io"

	"suyuan/services/intake/picture"
	"suyuan/services/intake/receipt"
)

// Kind says what an envelope is about: a report that opens a box, or something
// said later under the receipt of one.
type Kind byte

const (
	Report   Kind = 1
	FollowUp Kind = 2
)

func (k Kind) String() string {
	switch k {
	case Report:
		return "report"
	case FollowUp:
		return "follow-up"
	}
	return "unknown"
}

// Class is one of the two sizes.
type Class byte

const (
	Text     Class = 1 // no picture
	Pictures Class = 2 // one to three
)

func (c Class) String() string {
	switch c {
	case Text:
		return "text"
	case Pictures:
		return "pictures"
	}
	return "unknown"
}

// Size is what every envelope of the class takes, in bytes; 0 for no class.
func (c Class) Size() int {
	switch c {
	case Text:
		return TextSize
	case Pictures:
		return PicturesSize
	}
	return 0
}

// ClassOf tells the class of an envelope by its size.
func ClassOf(size int) (Class, bool) {
	switch size {
	case TextSize:
		return Text, true
	case PicturesSize:
		return Pictures, true
	}
	return 0, false
}

// What fits, and what comes out, in bytes unless said otherwise.
const (
	TextSize     = 16 << 10
	PicturesSize = 4 << 20

	MaxToken    = 512
	MaxFacts    = 1400
	MaxText     = 300 // characters (code points), line breaks as one
	MaxPictures = 3
	MaxPicture  = picture.MaxOutput

	MinInvestigators = 2
	MaxInvestigators = stanzas

	MaxMessage  = 2048
	MessageSize = headSize + stanzas*stanzaSize + messageRoom + tagSize // every sealed message
)

// A Letter is what goes into an envelope. Its class follows from whether there
// are pictures.
type Letter struct {
	Kind   Kind
	Stored receipt.Stored
	// Draft tells two letters apart that say the same: drawn when a form is
	// shown first and posted with it, so that sending the form again gives the
	// same envelope, and the same words in a new form another. It is not in the
	// envelope. A report may leave it zero: there is one under a receipt.
	Draft     [16]byte
	Token     []byte // as services/intake/token has it, or none
	Facts     []byte // JSON of services/complaint/claim; required
	Narrative Narrative
}

// Narrative is what only investigators read. Pictures are bare JPEG files,
// already cleaned where they were sealed; but whoever opens a narrative has
// them from a stranger, and cleans them again before looking at them.
type Narrative struct {
	Text     string
	Pictures [][]byte
}

// An Envelope is what can be read of one without a key. The slices share the
// memory of what was read.
type Envelope struct {
	Kind   Kind
	Class  Class
	Stored receipt.Stored
	Token  []byte // nil where there is none

	Facts     []byte // an age file: FactsSize bytes
	Narrative []byte // an age file: NarrativeSize(Class) bytes

	ID [32]byte // SHA-256 of "envelope-v1" and the whole envelope
}

func (Letter) String() string               { return "letter" }
func (Letter) Format(to fmt.State, _ rune)  { _, _ = io.WriteString(to, "letter") }
func (Letter) MarshalText() ([]byte, error) { return []byte("letter"), nil }

func (Narrative) String() string               { return "narrative" }
func (Narrative) Format(to fmt.State, _ rune)  { _, _ = io.WriteString(to, "narrative") }
func (Narrative) MarshalText() ([]byte, error) { return []byte("narrative"), nil }
