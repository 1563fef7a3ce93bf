package breakdown_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"suyuan/services/breakdown"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
)

// What is said of an issuance on record is what is on record, or is refused.
func TestTheHeaderAgreesWithTheRecord(t *testing.T) {
	w := small(t)
	w.mandate("other", "990101", mandate.Measure{Key: "b", Name: "乙", Kind: mandate.Divisible, Dimension: mandate.Quantity, Unit: "亩"})
	w.make(issuance.Make{ID: "above", Issuer: "990101", Origin: true, Lines: []issuance.Line{{To: "990101001", Amounts: []issuance.Amount{{Measure: "task/area", Value: "5"}}}}})
	sent := time.Date(2022, 3, 1, 8, 0, 0, 0, ledger.Beijing)
	w.make(issuance.Make{ID: "sheet", Issuer: "990101001", Basis: []string{"above"}, Channel: "meeting", Sent: &sent, Lines: []issuance.Line{
		{To: "990101001001", Amounts: []issuance.Amount{{Measure: "task/area", Value: "5"}}}}})
	later := sent.Add(time.Hour)
	for _, c := range []struct {
		name     string
		h        breakdown.Header
		mandates []string
		want     string
	}{
		{"nothing said", breakdown.Header{}, nil, ""},
		{"all as on record", breakdown.Header{Basis: []string{"above"}, Channel: "meeting", Sent: &sent}, []string{"task"}, ""},
		{"another mandate", breakdown.Header{}, []string{"other"}, "--mandate 写的是“other”，下达 sheet 账上登记的是“task”"},
		{"another basis", breakdown.Header{Basis: []string{"x"}}, nil, "--basis 写的是“x”，下达 sheet 账上登记的是“above”"},
		{"another channel", breakdown.Header{Channel: "phone"}, nil, "--channel 写的是“phone”，下达 sheet 账上登记的是“meeting”"},
		{"another hour", breakdown.Header{Sent: &later}, nil, "账上登记的是“2022-03-01T08:00:00+08:00”"},
		{"begun here", breakdown.Header{Origin: true}, nil, "--origin 写的是“true”"},
	} {
		err := c.h.Agrees(w.on("sheet"), c.mandates)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(ledger.AsError(err).Text.Zh, c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	same := []byte("代码,任务数\n990101001001,5\n")
	if _, err := w.plan("x.csv", same, breakdown.Header{ID: "sheet", Document: "paper-9"}, breakdown.Options{}); err == nil || !strings.Contains(err.Error(), "breakdown.header_differs") {
		t.Errorf("a document that nothing is recorded with: %v", err)
	}
	plan, err := w.plan("x.csv", same, breakdown.Header{ID: "sheet", Effective: "2022-04-01"}, breakdown.Options{})
	if err != nil || len(plan.Steps) > 0 || len(plan.Notices) != 1 {
		t.Errorf("a day that was not used: %+v, %v", plan, err)
	}
	other := breakdown.Options{Measures: []breakdown.Measure{{Mandate: "other", Measure: mandate.Measure{Key: "b", Name: "乙", Kind: mandate.Divisible, Unit: "亩"}}}}
	if plan, err := w.plan("x.csv", same, breakdown.Header{ID: "sheet"}, other); err == nil {
		t.Errorf("another mandate's measure: %s", plan.Steps[0].Input)
	}
}

// Totals and what is kept are compared both ways.
func TestACorrectedTotalIsNotTheSame(t *testing.T) {
	w := small(t)
	w.make(issuance.Make{ID: "sheet", Issuer: "990101", Stated: []issuance.Amount{{Measure: "task/area", Value: "700"}}, Lines: []issuance.Line{
		{To: "990101001", Amounts: []issuance.Amount{{Measure: "task/area", Value: "600"}}}}})
	w.make(issuance.Make{ID: "kept", Issuer: "990101001", Basis: []string{"sheet"}, Retained: []issuance.Amount{{Measure: "task/area", Value: "5"}}, Lines: []issuance.Line{
		{To: "990101001001", Amounts: []issuance.Amount{{Measure: "task/area", Value: "595"}}}}})
	for _, c := range []struct{ id, csv, want string }{
		{"sheet", "单位,任务数\n青穗镇,600\n合计,700\n", ""},
		{"sheet", "单位,任务数\n青穗镇,600\n", ""},
		{"sheet", "单位,任务数\n青穗镇,600\n合计,600\n", "表中合计是 600，账上照原样登记的合计是 700"},
		{"sheet", "单位,任务数\n青穗镇,600\n合计,650\n", "合计写的是 650，各行相加是 600"},
		{"kept", "单位,任务数\n东村,595\n本级,5\n", ""},
		{"kept", "单位,任务数\n东村,595\n", "账上登记 kept 本级自留 5"},
		{"kept", "单位,任务数\n东村,595\n本级,6\n", "账上登记 kept 本级自留 5"},
	} {
		plan, err := w.plan("x.csv", []byte(c.csv), breakdown.Header{ID: c.id}, breakdown.Options{})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(ledger.AsError(err).Text.Zh, c.want) || err == nil && len(plan.Steps) > 0 {
			t.Errorf("%q: %+v, %v, want %q", c.csv, plan, err, c.want)
		}
	}
	if out := string(w.export("sheet", "zh-CN", "x.csv")); !slices.Contains(strings.Split(out, "\r\n"), ",合计,700") {
		t.Errorf("written out: %s", out)
	}
}
