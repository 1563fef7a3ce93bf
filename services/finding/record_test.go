package finding

import (
	"maps"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/unit"
)

// record is the log of one finding.
type record struct {
	t   *rapid.T
	log []entry
}

func (l record) versions() (list []Version) {
	for _, x := range l.log {
		switch e := x.event.(type) {
		case Drafted:
			list = append(list, e.Version)
		case Recomputed:
			list = append(list, e.Version)
		case Overridden:
			list = append(list, e.Version)
		}
	}
	return list
}

func sums(shares []Share) bool {
	sum := int64(0)
	for _, x := range shares {
		if x.Points < 0 {
			return false
		}
		sum += x.Points
	}
	return sum == 10000
}

// whole: every version adds up.
func (l record) whole() {
	for i, v := range l.versions() {
		if v.N != i+1 || v.Outcome == "" && (!sums(v.Shares) || !sums(v.Computed)) {
			l.t.Fatalf("version %+v", v)
		}
	}
}

// charged are the units that bear something, and where it began.
func charged(v Version) (units []string) {
	for _, x := range v.Shares {
		if x.Unit != liability.Unattributed && (x.Points > 0 || x.Mass == "1/3") {
			units = append(units, x.Unit)
		}
	}
	return units
}

// untied: whoever wrote the last event was not tied and not recused.
func (l record) untied() {
	x := l.log[len(l.log)-1]
	switch x.event.(type) {
	case Replied, MirrorAnswered, Appealed:
		return // parties
	case Unanswered, AppealOverdue, AppealPeriodExpired, MarkedForReview, Superseded:
		if x.by.Account != ledger.System {
			l.t.Fatalf("%T by %s", x.event, x.by.Account)
		}
		return
	}
	if x.by.Account == ledger.System {
		if _, ok := x.event.(Recomputed); !ok {
			l.t.Fatalf("%T by the system", x.event)
		}
		return
	}
	units := append([]string{village}, l.log[0].event.(Drafted).Charged...)
	for _, v := range l.versions() {
		for _, x := range append(slices.Clone(v.Computed), v.Shares...) {
			units = append(units, x.Unit) // those that bear nothing, too
		}
		if v.Originating != "" {
			units = append(units, v.Originating)
		}
	}
	for _, y := range l.log[:len(l.log)-1] {
		if r, ok := y.event.(Recused); ok {
			if r.Account == x.by.Account {
				l.t.Fatalf("%T by %s, who was recused", x.event, x.by.Account)
			}
			if r.Unit != "" && y.at != x.at {
				units = append(units, r.Unit)
			}
		}
	}
	for _, u := range units {
		if x.by.Unit != "" && unit.Contains(u, x.by.Unit) {
			l.t.Fatalf("%T by %s, who is tied to %s", x.event, x.by.Account, u)
		}
	}
}

// workingDays counts those after one day and before another.
func (l record) workingDays(from, to time.Time) (n int) {
	last := ledger.DateOf(to)
	for day := ledger.DateOf(from.AddDate(0, 0, 1)); day < last; day = ledger.DateOf(day.Time().AddDate(0, 0, 1)) {
		working, err := cal.Working(day)
		if err != nil {
			l.t.Fatal(err)
		}
		if working {
			n++
		}
	}
	return n
}

