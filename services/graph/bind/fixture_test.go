package bind_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
)

const sdl = `
directive @visible(to: Visibility!) on OBJECT | FIELD_DEFINITION
enum Visibility { PUBLIC PARTY STAFF CASE }
enum Level { CENTRAL COUNTY @deprecated(reason: "say DISTRICT") VILLAGE }
scalar Date
"An exact number."
scalar Ratio
input AsOf { recorded: Date ordinal: String effective: Date }
input Filter { levels: [Level!] and: [Filter!] asOf: AsOf ratio: Ratio exact: Boolean }
type Query @visible(to: PUBLIC) {
  unit(code: ID!): Unit
  units(search: String, level: Level, first: Int = 2): UnitConnection!
  echo(filter: Filter, day: Date, levels: [Level!] = [VILLAGE], count: Int): String!
  fail(how: String!): String
  failHard(how: String!): Wrapper
}
type Wrapper @visible(to: PUBLIC) { must(how: String!): String! }
type UnitConnection @visible(to: PUBLIC) { nodes: [Unit!]! pageInfo: PageInfo! }
type PageInfo @visible(to: PUBLIC) { hasNextPage: Boolean! endCursor: String }
type Unit @visible(to: PUBLIC) {
  code: ID!
  name: String!
  alias: String
  level: Level!
  founded: Date
  opened: Date
  people: Int
  ratio: Ratio
  tags: [String!]
  wards: [String!]!
  parent: Unit
  note: String @visible(to: PARTY)
  diary: String! @visible(to: PARTY)
  memo: String @visible(to: STAFF)
  file: String @visible(to: CASE)
}
extend type Unit {
  "Units directly below."
  children(first: Int = 10): [Unit!]!
  old: String @deprecated(reason: "use alias")
}
`

type level string

const (
	central level = "central"
	county  level = "county"
	village level = "village"
)

type ratio struct{ n, d string }

type base struct {
	Code string
	Name string
}

type unitRow struct {
	base
	Alias   string `graphql:",omitempty"`
	Level   level
	Founded string    `graphql:"founded,omitempty"`
	OpenAt  time.Time `graphql:"opened,omitempty"`
	People  *int
	Ratio   *ratio
	Tags    []string `graphql:"tags,omitempty"`
	Wards   []string
	Parent  *unitRow
	Note    string
	Diary   string
	Memo    string
	File    string
	Hidden  string `graphql:"-"`
	below   []unitRow
}

type connection[N any] struct {
	Nodes    []N
	PageInfo pageInfo
}

type pageInfo struct {
	HasNextPage bool
	EndCursor   string `graphql:",omitempty"`
}

type (
	none   struct{}
	asOf   struct{ Recorded, Ordinal, Effective string }
	filter struct {
		Levels []level
		And    []filter
		AsOf   *asOf
		Ratio  *ratio
		Exact  *bool
	}
	unitsArgs struct {
		Search *string
		Level  *level
		First  int
	}
	echoArgs struct {
		Filter *filter
		Day    time.Time
		Levels []level
		Count  *int32
	}
	howArgs  struct{ How string }
	pageArgs struct{ First int }
	wrapper  struct{}
)

func two(n int) *int { return &n }

var units = []unitRow{
	{base: base{"11", "East"}, Level: central, Wards: nil, Note: "n11", Diary: "d11", Memo: "m11", File: "f11",
		below: []unitRow{{base: base{"1101", "East One"}, Level: county}, {base: base{"1102", "East Two"}, Level: village}}},
	{base: base{"12", "West"}, Alias: "W", Level: county, Founded: "1949-10-01", OpenAt: time.Date(2020, 2, 29, 8, 0, 0, 0, time.UTC),
		People: two(7), Ratio: &ratio{"1", "3"}, Tags: []string{"a"}, Wards: []string{"x", "y"}, Note: "n12", Diary: "d12", Memo: "m12", File: "f12"},
}

func parseRatio(text string) (ratio, error) {
	n, d, ok := strings.Cut(text, "/")
	if !ok {
		return ratio{}, errors.New("no slash in " + text)
	}
	return ratio{n, d}, nil
}

