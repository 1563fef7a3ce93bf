package complaint

import (
	"time"

	"suyuan/services/calendar"
	"suyuan/services/unit"
)

// Evolve registers it. Until it is dispatched it is somebody's turn.
func (e Filed) Evolve(s *State) {
	s.Filed, s.Stage = &e, Registered
	s.Timing.owe(Assigning, e.Day.Time())
}

func (s *State) hear(l Letter) { s.Letters = with(s.Letters, l.Letter) }

// Evolve changes nothing but what was heard: no clock, no stage.
func (e Replied) Evolve(s *State) { s.hear(e.Letter) }

// Evolve changes nothing else. Closed follows: at once, or from the system, once
// nobody else goes on in it.
func (e Withdrawn) Evolve(s *State) { s.hear(e.Letter); s.Withdrew = true }

// Evolve keeps the rating. Dissatisfaction makes it the investigator's turn,
// and silence closes nothing any more while a redo is possible.
func (e Rated) Evolve(s *State) {
	s.hear(e.Letter)
	s.Rating = &Rating{e.Solved, e.Satisfied}
	if s.Stage == Ended {
		s.How = ByRating
	}
	if !s.Rating.Content() {
		s.unsettled(e.Day.Time())
	}
}

// unsettled: the answer did not do.
func (s *State) unsettled(since time.Time) {
	last := s.Redos >= MaxRedos
	s.Timing.Silent = s.Timing.Silent && last
	if s.Timing.Turn != Redoing && !(last && s.Stage == Ended) {
		s.Timing.owe(Redoing, since)
	}
}

// Evolve begins the review: what was taken back before goes on.
func (e ReviewAsked) Evolve(s *State) {
	s.hear(e.Letter)
	s.Withdrew = false
	s.Stage = InReview
	s.Timing.Silent = false
	s.Timing.owe(Reviewing, e.Day.Time())
}

// Evolve begins the final review.
func (e FinalReviewAsked) Evolve(s *State) {
	s.hear(e.Letter)
	s.Stage = InFinal
	s.Timing.Silent = false
	s.Timing.owe(Finalising, e.Day.Time())
}

// Evolve opens the track, or keeps the first day of one that is open.
func (e RetaliationReported) Evolve(s *State) {
	s.hear(e.Letter)
	if s.Retaliation == RetaliationOpen {
		return
	}
	s.Retaliation = RetaliationOpen
	s.Timing.protect(e.Day.Time())
}

// Evolve takes it on; that it is not dispatched yet stays owed since it was
// filed. One that was merged goes on alone, and is owed from now.
func (e Accepted) Evolve(s *State) {
	if s.Stage == Joined {
		s.Timing.owe(Assigning, e.At)
	}
	s.Stage = Taken
}

// Evolve ends it, wherever it stood.
func (NotAccepted) Evolve(s *State) {
	s.Stage = Declined
	s.Timing.owe("", time.Time{})
	s.Timing.Last, s.Timing.Silent = time.Time{}, false
}

// Evolve ends it here.
func (e Merged) Evolve(s *State) { s.Stage, s.Into = Joined, e.Into; s.Timing.owe("", time.Time{}) }

// Evolve starts a round.
func (e Dispatched) Evolve(s *State) { s.send(Sent, e.To, e.Days, e.At); s.Ruled = false }

// Evolve starts a round that cannot be sent back.
func (e Ruled) Evolve(s *State) { s.send(Sent, e.To, e.Days, e.At); s.Ruled = true }

// Evolve starts a round with the unit that has it.
func (e Redone) Evolve(s *State) { s.send(Handling, s.Handler, e.Days, e.At); s.Redos++ }

func (s *State) send(to Stage, handler string, days int, at time.Time) {
	s.Stage, s.Handler = to, handler
	s.Extended, s.Rating, s.Checked, s.How, s.Recalled = false, nil, nil, "", ""
	t := &s.Timing
	t.owe("", time.Time{})
	t.Round++
	t.Clock = calendar.Clock{Kind: calendar.WorkingDays, Days: days, Started: at}
	t.Running, t.Held, t.Reminded, t.Supervised, t.Escalations = true, false, 0, false, 0
	t.Levels = len(above(handler))
	t.Last, t.Silent = time.Time{}, false
}

// Evolve stops the round: it is with nobody again.
func (e Returned) Evolve(s *State) {
	s.Stage = SentBack
	s.Returns++
	s.Timing.stop()
	s.Timing.owe(Assigning, e.At)
}

// Evolve stops the round, or takes the answer's place as a redo would: it is
// with nobody again.
func (e Recalled) Evolve(s *State) {
	if !s.in(Sent, Handling) {
		s.Redos++
	}
	s.Stage, s.Recalled, s.How = Taken, s.Handler, ""
	s.Timing.stop()
	s.Timing.Silent, s.Timing.Last = false, time.Time{}
	s.Timing.owe(Assigning, e.At)
}

// Evolve changes the stage and no clock.
func (SignedFor) Evolve(s *State) { s.Stage = Handling }

// Evolve stops the clock. It runs on with the end of the pause's last day,
// whether or not that was recorded in time.
func (e Paused) Evolve(s *State) {
	t := &s.Timing
	c, err := t.Clock.Pause(e.At, e.Reason)
	if err != nil {
		return
	}
	t.Clock, t.Held = c, true
	if e.Until == "" {
		return
	}
	if c, err := c.Resume(dayAfter(e.Until)); err == nil {
		t.Clock = c
	}
}

