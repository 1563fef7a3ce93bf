package release

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// Thresholds of what may be told.
const (
	K     = 5  // different nullifiers under one issuer key
	Staff = 20 // people on record in what a label names, with those below it
	Open  = 20 // reports of the open lane
)

// Lane is how a report came in.
type Lane string

// The two lanes.
const (
	Verified Lane = "VERIFIED"
	Unproven Lane = "OPEN"
)

// Tag stands for a complaint in a release: only who has the ledger's claims
// key can tell whose it is. A complaint has one tag among reports and another
// among answers.
type Tag [8]byte

// Tags makes tags.
type Tags struct{ key [32]byte }

// NewTags makes them from the key that seals claims.
func NewTags(claims [32]byte) Tags {
	var t Tags
	m := hmac.New(sha256.New, claims[:])
	m.Write([]byte("release-tags-v1"))
	m.Sum(t.key[:0])
	return t
}

// Report is a complaint's tag among reports.
func (t Tags) Report(complaint string) Tag { return t.of("report", complaint) }

// Answer is a complaint's tag among answers.
func (t Tags) Answer(complaint string) Tag { return t.of("answer", complaint) }

func (t Tags) of(what, complaint string) (tag Tag) {
	m := hmac.New(sha256.New, t.key[:])
	m.Write([]byte(what + "\x00" + complaint))
	copy(tag[:], m.Sum(nil))
	return tag
}

// Members are the tags of a batch, in order: base64url of 8 bytes each.
type Members string

// Tags reads them; nil where they cannot be read.
func (m Members) Tags() []Tag {
	raw, err := base64.RawURLEncoding.DecodeString(string(m))
	if err != nil || len(raw)%len(Tag{}) != 0 {
		return nil
	}
	tags := make([]Tag, len(raw)/len(Tag{}))
	for i := range tags {
		copy(tags[i][:], raw[i*len(Tag{}):])
	}
	return tags
}

// Proof is what a token or a card left behind. Both are empty in the open
// lane.
type Proof struct {
	Key       string // id of the issuer key or batch of cards
	Nullifier string
}

// Report is a filed complaint as far as a release looks at it. Withdrawn ones
// and those whose claim cannot be read are none.
type Report struct {
	Tag Tag
	Day ledger.Date // of the cut
	Proof
	Issuer    string // unit code of who added; or
	Level     string // CENTRAL … VILLAGE
	Within    string // county or higher
	Dimension mandate.Dimension
	Mandate   string // told only if it is on record, as Measure and Issuer
	Measure   string
	CameDown  string
	Asked     string

	cameDown, asked figure
	age             int // days on the date of the release
}

// Answer is a complaint that was settled: it was closed, or its time to be
// answered ran out for good. What it says never changes again.
type Answer struct {
	Tag Tag
	Day ledger.Date // when it was settled
	Proof
	Handler   string // unit it was dispatched to
	Responded bool
	Days      int   // working days from dispatch to the answer
	Solved    *bool // as the reporter rated; both, or it counts as unrated
	Satisfied *bool

	age int
}

// Pool is what was never released, in any order.
type Pool struct {
	Reports []Report
	Answers []Answer
	Before  []Published // parts of the releases before, in the order of the ledger; at least those of the last 60 days and the newest
}

// Facts is the look at the read model that a release takes.
type Facts interface {
	Unit(code string) (unit.Fact, bool)
	Mandate(id string) (issuance.MandateFact, bool)
	// Staffed reports whether a unit and those below it have at least so many
	// people on record.
	Staffed(code string, least int64) bool
	// ReleasePool is what was filed and settled up to a day and not released.
	ReleasePool(until ledger.Date) Pool
}
