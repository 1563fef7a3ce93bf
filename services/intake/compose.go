package intake

import (
	"context"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/intake/envelope"
	"suyuan/services/intake/picture"
	"suyuan/services/intake/receipt"
	"suyuan/services/intake/token"
	"suyuan/services/ledger"
)

// Draft is what somebody without scripts sends.
type Draft struct {
	Receipt  receipt.Receipt
	Keys     *receipt.Keys     // the receipt's, where the caller has derived them: they stay his to clear; nil: Compose derives them
	FollowUp bool              // into a box that is there; else a report
	Form     [16]byte          // of a follow-up: drawn when its form was first shown and posted with it, so that a retry is not a second letter
	Facts    []byte            // claim.Facts, or claim.FollowUp, as JSON
	Text     string            // at most 300 characters
	Pictures []picture.Picture // at most 3, as Picture gave them
	Proof    string            // a paper card's code or a token as text; "" for the open lane
}

// Compose seals a draft and keeps it; it is durable on return. The same draft
// again changes nothing and gets the same answer, also after the cut. Errors
// are *ledger.Error, with the field at fault where there is one.
func (s *Service) Compose(ctx context.Context, d Draft) error {
	l := envelope.Letter{Kind: envelope.Report, Draft: d.Form, Narrative: envelope.Narrative{Text: d.Text}}
	for _, p := range d.Pictures {
		l.Narrative.Pictures = append(l.Narrative.Pictures, p.JPEG)
	}
	var act claim.Act
	var named complaint.Named
	if d.FollowUp {
		f, err := claim.ParseFollowUp(d.Facts)
		if err != nil {
			return err
		}
		l.Kind, l.Facts, act = envelope.FollowUp, f.Marshal(), f.Act
	} else {
		f, err := claim.Parse(d.Facts)
		if err != nil {
			return err
		}
		l.Facts, named = f.Marshal(), complaint.NamedBy(f)
		if l.Token, err = token.ReadProof(d.Proof); err != nil {
			return err
		}
	}
	keys := d.Keys
	if keys == nil {
		derived, err := s.Derive(ctx, d.Receipt)
		if err != nil {
			return err
		}
		defer derived.Clear()
		keys = &derived
	}
	l.Stored = keys.Stored()
	if d.FollowUp {
		s.looks.Add(1)
		record, known := s.Ledger.Box(l.Stored.Box)
		if !known {
			return s.mayFollow(envelope.Envelope{Kind: l.Kind, Stored: l.Stored}, record, known)
		}
		named = record.Named
	}
	to, err := s.to(named, act == claim.Retaliation)
	if err != nil && !d.FollowUp && s.kept(l.Stored.Box) {
		return errTaken() // there were enough when it was sent
	}
	if err != nil {
		return err
	}
	sealed, err := envelope.Seal(keys.Seal(), keys.Sign, l, s.Engine.Recipient().String(), to)
	if err != nil {
		return err
	}
	return s.Accept(ctx, sealed)
}

// to lists the keys of those who may read.
func (s *Service) to(named complaint.Named, retaliation bool) ([]string, error) {
	choose := s.eligible
	if retaliation {
		choose = s.above
	}
	list := choose(named)
	if len(list) < envelope.MinInvestigators {
		return nil, errTooFew()
	}
	keys := make([]string, len(list))
	for i, r := range list {
		keys[i] = r.Key
	}
	return keys, nil
}

func errTooFew() error {
	return ledger.Errorf(ledger.Refused, "intake.too_few_investigators",
		"能阅读这份反映、又不属于被反映单位的核查员不足两名，现在不能收；没有保存任何内容。请向上级单位的渠道反映。",
		"Fewer than two investigators could read this who do not belong to the unit named, so it cannot be taken, and nothing was kept. Report it to a unit further up.")
}
