package finding

import (
	"slices"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/liability"
)

// Decide lets a unit that answers for something appeal, once and in time. An
// appeal that runs is joined.
func (c Contest) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	var units []string
	for _, x := range s.Standing {
		if x.Bears() {
			units = append(units, x.Unit)
		}
	}
	code, err := s.party(c.ID, f, by, units)
	if err := ledger.First(err, s.at(Decided, OnAppeal, Upheld, Varied), checkStatement(f, c.Text, c.Document)); err != nil {
		return nil, err
	}
	if s.Timing.ReplacedBy != "" || slices.ContainsFunc(f.Rounds(s.Outcome), func(r Fact) bool { return r.Round > s.Round && r.Stage.Public() }) {
		return nil, ledger.Refuse("finding.replaced", "本认定已被同一事项的新认定取代，请对新认定提出申诉。", "A later finding about the same outcome took its place; appeal against that one.")
	}
	n := len(s.Appeals) + 1
	if s.Stage == OnAppeal {
		n--
	}
	for _, a := range s.Appeals {
		if slices.Contains(a.Units, code) {
			return nil, ledger.Errorf(ledger.Conflict, "finding.appealed_already", "%s 已经提出申诉。", "%s appealed already.", code)
		}
	}
	if over(s.Issued, s.AppealDays, at) {
		return nil, ledger.Refuse("finding.appeal_late", "申诉期已满（最后一日为 %s）。", "The period to appeal is over; its last day was %s.", string(s.AppealBy()))
	}
	terms, err := periods(f, at)
	if err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Appealed{at, n, code, c.Text, c.Document, terms.AppealDecisionDays}}, nil
}

// Decide counts a vote of the new panel. Two that say the same decide; what
// is taken from a unit becomes nobody's, so that no appeal raises a share.
func (c VoteAppeal) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.reviewer(c.ID, f, by, OnAppeal), ledger.CheckWord("result", c.Result, Results...), checkReason(c.Reason), c.checkCorrection()); err != nil {
		return nil, err
	}
	if slices.Contains(s.Hands, by.Account) {
		return nil, ledger.Errorf(ledger.Forbidden, "finding.took_part", "参加过本件起草、复核、答复、合议或者前次申诉的人不能办理申诉，须另组合议。", "Whoever drafted, checked, answered, voted or decided an earlier appeal takes no part in this one; a new panel does.")
	}
	removals, err := c.removals(s.Standing)
	if err != nil {
		return nil, err
	}
	agrees := func(v AppealVote) bool { return v.Result == c.Result && slices.Equal(v.Removals, removals) }
	decided := false
	for _, v := range s.AppealVotes {
		if v.Account != by.Account {
			decided = decided || agrees(v)
		} else if agrees(v) {
			return nil, ledger.Errorf(ledger.Conflict, "finding.voted_already", "您已经这样表决，须由另一位审议员表决。", "You voted so already; another reviewer has to.")
		}
	}
	if err := ledger.CheckCount("votes", len(s.AppealVotes)+1, 1, maxVotes); err != nil {
		return nil, err
	}
	n := len(s.Appeals)
	events := []ledger.Evolver[State]{AppealVoted{at, by.Account, by.Unit, n, c.Result, removals, c.Reason, c.Correction}}
	if decided {
		events = append(events, AppealDecided{at, n, c.Result, removals, c.Result.Leaves(s.Standing, removals), c.Reason, c.Correction})
	}
	return events, nil
}

func (c VoteAppeal) checkCorrection() error {
	if c.Correction == nil {
		if c.Result == Uphold {
			return nil
		}
		return ledger.CheckText("correction.zh", "", maxText, true)
	}
	if c.Result == Uphold {
		return ledger.Errorf(ledger.Invalid, "finding.nothing_to_correct", "维持原认定的，不填更正内容。", "What stands needs no correction; leave it out.").At("correction")
	}
	return ledger.First(ledger.CheckText("correction.zh", c.Correction.Zh, maxText, true), ledger.CheckText("correction.en", c.Correction.En, maxText, false))
}

// removals are those of the vote in the order of the shares: none where it
// stands, all where none of it does.
func (c VoteAppeal) removals(standing []Share) (list []Removal, err error) {
	if c.Result != Vary && len(c.Removals) > 0 {
		return nil, ledger.Errorf(ledger.Invalid, "finding.removals_given", "只有变更时才填写减去的份额；维持不减，撤销全减。", "Removals are given where the result is varied: nothing goes where it stands, everything where it is overturned.").At("removals")
	}
	asked := map[string]int64{}
	for i, r := range c.Removals {
		if has := of(standing, r.Unit); !has.Bears() || r.Points < 1 || r.Points > has.Points || asked[r.Unit] > 0 {
			return nil, ledger.Refuse("finding.removal", "减去的份额每个单位只列一项，须大于 0，且不超过该单位现有的份额（%[1]s 现有 %[2]d）。", "A removal names each unit once and takes more than 0 and no more than it has (%[1]s has %[2]d).", r.Unit, has.Points).At("removals[%d]", i)
		}
		asked[r.Unit] = r.Points
	}
	all := true
	for _, x := range standing {
		if !x.Bears() {
			continue
		}
		points := asked[x.Unit]
		if c.Result == Overturn {
			points = x.Points
		}
		if all = all && points == x.Points; points > 0 {
			list = append(list, Removal{x.Unit, points})
		}
	}
	switch {
	case c.Result == Vary && len(list) == 0:
		return nil, ledger.CheckCount("removals", 0, 1, maxShares)
	case c.Result == Vary && all:
		return nil, ledger.Refuse("finding.all_removed", "减去了全部份额，应当作出撤销决定。", "That takes everything away: overturn it instead.").At("result")
	}
	return list, nil
}

// Leaves are the shares that stand after an appeal: what was removed is
// nobody's, and where none of it stands everything is.
func (x Result) Leaves(shares []Share, removals []Removal) (left []Share) {
	nobody := of(shares, liability.Unattributed)
	for _, r := range removals {
		nobody.Points, nobody.Mass = nobody.Points+r.Points, ""
	}
	for _, share := range shares {
		if share.Unit == liability.Unattributed {
			continue
		}
		for _, r := range removals {
			if r.Unit == share.Unit {
				share.Points, share.Mass = share.Points-r.Points, ""
			}
		}
		if x == Overturn {
			share.Mass = "" // one below a point goes as well
		}
		left = append(left, share)
	}
	if nobody.Points > 0 || nobody.Mass != "" {
		left = append(left, nobody)
	}
	return left
}
