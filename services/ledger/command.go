package ledger

import (
	"fmt"
	"reflect"
	"time"
)

// Decider is a command of a subject with state S that looks at facts F. Decide
// is pure: no I/O, no clock, no randomness of its own.
type Decider[S, F any] interface {
	// Stream names the one stream the command writes.
	Stream() string
	// Decide answers with what happened, or with an *Error that says why not.
	Decide(s S, f F, by Actor, at time.Time) ([]Evolver[S], error)
}

// Dated is a command whose events hold since another moment than their
// recording, such as the date on a paper.
type Dated interface{ Since() Date }

// Caused is a command a reactor made because of an event.
type Caused interface{ CausedBy() ID }

// CommandDef declares one command.
type CommandDef struct {
	Name  string
	Doc   string
	Type  reflect.Type
	bind  func([]byte) (Bound, error)
	facts reflect.Type
}

// Bound is a command with its input, ready to run against a stream.
type Bound interface {
	Stream() string
	Since() Date            // empty: since it is recorded
	Evolve(event any) error // takes one recorded event of the stream
	Decide(facts any, by Actor, at time.Time) ([]any, error)
	Value() any // the command itself
}

// Command declares a command.
func Command[C Decider[S, F], S, F any](name, doc string) CommandDef {
	return CommandDef{
		Name: name, Doc: doc, Type: reflect.TypeFor[C](), facts: reflect.TypeFor[F](),
		bind: func(input []byte) (Bound, error) {
			b := &bound[C, S, F]{}
			if err := DecodeStrict(input, &b.command); err != nil {
				return nil, err
			}
			return b, nil
		},
	}
}

// Bind reads the command's input strictly: a field it does not know, a wrong
// type or anything behind the object is an *Error naming the field.
func (d CommandDef) Bind(input []byte) (Bound, error) { return d.bind(input) }

// NeedsFacts reports an error if facts cannot answer what the command asks;
// it is called once, when the program starts.
func (d CommandDef) NeedsFacts(facts any) error {
	if d.facts.Kind() == reflect.Interface && !reflect.TypeOf(facts).Implements(d.facts) {
		return fmt.Errorf("command %s asks for facts %s, which %T does not give", d.Name, d.facts, facts)
	}
	return nil
}

type bound[C Decider[S, F], S, F any] struct {
	command C
	state   S
}

func (b *bound[C, S, F]) Stream() string { return b.command.Stream() }
func (b *bound[C, S, F]) Value() any     { return b.command }

func (b *bound[C, S, F]) Since() Date {
	if d, ok := any(b.command).(Dated); ok {
		return d.Since()
	}
	return ""
}

func (b *bound[C, S, F]) Evolve(event any) error {
	e, ok := event.(Evolver[S])
	if !ok {
		return fmt.Errorf("%T does not belong to the stream %s", event, b.command.Stream())
	}
	e.Evolve(&b.state)
	return nil
}

func (b *bound[C, S, F]) Decide(facts any, by Actor, at time.Time) ([]any, error) {
	f, ok := facts.(F)
	if !ok {
		return nil, fmt.Errorf("%T does not answer what %T asks", facts, b.command)
	}
	events, err := b.command.Decide(b.state, f, by, at)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(events))
	for i, e := range events {
		out[i] = e
	}
	return out, nil
}
