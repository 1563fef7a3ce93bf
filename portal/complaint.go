package portal

import (
	"context"

	"suyuan/services/ledger"
)

// complaintData is a complaint with all that its reader may know of it.
type complaintData struct {
	complaintRow
	Reported  *complaintFacts
	Claim     *complaintClaim
	Into      *struct{ ID string }
	Letters   []complaintLetter
	Messages  []complaintMessage
	Issuances []issuanceRef
	Documents []documentRef
	Summary   string
	Recusals  []complaintRecusal
	Cases     []struct{ ID, Title string }
	Steps     []complaintStep
}

// complaintFacts are what the reporter tapped, in figures.
type complaintFacts struct {
	CameDown, Asked, Due, Minutes string
	Forms                         []string
	Motive                        string
}

// complaintClaim is how many reports say the same, and how many of them are
// surely of different people.
type complaintClaim struct {
	Reports, Independent string
	Contested            bool
}

type complaintLetter struct{ Day, Act, Blob, Class string }

type complaintMessage struct{ Day, What, Blob string }

type complaintRecusal struct {
	Account string
	Unit    *unitRef
	Reason  string
}

type complaintStep struct {
	What, Day string
	Meaning   ledger.Text
	Role      string
	Unit      *unitRef
	To        string
	Word      string
	Text      string
	Days      int
}

type complaintPage struct {
	*Page
	Complaint complaintData
	Otherwise *otherwise
	Acts      acts
	Today     string
	Opens     bool      // letters and messages are the reader's to open
	Protects  bool      // so is retaliation
	Units     []unitRef // that could handle it
	Bundle    string    // the script that opens narratives, and its sum
	Sum       string
	Server    string
}

// complaint shows one, and what its reader may do with it.
func (s *site) complaint(p *Page) (reply, error) {
	view, err := s.complaintView(p)
	if err != nil {
		return reply{}, err
	}
	return reply{page: "complaint", data: view}, nil
}

// complaintDo does what was posted.
func (s *site) complaintDo(p *Page) (reply, error) {
	view, err := s.complaintView(p)
	if err != nil {
		return reply{}, err
	}
	f, err := p.posted()
	if err != nil {
		return reply{}, err
	}
	d, err := s.desk()
	if err != nil {
		return reply{}, err
	}
	id := view.Complaint.ID
	got, err := p.do(&view.Acts, f, map[string]any{"id": id}, seals{message: func(ctx context.Context, text string, to Audience) (Sealed, error) {
		return d.Message(ctx, p.Actor, id, f.key, text, to)
	}})
	if err != nil {
		return shown("complaint", view, err)
	}
	return got, nil
}

// complaintView is the page; whoever may not see the complaint is told that
// there is none.
func (s *site) complaintView(p *Page) (*complaintPage, error) {
	if err := p.needs(ledger.Investigator, ledger.Reviewer, ledger.Clerk); err != nil {
		return nil, err
	}
	id, err := p.id("id")
	if err != nil {
		return nil, err
	}
	got, err := ask[struct{ Complaint *complaintData }](p.r.Context(), s, "complaint", map[string]any{"id": id})
	if err == nil && got.Complaint == nil {
		err = missing(noComplaint)
	}
	if err != nil {
		return nil, err
	}
	view := &complaintPage{Page: p, Complaint: *got.Complaint, Today: p.today(), Server: s.options.Public}
	c := &view.Complaint
	view.Opens = c.Letters != nil
	if d := s.options.Desk; d != nil {
		view.Protects = d.Protects(p.Actor, id)
	}
	if !view.Protects {
		c.withoutRetaliation()
	}
	if c.Claim != nil && c.Claim.Contested && c.Reported != nil {
		if view.Otherwise, err = s.otherwise(p, c); err != nil {
			return nil, err
		}
	}
	view.Units = c.above()
	if f := s.static.narrative; f.Name != "" && view.Opens {
		view.Bundle, view.Sum = f.Path(), sumOf(f)
		p.w.Header().Set("Content-Security-Policy", openingPolicy)
	}
	if view.Server == "" {
		view.Server = "http://" + p.r.Host
	}
	p.Title = p.say("complaint.title", "id", c.Short())
	p.Crumbs = []Crumb{{p.say("complaints.title"), p.To("complaints")}, {Text: c.Short()}}
	view.Acts, err = p.begin(view.all())
	return view, err
}

