package export

import "strings"

// form is how a column's values are written.
type form string

const (
	text    form = "text"
	name    form = "id"      // an identifier: a unit's code, a document's id
	number  form = "number"  // exact: a decimal, or n/d
	count   form = "count"   // a whole number
	yes     form = "boolean" // true, false
	day     form = "date"    // 2022-08-09
	instant form = "time"    // RFC 3339, UTC
	word    form = "word"    // one of a few words of the schema
	names   form = "ids"     // identifiers: in CSV with a space between them
	texts   form = "texts"   // any texts: in CSV a JSON array
)

// column is one column of a file. path leads to its value, field by field,
// from the row itself or, behind $name/, from a row around it.
type column struct {
	name, path string
	form       form
	zh, en     string
	unit       string // of measure, where figures have one
	seen       string // who sees it, where not everybody: PARTY, STAFF
	raw        bool   // taken from the log once the graph has shown it for one event
}

// fieldName stands for the name of the list a row stands in.
const fieldName = "=field"

// sourceName stands for the name of the list a row stands in, where several
// lists are told apart by what they were asked with.
const sourceName = "=name"

// kind is one file of the export.
type kind struct {
	name, zh, en string
	columns      []column
}

// outer splits a path that leads to a row around this one.
func outer(path string) (of, rest string, ok bool) {
	if !strings.HasPrefix(path, "$") {
		return "", path, false
	}
	of, rest, _ = strings.Cut(path[1:], "/")
	return of, rest, true
}

// node is a row as it was answered.
type node = map[string]any

// value follows a path. Over a list it goes into every entry.
func value(v any, path string) any {
	for path != "" {
		var field string
		field, path, _ = strings.Cut(path, "/")
		switch at := v.(type) {
		case node:
			v = at[field]
		default:
			return nil
		}
		if entries, ok := v.([]any); ok && path != "" {
			found := make([]any, 0, len(entries))
			for _, e := range entries {
				found = append(found, value(e, path))
			}
			return found
		}
	}
	return v
}
