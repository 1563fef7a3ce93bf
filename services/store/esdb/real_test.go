package esdb

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"iter"
	"os"
	"strings"
	"sync"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/store/storetest"
	"suyuan/services/store/wire/wiretest"
)

// The contract on a real server, where SUYUAN_TEST_ESDB names one; the package
// comment says how. What the server cannot be made to do (fail halfway, lose
// an answer) is tested against our own.
func TestRealContract(t *testing.T) {
	url := os.Getenv("SUYUAN_TEST_ESDB")
	if url == "" {
		t.Skip("SUYUAN_TEST_ESDB names no server")
	}
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		p := newPrivate(t)
		p.Store = open(t, url, WithCategories(p.category))
		return storetest.Harness{Log: p, Repeats: true, Reopen: func(t *testing.T) ledger.Log {
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			again := *p
			again.Store = open(t, url, WithCategories(p.category))
			p = &again
			return p
		}}
	})
}

// private gives a case a log of its own on a server that others use too: its
// streams are in a category that nobody else has, so that the log begins
// empty and ordinals at one.
type private struct {
	*Store
	category string
	names    *sync.Map // of streams whose names had to be shortened
}

var _ ledger.Log = (*private)(nil)

func newPrivate(t *testing.T) *private {
	t.Helper()
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		t.Fatal(err)
	}
	return &private{category: "test" + hex.EncodeToString(b[:]), names: &sync.Map{}}
}

// inside is the name of a stream on the server. What is no name stays none.
func (p *private) inside(stream string) string {
	if stream == "" || len(stream) > ledger.MaxNameLen {
		return stream
	}
	name := p.category + "-" + stream
	if len(name) > ledger.MaxNameLen {
		h := fnv.New128a()
		_, _ = h.Write([]byte(stream))
		name = fmt.Sprintf("%s-%x", p.category, h.Sum(nil))
		p.names.Store(name, stream)
	}
	return name
}

func (p *private) outside(name string) string {
	if stream, ok := p.names.Load(name); ok {
		return stream.(string)
	}
	return strings.TrimPrefix(name, p.category+"-")
}

func (p *private) Append(ctx context.Context, stream string, expect ledger.Expect, events ...ledger.Record) (ledger.Position, error) {
	return p.Store.Append(ctx, p.inside(stream), expect, events...)
}

func (p *private) Stream(ctx context.Context, stream string, from int64) iter.Seq2[ledger.Recorded, error] {
	return p.named(p.Store.Stream(ctx, p.inside(stream), from))
}

func (p *private) All(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return p.named(p.Store.All(ctx, after))
}

func (p *private) Subscribe(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return p.named(p.Store.Subscribe(ctx, after))
}

func (p *private) named(seq iter.Seq2[ledger.Recorded, error]) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		for e, err := range seq {
			e.Stream = p.outside(e.Stream)
			if !yield(e, err) {
				return
			}
		}
	}
}

// What the contract on a real server stands on: many logs on one server, each
// as if alone, while others append.
func TestManyLogsOnOneServer(t *testing.T) {
	server := start(t, wiretest.Config{})
	noise := open(t, server.URL())
	ctx, stop := context.WithCancel(t.Context())
	noisy := make(chan error, 1)
	go func() {
		for n := 0; ; n++ {
			if _, err := noise.Append(ctx, "order-1", ledger.Exactly(int64(n)-1), record(n)); err != nil {
				noisy <- err
				return
			}
		}
	}()
	var logs [3]*private
	for round := range int64(20) {
		for i := range logs {
			if logs[i] == nil {
				logs[i] = newPrivate(t)
				logs[i].Store = open(t, server.URL(), WithCategories(logs[i].category))
			}
			long := strings.Repeat("s", ledger.MaxNameLen)
			for _, stream := range []string{"a", "b-c", "-", long} {
				if _, err := logs[i].Append(t.Context(), stream, ledger.Exactly(round-1), record(int(round))); err != nil {
					t.Fatal(err)
				}
			}
			all, err := collect(logs[i].All(t.Context(), ledger.Position{}), -1)
			if err != nil || len(all) != int(round+1)*4 {
				t.Fatalf("%d events, %v", len(all), err)
			}
			if last := all[len(all)-1]; last.Stream != long || last.Revision != round || last.Position.Ordinal != uint64(len(all)) {
				t.Fatalf("the last is %s %d at %+v", last.Stream, last.Revision, last.Position)
			}
		}
	}
	stop()
	if err := <-noisy; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
