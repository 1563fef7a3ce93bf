package issuance

import (
	"fmt"
	"slices"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
)

type (
	tc     = ledgertest.Case[State, Facts]
	events = []ledger.Evolver[State]
)

func clerk(unit string) ledger.Actor {
	return ledger.Actor{Account: "c", Roles: []ledger.Role{ledger.Clerk}, Unit: unit}
}

var (
	investigator = ledger.Actor{Account: "i", Roles: []ledger.Role{ledger.Investigator}, Unit: "99-jw"}
	outsider     = ledger.Actor{Account: "j", Roles: []ledger.Role{ledger.Investigator}, Unit: "9902-jw"}

	// 600 mu from the province to the city, 200 more a little later, and the
	// city's sheet to its counties.
	down600 = passed("p1", "99", nil, line("9901", area("600")), line("9902", area("100")))
	down200 = passed("p2", "99", nil, line("9901", area("200")))
	city    = passed("c1", "9901", []string{"p1"}, line("990101", area("400")), line("990102", area("200")))
	county  = passed("d1", "990101", []string{"c1"}, line("990101001", area("400")))
)

func handed() book { return library().and(down600, down200) }

func TestMake(t *testing.T) {
	cases := slices.Concat(makes(), whoWrites(), bases(), receivers(), kept(), overlapping(), parts(), approvals())
	seen := ledgertest.Run[State, Facts](t, handed(), cases)
	more := ledgertest.Run[State, Facts](t, handed(), slices.Concat(values(), changes()))
	ledgertest.Complete(t, seen, more)
}

func makes() []tc {
	full := command(city, func(c *Make) { c.Channel = "" })
	return []tc{
		{Name: "the origin passes its task down", By: clerk("99"), Facts: library(), When: command(down600), Then: events{down600}},
		{Name: "what was received is passed on; the channel is a document unless said", By: clerk("9901"), When: full, Then: events{city}},
		{Name: "on two bases", By: clerk("9901"), When: command(city, func(c *Make) { c.Basis = []string{"p2", "p1"} }), Then: events{passed("c1", "9901", []string{"p2", "p1"}, city.Lines...)}},
		{Name: "with a measure of the same mandate that is new: an addition", By: clerk("9901"), When: command(passed("c1", "9901", []string{"p1"}, line("990101", area("400"), Amount{Measure: "task/photos", Items: []string{"daily"}}))),
			Then: events{passed("c1", "9901", []string{"p1"}, line("990101", area("400"), Amount{Measure: "task/photos", Items: []string{"daily"}}))}},
		{Name: "with a mandate of the issuer's own beside it", By: clerk("9901"), When: command(passed("c1", "9901", []string{"p1"}, line("990101", area("400"), Amount{Measure: "ours/area", Value: "1"}))),
			Then: events{passed("c1", "9901", []string{"p1"}, line("990101", area("400"), Amount{Measure: "ours/area", Value: "1"}))}},
		{Name: "who received nothing may declare that it begins here", By: clerk("990103"), When: command(passed("x", "990103", nil, line("990103001", area("5"))), func(c *Make) { c.Origin = true }),
			Then: events{Made{ID: "x", Issuer: "990103", Origin: true, Lines: []Line{line("990103001", area("5"))}, Channel: "document", Source: Declared}}},
		{Name: "a level may be skipped: that is a flag", By: clerk("9901"), When: command(passed("c1", "9901", []string{"p1"}, line("990101001001", area("600")))), Then: events{passed("c1", "9901", []string{"p1"}, line("990101001001", area("600")))}},
	}
}

