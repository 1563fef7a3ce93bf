package export

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"suyuan/services/ledger"
)

// sealed is the type that the graph gives for entries whose content nobody is
// shown, also not who is shown that of others.
const sealed = "sealed"

// eventsAtOnce is how many events one question asks for.
const eventsAtOnce = 8

// checkpoint writes the newest checkpoint.
func (r *run) checkpoint(ctx context.Context) error {
	s := &source{field: "checkpoint", kind: checkpointKind}
	data, err := r.Ask.answer(ctx, "{ledger{"+s.selection(r.first, "", "")+"}}", nil)
	if err != nil {
		return err
	}
	at, _ := data["ledger"].(node)
	if err := r.all(s, s.read(at), env{}); err != nil {
		return err
	}
	r.state.Walk++
	return r.save(true)
}

// events writes every event up to the moment of the export.
func (r *run) events(ctx context.Context) error {
	if err := r.standing(ctx); err != nil {
		return err
	}
	to, err := strconv.Atoi(r.state.Ordinal)
	if err != nil {
		return err
	}
	next, stop, err := r.contents(ctx)
	if err != nil {
		return err
	}
	defer stop()
	for r.state.Walked < to {
		n := min(eventsAtOnce, to-r.state.Walked)
		if err := r.someEvents(ctx, n, next); err != nil {
			return fmt.Errorf("events: %w", err)
		}
		r.state.Walked += n
		r.Progress("events", r.state.Walked, to)
		if err := r.save(false); err != nil {
			return err
		}
	}
	r.state.Walk++
	return r.save(true)
}

func (r *run) someEvents(ctx context.Context, n int, next func() (ledger.Recorded, error)) error {
	s := &source{kind: eventKind}
	var head, body []string
	variables := map[string]any{}
	for i := range n {
		head = append(head, fmt.Sprintf("$o%d:String!", i))
		body = append(body, fmt.Sprintf("e%d:event(ordinal:$o%d){%s}", i, i, s.entry(r.first)))
		variables[fmt.Sprintf("o%d", i)] = strconv.Itoa(r.state.Walked + i + 1)
	}
	data, err := r.Ask.answer(ctx, "query("+strings.Join(head, ",")+"){"+strings.Join(body, " ")+"}", variables)
	if err != nil {
		return err
	}
	var hidden map[int]bool
	if next != nil {
		if hidden, err = r.Ask.hidden(ctx, data, r.state.Walked, n); err != nil {
			return err
		}
	}
	for i := range n {
		header, ok := data[fmt.Sprintf("e%d", i)].(node)
		if !ok {
			return fmt.Errorf("there is no event %d", r.state.Walked+i+1)
		}
		row := cells(s, header, env{})
		if next != nil {
			stored, err := next()
			if err != nil {
				return err
			}
			if hash, err := ledger.HashOf(stored.Record); err != nil || hash.String() != header["hash"] { // a sealed one tells no other name
				return &ledger.Damage{Ordinal: stored.Position.Ordinal, Why: "the log does not hold the event that was folded"}
			}
			if header["type"] != sealed && !hidden[i] {
				fill(row, string(stored.Data), string(stored.Meta))
			}
		}
		r.unsave++
		if err := r.files.write(eventKind, row); err != nil {
			return err
		}
	}
	return nil
}

// fill puts the raw columns' values in, data and metadata.
func fill(row []any, raw ...string) {
	for i, c := range eventKind.columns {
		if c.raw {
			row[i], raw = raw[0], raw[1:]
		}
	}
}

// contents reads the log from where the export stands, if the graph shows this
// reader what events hold; nil if it does not. To ask the graph for each would
// have it look for each in the file.
func (r *run) contents(ctx context.Context) (next func() (ledger.Recorded, error), stop func(), err error) {
	shown, err := r.Ask.shows(ctx)
	if err != nil || !shown {
		return nil, func() {}, err
	}
	events, stop := iter.Pull2(r.Log.All(ctx, ledger.Position{}))
	next = func() (ledger.Recorded, error) {
		e, err, ok := events()
		if !ok {
			err = fmt.Errorf("the log ends before ordinal %s", r.state.Ordinal)
		}
		return e, err
	}
	for range r.state.Walked { // positions are the engine's: an ordinal is found by counting
		if _, err := next(); err != nil {
			stop()
			return nil, nil, err
		}
	}
	return next, stop, nil
}
