package intake

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"suyuan/services/blank"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/intake/envelope"
	"suyuan/services/intake/token"
	"suyuan/services/ledger"
	"suyuan/services/store/blob"
)

// A part of a cut: what is entered and cleared together. Three are in memory
// at most: one that is entered, one that waits for it, one that is read.
const (
	partLetters = 1024
	partBytes   = 16 << 20
)

// Cut enters what waits in the ledger, in the order that the key gives, as of
// the first instant of a day, and empties the slots. The key must be drawn for
// this cut and forgotten. A cut that was interrupted, at whatever point, loses
// nothing and is finished by the next one, on any day and under any key. What
// cannot be read stays where it is and is reported, once the rest is entered.
func (s *Service) Cut(ctx context.Context, day ledger.Date, key [32]byte) error {
	if !day.Valid() {
		return fmt.Errorf("cut: %q is no day", day)
	}
	s.cutting.Lock()
	defer s.cutting.Unlock()
	desk, err := s.Options.Desk(ctx, day)
	if err != nil {
		return fmt.Errorf("cut: %w", err)
	}
	c := &cut{Service: s, day: day, desk: desk, ring: s.Ledger.Ring()}
	if err := c.run(ctx, key); err != nil {
		return fmt.Errorf("cut: %w", err)
	}
	if err := c.fill(ctx, key); err != nil {
		return fmt.Errorf("cut: %w", err)
	}
	if c.left != nil {
		return &Left{c.left}
	}
	return nil
}

// run reads one part while it enters the one before.
func (c *cut) run(ctx context.Context, key [32]byte) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	parts := make(chan []*letter)
	entered := make(chan struct{})
	go func() {
		defer close(entered)
		for part := range parts {
			if ctx.Err() == nil {
				if err := c.enter(ctx, part); err != nil {
					cancel(err)
				}
			}
		}
	}()
	unread := c.parts(ctx, key, parts)
	close(parts)
	<-entered
	c.left = errors.Join(unread, c.left)
	return context.Cause(ctx)
}

// parts reads what waits, part by part, and answers what cannot be read.
func (c *cut) parts(ctx context.Context, key [32]byte, to chan<- []*letter) (unread error) {
	var part []*letter
	bytes, faults := 0, 0
	hand := func() {
		c.read(part)
		to <- part
		part, bytes = nil, 0
	}
	for e, err := range c.Spool.Ordered(key) {
		if ctx.Err() != nil {
			return unread
		}
		if err != nil {
			unread = errors.Join(unread, err)
			if faults++; faults > partLetters {
				break
			}
			continue
		}
		if len(part) >= partLetters || len(part) > 0 && bytes+len(e.Data) > partBytes {
			hand()
		}
		part = append(part, &letter{data: slices.Clone(e.Data)}) // the spool reads the next one into the same memory
		bytes += len(e.Data)
	}
	if len(part) > 0 {
		hand()
	}
	return unread
}

// Left is a cut that was made, but for envelopes that stay in the spool: they
// cannot be read, or a rule refuses them.
type Left struct{ error }

// Unwrap gives the reasons.
func (e *Left) Unwrap() error { return e.error }

// cut is one cut under way.
type cut struct {
	*Service
	day  ledger.Date
	desk Desk
	ring *token.Ring
	left error // what stays in the spool, and why
	made int   // events that were entered
}

// letter is one envelope on its way into the ledger.
type letter struct {
	envelope.Envelope
	data   []byte
	err    error
	spend  *token.Spend
	claim  string
	follow claim.FollowUp
	blob   blob.Ref
}

// enter enters a part: contents first, then events, and only when both are
// durable and the read model shows them do the slots go.
func (c *cut) enter(ctx context.Context, part []*letter) error {
	good := part[:0:0]
	for _, l := range part {
		if l.err != nil {
			c.left = errors.Join(c.left, l.err)
			continue
		}
		good = append(good, l)
	}
	done, err := c.record(ctx, good)
	if err != nil {
		return err
	}
	c.moving.Lock()
	defer c.moving.Unlock()
	return c.Spool.Clear(done...)
}

// read takes the letters apart, on all processors.
func (c *cut) read(part []*letter) {
	next := make(chan *letter)
	var readers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		readers.Go(func() {
			for l := range next {
				c.open(l)
			}
		})
	}
	for _, l := range part {
		next <- l
	}
	close(next)
	readers.Wait()
}

// open reads what the engine may read. Facts that are none, for a browser may
// send anything, leave a report without a claim, and make a follow-up a reply.
func (c *cut) open(l *letter) {
	if l.Envelope, l.err = envelope.Read(l.data); l.err != nil {
		return
	}
	facts, unread := envelope.OpenFacts(l.Facts, c.Engine)
	defer clear(facts)
	if l.Kind == envelope.FollowUp {
		if unread == nil {
			l.follow, unread = claim.ParseFollowUp(facts)
		}
		if unread != nil {
			l.follow = claim.FollowUp{V: claim.Version, Act: claim.Reply}
		}
		return
	}
	if l.Token != nil {
		if spend, err := c.ring.Verify(l.Token); err == nil { // else revoked since: the open lane
			l.spend = &spend
		}
	}
	f := claim.None()
	if unread == nil {
		if f, unread = claim.Parse(facts); unread != nil {
			f = claim.None()
		}
	}
	l.claim = c.Claims.Seal(l.complaint(), f)
}

func (l *letter) complaint() string { return complaint.IDOf(l.Stored.Box) }

func (c *cut) submit(ctx context.Context, name, key string, command any) error {
	input, err := json.Marshal(command)
	if err != nil {
		return err
	}
	done, err := c.desk.Submit(ctx, system, name, key, input)
	if !done.Repeated {
		c.made += len(done.Events)
	}
	return err
}

// fill enters blank entries behind the others. A cut that was interrupted
// before is filled by the next one; one that is ended in here has more than
// enough.
func (c *cut) fill(ctx context.Context, key [32]byte) error {
	if !c.Blank {
		return nil
	}
	drawn := func(i int) [sha256.Size]byte {
		return sha256.Sum256(binary.BigEndian.AppendUint32(append([]byte("blank-v1 "), key[:]...), uint32(i)))
	}
	chance := drawn(0)
	left := blank.Needed(c.made, chance[0], chance[1])
	for i := 1; left > 0; i++ {
		name := drawn(i)
		id := hex.EncodeToString(name[:16])
		count := min(left, blank.Most)
		if err := c.submit(ctx, "blank.enter", id, blank.Enter{ID: id, Count: count}); err != nil {
			return err
		}
		left -= count
	}
	return c.desk.Flush(ctx)
}

var system = ledger.Actor{Account: ledger.System}

// alreadyEntered: an earlier cut entered this envelope, on another day or with
// a key that was revoked since. The key of the command is the envelope's hash.
func alreadyEntered(err error) bool {
	return ruleOf(err) == "command.key_reused"
}

// isRefusal reports that the rules say no, which trying again will not change.
func isRefusal(err error) bool {
	e, ok := errors.AsType[*ledger.Error](err)
	return ok && (e.Code == ledger.Refused || e.Code == ledger.Invalid || e.Code == ledger.NotFound || e.Code == ledger.Conflict && e.Rule != "command.conflict")
}

func ruleOf(err error) string {
	if e, ok := errors.AsType[*ledger.Error](err); ok {
		return e.Rule
	}
	return ""
}
