package complaint

import (
	"time"

	"suyuan/services/calendar"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
)

// Complaints about the same matter go on in one of them. Their reporters are
// told what is done there, as if each were alone: none of them learns that
// there is another. So none can end the matter for another, and whoever is to
// judge an answer, or asks for a review, goes on alone from there. Mergers make
// no chains: what was merged takes none in, and what took one in is not merged.

// MaxOthers is how many complaints go on in one: a message is sealed to eight
// keys at most, those of all reporters and of three who handle it.
const MaxOthers = 4

// Decide lets it go on in another that was taken on and is not answered yet,
// and that the actor may know of. Whoever may read this one may read that one
// too: a report planted by those named in the other would tell them of it.
func (c Merge) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.staff(c.ID, f, by, ledger.Investigator), s.at(Registered, Taken), ledger.CheckText("reason", c.Reason, 300, false)); err != nil {
		return nil, err
	}
	into, ok := f.Complaint(c.Into)
	if !ok || !MayRead(by, into.Named, "", f) {
		return nil, ledger.Errorf(ledger.NotFound, "complaint.unknown", "没有编号为“%s”的反映件。", "There is no complaint %q.", c.Into).At("into")
	}
	own, _ := f.Complaint(c.ID)
	switch {
	case own.Named.Untold:
		return nil, untold()
	case c.Into == c.ID || !(State{Stage: into.Stage}).in(Taken, Sent, SentBack, Handling):
		return nil, ledger.Refuse("complaint.merge_target", "只能并入另一件已经受理、还没有答复的反映件。", "It can be merged only into another complaint that was taken on and is not answered yet.").At("into")
	case s.Into != "":
		return nil, ledger.Refuse("complaint.merged_before", "这件反映并入过另一件，后来单独办理，不能再次并单。", "It went on in another before and goes on alone since; it is not merged again.")
	case own.Took:
		return nil, ledger.Refuse("complaint.merged_others", "已有其他反映并入这件，不能再把它并入别件；请把另一件并入这件，或者分别办理。", "Another was merged into this one, which is not merged itself any more; merge the other one into this, or handle them apart.")
	case into.Merged:
		return nil, ledger.Refuse("complaint.merge_chain", "那件反映自己并入过别件，不能再接收并单；请并入它当时并入的那件，或者分别办理。", "That complaint was merged into another itself, and takes none in; merge into the one that it was merged into, or handle them apart.").At("into")
	case into.Others >= MaxOthers:
		return nil, ledger.Refuse("complaint.merge_full", "一件反映最多并入 %d 件；其余的请另并一件，或者分别办理。", "At most %d complaints go on in one; merge the others into another one, or handle them apart.", MaxOthers).At("into")
	case !own.Named.Besides(s.Recusals).covers(into.Named, f):
		return nil, ledger.Refuse("complaint.merge_readers", "另一件的回避范围更大，并单会使应回避的人得知；请分别办理。", "More people are recused from the other one, who would learn of it; handle them apart.").At("into")
	}
	return []ledger.Evolver[State]{Merged{at, c.Into, c.Reason}}, nil
}

// Along is what the reporter of a complaint that goes on in another can act
// on: how far that one has come since, with nothing that its own reporter did.
func (s State) Along(with Into, at time.Time) State {
	x := with.State
	x.Filed, x.Letters, x.Rating, x.Withdrew = s.Filed, s.Letters, nil, s.Withdrew
	if x.Stage == Ended {
		x.How = BySilence // whoever else rated it
	}
	switch t := &x.Timing; {
	case with.Answered == nil:
		t.Last = time.Time{}
	case t.Silent && over(t.Last, ReviewDays, at):
		Closed{At: at, How: BySilence}.Evolve(&x)
	}
	return x
}

// apart is a letter by which a reporter does for themselves what the others
// have no part in. To judge an answer, or to have it reviewed, the complaint
// goes on alone, from that answer.
func (c Hear) apart(s State, with Into, l Letter, at time.Time) []ledger.Evolver[State] {
	stands := s.Along(with, at)
	if _, ok := stands.open(c.Act, c.Day, CutDays); !ok {
		return []ledger.Evolver[State]{Replied{Letter: l, Act: c.Act}}
	}
	if c.Act == claim.Withdraw {
		return []ledger.Evolver[State]{Withdrawn{l}, Closed{At: at, How: ByWithdrawal}}
	}
	clock, given := with.State.Timing.Clock, *with.Answered
	events := []ledger.Evolver[State]{Dispatched{clock.Started, with.State.Handler, clock.Days}, SignedFor{given.At}, given}
	if stands.Stage == Ended && with.State.Stage != Ended { // silence had closed it
		events = append(events, Closed{At: at, How: BySilence})
	}
	if c.Act == claim.Rate {
		return append(events, Rated{Letter: l, Solved: *c.Solved, Satisfied: *c.Satisfied})
	}
	if s.Reviewed {
		return append(events, FinalReviewAsked{l})
	}
	return append(events, ReviewAsked{l})
}

// Unsettled is what mergers, and letters that crossed them, left to the system.
type Unsettled string

const (
	// LeftByAll: whoever it goes on for took theirs back. It ends.
	LeftByAll Unsettled = "left"
	// Stranded: what it goes on in was answered or ended just before, or was
	// merged at the same moment, so that no answer comes from there. It goes on
	// alone.
	Stranded Unsettled = "stranded"
)

// Unsettled is empty where nothing is to be done.
func (s State) Unsettled(f Fact) Unsettled {
	switch {
	case s.Withdrew && s.handled() && f.Others == 0:
		return LeftByAll
	case s.Stage == Joined && !f.Into.answers():
		return Stranded
	}
	return ""
}

// answers reports whether an answer was given, or is still to come.
func (x *Into) answers() bool {
	return x != nil && (x.Answered != nil || x.State.in(Registered, Taken, Sent, SentBack, Handling))
}

// Due asks for it. Each comes once to a complaint, which is merged once.
func (u Unsettled) Due(id string, _ *calendar.Calendar, _ time.Time) ([]Due, error) {
	return []Due{due("complaint.settle", Settle{id}, id, "merger", u)}, nil
}

// Decide settles it.
func (c Settle) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := system(by); err != nil {
		return nil, err
	}
	fact, ok := f.Complaint(c.ID)
	if s.Filed == nil || !ok {
		return nil, unknown(c.ID)
	}
	switch s.Unsettled(fact) {
	case LeftByAll:
		return []ledger.Evolver[State]{Closed{At: at, How: ByWithdrawal}}, nil
	case Stranded:
		return []ledger.Evolver[State]{Accepted{at}}, nil
	}
	return nil, errNotDue
}
