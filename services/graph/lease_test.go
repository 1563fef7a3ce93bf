package graph

import (
	"context"
	"errors"
	"testing"
	"time"

	"suyuan/services/catalogue"
	"suyuan/services/view"
)

// A lease that has ended lends nothing, and does not end under a resolver.
func TestLease(t *testing.T) {
	if _, err := read(t.Context(), func(*view.Rows) (int, error) { return 1, nil }); !errors.Is(err, errEnded) {
		t.Errorf("without a lease: %v", err)
	}
	events, err := catalogue.Events()
	if err != nil {
		t.Fatal(err)
	}
	v, err := view.New(events, "")
	if err != nil {
		t.Fatal(err)
	}
	v.Read(func(rows *view.Rows) {
		l := &lease{rows: rows}
		ctx := context.WithValue(t.Context(), leaseKey{}, l)
		inside, leave, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
		go func() {
			_, _ = read(ctx, func(r *view.Rows) (uint64, error) {
				close(inside)
				<-leave
				return r.Size(), nil
			})
		}()
		<-inside
		go func() { l.end(); close(ended) }()
		select {
		case <-ended:
			t.Error("the lease ended under a resolver")
		case <-time.After(20 * time.Millisecond):
		}
		close(leave)
		<-ended
		if _, err := read(ctx, func(*view.Rows) (int, error) { return 1, nil }); !errors.Is(err, errEnded) {
			t.Errorf("after its end: %v", err)
		}
	})
}
