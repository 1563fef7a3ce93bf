package issuance

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

// values: what a measure can and cannot be asked for.
func values() (cases []tc) {
	ask := func(a Amount) Make { return command(passed("c9", "9901", []string{"p1"}, line("990101", a))) }
	amount := func(key, v string) Amount { return Amount{Measure: "task/" + key, Value: v} }
	for _, a := range []Amount{
		area("0"), area("600"), area("0.000001"), area("9223372036854.775807"), amount("days", "3.5"), amount("patrols", "1/7"), amount("patrols", "0/1"), amount("patrols", "1000000/36525"),
		{Measure: "task/area", Value: "220", Base: "200"}, {Measure: "task/photos", Items: []string{"日照片", "轨迹"}},
	} {
		c := ask(a)
		cases = append(cases, tc{Name: "asks for " + a.Measure + " " + a.Value, By: clerk("9901"), When: c, Then: events{c.made(clerk("9901"))}})
	}
	for _, c := range []struct {
		amount  Amount
		refused string
	}{
		{area("-1"), "value.negative at lines[0].amounts[0].value"},
		{area("-0.000001"), "value.negative at lines[0].amounts[0].value"},
		{area(""), "value.not_a_number at lines[0].amounts[0].value"},
		{area("六百"), "value.not_a_number at lines[0].amounts[0].value"},
		{area("1e3"), "value.not_a_number at lines[0].amounts[0].value"},
		{area("1,000"), "value.not_a_number at lines[0].amounts[0].value"},
		{area("NaN"), "value.not_a_number at lines[0].amounts[0].value"},
		{area("+5"), "value.not_a_number at lines[0].amounts[0].value"},
		{area("0.0000001"), "value.too_precise at lines[0].amounts[0].value"},
		{area("1.0000000"), "value.too_precise at lines[0].amounts[0].value"},
		{area("9223372036854.775808"), "value.too_large at lines[0].amounts[0].value"},
		{area(strings.Repeat("9", 100_000)), "value.too_large at lines[0].amounts[0].value"},
		{Amount{Measure: "task/area", Value: "1", Base: "x"}, "value.not_a_number at lines[0].amounts[0].base"},
		{Amount{Measure: "task/area", Value: "1", Base: "-1"}, "value.negative at lines[0].amounts[0].base"},
		{Amount{Measure: "task/area", Items: []string{"x"}}, "value.items_on_number at lines[0].amounts[0].items"},
		{Amount{Measure: "task/days", Value: "3", Base: "2"}, "value.base_on_intensity at lines[0].amounts[0].base"},
		{Amount{Measure: "task/patrols", Value: "1/7", Base: "1/7"}, "value.base_on_intensity at lines[0].amounts[0].base"},
		{amount("patrols", "1"), "value.frequency at lines[0].amounts[0].value"},
		{amount("patrols", "0.5/7"), "value.frequency at lines[0].amounts[0].value"},
		{amount("patrols", "1/7.5"), "value.frequency at lines[0].amounts[0].value"},
		{amount("patrols", "1/0"), "value.frequency at lines[0].amounts[0].value"},
		{amount("patrols", "-1/7"), "value.frequency at lines[0].amounts[0].value"},
		{amount("patrols", "weekly"), "value.frequency at lines[0].amounts[0].value"},
		{amount("patrols", "1/4294967296"), "value.too_large at lines[0].amounts[0].value"},
		{amount("patrols", "1/36526"), "value.too_large at lines[0].amounts[0].value"},
		{amount("patrols", "1000001/1"), "value.too_large at lines[0].amounts[0].value"},
		{amount("patrols", "1/99999999999999999999"), "value.too_large at lines[0].amounts[0].value"},
		{Amount{Measure: "task/photos", Value: "3"}, "value.number_on_set at lines[0].amounts[0].value"},
		{Amount{Measure: "task/photos"}, "input.count at lines[0].amounts[0].items"},
		{Amount{Measure: "task/photos", Items: []string{"a", "b", "a"}}, "value.item_twice at lines[0].amounts[0].items[2]"},
		{Amount{Measure: "task/photos", Items: []string{" "}}, "input.missing at lines[0].amounts[0].items[0]"},
		{Amount{Measure: "area", Value: "1"}, "issuance.measure at lines[0].amounts[0].measure"},
		{Amount{Measure: "none/area", Value: "1"}, "mandate.unknown at lines[0].amounts[0].measure"},
		{Amount{Measure: "task/none", Value: "1"}, "mandate.no_such_measure at lines[0].amounts[0].measure"},
		{Amount{Measure: "over/area", Value: "1"}, "mandate.withdrawn_already at lines[0].amounts[0].measure"},
	} {
		code := "invalid "
		if slices.ContainsFunc([]string{"value.item_twice", "mandate."}, func(p string) bool { return strings.HasPrefix(c.refused, p) }) {
			code = "refused "
		}
		name := fmt.Sprintf("%s %.20q %v", c.amount.Measure, c.amount.Value+c.amount.Base, c.amount.Items)
		cases = append(cases, tc{Name: name, By: clerk("9901"), Facts: handed(), When: ask(c.amount), Refused: code + c.refused})
	}
	twice := command(passed("c9", "9901", []string{"p1"}, line("990101", area("1"), area("1"))))
	return append(cases,
		tc{Name: "a measure twice in a line", By: clerk("9901"), When: twice, Refused: "refused issuance.measure_twice at lines[0].amounts[1].measure"},
		tc{Name: "a reserve is a proper amount", By: clerk("9901"), When: command(city, func(c *Make) { c.Reserve = []Amount{area("-1")} }), Refused: "invalid value.negative at reserve[0].value"},
		tc{Name: "and so is a stated total", By: clerk("9901"), When: command(city, func(c *Make) { c.Stated = []Amount{area("x")} }), Refused: "invalid value.not_a_number at stated[0].value"},
	)
}

