package view

import (
	"reflect"

	"suyuan/services/blank"
	"suyuan/services/calendar"
	"suyuan/services/caseroom"
	"suyuan/services/complaint"
	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
	"suyuan/services/nullifier"
	"suyuan/services/recipient"
	"suyuan/services/release"
	"suyuan/services/unit"
	"suyuan/services/view/docket"
)

// docketFolds hand the events of reports and cases, and of what goes with
// them, to the docket.
func docketFolds(add func(reflect.Type, fold)) {
	for _, list := range [][]ledger.Def{complaint.Events, caseroom.Events, nullifier.Events, issuerkey.Events, recipient.Events, release.Events, blank.Events} {
		for _, d := range list {
			add(d.Type, func(r *Rows, m moment, event any) {
				r.docket.Apply(docket.Event{
					Ordinal: m.ordinal, Type: d.Name, Stream: r.streams[r.events[m.ordinal-1].stream].name, At: m.Recorded, By: m.Actor, Body: event,
				})
			})
		}
	}
}

// Complaint is what a decision may know of a complaint.
func (f facts) Complaint(id string) (complaint.Fact, bool) { return f.r.docket.Fact(id) }

// Vouched is who vouches for an issuance that is in force.
func (f facts) Vouched(id string) (issuance.Source, bool) {
	h := f.r.issuanceAt.of(id)
	if h == none || !f.r.inForce(h, Now) {
		return "", false
	}
	return f.r.issuances[h].source, true
}

// IssuerKey finds an issuer key or batch of cards by its id.
func (f facts) IssuerKey(id string) (issuerkey.Fact, bool) { return f.r.docket.KeyFact(id) }

// IssuerKeys lists those of a county and quarter.
func (f facts) IssuerKeys(county, quarter string) []issuerkey.Fact {
	return f.r.docket.KeyFacts(county, quarter)
}

// HasCard reports whether a batch holds a card's hash.
func (f facts) HasCard(batch, hash string) bool { return f.r.docket.HasCard(batch, hash) }

// Spent is the complaint that a nullifier was spent for.
func (f facts) Spent(nullifier string) (string, bool) { return f.r.docket.SpentFor(nullifier) }

// Recipients lists every recipient, retired ones included.
func (f facts) Recipients() []recipient.Fact { return f.r.docket.RecipientFacts() }

// Calendar is that of the working days.
func (f facts) Calendar() *calendar.Calendar { return f.r.calendar }

// ReleasePool is what was filed and settled up to a day and not released.
func (f facts) ReleasePool(until ledger.Date) release.Pool { return f.r.docket.Pool(until) }

// MergedInto is the unit that another was merged into.
func (f facts) MergedInto(code string) string {
	if h := f.r.unitOf(code); h != none {
		return f.r.code(f.r.units[h].into)
	}
	return ""
}

// Staffed reports whether a unit and those below it have at least so many
// people on record.
func (f facts) Staffed(code string, least int64) bool {
	sum, r := int64(0), f.r
	from, to := r.territory(code)
	for _, h := range r.order[from:to] {
		if sum += r.units[h].rest().staff; sum >= least {
			return true
		}
	}
	for h := r.ordered; h < len(r.units); h++ { // not ranked yet
		if unit.Contains(code, r.units[h].code) {
			sum += r.units[h].rest().staff
		}
	}
	return sum >= least
}