// Evolve lets it run on: at once, unless it does already.
func (e Resumed) Evolve(s *State) {
	t := &s.Timing
	if !t.Held {
		return
	}
	t.Held = false
	if p := t.pause(); p.To.IsZero() || e.At.Before(p.To) {
		if c, err := t.reopened().Resume(e.At); err == nil {
			t.Clock = c
		}
	}
}

// Evolve lengthens the round, of which less is over than was.
func (e Extended) Evolve(s *State) {
	s.Timing.Clock.Days += e.Days
	s.Timing.Reminded = min(s.Timing.Reminded, e.Reached)
	s.Extended = true
}

// Evolve counts the message.
func (Asked) Evolve(s *State) { s.Messages++ }

// Evolve ends the round. From now on the reporter can rate, and ask for review.
func (e Answered) Evolve(s *State) {
	s.Stage, s.Outcome = Replying, e.Outcome
	s.Rating, s.Checked = nil, nil
	s.Messages++
	s.Timing.stop()
	s.Timing.give(e.At)
}

// Evolve keeps what was found.
func (e FollowedUp) Evolve(s *State) {
	s.Stage, s.Checked = Visited, &e.Confirmed
	if !e.Confirmed {
		s.unsettled(e.At)
	}
}

// Evolve ends the handling; when the last answer was given stays, for the
// review.
func (e Closed) Evolve(s *State) {
	s.Stage, s.How = Ended, e.How
	s.Timing.stop()
	s.Timing.Silent = false
	s.Timing.owe("", time.Time{})
}

// Evolve gives the decision to the reporter, or the matter back to be
// dispatched.
func (e ReviewDecided) Evolve(s *State) {
	s.Reviewed, s.Reviewer = true, e.By
	s.Messages++
	if e.Decision == Again {
		s.Stage = Taken
		s.Timing.Last = time.Time{}
		s.Timing.owe(Assigning, e.At)
		return
	}
	s.Stage = ReviewGiven
	s.Timing.owe("", time.Time{})
	s.Timing.give(e.At)
}

// Evolve counts the message; Exhausted follows.
func (FinalReviewDecided) Evolve(s *State) { s.Messages++ }

// Evolve ends everything but the track of retaliation.
func (Exhausted) Evolve(s *State) {
	s.Stage = Over
	s.Timing.owe("", time.Time{})
	s.Timing.Last, s.Timing.Silent = time.Time{}, false
}

// Evolve ends the time in which it had to be taken up, and begins the one in
// which it has to be answered.
func (e RetaliationTaken) Evolve(s *State) {
	s.Retaliation = RetaliationHeld
	s.Timing.protect(e.At)
}

// Evolve answers the track.
func (RetaliationAnswered) Evolve(s *State) {
	s.Retaliation = RetaliationResolved
	s.Timing.Attacked = time.Time{}
	s.Messages++
}

// Evolve marks the round.
func (e Reminded) Evolve(s *State) { s.Timing.Reminded = e.Percent }

// Evolve marks the round.
func (Supervised) Evolve(s *State) { s.Timing.Supervised = true }

// Evolve marks the round.
func (e Escalated) Evolve(s *State) { s.Timing.Escalations = e.Step }

// Evolve marks the turn, which is still owed: the next period begins.
func (e Breached) Evolve(s *State) {
	t := &s.Timing
	if e.Turn == Protecting {
		t.Unheeded = true
		t.Neglects++
		t.Attacks++
		return
	}
	t.Late = true
	t.Lates++
	t.Turns++
}

// Evolve keeps what bears the claim out.
func (e ClaimVerified) Evolve(s *State) { s.Issuances = with(s.Issuances, e.Issuance) }

// Evolve keeps what contradicts it.
func (e ClaimDisproved) Evolve(s *State) { s.Documents = with(s.Documents, e.Document) }

// Evolve takes an account or a unit out.
func (e Recusal) Evolve(s *State) { s.Recusals = with(s.Recusals, e) }

// Evolve changes nothing that later decisions look at.
func (Summarised) Evolve(*State) {}

// stop ends the round.
func (t *Timing) stop() { t.Running, t.Held = false, false }

// owe makes it somebody's turn, or with an empty turn nobody's.
func (t *Timing) owe(turn Turn, since time.Time) {
	t.Turn, t.Since, t.Late, t.Lates = turn, since, false, 0
	if turn != "" {
		t.Turns++
	}
}

// protect makes it somebody's turn to do more about retaliation.
func (t *Timing) protect(since time.Time) {
	t.Attacked, t.Unheeded, t.Neglects = since, false, 0
	t.Attacks++
}

// give hands the reporter an answer or a decision to judge.
func (t *Timing) give(at time.Time) { t.Last, t.Silent = at, true; t.Given++ }

// with is the list with one more, in memory of its own: states are copied.
func with[T any](list []T, one T) []T { return append(list[:len(list):len(list)], one) }

// above are the codes of the levels over a unit, the next one first: for a
// department its division, then the divisions up to the centre.
func above(code string) (codes []string) {
	division := unit.Territory(code)
	if division != code {
		codes = append(codes, division)
	}
	for l := unit.LevelOf(code) - 1; l >= unit.Province; l-- {
		codes = append(codes, division[:digits[l]])
	}
	if division != unit.CentralCode {
		codes = append(codes, unit.CentralCode)
	}
	return codes
}

// digits are how many a division's code has, by its level.
var digits = [unit.Levels]int{1, 2, 4, 6, 9, 12}
