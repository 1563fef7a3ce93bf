package api

import (
	"mime"
	"strconv"
	"strings"
)

// mediaType is how a GraphQL answer is labelled. It decides what the status
// says: a query that could not be run is 400 under the newer type, and 200
// under the older, whose clients take any other status for something between
// them and the server.
type mediaType string

const (
	responseJSON mediaType = "application/graphql-response+json"
	plainJSON    mediaType = "application/json"
)

// wish is how much a reader wants a media type: its weight, and how closely it
// was named (0 not at all, 1 by */*, 2 by application/*, 3 by name, 4 with
// the charset). The closest name decides the weight.
type wish struct {
	weight float64
	named  int
}

const byName = 3

// negotiate chooses what the Accept headers want most, and says no where they
// want neither. A reader that says nothing gets application/json. Of two types
// wanted alike the one that is named wins, and of two named ones the newer.
func negotiate(accept []string) (mediaType, bool) {
	ranges := strings.Join(accept, ",")
	if strings.TrimSpace(ranges) == "" {
		return plainJSON, true
	}
	var newer, older wish
	for part := range strings.SplitSeq(ranges, ",") {
		name, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		newer.hear(name, params, responseJSON)
		older.hear(name, params, plainJSON)
	}
	switch {
	case newer.weight == 0 && older.weight == 0:
		return plainJSON, false
	case newer.weight != older.weight:
		return heavier(newer.weight > older.weight), true
	case min(newer.named, byName) != min(older.named, byName):
		return heavier(newer.named > older.named), true
	}
	return heavier(newer.named >= byName), true
}

func heavier(newer bool) mediaType {
	if newer {
		return responseJSON
	}
	return plainJSON
}

// hear takes one media range into account. One that asks for another charset
// or for parameters we do not know is passed over.
func (w *wish) hear(name string, params map[string]string, of mediaType) {
	named := closeness(name, of)
	weight := 1.0
	for key, value := range params {
		switch {
		case key == "q":
			var err error
			if weight, err = strconv.ParseFloat(value, 64); err != nil || !(weight >= 0 && weight <= 1) {
				return
			}
		case key == "charset" && utf8Name(value) && named == byName:
			named++
		default:
			return
		}
	}
	if named > w.named {
		*w = wish{weight, named}
	}
}

// closeness is how closely a range names a type.
func closeness(name string, of mediaType) int {
	switch name {
	case string(of):
		return byName
	case "application/*":
		return 2
	case "*/*":
		return 1
	}
	return 0
}

func utf8Name(charset string) bool {
	return strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}
