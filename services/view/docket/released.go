package docket

import (
	"errors"
	"time"

	"suyuan/services/complaint"
	"suyuan/services/ledger"
	"suyuan/services/release"
)

// Release is one part of a release with the event that holds it.
type Release struct {
	release.Published
	Ordinal uint64
}

func (d *Docket) release(part Release) {
	d.released = append(d.released, part)
	of := map[string][]release.Batch{}
	for _, b := range part.Reports {
		d.tell(b.Members)
		if b.Mandate != "" {
			of[b.Mandate] = append(of[b.Mandate], b)
		}
	}
	for _, b := range part.Answers {
		d.tell(b.Members)
	}
	for id, batches := range of {
		d.releasedOf[id] = append(d.releasedOf[id], Release{release.Published{Date: part.Date, Part: part.Part, Reports: batches}, part.Ordinal})
	}
}

func (d *Docket) tell(m release.Members) {
	for _, t := range m.Tags() {
		d.told[t] = struct{}{}
	}
}

// Releases are the parts of all releases in the order of the ledger; public.
func (d *Docket) Releases() []Release { return d.released }

// Published are the same without their events.
func (d *Docket) Published() []release.Published {
	parts := make([]release.Published, len(d.released))
	for i, r := range d.released {
		parts[i] = r.Published
	}
	return parts
}

// ReleasesOf are those parts with what they say of one mandate only.
func (d *Docket) ReleasesOf(mandate string) []Release { return d.releasedOf[mandate] }

// Never is after how many calendar days a complaint counts as not answered for
// good: the 60 days of the 信访工作条例 and the 30 that may be added (Art. 34).
const Never = 90

// Pool is what was filed and settled up to a day and never released; empty
// without the claims key. See release.Facts.
func (d *Docket) Pool(until ledger.Date) release.Pool {
	pool := release.Pool{Before: d.Published()}
	if d.key == nil {
		return pool
	}
	tags := release.NewTags(*d.key)
	for i := range d.complaints {
		c := &d.complaints[i]
		if !c.Readable || c.State.Withdrew || c.Day() > until {
			continue
		}
		if tag := tags.Report(c.ID); c.Counts() && !d.wasTold(tag) {
			pool.Reports = append(pool.Reports, d.report(c, tag))
		}
		if tag := tags.Answer(c.ID); !d.wasTold(tag) {
			if a, ok := d.settled(c, until); ok {
				a.Tag = tag
				pool.Answers = append(pool.Answers, a)
			}
		}
	}
	return pool
}

func (d *Docket) wasTold(t release.Tag) bool {
	_, told := d.told[t]
	return told
}

// proof is what vouches for a reporter. What a revoked key vouched for is of
// the open lane: whoever got hold of the key could have planted it.
func (d *Docket) proof(c *Complaint) release.Proof {
	f := c.State.Filed
	if !d.vouched(c) {
		return release.Proof{}
	}
	return release.Proof{Key: f.Key, Nullifier: f.Nullifier}
}

func (d *Docket) vouched(c *Complaint) bool {
	at, ok := d.keyAt[c.State.Filed.Key]
	return c.State.Filed.Lane == complaint.Verified && ok && !d.keys[at].Revoked
}

func (d *Docket) report(c *Complaint, tag release.Tag) release.Report {
	f := &c.Claim
	return release.Report{
		Tag: tag, Day: c.Day(), Proof: d.proof(c), Issuer: f.Issuer, Level: f.Level, Within: f.Within, Dimension: f.Dimension,
		Mandate: f.Mandate, Measure: f.Measure, CameDown: f.CameDown, Asked: f.Asked,
	}
}

// settled is a complaint about which nothing can change any more that a
// release tells: it is closed and its time to be rated or reviewed is over, or
// all ways are exhausted, or it was not answered in the longest time there is.
func (d *Docket) settled(c *Complaint, until ledger.Date) (release.Answer, bool) {
	if c.Sent.IsZero() {
		return release.Answer{}, false
	}
	a := release.Answer{Proof: d.proof(c), Handler: c.State.Handler}
	limit := ledger.DateOf(c.Sent.In(ledger.Beijing).AddDate(0, 0, Never))
	if answered := ledger.DateOf(c.Answered); c.Answered.IsZero() || answered > limit {
		a.Day = dayAfter(limit)
		return a, a.Day <= until
	}
	switch s := &c.State; s.Stage {
	case complaint.Over:
		a.Day = ledger.DateOf(c.Closed)
	case complaint.Ended:
		a.Day = max(ledger.DateOf(c.Closed), afterReview(s.Timing.Last))
	default:
		return a, false
	}
	days, err := d.working(ledger.DateOf(c.Round), ledger.DateOf(c.Answered))
	if err != nil {
		return a, false // a year that the calendar does not know yet: it waits
	}
	a.Responded, a.Days = true, days
	if r := c.State.Rating; r != nil {
		a.Solved, a.Satisfied = &r.Solved, &r.Satisfied
	}
	return a, a.Day <= until
}

// working is how many working days lie between two days.
func (d *Docket) working(from, to ledger.Date) (int, error) {
	cal := d.facts.Calendar()
	if cal == nil {
		return 0, errNoCalendar
	}
	return cal.Between(from, to)
}

var errNoCalendar = errors.New("docket: there is no calendar of working days")

// afterReview is the day from which neither a rating nor a review can arrive.
func afterReview(last time.Time) ledger.Date {
	if last.IsZero() {
		return ""
	}
	return ledger.DateOf(last.In(ledger.Beijing).AddDate(0, 0, complaint.ReviewDays+complaint.CutDays+1))
}

func dayAfter(d ledger.Date) ledger.Date { return ledger.DateOf(d.Time().AddDate(0, 0, 1)) }
