package portal

import "slices"

// benchFinding is how far a finding has come, for those who work on it.
type benchFinding struct {
	ID, Stage, Marked string
	Round             int
	Hands             []string // accounts that took part in making it
	Recusals          []benchRecusal
	Versions          []struct{ N, Reply int }
	Notices           []benchNotice
	Replies           []benchReply
	Mirrors           []mirrorItem
	Shares            []share
	Originating       *unitRef
	Votes             []benchVote
	Appeals           []benchAppeal
	Steps             []benchStep
	Terms             []findingTerm
}

type benchRecusal struct {
	Account, Reason, At string
	Unit                *unitRef
}

type benchNotice struct {
	Unit            unitRef
	Version         int
	Given, Until    string
	Extended, Renew bool
}

type benchReply struct {
	N              int
	Unit           unitRef
	At, State      string
	Hearing, Heard bool
}

type benchVote struct {
	Version, Appeal int
	Agrees          *bool
	Result          string
	Removals        []struct {
		Unit   unitRef
		Points int
	}
	Unit                *unitRef
	At, Account, Reason string
}

// Yes reports whether it is for the finding.
func (v benchVote) Yes() bool { return v.Agrees != nil && *v.Agrees }

type benchAppeal struct {
	N      int
	Units  []unitRef
	Result string
}

type benchStep struct {
	What    string
	Version int
	Account string
}

type findingTerm struct {
	Term string
	Unit *unitRef
	Due  string
}

// at reports whether it stands at one of the stages.
func (f *benchFinding) at(stages ...string) bool { return f != nil && slices.Contains(stages, f.Stage) }

// version is the number of the version that counts.
func (f *benchFinding) version() int {
	n := 0
	for _, v := range f.Versions {
		n = max(n, v.N)
	}
	return n
}

// failed reports whether the version that counts did not pass a check or the
// panel, so that it needs another. A check may have been undone by a recusal:
// then the form is there, and what did not pass is refused.
func (f *benchFinding) failed() bool {
	failed, sentBack, last := false, false, 0
	for _, s := range f.Steps {
		switch s.What {
		case "finding.drafted", "finding.recomputed", "finding.overridden":
			failed, sentBack = false, false
			last = s.Version
		case "finding.checked": // one that passes is no draft any more
			failed = f.at("DRAFT")
		case "finding.notified":
			failed = false
		case "finding.recused":
			failed = sentBack
		case "finding.sent_back":
			failed, sentBack = true, true
		}
	}
	return failed && last == f.version()
}

// leaving is the account that asked that the version that counts be withdrawn;
// empty where nobody did, or was recused since.
func (f *benchFinding) leaving() (account string) {
	if f == nil {
		return ""
	}
	for _, s := range f.Steps {
		switch s.What {
		case "finding.recomputed", "finding.overridden":
			account = ""
		case "finding.withdrawal_proposed":
			account = s.Account
		case "finding.recused": // of a unit the server knows whom it takes out
			if s.Account == account {
				account = ""
			}
		}
	}
	return account
}

// drafter is the account that drafted it.
func (f *benchFinding) drafter() string {
	for _, s := range f.Steps {
		if s.What == "finding.drafted" {
			return s.Account
		}
	}
	return ""
}

// pending are the replies that are not answered yet.
func (f *benchFinding) pending() (list []benchReply) {
	for _, r := range f.Replies {
		if r.State == "PENDING" {
			list = append(list, r)
		}
	}
	return list
}

// unfollowed are the replies that were accepted and have no version yet.
func (f *benchFinding) unfollowed() (list []benchReply) {
	for _, r := range f.Replies {
		if r.State == "ACCEPTED" && !slices.ContainsFunc(f.Versions, func(v struct{ N, Reply int }) bool { return v.Reply == r.N }) {
			list = append(list, r)
		}
	}
	return list
}

// unheard are the units that asked for a hearing and had none.
func (f *benchFinding) unheard() (list []unitRef) {
	for _, r := range f.Replies {
		if r.Hearing && !r.Heard && !slices.Contains(list, r.Unit) {
			list = append(list, r.Unit)
		}
	}
	return list
}

// open are the notices whose period still runs and whose unit has not replied
// to them.
func (f *benchFinding) open(today string) (list []benchNotice) {
	for _, n := range f.Notices {
		replied := slices.ContainsFunc(f.Replies, func(r benchReply) bool { return r.Unit.Code == n.Unit.Code && r.At >= n.Given })
		if !replied && (n.Until == "" || n.Until >= today) {
			list = append(list, n)
		}
	}
	return list
}

// unsettled are the mirrored items that are neither answered nor marked.
func (f *benchFinding) unsettled() (list []mirrorItem) {
	for _, m := range f.Mirrors {
		if m.State == "PENDING" {
			list = append(list, m)
		}
	}
	return list
}

// noticed reports whether everybody has the notice that is due.
func (f *benchFinding) noticed() bool {
	for _, n := range f.Notices {
		if n.Renew {
			return false
		}
	}
	had := func(u *unitRef) bool {
		return u == nil || slices.ContainsFunc(f.Notices, func(n benchNotice) bool { return n.Unit.Code == u.Code })
	}
	for _, s := range f.Shares {
		if s.bears() && !had(s.Unit) {
			return false
		}
	}
	return had(f.Originating)
}

// bears reports whether a share is a unit's and not nothing.
func (s share) bears() bool {
	return s.Name != unattributed && (s.Points > 0 || s.Mass != "" && s.Mass != "0")
}

// ready reports whether the panel can vote.
func (f *benchFinding) ready(today string) bool {
	return f.at("HEARING") && f.noticed() && f.pending() == nil && f.unfollowed() == nil && f.unheard() == nil && f.open(today) == nil && f.unsettled() == nil
}

// voted reports whether an account voted on the version or the appeal that runs.
func (f *benchFinding) voted(account string) bool {
	return slices.ContainsFunc(f.Votes, func(v benchVote) bool {
		if f.at("APPEALED") {
			return v.Account == account && v.Appeal == len(f.Appeals)
		}
		return v.Account == account && v.Appeal == 0 && v.Version == f.version()
	})
}

// over reports whether another round can follow.
func (f *benchFinding) over() bool {
	return f.at("WITHDRAWN", "OVERTURNED", "VARIED") || f.at("ISSUED", "UPHELD", "FINAL") && f.Marked != ""
}