// issued: everybody charged had notice of as much, was heard and answered, and
// two who may decided on just that.
func (l record) issued(x entry) {
	list := l.versions()
	v := list[len(list)-1]
	if v.Hash != x.hash {
		l.t.Fatal("it was issued though facts had come in")
	}
	if before := l.log[0].event.(Drafted).Charged; len(charged(v)) == 0 {
		if len(before) == 0 {
			l.t.Fatal("it was issued against nobody, and cleared nobody")
		}
		for _, u := range before {
			l.noticed(u, Version{Shares: v.Shares}, x.at)
		}
		happened["cleared"]++
		v.Originating = ""
	}
	for _, u := range charged(v) {
		l.noticed(u, v, x.at)
	}
	for _, c := range l.log[0].event.(Drafted).Caps {
		if of(v.Shares, c.Unit).Points > c.Points {
			l.t.Fatalf("%s is charged %d, and an appeal left %d", c.Unit, of(v.Shares, c.Unit).Points, c.Points)
		}
	}
	if v.Originating != "" {
		l.noticed(v.Originating, v, x.at)
	}
	replies, answered, followed, heard := 0, map[int]ReplyAnswered{}, map[int]bool{}, map[int]bool{}
	passed := map[string]bool{} // who checked it and was not recused since
	asked, when := map[int]string{}, map[int]time.Time{}
	for _, y := range l.log {
		switch e := y.event.(type) {
		case Replied:
			if replies++; e.Hearing {
				asked[e.N], when[e.N] = e.Unit, y.at
			}
		case Checked:
			if clear(passed); e.Passed {
				passed[e.By] = true
			}
		case Recused:
			maps.DeleteFunc(passed, func(account string, _ bool) bool { return e.out(account) })
		case ReplyAnswered:
			answered[e.Reply] = e
		case HearingHeld:
			for n, u := range asked {
				heard[n] = heard[n] || slices.Contains(e.Units, u) && ledger.DateOf(when[n]) <= e.On
			}
		}
	}
	for _, v := range list {
		followed[v.Reply] = true
	}
	for n := 1; n <= replies; n++ {
		a, ok := answered[n]
		if _, hearing := asked[n]; !ok || a.Accepted && !followed[n] || hearing && !heard[n] {
			l.t.Fatalf("it was issued with reply %d open", n)
		}
	}
	if len(passed) == 0 {
		l.t.Fatal("it was issued, and who checked it was recused")
	}
	l.panel(v, list)
}

// out reports whether a recusal takes out an account of this test's staff.
func (e Recused) out(account string) bool {
	code, ok := strings.CutPrefix(account, "reviewer of ")
	return account == e.Account || ok && e.Unit != "" && unit.Contains(e.Unit, code)
}

// noticed: the last notice said at least as much as the unit was charged at
// least since, and it replied, or its time passed; so with the mirrored item.
func (l record) noticed(code string, v Version, now time.Time) {
	var said *Noticed
	var at time.Time
	days, least, replied, answered, unanswered := 0, int64(0), false, false, false
	var current Version
	for _, y := range l.log {
		switch e := y.event.(type) {
		case Drafted:
			current = e.Version
		case Recomputed:
			current = e.Version
		case Overridden:
			current = e.Version
		case Notified:
			if i := slices.IndexFunc(e.Units, func(n Noticed) bool { return n.Unit == code }); i >= 0 {
				said, at, days, replied, unanswered = &e.Units[i], y.at, e.Days, false, false
				answered = answered && !said.Mirror // an answer stays until the item is opened anew
				least = said.Points
			}
		case Extended:
			if e.Unit == code {
				days += e.Days
			}
		case Replied:
			if e.Unit == code {
				replied, answered = true, true
			}
		case MirrorAnswered:
			answered = answered || e.Unit == code
		case Unanswered:
			if e.Unit == code {
				if unanswered = true; l.workingDays(at, y.at) < 10 {
					l.t.Fatalf("未回应 of %s after %d working days", code, l.workingDays(at, y.at))
				}
			}
		}
		least = min(least, of(current.Shares, code).Points)
	}
	points := of(v.Shares, code).Points
	switch {
	case said == nil:
		l.t.Fatalf("%s is charged and had no notice", code)
	case points > said.Points || points > least:
		l.t.Fatalf("%s is charged %d, was told %d and charged %d since", code, points, said.Points, least)
	case !replied && l.workingDays(at, now) < days:
		l.t.Fatalf("%s did not reply, and had %d working days of %d", code, l.workingDays(at, now), days)
	case (points >= 3000 || v.Originating == code) && !answered && !unanswered:
		l.t.Fatalf("the mirrored item of %s is open", code)
	}
}

