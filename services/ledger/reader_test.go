package ledger

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// What the reader takes is what encoding/json makes of it.
func FuzzParseMeta(f *testing.F) {
	full := Meta{
		Command: "c", Name: "unit.register", Input: "i", Cause: "x", Correlation: "y", Version: 2, Actor: MetaActor{Roles: []Role{Clerk, Admin}, Unit: "99", Account: "a"},
		Recorded: time.Date(2026, 3, 1, 1, 2, 3, 4_000_000, time.UTC), Effective: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), DecidedAt: 7,
	}
	b, err := json.Marshal(full)
	if err != nil {
		f.Fatal(err)
	}
	if r := NewReader(b); !new(Meta).scan(r) || !r.Done() {
		f.Fatal("the reader does not take what the desk writes")
	}
	f.Add(b)
	for _, s := range []string{
		`{}`, `{"version":01}`, `{"version":1,"version":2}`, `{"actor":{"roles":[]}}`, `{"actor":{"roles":["a"],"roles":["b"]},"hash":"00"}`, `{"name":"\u4e00"}`, `{"name":"中"}`,
		`{"recorded":"2026-01-01T00:00:00+08:00"}`, `{"recorded":"2026-02-30T00:00:00Z"}`, `{"recorded":"2026-01-01T00:00:00.10Z"}`, `{"decidedAt":-1}`, `{"decidedAt":-0}`, `{"decidedAt":9223372036854775808}`,
		`{"name":"a" }`, `{"name":"a",}`, `{,}`, `{"name":null}`, `{"actor":{}}x`, `{"name":"` + "\xff" + `"}`, `[`, `{"Name":"a"}`, `{"actor":{"roles":["a","b"`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var fast, slow Meta
		r := NewReader(b)
		if !fast.scan(r) || !r.Done() {
			return
		}
		if err := json.Unmarshal(b, &slow); err != nil || !reflect.DeepEqual(fast, slow) {
			t.Fatalf("%q\nread as %+v\nis      %+v, %v", b, fast, slow, err)
		}
	})
}
