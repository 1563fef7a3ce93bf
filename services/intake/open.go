package intake

import (
	"context"

	"filippo.io/age"

	"suyuan/services/intake/envelope"
	"suyuan/services/intake/receipt"
)

// Open shows a receipt's box. A wrong receipt opens a Box that is not Known,
// at the same price.
func (s *Service) Open(ctx context.Context, r receipt.Receipt) (Box, error) {
	keys, err := s.Derive(ctx, r)
	if err != nil {
		return Box{}, err
	}
	defer keys.Clear()
	return s.Look(ctx, keys)
}

// Look is Open with keys that Derive gave, for which nothing is derived anew.
func (s *Service) Look(ctx context.Context, keys receipt.Keys) (Box, error) {
	replies, err := keys.Replies()
	if err != nil {
		return Box{}, err
	}
	box, err := s.box(ctx, receipt.BoxHash(keys.Box()))
	if err != nil {
		return Box{}, err
	}
	for i := range Messages {
		if i >= len(box.Messages) { // as much work for what is not there
			_, _ = envelope.OpenMessage(box.spare, s.Engine)
			continue
		}
		box.Messages[i].open(replies)
	}
	return box.Box, nil
}

func (m *Message) open(with age.Identity) {
	text, err := envelope.OpenMessage(m.Sealed, with)
	m.Text, m.Broken, m.Sealed = text, m.Broken || err != nil, nil
}

// Poll gives a box's news as JSON with spaces behind it, PollSize bytes for
// every id there could be.
func (s *Service) Poll(ctx context.Context, id [32]byte) ([]byte, error) {
	box, err := s.box(ctx, receipt.BoxHash(id))
	if err != nil {
		return nil, err
	}
	return box.Padded()
}

// shown is a box and what is opened in the place of messages that are not
// there.
type shown struct {
	Box
	spare []byte
}

// box looks into the read model and the spool, and reads as many blobs for
// every hash there could be.
func (s *Service) box(ctx context.Context, hash [32]byte) (shown, error) {
	s.looks.Add(1)
	s.moving.RLock() // or it could be in neither
	record, known := s.Ledger.Box(hash)
	waits := s.Spool.Pending(hash)
	s.moving.RUnlock()
	out := shown{Box: record.Box}
	out.Known, out.Waiting = known || waits.Report, !known && waits.Report
	out.Cut, out.Pending = s.NextCut(), waits.FollowUps
	readers, above := s.eligible(record.Named), s.above(record.Named) // also for what is not there
	if known {
		out.Investigators, out.Above = readers, above
	}
	notes := record.Notes[max(0, len(record.Notes)-Messages):]
	for i := range Messages {
		s.reads.Add(1)
		if i >= len(notes) {
			spare, err := s.Vault.Get(ctx, s.decoy)
			if err != nil {
				return shown{}, err
			}
			out.spare = spare
			continue
		}
		sealed, err := s.Vault.Get(ctx, notes[i].Blob)
		if err != nil && ctx.Err() != nil {
			return shown{}, ctx.Err()
		}
		out.Messages = append(out.Messages, Message{What: notes[i].What, Day: notes[i].Day, Sealed: sealed, Broken: err != nil})
	}
	return out, nil
}
