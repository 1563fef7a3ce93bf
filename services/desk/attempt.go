package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"suyuan/services/ledger"
)

// submission is one command on its way.
type submission struct {
	desk      *Desk
	by        ledger.Actor
	name, key string
	def       ledger.CommandDef
	input     []byte
	digest    string
}

// loaded is what the stream held when it was read.
type loaded struct {
	revision int64 // -1: no stream
	head     ledger.Hash
	recorded time.Time
	first    *Receipt // set where the command is in the stream already
}

// attempt runs the command once against the stream as it is now.
func (s submission) attempt(ctx context.Context) (Receipt, error) {
	command, err := s.def.Bind(s.input) // anew each time: it holds the state
	if err != nil {
		return Receipt{}, err
	}
	stream := command.Stream()
	if len(stream) > ledger.MaxNameLen {
		return Receipt{}, ledger.Errorf(ledger.Invalid, "command.name_too_long", "编号太长。", "The ids are too long.")
	}
	at, err := s.load(ctx, command, stream)
	if err != nil {
		return Receipt{}, err
	}
	if at.first != nil {
		return *at.first, nil
	}
	var events []any
	var decidedAt uint64
	now := later(s.desk.clock().UTC().Truncate(time.Millisecond), at.recorded)
	s.desk.facts.Look(func(facts any, ordinal uint64) {
		decidedAt = ordinal
		events, err = command.Decide(facts, s.by, now)
	})
	if err != nil {
		return Receipt{}, err
	}
	records, err := s.seal(stream, at, events, s.meta(command, now, decidedAt))
	if err != nil {
		return Receipt{}, err
	}
	position, err := s.desk.log.Append(ctx, stream, ledger.Expect(at.revision), records...)
	if err != nil {
		return Receipt{}, err
	}
	return receipt(stream, at.revision+int64(len(records)), position, records), nil
}

// load reads the stream into the command's state and looks for the command
// itself in it.
func (s submission) load(ctx context.Context, command ledger.Bound, stream string) (loaded, error) {
	at := loaded{revision: -1}
	mine := ledger.EventID(s.by.Account, s.key, 0)
	id := ledger.CommandID(s.by.Account, s.key).String()
	var repeat []ledger.Record
	for e, err := range s.desk.log.Stream(ctx, stream, 0) {
		if err != nil {
			return at, err
		}
		if at.head, err = ledger.Check(at.head, e); err != nil {
			if d, ok := errors.AsType[*ledger.Damage](err); ok && d.Ordinal == 0 { // a cluster cannot count
				d.Ordinal = s.desk.facts.Ordinal(stream, e.Revision)
			}
			return at, err
		}
		meta, err := ledger.ParseMeta(e.Record)
		if err != nil {
			return at, err
		}
		event, err := s.desk.events.Decode(e.Record, meta.Version)
		if err != nil {
			return at, err
		}
		if err := command.Evolve(event); err != nil {
			return at, err
		}
		at.revision, at.recorded = e.Revision, meta.Recorded
		if e.ID == mine || meta.Command == id {
			if meta.Input != s.digest || meta.Name != s.name {
				return at, ledger.Errorf(ledger.Conflict, "command.key_reused", "幂等键已用于另一项命令或另一份内容；请换一个键。", "This idempotency key was used for another command or input; take a new one.").At("Idempotency-Key")
			}
			repeat = append(repeat, e.Record)
			r := receipt(stream, e.Revision, e.Position, repeat)
			r.Repeated = true
			at.first = &r
		}
	}
	return at, nil
}

func (s submission) meta(command ledger.Bound, now time.Time, decidedAt uint64) ledger.Meta {
	m := ledger.Meta{
		Command: ledger.CommandID(s.by.Account, s.key).String(), Name: s.name, Input: s.digest,
		Actor:    ledger.MetaActor{Roles: s.by.Roles, Unit: s.by.Unit, Account: s.by.Account},
		Recorded: now, Effective: now, DecidedAt: decidedAt,
	}
	if since := command.Since(); since.Valid() {
		m.Effective = since.Time().UTC()
	}
	if c, ok := command.Value().(ledger.Caused); ok {
		m.Cause = c.CausedBy().String()
	}
	return m
}

// seal writes the events down and chains them to the stream's head.
func (s submission) seal(stream string, at loaded, events []any, m ledger.Meta) ([]ledger.Record, error) {
	if len(events) == 0 || len(events) > ledger.MaxBatch {
		return nil, fmt.Errorf("%s decided on %d events", s.name, len(events))
	}
	records := make([]ledger.Record, len(events))
	head := at.head
	for i, e := range events {
		def, ok := s.desk.events.Of(e)
		if !ok {
			return nil, fmt.Errorf("%s made a %T, which is not in the catalogue", s.name, e)
		}
		data, err := json.Marshal(e)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", def.Name, err)
		}
		m.Version = def.Version
		meta, err := json.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("write metadata of %s: %w", def.Name, err)
		}
		r := ledger.Record{ID: ledger.EventID(s.by.Account, s.key, i), Type: def.Name, Data: data, Meta: meta}
		if records[i], head, err = ledger.Seal(head, stream, at.revision+1+int64(i), r); err != nil {
			return nil, err
		}
		if len(records[i].Data)+len(records[i].Meta) > ledger.MaxEvent {
			return nil, ledger.ErrTooLarge
		}
	}
	return records, nil
}

func receipt(stream string, revision int64, p ledger.Position, records []ledger.Record) Receipt {
	r := Receipt{Stream: stream, Revision: revision, Ordinal: p.Ordinal, Position: p}
	for _, rec := range records {
		r.Events = append(r.Events, rec.ID.String())
	}
	return r
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
