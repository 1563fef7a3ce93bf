package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
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

// DecodeStrict reads exactly one JSON value into v, which points to a struct.
// Unknown fields, wrong types and trailing bytes are *Error of code Invalid
// that name the field.
func DecodeStrict(input []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(input))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return explain(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Errorf(Invalid, "input.trailing", "JSON 对象之后还有多余内容，请删去。", "There is something behind the JSON object; remove it.")
	}
	return nil
}

func explain(err error) error {
	if own, ok := errors.AsType[*Error](err); ok {
		return own
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return Errorf(Invalid, "input.type", "字段 %[1]s 的类型不对：应为 %[3]s，收到的是 %[2]s。", "Field %[1]s has the wrong type: a JSON %[2]s was sent where %[3]s is expected.",
			fieldName(wrong.Field), wrong.Value, kindName(wrong.Type)).At("%s", wrong.Field)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		name = strings.Trim(name, `"`)
		return Errorf(Invalid, "input.unknown_field", "没有名为 %s 的字段，请核对接口说明。", "There is no field named %s; compare with the documentation.", name).At("%s", name)
	}
	return Errorf(Invalid, "input.json", "请求内容不是合法的 JSON：%v。", "The body is not valid JSON: %v.", err)
}

func fieldName(f string) string {
	if f == "" {
		return "(body)"
	}
	return f
}

func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return "array"
	case reflect.Struct, reflect.Map:
		return "object"
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		return "string"
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Uint64:
		return "number"
	}
	return t.String()
}
