package finding

import (
	"fmt"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/ledger"
)

// Timing is everything of a finding that runs out by itself. A State holds it,
// and so may a list of what is running; it shares nothing with events.
type Timing struct {
	Mirrors []Open // mirrored items that are not answered, in the order of State.Mirrors

	Issued     time.Time // zero: nobody can appeal any more, or not yet, or somebody did
	AppealDays int       // calendar days from then

	Appeal     int       // the number of the appeal that runs; 0: none
	Appealed   time.Time // when it was opened
	DecideDays int       // calendar days from then
	Overdue    bool      // that was put on record

	// ReplacedBy is the later finding that was issued about the same outcome;
	// empty where there is none. No event of this stream says it: whoever folds
	// all findings sets it, when that one is issued and this one Stands.
	ReplacedBy string
}

// Open is a mirrored item that waits for its answer.
type Open struct {
	Unit    string
	Version int
	Since   time.Time
	Days    int // working days
}

// Due is a command of the system whose day has come. It holds no date: asked
// for again, or by another server, it is the same command under the same key.
type Due struct {
	Command string // finding.mark_unanswered …
	Key     string // idempotency key
	Input   any    // MarkUnanswered, LetStand, MarkOverdue or Supersede
}

// Runs reports whether anything can still fall due.
func (t Timing) Runs() bool {
	return len(t.Mirrors) > 0 || !t.Issued.IsZero() || t.Appeal > 0 && !t.Overdue || t.ReplacedBy != ""
}

// Due lists what has run out at a moment, in order. An error of the calendar,
// such as a year that it does not know, comes with what is certain without it.
func (t Timing) Due(id string, cal *calendar.Calendar, now time.Time) (list []Due, err error) {
	for _, m := range t.Mirrors {
		over, fault := m.over(cal, now)
		if fault != nil && err == nil {
			err = fault
		}
		if over {
			list = append(list, due("finding.mark_unanswered", MarkUnanswered{id, m.Unit, m.Version}, id, m.Unit, m.Version))
		}
	}
	if !t.Issued.IsZero() && over(t.Issued, t.AppealDays, now) {
		list = append(list, due("finding.let_stand", LetStand{id}, id, "appeal", "none"))
	}
	if t.Appeal > 0 && !t.Overdue && over(t.Appealed, t.DecideDays, now) {
		list = append(list, due("finding.mark_overdue", MarkOverdue{id, t.Appeal}, id, "appeal", t.Appeal))
	}
	if t.ReplacedBy != "" && t.Appeal == 0 {
		list = append(list, due("finding.supersede", Supersede{id, t.ReplacedBy}, id, "by", t.ReplacedBy))
	}
	return list, err
}

func due(command string, input any, id string, what, which any) Due {
	return Due{command, fmt.Sprintf("%s-%s-%v-%v", command, id, what, which), input}
}

func (o Open) over(cal *calendar.Calendar, now time.Time) (bool, error) {
	return workingDays(o.Since, o.Days).reached(cal, now)
}

// period is so many days, working or calendar, from a moment.
type period struct{ calendar.Clock }

func workingDays(since time.Time, days int) period {
	return period{calendar.Clock{Kind: calendar.WorkingDays, Days: days, Started: since}}
}

func calendarDays(since time.Time, days int) period {
	return period{calendar.Clock{Kind: calendar.CalendarDays, Days: days, Started: since}}
}

var errNoCalendar = ledger.Errorf(ledger.Unavailable, "finding.no_calendar", "系统没有工作日历，暂时不能计算工作日；请联系管理员。", "There is no calendar of working days, so the period cannot be counted for now; tell the administrator.")

func (p period) reached(cal *calendar.Calendar, now time.Time) (bool, error) {
	if p.Kind == calendar.WorkingDays && cal == nil {
		return false, errNoCalendar
	}
	return p.Reached(cal, now, 100)
}

func (p period) lastDay(cal *calendar.Calendar) (ledger.Date, error) {
	if p.Kind == calendar.WorkingDays && cal == nil {
		return "", errNoCalendar
	}
	return p.LastDay(cal)
}

// over reports whether so many calendar days are over.
func over(since time.Time, days int, now time.Time) bool {
	ok, err := calendarDays(since, days).reached(nil, now)
	return ok && err == nil
}

// ReplyBy is the last day on which the unit can reply.
func (n Notice) ReplyBy(cal *calendar.Calendar) (ledger.Date, error) {
	return workingDays(n.At, n.Days).lastDay(cal)
}

// over reports whether the unit's period to reply is over.
func (n Notice) over(cal *calendar.Calendar, now time.Time) (bool, error) {
	return workingDays(n.At, n.Days).reached(cal, now)
}

// AnswerBy is the last day on which a mirrored item is answered in time.
func (m Mirror) AnswerBy(cal *calendar.Calendar) (ledger.Date, error) {
	return workingDays(m.Opened, m.Days).lastDay(cal)
}

// AppealBy is the last day on which a unit can appeal; empty before the
// finding is issued.
func (s State) AppealBy() ledger.Date {
	if s.Issued.IsZero() {
		return ""
	}
	day, _ := calendarDays(s.Issued, s.AppealDays).lastDay(nil)
	return day
}

// DecideBy is the day by which the appeal is to be decided.
func (a Appeal) DecideBy() ledger.Date {
	day, _ := calendarDays(a.At, a.Days).lastDay(nil)
	return day
}
