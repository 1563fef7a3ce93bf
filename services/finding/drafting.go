package finding

import (
	"slices"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/outcome"
	"suyuan/services/policy"
	"suyuan/services/unit"
)

// Decide drafts the next round under the JRA-1 of the day. One outcome has
// one finding: another round begins only where the last one was withdrawn,
// where an appeal took from it, or where late facts would change it.
func (c Begin) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(only(by, ledger.Reviewer), outcome.CheckID("outcome", c.Outcome)); err != nil {
		return nil, err
	}
	subject, ok := f.Subject(c.Outcome)
	if !ok {
		return nil, ledger.Errorf(ledger.NotFound, "finding.outcome_unknown", "没有编号为“%s”的结果。", "There is no outcome %q.", c.Outcome).At("outcome")
	}
	if subject.Into != "" {
		return nil, ledger.Refuse("finding.outcome_joined", "该结果已并入 %s，请就后者起草。", "This outcome was joined to %s; draft about that one.", subject.Into).At("outcome")
	}
	replaces, err := c.next(f.Rounds(c.Outcome))
	if err != nil {
		return nil, err
	}
	if s.Stage != "" {
		return nil, ledger.Errorf(ledger.Conflict, "finding.already_drafted", "认定意见 %s 已经起草。", "The finding %s was drafted already.", s.ID)
	}
	jra, ok := f.Policy(policy.JRA1, ledger.DateOf(at))
	if !ok {
		return nil, ledger.Refuse("finding.no_policy", "责任划分规则（jra-1）还没有施行，请管理员先行采用。", "No parameters of JRA-1 are in force; an admin has to adopt them first.")
	}
	e, err := explain(f, c.Outcome, jra.Version, replaces.Charged)
	if err != nil {
		return nil, err
	}
	drafted := Drafted{
		ID: ID(c.Outcome, c.Round), Outcome: c.Outcome, Round: c.Round, Executor: subject.Executor,
		Replaces: replaces.ID, Charged: replaces.Charged, Caps: replaces.Caps, Version: version(e, 1, by, at),
	}
	var then State
	drafted.Evolve(&then)
	if err := then.independent(f, by); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{drafted}, nil
}

// next is the issued finding that round c.Round takes the place of, or none.
func (c Begin) next(rounds []Fact) (replaces Fact, err error) {
	for _, r := range rounds {
		if r.Stage != Dropped {
			replaces = r
		}
	}
	last := Fact{}
	if n := len(rounds); n > 0 {
		last = rounds[n-1]
	}
	switch {
	case last.Stage.Underway():
		return Fact{}, ledger.Errorf(ledger.Conflict, "finding.underway", "该结果已有认定意见 %s 正在办理；一个结果只办一件。", "A finding about this outcome is under way: %s. One outcome has one finding.", last.ID).At("outcome")
	case !replaces.open():
		return Fact{}, ledger.Errorf(ledger.Conflict, "finding.stands", "该结果已有认定意见 %s；没有迟到的事实，申诉也没有改变它，不能另行认定。", "The finding %s stands: no late facts mark it for review, and no appeal took anything from it.", replaces.ID).At("outcome")
	case c.Round != last.Round+1 || c.Round > maxRounds:
		return Fact{}, ledger.Errorf(ledger.Conflict, "finding.round", "下一轮应为第 %d 轮。", "The next round is %d.", last.Round+1).At("round")
	}
	return replaces, nil
}

// open reports whether another finding can be drafted in place of this one.
func (r Fact) open() bool {
	switch r.Stage {
	case "", Overturned, Varied:
		return true
	case Decided, Upheld, Final:
		return r.Marked
	}
	return false
}

func version(e Explained, n int, by ledger.Actor, at time.Time) Version {
	return Version{
		N: n, By: by.Account, At: at, Known: e.Known, Policy: e.Policy, Method: e.Method, Hash: e.Hash, Outcome: e.Outcome, Refused: e.Refused,
		Computed: e.Shares, Shares: e.Shares, Originating: e.Originating, Provisional: e.Provisional, Flags: e.Flags,
	}
}

