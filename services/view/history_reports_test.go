package view

import (
	"fmt"
	"slices"
	"time"

	"suyuan/services/caseroom"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/release"
	"suyuan/services/view/docket"
	"suyuan/services/view/docket/dockettest"
)

// reported is what a random history remembers of reports.
type reportedSoFar struct {
	maker      *dockettest.Reports
	batches    int
	complaints []string
	cases      []string
}

// offices may be handed a complaint: nothing below a county is.
var offices = []string{"990101-nyj", "990101-lyj", "9901-nyj", "99-nyt", "9901"}

// put is submit for a command as the subject has it.
func (h *history) put(by ledger.Actor, name string, input any) error {
	err := h.try(by, name, input)
	if err != nil {
		name += " refused " + errRule(err)
	}
	h.done[name]++
	return err
}

// told is a claim about something on record, or about something that is not.
func (h *history) told() claim.Facts {
	f := claim.Facts{
		Mandate: h.one(append(h.mandates, "")), Dimension: among(h, []mandate.Dimension{mandate.Quantity, mandate.Trace, mandate.Frequency}),
		CameDown: h.one([]string{"", "600", "1/7"}), Asked: h.one([]string{"", "690", "2/7"}), Minutes: among(h, []int{0, 30}), Forms: h.some(claim.Forms, 0, 2),
	}
	if f.Mandate == "" {
		f.Paper = "某政办发〔2026〕3号"
	} else if h.chance(2) && f.Dimension == mandate.Quantity {
		f.Measure = f.Mandate + "/area"
	}
	if h.chance(2) {
		f.Issuer, f.Within = h.one(h.units), h.one([]string{"", "990101", "99"})
	} else {
		f.Level, f.Within = h.one(claim.Levels[1:5]), h.one([]string{"990101", "990102", "9901"})
	}
	return f
}

func (h *history) cards() {
	if h.reports.batches == 2 {
		return
	}
	h.reports.batches++
	_ = h.reports.maker.Publish(h.put, "990101", "2026Q1", h.reports.batches, 60)
}

func (h *history) fileReport() {
	lane := complaint.Open
	if h.reports.batches > 0 && h.chance(2) {
		lane = complaint.Verified
	}
	h.lag = false // the spent card must be seen
	h.must(h.Wait(h.Context(), ledger.Position{}))
	if id, err := h.reports.maker.File(h.put, ledger.DateOf(h.now), lane, h.told()); err == nil {
		h.reports.complaints = append(h.reports.complaints, id)
	}
}

func (h *history) letter() {
	id := h.one(h.reports.complaints)
	if id == "" {
		return
	}
	f := claim.FollowUp{V: claim.Version, Act: among(h, claim.Acts)}
	if f.Act == claim.Rate {
		solved, satisfied := h.chance(2), h.chance(2)
		f.Solved, f.Satisfied = &solved, &satisfied
	}
	_ = h.reports.maker.Hear(h.put, id, ledger.DateOf(h.now), f)
}

