package finding

import (
	"slices"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Evolve begins the finding.
func (e Drafted) Evolve(s *State) {
	*s = State{
		ID: e.ID, Outcome: e.Outcome, Round: e.Round, Executor: e.Executor, Replaces: e.Replaces, Charged: e.Charged, Caps: e.Caps,
		Stage: Draft, Drafter: e.Version.By, Versions: []Version{e.Version}, Hands: []string{e.Version.By},
	}
}

// Evolve adds the version.
func (e Recomputed) Evolve(s *State) { s.add(e.Version) }

// Evolve adds the version.
func (e Overridden) Evolve(s *State) { s.add(e.Version) }

// add: what was voted was about another version; what was checked but not
// given notice of is checked anew, and so is what comes to clear everybody;
// and a unit that is charged more than at any time since its notice needs
// another.
func (s *State) add(v Version) {
	s.Versions = with(s.Versions, v)
	s.Votes, s.Leaving = nil, Vote{}
	s.hand(v.By)
	if s.Stage == Passed || s.Stage == Hearing && s.clears() {
		s.Stage, s.Checker = Draft, Vote{}
	}
	s.reply(v.Reply).Followed = true
	s.Notices = slices.Clone(s.Notices)
	for i, n := range s.Notices {
		now := of(v.Shares, n.Unit).weight()
		s.Notices[i].Renew = now > n.Least
		s.Notices[i].Least = min(now, n.Least)
	}
	s.mirror(v.Shares, v.Originating, true)
}

// mirrored reports whether the penalty is mirrored on a unit (S2-19).
func mirrored(points int64, origin bool) bool { return origin || points >= MirrorFrom }

// mirror holds the mirrored items that are open to shares that changed: those
// not called for any more are lifted, an answer stays.
func (s *State) mirror(shares []Share, originating string, always bool) {
	s.Mirrors = slices.Clone(s.Mirrors)
	for i := range s.Mirrors {
		m := &s.Mirrors[i]
		m.Points, m.Origin = of(shares, m.Unit).Points, m.Unit == originating
		if m.State != MirrorDone && !(mirrored(m.Points, m.Origin) && (always || m.Points > 0)) {
			m.State = MirrorLifted
		}
	}
	s.wait()
}

// lift takes the mirrored items back that nobody answered; what each was opened
// for stays to be read.
func (s *State) lift() {
	s.Mirrors = slices.Clone(s.Mirrors)
	for i := range s.Mirrors {
		if m := &s.Mirrors[i]; m.State != MirrorDone {
			m.State = MirrorLifted
		}
	}
	s.wait()
}

// wait keeps the mirrored items that are not answered among what runs out.
func (s *State) wait() {
	s.Timing.Mirrors = nil
	for _, m := range s.Mirrors {
		if m.State == MirrorPending {
			s.Timing.Mirrors = append(s.Timing.Mirrors, Open{m.Unit, m.Version, m.Opened, m.Days})
		}
	}
}

// settle gives a unit's mirrored item another state.
func (s *State) settle(unit string, state MirrorState, reply int) {
	s.Mirrors = slices.Clone(s.Mirrors)
	for i, m := range s.Mirrors {
		if m.Unit == unit && (m.State == MirrorPending || m.State == MirrorUnanswered) {
			s.Mirrors[i].State, s.Mirrors[i].Reply = state, reply
		}
	}
	s.wait()
}

// hand keeps an account that took part.
func (s *State) hand(account string) {
	if account != ledger.System && !slices.Contains(s.Hands, account) {
		s.Hands = with(s.Hands, account)
	}
}

// Evolve passes it on, to the panel where everybody had notice of as much
// already, or leaves it to be drafted anew.
func (e Checked) Evolve(s *State) {
	s.hand(e.By)
	if !e.Passed {
		s.Rejected = e.Version
		return
	}
	s.Checker, s.Stage = Vote{Account: e.By, Unit: e.Unit, Agrees: true}, Passed
	if len(s.Notices) > 0 && len(s.owed()) == 0 {
		s.Stage = Hearing
	}
}

// Evolve takes an account or a unit out, with what it voted and checked: what
// nobody else checked is checked anew, and voted on after that.
func (e Recused) Evolve(s *State) {
	s.Recusals = with(s.Recusals, e)
	out := func(account, code string) bool {
		return account == e.Account || slices.Contains(e.Undone, account) || e.Unit != "" && code != "" && unit.Contains(e.Unit, code)
	}
	if s.Stage.Underway() {
		s.Votes = slices.DeleteFunc(slices.Clone(s.Votes), func(v Vote) bool { return out(v.Account, v.Unit) })
	}
	s.AppealVotes = slices.DeleteFunc(slices.Clone(s.AppealVotes), func(v AppealVote) bool { return out(v.Account, v.Unit) })
	if s.Leaving.Account != "" && out(s.Leaving.Account, s.Leaving.Unit) {
		s.Leaving = Vote{}
	}
	if s.Stage.Underway() && s.Checker.Account != "" && out(s.Checker.Account, s.Checker.Unit) {
		s.Stage, s.Checker, s.Votes = Draft, Vote{}, nil
	}
}

// Evolve begins the units' periods.
func (e Notified) Evolve(s *State) {
	s.Stage, s.Votes = Hearing, nil
	s.Notices, s.Mirrors = slices.Clone(s.Notices), slices.Clone(s.Mirrors)
	for _, n := range e.Units {
		notice := Notice{Unit: n.Unit, Version: e.Version, Points: n.Points, At: e.At, Days: e.Days, Before: len(s.Replies)}
		notice.Least = of(s.Current().Shares, n.Unit).weight()
		if i := slices.IndexFunc(s.Notices, func(x Notice) bool { return x.Unit == n.Unit }); i >= 0 {
			s.Notices[i] = notice
		} else {
			s.Notices = append(s.Notices, notice)
		}
		if !n.Mirror {
			continue
		}
		m := Mirror{Unit: n.Unit, Points: n.Points, Origin: n.Origin, Version: e.Version, Opened: e.At, Days: e.MirrorDays, State: MirrorPending}
		if i := slices.IndexFunc(s.Mirrors, func(x Mirror) bool { return x.Unit == n.Unit }); i >= 0 {
			s.Mirrors[i] = m
		} else {
			s.Mirrors = append(s.Mirrors, m)
		}
	}
	s.wait()
}

// Evolve keeps the reply; whoever voted before did not know it.
func (e Replied) Evolve(s *State) {
	s.Replies = with(s.Replies, Reply{Unit: e.Unit, At: e.At, State: ReplyPending, Hearing: e.Hearing})
	s.Votes = nil
	s.settle(e.Unit, MirrorDone, e.N)
}

// Evolve lengthens the period.
func (e Extended) Evolve(s *State) {
	s.Notices = slices.Clone(s.Notices)
	for i, n := range s.Notices {
		if n.Unit == e.Unit {
			s.Notices[i].Days += e.Days
			s.Notices[i].Extended = true
		}
	}
}

// Evolve marks the replies whose units had the hearing that they asked for: one
// of an earlier day is another.
func (e HearingHeld) Evolve(s *State) {
	s.hand(e.By)
	s.Hearings++
	s.Votes = nil
	s.Replies = slices.Clone(s.Replies)
	for i, r := range s.Replies {
		s.Replies[i].Heard = r.Heard || slices.Contains(e.Units, r.Unit) && e.On >= ledger.DateOf(r.At)
	}
}

// Evolve settles the reply.
func (e ReplyAnswered) Evolve(s *State) {
	s.hand(e.By)
	s.Votes = nil
	r := s.reply(e.Reply)
	if r.State = ReplyRejected; e.Accepted {
		r.State = ReplyAccepted
	}
}

// reply is number n, in a copy of the list; one that counts for nothing where
// there is none, which no decision leads to.
func (s *State) reply(n int) *Reply { return nth(&s.Replies, n) }

func nth[T any](list *[]T, n int) *T {
	if n < 1 || n > len(*list) {
		return new(T)
	}
	*list = slices.Clone(*list)
	return &(*list)[n-1]
}

// Evolve settles the mirrored item.
func (e MirrorAnswered) Evolve(s *State) { s.settle(e.Unit, MirrorDone, 0) }

// Evolve marks the mirrored item; it can still be answered.
func (e Unanswered) Evolve(s *State) { s.settle(e.Unit, MirrorUnanswered, 0) }

// Evolve counts the vote.
func (e Voted) Evolve(s *State) {
	s.hand(e.By)
	s.Votes = with(s.Votes, Vote{e.By, e.Unit, e.Agrees})
}

// Evolve sends it back.
func (e SentBack) Evolve(s *State) { s.Stage, s.Rejected, s.Votes = Draft, e.Version, nil }

// Evolve issues it: its shares stand until an appeal takes some away.
func (e Issued) Evolve(s *State) {
	s.Stage, s.Issued, s.AppealDays, s.Leaving = Decided, e.At, e.Days, Vote{}
	s.Standing = s.Current().Shares
	s.Weighed, s.Settled = s.Current().Computed, s.Current().Computed
	s.Timing.Issued, s.Timing.AppealDays = e.At, e.Days
}

// Evolve waits for another reviewer to agree.
func (e WithdrawalProposed) Evolve(s *State) {
	s.hand(e.By)
	s.Leaving = Vote{Account: e.By, Unit: e.Unit, Agrees: true}
}

// Evolve ends it.
func (Withdrawn) Evolve(s *State) { s.Stage, s.Timing = Dropped, Timing{} }

// Evolve opens an appeal or lets a unit join the one that runs; whoever voted
// on that before did not know what the unit says.
func (e Appealed) Evolve(s *State) {
	s.AppealVotes = nil
	if s.Stage == OnAppeal {
		last := nth(&s.Appeals, len(s.Appeals))
		last.Units = with(last.Units, e.Unit)
		return
	}
	s.Stage = OnAppeal
	s.Appeals = with(s.Appeals, Appeal{Units: []string{e.Unit}, At: e.At, Days: e.Days})
	t := &s.Timing
	t.Issued, t.AppealDays = time.Time{}, 0
	t.Appeal, t.Appealed, t.DecideDays, t.Overdue = e.N, e.At, e.Days, false
}

// Evolve counts the vote in place of an earlier one of the same account.
func (e AppealVoted) Evolve(s *State) {
	others := slices.DeleteFunc(slices.Clone(s.AppealVotes), func(v AppealVote) bool { return v.Account == e.By })
	s.AppealVotes = append(others, AppealVote{e.By, e.Unit, e.Result, e.Removals})
}

// Evolve takes away what the appeal took. One that stands after an earlier
// appeal took something stays varied.
func (e AppealDecided) Evolve(s *State) {
	for _, v := range s.AppealVotes {
		s.hand(v.Account)
	}
	s.AppealVotes = nil
	nth(&s.Appeals, e.Appeal).Result = e.Result
	for _, was := range s.Standing {
		if was.Bears() && of(e.Shares, was.Unit) != was && !slices.Contains(s.Relieved, was.Unit) {
			s.Relieved = with(s.Relieved, was.Unit)
		}
	}
	s.Standing, s.Settled = e.Shares, s.Weighed
	replaced := s.Timing.ReplacedBy
	s.Timing = Timing{}
	switch {
	case e.Result == Overturn:
		s.Stage = Overturned
		s.lift()
		return
	case len(s.Relieved) > 0:
		s.Stage = Varied
	default:
		s.Stage = Upheld
	}
	s.Timing.ReplacedBy = replaced
	s.mirror(e.Shares, s.Current().Originating, !slices.Contains(s.Relieved, s.Current().Originating))
}

// Evolve marks the appeal.
func (e AppealOverdue) Evolve(s *State) {
	nth(&s.Appeals, e.Appeal).Overdue = true
	s.Timing.Overdue = true
}

// Evolve lets it stand.
func (AppealPeriodExpired) Evolve(s *State) {
	s.Stage = Final
	s.Timing.Issued, s.Timing.AppealDays = time.Time{}, 0
}

// Evolve marks it.
func (e MarkedForReview) Evolve(s *State) {
	s.Marked, s.Mark = true, e
	if len(e.Shares) > 0 {
		s.Weighed = e.Shares
	}
}

// Evolve ends it.
func (Superseded) Evolve(s *State) { s.Stage, s.Timing = Replaced, Timing{} }

// caps are what the round that follows can charge at most: no more than an
// appeal left to whom it took from, unless facts that are new since speak
// against that unit itself.
func (s State) caps() (caps []Cap) {
	add := func(c Cap) {
		if of(s.Weighed, c.Unit).Points <= of(s.Settled, c.Unit).Points {
			caps = append(caps, c)
		}
	}
	for _, u := range s.Relieved {
		add(Cap{u, of(s.Standing, u).Points})
	}
	for _, c := range s.Caps {
		if !slices.Contains(s.Relieved, c.Unit) {
			add(c)
		}
	}
	return caps
}

// with is the list with one more, in memory of its own: states are copied.
func with[T any](list []T, one T) []T { return append(list[:len(list):len(list)], one) }
