package view

import (
	"slices"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/unit"
	"suyuan/services/view/docket"
)

// Complaints and cases as one actor may see them. Every way in takes the
// actor and goes through the docket's Reader.

// Complaint is a report and how far its handling has come.
type Complaint struct {
	ID          string
	Day         ledger.Date
	Lane        complaint.Lane
	Stage       complaint.Stage
	Handler     *Unit
	Returns     int
	Redos       int
	Ruled       bool
	Mandate     *Mandate
	Paper       *string
	Issuer      *Unit
	Level       *unit.Level
	Within      *Unit
	Dimension   *mandate.Dimension
	Untold      bool
	Measure     *Measure
	Clock       *HandlingClock
	Owed        *Owed
	Outcome     *complaint.Outcome
	Rating      *Rating
	Confirmed   *bool
	Closing     *complaint.How
	Retaliation *complaint.Retaliated
	Summary     *string
	Replies     string

	by ledger.Actor
	c  *docket.Complaint
}

// HandlingClock is the round's. Dates are the days with whose end a share of
// the time is over: nil while it is paused without a last day, or where no
// calendar says.
type HandlingClock struct {
	Round       int
	Started     ledger.Date
	Days        int
	Running     bool
	Paused      bool
	PausedUntil *ledger.Date // the last day of the pause it stands in
	Half        *ledger.Date
	MostOf      *ledger.Date
	Due         *ledger.Date
	ReturnBy    *ledger.Date
	Reminded    int
	Supervised  bool
	Escalations int
	handler     string
}

// Owed is a step that is somebody's turn while no round runs.
type Owed struct {
	Turn    complaint.Turn
	By      ledger.Date
	Late    bool
	handler string
}

// Rating is what the reporter said of the last answer.
type Rating struct {
	Solved    bool
	Satisfied bool
	handler   string
}

// Reported is what was tapped, for those who may see the figures.
type Reported struct {
	CameDown *string
	Asked    *string
	Due      *ledger.Date
	Minutes  *string
	Forms    []string
	Motive   *string
	c        *docket.Complaint
}

// Letter is something the reporter sent, sealed to investigators.
type Letter struct {
	Day   ledger.Date
	Act   *claim.Act
	Blob  string
	Hash  string
	Class string
	c     *docket.Complaint
}

// Message is something sealed to the reporter.
type Message struct {
	Day  ledger.Date
	What string
	Blob string
	Hash string
	c    *docket.Complaint
}

// ComplaintStep is something that happened. It has no ordinal: see sealed.
type ComplaintStep struct {
	What    string
	Meaning ledger.Text
	Day     ledger.Date
	Role    *string
	Unit    *Unit
	To      *string
	Word    *string
	Text    *string
	Days    *int
	handler string
}

// Exempted is an account or a unit that takes no part.
type Exempted struct {
	Account *string
	Unit    *Unit
	Reason  string
	c       *docket.Complaint
}

// ComplaintQuery narrows the list of complaints.
type ComplaintQuery = docket.Filter

// Docket is the docket of reports; nothing of it must be kept.
func (r *Rows) Docket() *docket.Docket { return r.docket }

// Complaints lists those that an actor may see, the newest first.
func (r *Rows) Complaints(by ledger.Actor, q ComplaintQuery, p Paging) (Page[Complaint], error) {
	return page(p, r.docket.For(by).Complaints(q), func(c *docket.Complaint) Complaint { return r.complaintValue(by, c) })
}

// Complaint finds one that an actor may see; nil where there is none.
func (r *Rows) Complaint(by ledger.Actor, id string) *Complaint {
	c := r.docket.For(by).Complaint(id)
	if c == nil {
		return nil
	}
	value := r.complaintValue(by, c)
	return &value
}

