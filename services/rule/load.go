package rule

import (
	"fmt"
	"io/fs"

	"suyuan/schema"
	"suyuan/services/ledger"
)

type shelf struct {
	all []Rule
	at  map[string]int
}

// book is read once. A file that cannot be read is a fault of the build, which
// any test of this package meets.
var book = must(read(schema.Rules))

func must(s shelf, err error) shelf {
	if err != nil {
		panic(err)
	}
	return s
}

type file struct {
	About ledger.Text `json:"about"`
	Kind  Kind        `json:"kind"`
	Rules []Rule      `json:"rules"`
}

// files are read in this order.
var files = []string{"law", "policy", "product"}

func read(from fs.FS) (shelf, error) {
	s := shelf{at: map[string]int{}}
	for _, name := range files {
		data, err := fs.ReadFile(from, "rules/"+name+".json")
		if err != nil {
			return s, err
		}
		var f file
		if err := ledger.DecodeStrict(data, &f); err != nil {
			return s, fmt.Errorf("rules/%s.json: %w", name, err)
		}
		for _, r := range f.Rules {
			r.Kind = f.Kind
			if _, twice := s.at[r.ID]; twice {
				return s, fmt.Errorf("rules/%s.json: %s is there twice", name, r.ID)
			}
			s.at[r.ID] = len(s.all)
			s.all = append(s.all, r)
		}
	}
	return s, nil
}
