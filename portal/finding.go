package portal

import (
	"html/template"
	"slices"
	"strings"

	"suyuan/services/figure"
	"suyuan/services/ledger"
)

// findingPage is a finding as its reader may see it: the shares, why each unit
// carries its own, and what happened to it.
type findingPage struct {
	*Page
	Finding  findingData
	Claim    string
	Happened []string
	Why      *division
	Now      []share // shares after appeals, where these changed any
	Chain    *chainView
	Asked    *askedView
	Objected objections // who objected beforehand, and what came of it
	Basis    []basisRow
	Acts     acts
	Today    string
}

// chainView is who added what on the way to the executor.
type chainView struct {
	Trace   traceData
	Wording wording
	Picture template.HTML
}

var noFinding = ledger.Text{Zh: "没有这份认定，或者尚未公开。", En: "There is no such finding, or it is not public yet."}

func (s *site) finding(p *Page) (reply, error) {
	view, err := s.findingView(p)
	if err != nil {
		return reply{}, err
	}
	if p.wantsSheet("") {
		return reply{sheet: view.sharesSheet()}, nil
	}
	return reply{page: "finding", data: view}, nil
}

// findingView is the page; whoever may not see the finding is told that there
// is none.
func (s *site) findingView(p *Page) (*findingPage, error) {
	id, err := p.id("id")
	if err != nil {
		return nil, err
	}
	got, err := ask[struct{ Finding *findingData }](p.r.Context(), s, "finding", map[string]any{"id": id})
	if err == nil && got.Finding == nil {
		err = missing(noFinding)
	}
	if err != nil {
		return nil, err
	}
	view := &findingPage{Page: p, Finding: *got.Finding, Today: p.today()}
	f := &view.Finding
	about, err := ask[struct {
		Finding *struct{ Penalty penaltyData }
	}](p.r.Context(), s, "finding_outcome", map[string]any{"id": id})
	if err != nil {
		return nil, err
	}
	if about.Finding != nil {
		f.Penalty = about.Finding.Penalty
	}
	view.Claim = p.claimOf(f)
	view.Happened = p.happenedThen(f)
	if x := f.Current.Explanation; x != nil {
		view.Why = p.divide("s", *x, f.decided(), f.Penalty.Kind, f.Penalty.Measure, f.Penalty.Executor.Name, view.Claim)
		view.Objected = objectedOf(x.Points)
	}
	view.Now = f.appealed()
	view.Why.suggest(view.Now)
	if view.Asked = p.asked(&f.Penalty, f.Current.Explanation.points()); view.Asked == nil {
		view.Chain = p.chain(f.Penalty.Chain)
	}
	view.Basis = f.basis()
	p.Title = view.Claim
	p.Crumbs = []Crumb{{p.say("findings.title"), p.To("findings")}, {Text: f.Penalty.Title}}
	view.Acts, err = p.begin(view.all())
	return view, err
}

// decided are the shares as the panel had them, before any appeal.
func (f *findingData) decided() []share {
	if f.Current.Shares != nil {
		return f.Current.Shares
	}
	return f.Shares
}

func otherThan(before, after []share) bool {
	if len(after) == 0 {
		return false
	}
	for _, s := range after {
		at := slices.IndexFunc(before, func(b share) bool { return b.Name == s.Name })
		if at < 0 && s.Points > 0 || at >= 0 && before[at].Points != s.Points {
			return true
		}
	}
	return false
}

// After is a unit's share after appeals.
func (v *findingPage) After(name string) string { return after(v.Now, name) }

// NowNobody is what appeals left to nobody where nobody had any before.
func (v *findingPage) NowNobody() string { return v.Finding.nowNobody() }

// PutRight reports whether what the finding says does not hold any more, or not
// all of it: then the correction stands beside it.
func (v *findingPage) PutRight() bool {
	return v.Finding.At("VARIED", "OVERTURNED", "SUPERSEDED") || v.Finding.Correction != nil
}

// mostNamedShares is how many units a headline names.
const mostNamedShares = 3

