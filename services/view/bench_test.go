package view

import (
	"context"
	"fmt"
	"os"
	"testing"

	"suyuan/services/attribution"
)

// cascadeOf hands a task down five levels to 500 villages, each level adding.
func cascadeOf(b *testing.B) *world {
	dir, err := os.MkdirTemp(b.TempDir(), "")
	if err != nil {
		b.Fatal(err)
	}
	w := newWorld(b, dir)
	b.Cleanup(func() { _ = w.log.Close() })
	chain := []string{"0", "99", "9901", "990101", "990101001"}
	for _, code := range chain {
		w.do(admin, "unit.register", object{"code": code, "name": code, "kind": "government"})
	}
	w.do(clerk("0"), "mandate.issue", object{"id": "task", "title": "任务", "field": "农业", "origin": "0",
		"measures": []object{{"key": "area", "name": "面积", "kind": "divisible", "dimension": "quantity"}}})
	for i := 0; i < 4; i++ {
		c := object{"id": fmt.Sprint("i", i), "issuer": chain[i], "lines": []object{{"to": chain[i+1], "amounts": []object{{"measure": "task/area", "value": fmt.Sprint(1000 + i)}}}}}
		if i > 0 {
			c["basis"] = []string{fmt.Sprint("i", i-1)}
		}
		w.do(clerk(chain[i]), "issuance.make", c)
	}
	var lines []object
	for i := range 500 {
		code := fmt.Sprintf("990101001%03d", i)
		w.do(admin, "unit.register", object{"code": code, "name": code, "kind": "village"})
		lines = append(lines, object{"to": code, "amounts": []object{{"measure": "task/area", "value": "2.5"}}})
	}
	w.do(clerk("990101001"), "issuance.make", object{"id": "i4", "issuer": "990101001", "basis": []string{"i3"}, "lines": lines})
	return w
}

// A trace through five levels as the graph reads it.
func BenchmarkTraces(b *testing.B) {
	r := cascadeOf(b).rows()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if t, err := r.Traces("task", r.units[5+i%500].code, "area", Now); err != nil || len(t[0].Steps) != 5 {
			b.Fatal(err)
		}
	}
}

// The arithmetic alone, on the same rows.
func BenchmarkTraceLine(b *testing.B) {
	r := cascadeOf(b).rows()
	book := r.book(0, Now)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := attribution.TraceLine(book, attribution.Divisible, 0, 4, int32(5+i%500)); err != nil {
			b.Fatal(err)
		}
	}
}

// A page of 50 rows of a cascade with its sums by level.
func BenchmarkCascade(b *testing.B) {
	r := cascadeOf(b).rows()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Cascade("task", "area", "990101001", Now, Paging{First: 50}); err != nil {
			b.Fatal(err)
		}
	}
}

// Folding from the start.
func BenchmarkFold(b *testing.B) {
	w := cascadeOf(b)
	log := listed(w.records())
	b.ReportAllocs()
	for b.Loop() {
		w.must(w.fresh().Catch(context.Background(), log))
	}
	b.ReportMetric(float64(len(log)*b.N)/b.Elapsed().Seconds(), "events/s")
}
