package catalogue

import (
	"encoding"
	"reflect"
	"strings"
	"time"

	"suyuan/services/ledger"
)

// Field is one member of an event's or a command's JSON, as its documentation
// shows it.
type Field struct {
	Name     string  `json:"name"`
	Type     string  `json:"type"` // string, number, boolean, date, time, object, map of …; a list ends with []
	Optional bool    `json:"optional,omitempty"`
	Fields   []Field `json:"fields,omitempty"` // of an object
}

// Fields reads the members of a Go type from its JSON tags. Embedded structs
// are flattened as encoding/json does.
func Fields(t reflect.Type) []Field {
	fields := []Field{}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" || !f.IsExported() || name == "-" {
			continue
		}
		kind, inner := kindOf(f.Type)
		fields = append(fields, Field{name, kind, strings.Contains(options, "omitempty"), inner})
	}
	return fields
}

func kindOf(t reflect.Type) (string, []Field) {
	switch t.Kind() {
	case reflect.Pointer:
		return kindOf(t.Elem())
	case reflect.Slice:
		kind, inner := kindOf(t.Elem())
		return kind + "[]", inner
	case reflect.Map:
		kind, inner := kindOf(t.Elem())
		return "map of " + kind, inner
	case reflect.Bool:
		return "boolean", nil
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "number", nil
	}
	switch t {
	case reflect.TypeFor[time.Time]():
		return "time", nil
	case reflect.TypeFor[ledger.Date]():
		return "date", nil
	}
	if t.Kind() == reflect.Struct && !t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return "object", Fields(t)
	}
	return "string", nil
}

// Command is what a client must know to send one.
type Command struct {
	Name   string  `json:"name"`
	About  string  `json:"about"`
	Fields []Field `json:"fields"`
}

// Described lists every command a client may send, in the order declared.
func Described() []Command {
	list := []Command{}
	for _, c := range Commands() {
		list = append(list, Command{c.Name, c.Doc, Fields(c.Type)})
	}
	return list
}
