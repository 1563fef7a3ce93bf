package intake

import (
	"testing"

	"suyuan/services/blank"
	"suyuan/services/ledger"
	"suyuan/services/view"
)

// How many reports a cut entered cannot be counted from outside: none, one and
// seven come to numbers that say nothing (services/blank), of sealed entries
// which all say the same.
func TestCutsCannotBeCounted(t *testing.T) {
	w := open(t, fresh(t), options{blank: true, random: newStream(5)})
	defer w.close()
	before := len(w.all())
	for day, n := range []int{0, 1, 7, 0} {
		for i := range n {
			must(t, w.accept(newSender(4000+100*day+i).report(t, i)))
		}
		must(t, w.cut(ledger.Date([]string{"2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"}[day]), byte(day)))
		all := w.all()
		if got := len(all) - before; got < blank.Least || got&(got-1) != 0 {
			t.Errorf("a cut of %d reports came to %d entries", n, got)
		}
		for _, e := range all[before:] {
			w.view.Read(func(r *view.Rows) {
				shown, ok := r.Event(e.Position.Ordinal)
				if !ok || shown.Type != view.Sealed || shown.Stream != view.Sealed || !shown.Withheld || shown.ID == e.ID.String() {
					t.Errorf("entry %d is shown as %+v", e.Position.Ordinal, shown)
				}
			})
		}
		before = len(all)
	}
	// The same cut again, as after a crash, enters no report twice.
	must(t, w.cut("2026-11-23", 9))
	for _, e := range w.all()[before:] {
		if e.Type != "blank.entered" {
			t.Errorf("%s was entered again", e.Type)
		}
	}
}
