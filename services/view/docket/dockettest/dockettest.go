// Package dockettest writes reports for tests: the commands that a cut, an
// issuer and staff would submit, made from a number so that a test can tell
// them apart and repeat them. It must never be used outside of tests.
package dockettest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/nullifier"
)

// Submit carries a command out and reports how that went.
type Submit func(by ledger.Actor, name string, input any) error

// System is who cuts.
var System = ledger.Actor{Account: ledger.System}

// Reports makes reports under one claims key.
type Reports struct {
	Key   claim.Key
	batch string
	cards []string // not spent yet
	n     int
}

// New makes reports under a key that no server has.
func New() *Reports {
	return &Reports{Key: sha256.Sum256([]byte("the claims key of tests"))}
}

// Hash is 64 hexadecimal digits made from a text.
func Hash(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

// Blob is a sealed blob that nobody ever put into a vault.
func Blob(text, class string) complaint.Blob {
	return complaint.Blob{ID: Hash("id " + text)[:32], Hash: Hash("hash " + text), Class: class}
}

// Publish publishes a batch of so many cards; verified reports are made with
// the cards of the batch that was published last.
func (r *Reports) Publish(submit Submit, county, quarter string, n, cards int) error {
	r.batch, r.cards = fmt.Sprintf("cards-%s-%d", county, n), nil
	for i := range cards {
		r.cards = append(r.cards, Hash(fmt.Sprint(r.batch, i)))
	}
	slices.Sort(r.cards)
	admin := ledger.Actor{Account: "admin", Roles: []ledger.Role{ledger.Admin}}
	return submit(admin, "issuerkey.publish_cards", issuerkey.PublishCards{ID: r.batch, County: county, Quarter: quarter, N: n, Hashes: slices.Clone(r.cards)})
}

// Box is the hash of the n-th box, counted from 1.
func Box(n int) [32]byte { return sha256.Sum256(fmt.Append(nil, "box ", n)) }

// File files the next report, as a cut would.
func (r *Reports) File(submit Submit, day ledger.Date, lane complaint.Lane, f claim.Facts) (id string, err error) {
	r.n++
	box := Box(r.n)
	id = complaint.IDOf(box)
	f.V = claim.Version
	c := complaint.File{
		ID: id, Day: day, Box: hex.EncodeToString(box[:]), Signer: Hash(fmt.Sprint("signer", r.n)),
		Replies: "age1" + recipient(r.n), Lane: lane, Claim: r.Key.Seal(id, f), Narrative: Blob(fmt.Sprint("report", r.n), complaint.ClassText),
	}
	if lane == complaint.Verified {
		c.Key, c.Nullifier = r.batch, r.cards[0]
		r.cards = r.cards[1:]
		if err := submit(System, "nullifier.spend", nullifier.Spend{Nullifier: c.Nullifier, Key: c.Key, Complaint: id}); err != nil {
			return id, err
		}
	}
	return id, submit(System, "complaint.file", c)
}

// Hear puts a letter on record, as a cut would.
func (r *Reports) Hear(submit Submit, id string, day ledger.Date, f claim.FollowUp) error {
	r.n++
	return submit(System, "complaint.hear", complaint.Hear{
		ID: id, Letter: Hash(fmt.Sprint("letter", r.n)), Day: day, Act: f.Act, Solved: f.Solved, Satisfied: f.Satisfied,
		Narrative: Blob(fmt.Sprint("letter", r.n), complaint.ClassText),
	})
}

// recipient is 58 letters of the alphabet that age writes keys in.
func recipient(n int) string {
	const letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	h := sha256.Sum256(fmt.Append(nil, "replies ", n))
	var b []byte
	for i := range 58 {
		b = append(b, letters[h[i%32]%32])
	}
	return string(b)
}

// JSON is a command's input.
func JSON(input any) json.RawMessage {
	text, err := json.Marshal(input)
	if err != nil {
		panic(err)
	}
	return text
}
