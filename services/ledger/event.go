package ledger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// Evolver is an event of a subject whose state is S: it knows what it changes.
type Evolver[S any] interface{ Evolve(*S) }

// Scanner is an event that can be read without encoding/json: Scan takes
// exactly what that would make of the same bytes, or fails.
type Scanner interface{ Scan(r *Reader) }

// Upcast rewrites an event's JSON of one version as the next.
type Upcast func([]byte) ([]byte, error)

// Def declares one event: its permanent name, what it says, its Go type, and
// how older versions of it are read.
type Def struct {
	Name    string
	Meaning Text // one sentence, for people
	Version int  // 1 + number of upcasts
	Type    reflect.Type
	upcasts []Upcast
	decode  func([]byte) (any, error)
}

// Event declares an event. That E can Evolve some state is checked by the
// compiler, so an event whose effect was forgotten does not build.
func Event[E Evolver[S], S any](name, en, zh string, upcasts ...Upcast) Def {
	return Def{
		Name: name, Meaning: Text{Zh: zh, En: en}, Version: 1 + len(upcasts), Type: reflect.TypeFor[E](), upcasts: upcasts,
		decode: func(data []byte) (any, error) {
			var e E
			if s, ok := any(&e).(Scanner); ok {
				r := NewReader(data)
				if s.Scan(r); r.Done() {
					return e, nil
				}
				e = *new(E)
			}
			d := json.NewDecoder(bytes.NewReader(data))
			d.DisallowUnknownFields()
			if err := d.Decode(&e); err != nil {
				return nil, err
			}
			return e, nil
		},
	}
}

// Catalogue is every event the program knows. Names are unique in it.
type Catalogue struct {
	all    []Def
	byName map[string]Def
	byType map[reflect.Type]Def
	number map[string]uint16
}

// NewCatalogue collects definitions; a name or a type given twice is an error.
func NewCatalogue(lists ...[]Def) (*Catalogue, error) {
	c := &Catalogue{byName: map[string]Def{}, byType: map[reflect.Type]Def{}, number: map[string]uint16{}}
	for _, list := range lists {
		for _, d := range list {
			if _, ok := c.byName[d.Name]; ok {
				return nil, fmt.Errorf("event %s is declared twice", d.Name)
			}
			if _, ok := c.byType[d.Type]; ok {
				return nil, fmt.Errorf("type %s is declared twice", d.Type)
			}
			c.byName[d.Name], c.byType[d.Type] = d, d
			c.number[d.Name] = uint16(len(c.all))
			c.all = append(c.all, d)
		}
	}
	return c, nil
}

// All lists every definition, in the order declared.
func (c *Catalogue) All() []Def { return c.all }

// Number is an event's place in All: short to keep, but only within one run
// of the program.
func (c *Catalogue) Number(name string) uint16 { return c.number[name] }

// Of finds the definition of an event by its Go value.
func (c *Catalogue) Of(event any) (Def, bool) {
	d, ok := c.byType[reflect.TypeOf(event)]
	return d, ok
}

// Named finds a definition by its name.
func (c *Catalogue) Named(name string) (Def, bool) {
	d, ok := c.byName[name]
	return d, ok
}

// Decode reads a recorded event as its newest version. An unknown name or a
// version from the future is an error: skipping would be a silent lie.
func (c *Catalogue) Decode(r Record, version int) (any, error) {
	d, ok := c.byName[r.Type]
	if !ok {
		return nil, fmt.Errorf("event %s is unknown to this program", r.Type)
	}
	if version < 1 || version > d.Version {
		return nil, fmt.Errorf("event %s has version %d, this program knows 1 to %d", r.Type, version, d.Version)
	}
	data := []byte(r.Data)
	for v, up := range d.upcasts[version-1:] {
		var err error
		if data, err = up(data); err != nil {
			return nil, fmt.Errorf("event %s: upcast from version %d: %w", r.Type, version+v, err)
		}
	}
	e, err := d.decode(data)
	if err != nil {
		return nil, fmt.Errorf("event %s: %w", r.Type, err)
	}
	return e, nil
}
