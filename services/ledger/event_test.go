package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

type counter struct{ log []string }

type grown struct {
	By   int    `json:"by"`
	Unit string `json:"unit,omitempty"`
}

type shrunk struct{}

func (e grown) Evolve(c *counter) { c.log = append(c.log, "grown") }
func (shrunk) Evolve(c *counter)  { c.log = append(c.log, "shrunk") }

func rename(from, to string) Upcast {
	return func(b []byte) ([]byte, error) {
		if !bytes.Contains(b, []byte(from)) {
			return nil, errors.New("nothing to rename: " + from)
		}
		return bytes.ReplaceAll(b, []byte(from), []byte(to)), nil
	}
}

func TestCatalogue(t *testing.T) {
	// Version 1 said "more", version 2 "plus", version 3 says "by".
	events := []Def{Event[grown]("counter.grown", "It grew.", "变大。", rename("more", "plus"), rename("plus", "by")), Event[shrunk]("counter.shrunk", "It shrank.", "变小。")}
	c, err := NewCatalogue(events)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		typ, data string
		version   int
		want      any
	}{
		{"counter.grown", `{"by":3}`, 3, grown{By: 3}},
		{"counter.grown", `{"plus":3}`, 2, grown{By: 3}},
		{"counter.grown", `{"more":3}`, 1, grown{By: 3}},
		{"counter.shrunk", `{}`, 1, shrunk{}},
		{"counter.grown", `{"by":3}`, 2, nil}, // not what version 2 was
		{"counter.grown", `{"more":3}`, 3, nil},
		{"counter.grown", `{"by":3}`, 4, nil}, // from the future
		{"counter.grown", `{"by":3}`, 0, nil},
		{"counter.grown", `{"by":3}`, -1, nil},
		{"counter.grown", `{"by":3,"extra":1}`, 3, nil},
		{"counter.grown", `{"by":"3"}`, 3, nil},
		{"counter.gone", `{}`, 1, nil},
		{"Counter.grown", `{"by":3}`, 3, nil},
	} {
		got, err := c.Decode(Record{Type: x.typ, Data: json.RawMessage(x.data)}, x.version)
		if (err == nil) != (x.want != nil) || !reflect.DeepEqual(got, x.want) {
			t.Errorf("%s version %d %s: %v, %v", x.typ, x.version, x.data, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), x.typ) {
			t.Errorf("the error does not name the event: %v", err)
		}
	}
	d, ok := c.Of(shrunk{})
	if named, ok2 := c.Named("counter.shrunk"); !ok || !ok2 || d.Name != named.Name || d.Version != 1 || c.Number("counter.shrunk") != 1 || len(c.All()) != 2 {
		t.Errorf("%v, %v", d, named)
	}
	if _, ok := c.Of(counter{}); ok {
		t.Error("a type that is no event was found")
	}
}

func TestCatalogueRefusesTwice(t *testing.T) {
	grow := Event[grown]("counter.grown", "It grew.", "变大。")
	for name, lists := range map[string][][]Def{
		"a name":        {{grow}, {Event[shrunk]("counter.grown", "It shrank.", "变小。")}},
		"a type":        {{grow, Event[grown]("counter.doubled", "It doubled.", "翻倍。")}},
		"the same list": {{grow}, {grow}},
	} {
		if _, err := NewCatalogue(lists...); err == nil {
			t.Errorf("%s twice was taken", name)
		}
	}
}

// Ids are hashes of account, key and place: the same for ever, or a repeat
// would be recorded a second time.
func TestIDsAreStable(t *testing.T) {
	if got := EventID("account", "key", 0).String(); got != "6a1ab273-2714-8c03-8946-01b40456f634" {
		t.Errorf("the first event's id is %s", got)
	}
	if got := CommandID("account", "key").String(); got != "1230bdc1138db1c49938dd3fc00c0bfb0efbfe1be1e04b8b2c7ecae24db49ca9" {
		t.Errorf("the command's id is %s", got)
	}
}

func TestIDsDiffer(t *testing.T) {
	seen := map[ID]string{}
	for _, account := range []string{"a", "ab", ""} {
		for _, key := range []string{"b", "bc", "abc", "", "\x00"} {
			for n := range 3 {
				id := EventID(account, key, n)
				if other, ok := seen[id]; ok {
					t.Errorf("%q %q %d has the id of %s", account, key, n, other)
				}
				seen[id] = account + " " + key
				if back, err := ParseID(id.String()); err != nil || back != id || id[6]>>4 != 8 || id[8]>>6 != 2 {
					t.Errorf("%s: %s, %v", id, back, err)
				}
			}
		}
	}
	for _, s := range []string{"", "00000000-0000-0000-0000-00000000000", "00000000-0000-0000-0000-0000000000000", "00000000000000000000000000000000", "0000000g-0000-0000-0000-000000000000", "00000000+0000-0000-0000-000000000000"} {
		if _, err := ParseID(s); err == nil {
			t.Errorf("%q is taken for an id", s)
		}
	}
}

func TestValidID(t *testing.T) {
	for s, want := range map[string]bool{
		"a": true, "0": true, "a-b": true, "task-600": true, strings.Repeat("a", 64): true,
		"": false, "-a": false, "a-": false, "a--b": false, "A": false, "a_b": false, "a.b": false, "a/b": false, "a b": false, "任务": false, "a\n": false, "a\x00": false, "..": false, strings.Repeat("a", 65): false,
	} {
		if ValidID(s) != want {
			t.Errorf("%q: %t", s, !want)
		}
	}
}

func TestDate(t *testing.T) {
	for s, want := range map[Date]bool{
		"2022-08-09": true, "2024-02-29": true, "0001-01-01": true, "9999-12-31": true,
		"": false, "2022-8-9": false, "2023-02-29": false, "2022-13-01": false, "2022-00-10": false, "0000-01-01": false, "2022-08-09T00:00:00Z": false, "22-08-09": false, "２０２２-08-09": false, " 2022-08-09": false,
	} {
		if s.Valid() != want {
			t.Errorf("%q: %t", s, !want)
		}
		if !want && s != "0000-01-01" && !s.Time().IsZero() {
			t.Errorf("%q is at %s", s, s.Time())
		}
		if want && (DateOf(s.Time()) != s || DateOf(s.Time().Add(24*time.Hour-1)) != s || DateOf(s.Time().Add(-1)) == s) {
			t.Errorf("%s is not its own day", s)
		}
		if _, err := json.Marshal(s.Time().UTC()); want && err != nil {
			t.Errorf("%s cannot be recorded: %v", s, err)
		}
	}
	if DateOf(time.Time{}) != "" {
		t.Error("no time has a date")
	}
}

func TestActor(t *testing.T) {
	a := Actor{Account: "a", Roles: []Role{Clerk, Reviewer}}
	if !a.Is(Admin, Reviewer) || a.Is(Admin) || a.Is() || a.Anonymous() || !(Actor{Roles: []Role{Admin}}).Anonymous() {
		t.Error("roles")
	}
}
