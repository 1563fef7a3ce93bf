package main

import (
	"context"
	"fmt"
	"strings"

	"suyuan/services/view"
	"suyuan/test/bench/table"
)

// words of two characters: of a few places, of hundreds, of nearly all.
var words = []string{"和平", "团结", "红旗", "新村", "石桥", "龙泉", "社区", "村委"}

// search looks for units by name, and holds how many there are to a plain look
// at every name.
func (b *bench) search(ctx context.Context) error {
	h, err := b.open(ctx)
	if err != nil {
		return err
	}
	h.View.Settle(ctx) // as serve does once it has started
	find := func(word string) (n int, err error) {
		h.View.Read(func(r *view.Rows) {
			var p view.Page[view.Unit]
			p, err = r.Units(view.UnitQuery{Search: word}, view.Paging{First: 50})
			n = p.Total
		})
		return n, err
	}
	for _, w := range words {
		want := 0
		for _, u := range b.nation.Units {
			if strings.Contains(u.Name, w) {
				want++
			}
		}
		got, err := find(w)
		if err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("%s: %d units are found, by a plain look %d", w, got, want)
		}
	}
	f, err := sample(max(len(words), b.calls/200), func(i int) error {
		_, err := find(words[i%len(words)])
		return err
	})
	if err != nil {
		return err
	}
	note := fmt.Sprintf("%d words of two characters, each answer complete", len(words))
	b.add(table.Row{Section: "search", What: "units by name, first page of 50, p50", Measured: f.p50, Unit: "s", Note: note})
	b.add(table.Row{Section: "search", What: "units by name, first page of 50, p99", Measured: f.p99, Unit: "s"})
	return nil
}