func whoWrites() []tc {
	own := command(city)
	withPaper := command(city, func(c *Make) { c.Document = "paper" })
	entered := city
	entered.Document, entered.Source = "paper", Verified
	return []tc{
		{Name: "a clerk writes for its own unit", By: clerk("9902"), When: own, Refused: "forbidden unit.other_unit"},
		{Name: "not for a department of it either", By: clerk("9901-nyj"), When: own, Refused: "forbidden unit.other_unit"},
		{Name: "a reviewer writes none", By: ledger.Actor{Account: "r", Roles: []ledger.Role{ledger.Reviewer}, Unit: "9901"}, When: own, Refused: "forbidden unit.clerks_only"},
		{Name: "an investigator enters a document, which counts as verified", By: investigator, When: withPaper, Then: events{entered}},
		{Name: "and names it", By: investigator, When: own, Refused: "invalid document.required at document"},
		{Name: "in his own territory", By: outsider, When: withPaper, Refused: "forbidden unit.outside_jurisdiction"},
		{Name: "an issuance is made once", By: clerk("9901"), Given: events{city}, When: own, Refused: "conflict issuance.already_made at id"},
		{Name: "it has an id", By: clerk("9901"), When: command(city, func(c *Make) { c.ID = "C1" }), Refused: "invalid input.id at id"},
		{Name: "an issuer's code", By: clerk("99x"), When: command(city, func(c *Make) { c.Issuer = "99x" }), Refused: "invalid unit.code at issuer"},
		{Name: "an issuer that is there", By: clerk("9901-lost"), When: command(city, func(c *Make) { c.Issuer = "9901-lost" }), Refused: "refused unit.unknown at issuer"},
		{Name: "an issuer that was not merged away", By: clerk("9909"), When: command(city, func(c *Make) { c.Issuer = "9909" }), Refused: "refused unit.merged_already at issuer"},
		{Name: "a document that is there", By: clerk("9901"), When: command(city, func(c *Make) { c.Document = "lost" }), Refused: "refused document.unknown at document"},
		{Name: "a channel that is known", By: clerk("9901"), When: command(city, func(c *Make) { c.Channel = "fax" }), Refused: "invalid input.word at channel"},
		{Name: "a date in the calendar", By: clerk("9901"), When: command(city, func(c *Make) { c.Effective = "0000-01-01" }), Refused: "invalid input.date at effective"},
		{Name: "lines", By: clerk("9901"), When: command(city, func(c *Make) { c.Lines = nil }), Refused: "invalid input.count at lines"},
	}
}

func bases() []tc {
	at := func(how func(c *Make)) Make { return command(city, how) }
	rest := func(basis ...string) Make { return at(func(c *Make) { c.Basis = basis }) }
	half := passed("p3", "99", nil, line("9901", area("1")))
	half.Part = &Part{Of: "sheet", K: 1, N: 2}
	foreign := passed("p4", "99", nil, line("9901", Amount{Measure: "other/area", Value: "7"}))
	return []tc{
		{Name: "a unit passes down what it never received", By: clerk("9901"), When: rest(), Refused: "refused issuance.without_basis at basis"},
		{Name: "or what another received", By: clerk("990101"), When: command(county, func(c *Make) { c.Basis = []string{"p1"} }), Refused: "refused issuance.not_received at basis[0]"},
		{Name: "or another mandate than it received", By: clerk("9901"), Facts: library().and(foreign), When: rest("p4"), Refused: "refused issuance.without_basis at basis"},
		{Name: "a basis that does not exist", By: clerk("9901"), When: rest("p1", "p9"), Refused: "refused issuance.unknown at basis[1]"},
		{Name: "itself", By: clerk("9901"), When: rest("c1"), Refused: "refused issuance.unknown at basis[0]"},
		{Name: "a basis twice", By: clerk("9901"), When: rest("p1", "p1"), Refused: "refused issuance.basis_twice at basis[1]"},
		{Name: "a basis that is withdrawn", By: clerk("9901"), Facts: handed().without("p2"), When: rest("p1", "p2"), Refused: "refused issuance.basis_withdrawn at basis[1]"},
		{Name: "a basis whose other parts are missing", By: clerk("9901"), Facts: handed().and(half), When: rest("p3"), Refused: "refused issuance.basis_incomplete at basis[0]"},
		{Name: "too many bases", By: clerk("9901"), When: rest(slices.Repeat([]string{"p1"}, 21)...), Refused: "invalid input.count at basis"},
		{Name: "a basis and an origin at once", By: clerk("9901"), When: at(func(c *Make) { c.Origin = true }), Refused: "refused issuance.origin_with_basis at origin"},
	}
}

