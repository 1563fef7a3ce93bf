package graphtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
)

// Differ says how two answers, as JSON, differ in what the specification lays
// down: the values in their order, and the errors. Where an error took the
// field above it along, which of several errors are told is left open, so
// there only the place that became null is compared.
func Differ(a, b []byte) error {
	first, err := read(a)
	if err != nil {
		return err
	}
	second, err := read(b)
	if err != nil {
		return err
	}
	if !slices.Equal(first.tokens, second.tokens) {
		return errors.New("the data differ")
	}
	if !reflect.DeepEqual(first.errors, second.errors) {
		return fmt.Errorf("the errors differ: %v, %v", slices.Sorted(maps.Keys(first.errors)), slices.Sorted(maps.Keys(second.errors)))
	}
	return nil
}

type answer struct {
	tokens []string
	errors map[string]int // how often
}

func read(text []byte) (answer, error) {
	var got struct {
		Data   json.RawMessage
		Errors []json.RawMessage
	}
	out := answer{errors: map[string]int{}}
	if err := json.Unmarshal(text, &got); err != nil {
		return out, fmt.Errorf("%w: %s", err, text)
	}
	var data any
	if got.Data != nil {
		if err := json.Unmarshal(got.Data, &data); err != nil {
			return out, err
		}
	}
	for d := json.NewDecoder(bytes.NewReader(got.Data)); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return out, err
		}
		out.tokens = append(out.tokens, fmt.Sprintf("%T %v", token, token))
	}
	for _, e := range got.Errors {
		var place struct{ Path []any }
		if err := json.Unmarshal(e, &place); err != nil {
			return out, err
		}
		if above := nulled(data, place.Path); above < len(place.Path) {
			out.errors[fmt.Sprint("null at ", place.Path[:above])] = 1
		} else {
			out.errors[string(e)]++
		}
	}
	return out, nil
}

// nulled is how many steps of a path lead to the null on it.
func nulled(data any, path []any) int {
	for i, step := range path {
		switch v := data.(type) {
		case map[string]any:
			data = v[step.(string)]
		case []any:
			data = v[int(step.(float64))]
		case nil:
			return i
		}
	}
	return len(path)
}
