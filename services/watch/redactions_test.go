package watch

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"testing"

	"suyuan/services/ledger"
)

// A redacted file is destroyed once; what failed is tried again, the rest is
// not held up by it.
func TestRedactions(t *testing.T) {
	var destroyed []string
	broken, missing := true, 0
	r := Redactions{
		Redacted: func() []string { return []string{"a", "gone", "b"} },
		Destroy: func(_ context.Context, id string) error {
			if id == "a" && broken {
				return errors.New("disk")
			}
			if id == "gone" {
				missing++
				return ledger.Errorf(ledger.NotFound, "blob.missing", "没有", "missing")
			}
			destroyed = append(destroyed, id)
			return nil
		},
		Faults: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	r.Once(t.Context())
	broken = false
	r.Once(t.Context())
	r.Once(t.Context())
	if !slices.Equal(destroyed, []string{"b", "a"}) || missing != 1 {
		t.Fatalf("destroyed %v, asked %d times for what is not there", destroyed, missing)
	}
}
