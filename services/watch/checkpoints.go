// Package watch holds the reactors: something that was recorded, or a date
// that has come, leads to a command. A reactor never appends; it asks the
// desk, with a key that makes a repeat change nothing.
package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"suyuan/services/checkpoint"
	"suyuan/services/desk"
	"suyuan/services/ledger"
)

// Submitter is the desk.
type Submitter interface {
	Submit(ctx context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error)
}

// Log is what the reactors look at.
type Log interface {
	// State is the log's size and root now, and what the newest checkpoint
	// covers and when it was recorded.
	State() (size uint64, root ledger.Hash, covered uint64, at time.Time)
}

// Checkpoints asks for a signed checkpoint every 1,000 events, or when an
// hour has passed with anything new.
type Checkpoints struct {
	Desk   Submitter
	Log    Log
	Signer string
	Clock  ledger.Clock
	Faults *slog.Logger
}

const (
	checkpointEvery = 1000
	checkpointAfter = time.Hour
)

// Run looks each time the ticker fires, and once more when ctx ends, so that
// a stopped ledger is covered to its end.
func (c Checkpoints) Run(ctx context.Context, tick <-chan time.Time) {
	known := ""
	for {
		select {
		case <-tick:
			known = c.note(c.Due(ctx), known)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			c.note(c.Sign(last), known)
			cancel()
			return
		}
	}
}

// note logs a fault, once for as long as it stays the same: it is met again
// every second.
func (c Checkpoints) note(err error, known string) string {
	if err == nil {
		return ""
	}
	if err.Error() != known {
		c.Faults.Error("checkpoint", "error", err)
	}
	return err.Error()
}

// Due signs if it is time.
func (c Checkpoints) Due(ctx context.Context) error {
	size, _, covered, at := c.Log.State()
	news := size - covered
	if news < checkpointEvery && (c.Clock().Sub(at) < checkpointAfter || onlyCheckpoint(news, covered)) {
		return nil
	}
	return c.Sign(ctx)
}

// onlyCheckpoint: the one new event is the last checkpoint itself; signing
// that would go on for ever.
func onlyCheckpoint(news, covered uint64) bool { return news == 0 || news == 1 && covered > 0 }

// Sign signs what is new.
func (c Checkpoints) Sign(ctx context.Context) error {
	size, root, covered, _ := c.Log.State()
	if onlyCheckpoint(size-covered, covered) {
		return nil
	}
	note, err := checkpoint.Write(c.Signer, size, root)
	if err != nil {
		return err
	}
	input, err := json.Marshal(checkpoint.Sign{Note: note})
	if err != nil {
		return err
	}
	key := fmt.Sprintf("checkpoint-%d-%s", size, root)
	_, err = c.Desk.Submit(ctx, ledger.Actor{Account: ledger.System}, "checkpoint.sign", key, input)
	return err
}
