package attribution

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ErrCase is wrapped by every error about what a case says; the message names the place and what to do about it.
var ErrCase = errors.New("case refused")

const (
	// MaxCase is the largest case document, in bytes.
	MaxCase = 8 << 20
	// MaxIssuances and MaxLines bound one case: issuances in all, lines and bases of one issuance each.
	MaxIssuances = 10_000
	MaxLines     = 2_000

	maxNesting = 16
	maxID      = 200
	maxNumber  = 64
)

// Case is one measure's record as a document.
type Case struct {
	Name      string         `json:"name,omitempty"`   // not looked at
	Kind      string         `json:"kind"`             // divisible, intensity or set
	Harder    string         `json:"harder,omitempty"` // lower or higher; an intensity must say
	Issuances []CaseIssuance `json:"issuances"`
	// At lists the lines to answer for, in that order; nil: every line of every issuance.
	At []Place `json:"at,omitzero"`
	// Expect and NodeAdditions are what a test expects; not looked at.
	Expect        json.RawMessage `json:"expect,omitempty"`
	NodeAdditions json.RawMessage `json:"nodeAdditions,omitempty"`
}

// CaseIssuance is one document of the cascade. Issuances may stand in any order.
type CaseIssuance struct {
	ID       string     `json:"id"`
	Issuer   string     `json:"issuer"`
	Basis    []string   `json:"basis"`
	Retained string     `json:"retained,omitempty"` // divisible only; left out: 0
	Merge    string     `json:"merge,omitempty"`    // sum, strictest or union; left out: the kind's default
	Lines    []CaseLine `json:"lines"`
}

// CaseLine is what an issuance asks of one unit: a value, or of a set, items. Numbers are written n, a decimal of up to
// six places, or n/d.
type CaseLine struct {
	To    string   `json:"to"`
	Value string   `json:"value,omitempty"`
	Base  string   `json:"base,omitempty"` // divisible only; left out: not on record
	Items []string `json:"items,omitzero"`
}

// Place names a line: by its issuance and the unit it is addressed to.
type Place struct {
	Issuance string `json:"issuance"`
	Unit     string `json:"unit"`
}

// ReadCase reads one case and nothing after it. It refuses what it does not know or finds twice: a misspelt base would
// otherwise be no base at all. What the case says is checked by NewMemory. Errors of r are returned as they are.
func ReadCase(r io.Reader) (Case, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxCase+1))
	if err != nil {
		return Case{}, fmt.Errorf("read case: %w", err)
	}
	if len(text) > MaxCase {
		return Case{}, refuse("it is longer than %d MiB: split it", MaxCase>>20)
	}
	if err := checkNames(text); err != nil {
		return Case{}, err
	}
	var c Case
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return Case{}, explain(err)
	}
	return c, nil
}

// explain turns a decoder's error into what to do.
func explain(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return refuse("%s holds a %s; numbers and names are written as strings, lists in brackets", wrong.Field, wrong.Value)
	}
	return refuse("%v: write it as the command's help shows", err)
}

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrCase, fmt.Errorf(format, args...))
}

var fields = map[string]bool{"name": true, "kind": true, "harder": true, "issuances": true, "at": true, "expect": true,
	"nodeAdditions": true, "id": true, "issuer": true, "basis": true, "retained": true, "merge": true, "lines": true,
	"to": true, "value": true, "base": true, "items": true, "issuance": true, "unit": true}

// checkNames looks for what encoding/json lets pass: a field given twice, where the last would win, a name in other
// letters' case, and text after the end.
func checkNames(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := checkValue(d, 0, fields); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return refuse("there is something after its end: send one case at a time")
	}
	return nil
}

// checkValue reads one value. Of the fields a test expects, only repetition is refused: known is nil there.
func checkValue(d *json.Decoder, depth int, known map[string]bool) error {
	token, err := d.Token()
	switch {
	case err != nil:
		return refuse("not JSON near byte %d (%v): correct it there", d.InputOffset(), err)
	case depth > maxNesting:
		return refuse("byte %d is nested more than %d deep: write it flatter", d.InputOffset(), maxNesting)
	}
	switch token {
	case json.Delim('{'):
		err = checkObject(d, depth, known)
	case json.Delim('['):
		for err == nil && d.More() {
			err = checkValue(d, depth+1, known)
		}
	default:
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := d.Token(); err != nil {
		return refuse("it ends too early (%v): complete it", err)
	}
	return nil
}

func checkObject(d *json.Decoder, depth int, known map[string]bool) error {
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		name, ok := token.(string)
		switch {
		case err != nil || !ok:
			return refuse("not JSON near byte %d (%v): correct it there", d.InputOffset(), err)
		case seen[name]:
			return refuse("field %.40q stands twice near byte %d: remove one", name, d.InputOffset())
		case known != nil && !known[name]:
			return refuse("unknown field %.40q near byte %d: remove it or correct its spelling", name, d.InputOffset())
		}
		seen[name] = true
		inner := known
		if name == "expect" || name == "nodeAdditions" {
			inner = nil
		}
		if err := checkValue(d, depth+1, inner); err != nil {
			return err
		}
	}
	return nil
}
