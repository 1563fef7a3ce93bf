package watch

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"testing"
)

// A redacted file is destroyed once; what failed is tried again, the rest is
// not held up by it.
func TestRedactions(t *testing.T) {
	var destroyed []string
	broken := true
	r := Redactions{
		Redacted: func() []string { return []string{"a", "b"} },
		Destroy: func(_ context.Context, id string) error {
			if id == "a" && broken {
				return errors.New("disk")
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
	if !slices.Equal(destroyed, []string{"b", "a"}) {
		t.Fatalf("destroyed %v", destroyed)
	}
}
