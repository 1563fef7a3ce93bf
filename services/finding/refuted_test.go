package finding

import (
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/liability"
)

// A version says by which method it was explained.
func TestVersionsKeepTheMethod(t *testing.T) {
	k := facts(func(k *known) { k.explained.Method = 3 })
	list, err := Begin{about, 1}.Decide(State{}, k, fresh, day(0))
	if err != nil || list[0].(Drafted).Version.Method != 3 {
		t.Error(list, err)
	}
}

// What cannot be divided any more is drafted as nobody's where somebody was
// charged with it, and there only.
func TestNobodysWhereEvidenceRefuses(t *testing.T) {
	k := facts(func(k *known) {
		k.explained = Explained{Known: 130, Method: 1}
		k.fault = ledger.Refuse("evidence.cycle", "绕成一圈", "a circle")
		k.rounds = []Fact{{ID: id, Outcome: about, Round: 1, Stage: Final, Marked: true, Charged: []string{town}}}
	})
	list, err := Begin{about, 2}.Decide(State{}, k, fresh, day(0))
	if err != nil {
		t.Fatal(err)
	}
	s := state(list...)
	if v := s.Current(); v.Refused != "evidence.cycle" || v.Known != 130 || len(v.Shares) != 1 || v.Shares[0] != (Share{Unit: liability.Unattributed, Points: Whole}) || !s.clears() {
		t.Errorf("%+v", v)
	}
	k.rounds = nil
	if _, err := (Begin{about, 1}).Decide(State{}, k, fresh, day(0)); !ledger.IsCode(err, ledger.Refused) {
		t.Error("a first round of what cannot be divided:", err)
	}
}

// A successor that the fold knows of ends the appeal, too.
func TestNoAppealAgainstWhatWasReplaced(t *testing.T) {
	s := state(at("issued")...)
	s.Timing.ReplacedBy = about + "-2"
	if _, err := (Contest{ID: id, Text: "不服"}).Decide(s, here(s), clerk(town), day(25)); !ledger.IsCode(err, ledger.Refused) {
		t.Error(err)
	}
}
