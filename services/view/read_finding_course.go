package view

import (
	"cmp"
	"slices"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/finding"
	"suyuan/services/ledger"
)

// What happened in the course of a finding. Wording, and who acted, is there
// for those who take part, and for nobody else.

// parties are the units that were given notice, by code: whoever records for
// one of them is a party.
type parties []string

// Handles reports whether a unit was given notice.
func (p parties) Handles(unit string) bool { return unit != "" && slices.Contains(p, unit) }

// Notice is the last one that a unit was given.
type Notice struct {
	Unit     Unit
	Version  int
	Points   int64
	Given    time.Time
	Until    *ledger.Date
	Extended bool
	Renew    bool
	parties
}

// Mirror is the executor's penalty as it is mirrored on a unit.
type Mirror struct {
	Finding  string
	Unit     Unit
	Points   int64
	Origin   bool
	Opened   time.Time
	Until    *ledger.Date
	State    finding.MirrorState
	Answer   *string
	Answered *time.Time
	parties
}

// Reply is a unit's statement in defence.
type Reply struct {
	N        int
	Unit     Unit
	At       time.Time
	State    finding.ReplyState
	Hearing  bool
	Heard    bool
	Text     *string
	Document *Document
	Answer   *string
	Answered *time.Time
	parties
}

// FindingHearing is a hearing that was held.
type FindingHearing struct {
	On       ledger.Date
	Units    []Unit
	Absent   []Unit
	Record   *string
	Document *Document
	parties
}

// FindingVote is how a member of a panel voted.
type FindingVote struct {
	Version  int
	Appeal   *int
	Agrees   *bool
	Result   *finding.Result
	Removals []Removal
	Unit     *Unit
	At       time.Time
	Account  *string
	Reason   *string
	parties
}

// Removal is what an appeal takes from a unit.
type Removal struct {
	Unit   Unit
	Points int64
}

// Appeal is an appeal with all who joined it. Text and Document are those of
// the first.
type Appeal struct {
	N          int
	Units      []Unit
	At         time.Time
	Text       *string
	Document   *Document
	Until      *ledger.Date
	Overdue    bool
	Result     *finding.Result
	Decided    *time.Time
	Reason     *string
	Removals   []Removal
	Correction *ledger.Text
	parties
}

// FindingDue is a day by which something is to be done.
type FindingDue struct {
	Term FindingTerm
	Unit *Unit
	Due  ledger.Date
}

// FindingTerm says what is due.
type FindingTerm string

// The terms of a finding.
const (
	TermNotice         FindingTerm = "notice"
	TermMirror         FindingTerm = "mirror"
	TermAppeal         FindingTerm = "appeal"
	TermAppealDecision FindingTerm = "appeal_decision"
)

// FindingStep is something that happened.
type FindingStep struct {
	What    string
	Meaning ledger.Text
	At      time.Time
	Role    *string
	Unit    *Unit
	Version *int
	Text    *string
	Account *string
	Event   EventRef
	parties
}

func (f Finding) parties() (p parties) {
	for _, n := range f.f.State.Notices {
		p = append(p, n.Unit)
	}
	return p
}

// said is wording for whoever takes part.
func (f Finding) said(text string) *string {
	if !f.part {
		return nil
	}
	return some(text)
}

// paper is a document for whoever takes part.
func (r *Rows) paper(f Finding, id string) *Document {
	if !f.part {
		return nil
	}
	return r.Document(id)
}

// FindingNotices are those given, by unit, in the order of the first.
func (r *Rows) FindingNotices(f Finding) []Notice {
	list, p := []Notice{}, f.parties()
	for _, n := range f.f.State.Notices {
		list = append(list, Notice{r.unitCalled(n.Unit), n.Version, n.Points, n.At.UTC(), r.until(n.ReplyBy), n.Extended, n.Renew, p})
	}
	return list
}

// FindingMirrors are the mirrored items, by unit. What a unit answered is
// public once the finding is.
func (r *Rows) FindingMirrors(f Finding) []Mirror {
	list, p := []Mirror{}, f.parties()
	for _, m := range f.f.State.Mirrors {
		v := Mirror{Finding: f.ID, Unit: r.unitCalled(m.Unit), Points: m.Points, Origin: m.Origin, Opened: m.Opened.UTC(), Until: r.until(m.AnswerBy), State: m.State, parties: p}
		if a, ok := f.f.Answered(m); ok {
			v.Answered = someInstant(a.At)
			if v.Answer = some(a.Text); a.Reply > 0 { // its defence, which is for those who take part
				v.Answer = f.said(a.Text)
			}
		}
		list = append(list, v)
	}
	return list
}