func (r *Rows) complaintValue(by ledger.Actor, c *docket.Complaint) Complaint {
	s, f := &c.State, &c.Claim
	v := Complaint{
		ID: c.ID, Day: c.Day(), Lane: s.Filed.Lane, Stage: s.Stage, Handler: r.Unit(s.Handler), Returns: s.Returns, Redos: s.Redos, Ruled: s.Ruled,
		Mandate: r.Mandate(f.Mandate, Now), Paper: some(f.Paper), Issuer: r.Unit(f.Issuer), Within: r.Unit(f.Within), Dimension: spoken(f.Dimension), Untold: c.Untold,
		Clock: r.clockValue(c), Confirmed: s.Checked, Outcome: spoken(s.Outcome), Closing: spoken(s.How),
		Summary: some(c.Summary), Replies: s.Filed.Replies, by: by, c: c,
	}
	if r.docket.For(by).Protects(c) {
		v.Retaliation = spoken(s.Retaliation)
	}
	if l := unit.Level(slices.Index(claim.Levels, f.Level)); l.Valid() {
		v.Level = &l
	}
	if h := r.measureAt.of(f.Measure); h != none {
		m := r.measureValue(h)
		v.Measure = &m
	}
	if x := s.Rating; x != nil {
		v.Rating = &Rating{x.Solved, x.Satisfied, s.Handler}
	}
	if t := s.Timing; t.Turn != "" {
		v.Owed = &Owed{t.Turn, t.TurnBy(), t.Late, s.Handler}
	}
	return v
}

// spoken is a word that may be missing.
func spoken[T ~string](word T) *T {
	if word == "" {
		return nil
	}
	return &word
}

func (r *Rows) clockValue(c *docket.Complaint) *HandlingClock {
	t := c.State.Timing
	if t.Round == 0 {
		return nil
	}
	v := HandlingClock{
		Round: t.Round, Started: ledger.DateOf(t.Clock.Started), Days: t.Clock.Days, Running: t.Running, Paused: t.Held, PausedUntil: spoken(t.PausedUntil()),
		Reminded: t.Reminded, Supervised: t.Supervised, Escalations: t.Escalations, handler: c.State.Handler,
	}
	if r.calendar == nil {
		return &v
	}
	if due, err := t.Clock.LastDay(r.calendar); err == nil {
		v.Due = &due
	}
	if by, err := t.ReturnBy(r.calendar); err == nil && c.State.Stage == complaint.Sent && !c.State.Ruled {
		v.ReturnBy = &by
	}
	v.Half, v.MostOf = r.share(t, 50), r.share(t, 80)
	return &v
}

// share is the day with whose end a percentage is reached.
func (r *Rows) share(t complaint.Timing, percent int) *ledger.Date {
	at, err := t.Clock.At(r.calendar, percent)
	if err != nil {
		return nil
	}
	day := ledger.DateOf(at.Add(-1))
	return &day
}

// ComplaintReported is what was tapped; nil where that could not be read.
func (r *Rows) ComplaintReported(c Complaint) *Reported {
	if c.c.Untold {
		return nil
	}
	f := &c.c.Claim
	forms := f.Forms
	if forms == nil {
		forms = []string{}
	}
	return &Reported{some(f.CameDown), some(f.Asked), spoken(f.Due), someCount(int64(f.Minutes)), forms, some(f.Motive), c.c}
}

// ComplaintInto is the complaint that one goes on in, as far as it may be seen.
func (r *Rows) ComplaintInto(c Complaint) *Complaint {
	if c.c.State.Into == "" {
		return nil
	}
	return r.Complaint(c.by, c.c.State.Into)
}

// ComplaintLetters are what the reporter sent, the report itself first. One
// that tells of retaliation is there for those alone who may take it up.
func (r *Rows) ComplaintLetters(c Complaint) []Letter {
	protects := r.docket.For(c.by).Protects(c.c)
	letters := make([]Letter, 0, len(c.c.Letters))
	for _, l := range c.c.Letters {
		if l.Act != claim.Retaliation || protects {
			letters = append(letters, Letter{l.Day, spoken(l.Act), l.Blob.ID, l.Blob.Hash, l.Blob.Class, c.c})
		}
	}
	return letters
}

// ComplaintMessages are what was sent to the reporter; of retaliation, for
// those alone who may take it up.
func (r *Rows) ComplaintMessages(c Complaint) []Message {
	protects := r.docket.For(c.by).Protects(c.c)
	messages := make([]Message, 0, len(c.c.Messages))
	for _, m := range c.c.Messages {
		if protects || !m.Protecting() {
			messages = append(messages, Message{ledger.DateOf(m.At), m.What, m.Blob.ID, m.Blob.Hash, c.c})
		}
	}
	return messages
}

// ComplaintIssuances bear the claim out.
func (r *Rows) ComplaintIssuances(c Complaint) []Issuance { return r.issuancesOf(c.c.State.Issuances) }

// ComplaintDocuments contradict it.
func (r *Rows) ComplaintDocuments(c Complaint) []Document { return r.documentsOf(c.c.State.Documents) }

