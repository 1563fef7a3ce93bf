package graph

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"suyuan/services/graph/bind"
)

// echoing answers with as much as it is asked for.
func echoing(t *testing.T) func(n int) *bind.Result {
	t.Helper()
	b, err := bind.Schema([]bind.Source{{Text: `type Query @visible(to: PUBLIC) { echo(n: Int!): String! }`}}, bind.Bindings{
		Viewer: viewerOf, Log: func(_ context.Context, _ string, err error) { t.Error(err) },
		Bind: []bind.Binding{bind.Field("Query", "echo", func(_ context.Context, _ struct{}, a struct{ N int }) (string, error) {
			return strings.Repeat("x", a.N), nil
		})},
	})
	if err != nil {
		t.Fatal(err)
	}
	return func(n int) *bind.Result {
		return b.Execute(t.Context(), bind.Request{Query: `query($n: Int!) { echo(n: $n) }`, Variables: map[string]any{"n": n}})
	}
}

func (k *kept) holds() (entries, bytes int) {
	for i := range k.shards {
		s := &k.shards[i]
		entries += len(s.answers)
		sum := 0
		for key, r := range s.answers {
			sum += len(key) + len(r.Body())
		}
		if sum != s.bytes || len(s.order)-s.oldest != len(s.answers) {
			return -1, -1
		}
		bytes += sum
	}
	return entries, bytes
}

// What is kept is bounded in number and in bytes; the oldest goes first.
func TestKeptIsBounded(t *testing.T) {
	answer := echoing(t)
	for _, c := range []struct{ size, puts int }{{10, 3 * keptEntries}, {100_000, 1000}} {
		k, r := newKept(), answer(c.size)
		for i := range c.puts {
			k.put(fmt.Append(nil, i), 1, r)
			k.put(fmt.Append(nil, i), 1, r)
		}
		entries, bytes := k.holds()
		if bytes > keptBytes || entries > keptEntries || entries < c.puts/10 {
			t.Errorf("of %d bytes each: %d entries, %d bytes", c.size, entries, bytes)
		}
		if k.get(fmt.Append(nil, c.puts-1), 1) != r || k.get([]byte("0"), 1) != nil || k.get(fmt.Append(nil, c.puts-1), 2) != nil {
			t.Error("the newest is gone, the oldest is there, or one of another ordinal")
		}
		k.put([]byte("late"), 0, r)
		if k.get([]byte("late"), 0) != nil || k.get([]byte("late"), 1) != nil {
			t.Error("an answer of the past was kept")
		}
	}
	k := newKept()
	k.put([]byte("giant"), 1, answer(keptBytes/keptShards/2))
	if entries, _ := k.holds(); entries != 0 {
		t.Error("a giant was kept")
	}
}
