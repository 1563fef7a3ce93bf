package docket

import (
	"slices"

	"suyuan/services/caseroom"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/unit"
)

// Reader reads the docket as one actor may see it. What that actor may not
// see is answered as if it had never been. It is used by one goroutine while
// the docket stands still.
type Reader struct {
	d    *Docket
	by   ledger.Actor
	seen map[sight]bool
}

// sight is all that a complaint nobody was recused from by hand is judged by.
type sight struct{ issuer, level, within, handler string }

// For reads as an actor.
func (d *Docket) For(by ledger.Actor) *Reader {
	return &Reader{d: d, by: by, seen: map[sight]bool{}}
}

// may is the one place where a complaint is shown or not. One that goes on in
// others is shown to those to whom all of them are: to whom one of them is
// hidden, a merger would say that it is there. One that goes on alone since is
// hidden from whoever is recused from those.
func (r *Reader) may(c *Complaint) bool {
	if !r.mayAlone(c) {
		return false
	}
	for _, into := range r.d.way(c) {
		handler := into.State.Handler
		if c.State.Stage != complaint.Joined {
			handler = c.State.Handler
		}
		if !complaint.MayRead(r.by, r.d.named(into), handler, r.d.facts) {
			return false
		}
	}
	return true
}

func (r *Reader) mayAlone(c *Complaint) bool {
	if !c.Readable && !c.Untold || !r.by.Is(ledger.Investigator, ledger.Reviewer, ledger.Clerk) {
		return false
	}
	if len(c.State.Recusals) > 0 || c.State.Into != "" || c.Untold {
		return complaint.MayRead(r.by, r.d.named(c), c.State.Handler, r.d.facts)
	}
	key := sight{c.Claim.Issuer, c.Claim.Level, c.Claim.Within, c.State.Handler}
	may, known := r.seen[key]
	if !known {
		may = complaint.MayRead(r.by, r.d.named(c), c.State.Handler, r.d.facts)
		r.seen[key] = may
	}
	return may
}

// Figures reports whether the actor may see what was reported of a complaint
// it may read, in figures and in the reporter's own words: an investigator
// always, a reviewer once a review was asked for.
func (r *Reader) Figures(c *Complaint) bool { return MayOpen(r.by, c) }

// MayOpen is Figures for an actor who may read the complaint.
func MayOpen(by ledger.Actor, c *Complaint) bool {
	if by.Is(ledger.Investigator) {
		return true
	}
	return by.Is(ledger.Reviewer) && slices.Contains([]complaint.Stage{complaint.InReview, complaint.ReviewGiven, complaint.InFinal, complaint.Over}, c.State.Stage)
}

// Protects reports whether the actor is told that retaliation was reported of
// a complaint it may read: whoever may take it up is, and nobody beside.
func (r *Reader) Protects(c *Complaint) bool { return complaint.Protects(r.by, c.Named()) }

// Protecting reports whether a step tells of retaliation.
func (s *Step) Protecting() bool {
	switch s.What {
	case "complaint.retaliation_reported", "complaint.retaliation_taken", toldOfRetaliation:
		return true
	case "complaint.breached":
		return s.Word == string(complaint.Protecting)
	}
	return false
}

// Protecting is the same of a message.
func (m *Message) Protecting() bool { return m.What == toldOfRetaliation }

const toldOfRetaliation = "complaint.retaliation_answered"

// Complaint finds a complaint by its id, nil where there is none to be seen.
func (r *Reader) Complaint(id string) *Complaint {
	c, ok := r.d.Find(id)
	if !ok || !r.may(c) {
		return nil
	}
	return c
}

// Filter narrows a list of complaints; what is empty is not asked for.
type Filter struct {
	Stage     complaint.Stage
	Turn      complaint.Turn // whose step it is
	Handler   string
	Mandate   string
	Issuer    string // named, or a unit that lies below it
	Dimension mandate.Dimension
	Lane      complaint.Lane
	Running   *bool // whether the clock of a round runs
	Attacked  *bool // whether retaliation was reported, as far as the reader is told
	Until     ledger.Date
	From      ledger.Date
}

func (f Filter) takes(c *Complaint) bool {
	s := &c.State
	return (f.Stage == "" || s.Stage == f.Stage) &&
		(f.Turn == "" || s.Timing.Turn == f.Turn) &&
		(f.Handler == "" || s.Handler == f.Handler) &&
		(f.Mandate == "" || c.Claim.Mandate == f.Mandate) &&
		(f.Issuer == "" || c.Claim.Issuer != "" && unit.Contains(f.Issuer, c.Claim.Issuer)) &&
		(f.Dimension == "" || c.Claim.Dimension == f.Dimension) &&
		(f.Lane == "" || s.Filed.Lane == f.Lane) &&
		(f.Running == nil || s.Timing.Running == *f.Running) &&
		(f.From == "" || c.Day() >= f.From) && (f.Until == "" || c.Day() <= f.Until)
}

// Complaints lists those to be seen, the newest first.
func (r *Reader) Complaints(f Filter) []*Complaint {
	var list []*Complaint
	if !r.by.Is(ledger.Investigator, ledger.Reviewer, ledger.Clerk) {
		return nil
	}
	for i := len(r.d.complaints) - 1; i >= 0; i-- {
		if c := &r.d.complaints[i]; f.takes(c) && r.may(c) && r.attacked(c, f.Attacked) {
			list = append(list, c)
		}
	}
	return list
}

