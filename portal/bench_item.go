package portal

import (
	"slices"
	"strings"

	"suyuan/services/ledger"
)

// benchOutcome is a penalised outcome with what reviewers know of it.
type benchOutcome struct {
	penaltyData
	Statements []statement
	Evidence   *evidence
	// Explanation is what would be computed from what is known now.
	Explanation *explanation
	Findings    []benchFinding
}

// statement is what a reviewer stated besides the record.
type statement struct {
	Point    string
	Unit     *unitRef
	Value    string
	By       *unitRef
	OnPaper  string
	Reason   string
	Document *documentRef
	Event    eventRef
}

// evidence is what counts, and what only a reviewer can answer.
type evidence struct {
	Points    []evidencePoint
	Questions []struct {
		Point string
		Unit  *unitRef
		Text  ledger.Text
	}
	Originating *unitRef
	Provisional bool
}

// benchItemPage is where reviewers work on an outcome and its finding.
type benchItemPage struct {
	*Page
	Outcome benchOutcome
	Finding *findingData // the newest round, nil where there is none
	Why     *division    // of the finding; without one, what would be computed now
	Now     []share      // shares after appeals, where these changed any
	Chain   *chainView   // who added what
	Moved   bool         // what is known now gives another explanation than the finding has
	Acts    acts
	Waits   []waiting
	Today   string
	Units   []unitRef // of the case
	Rules   []choice
	live    *benchFinding
}

var noOutcome = ledger.Text{Zh: "没有这条问责结果。", En: "There is no such outcome."}

func (s *site) benchItem(p *Page) (reply, error) {
	view, err := s.benchItemView(p)
	if err != nil {
		return reply{}, err
	}
	return reply{page: "bench_item", data: view}, nil
}

func (s *site) benchItemDo(p *Page) (reply, error) {
	view, err := s.benchItemView(p)
	if err != nil {
		return reply{}, err
	}
	f, err := p.posted()
	if err != nil {
		return reply{}, err
	}
	got, err := p.do(&view.Acts, f, nil, seals{})
	if err != nil {
		return shown("bench_item", view, err)
	}
	return got, nil
}

// benchItemView is the page. Who is tied to a unit concerned, or recused, is
// shown the outcome as everybody is, without evidence, finding or acts.
func (s *site) benchItemView(p *Page) (*benchItemPage, error) {
	if err := p.needs(ledger.Reviewer, ledger.Investigator); err != nil {
		return nil, err
	}
	id, err := p.id("id")
	if err != nil {
		return nil, err
	}
	got, err := ask[struct{ Penalty *benchOutcome }](p.r.Context(), s, "bench_item", map[string]any{"id": id})
	if err == nil && got.Penalty == nil {
		err = missing(noOutcome)
	}
	if err != nil {
		return nil, err
	}
	view := &benchItemPage{Page: p, Outcome: *got.Penalty, Today: p.today()}
	if err := s.benchRound(view); err != nil {
		return nil, err
	}
	if view.Rules, err = s.ruleChoices(p, true); err != nil {
		return nil, err
	}
	view.Units = view.named()
	view.Chain = p.chain(view.Outcome.Chain)
	p.Title = view.Outcome.Title
	p.Crumbs = []Crumb{{p.say("bench.title"), p.To("bench")}, {Text: p.Title}}
	view.Acts, err = p.begin(view.all())
	return view, err
}

// benchRound looks at the newest finding, and puts its explanation, or what
// would be computed now, into words.
func (s *site) benchRound(v *benchItemPage) error {
	o := &v.Outcome
	now, shares := o.Explanation, []share(nil)
	if now != nil {
		shares = now.Shares
	}
	rounds, err := ask[struct {
		Penalty *struct{ Findings []benchFinding }
	}](v.r.Context(), s, "bench_rounds", map[string]any{"id": o.ID})
	if err != nil {
		return err
	}
	if rounds.Penalty != nil {
		o.Findings = rounds.Penalty.Findings
	}
	if len(o.Findings) > 0 {
		got, err := ask[struct{ Finding *findingData }](v.r.Context(), s, "finding", map[string]any{"id": o.Findings[0].ID})
		if err != nil {
			return err
		}
		v.Finding = got.Finding
	}
	if v.Finding != nil {
		v.live = &o.Findings[0]
		v.live.Mirrors, v.live.Shares, v.live.Originating = v.Finding.Mirrors, v.Finding.Shares, v.Finding.Originating
		v.live.Appeals = nil
		for _, a := range v.Finding.Appeals {
			v.live.Appeals = append(v.live.Appeals, benchAppeal{a.N, a.Units, a.Result})
		}
		for _, t := range v.Finding.Terms {
			v.live.Terms = append(v.live.Terms, findingTerm{t.Term, t.Unit, t.Due})
		}
		v.Waits = v.waits(v.live, v.Today)
		v.Moved = now != nil && v.live.at("DRAFT", "CHECKED", "HEARING") && now.Hash != v.Finding.Current.Hash
		now, shares = v.Finding.Current.Explanation, v.Finding.decided()
		v.Now = v.Finding.appealed()
	}
	if now != nil {
		v.Why = v.divide("bench", *now, shares, o.Kind, o.Measure, o.Executor.Name, v.say("bench.sharesTitle"))
		v.Why.suggest(v.Now)
	}
	return nil
}

