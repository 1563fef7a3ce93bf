package assignment

import (
	"time"

	"suyuan/services/calendar"
	"suyuan/services/ledger"
	"suyuan/services/policy"
)

// Terms is where the periods are read from: those of the day on which one
// begins, in working days.
type Terms interface {
	Calendar() *calendar.Calendar
	// Policy is the version of a policy in force on a day.
	Policy(name string, on ledger.Date) (policy.Adopted, bool)
	PolicyVersion(name string, version int) (policy.Adopted, bool)
}

// LapseFacts is the look at the read model that the lapse of an objection
// takes.
type LapseFacts interface {
	Terms
	// RaisedAt is when an objection came on record.
	RaisedAt(issuance, unit, objection string) (time.Time, bool)
}

// Lapse lets an objection stand that nobody answered in time; it charges the
// unit that owed the answer. The system asks for it: it holds no date, so that
// asking again, or from another server, changes nothing.
type Lapse struct {
	Ref
	ID string `json:"id"`
}

// LapsesAt is the moment from which an objection raised at a moment lapses if
// it is not answered. One raised before there was any policy has its days from
// when there was; false: there is none yet, or it cannot be read.
func LapsesAt(raised time.Time, f Terms) (time.Time, bool, error) {
	a, ok := f.Policy(policy.Periods, ledger.DateOf(raised))
	if !ok {
		if a, ok = f.PolicyVersion(policy.Periods, 1); !ok {
			return time.Time{}, false, nil
		}
		raised = a.From.Time()
	}
	terms, err := policy.TermsOf(a)
	if err != nil {
		return time.Time{}, false, err
	}
	if f.Calendar() == nil {
		return time.Time{}, false, errNoCalendar
	}
	due, err := calendar.Clock{Kind: calendar.WorkingDays, Days: terms.ObjectionDays, Started: raised}.Due(f.Calendar())
	return due, err == nil, err
}

var errNoCalendar = ledger.Errorf(ledger.Unavailable, "assignment.no_calendar", "没有工作日历，算不出答复期限；请联系管理员。", "There is no calendar of working days, so the days for an answer cannot be told; tell the administrator.")

// Decide lets one lapse whose days are over, and none that was answered.
func (c Lapse) Decide(s State, f LapseFacts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if by.Account != ledger.System {
		return nil, ledger.Errorf(ledger.Forbidden, "assignment.system_only", "逾期未答复由系统按期限记录，任何人不能代记。", "That an objection lapsed is recorded by the system, by the days, and by nobody else.")
	}
	q, open := s.Objections[c.ID]
	raised, known := f.RaisedAt(c.Issuance, c.Unit, c.ID)
	if open && !q.Decided && known {
		due, ok, err := LapsesAt(raised, f)
		if err != nil {
			return nil, err
		}
		if ok && !at.Before(due) {
			return []ledger.Evolver[State]{ObjectionDecided{ID: c.ID, By: q.OwedBy, Decision: Lapsed}}, nil
		}
	}
	return nil, ledger.Refuse("assignment.not_due", "期限未到，或者已经答复。", "The day has not come, or it was answered already.")
}
