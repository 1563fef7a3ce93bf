package export

import (
	"encoding/json"
	"strings"
)

// cells are a row's values in the order of its columns: nil, or what the
// graph answered.
func cells(s *source, entry node, around env) []any {
	row := make([]any, len(s.kind.columns))
	for i, c := range s.kind.columns {
		of, rest, is := outer(c.path)
		switch {
		case c.path == fieldName:
			row[i] = s.field
		case c.path == sourceName:
			row[i] = s.name
		case c.raw:
		case is:
			if n, ok := around[of]; ok {
				row[i] = value(n, rest)
			}
		default:
			row[i] = value(entry, c.path)
		}
	}
	return row
}

// appendJSON writes a row as one line of JSON: a member for every column,
// null where there is nothing.
func appendJSON(line []byte, k *kind, row []any) ([]byte, error) {
	for i, c := range k.columns {
		sep := byte(',')
		if i == 0 {
			sep = '{'
		}
		line = append(append(append(line, sep, '"'), c.name...), '"', ':')
		var err error
		if line, err = appendValue(line, row[i]); err != nil {
			return nil, err
		}
	}
	return append(line, '}', '\n'), nil
}

func appendValue(line []byte, v any) ([]byte, error) {
	if n, ok := v.(json.Number); ok {
		v = n.String() // every figure is text, so that none is rounded on the way
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return append(line, strings.TrimSuffix(b.String(), "\n")...), err
}

// bom tells spreadsheet programs that a CSV is UTF-8.
const bom = "\ufeff"

// appendHeader writes the first line of a CSV.
func appendHeader(line []byte, k *kind) []byte {
	line = append(line, bom...)
	for i, c := range k.columns {
		if i > 0 {
			line = append(line, ',')
		}
		line = append(line, c.name...)
	}
	return append(line, "\r\n"...)
}

// appendCSV writes a row as RFC 4180 says.
func appendCSV(line []byte, k *kind, row []any) []byte {
	for i, c := range k.columns {
		if i > 0 {
			line = append(line, ',')
		}
		line = appendCell(line, plain(c.form, row[i]))
	}
	return append(line, "\r\n"...)
}

func appendCell(line []byte, cell string) []byte {
	if !strings.ContainsAny(cell, "\",\r\n") && strings.TrimSpace(cell) == cell {
		return append(line, cell...)
	}
	line = append(line, '"')
	line = append(line, strings.ReplaceAll(cell, `"`, `""`)...)
	return append(line, '"')
}

// plain is a value as a cell of a CSV.
func plain(f form, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "true"
		}
		return "false"
	case json.Number:
		return v.String()
	case string:
		if f == text || f == name || f == word {
			return harmless(v)
		}
		return v
	case []any:
		if f == texts {
			list, _ := appendValue(nil, v) // texts that were JSON a moment ago
			return string(list)
		}
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = plain(number, e)
		}
		return harmless(strings.Join(parts, " "))
	}
	return ""
}

// harmless keeps a spreadsheet program from running a text as a formula: one
// that begins with = + - @ (half or full width), a tab or a line break gets an
// apostrophe in front, and so does one that begins with an apostrophe, so that
// taking one away gives back every text as it was.
func harmless(s string) string {
	for _, first := range []string{"'", "=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"} {
		if strings.HasPrefix(s, first) {
			return "'" + s
		}
	}
	return s
}
