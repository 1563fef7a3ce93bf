package watch

import (
	"log/slog"

	"suyuan/services/calendar"
	"suyuan/services/complaint"
	"suyuan/services/ledger"
)

// Docket is what the clocks are read from.
type Docket interface {
	// Running calls use with the complaint and its timing for every one that
	// something can still run out for, until use returns false. What use is
	// given is its own to keep.
	Running(use func(id string, t complaint.Timing) bool)
}

// Clocks reminds, supervises, escalates, closes and records breaches when
// their day has come.
type Clocks struct {
	Desk     Submitter
	Docket   Docket
	Calendar *calendar.Calendar
	Clock    ledger.Clock
	Faults   *slog.Logger
}