// Decide computes anew what is on record by now, under the parameters that the
// finding began with. The system does so for late facts.
func (c Recompute) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	reasons := []Because{ByReply, ByLateFacts, ByStatement}
	var err error
	if by.Account == ledger.System {
		reasons = []Because{ByLateFacts}
		if s.Stage == "" {
			return nil, unknown(c.ID)
		}
		err = s.at(underway...)
	} else {
		err = s.reviewer(c.ID, f, by, underway...)
	}
	if c.Reply != 0 {
		reasons = []Because{ByReply}
	}
	if err := ledger.First(err, ledger.CheckWord("because", c.Because, reasons...), s.follows(c.Because == ByReply, c.Reply), s.room()); err != nil {
		return nil, err
	}
	e, err := explain(f, s.Outcome, s.Versions[0].Policy, s.Charged)
	if err != nil {
		return nil, err
	}
	last := s.Current()
	if s.current(e) && (last.Override == nil || by.Account == ledger.System) {
		return nil, unchanged()
	}
	v := version(e, last.N+1, by, at)
	v.Because, v.Reply = c.Because, c.Reply
	recomputed := Recomputed{v}
	if err := s.after(recomputed).unlessSystem(f, by); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{recomputed}, nil
}

func unchanged() error {
	return ledger.Refuse("finding.unchanged", "计算依据和结果都没有变化。", "Nothing would change.")
}

// after is the state with one event more.
func (s State) after(e ledger.Evolver[State]) State {
	e.Evolve(&s)
	return s
}

// unlessSystem holds a person to a finding that may have come to name his own
// unit.
func (s State) unlessSystem(f Facts, by ledger.Actor) error {
	if by.Account == ledger.System {
		return nil
	}
	return s.independent(f, by)
}

func (s State) room() error {
	if len(s.Versions) < maxVersions {
		return nil
	}
	return ledger.Refuse("finding.too_many_versions", "已有 %d 个版本，不能再加；请撤回后重新起草。", "There are %d versions, and no more can be added; withdraw it and draft anew.", maxVersions)
}

// follows holds a version to the accepted reply that it is said to follow.
func (s State) follows(must bool, n int) error {
	if n == 0 && !must {
		return nil
	}
	if n < 1 || n > len(s.Replies) || s.Replies[n-1].State != ReplyAccepted {
		return ledger.Refuse("finding.reply_not_accepted", "没有已被采纳的第 %d 号陈述申辩，不能以它为由。", "No accepted reply has the number %d, so nothing can follow it.", n).At("reply")
	}
	return nil
}

// Decide keeps both: what was computed, and what a reviewer sets for a reason
// and by a rule.
func (c SetShares) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		s.reviewer(c.ID, f, by, underway...), checkReason(c.Reason), s.follows(false, c.Reply), s.room(),
	); err != nil {
		return nil, err
	}
	if !f.HasRule(c.Rule) {
		return nil, ledger.Refuse("finding.rule_unknown", "没有编号为“%s”的规则；改动份额要写明依据的规则。", "There is no rule %q; shares are set by a rule on record.", c.Rule).At("rule")
	}
	last := s.Current()
	shares, err := c.shares(last.Computed)
	if err != nil {
		return nil, err
	}
	if slices.Equal(shares, last.Shares) && c.Reply == 0 {
		return nil, unchanged()
	}
	v := last
	v.N, v.By, v.At, v.Shares = last.N+1, by.Account, at, shares
	v.Override, v.Because, v.Reply = &Override{c.Reason, c.Rule}, "", c.Reply
	if c.Reply > 0 {
		v.Because = ByReply
	}
	return []ledger.Evolver[State]{Overridden{v}}, nil
}

// shares are those asked for, in the order of the case, nobody's last. A share
// that is what was computed keeps its mass.
func (c SetShares) shares(computed []Share) (shares []Share, err error) {
	if err := ledger.CheckCount("shares", len(c.Shares), 1, maxShares); err != nil {
		return nil, err
	}
	for _, x := range computed {
		if x.Unit != liability.Unattributed {
			shares = append(shares, Share{Unit: x.Unit})
		}
	}
	nobody, left := Share{Unit: liability.Unattributed}, int64(Whole)
	for i, p := range c.Shares {
		x := &nobody
		if at := slices.IndexFunc(shares, func(x Share) bool { return x.Unit == p.Unit }); at >= 0 {
			x = &shares[at]
		} else if p.Unit != liability.Unattributed {
			return nil, ledger.Refuse("finding.not_in_case", "%s 不在本件所涉单位之内，不能给它定份额。", "%s is no unit of this case and can be given no share.", p.Unit).At("shares[%d].unit", i)
		}
		if p.Points < 0 || p.Points > left || x.Points > 0 {
			return nil, badSum(i)
		}
		x.Points = p.Points
		left -= p.Points
	}
	if left > 0 {
		return nil, badSum(len(c.Shares) - 1)
	}
	if nobody.Points > 0 {
		shares = append(shares, nobody)
	}
	for i, x := range shares {
		if was := of(computed, x.Unit); was.Points == x.Points {
			shares[i].Mass = was.Mass
		}
	}
	return shares, nil
}

