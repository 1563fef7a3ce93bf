package docket

import (
	"slices"
	"time"

	"suyuan/services/complaint"
)

// named is Named with what a merger makes of it. Units that were merged take
// what they are recused from along: who answered for the one answers for the
// other. Who is recused from the complaint that this one goes on in is recused
// from this one, as far as a Named can say so; a Reader asks in full.
func (d *Docket) named(c *Complaint) complaint.Named {
	n := c.Named()
	for _, into := range d.way(c) {
		other := into.Named()
		n.Unreadable, n.Untold = n.Unreadable || other.Unreadable, n.Untold || other.Untold
		n.Accounts, n.Units = append(n.Accounts, other.Accounts...), append(n.Units, other.Units...)
		if other.Issuer != "" {
			n.Units = append(n.Units, other.Issuer)
		}
	}
	n.Units = d.andMerged(n.Units)
	if n.Issuer != "" {
		n.Units = append(n.Units, d.andMerged([]string{n.Issuer})[1:]...)
	}
	return n
}

// andMerged is units with those that they were merged into.
func (d *Docket) andMerged(units []string) []string {
	all := slices.Clip(units)
	for _, code := range units {
		for left := maxMergers; left > 0; left-- {
			if code = d.facts.MergedInto(code); code == "" {
				break
			}
			all = append(all, code)
		}
	}
	return all
}

// maxMergers bounds a walk along mergers, of units and of complaints.
const maxMergers = 16

// way are the complaints that one was merged into: first the one that the merger
// names, then, as long as the last of them goes on in another itself, that one.
// No merger makes a chain any more; ledgers of before hold some, and mergers
// that are decided at the same moment can make one, or a ring, which is walked
// once and never back to c.
func (d *Docket) way(c *Complaint) (way []*Complaint) {
	for last := c; len(way) < maxMergers && (last == c || last.handsOn()); last = way[len(way)-1] {
		next, ok := d.Find(last.State.Into)
		if !ok || next == c || slices.Contains(way, next) {
			break
		}
		way = append(way, next)
	}
	return way
}

// handsOn reports whether what was merged into a complaint goes on in the one
// that it was merged into: while it does so itself, and after it was taken back
// from there.
func (c *Complaint) handsOn() bool {
	s := &c.State
	return s.Stage == complaint.Joined || s.Into != "" && s.Stage == complaint.Ended && s.How == complaint.ByWithdrawal
}

// Into is the complaint that one goes on in, or for one that goes on alone
// since, went on in. It is nil where it was merged into none, or into one that
// was merged at the same moment, so that neither goes on.
func (d *Docket) Into(c *Complaint) *Complaint {
	way := d.way(c)
	if len(way) == 0 {
		return nil
	}
	last := way[len(way)-1]
	if c.State.Stage == complaint.Joined && last.handsOn() {
		return nil
	}
	return last
}

// Going are the complaints that go on in one: those at work on which it is what
// they go on in.
func (d *Docket) Going(c *Complaint) (all []*Complaint) {
	reached := []*Complaint{c}
	for i := 0; i < len(reached); i++ {
		for _, at := range d.byInto[reached[i].ID] {
			x := &d.complaints[at]
			if slices.Contains(reached, x) {
				continue
			}
			reached = append(reached, x)
			if x.State.Stage == complaint.Joined && d.Into(x) == c {
				all = append(all, x)
			}
		}
	}
	return all
}

// Unsettled calls use for every complaint of which a merger left something to
// the system, until use returns false: for the system only, as Find.
func (d *Docket) Unsettled(use func(id string, what complaint.Unsettled) bool) {
	for i := range d.complaints {
		c := &d.complaints[i]
		if c.State.Stage != complaint.Joined && !c.State.Withdrew {
			continue
		}
		fact, _ := d.Fact(c.ID)
		if what := c.State.Unsettled(fact); what != "" && !use(c.ID, what) {
			return
		}
	}
}

// Together is from when until when a complaint went on in another: zero where
// it did not, or does still.
func (c *Complaint) Together() (since, until time.Time) {
	for _, s := range c.Steps {
		switch s.What {
		case "complaint.merged":
			since = s.At
		case "complaint.accepted", "complaint.dispatched", "complaint.closed":
			if !since.IsZero() && until.IsZero() {
				until = s.At
			}
		}
	}
	return since, until
}

const toldAnswer = "complaint.answered"

// with is what decisions may know of what a complaint goes on in: what its
// reporter was told of it.
func (d *Docket) with(c *Complaint) *complaint.Into {
	into := d.Into(c)
	if c.State.Stage != complaint.Joined || into == nil {
		return nil
	}
	x := complaint.Into{State: into.State}
	x.Since, _ = c.Together()
	if f := d.follow(c, false); f.given != nil {
		x.State, x.Answered = f.State, f.given
	}
	return &x
}