// After is a unit's share after appeals.
func (v *benchItemPage) After(name string) string { return after(v.Now, name) }

// NowNobody is what appeals left to nobody where nobody had any before.
func (v *benchItemPage) NowNobody() string { return v.Finding.nowNobody() }

// named are the units of the case, for the lists that forms suggest.
func (v *benchItemPage) named() (units []unitRef) {
	add := func(u *unitRef) {
		if u != nil && !slices.Contains(units, *u) {
			units = append(units, *u)
		}
	}
	add(&v.Outcome.Executor)
	add(v.Outcome.Origin)
	if v.Why != nil {
		for _, s := range v.Why.Shares {
			add(s.Unit)
		}
	}
	for _, w := range v.Outcome.Warned {
		add(&w.Unit)
	}
	return units
}

// Defence are the statements of a unit, and what was answered.
func (v *benchItemPage) Defence(u *unitRef) (list []findingReply) {
	if v.Finding == nil || u == nil {
		return nil
	}
	for _, r := range v.Finding.Replies {
		if r.Unit.Code == u.Code {
			list = append(list, r)
		}
	}
	return list
}

// Tied reports whether the reader, who is a reviewer, has no part in this: what
// counts is not for him, or his unit is one of those of the case, or lies
// within one.
func (v *benchItemPage) Tied() bool {
	if !v.Actor.Is(ledger.Reviewer) {
		return false
	}
	return v.Outcome.Evidence == nil || slices.ContainsFunc(v.concerned(), func(u unitRef) bool { return liesIn(v.Actor.Unit, u.Code) })
}

// concerned are all units of the case: who decides about a finding must not
// belong to one of them, though it bear nothing.
func (v *benchItemPage) concerned() []unitRef {
	units := []unitRef{v.Outcome.Executor}
	if e := v.Outcome.Evidence; e != nil && e.Originating != nil {
		units = append(units, *e.Originating)
	}
	if v.Why != nil {
		for _, s := range v.Why.Shares {
			if s.Unit != nil {
				units = append(units, *s.Unit)
			}
		}
	}
	return units
}

// liesIn reports whether a unit is another or lies within its territory; an
// office has none.
func liesIn(own, other string) bool {
	if own == other {
		return own != ""
	}
	return own != "" && !strings.Contains(other, "-") && strings.HasPrefix(own, other)
}

// Corrects reports whether the reader may correct what is on record.
func (v *benchItemPage) Corrects() bool {
	return v.Actor.Is(ledger.Investigator) && v.Outcome.Into == nil
}

// Stated is the value of a statement: a word, or a number.
func (p *Page) Stated(value string) string {
	if known("statedValue", value) {
		return p.enum("statedValue", value)
	}
	return p.Num(value)
}

// Label names whom a share is about.
func (p *Page) Label(s share) string { return p.label(s.Name, s.Unit) }

// Votes are those of the panels.
func (v *benchItemPage) Votes() []benchVote {
	if v.live == nil {
		return nil
	}
	return v.live.Votes
}

// Removed says what a vote on an appeal takes away.
func (v *benchItemPage) Removed(x benchVote) string {
	var out []string
	for _, r := range x.Removals {
		out = append(out, v.say("bench.removedOne", "unit", r.Unit.Name, "points", r.Points))
	}
	if out == nil {
		return ""
	}
	return v.say("bench.removed", "list", strings.Join(out, v.say("list.comma")))
}

// Step is what happened, in the words of the public page.
func (v *benchItemPage) Step(s findingStep) string {
	return (&findingPage{Page: v.Page, Finding: *v.Finding}).Step(s)
}