// FindingReplies are what units said in their defence, by number.
func (r *Rows) FindingReplies(f Finding) []Reply {
	list, p := []Reply{}, f.parties()
	for i, x := range f.f.State.Replies {
		v := Reply{N: i + 1, Unit: r.unitCalled(x.Unit), At: x.At.UTC(), State: x.State, Hearing: x.Hearing, Heard: x.Heard, parties: p}
		if i < len(f.f.Replies) {
			w := f.f.Replies[i]
			v.Text, v.Document, v.Answer, v.Answered = f.said(w.Text), r.paper(f, w.Document), f.said(w.Answer), someInstant(w.Answered)
		}
		list = append(list, v)
	}
	return list
}

// FindingHearings are those held, oldest first.
func (r *Rows) FindingHearings(f Finding) []FindingHearing {
	list, p := []FindingHearing{}, f.parties()
	for _, h := range f.f.Hearings {
		list = append(list, FindingHearing{h.On, r.unitsOf(h.Units), r.unitsOf(h.Absent), f.said(h.Record), r.paper(f, h.Document), p})
	}
	return list
}

// FindingVotes are those that were cast, oldest first. Before a panel has come
// to an end its votes are its own.
func (r *Rows) FindingVotes(f Finding) []FindingVote {
	list, p := []FindingVote{}, f.parties()
	for _, x := range f.f.Votes {
		if !f.who && !f.f.Closed(x) {
			continue
		}
		v := FindingVote{Version: x.Version, Result: spoken(x.Result), Removals: r.removals(x.Removals), Unit: r.Unit(x.Unit), At: x.At.UTC(), Reason: f.said(x.Reason), parties: p}
		if f.who {
			v.Account = some(x.Account)
		}
		if x.Appeal > 0 {
			v.Appeal = &x.Appeal
		} else {
			v.Agrees = &x.Agrees
		}
		list = append(list, v)
	}
	return list
}

func (r *Rows) removals(list []finding.Removal) []Removal {
	return append([]Removal{}, each(list, func(x finding.Removal) Removal { return Removal{r.unitCalled(x.Unit), x.Points} })...)
}

// FindingAppeals are the appeals, oldest first.
func (r *Rows) FindingAppeals(f Finding) []Appeal {
	list, p := []Appeal{}, f.parties()
	for i, a := range f.f.State.Appeals {
		until := a.DecideBy()
		v := Appeal{N: i + 1, Units: r.unitsOf(a.Units), At: a.At.UTC(), Until: &until, Overdue: a.Overdue, Result: spoken(a.Result), Removals: []Removal{}, parties: p}
		if i < len(f.f.Appeals) {
			w := f.f.Appeals[i]
			if len(w.Said) > 0 {
				v.Text, v.Document = f.said(w.Said[0].Text), r.paper(f, w.Said[0].Document)
			}
			v.Decided, v.Reason, v.Removals, v.Correction = someInstant(w.Decided), some(w.Reason), r.removals(w.Removals), w.Correction
		}
		list = append(list, v)
	}
	return list
}

// FindingTerms are what is due, the earliest first. What no calendar tells is
// left out.
func (r *Rows) FindingTerms(f Finding) []FindingDue {
	list, s := []FindingDue{}, &f.f.State
	add := func(term FindingTerm, unit string, day *ledger.Date) {
		if day != nil && *day != "" {
			list = append(list, FindingDue{term, r.Unit(unit), *day})
		}
	}
	if s.Stage == finding.Hearing {
		for _, n := range s.Notices {
			add(TermNotice, n.Unit, r.until(n.ReplyBy))
		}
	}
	for _, m := range s.Mirrors {
		if m.State == finding.MirrorPending {
			add(TermMirror, m.Unit, r.until(m.AnswerBy))
		}
	}
	if s.Stage == finding.Decided {
		day := s.AppealBy()
		add(TermAppeal, "", &day)
	}
	if n := len(s.Appeals); n > 0 && s.Stage == finding.OnAppeal {
		day := s.Appeals[n-1].DecideBy()
		add(TermAppealDecision, "", &day)
	}
	slices.SortStableFunc(list, func(a, b FindingDue) int { return cmp.Compare(a.Due, b.Due) })
	return list
}

// FindingSteps are all that happened, oldest first.
func (r *Rows) FindingSteps(f Finding) []FindingStep {
	list, p := []FindingStep{}, f.parties()
	for _, s := range f.f.Steps {
		v := FindingStep{What: s.What, At: s.At, Role: some(string(s.Role)), Unit: r.Unit(s.Unit), Text: f.said(s.Text), Event: EventRef{s.Ordinal}, parties: p}
		if f.who {
			v.Account = some(s.Account)
		}
		if def, ok := r.catalogue.Named(s.What); ok {
			v.Meaning = def.Meaning
		}
		if s.Version > 0 {
			v.Version = &s.Version
		}
		list = append(list, v)
	}
	return list
}

// until is a day that the calendar tells, nil where it does not.
func (r *Rows) until(day func(*calendar.Calendar) (ledger.Date, error)) *ledger.Date {
	if r.calendar == nil {
		return nil
	}
	last, err := day(r.calendar)
	if err != nil {
		return nil
	}
	return &last
}
