package wired

import (
	"context"
	"fmt"

	"suyuan/services/ledger"
)

// An event as the nation's are, some 600 bytes with its hash.
var (
	data = []byte(`{"id":"province-20-371481100","issuer":"371481100","basis":["province-20-371481"],"lines":[{"to":"371481100200","amounts":[{"measure":"province-20/area","value":"283"}]}],"channel":"document","source":"declared"}`)
	meta = []byte(`{"command":"029e723f9f165da702d88b205f6f1955a6d84ceeb4f12abcf92f65151a745d31","name":"issuance.make","input":"fed5ead0226c0d370110c90132764fadd9c2258b97f8ae050339f85a23d34a20","version":1,"actor":{"roles":["clerk"],"unit":"371481100","account":"bench-clerk"},"recorded":"2026-01-09T10:00:00Z","effective":"2026-02-08T16:00:00Z","decidedAt":749956}`)
)

// end is a stream's: its number of events and the hash of the last one.
type end struct {
	events int64
	hash   ledger.Hash
}

// more is what a stream is given next, sealed, and where it ends then.
func (e end) more(stream string, n int) (records []ledger.Record, behind end, err error) {
	records = make([]ledger.Record, n)
	for i := range records {
		r := ledger.Record{ID: ledger.EventID(stream, "k", int(e.events)), Type: "issuance.made", Data: data, Meta: meta}
		if records[i], e.hash, err = ledger.Seal(e.hash, stream, e.events, r); err != nil {
			return nil, e, err
		}
		e.events++
	}
	return records, e, nil
}

// streams is how many a writer has; it goes from one to the next.
const streams = 100

// writer brings events for streams that are its own, so that it knows their
// ends without asking.
type writer struct {
	name  string
	heads [streams]end
	turn  int
}

// append brings the next events, and takes note once they are on disk.
func (w *writer) append(ctx context.Context, f face, n int) error {
	at := &w.heads[w.turn]
	stream := fmt.Sprintf("issuance-%s-%d", w.name, w.turn)
	records, behind, err := at.more(stream, n)
	if err != nil {
		return err
	}
	if err := f.append(ctx, stream, at.events, records); err != nil {
		return err
	}
	*at, w.turn = behind, (w.turn+1)%streams
	return nil
}
