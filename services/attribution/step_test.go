package attribution

import (
	"errors"
	"testing"

	"pgregory.net/rapid"
)

// The own step is the last that a trace has of the line's own issuance.
func TestOwnStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cascade(t)
		m, err := NewMemory(c)
		if err != nil {
			t.Fatalf("%v\n%s", err, text(c)) // cascade draws only what the record takes
		}
		for _, p := range m.places() {
			issuance, unit, _ := m.Find(p)
			trace, err := TraceLine(m, m.Kind(), m.Harder(), issuance, unit)
			own, ok := OwnStep(m, m.Kind(), m.Harder(), issuance, unit)
			if errors.Is(err, ErrTooDeep) {
				continue
			}
			n := len(trace.Steps)
			if has := n > 0 && trace.Steps[n-1].Issuance == issuance; has != ok {
				t.Fatalf("%v: a trace has a step of its own: %v, found: %v\n%s", p, has, ok, text(c))
			}
			if !ok {
				continue
			}
			last := trace.Steps[n-1]
			if own.Unit != last.Unit || !own.Amount.Equal(last.Amount) || own.HasRatio != last.HasRatio || !own.Ratio.Equal(last.Ratio) || own.BaseMismatch != last.BaseMismatch {
				t.Fatalf("%v: %+v, in the trace %+v\n%s", p, own, last, text(c))
			}
		}
	})
}
