package complaint

import (
	"time"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Decide takes on what was registered.
func (c Accept) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.staff(c.ID, f, by, ledger.Investigator), s.at(Registered)); err != nil {
		return nil, err
	}
	if fact, _ := f.Complaint(c.ID); fact.Named.Untold {
		return nil, untold()
	}
	return []ledger.Evolver[State]{Accepted{at}}, nil
}

// Decide refuses what was registered, and says where it belongs. One without
// readable facts, which nobody can handle, is refused wherever it stands.
func (c Decline) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	stages := []Stage{Registered}
	if fact, _ := f.Complaint(c.ID); fact.Named.Untold {
		stages = append(stages, Taken, Replying, Visited, InReview, InFinal)
	}
	if err := ledger.First(
		s.staff(c.ID, f, by, ledger.Investigator), s.at(stages...),
		ledger.CheckText("reason", c.Reason, 300, true), ledger.CheckText("advice", c.Advice, 300, true),
	); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{NotAccepted{at, c.Reason, c.Advice}}, nil
}

// Decide sends it to the unit that handles it. The clock starts now, whether
// or not the unit signs. After a second return only a ruling can.
func (c Dispatch) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	days := orDefault(c.Days)
	if err := ledger.First(s.staff(c.ID, f, by, ledger.Investigator), s.at(Taken, SentBack), checkDays(days, MaxDays), s.checkTarget(c.ID, f, "to", c.To)); err != nil {
		return nil, err
	}
	if err := s.notBack("to", c.To); err != nil {
		return nil, err
	}
	if s.Returns >= 2 {
		return nil, ledger.Refuse("complaint.must_rule", "已经两次退单，须裁定承办单位，不能再次派单。", "It came back twice; who handles it has to be ruled on.")
	}
	return []ledger.Evolver[State]{Dispatched{at, c.To, days}}, nil
}

// Decide settles who handles it.
func (c Rule) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	days := orDefault(c.Days)
	if err := ledger.First(
		s.staff(c.ID, f, by, ledger.Investigator), s.at(SentBack, Taken), checkDays(days, MaxDays),
		ledger.CheckText("reason", c.Reason, 300, true), s.checkTarget(c.ID, f, "to", c.To), s.notBack("to", c.To),
	); err != nil {
		return nil, err
	}
	if s.Returns < 2 {
		return nil, ledger.Refuse("complaint.not_disputed", "两次退单之后才裁定承办单位；请先派单。", "Who handles it is ruled on after a second return; dispatch it.")
	}
	return []ledger.Evolver[State]{Ruled{at, c.To, days, c.Reason}}, nil
}

// notBack: what was recalled does not go to the same unit again with a new
// clock.
func (s State) notBack(field, code string) error {
	if s.Recalled == "" || s.Recalled != code {
		return nil
	}
	return ledger.Refuse("complaint.recalled_from", "刚由该单位收回，不能再派给它；请改派其他单位。", "It was just recalled from this unit; dispatch it to another.").At("%s", field)
}

// Decide takes it from the unit that has it, late or not; or from the one
// whose answer has to be redone, in place of a redo.
func (c Recall) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		s.staff(c.ID, f, by, ledger.Investigator), s.at(Sent, Handling, Replying, Visited, Ended),
		ledger.CheckText("reason", c.Reason, 300, true),
	); err != nil {
		return nil, err
	}
	if !s.in(Sent, Handling) {
		if err := s.mayRedo(); err != nil {
			return nil, err
		}
	}
	return []ledger.Evolver[State]{Recalled{at, c.Reason}}, nil
}

func orDefault(days int) int {
	if days == 0 {
		return DefaultDays
	}
	return days
}

// Decide sends it back, before it is signed for and within its days.
func (c Return) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.handler(c.ID, f, by), s.at(Sent), ledger.CheckText("reason", c.Reason, 300, true), hasCalendar(f)); err != nil {
		return nil, err
	}
	if s.Ruled {
		return nil, ledger.Refuse("complaint.ruled", "承办单位已经裁定，不能再退单。", "Who handles it was ruled on; it cannot be sent back again.")
	}
	late, err := s.Timing.returning().Reached(f.Calendar(), at, 100)
	if err != nil {
		return nil, err
	}
	if late {
		return nil, ledger.Refuse("complaint.return_late", "退单须在派单后 %d 个工作日内提出，期限已过。", "It can be sent back within %d working days of the dispatch; they are over.", ReturnDays)
	}
	return []ledger.Evolver[State]{Returned{at, c.Reason}}, nil
}

// Decide signs for it.
func (c SignFor) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.handler(c.ID, f, by), s.at(Sent)); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{SignedFor{at}}, nil
}

func hasCalendar(f Facts) error {
	if f.Calendar() != nil {
		return nil
	}
	return errNoCalendar
}

var errNoCalendar = ledger.Errorf(ledger.Unavailable, "complaint.no_calendar", "没有工作日历，无法计算期限；请管理员用 --calendar 指定。", "There is no calendar of working days, so no period can be told; the administrator names one with --calendar.")

// Decide takes an account or a unit out for good. The unit that has the
// complaint is not taken out while it has it: nobody could answer.
func (c Recuse) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.staff(c.ID, f, by, ledger.Investigator, ledger.Reviewer), ledger.CheckText("reason", c.Reason, 300, true), ledger.CheckText("account", c.Account, 100, false)); err != nil {
		return nil, err
	}
	if (c.Account == "") == (c.Unit == "") {
		return nil, ledger.Errorf(ledger.Invalid, "complaint.recuse_one", "请写明回避的账号或单位，二者取一。", "Name an account or a unit, one of the two.").At("account")
	}
	if c.Unit != "" {
		if err := unit.CheckCode("unit", c.Unit); err != nil {
			return nil, err
		}
	}
	if c.Unit != "" && s.in(Sent, Handling) && below(c.Unit, s.Handler) {
		return nil, ledger.Refuse("complaint.recuse_handler", "承办单位正在办理，不能回避；请先收回改派。", "The unit handles the complaint; it has to come back before the unit is recused.").At("unit")
	}
	for _, r := range s.Recusals {
		if r.Account == c.Account && r.Unit == c.Unit {
			return nil, ledger.Refuse("complaint.already_recused", "已经登记回避。", "The recusal is on record already.")
		}
	}
	if len(s.Recusals) >= maxRecusals {
		return nil, ledger.Refuse("complaint.too_many_recusals", "一件最多登记 %d 项回避。", "At most %d recusals go on record for one complaint.", maxRecusals)
	}
	return []ledger.Evolver[State]{Recusal{c.Account, c.Unit, c.Reason}}, nil
}
