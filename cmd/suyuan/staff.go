package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"

	"suyuan/portal"
	"suyuan/portal/api"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/intake/envelope"
	"suyuan/services/ledger"
	"suyuan/services/recipient"
	"suyuan/services/store/blob"
	"suyuan/services/view"
	"suyuan/services/view/docket"
)

// staff is where the pages of staff write. What it reads of a complaint or a
// case it reads as the actor; what the actor may not see there is unknown.
type staff struct {
	api.Desk
	view  *view.View
	vault *blob.Vault
	key   claim.Key // what messages are sealed with is derived from it, so that a form sent twice gives the same message
	state func() error
}

var _ portal.Desk = staff{}

func unknownComplaint(id string) error {
	return ledger.Errorf(ledger.NotFound, "complaint.unknown", "没有编号为“%s”的反映件。", "There is no complaint %q.", id)
}

func unknownCase(id string) error {
	return ledger.Errorf(ledger.NotFound, "case.unknown", "没有编号为“%s”的案件。", "There is no case %q.", id)
}

var errTooLong = ledger.Errorf(ledger.Invalid, "message.too_long", "内容太长，最多 %d 字节；请缩短。", "That is too long: %d bytes at most. Make it shorter.", envelope.MaxMessage).At("message")

var errSealedLetters = ledger.Errorf(ledger.Forbidden, "complaint.sealed", "来信供核查员查阅；申请复查以后，审议员也可以查阅。", "Letters are for investigators, and for reviewers once a review was asked for.")

// Message implements portal.Desk.
func (s staff) Message(ctx context.Context, by ledger.Actor, id, key, text string, to portal.Audience) (portal.Sealed, error) {
	if err := s.state(); err != nil {
		return portal.Sealed{}, err
	}
	if len(text) > envelope.MaxMessage {
		return portal.Sealed{}, errTooLong
	}
	var reporters []string
	s.view.Docket(func(d *docket.Docket) {
		c := d.For(by).Complaint(id)
		if c == nil {
			return
		}
		reporters = []string{c.State.Filed.Replies}
		if to == portal.ToAll {
			for _, other := range d.Awaiting(c) {
				if replies := other.State.Filed.Replies; !slices.Contains(reporters, replies) {
					reporters = append(reporters, replies)
				}
			}
		}
	})
	if len(reporters) == 0 || to == portal.Guarded && !s.Protects(by, id) {
		return portal.Sealed{}, unknownComplaint(id)
	}
	keys := sealedTo(reporters, s.readers(id, to == portal.Guarded))
	seed := s.seed("message", by.Account, id, key, text, keys)
	sealed, err := envelope.SealMessage(bytes.NewReader(seed), text, keys...)
	if err != nil {
		return portal.Sealed{}, err
	}
	return s.keep(ctx, seed, sealed)
}

