package intake

import (
	"context"
	"encoding/hex"
	"errors"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/intake/envelope"
	"suyuan/services/ledger"
	"suyuan/services/nullifier"
	"suyuan/services/store/blob"
)

// record enters letters in their order and answers which are done with.
func (c *cut) record(ctx context.Context, letters []*letter) (done [][32]byte, err error) {
	if len(letters) == 0 {
		return nil, nil
	}
	contents := make([]blob.Named, len(letters))
	for i, l := range letters {
		contents[i] = blob.Named{ID: nameOf("narrative", l.ID[:]), Content: l.Narrative}
	}
	refs, err := c.Vault.PutNamed(ctx, contents)
	if err != nil {
		return nil, err
	}
	for i, l := range letters {
		l.blob = refs[i]
	}
	if err := c.spend(ctx, letters); err != nil {
		return nil, err
	}
	var refused []*letter
	for _, l := range letters {
		if l.blob.Destroyed() {
			if err := c.destroyed(l); err != nil {
				c.left = errors.Join(c.left, err)
				continue
			}
			done = append(done, l.ID)
			continue
		}
		err, letter := c.one(ctx, l), l.Kind == envelope.FollowUp
		if record, known := c.Ledger.Box(l.Stored.Box); known && ruleOf(err) == "complaint.already_filed" {
			err, letter = c.second(ctx, l, record), true
		}
		if alreadyEntered(err) {
			if err = c.whole(l); err != nil {
				c.left = errors.Join(c.left, err)
				continue
			}
		}
		switch {
		case err == nil:
			done = append(done, l.ID)
		case letter && isRefusal(err): // of a box that takes no more letters
			refused = append(refused, l)
		case isRefusal(err):
			c.left = errors.Join(c.left, err)
		default:
			return nil, err
		}
	}
	if err := c.desk.Flush(ctx); err != nil {
		return nil, err
	}
	for _, l := range refused {
		if err := c.Vault.Destroy(ctx, l.blob.ID); err != nil {
			return nil, err
		}
		done = append(done, l.ID)
	}
	return done, nil
}

// whole reports whether the event of a letter that an earlier cut entered names
// the content that is in the vault now. Where it does not, the vault was lost
// with its keys and salts, or is another server's, and the slot is perhaps all
// that is left of the letter.
func (c *cut) whole(l *letter) error {
	if ref, ok := c.sealed(l); !ok || ref.Hash != l.blob.Hash {
		return errContentLost()
	}
	return nil
}

// destroyed tells of a letter whose content was destroyed whether the slot may
// go too: it is on record, or was refused by an earlier cut.
func (c *cut) destroyed(l *letter) error {
	if _, known := c.Ledger.Box(l.Stored.Box); !known && l.Kind != envelope.FollowUp {
		return errContentLost()
	}
	return nil
}

// sealed is how the event of a letter names its content.
func (c *cut) sealed(l *letter) (blob.Ref, bool) {
	record, _ := c.Ledger.Box(l.Stored.Box)
	for _, ref := range record.Sealed {
		if ref.ID == l.blob.ID {
			return ref, true
		}
	}
	return blob.Ref{}, false
}

func errContentLost() error {
	return ledger.Errorf(ledger.Internal, "intake.content_lost",
		"有一封来信已经登记，但文件库里没有它当初的密封内容，可能文件库丢失过；这封来信留在暂存区。请从备份放回 blobs.db 和 blobkeys.db，下次汇总时再核对。",
		"A letter is on record, but the files do not hold the sealed content that was recorded; they may have been lost. It stays in the spool. Put blobs.db and blobkeys.db back from a backup; the next cut looks again.")
}

// spend enters the tokens and cards of a part before its reports, which rest
// on them. One that was spent for another report, or whose key was revoked
// since, makes this report one of the open lane: it is not lost.
func (c *cut) spend(ctx context.Context, letters []*letter) error {
	for _, l := range letters {
		if l.spend == nil {
			continue
		}
		err := c.submit(ctx, "nullifier.spend", "spend-"+hex.EncodeToString(l.ID[:]), nullifier.Spend{Nullifier: hex.EncodeToString(l.spend.Nullifier[:]), Key: l.spend.Key, Complaint: l.complaint()})
		switch {
		case err == nil:
		case isRefusal(err):
			l.spend = nil
		default:
			return err
		}
	}
	return c.desk.Flush(ctx)
}

// one submits what one letter becomes.
func (c *cut) one(ctx context.Context, l *letter) error {
	if l.Kind == envelope.FollowUp {
		return c.hear(ctx, l, l.follow)
	}
	id := hex.EncodeToString(l.ID[:])
	f := complaint.File{
		ID: l.complaint(), Day: c.day, Box: hex.EncodeToString(l.Stored.Box[:]), Signer: hex.EncodeToString(l.Stored.Signer[:]), Replies: l.Stored.Replies,
		Lane: complaint.Open, Claim: l.claim, Narrative: l.narrative(),
	}
	if l.spend != nil {
		f.Lane, f.Key, f.Nullifier = complaint.Verified, l.spend.Key, hex.EncodeToString(l.spend.Nullifier[:])
	}
	return c.submit(ctx, "complaint.file", "report-"+id, f)
}

// second is for a report under a receipt that has one, which another server
// took: it is a letter to the first, so that nothing its sender was told is
// kept is lost. Of whoever does not have the receipt it is nothing.
func (c *cut) second(ctx context.Context, l *letter, first Record) error {
	if first.Stored != l.Stored {
		return errNoBox()
	}
	return c.hear(ctx, l, claim.FollowUp{Act: claim.Reply})
}

func (c *cut) hear(ctx context.Context, l *letter, f claim.FollowUp) error {
	id := hex.EncodeToString(l.ID[:])
	return c.submit(ctx, "complaint.hear", "letter-"+id, complaint.Hear{
		ID: l.complaint(), Letter: id, Day: c.day, Act: f.Act, Solved: f.Solved, Satisfied: f.Satisfied, Narrative: l.narrative(),
	})
}

func (l *letter) narrative() complaint.Blob {
	return complaint.Blob{ID: l.blob.ID, Hash: l.blob.Hash, Class: l.Class.String()}
}
