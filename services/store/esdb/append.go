package esdb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	es "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"

	"suyuan/services/ledger"
)

// Append implements ledger.Log. Where the outcome of a try is not known it
// tries again by itself, which is safe: the cluster takes an append at an
// expected revision n only while the stream ends at n, and one behind the
// stream's end only if the events there have its ids, with the first result.
// Whatever became of the first try, the second therefore comes out right:
//
//   - The first was not recorded and never will be: the stream still ends at
//     n, the second is recorded.
//   - It was recorded: the stream ends behind n, the ids are compared and are
//     the same, the first result is given. So also where others have appended
//     behind it.
//   - It was not recorded, and another writer was at n before the second: the
//     ids differ, the answer is ErrWrongRevision, and the first, should it
//     still be on its way, is refused for the same reason. Nothing of ours is
//     recorded.
//   - It is still on its way, and the second is recorded before it: then the
//     first comes behind the end with the ids that are there, and changes
//     nothing.
//   - It was recorded by a leader that was lost before the others had it: it
//     was never acknowledged, the new leader ends at n and records the second,
//     and the old one drops what it had when it comes back.
//
// An append at the very end is always recorded, also with ids that are there
// already; but the second has the revision of the first, and the stream ends
// there only where the first was not recorded. Streams never end earlier than
// they did, except where somebody deletes one on the cluster; that shows, as
// the first event then gets another revision than it was meant to have.
//
// What remains is a writer who expects a revision that the stream does not
// have yet and is told ErrWrongRevision while a first try is on its way: it
// would be recorded once others have filled the gap. Nobody has a revision
// from the log that the log does not have.
func (s *Store) Append(ctx context.Context, stream string, expect ledger.Expect, events ...ledger.Record) (ledger.Position, error) {
	if err := bounds(stream, events); err != nil {
		return ledger.Position{}, fmt.Errorf("append to %.40q: %w", stream, err)
	}
	p, err := s.append(ctx, stream, expect, events)
	if err != nil {
		return ledger.Position{}, fmt.Errorf("append to %s: %w", stream, err)
	}
	return p, nil
}

func (s *Store) append(parent context.Context, stream string, expect ledger.Expect, events []ledger.Record) (ledger.Position, error) {
	if err := parent.Err(); err != nil {
		return ledger.Position{}, err
	}
	if err := s.begin(); err != nil {
		return ledger.Position{}, err
	}
	defer s.appends.Done()
	if expect < ledger.NoStream {
		return ledger.Position{}, ledger.ErrWrongRevision
	}
	a := newAppending(s, stream, expect, events)
	ctx, cancel := until(s.running, parent)
	defer cancel()
	for tries := 1; ; tries++ {
		p, f, err := a.try(ctx)
		if err == nil {
			s.found()
			return p, nil
		}
		if f == final || tries > s.attempts || s.pause(ctx, tries) != nil {
			return ledger.Position{}, a.outcome(ended(ctx, parent), f, err)
		}
	}
}

// appending is one append, however often it is tried.
type appending struct {
	*Store
	stream string
	expect ledger.Expect
	events []es.EventData // bytes of our own, for a try may outlive the call
	size   int            // as the cluster counts
	short  int            // tries that the cluster ended before everything was sent
	open   bool           // some try may have been recorded, or may yet be
}

func newAppending(s *Store, stream string, expect ledger.Expect, events []ledger.Record) *appending {
	a := &appending{Store: s, stream: stream, expect: expect, events: make([]es.EventData, len(events))}
	for i, e := range events {
		a.events[i] = es.EventData{EventID: [16]byte(e.ID), EventType: e.Type, ContentType: es.ContentTypeJson, Data: bytes.Clone(e.Data), Metadata: bytes.Clone(e.Meta)}
		a.size += e.SizeOnCluster()
	}
	return a
}

// outcome is what the caller is told in the end. over is why there was no time
// for more, nil where there was.
func (a *appending) outcome(over error, f fate, err error) error {
	switch {
	case errors.Is(err, ledger.ErrWrongRevision):
		return err
	case over != nil && a.open:
		return errUnknown(over)
	case over != nil:
		return over
	case a.open && (f != final || errors.Is(err, ledger.ErrTooLarge)):
		return errUnknown(err)
	}
	return err
}

func (a *appending) try(ctx context.Context) (ledger.Position, fate, error) {
	h, err := a.enter(ctx)
	if err != nil {
		f, told := a.doubt(ctx, nil, err)
		return ledger.Position{}, f, told
	}
	opts := a.options(ctx, a.expect)
	result, err := call(ctx, h, func(ctx context.Context, c *es.Client) (*es.WriteResult, error) {
		return c.AppendToStream(toLeader(ctx), a.stream, opts, a.events...)
	})
	if err == nil {
		return a.placed(ctx, result)
	}
	if errors.Is(err, io.EOF) {
		a.short++
		f, told := a.why(ctx, err)
		return ledger.Position{}, f, told
	}
	f, told := a.judgeAppend(ctx, h, err)
	return ledger.Position{}, f, told
}

// longest keeps the client's own deadline out of the way of the context's.
const longest = 24 * time.Hour

