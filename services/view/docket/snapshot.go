package docket

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"

	"suyuan/services/complaint/claim"
	"suyuan/services/view/pack"
)

// A snapshot holds the rows in two parts: all but the claims as they are, and
// the claims sealed, all of them in one, under a key that follows from the
// claims key. The same docket gives the same bytes.

type plainPart struct {
	Complaints []Complaint
	Cases      []Case
	Keys       []IssuerKey
	Recipients []Recipient
	Spent      []spending
	Released   []Release
}

// Encode writes the docket for a snapshot.
func (d *Docket) Encode() string {
	var claims []claim.Facts
	for i := range d.complaints {
		if c := &d.complaints[i]; c.Readable {
			claims = append(claims, c.Claim)
		}
	}
	sealed := ""
	if d.key != nil {
		sealed = d.seal(pack.To(nil, &claims))
	}
	return string(pack.To(pack.To(nil, &sealed), &plainPart{d.complaints, d.cases, d.keys, d.recipients, d.spent, d.released}))
}

// Decode reads what Encode wrote into a docket that is empty. It fails where
// that was under another key, or under none, and leaves the docket empty.
func (d *Docket) Decode(s string) error {
	var sealed string
	var plain plainPart
	var claims []claim.Facts
	s, err := pack.From(s, &sealed)
	if err == nil {
		s, err = pack.From(s, &plain)
	}
	if err == nil && d.key != nil {
		claims, err = d.open(sealed)
	}
	switch {
	case err != nil:
		return err
	case s != "" || d.key == nil && sealed != "":
		return errors.New("docket: it holds more than its rows, or claims that cannot be read")
	}
	for i := range plain.Complaints {
		c := &plain.Complaints[i]
		if c.State.Filed == nil {
			return errors.New("docket: a complaint was not filed")
		}
		if !c.Readable {
			continue
		}
		if len(claims) == 0 {
			return errors.New("docket: a claim is missing")
		}
		c.Claim, claims = claims[0], claims[1:]
	}
	if len(claims) > 0 {
		return errors.New("docket: there are more claims than complaints")
	}
	d.take(plain)
	return nil
}

// take enters rows and makes what is made from them.
func (d *Docket) take(p plainPart) {
	d.complaints, d.cases, d.keys, d.recipients, d.spent = p.Complaints, p.Cases, p.Keys, p.Recipients, p.Spent
	for i := range d.complaints {
		c := &d.complaints[i]
		d.byID[c.ID], d.byBox[digest(c.State.Filed.Box)] = int32(i), int32(i)
		d.enter(int32(i))
		if c.State.Into != "" {
			d.byInto[c.State.Into] = append(d.byInto[c.State.Into], int32(i))
		}
	}
	for i := range d.cases {
		d.caseAt[d.cases[i].ID] = int32(i)
	}
	for i := range d.keys {
		d.keyAt[d.keys[i].ID] = int32(i)
	}
	for i := range d.recipients {
		d.recipientAt[d.recipients[i].ID] = int32(i)
	}
	for i := range d.spent {
		d.spentAt[d.spent[i].Nullifier] = int32(i)
	}
	for _, part := range p.Released {
		d.release(part)
	}
}

// sub makes a key for one use.
func (d *Docket) sub(what string, data []byte) []byte {
	m := hmac.New(sha256.New, d.key[:])
	m.Write([]byte(what))
	m.Write(data)
	return m.Sum(nil)
}

// seal takes its nonce from what is sealed, so that no two texts share one.
func (d *Docket) seal(plain []byte) string {
	aead, err := chacha20poly1305.NewX(d.sub("docket-snapshot-v1", nil))
	if err != nil {
		panic(err) // the key has the right length
	}
	nonce := d.sub("docket-nonce-v1", plain)[:chacha20poly1305.NonceSizeX]
	return string(aead.Seal(nonce, nonce, plain, nil))
}

func (d *Docket) open(sealed string) ([]claim.Facts, error) {
	aead, err := chacha20poly1305.NewX(d.sub("docket-snapshot-v1", nil))
	if err != nil {
		return nil, err
	}
	if len(sealed) < chacha20poly1305.NonceSizeX {
		return nil, pack.ErrShort
	}
	nonce, text := []byte(sealed[:chacha20poly1305.NonceSizeX]), []byte(sealed[chacha20poly1305.NonceSizeX:])
	plain, err := aead.Open(nil, nonce, text, nil)
	if err != nil {
		return nil, fmt.Errorf("docket: its claims were sealed under another key")
	}
	var claims []claim.Facts
	rest, err := pack.From(strings.Clone(string(plain)), &claims)
	if err == nil && rest != "" {
		err = pack.ErrShort
	}
	for i := range claims {
		claims[i] = d.interned(claims[i])
	}
	return claims, err
}
