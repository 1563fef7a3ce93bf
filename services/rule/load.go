package rule

import (
	"fmt"
	"io/fs"
	"sync"

	"suyuan/schema"
	"suyuan/services/ledger"
)

type shelf struct {
	all []Rule
	at  map[string]int
}

// book is read when it is first asked for. A file that cannot be read is a
// fault of the build, which any test of this package meets.
var book = sync.OnceValue(func() shelf {
	s, err := read(schema.Rules)
	if err != nil {
		panic(err)
	}
	return s
})

type file struct {
	About ledger.Text `json:"about"`
	Kind  Kind        `json:"kind"`
	Rules []Rule      `json:"rules"`
}

// A kind has its file; they are read in this order.
var files = []Kind{Law, Policy, Product}

func read(from fs.FS) (shelf, error) {
	s := shelf{at: map[string]int{}}
	for _, kind := range files {
		name := "rules/" + string(kind) + ".json"
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return s, err
		}
		var f file
		if err := ledger.DecodeStrict(data, &f); err != nil {
			return s, fmt.Errorf("%s: %w", name, err)
		}
		if f.Kind != kind {
			return s, fmt.Errorf("%s: its kind is %q", name, f.Kind)
		}
		for _, r := range f.Rules {
			r.Kind = kind
			if _, twice := s.at[r.ID]; twice {
				return s, fmt.Errorf("%s: %s is there twice", name, r.ID)
			}
			s.at[r.ID] = len(s.all)
			s.all = append(s.all, r)
		}
	}
	return s, nil
}
