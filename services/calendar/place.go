package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// lineOf is the line of a JSON text on which a field's value begins
// (years[3].holidays[0].off[1]); of one that was left out, the line on which
// begins what it belongs into.
func lineOf(data []byte, field string) int {
	d := json.NewDecoder(bytes.NewReader(data))
	line := 1
	for {
		token, err := d.Token()
		if err != nil {
			return line
		}
		line = lines(data, int(d.InputOffset())) // no token holds a line break
		var ok bool
		switch token {
		case json.Delim('{'):
			field, ok = member(d, field)
		case json.Delim('['):
			field, ok = element(d, field)
		}
		if !ok {
			return line
		}
	}
}

// member goes to the value of the member that field begins with.
func member(d *json.Decoder, field string) (rest string, ok bool) {
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return "", false
		}
		rest, ok := strings.CutPrefix(field, fmt.Sprint(name))
		if ok && (rest == "" || rest[0] == '[') { // no object is a member of an object here
			return rest, true
		}
		if !pass(d) {
			return "", false
		}
	}
	return "", false
}

// element goes to the element that field begins with.
func element(d *json.Decoder, field string) (rest string, ok bool) {
	for i := 0; d.More(); i++ {
		if rest, ok := strings.CutPrefix(field, fmt.Sprintf("[%d]", i)); ok {
			return strings.TrimPrefix(rest, "."), true
		}
		if !pass(d) {
			return "", false
		}
	}
	return "", false
}

func pass(d *json.Decoder) bool {
	var value json.RawMessage
	return d.Decode(&value) == nil
}

// lines is the number of the line, from 1, that holds the byte before to.
func lines(data []byte, to int) int {
	return 1 + bytes.Count(data[:min(max(to-1, 0), len(data))], []byte("\n"))
}

// wrongJSON says on which line a text stops being JSON; no error where it never does.
func wrongJSON(data []byte) (line int, err error) {
	var whole json.RawMessage
	err = json.Unmarshal(data, &whole)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return lines(data, int(syntax.Offset)), err
	}
	return 1, err
}