// claimOf is the finding in a sentence.
func (p *Page) claimOf(f *findingData) string {
	return p.standing(f.Stage, p.issuedClaim(f))
}

// standing marks what a finding claims where it does not hold any more, or not
// all of it.
func (p *Page) standing(stage, claim string) string {
	switch stage {
	case "OVERTURNED":
		return p.say("finding.overturned", "claim", claim)
	case "VARIED":
		return p.say("finding.varied", "claim", claim)
	case "SUPERSEDED":
		return p.say("finding.replaced", "claim", claim)
	}
	return claim
}

// issuedClaim is what it said when it was issued. A headline takes two lines:
// where the names of those who carry it do not fit, they stand below.
func (p *Page) issuedClaim(f *findingData) string {
	shares := f.decided()
	claim := p.claimWith(f, p.Shared(shares))
	if !p.fits(p.standing(f.Stage, claim)) {
		if short := p.sharedInShort(shares); short != "" {
			claim = p.claimWith(f, short)
		}
	}
	return claim
}

func (p *Page) claimWith(f *findingData, who string) string {
	x := f.Current.Explanation
	switch {
	case x != nil && x.NoShortfall, who == "":
		return p.say("finding.nothing", "executor", f.Penalty.Executor.Name)
	case x != nil && x.Shortfall != "" && f.Penalty.Measure != nil && f.Penalty.Kind != "COMPETING":
		e := explained{Page: p, kind: f.Penalty.Kind, measure: f.Penalty.Measure}
		return p.sentence(e.say(e.word("finding.short"), "executor", f.Penalty.Executor.Name, "gap", e.size(figure.Parse(x.Shortfall)), "who", who))
	}
	return p.sentence(p.say("finding.about", "title", f.Penalty.Title, "who", who))
}

// happened says what was penalised, and how, in a sentence or two.
func (p *Page) happened(o *penaltyData) []string {
	day, err := p.Day(o.Occurred)
	if err != nil {
		panic(err)
	}
	first := p.say("finding.happened", "day", day, "title", o.Title)
	if required, verified := figure.Parse(o.Required), figure.Parse(o.Verified); o.Kind == "QUANTITY" && o.Measure != nil && o.Mandate != nil && o.Required != "" && o.Verified != "" {
		key := "finding.fellShort"
		if towards(*o.Measure, required.Sub(verified)).Sign() <= 0 { // as put right since
			key = "finding.asAsked"
		}
		first = p.say(key, "day", day, "executor", o.Executor.Name, "mandate", o.Mandate.Title, "measure", o.Measure.Name,
			"required", p.size(*o.Measure, required), "verified", p.size(*o.Measure, verified))
	}
	return append([]string{first}, p.Measures(&o.penaltyRow)...)
}

func (p *Page) chain(t *traceData) *chainView {
	if t == nil {
		return nil
	}
	return &chainView{*t, p.find(*t), p.picture(*t, "chain")}
}

// sharesSheet lists the shares.
func (v *findingPage) sharesSheet() *sheet {
	f := &v.Finding
	t := &sheet{name: "finding-" + f.ID, head: v.heads("col.unit", "col.code", "col.points", "col.mass", "col.because", "col.pointsNow")}
	because := map[string]string{}
	if v.Why != nil {
		for _, part := range v.Why.Shares {
			because[part.Name] = strings.Join(part.Because, "；")
		}
	}
	now := map[string]int{}
	for _, s := range f.Shares {
		now[s.Name] = s.Points
	}
	row := func(s share, before string) {
		code := ""
		if s.Unit != nil {
			code = s.Unit.Code
		}
		t.rows = append(t.rows, []string{v.label(s.Name, s.Unit), code, before, s.Mass, because[s.Name], itoa(now[s.Name])})
	}
	for _, s := range f.decided() {
		row(s, itoa(s.Points))
	}
	for _, s := range f.Shares {
		if !slices.ContainsFunc(f.decided(), func(d share) bool { return d.Name == s.Name }) {
			row(s, "0")
		}
	}
	return t
}