func (a *appending) options(ctx context.Context, expect ledger.Expect) es.AppendToStreamOptions {
	within := a.patient(ctx)
	if within == 0 {
		within = longest
	}
	opts := es.AppendToStreamOptions{ExpectedRevision: es.NoStream{}, Deadline: &within, RequiresLeader: true}
	if expect != ledger.NoStream {
		opts.ExpectedRevision = es.Revision(uint64(expect))
	}
	return opts
}

// placed checks that the events stand where they were meant to.
func (a *appending) placed(ctx context.Context, r *es.WriteResult) (ledger.Position, fate, error) {
	last := int64(a.expect) + int64(len(a.events))
	if r.NextExpectedVersion != uint64(last) {
		d := &ledger.Damage{Why: fmt.Sprintf("%s was deleted on the cluster: what was to end at revision %d stands at %d", a.stream, last, r.NextExpectedVersion)}
		a.MarkDamaged(d)
		return ledger.Position{}, final, d
	}
	p := ledger.Position{Commit: r.CommitPosition, Prepare: r.PreparePosition}
	if p != (ledger.Position{}) {
		return p, final, nil
	}
	// A cluster need not know where a repeat was recorded.
	a.open = true
	for e, err := range a.Stream(ctx, a.stream, last) {
		if err != nil {
			return p, final, errUnknown(err)
		}
		return e.Position, final, nil
	}
	return p, final, &ledger.Damage{Why: fmt.Sprintf("revision %d of %s, just recorded, is not there", last, a.stream)}
}

// judgeAppend says what follows from the error of an append that was sent.
func (a *appending) judgeAppend(ctx context.Context, h *hold, err error) (fate, error) {
	code, text := said(err)
	if tooLarge(code, text) {
		return final, a.tooLarge(text)
	}
	f, told := judge(err)
	if f == final { // the cluster has refused it
		return final, told
	}
	if e, ok := errors.AsType[*es.Error](err); ok && e.Code() == es.ErrorCodeNotLeader {
		return a.doubt(ctx, h, err) // a follower records nothing
	}
	a.open = true
	switch {
	case code == codes.DeadlineExceeded:
		_, told = a.doubt(ctx, h, err)
		return final, errUnknown(told)
	case f == again, code == codes.Unavailable, code == codes.NotFound, ours(err), holds(text, "no leader"):
		return a.doubt(ctx, h, err)
	}
	return final, errUnknown(err)
}

// ours: the call did not end, we let go of it, or the client was closed.
func ours(err error) bool {
	e, ok := errors.AsType[*es.Error](err)
	return ok && e.Code() == es.ErrorCodeConnectionClosed || errors.Is(err, errStale) || errors.Is(err, errPanicked)
}

// tooLarge: the cluster counts what is appended together, or one message of
// it is over what it receives.
func tooLarge(code codes.Code, text string) bool {
	switch code {
	case codes.InvalidArgument:
		return holds(text, "maximum append")
	case codes.ResourceExhausted:
		return holds(text, "larger than max", "exceeds the maximum")
	}
	return false
}

func (a *appending) tooLarge(text string) error {
	return fmt.Errorf("%w: %d events of %d bytes together are more than the cluster takes in one append (%s); append them in smaller parts", ledger.ErrTooLarge, len(a.events), a.size, text)
}

// Nothing can ever be recorded behind this revision.
const never = ledger.Expect(1 << 60)

// why finds out what the cluster had against a try that it ended before
// everything was sent: the client then loses its reason. Nothing of such a try
// is recorded, because the cluster was never told that this was all. One small
// event, sent so that it can never be recorded, meets the same reason unless
// that is the size; and a lost connection does not happen three times in a row.
func (a *appending) why(ctx context.Context, err error) (fate, error) {
	h, lost := a.enter(ctx)
	if lost != nil {
		return a.doubt(ctx, nil, lost)
	}
	opts := a.options(ctx, never)
	_, small := call(ctx, h, func(ctx context.Context, c *es.Client) (*es.WriteResult, error) {
		e := es.EventData{EventID: a.events[0].EventID, EventType: a.events[0].EventType, ContentType: es.ContentTypeJson, Data: []byte("{}"), Metadata: []byte("{}")}
		return c.AppendToStream(toLeader(ctx), a.stream, opts, e)
	})
	if errors.Is(small, io.EOF) {
		return a.account(ctx, err)
	}
	if small == nil {
		small = errHollow
	}
	if _, told := judge(small); !errors.Is(told, ledger.ErrWrongRevision) {
		return a.doubt(ctx, h, small)
	}
	if a.size > ledger.MaxEvent && a.short >= 3 {
		return final, a.tooLarge("it stopped receiving")
	}
	return again, errUnreachable(err)
}

// account finds out whether it is the account that the cluster has against
// even the smallest append, before that was sent. A read is always told.
func (a *appending) account(ctx context.Context, err error) (fate, error) {
	r := &streamReader{Store: a.Store, stream: a.stream, yield: func(ledger.Recorded, error) bool { return false }}
	if _, f, told := a.readOnce(ctx, r.once); told != nil && !errors.Is(told, errEnough) {
		return f, told
	}
	return again, errUnreachable(err)
}

func bounds(stream string, events []ledger.Record) error {
	if err := ledger.CheckAppend(stream, events); err != nil {
		return err
	}
	for i, e := range events {
		if e.ID == (ledger.ID{}) {
			return errNamed(i)
		}
	}
	return nil
}