// openingPolicy is the policy of a page whose script fetches what is sealed.
const openingPolicy = policy + "; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"

// withoutRetaliation leaves out what is for those above the named unit alone.
func (c *complaintData) withoutRetaliation() {
	var letters []complaintLetter
	for _, l := range c.Letters {
		if l.Act != "RETALIATION" {
			letters = append(letters, l)
		}
	}
	var messages []complaintMessage
	for _, m := range c.Messages {
		if m.What != "complaint.retaliation_answered" {
			messages = append(messages, m)
		}
	}
	c.Letters, c.Messages = letters, messages
}

// above are the units above whom the claim names: those that may handle it.
func (c *complaintData) above() []unitRef {
	switch {
	case c.Issuer != nil:
		return c.Issuer.Path
	case c.Within != nil:
		return c.Within.Path
	}
	return nil
}

// otherwise are the reports of the same that say otherwise.
type otherwise struct {
	N     int
	First []complaintOther
}

type complaintOther struct {
	ID, Stage      string
	Issuer, Within *struct{ Code string }
	Level          string
	Measure        *struct{ ID string }
	Reported       *complaintFacts
}

// mostOthers bounds the contradicting reports that a page names.
const mostOthers = 10

// about is who is said to have added, and of what.
func about(issuer, level, within, measure string) string {
	if issuer != "" {
		return issuer + " " + measure
	}
	return level + " " + within + " " + measure
}

func (s *site) otherwise(p *Page, c *complaintData) (*otherwise, error) {
	got, err := ask[struct{ Complaints connection[complaintOther] }](p.r.Context(), s, "complaint_alike", map[string]any{"mandate": c.Mandate.ID, "dimension": c.Dimension})
	if err != nil {
		return nil, err
	}
	code := func(u *struct{ Code string }) string {
		if u == nil {
			return ""
		}
		return u.Code
	}
	mine := func() string {
		var issuer, within, measure string
		if c.Issuer != nil {
			issuer = c.Issuer.Code
		}
		if c.Within != nil {
			within = c.Within.Code
		}
		if c.Measure != nil {
			measure = c.Measure.ID
		}
		return about(issuer, c.Level, within, measure)
	}()
	out := &otherwise{}
	for _, o := range got.Complaints.Nodes() {
		measure := ""
		if o.Measure != nil {
			measure = o.Measure.ID
		}
		if o.ID == c.ID || o.Stage == "NOT_ACCEPTED" || o.Reported == nil || about(code(o.Issuer), o.Level, code(o.Within), measure) != mine ||
			o.Reported.CameDown == c.Reported.CameDown && o.Reported.Asked == c.Reported.Asked {
			continue
		}
		if out.N++; len(out.First) < mostOthers {
			out.First = append(out.First, o)
		}
	}
	return out, nil
}

// Held reports whether a follow-up found the answer true.
func (c *complaintData) Held() bool { return c.Confirmed != nil && *c.Confirmed }

// Reported shows a figure that was reported, with the measure's unit where one
// is named.
func (p *Page) Reported(m *measure, value string) (string, error) {
	if m == nil {
		return p.Num(value), nil
	}
	return p.Amount(*m, value)
}

// Word says a word of the ledger; what is none is text as it was written.
func (p *Page) Word(w string) (string, error) {
	if known("word", w) {
		return p.Enum("word", w)
	}
	return w, nil
}

// Role says in which role something was done; the system has none.
func (p *Page) Role(role string) string {
	if known("role", role) {
		return p.enum("role", role)
	}
	return p.say("step.system")
}