func receivers() []tc {
	to := func(issuer string, basis []string, lines ...Line) Make {
		return command(passed("c9", issuer, basis, lines...))
	}
	c1 := []string{"c1"}
	below := handed().and(city)
	return []tc{
		{Name: "a line to a unit that does not exist", By: clerk("9901"), When: to("9901", []string{"p1"}, line("990101-lost", area("1"))), Refused: "refused unit.unknown at lines[0].to"},
		{Name: "to one that was merged away", By: clerk("9901"), When: to("9901", []string{"p1"}, line("990900", area("1"))), Refused: "refused unit.merged_already at lines[0].to"},
		{Name: "to what is no code", By: clerk("9901"), When: to("9901", []string{"p1"}, line("county", area("1"))), Refused: "invalid unit.code at lines[0].to"},
		{Name: "to itself", By: clerk("9901"), When: to("9901", []string{"p1"}, line("990101", area("1")), line("9901", area("1"))), Refused: "refused issuance.line_to_itself at lines[1].to"},
		{Name: "two lines to one unit", By: clerk("9901"), When: to("9901", []string{"p1"}, line("990101", area("1")), line("990101", area("2"))), Refused: "refused issuance.two_lines at lines[1].to"},
		{Name: "a cycle: back to who handed it down", By: clerk("990101"), Facts: below, When: to("990101", c1, line("9901", area("1"))), Refused: "refused issuance.cycle at lines[0].to"},
		{Name: "a cycle: back to the top", By: clerk("990101"), Facts: below, When: to("990101", c1, line("990101001", area("1")), line("99", area("1"))), Refused: "refused issuance.cycle at lines[1].to"},
		{Name: "sideways is no cycle", By: clerk("990101"), Facts: below, When: to("990101", c1, line("990102", area("1"))), Then: events{passed("c9", "990101", c1, line("990102", area("1")))}},
		{Name: "a line that asks for nothing", By: clerk("9901"), When: to("9901", []string{"p1"}, line("990101")), Refused: "invalid issuance.empty_line at lines[0].amounts"},
		{Name: "ordered by a unit that does not exist", By: clerk("9901"), When: to("9901", []string{"p1"}, Line{To: "990101", Amounts: []Amount{area("1")}, DirectedBy: "99-lost"}), Refused: "refused unit.unknown at lines[0].directedBy"},
		{Name: "with means of no kind", By: clerk("9901"), When: to("9901", []string{"p1"}, Line{To: "990101", Amounts: []Amount{area("1")}, Given: []Resource{{"goodwill", "1"}}}), Refused: "invalid input.word at lines[0].given[0].kind"},
		{Name: "with means below 0", By: clerk("9901"), When: to("9901", []string{"p1"}, Line{To: "990101", Amounts: []Amount{area("1")}, Needed: []Resource{{"money", "1"}, {"money", "-5"}}}), Refused: "invalid value.negative at lines[0].needed[1].amount"},
	}
}

func kept() []tc {
	keep := func(basis []string, v string, how ...func(c *Make)) Make {
		return command(passed("c9", "9901", basis, line("990101", area("1"))), append([]func(c *Make){func(c *Make) { c.Retained = []Amount{area(v)} }}, how...)...)
	}
	keeping := func(basis []string, v string) Made {
		m := passed("c9", "9901", basis, line("990101", area("1")))
		m.Retained = []Amount{area(v)}
		return m
	}
	p1, both := []string{"p1"}, []string{"p1", "p2"}
	earlier := passed("c1", "9901", p1, line("990102", area("1")))
	earlier.Retained = []Amount{area("400")}
	strictest := func(c *Make) { c.Merge = map[string]string{"task/area": "strictest"} }
	return []tc{
		{Name: "all that was received may be kept", By: clerk("9901"), When: keep(p1, "600"), Then: events{keeping(p1, "600")}},
		{Name: "r > R", By: clerk("9901"), When: keep(p1, "600.000001"), Refused: "refused issuance.keeps_more_than_received at retained[0].value"},
		{Name: "R is all bases together", By: clerk("9901"), When: keep(both, "800"), Then: events{keeping(both, "800")}},
		{Name: "and no more than that", By: clerk("9901"), When: keep(both, "801"), Refused: "refused issuance.keeps_more_than_received at retained[0].value"},
		{Name: "all of the largest may be kept where one basis governs", By: clerk("9901"), When: keep(both, "600", strictest), Then: events{governedKeep(keeping(both, "600"))}},
		{Name: "R is the largest where one basis governs", By: clerk("9901"), When: keep(both, "601", strictest), Refused: "refused issuance.keeps_more_than_received at retained[0].value"},
		{Name: "r > R over several issuances with the same basis", By: clerk("9901"), Facts: handed().and(earlier), When: keep(p1, "201"), Refused: "refused issuance.keeps_more_than_received at retained[0].value"},
		{Name: "up to R over several issuances", By: clerk("9901"), Facts: handed().and(earlier), When: keep(p1, "200"), Then: events{keeping(p1, "200")}},
		{Name: "what was taken back is kept no more", By: clerk("9901"), Facts: handed().and(earlier).without("c1"), When: keep(p1, "600"), Then: events{keeping(p1, "600")}},
		{Name: "an origin received nothing to keep", By: clerk("99"), When: command(passed("c9", "99", nil, line("9901", area("1"))), func(c *Make) { c.Retained = []Amount{area("1")} }), Refused: "refused issuance.keeps_more_than_received at retained[0].value"},
		{Name: "only what divides can be kept", By: clerk("9901"), When: keep(p1, "1", func(c *Make) { c.Retained = []Amount{{Measure: "task/days", Value: "3"}} }), Refused: "invalid issuance.retained_kind at retained[0].measure"},
		{Name: "a measure is kept once", By: clerk("9901"), When: keep(p1, "1", func(c *Make) { c.Retained = []Amount{area("1"), area("2")} }), Refused: "refused issuance.measure_twice at retained[1].measure"},
	}
}