func (r *Reader) attacked(c *Complaint, wanted *bool) bool {
	return wanted == nil || (c.State.Retaliation != complaint.NoRetaliation && r.Protects(c)) == *wanted
}

// Case finds a case by its id, nil where there is none to be seen.
func (r *Reader) Case(id string) *Case {
	at, ok := r.d.caseAt[id]
	if !ok || !r.mayEnter(&r.d.cases[at]) {
		return nil
	}
	return &r.d.cases[at]
}

func (r *Reader) mayEnter(c *Case) bool {
	return !r.by.Anonymous() && caseroom.MayRead(c.State, r.d.facts, r.by)
}

// Cases lists those to be seen, the newest first; of one complaint where its
// id is given.
func (r *Reader) Cases(of string) []*Case {
	var list []*Case
	for i := len(r.d.cases) - 1; i >= 0; i-- {
		c := &r.d.cases[i]
		if (of == "" || slices.Contains(c.State.Complaints, of)) && r.mayEnter(c) {
			list = append(list, c)
		}
	}
	return list
}

// Claim is what several reports say alike.
type Claim struct {
	Facts       claim.Facts // what they have in common; no figures for whom those are not
	Complaints  []*Complaint
	Independent int  // the largest number of different tokens or cards under one issuer key
	Open        int  // reports among them that no key in force vouches for: anybody can plant those
	Contested   bool // others say otherwise of the same
	Issuances   []string
	Documents   []string
}

// Claims lists what is reported of a mandate as the actor may see it: nothing
// for clerks, for auditors and for whoever is recused. Reports that say the
// same are one claim; those that say otherwise of the same thing are
// contested. Figures come only for investigators.
func (r *Reader) Claims(mandateID string) []Claim {
	if !r.by.Is(ledger.Investigator, ledger.Reviewer) {
		return nil
	}
	figures := r.by.Is(ledger.Investigator)
	var list []Claim
	at := map[claimKey]int{}
	for _, i := range r.d.byMandate[mandateID] {
		c := &r.d.complaints[i]
		if !c.Counts() || !r.may(c) {
			continue
		}
		key := keyOf(c.Claim, figures)
		n, ok := at[key]
		if !ok {
			n = len(list)
			at[key] = n
			list = append(list, Claim{Facts: key.facts()})
		}
		list[n].add(c)
	}
	for i := range list {
		list[i].count(r.d)
	}
	contest(list)
	slices.SortStableFunc(list, func(a, b Claim) int { return a.Complaints[0].compare(b.Complaints[0]) })
	return list
}

func (c *Complaint) compare(other *Complaint) int { return int(c.Ordinal) - int(other.Ordinal) }

// claimKey is what makes two reports say the same; of a thing, and what.
type claimKey struct {
	thing
	CameDown, Asked string
	Due             ledger.Date
}

type thing struct {
	Mandate, Issuer, Level, Within, Measure string
	Dimension                               mandate.Dimension
}

func keyOf(f claim.Facts, figures bool) claimKey {
	k := claimKey{thing: thing{Mandate: f.Mandate, Issuer: f.Issuer, Level: f.Level, Measure: f.Measure, Dimension: f.Dimension}}
	if f.Issuer == "" {
		k.Within = f.Within
	}
	if figures {
		k.CameDown, k.Asked, k.Due = f.CameDown, f.Asked, f.Due
	}
	return k
}

func (k claimKey) facts() claim.Facts {
	return claim.Facts{V: claim.Version, Mandate: k.Mandate, Issuer: k.Issuer, Level: k.Level, Within: k.Within, Measure: k.Measure, Dimension: k.Dimension,
		CameDown: k.CameDown, Asked: k.Asked, Due: k.Due}
}

func (c *Claim) add(x *Complaint) {
	c.Complaints = append(c.Complaints, x)
	for _, i := range x.State.Issuances {
		if !slices.Contains(c.Issuances, i) {
			c.Issuances = append(c.Issuances, i)
		}
	}
	for _, d := range x.State.Documents {
		if !slices.Contains(c.Documents, d) {
			c.Documents = append(c.Documents, d)
		}
	}
}

// count finds out how many stand behind it. One cadre has a token under each
// of eight keys: only those under one key are surely different people.
func (c *Claim) count(d *Docket) {
	under := map[string]map[string]bool{}
	for _, x := range c.Complaints {
		f := x.State.Filed
		if !d.vouched(x) {
			c.Open++
			continue
		}
		if under[f.Key] == nil {
			under[f.Key] = map[string]bool{}
		}
		under[f.Key][f.Nullifier] = true
		c.Independent = max(c.Independent, len(under[f.Key]))
	}
}

// contest marks what is said of one thing in several ways. A report that
// leaves a figure out contradicts nobody.
func contest(list []Claim) {
	said := map[thing][3]string{} // what was said first, figure by figure
	split := map[thing][3]bool{}
	for i := range list {
		t, three := list[i].thing()
		first, several := said[t], split[t]
		for n, x := range three {
			if first[n] == "" {
				first[n] = x
			}
			several[n] = several[n] || x != "" && x != first[n]
		}
		said[t], split[t] = first, several
	}
	for i := range list {
		t, three := list[i].thing()
		for n, x := range three {
			list[i].Contested = list[i].Contested || x != "" && split[t][n]
		}
	}
}

func (c *Claim) thing() (thing, [3]string) {
	k := keyOf(c.Facts, true)
	return k.thing, [3]string{k.CameDown, k.Asked, string(k.Due)}
}
