package esdb

import (
	"slices"
	"strings"

	es "github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// owner tells the ledger's own streams from those of other applications and
// of the cluster itself.
type owner struct {
	categories []string // none: every stream that is not a system stream
}

func newOwner(categories []string) owner {
	out := slices.Clone(categories)
	slices.Sort(out)
	return owner{categories: slices.Compact(out)}
}

func (o owner) check() error {
	for _, c := range o.categories {
		if c == "" || c[0] == '$' || strings.Contains(c, "-") {
			return errCategory(c)
		}
	}
	return nil
}

// owns reports whether a stream is the ledger's. What stands before the first
// dash is its category; a name without a dash has none.
func (o owner) owns(stream string) bool {
	if len(o.categories) == 0 {
		return stream != "" && stream[0] != '$'
	}
	category, _, dashed := strings.Cut(stream, "-")
	if !dashed {
		return false
	}
	_, found := slices.BinarySearch(o.categories, category)
	return found
}

// filter has the cluster leave out what is not the ledger's.
func (o owner) filter() *es.SubscriptionFilter {
	if len(o.categories) == 0 {
		return &es.SubscriptionFilter{Type: es.StreamFilterType, Regex: `^[^$]`}
	}
	prefixes := make([]string, len(o.categories))
	for i, c := range o.categories {
		prefixes[i] = c + "-"
	}
	return &es.SubscriptionFilter{Type: es.StreamFilterType, Prefixes: prefixes}
}
