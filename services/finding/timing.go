package finding

import (
	"fmt"
	"time"

	"suyuan/services/calendar"
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
	if t.ReplacedBy != "" {
		list = append(list, due("finding.supersede", Supersede{id, t.ReplacedBy}, id, "by", t.ReplacedBy))
	}
	return list, err
}

func due(command string, input any, id string, what, which any) Due {
	return Due{command, fmt.Sprintf("%s-%s-%v-%v", command, id, what, which), input}
}
