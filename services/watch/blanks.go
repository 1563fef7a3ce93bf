package watch

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"time"

	"suyuan/services/blank"
	"suyuan/services/ledger"
)

// Blanks enters a blank entry now and then, by chance: what staff and clocks
// do about reports goes on record one sealed entry at a time, and whoever
// counts those of a day, or watches them come in, sees no more than that they
// do. A few hidden ones are lost among some hundred and eighty a day, whose
// number varies by more than ten.
type Blanks struct {
	Desk   Submitter
	Random io.Reader
	Faults *slog.Logger

	fault string // that was logged last
}

// oneIn is how many ticks there are to one entry.
const oneIn = 8

// Run draws at every tick, once a minute, until ctx ends.
func (b *Blanks) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-tick:
			b.note(ctx, b.Once(ctx))
		case <-ctx.Done():
			return
		}
	}
}

// Once enters one, or none.
func (b *Blanks) Once(ctx context.Context) error {
	var drawn [1 + 16]byte
	if _, err := io.ReadFull(b.Random, drawn[:]); err != nil {
		return err
	}
	if drawn[0]%oneIn != 0 {
		return nil
	}
	id := hex.EncodeToString(drawn[1:])
	input, err := json.Marshal(blank.Enter{ID: id, Count: 1})
	if err != nil {
		return err
	}
	_, err = b.Desk.Submit(ctx, ledger.Actor{Account: ledger.System}, "blank.enter", id, input)
	return err
}

// note logs a fault once for as long as it stays the same, by its rule alone.
func (b *Blanks) note(ctx context.Context, err error) {
	fault := ""
	if err != nil && ctx.Err() == nil {
		e := ledger.AsError(err)
		if fault = e.Rule; fault != b.fault {
			b.Faults.Error("blank entries", "rule", e.Rule, "error", e.Text.En)
		}
	}
	b.fault = fault
}
