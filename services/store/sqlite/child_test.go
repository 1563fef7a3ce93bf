package sqlite

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"

	"suyuan/services/ledger"
)

// The tests that kill or trace a process run this binary again as that
// process; childRole says which part it plays.
const childRole = "SUYUAN_STORE_CHILD"

func TestMain(m *testing.M) {
	if role := os.Getenv(childRole); role != "" {
		if err := child(role, os.Args[1], os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(role, dir, number string) error {
	n, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	s, err := Open(dir)
	if err != nil {
		return err
	}
	switch role {
	case "writers": // until it is killed
		return writeOn(s, n, 1<<30)
	case "few":
		return errors.Join(writeOn(s, 4, n), s.Close())
	case "failing":
		return writeUntilRefused(s)
	case "hold":
		fmt.Println("held")
		select {}
	}
	return fmt.Errorf("no role %s", role)
}

// writeOn goes on with the streams w-0, w-1 … and writes one line for every
// append, once it has returned.
func writeOn(s *Store, writers, each int) error {
	var wg sync.WaitGroup
	errs := make([]error, writers)
	for w := range writers {
		wg.Go(func() {
			stream, next, prev := fmt.Sprintf("w-%d", w), int64(0), ledger.Hash{}
			for e, err := range s.Stream(context.Background(), stream, 0) {
				if err != nil {
					errs[w] = err
					return
				}
				next = e.Revision + 1
				prev, _ = ledger.HashOf(e.Record)
			}
			for range each {
				r, h := event(stream, next, prev)
				p, err := s.Append(context.Background(), stream, ledger.Exactly(next-1), r)
				if err != nil {
					errs[w] = err
					return
				}
				if _, err := os.Stdout.WriteString(ack(stream, next, p.Ordinal, r)); err != nil {
					errs[w] = err
					return
				}
				next, prev = next+1, h
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func writeUntilRefused(s *Store) error {
	prev := ledger.Hash{}
	for n := int64(0); ; n++ {
		r, h := event("w-0", n, prev)
		_, err := s.Append(context.Background(), "w-0", ledger.Exactly(n-1), r)
		prev = h
		if err == nil {
			fmt.Println("ack", n)
			continue
		}
		fmt.Println("first", ledger.AsError(err).Rule, errors.Is(err, ledger.ErrReadOnly))
		_, err = s.Append(context.Background(), "w-1", ledger.NoStream, r)
		fmt.Println("second", ledger.AsError(err).Rule, errors.Is(err, ledger.ErrReadOnly))
		fmt.Println("err", s.Err() != nil)
		return s.Close()
	}
}

func ack(stream string, revision int64, ordinal uint64, r ledger.Record) string {
	return fmt.Sprintf("ack %s %d %d %x .\n", stream, revision, ordinal, digest(r))
}

func digest(r ledger.Record) [32]byte {
	return sha256.Sum256([]byte(r.ID.String() + r.Type + "\n" + string(r.Data) + "\n" + string(r.Meta)))
}

// event is what the tests append: sealed, of a size that differs, with its
// place in its data.
func event(stream string, revision int64, prev ledger.Hash) (ledger.Record, ledger.Hash) {
	r, h, err := ledger.Seal(prev, stream, revision, ledger.Record{
		ID: ledger.EventID(stream, "test", int(revision)), Type: "test.happened",
		Data: fmt.Appendf(nil, `{"at":"<%s/%d>","pad":"%0*d"}`, stream, revision, 10+int(revision*37%400), 0),
		Meta: fmt.Appendf(nil, `{"name":"test","n":%d}`, revision),
	})
	if err != nil {
		panic(err)
	}
	return r, h
}
