// Package bind makes the GraphQL schema out of the SDL documents and the Go
// rows and functions behind their fields. It refuses to start on anything
// that is not bound on both sides, decides once who may see a field, and lets
// no text of a fault reach the reader. It must never know a domain type, and
// it only reads: there are no mutations here.
package bind

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/graphql-go/graphql"

	"suyuan/services/graph/guard"
)

// Source is one SDL document; Name appears in what Schema complains about.
type Source struct{ Name, Text string }

// Binding ties one thing of the SDL to Go: see Row, Field, Enum and Scalar.
type Binding func(*builder)

// Bindings is all that Schema needs besides the SDL.
type Bindings struct {
	Bind   []Binding
	Viewer func(context.Context) Viewer // who asks, taken from the request's context; nil for the public
	Log    Log                          // gets every fault whose text is kept from the reader

	Public, Staff guard.Limits // zero: guard.Public and guard.Staff
	Cache         int          // validated documents kept; 0: 512
}

// Log receives a fault of ours with the place in the answer where it showed,
// such as units.edges.3.node.name; path is empty where there is none.
type Log func(ctx context.Context, path string, err error)

// Bound is a schema ready to answer. It is safe for concurrent use.
type Bound struct {
	schema        graphql.Schema
	access        []Access
	viewer        func(context.Context) Viewer
	log           Log
	public, staff guard.Limits
	cache         *cache
	fields        map[string]map[string]*known
	own           documents
	serials       atomic.Uint64
	runs          sync.Pool // of *run
}

// starting keeps builds apart: the library fills in its global introspection
// types on first use, without a lock.
var starting sync.Mutex

// Schema builds the schema, or returns one error that lists everything that
// keeps it from starting.
func Schema(sdl []Source, b Bindings) (*Bound, error) {
	starting.Lock()
	defer starting.Unlock()
	build := newBuilder()
	if b.Viewer == nil || b.Log == nil {
		build.problem("bindings: Viewer and Log are needed")
	}
	build.read(sdl)
	for _, bind := range b.Bind {
		bind(build)
	}
	build.check()
	if err := build.err(); err != nil {
		return nil, err
	}
	schema, err := build.schema()
	if err = errors.Join(build.err(), err); err != nil {
		return nil, err
	}
	warm(schema)
	return &Bound{
		schema: schema,
		access: build.access(),
		viewer: b.Viewer,
		log:    b.Log,
		public: or(b.Public, guard.Public),
		staff:  or(b.Staff, guard.Staff),
		cache:  newCache(or(b.Cache, 512)),
		fields: build.known(schema),
	}, nil
}

// warm makes the library fill in what it would otherwise fill in while it
// answers, where two requests would race.
func warm(schema graphql.Schema) {
	for _, t := range schema.TypeMap() {
		switch t := t.(type) {
		case *graphql.Enum:
			t.Serialize("")
			t.ParseValue("")
		case *graphql.InputObject:
			t.Fields()
		case *graphql.Object:
			t.Fields()
			t.Interfaces()
		}
	}
}

// builder gathers the SDL, what is bound to it, and what is wrong.
type builder struct {
	*document
	rows     map[string]*row              // by type
	fields   map[string]map[string]*bound // by type and field
	leaves   map[string][]leaf            // by scalar or enum, one for each Go type
	types    map[string]graphql.Type
	decoders map[decoderKey]*decoder
	problems []string
}

func newBuilder() *builder {
	return &builder{
		document: newDocument(),
		rows:     map[string]*row{},
		fields:   map[string]map[string]*bound{},
		leaves:   builtin(),
		types:    map[string]graphql.Type{},
		decoders: map[decoderKey]*decoder{},
	}
}

func (b *builder) problem(format string, args ...any) {
	b.problems = append(b.problems, fmt.Sprintf(format, args...))
}

func (b *builder) err() error {
	if len(b.problems) == 0 {
		return nil
	}
	slices.Sort(b.problems)
	return fmt.Errorf("the schema does not start:\n\t%s", strings.Join(slices.Compact(b.problems), "\n\t"))
}

func or[T comparable](given, otherwise T) T {
	if given == *new(T) {
		return otherwise
	}
	return given
}