// changes: amendments and withdrawals.
func changes() []tc {
	amend := func(l Line, how ...func(c *AmendLine)) AmendLine {
		c := AmendLine{ID: "c1", Line: l}
		for _, h := range how {
			h(&c)
		}
		return c
	}
	more := line("990101", area("450"))
	narrow := passed("c1", "9901", []string{"p1"}, line("990101", Amount{Measure: "task/houses", Value: "1"}))
	wide := passed("c2", "9901", []string{"p1", "p2"}, line("990101", area("1")))
	full := passed("c1", "9901", []string{"p1"})
	for i := range MaxLines {
		full.Lines = append(full.Lines, line(fmt.Sprintf("990101%03d%03d", i/1000, i%1000), area("0.1")))
	}
	own := passed("c1", "9901", nil, line("990101", Amount{Measure: "ours/area", Value: "1"}))
	below := handed().and(city)
	back := Withdraw{ID: "c1", Withdrawn: Withdrawn{Reason: "重复"}}
	return []tc{
		{Name: "a line is amended", By: clerk("9901"), Facts: below, Given: events{city}, When: amend(more), Then: events{LineAmended{Line: more, Source: Declared}}},
		{Name: "a line is added", By: clerk("9901"), Facts: below, Given: events{city}, When: amend(line("990103", area("1"))), Then: events{LineAmended{Line: line("990103", area("1")), Source: Declared}}},
		{Name: "a line is taken back", By: clerk("9901"), Facts: below, Given: events{city}, When: amend(line("990101")), Then: events{LineAmended{Line: line("990101"), Source: Declared}}},
		{Name: "also when its basis was withdrawn", By: clerk("9901"), Facts: below.without("p1"), Given: events{city}, When: amend(more), Then: events{LineAmended{Line: more, Source: Declared}}},
		{Name: "a line that is not there", By: clerk("9901"), Facts: below, Given: events{city}, When: amend(line("990103")), Refused: "refused issuance.no_such_line at line.to"},
		{Name: "an investigator amends from a document", By: investigator, Facts: below, Given: events{city}, When: amend(more, func(c *AmendLine) { c.Document = "paper" }), Then: events{LineAmended{Line: more, Document: "paper", Source: Verified}}},
		{Name: "another unit does not", By: clerk("9902"), Facts: below, Given: events{city}, When: amend(more), Refused: "forbidden unit.other_unit"},
		{Name: "an amendment holds to the rules of a line", By: clerk("9901"), Facts: below, Given: events{city}, When: amend(line("990101", area("-1"))), Refused: "invalid value.negative at line.amounts[0].value"},
		{Name: "to itself", By: clerk("9901"), Facts: below, Given: events{city}, When: amend(line("9901", area("1"))), Refused: "refused issuance.line_to_itself at line.to"},
		{Name: "a cycle", By: clerk("9901"), Facts: below, Given: events{city}, When: amend(line("99", area("1"))), Refused: "refused issuance.cycle at line.to"},
		{Name: "a full sheet takes no new line", By: clerk("9901"), Facts: handed().and(full), Given: events{full}, When: amend(line("990102", area("1"))), Refused: "refused issuance.no_such_line at line.to"},
		{Name: "a new measure overlaps", By: clerk("9901"), Facts: handed().and(narrow, wide), Given: events{narrow}, When: amend(line("990101", Amount{Measure: "task/houses", Value: "1"}, area("1"))), Refused: "refused issuance.overlapping_bases at basis"},
		{Name: "a new mandate has no basis", By: clerk("9901"), Facts: handed().and(own), Given: events{own}, When: amend(line("990101", Amount{Measure: "ours/area", Value: "1"}, area("1"))), Refused: "refused issuance.without_basis at basis"},
		{Name: "for a reason of some length", By: clerk("9901"), Facts: below, Given: events{city}, When: amend(more, func(c *AmendLine) { c.Reason = strings.Repeat("因", 201) }), Refused: "invalid input.too_long at reason"},
		{Name: "from a date within a year", By: clerk("9901"), Facts: below, Given: events{city}, When: amend(more, func(c *AmendLine) { c.Effective = "2023-08-11" }), Refused: "invalid input.effective at effective"},
		{Name: "from a date", By: clerk("9901"), Facts: below, Given: events{city}, When: amend(more, func(c *AmendLine) { c.Effective = "soon" }), Refused: "invalid input.date at effective"},
		{Name: "what was not made", By: clerk("9901"), When: amend(more), Refused: "refused issuance.unknown"},
		{Name: "what was withdrawn", By: clerk("9901"), Facts: below, Given: events{city, Withdrawn{Reason: "重复"}}, When: amend(more), Refused: "refused issuance.withdrawn_already"},

		{Name: "an issuance is withdrawn", By: clerk("9901"), Facts: below, Given: events{city}, When: back, Then: events{back.Withdrawn}},
		{Name: "once", By: clerk("9901"), Facts: below, Given: events{city, back.Withdrawn}, When: back, Refused: "refused issuance.withdrawn_already"},
		{Name: "for a reason", By: clerk("9901"), Facts: below, Given: events{city}, When: Withdraw{ID: "c1"}, Refused: "invalid input.missing at reason"},
		{Name: "by its issuer", By: clerk("99"), Facts: below, Given: events{city}, When: back, Refused: "forbidden unit.other_unit"},
		{Name: "from a document that is there", By: clerk("9901"), Facts: below, Given: events{city}, When: Withdraw{ID: "c1", Withdrawn: Withdrawn{Reason: "重复", Document: "lost"}}, Refused: "refused document.unknown at document"},
	}
}