func governedKeep(m Made) Made {
	m.Merge = map[string]string{"task/area": "strictest"}
	return m
}

func overlapping() []tc {
	p1, both := []string{"p1"}, []string{"p1", "p2"}
	again := func(basis []string, how ...func(c *Make)) Make {
		return command(passed("c9", "9901", basis, line("990103", area("1"))), how...)
	}
	wide := passed("c2", "9901", both, line("990101", area("1")))
	strictest := map[string]string{"task/area": "strictest"}
	governed := wide
	governed.Merge = strictest
	keeper := passed("c3", "9901", p1, line("990101", Amount{Measure: "task/houses", Value: "1"}))
	keeper.Retained = []Amount{area("1")}
	asSum := func(c *Make) { c.Merge = map[string]string{"task/area": "sum"} }
	summed := passed("c9", "9901", []string{"p2", "p1"}, line("990103", area("1")))
	summed.Merge = map[string]string{"task/area": "sum"}
	return []tc{
		{Name: "several issuances share one basis", By: clerk("9901"), Facts: handed().and(city), When: again(p1), Then: events{passed("c9", "9901", p1, line("990103", area("1")))}},
		{Name: "bases overlap without being equal: the earlier is named", By: clerk("9901"), Facts: handed().and(city), When: again(both), Refused: "refused issuance.overlapping_bases at basis"},
		{Name: "the other way round", By: clerk("9901"), Facts: handed().and(wide), When: again([]string{"p2"}), Refused: "refused issuance.overlapping_bases at basis"},
		{Name: "what was taken back is in nobody's way", By: clerk("9901"), Facts: handed().and(city).without("c1"), When: again(both), Then: events{passed("c9", "9901", both, line("990103", area("1")))}},
		{Name: "separate bases do not overlap", By: clerk("9901"), Facts: handed().and(city), When: again([]string{"p2"}), Then: events{passed("c9", "9901", []string{"p2"}, line("990103", area("1")))}},
		{Name: "another issuer's bases do not either", By: clerk("9902"), Facts: handed().and(city), When: command(passed("e1", "9902", p1, line("990201", area("1")))), Then: events{passed("e1", "9902", p1, line("990201", area("1")))}},
		{Name: "what is only kept counts as well", By: clerk("9901"), Facts: handed().and(keeper), When: again(both), Refused: "refused issuance.overlapping_bases at basis"},
		{Name: "the order of equal bases is the document's own; sum is what it is unless said", By: clerk("9901"), Facts: handed().and(wide), When: again([]string{"p2", "p1"}, asSum), Then: events{summed}},
		{Name: "equal bases are merged in one way", By: clerk("9901"), Facts: handed().and(governed), When: again(both), Refused: "refused issuance.merge_differs at merge"},
		{Name: "in whichever order they come", By: clerk("9901"), Facts: handed().and(wide), When: again(both, func(c *Make) { c.Merge = strictest }), Refused: "refused issuance.merge_differs at merge"},
	}
}

