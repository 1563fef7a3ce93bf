package view

import (
	"strconv"
	"strings"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/view/docket"
)

// Sealed stands for the type, the stream and the subject of an event of a
// report, a case or a spent token.
const Sealed = "sealed"

var sealedMeaning = ledger.Text{
	Zh: "封存记录：属于反映、核查或匿名凭证，只公开其序号、日期和哈希。",
	En: "A sealed entry: it belongs to a report, a case or an anonymous token. Only its place, its day and its hash are public.",
}

// sealed reports whether an event says nothing to anybody.
//
// Its id is its hash: an id is made of what was asked for, and whoever knows a
// complaint's name could look for its reminders. That holds for everybody alike, also for those who may read the complaint:
// whoever could tell the entries of the complaints he sees from the others
// would count the others, and a named superior would find the one he is kept
// from by what is left over.
func (r *Rows) sealed(e *eventRow) bool {
	category, _, _ := strings.Cut(r.streams[e.stream].name, "-")
	return docket.Sealed(category)
}

// sealedEvent is all that is told of one: that it is there, unchanged.
func (r *Rows) sealedEvent(ordinal uint64, e *eventRow) Event {
	day := startOfDay(time.UnixMilli(e.recorded))
	return Event{
		Ordinal: strconv.FormatUint(ordinal, 10), ID: e.hash.String(), Type: Sealed, Meaning: sealedMeaning, Version: 1,
		Stream: Sealed, Revision: "0", Recorded: day, Effective: day, DecidedAt: "0", Roles: []string{}, Hash: e.hash.String(),
		Subject: Subject{Kind: Sealed}, Withheld: true,
		position: ledger.Position{Commit: e.commit, Prepare: e.prepare, Ordinal: ordinal},
	}
}

// startOfDay is the first instant of the day in China's civil time.
func startOfDay(t time.Time) time.Time { return ledger.DateOf(t).Time().UTC() }
