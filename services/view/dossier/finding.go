package dossier

import (
	"slices"
	"time"

	"suyuan/services/finding"
	"suyuan/services/ledger"
)

// Finding is a finding with what was said in it. State is what decisions look
// at; whoever shows any of the rest has asked finding.MayRead.
type Finding struct {
	State finding.State
	Steps []FindingStep

	Replies  []Reply  // Replies[i] says what State.Replies[i] is about
	Answers  []Answer // to mirrored items
	Hearings []finding.HearingHeld
	Votes    []Vote // of the panels that issue and of those on appeal
	Appeals  []Appeal

	Drafted    time.Time
	Notified   time.Time // first; zero: not yet
	Marked     time.Time // last
	Superseded string    // by which finding
}

// FindingStep is something that happened to a finding. Text and Account are
// not for everybody.
type FindingStep struct {
	Step
	Version int    // it is about; 0: none
	Text    string // reason, statement, record
	Account string
}

// Reply is the wording of a reply and of its answer.
type Reply struct {
	Text     string
	Document string
	Answer   string
	Answered time.Time // zero: not yet
}

// Answer is what a unit answered to the mirrored item that a version opened.
// Reply is the number of the reply that counts as it; 0: none does.
type Answer struct {
	Unit     string
	Version  int
	At       time.Time
	Text     string
	Document string
	Reply    int
}

// Vote is one that was cast. Appeal is the number of the appeal it is about,
// 0 for the panel that issues.
type Vote struct {
	Version  int
	Appeal   int
	Agrees   bool
	Result   finding.Result
	Removals []finding.Removal
	Account  string
	Unit     string
	At       time.Time
	Reason   string
}

// Appeal is the wording of an appeal and what it came to.
type Appeal struct {
	Said       []Said
	Decided    time.Time // zero: not yet
	Result     finding.Result
	Reason     string
	Removals   []finding.Removal
	Correction *ledger.Text
}

// Said is what one unit wrote.
type Said struct {
	Unit     string
	At       time.Time
	Text     string
	Document string
}

// ID is the finding's.
func (f *Finding) ID() string { return f.State.ID }

// Ordinal is that of the event which drafted it.
func (f *Finding) Ordinal() uint64 { return f.Steps[0].Ordinal }

// happened folds an event of a finding's stream. What comes before the draft
// is no command's and is passed over.
func (d *Dossier) happened(e Event, body ledger.Evolver[finding.State]) {
	if first, ok := body.(finding.Drafted); ok {
		d.draft(e, first)
		return
	}
	at, ok := d.findingAt[subject(e.Stream)]
	if !ok {
		return
	}
	f := &d.findings[at]
	s := FindingStep{Step: d.step(e)}
	body.Evolve(&f.State)
	f.tell(&s, body)
	s.Account = d.once(s.Account)
	f.Steps = append(f.Steps, s)
	if _, ok := body.(finding.Issued); ok {
		d.replace(f)
	}
}

func (d *Dossier) draft(e Event, body finding.Drafted) {
	body.Outcome, body.Executor = d.once(body.Outcome), d.once(body.Executor)
	f := Finding{Drafted: body.Version.At, Steps: []FindingStep{{Step: d.step(e), Version: body.Version.N, Account: d.once(body.Version.By)}}}
	body.Evolve(&f.State)
	d.findings = append(d.findings, f)
	d.enterFinding(int32(len(d.findings)) - 1)
}

// enterFinding keeps what is made from a row once it is there.
func (d *Dossier) enterFinding(at int32) {
	s := &d.findings[at].State
	d.findingAt[s.ID] = at
	rounds := d.ofOutcome[s.Outcome]
	i := len(rounds)
	for i > 0 && d.findings[rounds[i-1]].State.Round > s.Round {
		i--
	}
	d.ofOutcome[s.Outcome] = slices.Insert(rounds, i, at)
}

// replace lets the findings of earlier rounds know that one was issued after
// them: their own streams do not say so before they are superseded.
func (d *Dossier) replace(by *Finding) {
	for _, at := range d.ofOutcome[by.State.Outcome] {
		if old := &d.findings[at].State; old.Round < by.State.Round && old.Stage.Stands() {
			old.Timing.ReplacedBy = by.State.ID
		}
	}
}