func parts() []tc {
	var sheet []Line
	for i := range MaxLines {
		sheet = append(sheet, line(fmt.Sprintf("990101%03d%03d", i/1000, i%1000), area("0.1")))
	}
	long := func(n int) Make {
		return command(passed("c9", "9901", []string{"p1"}, append(slices.Clone(sheet), line("9903", area("1")))[:n]...))
	}
	part := func(k, n int, lines ...Line) Make {
		return command(passed("c9", "9901", []string{"p1"}, lines...), func(c *Make) { c.Part = &Part{Of: "sheet", K: k, N: n} })
	}
	made := func(c Make) Made { return c.made(clerk("9901")) }
	first := passed("c1", "9901", []string{"p1"}, line("990101", area("400")))
	first.Part = &Part{Of: "sheet", K: 1, N: 3}
	one := handed().and(first)
	second := made(part(2, 3, line("990102", area("1"))))
	to2 := line("990102", area("1"))
	return []tc{
		{Name: "an issuance of 2,000 lines", By: clerk("9901"), When: long(MaxLines), Then: events{made(long(MaxLines))}},
		{Name: "over 2,000 lines", By: clerk("9901"), When: long(MaxLines + 1), Refused: "invalid issuance.too_many_lines at lines"},
		{Name: "a part k of n", By: clerk("9901"), Facts: one, When: part(2, 3, to2), Then: events{made(part(2, 3, to2))}},
		{Name: "part 0", By: clerk("9901"), When: part(0, 3, to2), Refused: "invalid issuance.part at part"},
		{Name: "part 4 of 3", By: clerk("9901"), When: part(4, 3, to2), Refused: "invalid issuance.part at part"},
		{Name: "part 1 of 1", By: clerk("9901"), When: part(1, 1, to2), Refused: "invalid issuance.part at part"},
		{Name: "of a sheet with a name", By: clerk("9901"), When: command(city, func(c *Make) { c.Part = &Part{Of: "表", K: 1, N: 2} }), Refused: "invalid input.id at part.of"},
		{Name: "a part a second time", By: clerk("9901"), Facts: one, When: part(1, 3, to2), Refused: "refused issuance.part_taken at part"},
		{Name: "of another number of parts", By: clerk("9901"), Facts: one, When: part(2, 4, to2), Refused: "refused issuance.part_taken at part"},
		{Name: "another issuer's sheet may have the same name", By: clerk("9902"), Facts: one, When: command(passed("e1", "9902", []string{"p1"}, to2), func(c *Make) { c.Part = &Part{Of: "sheet", K: 1, N: 2} }),
			Then: events{Made{ID: "e1", Issuer: "9902", Basis: []string{"p1"}, Lines: []Line{to2}, Channel: "document", Part: &Part{Of: "sheet", K: 1, N: 2}, Source: Declared}}},
		{Name: "nor by an amendment", By: clerk("9901"), Facts: handed().and(first, second), Given: events{second}, When: AmendLine{ID: "c9", Line: line("990101", area("1"))}, Refused: "refused issuance.two_lines at line.to"},
		{Name: "one unit in two parts", By: clerk("9901"), Facts: one, When: part(2, 3, to2, line("990101", area("1"))), Refused: "refused issuance.two_lines at lines[1].to"},
	}
}

func approvals() []tc {
	with := func(how func(a *Approval)) Make {
		a := Approval{By: "99", Competence: "省委", Date: "2022-08-01", Document: "paper", Covers: []Amount{area("20")}}
		how(&a)
		return command(city, func(c *Make) { c.Approval = &a })
	}
	good := with(func(*Approval) {})
	itself := with(func(a *Approval) { a.By = "9901" })
	merge := func(id, how string) Make {
		return command(city, func(c *Make) { c.Merge = map[string]string{id: how} })
	}
	return []tc{
		{Name: "an approved addition", By: clerk("9901"), When: good, Then: events{good.made(clerk("9901"))}},
		{Name: "approved by another unit", By: clerk("9901"), When: itself, Refused: "refused issuance.approved_by_itself at approval.by"},
		{Name: "approved by a unit that exists", By: clerk("9901"), When: with(func(a *Approval) { a.By = "99-lost" }), Refused: "refused unit.unknown at approval.by"},
		{Name: "under a competence", By: clerk("9901"), When: with(func(a *Approval) { a.Competence = "" }), Refused: "invalid input.missing at approval.competence"},
		{Name: "on a date", By: clerk("9901"), When: with(func(a *Approval) { a.Date = "" }), Refused: "invalid input.date at approval.date"},
		{Name: "by a document that is there", By: clerk("9901"), When: with(func(a *Approval) { a.Document = "lost" }), Refused: "refused document.unknown at approval.document"},
		{Name: "of a proper amount", By: clerk("9901"), When: with(func(a *Approval) { a.Covers = []Amount{area("some")} }), Refused: "invalid value.not_a_number at approval.covers[0].value"},
		{Name: "numbers take no union", By: clerk("9901"), When: merge("task/area", "union"), Refused: "invalid issuance.merge at merge"},
		{Name: "sets take no sum", By: clerk("9901"), When: merge("task/photos", "sum"), Refused: "invalid issuance.merge at merge"},
		{Name: "what is merged is a measure", By: clerk("9901"), When: merge("task/none", "sum"), Refused: "refused mandate.no_such_measure at merge"},
	}
}
