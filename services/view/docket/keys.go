package docket

import (
	"slices"

	"suyuan/services/complaint"
	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/recipient"
)

// IssuerKey is a key for tokens or a batch of cards; public.
type IssuerKey struct {
	issuerkey.Published
	Ordinal uint64
	Day     ledger.Date
	Revoked bool
}

// Recipient is a key that reports are sealed to; public.
type Recipient struct {
	recipient.Registered
	Ordinal uint64
	Day     ledger.Date
	Retired bool
}

func (d *Docket) spend(s spending) {
	d.spentAt[s.Nullifier] = int32(len(d.spent))
	d.spent = append(d.spent, s)
}

// Keys are the issuer keys and batches of cards in the order in which they
// were published, revoked ones included.
func (d *Docket) Keys() []IssuerKey { return d.keys }

// Recipients are the investigators' keys in the order in which they were
// registered, retired ones included.
func (d *Docket) Recipients() []Recipient { return d.recipients }

// Key finds an issuer key or batch by its id.
func (d *Docket) Key(id string) (*IssuerKey, bool) {
	at, ok := d.keyAt[id]
	if !ok {
		return nil, false
	}
	return &d.keys[at], true
}

// Spent is the complaint that a nullifier was spent for.
func (d *Docket) Spent(nullifier [32]byte) (id string, ok bool) {
	at, ok := d.spentAt[nullifier]
	if !ok {
		return "", false
	}
	return d.spent[at].Complaint, true
}

// SpentFor is Spent for a nullifier of 64 hexadecimal digits.
func (d *Docket) SpentFor(nullifier string) (id string, ok bool) { return d.Spent(digest(nullifier)) }

// HasCard reports whether a batch holds a card's hash, 64 hexadecimal digits.
func (d *Docket) HasCard(batch, hash string) bool {
	k, ok := d.Key(batch)
	if !ok {
		return false
	}
	_, ok = slices.BinarySearch(k.Hashes, hash)
	return ok
}

// What decisions ask of the docket; see the subjects' Facts.

// Fact is what a decision may know of a complaint.
func (d *Docket) Fact(id string) (complaint.Fact, bool) {
	c, ok := d.Find(id)
	if !ok {
		return complaint.Fact{}, false
	}
	return complaint.Fact{
		Named: d.named(c), Stage: c.State.Stage, Others: len(d.Going(c)), Took: len(d.byInto[id]) > 0, Merged: c.State.Into != "", Into: d.with(c),
	}, true
}

// KeyFact is what a decision may know of an issuer key.
func (d *Docket) KeyFact(id string) (issuerkey.Fact, bool) {
	k, ok := d.Key(id)
	if !ok {
		return issuerkey.Fact{}, false
	}
	return k.fact(), true
}

// KeyFacts are those of a county and quarter.
func (d *Docket) KeyFacts(county, quarter string) []issuerkey.Fact {
	var facts []issuerkey.Fact
	for i := range d.keys {
		if k := &d.keys[i]; k.County == county && k.Quarter == quarter {
			facts = append(facts, k.fact())
		}
	}
	return facts
}

func (k *IssuerKey) fact() issuerkey.Fact {
	return issuerkey.Fact{ID: k.ID, Kind: k.Kind, County: k.County, Quarter: k.Quarter, N: k.N, Revoked: k.Revoked}
}

// RecipientFacts are all recipients.
func (d *Docket) RecipientFacts() []recipient.Fact {
	facts := make([]recipient.Fact, len(d.recipients))
	for i, r := range d.recipients {
		facts[i] = recipient.Fact{ID: r.ID, Account: r.Account, Unit: r.Unit, Recipient: r.Recipient, Retired: r.Retired}
	}
	return facts
}
