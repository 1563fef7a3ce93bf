package mandate

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
	"suyuan/services/unit"
)

// known is what decisions see; a unit whose code begins with ! was merged.
type known struct{ units, documents []string }

func (k known) Unit(code string) (unit.Fact, bool) {
	merged := slices.Contains(k.units, "!"+code)
	return unit.Fact{Code: code, Merged: merged}, merged || slices.Contains(k.units, code)
}
func (k known) HasDocument(id string) bool { return slices.Contains(k.documents, id) }

func TestDecide(t *testing.T) {
	type c = ledgertest.Case[State, Facts]
	type events = []ledger.Evolver[State]
	clerk := ledger.Actor{Account: "c", Roles: []ledger.Role{ledger.Clerk}, Unit: "9901"}
	stranger := ledger.Actor{Account: "d", Roles: []ledger.Role{ledger.Clerk}, Unit: "990101"}
	investigator := ledger.Actor{Account: "i", Roles: []ledger.Role{ledger.Investigator}, Unit: "99-jw"}
	elsewhere := ledger.Actor{Account: "j", Roles: []ledger.Role{ledger.Investigator}, Unit: "990101-jw"}

	area := Measure{Key: "area", Name: "面积", Kind: Divisible, Dimension: Quantity, Unit: "亩"}
	task := Issued{ID: "task", Title: "退林还耕", Field: "农业", Origin: "9901", Measures: []Measure{area}}
	change := func(how func(p *Issued)) Issue {
		p := task
		how(&p)
		return Issue{Issued: p}
	}
	measured := func(how func(m *Measure)) Issue {
		m := area
		how(&m)
		return change(func(p *Issued) { p.Measures = []Measure{m} })
	}
	limit := Constraint{Key: "firms", Author: "9901", Text: "至少三家", Terms: []Term{{"firms", 1}}, Is: "at_least", Value: 3}
	bound := func(how func(x *Constraint)) Issue {
		x := limit
		x.Terms = slices.Clone(x.Terms)
		how(&x)
		return change(func(p *Issued) { p.Constraints = []Constraint{x} })
	}
	revised := func(how func(r *Revised)) Revise {
		r := Revised{Document: "paper"}
		how(&r)
		return Revise{ID: "task", Revised: r}
	}
	days := Measure{Key: "days", Name: "时限", Kind: Intensity, Dimension: Deadline, Harder: "lower", Hours: "working"}
	var many []Measure
	for i := range 51 {
		m := area
		m.Key = fmt.Sprintf("m%d", i)
		many = append(many, m)
	}

	seen := ledgertest.Run[State, Facts](t, known{[]string{"9901", "990101", "!9909"}, []string{"paper"}}, []c{
		{Name: "a unit sets a task", By: clerk, When: Issue{Issued: task}, Then: events{task}},
		{Name: "with a condition", By: clerk, When: bound(func(*Constraint) {}), Then: events{bound(func(*Constraint) {}).Issued}},
		{Name: "an investigator enters it from its document", By: investigator, When: change(func(p *Issued) { p.Document = "paper" }), Then: events{change(func(p *Issued) { p.Document = "paper" }).Issued}},
		{Name: "which he names", By: investigator, When: Issue{Issued: task}, Refused: "invalid document.required at document"},
		{Name: "within his territory", By: elsewhere, When: change(func(p *Issued) { p.Document = "paper" }), Refused: "forbidden unit.outside_jurisdiction"},
		{Name: "a clerk writes for its own unit", By: stranger, When: Issue{Issued: task}, Refused: "forbidden unit.other_unit"},
		{Name: "nobody else does", By: ledger.Actor{Account: "x", Roles: []ledger.Role{ledger.Admin}}, When: Issue{Issued: task}, Refused: "forbidden unit.clerks_only"},
		{Name: "a task is set once", By: clerk, Given: events{task}, When: Issue{Issued: task}, Refused: "conflict mandate.already_issued at id"},
		{Name: "it has an id", By: clerk, When: change(func(p *Issued) { p.ID = "a--b" }), Refused: "invalid input.id at id"},
		{Name: "a title", By: clerk, When: change(func(p *Issued) { p.Title = "　" }), Refused: "invalid input.missing at title"},
		{Name: "a field", By: clerk, When: change(func(p *Issued) { p.Field = "" }), Refused: "invalid input.missing at field"},
		{Name: "an origin", By: clerk, When: change(func(p *Issued) { p.Origin = "" }), Refused: "invalid unit.code at origin"},
		{Name: "measures", By: clerk, When: change(func(p *Issued) { p.Measures = nil }), Refused: "invalid input.count at measures"},
		{Name: "not too many", By: clerk, When: change(func(p *Issued) { p.Measures = many }), Refused: "invalid input.count at measures"},
		{Name: "a date within a year", By: clerk, When: Issue{Issued: task, Effective: "2999-01-01"}, Refused: "invalid input.effective at effective"},
		{Name: "a date in the calendar", By: clerk, When: Issue{Issued: task, Effective: "2022-13-01"}, Refused: "invalid input.date at effective"},
		{Name: "an assumption says something", By: clerk, When: change(func(p *Issued) { p.Assumed = []string{"设定", ""} }), Refused: "invalid input.missing at assumed[1]"},
		{Name: "assumptions are few", By: clerk, When: change(func(p *Issued) { p.Assumed = slices.Repeat([]string{"设定"}, 51) }), Refused: "invalid input.count at assumed"},
		{Name: "its origin exists", By: ledger.Actor{Account: "c", Roles: clerk.Roles, Unit: "9902"}, When: change(func(p *Issued) { p.Origin = "9902" }), Refused: "refused unit.unknown at origin"},
		{Name: "its origin was not merged away", By: ledger.Actor{Account: "c", Roles: clerk.Roles, Unit: "9909"}, When: change(func(p *Issued) { p.Origin = "9909" }), Refused: "refused unit.merged_already at origin"},
		{Name: "its lead exists", By: clerk, When: change(func(p *Issued) { p.Lead = "9902" }), Refused: "refused unit.unknown at lead"},
		{Name: "its duty is an id", By: clerk, When: change(func(p *Issued) { p.Duty = "职责" }), Refused: "invalid input.id at duty"},
		{Name: "its document is there", By: clerk, When: change(func(p *Issued) { p.Document = "lost" }), Refused: "refused document.unknown at document"},

		{Name: "a measure has a key", By: clerk, When: measured(func(m *Measure) { m.Key = "a/b" }), Refused: "invalid input.id at measures[0].key"},
		{Name: "a name", By: clerk, When: measured(func(m *Measure) { m.Name = "" }), Refused: "invalid input.missing at measures[0].name"},
		{Name: "a kind", By: clerk, When: measured(func(m *Measure) { m.Kind = "number" }), Refused: "invalid input.word at measures[0].kind"},
		{Name: "a dimension", By: clerk, When: measured(func(m *Measure) { m.Dimension = "" }), Refused: "invalid input.word at measures[0].dimension"},
		{Name: "a direction", By: clerk, When: measured(func(m *Measure) { m.Harder = "up" }), Refused: "invalid input.word at measures[0].harder"},
		{Name: "hours", By: clerk, When: measured(func(m *Measure) { m.Hours = "office" }), Refused: "invalid input.word at measures[0].hours"},
		{Name: "a limit", By: clerk, When: measured(func(m *Measure) { m.Limit = "land" }), Refused: "invalid input.word at measures[0].limit"},
		{Name: "a short unit of measure", By: clerk, When: measured(func(m *Measure) { m.Unit = strings.Repeat("亩", 21) }), Refused: "invalid input.too_long at measures[0].unit"},
		{Name: "each once", By: clerk, When: change(func(p *Issued) { p.Measures = []Measure{area, area} }), Refused: "refused mandate.measure_twice at measures[1].key"},

		{Name: "a condition has words", By: clerk, When: bound(func(x *Constraint) { x.Text = "" }), Refused: "invalid input.missing at constraints[0].text"},
		{Name: "an author", By: clerk, When: bound(func(x *Constraint) { x.Author = "9902" }), Refused: "refused unit.unknown at constraints[0].author"},
		{Name: "words alone will do", By: clerk, When: bound(func(x *Constraint) { x.Terms, x.Is, x.Value = nil, "", 0 }), Then: events{bound(func(x *Constraint) { x.Terms, x.Is, x.Value = nil, "", 0 }).Issued}},
		{Name: "terms need a comparison", By: clerk, When: bound(func(x *Constraint) { x.Is = "" }), Refused: "invalid mandate.constraint_incomplete at constraints[0].is"},
		{Name: "a comparison needs terms", By: clerk, When: bound(func(x *Constraint) { x.Terms = nil }), Refused: "invalid mandate.constraint_incomplete at constraints[0].is"},
		{Name: "a comparison that is known", By: clerk, When: bound(func(x *Constraint) { x.Is = "about" }), Refused: "invalid input.word at constraints[0].is"},
		{Name: "a quantity is an id", By: clerk, When: bound(func(x *Constraint) { x.Terms[0].Quantity = "企业" }), Refused: "invalid mandate.constraint_term at constraints[0].terms"},
		{Name: "counted at least once", By: clerk, When: bound(func(x *Constraint) { x.Terms[0].Times = 0 }), Refused: "invalid mandate.constraint_term at constraints[0].terms"},
		{Name: "never below 0", By: clerk, When: bound(func(x *Constraint) { x.Value = -1 }), Refused: "invalid mandate.constraint_term at constraints[0].terms"},
		{Name: "each condition once", By: clerk, When: change(func(p *Issued) { p.Constraints = []Constraint{limit, limit} }), Refused: "refused mandate.constraint_twice at constraints[1].key"},

		{Name: "a task is revised", By: clerk, Given: events{task}, When: revised(func(r *Revised) { r.Measures = []Measure{days} }), Then: events{Revised{Document: "paper", Measures: []Measure{days}}}},
		{Name: "by its origin", By: stranger, Given: events{task}, When: revised(func(r *Revised) { r.Title = "新" }), Refused: "forbidden unit.other_unit"},
		{Name: "by a document", By: clerk, Given: events{task}, When: Revise{ID: "task", Revised: Revised{Title: "新"}}, Refused: "invalid mandate.revised_without_document at document"},
		{Name: "that is there", By: clerk, Given: events{task}, When: revised(func(r *Revised) { r.Document = "lost" }), Refused: "refused document.unknown at document"},
		{Name: "a title is not blanked", By: clerk, Given: events{task}, When: revised(func(r *Revised) { r.Title = "  " }), Refused: "invalid input.missing at title"},
		{Name: "no measure a second time", By: clerk, Given: events{task}, When: revised(func(r *Revised) { r.Measures = []Measure{area} }), Refused: "refused mandate.measure_twice at measures[0].key"},
		{Name: "also one that a revision brought", By: clerk, Given: events{task, Revised{Document: "paper", Measures: []Measure{days}}}, When: revised(func(r *Revised) { r.Measures = []Measure{days} }), Refused: "refused mandate.measure_twice at measures[0].key"},
		{Name: "nor too many in all", By: clerk, Given: events{task}, When: revised(func(r *Revised) { r.Measures = many[:50] }), Refused: "invalid input.count at measures"},
		{Name: "no condition a second time", By: clerk, Given: events{bound(func(*Constraint) {}).Issued}, When: revised(func(r *Revised) { r.Constraints = []Constraint{limit} }), Refused: "refused mandate.constraint_twice at constraints[0].key"},
		{Name: "what was not set is not revised", By: clerk, When: revised(func(r *Revised) { r.Title = "新" }), Refused: "refused mandate.unknown"},

		{Name: "a task is taken back", By: clerk, Given: events{task}, When: Withdraw{ID: "task", Withdrawn: Withdrawn{Reason: "减负"}}, Then: events{Withdrawn{Reason: "减负"}}},
		{Name: "with a reason", By: clerk, Given: events{task}, When: Withdraw{ID: "task"}, Refused: "invalid input.missing at reason"},
		{Name: "by its origin", By: stranger, Given: events{task}, When: Withdraw{ID: "task", Withdrawn: Withdrawn{Reason: "减负"}}, Refused: "forbidden unit.other_unit"},
		{Name: "once", By: clerk, Given: events{task, Withdrawn{Reason: "减负"}}, When: Withdraw{ID: "task", Withdrawn: Withdrawn{Reason: "减负"}}, Refused: "refused mandate.withdrawn_already"},
		{Name: "and then stays as it is", By: clerk, Given: events{task, Withdrawn{Reason: "减负"}}, When: revised(func(r *Revised) { r.Title = "新" }), Refused: "refused mandate.withdrawn_already"},
	})
	ledgertest.Complete(t, seen)
}

// Events share nothing: a revision does not write into the lists of the event
// before it.
func TestRevisedSharesNothing(t *testing.T) {
	measures := make([]Measure, 1, 8)
	var a, b State
	for _, s := range []*State{&a, &b} {
		Issued{ID: "task", Measures: measures}.Evolve(s)
	}
	Revised{Measures: []Measure{{Key: "a"}}}.Evolve(&a)
	Revised{Measures: []Measure{{Key: "b"}}}.Evolve(&b)
	if a.Measures[1].Key != "a" || b.Measures[1].Key != "b" {
		t.Fatalf("%v, %v", a.Measures, b.Measures)
	}
}

func TestSplitMeasure(t *testing.T) {
	for id, want := range map[string]bool{"task/area": true, "task": false, "/area": false, "task/": false, "task/a/b": false, "Task/area": false, "": false} {
		m, k, ok := SplitMeasure(id)
		if ok != want || ok && MeasureID(m, k) != id {
			t.Errorf("%q: %q %q %t", id, m, k, ok)
		}
	}
}
