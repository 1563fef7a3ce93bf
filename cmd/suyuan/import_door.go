package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"suyuan/services/breakdown"
	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/graph"
	"suyuan/services/ledger"
)

// door is the way to a ledger, here or served elsewhere.
type door interface {
	// Ask answers a GraphQL document.
	Ask(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error)
	// ActFor says for which unit commands are given.
	ActFor(unit string)
	// Rehearse decides a command without writing, where that can be done.
	Rehearse(ctx context.Context, name string, input []byte) error
	Submit(ctx context.Context, name, key string, input []byte) error
}

// hereDoor is a ledger that this process has open.
type hereDoor struct {
	house *house
	desk  *desk.Desk // nil in a dry run
	lang  string
	role  ledger.Role
	actor ledger.Actor
	past  map[string][]any // events of streams that were rehearsed
}

func (d *hereDoor) Ask(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error) {
	return d.house.graph.Query(graph.WithViewer(ctx, d.actor, d.lang), document, variables)
}

func (d *hereDoor) ActFor(unit string) {
	d.actor = ledger.Actor{Roles: []ledger.Role{d.role}, Unit: unit}
	d.actor.Account = account(d.actor)
}

func (d *hereDoor) Submit(ctx context.Context, name, key string, input []byte) error {
	_, err := d.desk.Submit(ctx, d.actor, name, key, input)
	return err
}

// Rehearse lets the command decide on what is on record now.
func (d *hereDoor) Rehearse(ctx context.Context, name string, input []byte) error {
	for _, def := range catalogue.Commands() {
		if def.Name != name {
			continue
		}
		command, err := def.Bind(input)
		if err != nil {
			return err
		}
		past, err := d.load(ctx, command.Stream())
		if err != nil {
			return err
		}
		for _, e := range past {
			if err := command.Evolve(e); err != nil {
				return err
			}
		}
		d.house.view.Look(func(facts any, _ uint64) { _, err = command.Decide(facts, d.actor, wallClock()) })
		return err
	}
	return fmt.Errorf("there is no command %s", name)
}

func (d *hereDoor) load(ctx context.Context, stream string) ([]any, error) {
	if past, ok := d.past[stream]; ok {
		return past, nil
	}
	var past []any
	for e, err := range d.house.store.Stream(ctx, stream, 0) {
		if err != nil {
			return nil, err
		}
		meta, err := ledger.ParseMeta(e.Record)
		if err != nil {
			return nil, err
		}
		event, err := d.house.events.Decode(e.Record, meta.Version)
		if err != nil {
			return nil, err
		}
		past = append(past, event)
	}
	if d.past == nil {
		d.past = map[string][]any{}
	}
	d.past[stream] = past
	return past, nil
}

// onRecord loads an issuance, or such parts as are in of a sheet of that id.
func onRecord(ctx context.Context, ask breakdown.Ask, id string) ([]*breakdown.Record, error) {
	one, err := breakdown.Load(ctx, ask, id)
	if err != nil || one != nil {
		return only(one), err
	}
	first, err := breakdown.Load(ctx, ask, breakdown.PartID(id, 1))
	if err != nil || first == nil || first.Part == nil || first.Part.Of != id {
		return nil, err
	}
	on := only(first)
	for k := 2; k <= first.Part.N; k++ {
		r, err := breakdown.Load(ctx, ask, breakdown.PartID(id, k))
		if err != nil {
			return nil, err
		}
		if r != nil {
			on = append(on, r)
		}
	}
	return on, nil
}

func only(r *breakdown.Record) []*breakdown.Record {
	if r == nil {
		return nil
	}
	return []*breakdown.Record{r}
}

// inLine finds which line of a command a refusal speaks of.
var inLine = regexp.MustCompile(`^lines\[([0-9]+)\]`)

// rowOf is the sheet's row that a refusal is about, 0 where it is about none.
func rowOf(step breakdown.Step, e *ledger.Error) int {
	if len(step.Rows) == 1 && bytes.HasPrefix([]byte(e.Field), []byte("line.")) {
		return step.Rows[0]
	}
	m := inLine.FindStringSubmatch(e.Field)
	if m == nil {
		return 0
	}
	i, err := strconv.Atoi(m[1])
	if err != nil || i >= len(step.Rows) {
		return 0
	}
	return step.Rows[i]
}

// at says of a refusal which row it is about, and that what went before is kept.
func (s *importing) at(sheet *breakdown.Sheet, step breakdown.Step, err error) error {
	e, ok := errors.AsType[*ledger.Error](err)
	if !ok && !errors.Is(err, context.Canceled) {
		return ledger.Errorf(ledger.Unavailable, "breakdown.broken_off", "登记中断：%[1]v。在此之前写入的已保留；排除故障后把同一份表再报一次即可，不会重复登记。",
			"Recording broke off: %[1]v. What was written before it is kept; mend the cause and send the same sheet again, nothing is recorded twice.", err).Because(err)
	}
	if !ok || rowOf(step, e) == 0 {
		return err
	}
	p := sheet.Problem(rowOf(step, e), e)
	return ledger.Errorf(e.Code, e.Rule, "%[1]s 在此之前写入的已保留；改正后再报一次即可。", "%[2]s What was written before it is kept; correct it and send the sheet again.", p.In("zh-CN"), p.In("en")).Because(err)
}
