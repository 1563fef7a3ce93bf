package watch

import (
	"context"
	"log/slog"
	"time"

	"suyuan/services/ledger"
)

// Redactions destroys the stored copy of a document once its redaction is on
// record: the event comes first, so that a crash in between is made good by
// the next look and never leaves a destroyed file without a reason.
type Redactions struct {
	Redacted func() []string // blobs whose documents are redacted
	Destroy  func(ctx context.Context, blob string) error
	Faults   *slog.Logger
	done     map[string]bool
}

// Run looks whenever the ticker fires, until ctx ends.
func (r *Redactions) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-tick:
			r.Once(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// Once destroys what is redacted and not destroyed yet. Destroying again is
// no error, so that a new process may look at all of it once more.
func (r *Redactions) Once(ctx context.Context) {
	for _, blob := range r.Redacted() {
		if r.done[blob] {
			continue
		}
		err := r.Destroy(ctx, blob)
		if err != nil && ctx.Err() == nil {
			r.Faults.Error("destroy a redacted file", "blob", blob, "error", err)
		}
		if err != nil && !ledger.IsCode(err, ledger.NotFound) { // what is not there needs no destroying
			continue
		}
		if r.done == nil {
			r.done = map[string]bool{}
		}
		r.done[blob] = true
	}
}