// withdrawn: once units had notice another one had asked for it, of the last
// version, who was not taken out since.
func (l record) withdrawn(w Withdrawn) {
	told, asked := false, ""
	for _, y := range l.log {
		switch e := y.event.(type) {
		case Notified:
			told = true
		case WithdrawalProposed:
			asked = e.By
		case Recomputed, Overridden:
			asked = ""
		case Recused:
			if e.out(asked) {
				asked = ""
			}
		}
	}
	if told && (asked == "" || asked == w.By) {
		l.t.Fatalf("%s withdrew it alone; %q had asked", w.By, asked)
	}
}

// panel: two agreed after everything else, neither was recused since, and one
// at most made a version.
func (l record) panel(v Version, list []Version) {
	makers := map[string]bool{}
	for _, x := range list {
		makers[x.By] = true
	}
	agreed, checker := map[string]bool{}, ""
	for i, y := range l.log {
		if e, ok := y.event.(Checked); ok {
			checker = e.By
		}
		switch e := y.event.(type) {
		case Voted:
			if e.Agrees && e.Version == v.N {
				agreed[e.By] = true
			}
		case Recused:
			if e.out(checker) {
				clear(agreed) // it is checked anew, and voted on after that
			}
			maps.DeleteFunc(agreed, func(account string, _ bool) bool { return e.out(account) })
		case Extended, Checked, MirrorAnswered, Unanswered, WithdrawalProposed, Issued:
		default:
			if i < len(l.log)-1 {
				clear(agreed)
			}
		}
	}
	made := 0
	for account := range agreed {
		if makers[account] {
			made++
		}
	}
	if len(agreed) != 2 || made > 1 {
		l.t.Fatalf("%v decided, of whom %d made it", agreed, made)
	}
}

// appealed: nothing was added to anybody, what was taken is nobody's, and two
// who had no part in it said so.
func (l record) appealed(e AppealDecided, before []Share) {
	took := int64(0)
	for _, x := range before {
		if x.Unit == liability.Unattributed {
			took -= x.Points
			continue
		}
		if now := of(e.Shares, x.Unit); now.Points > x.Points {
			l.t.Fatalf("an appeal raised %s from %d to %d", x.Unit, x.Points, now.Points)
		}
	}
	for _, r := range e.Removals {
		took -= r.Points
	}
	if took += of(e.Shares, liability.Unattributed).Points; took != 0 || !sums(e.Shares) || len(e.Shares) > len(before)+1 {
		l.t.Fatalf("%+v became %+v", before, e.Shares)
	}
	part, agreed := map[string]bool{}, map[string]bool{}
	votes := map[string]AppealVoted{}
	for _, v := range l.versions() {
		part[v.By] = true
	}
	for _, y := range l.log {
		switch x := y.event.(type) {
		case Checked:
			part[x.By] = true
		case Voted:
			part[x.By] = true
		case ReplyAnswered:
			part[x.By] = true
		case HearingHeld:
			part[x.By] = true
		case WithdrawalProposed:
			part[x.By] = true
		case Appealed:
			clear(votes)
		case Recused:
			maps.DeleteFunc(votes, func(account string, v AppealVoted) bool {
				return account == x.Account || x.Unit != "" && v.Unit != "" && unit.Contains(x.Unit, v.Unit)
			})
		case AppealVoted:
			votes[x.By] = x
		case AppealDecided:
			if x.Appeal != e.Appeal {
				for account := range votes {
					part[account] = true
				}
			}
		}
	}
	for account, x := range votes {
		if x.Result == e.Result && slices.Equal(x.Removals, e.Removals) {
			agreed[account] = true
		}
		if part[account] {
			l.t.Fatalf("%s had a part in it and voted on the appeal", account)
		}
	}
	if len(agreed) != 2 {
		l.t.Fatalf("%v decided the appeal", agreed)
	}
}
