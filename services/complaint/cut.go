package complaint

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
)

// IDOf is the id of the complaint in a box, from the hash under which the box
// is stored: 32 hex digits. The same envelope so has the same complaint,
// however often a cut is begun.
func IDOf(boxHash [32]byte) string {
	h := sha256.Sum256(append([]byte("complaint-v1"), boxHash[:]...))
	return hex.EncodeToString(h[:16])
}

// Decide registers a report once. What is sealed is held to its form only.
func (c File) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		system(by),
		checkHex("box", c.Box, 32), checkHex("signer", c.Signer, 32), ledger.CheckDate("day", c.Day, true),
		checkBlob("narrative", c.Narrative, ClassText, ClassPictures),
		c.checkSealed(),
	); err != nil {
		return nil, err
	}
	if s.Filed != nil {
		return nil, ledger.Errorf(ledger.Conflict, "complaint.already_filed", "这份反映已经登记。", "This report is on record already.").At("id")
	}
	if err := c.checkLane(f); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Filed(c)}, nil
}

func (c File) checkSealed() error {
	var box [32]byte
	_, _ = hex.Decode(box[:], []byte(c.Box)) // has the form
	switch {
	case c.ID != IDOf(box):
		return ledger.Errorf(ledger.Invalid, "complaint.id", "编号与信箱不符。", "The id is not that of the box.").At("id")
	case !isRecipient(c.Replies):
		return ledger.Errorf(ledger.Invalid, "complaint.replies", "回信公钥不合规范。", "The recipient for replies is not well-formed.").At("replies")
	case !claim.IsSealed(c.Claim):
		return ledger.Errorf(ledger.Invalid, "complaint.claim", "反映要素没有密封。", "The claim is not sealed.").At("claim")
	}
	return nil
}

// isRecipient looks at the form alone; intake has held it to the curve.
func isRecipient(s string) bool {
	rest, ok := strings.CutPrefix(s, "age1")
	return ok && len(rest) == 58 && strings.Trim(rest, "qpzry9x8gf2tvdw0s3jn54khce6mua7l") == ""
}

// checkLane: a verified report stands on a token that was spent for it and
// for nothing else.
func (c File) checkLane(f Facts) error {
	if err := ledger.CheckWord("lane", c.Lane, Open, Verified); err != nil {
		return err
	}
	if c.Lane == Open {
		if c.Key != "" || c.Nullifier != "" {
			return ledger.Errorf(ledger.Invalid, "complaint.open_lane", "公开通道不带凭证。", "The open lane takes no token.").At("lane")
		}
		return nil
	}
	if _, ok := f.IssuerKey(c.Key); !ok {
		return ledger.Refuse("complaint.unlogged_key", "签发公钥没有公布，凭证不予认可。", "The issuer key is not on record; nothing under it counts.").At("key")
	}
	if spentFor, ok := f.Spent(c.Nullifier); !ok || spentFor != c.ID {
		return ledger.Refuse("complaint.not_spent", "凭证没有为这份反映登记使用。", "The token is not recorded as spent for this report.").At("nullifier")
	}
	return nil
}

// Decide records a letter. Whatever it asks for, it is never lost: what is
// not open at the time becomes a reply.
func (c Hear) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		system(by),
		checkHex("letter", c.Letter, 32), ledger.CheckDate("day", c.Day, true),
		checkBlob("narrative", c.Narrative, ClassText, ClassPictures),
		claim.FollowUp{V: claim.Version, Act: c.Act, Solved: c.Solved, Satisfied: c.Satisfied}.Check(),
	); err != nil {
		return nil, err
	}
	switch {
	case s.Filed == nil:
		return nil, unknown(c.ID)
	case slices.Contains(s.Letters, c.Letter):
		return nil, ledger.Errorf(ledger.Conflict, "complaint.letter_heard", "这封来信已经登记。", "This letter is on record already.").At("letter")
	case len(s.Letters) >= MaxLetters:
		return nil, ledger.Refuse("complaint.too_many_letters", "一个信箱最多登记 %d 封来信。", "A box takes at most %d letters.", MaxLetters).At("letter")
	}
	fact, _ := f.Complaint(c.ID)
	return c.events(s, fact, at), nil
}

func (c Hear) events(s State, fact Fact, at time.Time) []ledger.Evolver[State] {
	l := Letter{c.Letter, c.Day, c.Narrative}
	if s.Stage == Joined && fact.Into != nil && c.Act != claim.Reply && c.Act != claim.Retaliation {
		return c.apart(s, *fact.Into, l, at)
	}
	if _, ok := s.open(c.Act, c.Day, CutDays); !ok {
		return []ledger.Evolver[State]{Replied{Letter: l, Act: c.Act}}
	}
	switch c.Act {
	case claim.Withdraw:
		if fact.Others > 0 {
			return []ledger.Evolver[State]{Withdrawn{l}}
		}
		return []ledger.Evolver[State]{Withdrawn{l}, Closed{At: at, How: ByWithdrawal}}
	case claim.Rate:
		return []ledger.Evolver[State]{Rated{Letter: l, Solved: *c.Solved, Satisfied: *c.Satisfied}}
	case claim.Retaliation:
		return []ledger.Evolver[State]{RetaliationReported{l}}
	case claim.Review:
		if s.Reviewed {
			return []ledger.Evolver[State]{FinalReviewAsked{l}}
		}
		return []ledger.Evolver[State]{ReviewAsked{l}}
	}
	return []ledger.Evolver[State]{Replied{Letter: l}}
}