// tell takes in what an event says besides what it does to the state, which it
// was folded into already.
func (f *Finding) tell(s *FindingStep, body any) {
	switch e := body.(type) {
	case finding.Recomputed:
		s.Version, s.Account = e.Version.N, e.Version.By
	case finding.Overridden:
		s.Version, s.Account = e.Version.N, e.Version.By
		if e.Version.Override != nil {
			s.Text = e.Version.Override.Reason
		}
	case finding.Checked:
		s.Version, s.Account, s.Text = e.Version, e.By, e.Reason
	case finding.Recused:
		s.Account, s.Text = e.Account, e.Reason
	case finding.Notified:
		s.Version = e.Version
		if f.Notified.IsZero() {
			f.Notified = e.At
		}
	case finding.Replied:
		s.Text = e.Text
		f.Replies = append(f.Replies, Reply{Text: e.Text, Document: e.Document})
		f.answer(Answer{Unit: e.Unit, At: e.At, Text: e.Text, Document: e.Document, Reply: e.N})
	case finding.Extended:
		s.Text = e.Reason
	case finding.HearingHeld:
		s.Text, s.Account = e.Record, e.By
		f.Hearings = append(f.Hearings, e)
	case finding.ReplyAnswered:
		s.Text, s.Account = e.Reason, e.By
		if i := e.Reply - 1; i >= 0 && i < len(f.Replies) {
			f.Replies[i].Answer, f.Replies[i].Answered = e.Reason, e.At
		}
	case finding.MirrorAnswered:
		s.Text = e.Text
		f.answer(Answer{Unit: e.Unit, At: e.At, Text: e.Text, Document: e.Document})
	case finding.Unanswered:
		s.Version = e.Version
	case finding.Voted:
		s.Version, s.Text, s.Account = e.Version, e.Reason, e.By
		f.Votes = append(f.Votes, Vote{Version: e.Version, Agrees: e.Agrees, Account: e.By, Unit: e.Unit, At: e.At, Reason: e.Reason})
	case finding.SentBack:
		s.Version, s.Text = e.Version, e.Reason
	case finding.Issued:
		s.Version = e.Version
	case finding.WithdrawalProposed:
		s.Version, s.Text, s.Account = e.Version, e.Reason, e.By
	case finding.Withdrawn:
		s.Text, s.Account = e.Reason, e.By
	case finding.Superseded:
		f.Superseded = e.By
	case finding.MarkedForReview:
		f.Marked = s.At
	default:
		f.contested(s, body)
	}
}

// contested is tell for appeals.
func (f *Finding) contested(s *FindingStep, body any) {
	switch e := body.(type) {
	case finding.Appealed:
		s.Text = e.Text
		for len(f.Appeals) < e.N {
			f.Appeals = append(f.Appeals, Appeal{})
		}
		if e.N > 0 {
			a := &f.Appeals[e.N-1]
			a.Said = append(a.Said, Said{e.Unit, e.At, e.Text, e.Document})
		}
	case finding.AppealVoted:
		s.Text, s.Account = e.Reason, e.By
		f.Votes = append(f.Votes, Vote{
			Version: f.State.Current().N, Appeal: e.Appeal, Result: e.Result, Removals: e.Removals, Account: e.By, Unit: e.Unit, At: e.At, Reason: e.Reason,
		})
	case finding.AppealDecided:
		s.Text = e.Reason
		if i := e.Appeal - 1; i >= 0 && i < len(f.Appeals) {
			a := &f.Appeals[i]
			a.Decided, a.Result, a.Reason, a.Removals, a.Correction = e.At, e.Result, e.Reason, e.Removals, e.Correction
		}
	}
}

// answer files what a unit said under its mirrored item, where it has one that
// this answered.
func (f *Finding) answer(a Answer) {
	for _, m := range f.State.Mirrors {
		if m.Unit == a.Unit && m.State == finding.MirrorDone && (a.Reply == 0 || m.Reply == a.Reply) {
			a.Version = m.Version
			f.Answers = append(f.Answers, a)
			return
		}
	}
}

// Answered is what a unit answered to the mirrored item that a version opened.
func (f *Finding) Answered(m finding.Mirror) (Answer, bool) {
	for _, a := range f.Answers {
		if a.Unit == m.Unit && a.Version == m.Version {
			return a, true
		}
	}
	return Answer{}, false
}

// Closed reports whether the panel in which a vote was cast came to an end.
func (f *Finding) Closed(v Vote) bool {
	if v.Appeal == 0 {
		return f.State.Stage.Public()
	}
	return v.Appeal <= len(f.Appeals) && !f.Appeals[v.Appeal-1].Decided.IsZero()
}