func (r *Rows) issuancesOf(ids []string) []Issuance {
	return present(ids, func(id string) *Issuance { return r.Issuance(id, Now) })
}

func (r *Rows) documentsOf(ids []string) []Document { return present(ids, r.Document) }

// ComplaintRecusals are those that were recused besides whom the claim names.
func (r *Rows) ComplaintRecusals(c Complaint) []Exempted {
	list := []Exempted{}
	for _, x := range c.c.State.Recusals {
		list = append(list, Exempted{some(x.Account), r.Unit(x.Unit), x.Reason, c.c})
	}
	return list
}

// ComplaintSteps are all that happened, oldest first. The handling unit sees
// what concerns its own work, and nothing of retaliation, of who was recused or
// of what was said between the reporter and investigators. Retaliation is told
// to those alone who may take it up.
func (r *Rows) ComplaintSteps(c Complaint) []ComplaintStep {
	staff, protects := c.by.Is(ledger.Investigator, ledger.Reviewer), r.docket.For(c.by).Protects(c.c)
	steps := slices.DeleteFunc(slices.Clone(c.c.Steps), func(s docket.Step) bool {
		return !staff && !forHandlers[s.What] || !protects && s.Protecting()
	})
	if !docket.MayOpen(c.by, c.c) {
		for i := range steps {
			if steps[i].What == "complaint.recused" { // who and why is told where recusals are
				steps[i].To, steps[i].Text = "", ""
			}
		}
	}
	return r.steps(steps, c.c.State.Handler)
}

var forHandlers = map[string]bool{
	"complaint.filed": true, "complaint.accepted": true, "complaint.merged": true, "complaint.dispatched": true, "complaint.returned": true,
	"complaint.ruled": true, "complaint.recalled": true, "complaint.signed_for": true, "complaint.paused": true, "complaint.resumed": true, "complaint.extended": true,
	"complaint.answered": true, "complaint.followed_up": true, "complaint.rated": true, "complaint.redone": true, "complaint.closed": true,
	"complaint.reminded": true, "complaint.supervised": true, "complaint.escalated": true, "complaint.review_asked": true,
	"complaint.review_decided": true, "complaint.final_review_asked": true, "complaint.final_review_decided": true, "complaint.exhausted": true,
}

func (r *Rows) steps(all []docket.Step, handler string) []ComplaintStep {
	steps := make([]ComplaintStep, len(all))
	for i, s := range all {
		v := ComplaintStep{
			What: s.What, Day: ledger.DateOf(s.At), Role: some(string(s.Role)), Unit: r.Unit(s.Unit), To: some(s.To), Word: some(s.Word), Text: some(s.Text), handler: handler,
		}
		if def, ok := r.catalogue.Named(s.What); ok {
			v.Meaning = def.Meaning
		}
		if s.Days != 0 {
			v.Days = &s.Days
		}
		steps[i] = v
	}
	return steps
}

// ComplaintCases are the cases it is in, as far as they may be seen.
func (r *Rows) ComplaintCases(c Complaint) []Case {
	list := []Case{}
	for _, x := range r.docket.For(c.by).Cases(c.ID) {
		list = append(list, r.caseValue(c.by, x))
	}
	return list
}

// Handles reports whether a unit handles the complaint a row is of.
func (c Complaint) Handles(unit string) bool     { return unit != "" && c.c.State.Handler == unit }
func (s ComplaintStep) Handles(unit string) bool { return unit != "" && s.handler == unit }
func (c HandlingClock) Handles(unit string) bool { return unit != "" && c.handler == unit }
func (o Owed) Handles(unit string) bool          { return unit != "" && o.handler == unit }

// Handles is the same for a rating.
func (x Rating) Handles(unit string) bool { return unit != "" && x.handler == unit }

// Opens reports whether an actor, who may read the complaint a row is of, may
// see figures and sealed letters too.
func (c Complaint) Opens(by ledger.Actor) bool { return docket.MayOpen(by, c.c) }
func (x Reported) Opens(by ledger.Actor) bool  { return docket.MayOpen(by, x.c) }
func (l Letter) Opens(by ledger.Actor) bool    { return docket.MayOpen(by, l.c) }
func (m Message) Opens(by ledger.Actor) bool   { return docket.MayOpen(by, m.c) }
func (x Exempted) Opens(by ledger.Actor) bool  { return docket.MayOpen(by, x.c) }