// sealedTo are the keys that a message is sealed to: the reporters', and investigators'
// where there is room. Of more reporters than a message has places for, which
// mergers of before or of the same moment can have made, those are written to
// who were merged first: an answer is never impossible, and whoever cannot open
// it is asked by a message of their own.
func sealedTo(reporters, readers []string) []string {
	keys := reporters[:min(len(reporters), envelope.MaxInvestigators)]
	for _, key := range readers {
		if len(keys) < envelope.MaxInvestigators && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// readers are the investigators' keys that a message is sealed to: of those who
// may know of the complaint, and where it is guarded, of those above whom it
// names.
func (s staff) readers(id string, guarded bool) (keys []string) {
	s.view.Look(func(facts any, _ uint64) {
		f := facts.(staffFacts)
		c, _ := f.Complaint(id)
		for _, r := range f.Recipients() {
			by := r.Reader()
			if r.Retired || !complaint.MayRead(by, c.Named, "", f) || guarded && !complaint.Protects(by, c.Named) {
				continue
			}
			keys = append(keys, r.Recipient)
		}
	})
	return keys
}

// staffFacts is what of the read model's facts the desk of staff looks at.
type staffFacts interface {
	complaint.Facts
	recipient.Facts
}

// Note implements portal.Desk.
func (s staff) Note(ctx context.Context, by ledger.Actor, id, key, text string) (portal.Sealed, error) {
	if err := s.state(); err != nil {
		return portal.Sealed{}, err
	}
	known := false
	s.view.Docket(func(d *docket.Docket) { known = d.For(by).Case(id) != nil })
	if !known {
		return portal.Sealed{}, unknownCase(id)
	}
	return s.keep(ctx, s.seed("note", by.Account, id, key, text, nil), []byte(text))
}

// seed is 32 bytes that nobody without the claims key can tell from chance.
func (s staff) seed(parts ...any) []byte {
	body, err := json.Marshal(parts)
	if err != nil {
		panic(err) // texts
	}
	h := hmac.New(sha256.New, s.key[:])
	h.Write([]byte("staff-v1"))
	h.Write(body)
	return h.Sum(nil)
}

func (s staff) keep(ctx context.Context, seed, content []byte) (portal.Sealed, error) {
	id := sha256.Sum256(append([]byte("staff-blob-v1"), seed...))
	refs, err := s.vault.PutNamed(ctx, []blob.Named{{ID: hex.EncodeToString(id[:16]), Content: content}})
	if err != nil {
		return portal.Sealed{}, err
	}
	return portal.Sealed{ID: refs[0].ID, Hash: refs[0].Hash}, nil
}

// Read implements portal.Desk.
func (s staff) Read(ctx context.Context, by ledger.Actor, id, note string) (string, error) {
	ref, found := blob.Ref{}, false
	s.view.Docket(func(d *docket.Docket) {
		c := d.For(by).Case(id)
		if c == nil {
			return
		}
		for _, n := range c.Notes {
			if n.Blob.ID == note {
				ref, found = blob.Ref{ID: n.Blob.ID, Hash: n.Blob.Hash}, true
			}
		}
	})
	if !found {
		return "", unknownCase(id)
	}
	text, err := s.vault.Get(ctx, ref)
	return string(text), lost(err)
}

// Letter implements portal.Desk. A report of retaliation, and the answer to
// it, are for those above whom the complaint names.
func (s staff) Letter(ctx context.Context, by ledger.Actor, id, want string) ([]byte, error) {
	ref, found, sealed := blob.Ref{}, false, false
	s.view.Docket(func(d *docket.Docket) {
		r := d.For(by)
		c := r.Complaint(id)
		if c == nil {
			return
		}
		if sealed = !r.Figures(c); sealed {
			return
		}
		protects := complaint.Protects(by, c.Named())
		take := func(b complaint.Blob, guarded bool) {
			if b.ID == want && (protects || !guarded) {
				ref, found = blob.Ref{ID: b.ID, Hash: b.Hash}, true
			}
		}
		for _, l := range c.Letters {
			take(l.Blob, l.Act == claim.Retaliation)
		}
		for _, m := range c.Messages {
			take(m.Blob, m.What == "complaint.retaliation_answered")
		}
	})
	switch {
	case sealed:
		return nil, errSealedLetters
	case !found:
		return nil, unknownComplaint(id)
	}
	content, err := s.vault.Get(ctx, ref)
	return content, lost(err)
}

// lost says of a blob that was destroyed, or is in no vault, that it is gone.
func lost(err error) error {
	if e, ok := errors.AsType[*ledger.Error](err); ok && (e.Rule == "blob.missing" || e.Rule == "blob.destroyed") {
		return ledger.Errorf(ledger.NotFound, "letter.gone", "内容已经销毁或不在库中。", "It was destroyed, or is not in the vault.").Because(err)
	}
	return err
}

// Protects implements portal.Desk.
func (s staff) Protects(by ledger.Actor, id string) (yes bool) {
	s.view.Docket(func(d *docket.Docket) {
		c := d.For(by).Complaint(id)
		yes = c != nil && complaint.Protects(by, c.Named())
	})
	return yes
}