func badSum(i int) error {
	return ledger.Errorf(ledger.Invalid, "finding.sum", "各份额不能小于 0，每个单位只列一次，合计应为 %d。", "Shares are not below 0, name each unit once and add up to %d.", Whole).At("shares[%d].points", i)
}

// Decide lets another reviewer than the one who drafted pass a draft, or send
// it on its way back with a reason.
func (c Check) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.reviewer(c.ID, f, by, Draft), s.same(c.Version), ledger.CheckText("reason", c.Reason, maxReason, !c.Passed)); err != nil {
		return nil, err
	}
	switch {
	case by.Account == s.Drafter || by.Account == s.Current().By:
		return nil, ledger.Errorf(ledger.Forbidden, "finding.own_draft", "起草人不能复核自己的稿子，请由另一位审议员复核。", "Whoever drafted does not check the draft; another reviewer does.")
	case s.Rejected == s.Current().N:
		return nil, ledger.Refuse("finding.rejected", "第 %d 版已被退回，须重新计算或者另定份额之后再复核，也可以撤回。", "Version %d was not passed: compute anew or set other shares before it is checked again, or withdraw it.", s.Rejected)
	}
	if c.Passed {
		if err := s.somebody(); err != nil {
			return nil, err
		}
	}
	return []ledger.Evolver[State]{Checked{at, by.Account, by.Unit, c.Version, c.Passed, c.Reason}}, nil
}

// Decide takes somebody out.
func (c Recuse) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		s.reviewer(c.ID, f, by, Draft, Passed, Hearing, Decided, OnAppeal, Upheld, Varied),
		ledger.CheckText("account", c.Account, 128, false), checkReason(c.Reason),
		ledger.CheckCount("recusals", len(s.Recusals)+1, 1, maxRecusals),
	); err != nil {
		return nil, err
	}
	if (c.Account == "") == (c.Unit == "") {
		return nil, ledger.Errorf(ledger.Invalid, "finding.recuse_whom", "请写明回避的账号或者单位，二者填一项。", "Name an account or a unit, one of the two.").At("account")
	}
	if _, ok := f.Unit(c.Unit); c.Unit != "" && !ok {
		return nil, unknownUnit("unit", c.Unit)
	}
	if c.Unit != "" && !unit.IsDepartment(c.Unit) && slices.Contains([]unit.Level{unit.Central, unit.Province}, unit.LevelOf(c.Unit)) {
		return nil, ledger.Refuse("finding.recuse_all", "回避的单位不能是全国或者整个省，否则无人可以办理；请写明具体单位或者账号。", "A recusal cannot take out the whole country or a whole province: nobody would be left. Name the unit or the account.").At("unit")
	}
	if slices.ContainsFunc(s.Recusals, func(r Recused) bool { return r.Account == c.Account && r.Unit == c.Unit }) {
		return nil, ledger.Errorf(ledger.Conflict, "finding.recused_already", "已经登记回避。", "That recusal is on record already.").At("account")
	}
	return []ledger.Evolver[State]{Recused{at, c.Account, c.Unit, s.undone(c.Unit, f), c.Reason}}, nil
}

// undone are the accounts that checked or voted and belong to a unit, as it
// was merged by now.
func (s State) undone(code string, f Facts) (accounts []string) {
	acted := append([]Vote{s.Checker, s.Leaving}, s.Votes...)
	for _, v := range s.AppealVotes {
		acted = append(acted, Vote{Account: v.Account, Unit: v.Unit})
	}
	for _, v := range acted {
		if code != "" && outcome.Tied(ledger.Actor{Account: v.Account, Unit: v.Unit}, []string{code}, f) && !slices.Contains(accounts, v.Account) {
			accounts = append(accounts, v.Account)
		}
	}
	return accounts
}
