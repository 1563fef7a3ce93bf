package attribution

import "testing"

// ladder is six levels, each with siblings and additions that do not divide evenly.
func ladder() Case {
	return divisible(issue("i1", "centre", "", "p1=200000", "p2=160000"), issue("i2", "p1", "i1", "c1=70000", "c2=60000", "c3=90001"),
		issue("i3", "c1", "i2", "d1=12000.5", "d2=30000", "d3=29000"), issue("i4", "d1", "i3", "t1=1999", "t2=3501", "t3=7013"),
		issue("i5", "t1", "i4", "v1=660", "v2=600.25", "v3=760").retain("10"), issue("i6", "v1", "i5", "g1=220|200", "g2=219", "g3=218"))
}

// plain is the same height in the figures most documents have.
func plain() Case {
	return divisible(issue("i1", "centre", "", "p1=20000", "p2=16000"), issue("i2", "p1", "i1", "c1=8000", "c2=14000"), issue("i3", "c1", "i2", "d1=3000", "d2=6000"),
		issue("i4", "d1", "i3", "t1=600", "t2=2700"), issue("i5", "t1", "i4", "v1=288|240", "v2=220|200", "v3=160|160"), issue("i6", "v1", "i5", "g1=220", "g2=80"))
}

func BenchmarkTraceDivisible(b *testing.B) {
	for name, c := range map[string]Case{"plain": plain(), "awkward": ladder()} {
		b.Run(name, func(b *testing.B) {
			m, _ := mustTrace(b, c, "i6", "g1")
			i, u, _ := m.Find(Place{"i6", "g1"})
			b.ReportAllocs()
			for b.Loop() {
				if _, err := TraceLine(m, Divisible, 0, i, u); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestTraceAllocatesLittle(t *testing.T) {
	m, trace := mustTrace(t, plain(), "i6", "g1")
	i, u, _ := m.Find(Place{"i6", "g1"})
	allocs := testing.AllocsPerRun(50, func() { _, _ = TraceLine(m, Divisible, 0, i, u) })
	if len(trace.Steps) != 6 || allocs > 4 {
		t.Errorf("%v allocations for %d steps: the arithmetic has left the fast path or something escapes", allocs, len(trace.Steps))
	}
}
