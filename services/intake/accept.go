package intake

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"

	"suyuan/services/complaint"
	"suyuan/services/intake/envelope"
	"suyuan/services/intake/spool"
	"suyuan/services/ledger"
)

// Accept keeps an envelope that a browser sealed; it is durable on return. The
// same envelope again changes nothing and gets the same answer, also after the
// cut. Errors are *ledger.Error with the rules envelope.*, token.*, spool.* and
// intake.*.
func (s *Service) Accept(ctx context.Context, sealed []byte) error {
	e, err := envelope.Read(sealed)
	if err != nil {
		return err
	}
	if s.Spool.Has(e.ID) {
		return nil
	}
	s.moving.RLock()
	defer s.moving.RUnlock()
	s.looks.Add(1)
	record, known := s.Ledger.Box(e.Stored.Box)
	if known && entered(record, e) {
		return nil
	}
	entry := spool.Entry{ID: e.ID, Box: e.Stored.Box, FollowUp: e.Kind == envelope.FollowUp, Data: sealed}
	if entry.FollowUp {
		err = s.mayFollow(e, record, known)
	} else {
		entry.Nullifier, err = s.mayReport(e, known)
	}
	if err != nil {
		return err
	}
	s.writes.Add(1)
	err = s.Spool.Put(ctx, entry)
	switch {
	case errors.Is(err, spool.ErrTaken):
		return errTaken()
	case errors.Is(err, spool.ErrSpent):
		return errSpent()
	}
	return err
}

// kept reports whether a box has a report, on record or waiting.
func (s *Service) kept(box [32]byte) bool {
	s.moving.RLock() // or it could be in neither
	defer s.moving.RUnlock()
	s.looks.Add(1)
	_, known := s.Ledger.Box(box)
	return known || s.Spool.Pending(box).Report
}

// entered reports whether this very envelope is on record.
func entered(r Record, e envelope.Envelope) bool {
	return e.Kind == envelope.Report && r.Narrative == nameOf("narrative", e.ID[:]) ||
		slices.Contains(r.Letters, hex.EncodeToString(e.ID[:])) // also a second report
}

// mayReport checks what a report must not have in common with another: the box
// and the token.
func (s *Service) mayReport(e envelope.Envelope, known bool) (nullifier *[32]byte, err error) {
	if known || s.Spool.Pending(e.Stored.Box).Report && !s.Spool.Has(e.ID) {
		return nil, errTaken() // also where the proof, good then, is good no more
	}
	if e.Token == nil {
		return nil, nil
	}
	spend, err := s.Ledger.Ring().Verify(e.Token)
	if err != nil {
		return nil, err
	}
	if by, spent := s.Ledger.Spent(spend.Nullifier); spent && by != complaint.IDOf(e.Stored.Box) {
		return nil, errSpent()
	}
	return &spend.Nullifier, nil
}

// mayFollow checks that the box is there and the reporter's own. That it is
// not is said plainly, and the same in both cases: whoever knows a receipt
// finds out by opening it, at the same price, and whoever knows only what a
// box is stored as learns nothing that he did not know.
func (s *Service) mayFollow(e envelope.Envelope, r Record, known bool) error {
	switch {
	case e.Token != nil:
		return ledger.Errorf(ledger.Invalid, "intake.token_with_follow_up", "补充来信不需要凭证或卡号。", "What is added to a report takes no token and no card.")
	case known && r.Stored == e.Stored && len(r.Letters)+s.Spool.Pending(e.Stored.Box).FollowUps >= complaint.MaxLetters:
		return ledger.Refuse("intake.too_many_letters", "一张回执最多补充 %d 次，已经用完。", "A receipt takes at most %d additions, and that is reached.", complaint.MaxLetters)
	case known && r.Stored == e.Stored:
		return nil
	case !known && s.Spool.Pending(e.Stored.Box).Report:
		return errWaiting(s.NextCut())
	}
	return errNoBox()
}

func errTaken() error {
	return ledger.Errorf(ledger.Conflict, "intake.taken",
		"这张回执的反映已经收好，没有另收一份。要补充内容，请凭回执进入后补充；要另外反映，请重新开始，另取一张回执。",
		"The report of this receipt is kept, and no second one was taken. To add to it, open it with the receipt; to report something else, start again with a new receipt.")
}

func errSpent() error {
	return ledger.Errorf(ledger.Conflict, "intake.spent",
		"这张凭证或卡已经用于另一份反映，不能再用；这一份没有收下。请换一张，或不用凭证提交。",
		"This token or card was used for another report, and this one was not taken. Use another, or report without one.")
}

func errWaiting(next ledger.Date) error {
	return ledger.Errorf(ledger.Refused, "intake.waiting",
		"这份反映已经收好，还没有登记；%s 汇总登记之后才能补充、撤回。", "The report is kept safely and not registered yet; after the collection of %s it can be added to or withdrawn.", next)
}

func errNoBox() error {
	return ledger.Errorf(ledger.NotFound, "intake.no_box",
		"没有找到这张回执的反映，没有收下任何内容；请核对回执。", "There is no report under this receipt, and nothing was taken; check the receipt.")
}