// handle does the next thing to a complaint, whether it is in order or not.
func (h *history) handle() {
	id := h.one(h.reports.complaints)
	if id == "" {
		return
	}
	c, ok := h.rows().docket.Find(id)
	if !ok {
		return // the fold lags
	}
	s, handler := c.State, clerk(c.State.Handler)
	blob := dockettest.Blob(fmt.Sprint("message", h.keys), "")
	reviewer := as(ledger.Reviewer, "")
	next := map[complaint.Stage][]func(){
		complaint.Registered: {func() { _ = h.put(investigator, "complaint.accept", complaint.Accept{ID: id}) }},
		complaint.Taken:      {func() { _ = h.put(investigator, "complaint.dispatch", complaint.Dispatch{ID: id, To: h.one(offices)}) }},
		complaint.SentBack: {func() {
			_ = h.put(investigator, "complaint.dispatch", complaint.Dispatch{ID: id, To: h.one(offices), Days: 5})
		}},
		complaint.Sent: {
			func() { _ = h.put(handler, "complaint.sign_for", complaint.SignFor{ID: id}) },
			func() { _ = h.put(handler, "complaint.return", complaint.Return{ID: id, Reason: "不属本单位"}) },
		},
		complaint.Handling: {func() {
			_ = h.put(handler, "complaint.answer", complaint.Answer{ID: id, Message: blob, Outcome: among(h, complaint.Outcomes)})
		}},
		complaint.Replying: {func() {
			_ = h.put(investigator, "complaint.follow_up", complaint.FollowUp{ID: id, Confirmed: h.chance(2)})
		}},
		complaint.InReview: {func() {
			_ = h.put(reviewer, "complaint.decide_review", complaint.DecideReview{ID: id, Decision: complaint.Upheld, Message: blob})
		}},
		complaint.InFinal: {func() {
			_ = h.put(reviewer, "complaint.decide_review", complaint.DecideReview{ID: id, Decision: complaint.Upheld, Message: blob})
		}},
	}
	any := []func(){
		func() { _ = h.put(investigator, "complaint.ask", complaint.Ask{ID: id, Message: blob}) },
		func() { _ = h.put(investigator, "complaint.pause", complaint.Pause{ID: id, Reason: "待查"}) },
		func() { _ = h.put(investigator, "complaint.resume", complaint.Resume{ID: id}) },
		func() {
			_ = h.put(investigator, "complaint.recuse", complaint.Recuse{ID: id, Unit: h.one(h.units), Reason: "回避"})
		},
		func() {
			_ = h.put(investigator, "complaint.verify_claim", complaint.VerifyClaim{ID: id, Issuance: h.givenID()})
		},
		func() {
			_ = h.put(investigator, "complaint.disprove_claim", complaint.DisproveClaim{ID: id, Document: h.one(h.documents), Reason: "不符"})
		},
		func() {
			_ = h.put(investigator, "complaint.merge", complaint.Merge{ID: id, Into: h.one(h.reports.complaints)})
		},
		func() { _ = h.put(reviewer, "complaint.summarise", complaint.Summarise{ID: id, Text: "摘要"}) },
		func() { _ = h.put(investigator, "complaint.close", complaint.Close{ID: id}) },
		func() { _ = h.put(investigator, "complaint.redo", complaint.Redo{ID: id, Reason: "重办"}) },
	}
	if h.chance(4) {
		among(h, any)()
		return
	}
	if ways := next[s.Stage]; len(ways) > 0 {
		among(h, ways)()
	}
}

func (h *history) givenID() string {
	if g := h.anyIssuance(); g != nil {
		return g.id
	}
	return ""
}

func (h *history) caseWork() {
	if len(h.reports.cases) < 2 {
		id := fmt.Sprint("case", len(h.reports.cases))
		if h.put(investigator, "case.open", caseroom.Open{ID: id, Title: "案件", From: among(h, []caseroom.From{caseroom.FromFlags, caseroom.FromClaims}), Complaints: h.some(h.reports.complaints, 0, 2), About: h.some(h.units, 0, 1)}) == nil {
			h.reports.cases = append(h.reports.cases, id)
		}
		return
	}
	id := h.one(h.reports.cases)
	among(h, []func(){
		func() { _ = h.put(investigator, "case.assign", caseroom.Assign{ID: id, Account: "reviewer"}) },
		func() {
			_ = h.put(investigator, "case.link", caseroom.Link{ID: id, Complaints: h.some(h.reports.complaints, 1, 2)})
		},
		func() {
			_ = h.put(investigator, "case.note", caseroom.Note{ID: id, Note: dockettest.Blob(fmt.Sprint("note", h.keys), "")})
		},
		func() {
			_ = h.put(investigator, "case.close", caseroom.Close{ID: id, How: caseroom.Unfounded, Text: "查无"})
		},
	})()
}

// passes lets days go by, then looks at the clocks and releases what may be.
func (h *history) passes() {
	h.now = h.now.Add(time.Duration(h.between(1, 9)) * 24 * time.Hour)
	if h.chance(2) {
		_ = h.put(dockettest.System, "release.publish", release.Publish{Date: ledger.DateOf(h.now), Part: 1})
	}
	r := h.rows()
	for c := range r.docket.Running() {
		due, err := c.State.Timing.Due(c.ID, r.calendar, h.now)
		h.must(err)
		for _, d := range due {
			_ = h.put(dockettest.System, d.Command, d.Input)
		}
	}
	h.runOut()
}

