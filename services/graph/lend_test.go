package graph

import (
	"context"
	"errors"
	"testing"

	"suyuan/services/view"
)

// A resolver reads the rows lent to its query, and nothing without.
func TestRowsAreLent(t *testing.T) {
	if _, err := read(t.Context(), func(*view.Rows) (int, error) { return 1, nil }); !errors.Is(err, errNoRows) {
		t.Errorf("without rows: %v", err)
	}
	rows := &view.Rows{}
	ctx, cancel := context.WithCancel(lend(t.Context(), rows))
	defer cancel()
	if got, err := read(ctx, func(r *view.Rows) (*view.Rows, error) { return r, nil }); got != rows || err != nil {
		t.Errorf("%v", err)
	}
}