// The messages name what the reader needs: the earlier issuance, the two
// figures, the other unit.
func TestMessagesNameTheOther(t *testing.T) {
	for _, c := range []struct {
		facts book
		make  Make
		names []string
	}{
		{handed().and(city), command(passed("c9", "9901", []string{"p1", "p2"}, line("990103", area("1")))), []string{"c1", "p1", "9901"}},
		{handed(), command(passed("c9", "9901", []string{"p1"}, line("990103", area("1"))), func(c *Make) { c.Retained = []Amount{area("700")} }), []string{"700", "600", "9901"}},
		{handed(), command(passed("c9", "9901", nil, line("990103", area("1")))), []string{"task", "99", "9901"}},
	} {
		_, err := c.make.Decide(State{}, c.facts, clerk("9901"), ledger.Date("2022-08-09").Time())
		e, ok := errors.AsType[*ledger.Error](err)
		if !ok {
			t.Fatal(err)
		}
		for _, name := range c.names {
			if !strings.Contains(e.Text.Zh, name) || !strings.Contains(e.Text.En, name) {
				t.Errorf("%s: %s does not stand in %q", e.Rule, name, e.Text)
			}
		}
	}
}

// An amendment changes a copy: the event that made the lines keeps them.
func TestLineAmendedSharesNothing(t *testing.T) {
	made := passed("c1", "9901", nil, line("990101", area("1")))
	var s State
	made.Evolve(&s)
	LineAmended{Line: line("990101", area("2"))}.Evolve(&s)
	LineAmended{Line: line("990102", area("3"))}.Evolve(&s)
	if made.Lines[0].Amounts[0].Value != "1" || len(made.Lines) != 1 || s.Made.Lines[0].Amounts[0].Value != "2" || len(s.Made.Lines) != 2 {
		t.Fatalf("%+v, %+v", made.Lines, s.Made.Lines)
	}
}
