package graph_test

import (
	"io"
	"log/slog"
	"testing"

	"suyuan/services/catalogue"
	"suyuan/services/graph"
	"suyuan/services/view"
)

// The schema starts: every field has an answer, every answer a field.
func TestSchemaIsBound(t *testing.T) {
	events, err := catalogue.Events()
	if err != nil {
		t.Fatal(err)
	}
	v, err := view.New(events, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := graph.New(v, nil, slog.New(slog.NewTextHandler(io.Discard, nil))); err != nil {
		t.Fatal(err)
	}
}
