package ledger

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
)

// DecodeStrict reads exactly one JSON object into v, which points to a struct.
// A field that is unknown, stands twice or has the wrong type is an *Error of
// code Invalid that names it, with its place in lists: lines[3].to. Names are
// taken letter by letter; a member that is null counts as left out.
func DecodeStrict(input []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(input))
	d.UseNumber()
	s := shape{tokens: d, known: map[reflect.Type]map[string]reflect.Type{}}
	if err := s.value(reflect.TypeOf(v).Elem(), ""); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Errorf(Invalid, "input.trailing", "JSON 对象之后还有多余内容，请删去。", "There is something behind the JSON object; remove it.")
	}
	if err := json.Unmarshal(input, v); err != nil {
		return notJSON(err)
	}
	return nil
}

func notJSON(err error) error {
	return Errorf(Invalid, "input.json", "请求内容不是合法的 JSON：%v。", "The body is not valid JSON: %v.", err)
}

// shape holds JSON against the Go type that it is to be read into.
type shape struct {
	tokens *json.Decoder
	known  map[reflect.Type]map[string]reflect.Type // fields of a struct by their JSON name
}

func (s shape) value(t reflect.Type, at string) error {
	token, err := s.next()
	if err != nil {
		return err
	}
	return s.token(token, t, at)
}

func (s shape) next() (json.Token, error) {
	token, err := s.tokens.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, notJSON(err)
	}
	return token, nil
}

func (s shape) token(token json.Token, t reflect.Type, at string) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch reflect.New(t).Interface().(type) {
	case encoding.TextUnmarshaler:
		return text(token, t, at)
	case json.Unmarshaler, *any: // takes any value
		return s.pass(token)
	}
	switch x := token.(type) {
	case json.Delim:
		switch {
		case x == '{' && t.Kind() == reflect.Struct:
			return s.object(at, s.fields(t))
		case x == '{' && t.Kind() == reflect.Map:
			return s.members(at, func(string) (reflect.Type, bool) { return t.Elem(), true })
		case x == '[' && t.Kind() == reflect.Slice:
			return s.list(t.Elem(), at)
		}
	case string:
		if t.Kind() == reflect.String {
			return nil
		}
	case bool:
		if t.Kind() == reflect.Bool {
			return nil
		}
	case json.Number:
		if fits(x, t) {
			return nil
		}
	}
	return wrongType(at, word(token), kindName(t))
}

func fits(n json.Number, t reflect.Type) bool {
	var err error
	switch {
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		_, err = strconv.ParseInt(n.String(), 10, t.Bits())
	case t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uint64:
		_, err = strconv.ParseUint(n.String(), 10, t.Bits())
	default:
		return false
	}
	return err == nil
}

// text is a value that reads itself, such as a time.
func text(token json.Token, t reflect.Type, at string) error {
	x, ok := token.(string)
	if ok && reflect.New(t).Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(x)) == nil {
		return nil
	}
	if !ok {
		x = word(token)
	}
	return wrongType(at, clip(x), kindName(t))
}

func (s shape) object(at string, fields map[string]reflect.Type) error {
	return s.members(at, func(name string) (reflect.Type, bool) {
		t, ok := fields[name]
		return t, ok
	})
}

func (s shape) members(at string, of func(name string) (reflect.Type, bool)) error {
	seen := map[string]bool{}
	for s.tokens.More() {
		token, err := s.next()
		if err != nil {
			return err
		}
		name, _ := token.(string) // the decoder takes nothing else for a name
		field := clip(name)
		if at != "" {
			field = at + "." + field
		}
		t, ok := of(name)
		switch {
		case !ok:
			return Errorf(Invalid, "input.unknown_field", "没有名为 %s 的字段，请核对接口说明。", "There is no field named %s; compare with the documentation.", field).At("%s", field)
		case seen[name]:
			return Errorf(Invalid, "input.field_twice", "字段 %s 写了两次，请只写一次。", "The field %s stands twice; give it once.", field).At("%s", field)
		}
		seen[name] = true
		if token, err = s.next(); err != nil {
			return err
		}
		if token == nil { // null: left out
			continue
		}
		if err := s.token(token, t, field); err != nil {
			return err
		}
	}
	_, err := s.next()
	return err
}

func (s shape) list(t reflect.Type, at string) error {
	for i := 0; s.tokens.More(); i++ {
		if err := s.value(t, fmt.Sprintf("%s[%d]", at, i)); err != nil {
			return err
		}
	}
	_, err := s.next()
	return err
}

// pass goes behind the value that a token begins.
func (s shape) pass(token json.Token) error {
	for depth := 0; ; {
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
		var err error
		if token, err = s.next(); err != nil {
			return err
		}
	}
}

func (s shape) fields(t reflect.Type) map[string]reflect.Type {
	if fields, ok := s.known[t]; ok {
		return fields
	}
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.IsExported() && name != "" && name != "-" {
			fields[name] = f.Type
		}
	}
	s.known[t] = fields
	return fields
}

func wrongType(at, got, want string) error {
	name := at
	if name == "" {
		name = "(body)"
	}
	return Errorf(Invalid, "input.type", "字段 %[1]s 的类型不对：应为 %[3]s，收到的是 %[2]s。", "Field %[1]s has the wrong type: %[2]s was sent where %[3]s is expected.",
		name, got, want).At("%s", at)
}

// word is what was sent, in JSON's own words.
func word(token json.Token) string {
	switch x := token.(type) {
	case json.Delim:
		if x == '[' {
			return "array"
		}
		return "object"
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		return "number " + clip(x.String())
	}
	return "null"
}

func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "array"
	case reflect.Map:
		return "object"
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		return "string"
	case reflect.Struct:
		if _, ok := reflect.New(t).Interface().(encoding.TextUnmarshaler); ok {
			return "time (2022-08-09T08:00:00+08:00)"
		}
		return "object"
	}
	return "whole number"
}
