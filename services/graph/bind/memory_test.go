package bind_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"suyuan/services/graph/bind"
)

// fanned is a short query of fragments, each put in twice, that amounts to a
// thousand fields or so, with four switches at its end.
func fanned(n int, leaves string) string {
	var q strings.Builder
	fmt.Fprintf(&q, `query q%d($a:Boolean!,$b:Boolean!,$c:Boolean!,$d:Boolean!){unit(code:"none"){...f0 w:code@include(if:$a) x:code@include(if:$b) y:code@include(if:$c) z:code@include(if:$d)}}`, n)
	for i := range 7 {
		fmt.Fprintf(&q, `fragment f%d on Unit{l:parent{...f%d}r:parent{...f%[2]d}code}`, i, i+1)
	}
	fmt.Fprintf(&q, `fragment f7 on Unit{%s}`, leaves)
	return q.String()
}

// attack sends a query with its switches set in so many ways.
func attack(t *testing.T, b *bind.Bound, query string, ways int) {
	t.Helper()
	for way := range ways {
		vars := map[string]any{}
		for i, name := range []string{"a", "b", "c", "d"} {
			vars[name] = way>>i&1 == 1
		}
		if got := b.Execute(public, bind.Request{Query: query, Variables: vars}); len(got.Errors) > 0 || !got.Executed {
			t.Fatalf("%s", got.Body())
		}
	}
}

func heap() int {
	runtime.GC()
	runtime.GC() // what pools held is gone with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// unswitched is a query without its switches.
var unswitched = strings.NewReplacer("($a:Boolean!,$b:Boolean!,$c:Boolean!,$d:Boolean!)", "", "@include(if:$a)", "", "@include(if:$b)", "", "@include(if:$c)", "", "@include(if:$d)", "")

// Whoever sends many short queries that become large plans, some of them in
// many ways, fills the cache to its bound and no further.
func TestPlansAreBoundedByBytes(t *testing.T) {
	for name, c := range map[string]struct {
		text          func(n int) string
		queries, ways int
	}{
		"in one way":    {func(n int) string { return unswitched.Replace(fanned(n, "code name alias level")) }, 200, 1},
		"in many ways":  {func(n int) string { return fanned(n, "code name alias level") }, 100, 4},
		"in more still": {func(n int) string { return fanned(n, "code name alias level") }, 60, 16},
	} {
		b, _ := start(t)
		before := heap()
		for n := range c.queries {
			attack(t, b, c.text(n), c.ways)
		}
		most, held := b.CacheBytes()
		took := heap() - before
		t.Logf("%s: holds %d KiB of %d, the heap grew by %d KiB", name, held>>10, most>>10, took>>10)
		if held > most || held < most/2 {
			t.Errorf("%s: says it holds %d bytes of %d", name, held, most)
		}
		if took > most*5/4 || took < most/2 {
			t.Errorf("%s: the heap grew by %d bytes where %d are allowed", name, took, most)
		}
		runtime.KeepAlive(b)
	}
}

// A plan that would take a giant's share is made each time.
func TestAGiantPlanIsNotKept(t *testing.T) {
	b, _ := start(t)
	giant := fanned(0, "code name alias level founded people ratio tags")
	attack(t, b, giant, 4)
	attack(t, b, unswitched.Replace(giant), 1)
	if _, held := b.CacheBytes(); held == 0 || held > 128<<10 {
		t.Errorf("holds %d bytes", held)
	}
}

// What a document is estimated at is about what it takes, whatever it is of.
func TestDocumentsAreBoundedByBytes(t *testing.T) {
	aliases := ""
	for i := range 190 {
		aliases += fmt.Sprintf("a%d:code ", i)
	}
	for name, body := range map[string]string{
		"fields":    "units{nodes{" + aliases + "}}",
		"values":    "echo(levels:[" + strings.Repeat("VILLAGE ", 1900) + "])",
		"objects":   "echo(filter:{and:[" + strings.Repeat("{exact:true}", 380) + "]})",
		"fragments": "units{nodes{" + strings.Repeat("...on Unit{a:code}", 31) + "}}",
	} {
		b, _ := start(t)
		before := heap()
		for n := range 25 {
			if got := b.Execute(staff, bind.Request{Query: fmt.Sprintf("query q%d{%s}", n, body)}); !got.Executed {
				t.Fatalf("%s", got.Body())
			}
		}
		most, held := b.CacheBytes()
		took := heap() - before
		t.Logf("%s: holds %d KiB of %d, the heap grew by %d KiB", name, held>>10, most>>10, took>>10)
		if held > most || took > held*5/4 {
			t.Errorf("%s: says it holds %d bytes, the heap grew by %d", name, held, took)
		}
		runtime.KeepAlive(b)
	}
}
