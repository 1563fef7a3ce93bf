package exact

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, d := rapid.Int64().Draw(t, "n"), rapid.Int64Range(1, math.MaxInt64).Draw(t, "d")
		r, _ := NewRat(n, d)
		if num, den, fits := r.Words(); fits {
			if back, ok := OfWords(num, den); !ok || !back.Equal(r) {
				t.Fatalf("%s came back as %s, %v", r, back, ok)
			}
		}
		var s Sum
		for range rapid.IntRange(0, 5).Draw(t, "times") {
			s.Add(Decimal(rapid.Int64().Draw(t, "term")))
		}
		if SumOf(s.Words()) != s {
			t.Fatalf("%s came back as %s", s, SumOf(s.Words()))
		}
	})
	for _, bad := range [][2]int64{{2, 4}, {0, 2}, {1, 0}, {1, -1}, {math.MinInt64, 1}} {
		if r, ok := OfWords(bad[0], bad[1]); ok {
			t.Errorf("%d/%d was taken for %s", bad[0], bad[1], r)
		}
	}
}
