package finding

import (
	"time"

	"suyuan/services/calendar"
	"suyuan/services/ledger"
)

func (c Begin) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c Recompute) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c SetShares) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c Check) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c Recuse) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c Notify) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c Respond) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c Extend) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c HoldHearing) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c AnswerReply) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c AnswerMirror) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c CastVote) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c Withdraw) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c Contest) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c VoteAppeal) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c MarkUnanswered) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c LetStand) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c MarkOverdue) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c MarkReview) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (c Supersede) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
func (e Drafted) Evolve(s *State)                                       { panic("not written yet") }
func (e Recomputed) Evolve(s *State)                                    { panic("not written yet") }
func (e Overridden) Evolve(s *State)                                    { panic("not written yet") }
func (e Checked) Evolve(s *State)                                       { panic("not written yet") }
func (e Recused) Evolve(s *State)                                       { panic("not written yet") }
func (e Notified) Evolve(s *State)                                      { panic("not written yet") }
func (e Replied) Evolve(s *State)                                       { panic("not written yet") }
func (e Extended) Evolve(s *State)                                      { panic("not written yet") }
func (e HearingHeld) Evolve(s *State)                                   { panic("not written yet") }
func (e ReplyAnswered) Evolve(s *State)                                 { panic("not written yet") }
func (e MirrorAnswered) Evolve(s *State)                                { panic("not written yet") }
func (e Unanswered) Evolve(s *State)                                    { panic("not written yet") }
func (e Voted) Evolve(s *State)                                         { panic("not written yet") }
func (e SentBack) Evolve(s *State)                                      { panic("not written yet") }
func (e Issued) Evolve(s *State)                                        { panic("not written yet") }
func (e Withdrawn) Evolve(s *State)                                     { panic("not written yet") }
func (e Appealed) Evolve(s *State)                                      { panic("not written yet") }
func (e AppealVoted) Evolve(s *State)                                   { panic("not written yet") }
func (e AppealDecided) Evolve(s *State)                                 { panic("not written yet") }
func (e AppealOverdue) Evolve(s *State)                                 { panic("not written yet") }
func (e AppealPeriodExpired) Evolve(s *State)                           { panic("not written yet") }
func (e MarkedForReview) Evolve(s *State)                               { panic("not written yet") }
func (e Superseded) Evolve(s *State)                                    { panic("not written yet") }
func (s State) caps() []Cap                                             { panic("not written yet") }
func (o Open) over(cal *calendar.Calendar, now time.Time) (bool, error) { panic("not written yet") }
func over(since time.Time, days int, now time.Time) bool                { panic("not written yet") }

// ReplyBy is the last day on which the unit can reply.
func (n Notice) ReplyBy(cal *calendar.Calendar) (ledger.Date, error) { panic("not written yet") }

// AnswerBy is the last day on which a mirrored item is answered in time.
func (m Mirror) AnswerBy(cal *calendar.Calendar) (ledger.Date, error) { panic("not written yet") }

// AppealBy is the last day on which a unit can appeal; empty before the finding
// is issued.
func (s State) AppealBy() ledger.Date { panic("not written yet") }

// DecideBy is the day by which the appeal is to be decided.
func (a Appeal) DecideBy() ledger.Date { panic("not written yet") }

// MayRead reports whether the actor may see a finding: everybody once it is
// issued; before that staff who are neither tied to it nor recused, and the
// clerks of units that were given notice.
func MayRead(s State, by ledger.Actor, units Units) bool { panic("not written yet") }