// readers are the actors whose answers are compared.
var reportReaders = []ledger.Actor{{}, investigator, as(ledger.Investigator, "990101"), as(ledger.Reviewer, ""), clerk("990101001"), clerk("990101"), as(ledger.Auditor, "")}

// reportAnswers are all that the read model tells of reports, by question.
func reportAnswers(r *Rows, all map[string]any) {
	for _, by := range reportReaders {
		list, err := r.Complaints(by, ComplaintQuery{}, whole)
		cases, _ := r.Cases(by, whole)
		key := "docket of " + by.Account
		all[key] = []any{or(list, err), each(list.Items, ofComplaint(r)), cases, each(cases.Items, ofCase(r))}
	}
	recipients, err := r.Recipients(whole)
	keys, err2 := r.IssuerKeys("", "", whole)
	releases, err3 := r.Releases(whole)
	all["docket keys"] = []any{or(recipients, err), or(keys, err2), or(releases, err3), r.UnreadableClaims(), r.BatchCount()}
	for _, by := range []release.Grouping{release.Whole, release.ByBoth, release.ByClaim, release.ByUnit, release.ByWeek} {
		all["docket figures "+string(by)] = or(r.Statistics(release.Query{Metric: release.Reports, GroupBy: by}))
	}
	all["docket pool"] = r.docket.Pool("2027-01-01")
	for _, m := range r.mandates {
		for _, by := range reportReaders {
			all["docket claims "+m.id+by.Account] = each(r.docket.For(by).Claims(m.id), func(c docket.Claim) any {
				return []any{c.Facts, len(c.Complaints), c.Independent, c.Open, c.Contested, c.Issuances, c.Documents}
			})
		}
	}
	var running []string
	for c := range r.docket.Running() {
		running = append(running, c.ID)
	}
	all["docket running"] = running
}

func ofComplaint(r *Rows) func(Complaint) any {
	return func(c Complaint) any {
		return []any{
			c, r.ComplaintReported(c), r.ComplaintInto(c), r.ComplaintLetters(c), r.ComplaintMessages(c), r.ComplaintIssuances(c), r.ComplaintDocuments(c),
			r.ComplaintRecusals(c), r.ComplaintSteps(c), r.ComplaintCases(c),
		}
	}
}

func ofCase(r *Rows) func(Case) any {
	return func(c Case) any {
		return []any{c, r.CaseComplaints(c), r.CaseDocuments(c), r.CaseIssuances(c), r.CaseNotes(c), r.CaseRequests(c), r.CaseSteps(c)}
	}
}

// no actor is shown what complaint.Recused keeps from him, by whichever way
// he comes to it; nor anything where the claims key is not there.
func (h *history) recusals() {
	r := h.rows()
	locked, err := New(h.events, h.verifier, WithCalendar(h.calendar))
	h.must(err)
	for _, e := range h.records() {
		h.must(locked.Apply(e))
	}
	for _, code := range h.units {
		for _, role := range []ledger.Role{ledger.Investigator, ledger.Reviewer, ledger.Clerk} {
			by := as(role, code)
			list, err := r.Complaints(by, ComplaintQuery{}, whole)
			h.must(err)
			var shown []string
			for _, c := range list.Items {
				shown = append(shown, c.ID)
			}
			if list.Total != len(shown) {
				h.Fatalf("%s: %d complaints of %d", by.Account, len(shown), list.Total)
			}
			for c := range r.docket.All() {
				fact, _ := r.docket.Fact(c.ID)
				may := complaint.MayRead(by, fact.Named, c.State.Handler, facts{r})
				if may && complaint.Recused(by, fact.Named, facts{r}) || slices.Contains(shown, c.ID) != may || (r.Complaint(by, c.ID) != nil) != may {
					h.Fatalf("%s: complaint %s shown: %v, may: %v", by.Account, c.ID, slices.Contains(shown, c.ID), may)
				}
			}
			locked.Read(func(r *Rows) {
				if list, err := r.Complaints(by, ComplaintQuery{}, whole); err != nil || list.Total != 0 || len(list.Items) != 0 {
					h.Fatalf("%s sees %d complaints without the claims key: %v", by.Account, list.Total, err)
				}
			})
		}
	}
}