func fail(how string) (string, error) {
	switch how {
	case "rule":
		return "", ledger.Refuse("unit.closed", "单位已撤销", "the unit is closed").At("code")
	case "error":
		return "", errors.New("password=hunter2")
	case "panic":
		panic("password=hunter2")
	case "nil":
		var p *unitRow
		return p.Name, nil
	}
	return how, nil
}

func parts() []bind.Binding {
	return []bind.Binding{
		bind.Enum("Level", map[string]level{"CENTRAL": central, "COUNTY": county, "VILLAGE": village}),
		bind.Scalar("Ratio", func(r ratio) (string, error) { return r.n + "/" + r.d, nil }, parseRatio),
		bind.Row[unitRow]("Unit"),
		bind.Row[connection[unitRow]]("UnitConnection"),
		bind.Row[pageInfo]("PageInfo"),
		bind.Row[wrapper]("Wrapper"),
		bind.Field("Unit", "children", func(_ context.Context, u unitRow, a pageArgs) ([]unitRow, error) {
			return u.below[:min(a.First, len(u.below))], nil
		}),
		bind.Field("Unit", "old", func(_ context.Context, u unitRow, _ none) (*string, error) { return nil, nil }),
		bind.Field("Query", "unit", func(_ context.Context, _ none, a struct{ Code string }) (any, error) {
			for _, u := range units {
				if u.Code == a.Code {
					return &u, nil
				}
			}
			return nil, nil
		}),
		bind.Field("Query", "units", func(_ context.Context, _ none, a unitsArgs) (connection[unitRow], error) {
			var c connection[unitRow]
			for _, u := range units {
				if (a.Level == nil || *a.Level == u.Level) && (a.Search == nil || strings.Contains(u.Name, *a.Search)) {
					c.Nodes = append(c.Nodes, u)
				}
			}
			return c, nil
		}),
		bind.Field("Query", "echo", func(_ context.Context, _ none, a echoArgs) (string, error) {
			text, err := json.Marshal(a)
			return string(text), err
		}),
		bind.Field("Query", "fail", func(_ context.Context, _ none, a howArgs) (string, error) { return fail(a.How) }),
		bind.Field("Query", "failHard", func(context.Context, none, howArgs) (wrapper, error) { return wrapper{}, nil }),
		bind.Field("Wrapper", "must", func(_ context.Context, _ wrapper, a howArgs) (string, error) { return fail(a.How) }),
	}
}

// reader is a viewer with circles; a party sees only the units it names.
type reader struct {
	circles []bind.Visibility
	unit    string
	staff   bool
	lang    string
}

func (r reader) May(_ context.Context, to bind.Visibility, row any) bool {
	for _, c := range r.circles {
		if c == to {
			return to != bind.Party || row.(unitRow).Code == r.unit
		}
	}
	return false
}
func (r reader) Staff() bool  { return r.staff }
func (r reader) Lang() string { return r.lang }

type readerKey struct{}

func as(r reader) context.Context { return context.WithValue(context.Background(), readerKey{}, r) }

var (
	public = as(reader{lang: "en"})
	staff  = as(reader{lang: "en", staff: true, circles: []bind.Visibility{bind.Staff}})
)

// journal is the log that tests look into.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) log(_ context.Context, path string, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, path+": "+err.Error())
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Join(j.lines, "\n")
}

func bindings(j *journal) bind.Bindings {
	return bind.Bindings{Bind: parts(), Log: j.log, Viewer: func(ctx context.Context) bind.Viewer {
		if r, ok := ctx.Value(readerKey{}).(reader); ok {
			return r
		}
		return nil
	}}
}

func start(t *testing.T) (*bind.Bound, *journal) {
	t.Helper()
	j := &journal{}
	b, err := bind.Schema([]bind.Source{{Name: "fixture.graphql", Text: sdl}}, bindings(j))
	if err != nil {
		t.Fatal(err)
	}
	return b, j
}

// ask answers with the JSON a client would get.
func ask(t *testing.T, b *bind.Bound, ctx context.Context, r bind.Request) string {
	t.Helper()
	text, err := json.Marshal(b.Execute(ctx, r))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
