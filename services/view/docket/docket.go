// Package docket folds reports and their handling: complaints with their
// claims, cases, the keys that reports are sealed to and vouched for with,
// and what was released of all that. It is a part of the read model, in
// memory only; a snapshot holds its claims sealed.
//
// What a reader may see of it is decided by complaint.MayRead and
// caseroom.MayRead and nowhere else; a Reader applies them to every row, so
// that what somebody may not see is in no list, no count and no single
// answer. The package must never let a claim out where the claims key is not
// there: all claims are unreadable then, and everybody is recused.
package docket

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"time"

	"suyuan/services/caseroom"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/nullifier"
	"suyuan/services/recipient"
	"suyuan/services/release"
)

// Facts is what the docket must know of the rest of the read model.
type Facts interface {
	complaint.Facts
	caseroom.Facts
	// MergedInto is the unit that another was merged into, empty for none.
	MergedInto(code string) string
}

// Event is an event of one of the docket's streams. Body is its content as
// the catalogue decodes it.
type Event struct {
	Ordinal uint64
	Type    string // its name: complaint.filed
	Stream  string
	At      time.Time // when it was recorded
	By      ledger.MetaActor
	Body    any
}

// Docket is the fold. Apply is called by one goroutine; everything else may
// be called by many at once while the docket stands still. What it hands out
// belongs to it and is not to be changed.
type Docket struct {
	key   *claim.Key
	facts Facts

	complaints []Complaint
	cases      []Case
	keys       []IssuerKey
	recipients []Recipient
	spent      []spending
	released   []Release

	// Made from the above.
	byID        map[string]int32
	byBox       map[[32]byte]int32
	byMandate   map[string][]int32 // claims that can be read
	byInto      map[string][]int32 // complaints by the one that each was merged into
	caseAt      map[string]int32
	keyAt       map[string]int32
	recipientAt map[string]int32
	spentAt     map[[32]byte]int32
	releasedOf  map[string][]Release // by mandate
	told        map[release.Tag]struct{}
	unreadable  int
	texts       map[string]string // each once
}

// spending is a nullifier with what it was spent for.
type spending struct {
	Nullifier [32]byte
	Key       string
	Complaint string
}

// New makes an empty docket. Without a key no claim can be read.
func New(key *claim.Key, facts Facts) *Docket {
	return &Docket{
		key: key, facts: facts, byID: map[string]int32{}, byBox: map[[32]byte]int32{}, byMandate: map[string][]int32{}, byInto: map[string][]int32{}, caseAt: map[string]int32{},
		keyAt: map[string]int32{}, recipientAt: map[string]int32{}, spentAt: map[[32]byte]int32{}, told: map[release.Tag]struct{}{}, releasedOf: map[string][]Release{}, texts: map[string]string{},
	}
}

// Holds reports whether events of a stream category are the docket's.
func Holds(category string) bool {
	switch category {
	case "complaint", "case", "nullifier", "issuerkey", "recipient", "release", "blank":
		return true
	}
	return false
}

// Sealed reports whether nobody is told what an event of a stream category
// says, or which stream it stands in: reports, cases, tokens that were spent,
// and what was entered so that those cannot be counted.
func Sealed(category string) bool {
	switch category {
	case "complaint", "case", "nullifier", "blank":
		return true
	}
	return false
}

// Apply folds an event. What is not the docket's is passed over.
func (d *Docket) Apply(e Event) {
	switch body := e.Body.(type) {
	case complaint.Filed:
		d.filed(e, body)
	case ledger.Evolver[complaint.State]:
		d.handled(e, body)
	case ledger.Evolver[caseroom.State]:
		d.inCase(e, body)
	case issuerkey.Published:
		d.keyAt[body.ID] = int32(len(d.keys))
		d.keys = append(d.keys, IssuerKey{Published: body, Ordinal: e.Ordinal, Day: ledger.DateOf(e.At)})
	case issuerkey.Revoked:
		if at, ok := d.keyAt[subject(e.Stream)]; ok {
			d.keys[at].Revoked = true
		}
	case recipient.Registered:
		d.recipientAt[body.ID] = int32(len(d.recipients))
		d.recipients = append(d.recipients, Recipient{Registered: body, Ordinal: e.Ordinal, Day: ledger.DateOf(e.At)})
	case recipient.Retired:
		if at, ok := d.recipientAt[subject(e.Stream)]; ok {
			d.recipients[at].Retired = true
		}
	case nullifier.Spent:
		d.spend(spending{digest(body.Nullifier), d.once(body.Key), body.Complaint})
	case release.Published:
		d.release(Release{body, e.Ordinal})
	}
}

// Find is the complaint of an id, for those whom nothing is hidden from: the
// reporter's box, the clocks, the release. Everybody else asks a Reader.
func (d *Docket) Find(id string) (*Complaint, bool) {
	at, ok := d.byID[id]
	if !ok {
		return nil, false
	}
	return &d.complaints[at], true
}

// Box finds the complaint in a box by the hash that the box is stored under.
func (d *Docket) Box(hash [32]byte) (*Complaint, bool) {
	at, ok := d.byBox[hash]
	if !ok {
		return nil, false
	}
	return &d.complaints[at], true
}

// All are the complaints in the order in which they were filed: for the
// system only, as Find.
func (d *Docket) All() iter.Seq[*Complaint] {
	return func(yield func(*Complaint) bool) {
		for i := range d.complaints {
			if !yield(&d.complaints[i]) {
				return
			}
		}
	}
}

// Running are the complaints in which some time runs, in the order in which
// they were filed: for the system only, as Find.
func (d *Docket) Running() iter.Seq[*Complaint] {
	return func(yield func(*Complaint) bool) {
		for i := range d.complaints {
			if c := &d.complaints[i]; c.runs() && !yield(c) {
				return
			}
		}
	}
}

// Size is how many complaints there are, and Unreadable of how many the claim
// cannot be opened, so that nobody may see them: either the claims key is not
// there or it is another one. A report that came without readable facts is not
// among them.
func (d *Docket) Size() int       { return len(d.complaints) }
func (d *Docket) Unreadable() int { return d.unreadable }

// Fingerprint tells the claims key from others without betraying it; empty
// where there is none.
func (d *Docket) Fingerprint() string {
	if d.key == nil {
		return ""
	}
	m := hmac.New(sha256.New, d.key[:])
	m.Write([]byte("docket-key-v1"))
	return hex.EncodeToString(m.Sum(nil)[:8])
}

// subject is what a stream is about, by its name.
func subject(stream string) string {
	for i := range len(stream) {
		if stream[i] == '-' {
			return stream[i+1:]
		}
	}
	return ""
}

// digest reads 64 hexadecimal digits that a command has checked.
func digest(s string) (out [32]byte) {
	raw, err := hex.DecodeString(s)
	if err == nil && len(raw) == len(out) {
		copy(out[:], raw)
	}
	return out
}

// once gives equal texts the same letters: codes and words stand in many rows.
func (d *Docket) once(s string) string {
	if kept, ok := d.texts[s]; ok || s == "" {
		return kept
	}
	if len(d.texts) >= 1<<16 {
		clear(d.texts)
	}
	d.texts[s] = s
	return s
}
