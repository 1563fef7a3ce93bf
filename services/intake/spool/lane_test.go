package spool

import (
	"errors"
	"fmt"
	"testing"
)

// Reports without a proof, of which anybody can send as many as he likes, take
// three quarters of the slots of a size. The rest is for those with a proof and
// for what is added to a report; also after the spool was opened anew.
func TestOpenLaneLeavesRoom(t *testing.T) {
	for slots, most := range map[int]int{1: 1, 2: 2, 4: 3, 8: 6, 48: 36} {
		t.Run(fmt.Sprint(slots), func(t *testing.T) {
			m := newRAM()
			s := begin(t, m, slots, 1)
			for i := range most {
				if err := s.Put(t.Context(), entry(fmt.Sprint("open", i), fmt.Sprint("open", i), "", false, smallBytes)); err != nil {
					t.Fatalf("report %d: %v", i, err)
				}
			}
			full := func() {
				t.Helper()
				if err := s.Put(t.Context(), entry("more", "more", "", false, smallBytes)); !errors.Is(err, ErrFull) {
					t.Errorf("a report more than %d of %d: %v", most, slots, err)
				}
			}
			full()
			end(t, s)
			s = begin(t, m, slots, 1)
			defer end(t, s)
			full()
			for i := range slots - most {
				proof, followUp := fmt.Sprint("proof", i), i%2 == 1
				if followUp {
					proof = ""
				}
				if err := s.Put(t.Context(), entry(fmt.Sprint("late", i), fmt.Sprint("late", i), proof, followUp, smallBytes)); err != nil {
					t.Errorf("one with a proof, or to a report: %v", err)
				}
			}
			if err := s.Put(t.Context(), entry("last", "last", "last", false, smallBytes)); !errors.Is(err, ErrFull) {
				t.Errorf("more than there is room for: %v", err)
			}
			if err := s.Clear(sum("open0")); err != nil {
				t.Fatal(err)
			}
			if err := s.Put(t.Context(), entry("more", "more", "", false, smallBytes)); err != nil {
				t.Errorf("once one is gone: %v", err)
			}
		})
	}
}
