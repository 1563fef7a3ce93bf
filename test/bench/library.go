package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"

	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/test/bench/nation"
)

// library starts a process that answers the same queries on the same rows by
// graphql-go alone: every document parsed, validated, executed.
func (b *bench) library(ctx context.Context) (*served, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return b.launch(ctx, self, "-child", libraries, "-data", b.ledger())
}

// answerByLibrary is that process.
func answerByLibrary(ctx context.Context, data string) error {
	h, err := nation.OpenReadOnly(ctx, data)
	if err != nil {
		return err
	}
	g, err := graph.New(h.View, h.Store, h.Store.Err, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return errors.Join(err, h.Close())
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, h.Close())
	}
	fmt.Printf("portal  http://%s/\n", l.Addr())
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Query     string
			Variables map[string]any
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err == nil {
			err = json.Unmarshal(body, &q)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		result := g.ByLibrary(graph.WithViewer(r.Context(), ledger.Actor{}, "zh"), bind.Request{Query: q.Query, Variables: q.Variables})
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(result.Body()) // whoever asked has left
	})}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(err, h.Close())
	}
	return h.Close()
}
