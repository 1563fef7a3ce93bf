package intake

import (
	"context"
	"errors"
	"iter"
	"sync"

	"suyuan/services/intake"
	"suyuan/services/intake/spool"
	"suyuan/services/ledger"
	"suyuan/services/store/blob"
	"suyuan/services/store/sqlite"
)

// chaos counts what is done to files and kills the process at one of these:
// before it is done, or when it was done and nobody has heard of it. Once
// killed, nothing is done any more.
type chaos struct {
	mu    sync.Mutex
	count int
	at    int // which one; 0: none
	after bool
	dead  bool
	steps []string
}

var errKilled = errors.New("killed")

// do does one thing, unless the process dies before it; nobody hears of it if
// it dies after.
func (c *chaos) do(name string, thing func() error) error {
	c.mu.Lock()
	if c.dead {
		c.mu.Unlock()
		return errKilled
	}
	c.count++
	c.steps = append(c.steps, name)
	here := c.count == c.at
	if here && !c.after {
		c.dead = true
		c.mu.Unlock()
		return errKilled
	}
	c.mu.Unlock()
	err := thing()
	if here {
		c.mu.Lock()
		c.dead = true
		c.mu.Unlock()
		return errKilled
	}
	return err
}

// lossy reports whether what was let into the log, and not waited for, is lost
// with the process; else it was on disk already.
func (c *chaos) lossy() bool { return c.at > 0 && !c.after }

type brittleSpool struct {
	*spool.Spool
	c *chaos
}

func (s brittleSpool) Put(ctx context.Context, e spool.Entry) error {
	return s.c.do("put", func() error { return s.Spool.Put(ctx, e) })
}

func (s brittleSpool) Clear(ids ...[32]byte) error {
	return s.c.do("clear", func() error { return s.Spool.Clear(ids...) })
}

func (s brittleSpool) Ordered(key [32]byte) iter.Seq2[spool.Entry, error] {
	return func(yield func(spool.Entry, error) bool) {
		for e, err := range s.Spool.Ordered(key) {
			if dead := s.c.do("next", func() error { return nil }); dead != nil {
				yield(spool.Entry{}, dead)
				return
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

type brittleVault struct {
	*blob.Vault
	c *chaos
}

func (v brittleVault) PutNamed(ctx context.Context, list []blob.Named) (refs []blob.Ref, err error) {
	err = v.c.do("blobs", func() error { refs, err = v.Vault.PutNamed(ctx, list); return err })
	return refs, err
}

func (v brittleVault) Destroy(ctx context.Context, id string) error {
	return v.c.do("destroy", func() error { return v.Vault.Destroy(ctx, id) })
}

type brittleLog struct {
	*sqlite.Store
	c *chaos
}

func (l brittleLog) Stream(ctx context.Context, stream string, from int64) iter.Seq2[ledger.Recorded, error] {
	if err := l.c.do("load", func() error { return nil }); err != nil {
		return func(yield func(ledger.Recorded, error) bool) { yield(ledger.Recorded{}, err) }
	}
	return l.Store.Stream(ctx, stream, from)
}

func (l brittleLog) Queue() func(context.Context, string, ledger.Expect, ...ledger.Record) (func(context.Context) (ledger.Position, error), error) {
	return func(ctx context.Context, stream string, expect ledger.Expect, events ...ledger.Record) (func(context.Context) (ledger.Position, error), error) {
		var durable func(context.Context) (ledger.Position, error)
		err := l.c.do("queue", func() (err error) {
			if l.c.lossy() {
				durable = func(ctx context.Context) (ledger.Position, error) { return l.Append(ctx, stream, expect, events...) }
				return nil
			}
			durable, err = l.Store.Queue(ctx, stream, expect, events...)
			return err
		})
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context) (at ledger.Position, err error) {
			err = l.c.do("durable", func() error { at, err = durable(ctx); return err })
			return at, err
		}, nil
	}
}

var _ intake.Log = brittleLog{}
