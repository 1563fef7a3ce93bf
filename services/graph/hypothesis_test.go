package graph

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/liability"
)

// Every worked case can be asked as a what-if.
func TestHypothesisReadsWorkedCases(t *testing.T) {
	text, err := os.ReadFile("../../test/cases/jra1-cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []json.RawMessage }
	if err := json.Unmarshal(text, &file); err != nil || len(file.Cases) < 35 {
		t.Fatal(len(file.Cases), err)
	}
	for _, raw := range file.Cases {
		if _, err := hypothesis(string(raw)); err != nil {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

const quantityCase = `"kind":"quantity","units":["区","镇","村"],"issued":["100","100"],"verified":"80"`

// Whatever is wrong with a case, the error says where, in Chinese, too.
func TestHypothesisNamesTheField(t *testing.T) {
	for text, want := range map[string]struct{ field, zh string }{
		`{`:                                      {"case", "JSON"},
		`[]`:                                     {"case", "JSON"},
		`{"kinds":"quantity"}`:                   {"kinds", "没有名为"},
		`{"` + strings.Repeat("x", 900) + `":1}`: {strings.Repeat("x", 40) + "…", "没有名为"},
		`{}`:                                     {"kind", "类型"},
		`{"kind":"other"}`:                       {"kind", "类型"},
		`{"kind":1}`:                             {"kind", "类型"},
		`{"kind":"quantity"}`:                    {"units", "单位"},
		`{"kind":"quantity","units":["a",1]}`:    {"units[1]", "单位第2项"},
		`{"kind":"quantity","units":["a","a"]}`:  {"units", "单位"},
		`{"kind":"quantity","units":["a"],"issued":[],"verified":"1"}`:                                            {"units", "单位"},
		`{"kind":"quantity","units":["a","b"],"verified":"1"}`:                                                    {"issued", "逐级要求"},
		`{"kind":"quantity","units":["a","b"],"issued":["1"]}`:                                                    {"verified", "核实完成"},
		`{"kind":"quantity","units":["a","b","c"],"issued":["1","x"],"verified":"1"}`:                             {"issued[1]", "逐级要求的数第2项"},
		`{"kind":"quantity","units":["a","b"],"issued":["` + strings.Repeat("9", 90) + `"]}`:                      {"issued[0]", "逐级要求的数第1项"},
		`{` + quantityCase + `,"verified":"n"}`:                                                                   {"verified", "核实完成"},
		`{` + quantityCase + `,"coOwned":"2"}`:                                                                    {"coOwned", "λ"},
		`{` + quantityCase + `,"adequacy":"-1"}`:                                                                  {"adequacy", "条件保障"},
		`{` + quantityCase + `,"falsifier":"村"}`:                                                                  {"falsifier", "弄虚作假"},
		`{` + quantityCase + `,"falsified":"yes"}`:                                                                {"falsified", "true"},
		`{` + quantityCase + `,"approved":{"镇":"-1"}}`:                                                            {"approved.镇", "获准"},
		`{` + quantityCase + `,"approved":{"镇":"x"}}`:                                                             {"approved.镇", "获准"},
		`{` + quantityCase + `,"silent":["乡"]}`:                                                                   {"silent", "不在所列单位之中"},
		`{` + quantityCase + `,"owner":"县"}`:                                                                      {"owner", "不在所列单位之中"},
		`{` + quantityCase + `,"overruled":{"镇":"县"}}`:                                                            {"overruled.镇", "不在所列单位之中"},
		`{` + quantityCase + `,"overruled":{"镇":"区","区":"镇"}}`:                                                    {"overruled.", "CYCLE"},
		`{` + quantityCase + `,"executorOverruledBy":"村"}`:                                                        {"executorOverruledBy", "CYCLE"},
		`{"kind":"contradiction","units":["a"]}`:                                                                  {"constraints", "条件"},
		`{"kind":"contradiction","units":["a"],"constraints":{"a":-1}}`:                                           {"constraints.a", "条件"},
		`{"kind":"competing","units":["a"],"verified":"1","demands":{"a":"2"}}`:                                   {"executor", "执行单位"},
		`{"kind":"competing","units":["a","b"],"executor":"b","demands":{"a":"2"}}`:                               {"verified", "核实完成"},
		`{"kind":"competing","units":["a","b"],"executor":"b","verified":"1"}`:                                    {"demands", "要求的数"},
		`{"kind":"competing","units":["a","b"],"executor":"b","verified":"1","demands":{"a":"-2"}}`:               {"demands.a", "要求的数"},
		`{"kind":"conduct","units":["a"]}`:                                                                        {"conduct", "处置"},
		`{"kind":"conduct","units":["a"],"conduct":{"a":{"power":4}}}`:                                            {"conduct.a.power", "处置"},
		`{"kind":"conduct","units":["a"],"conduct":{"a":{"powers":1}}}`:                                           {"conduct.a", "处置"},
		`{"kind":"conduct","units":["a"],"conduct":{"a":{"power":1}},"windowMinutes":-1}`:                         {"windowMinutes", "反应时间"},
		`{"kind":"conduct","units":["a"],"conduct":{"a":{"power":1}},"windowMinutes":"soon"}`:                     {"windowMinutes", "反应时间"},
		`{"kind":"quantity","units":["` + strings.Join(strings.Split(strings.Repeat("x", 30), ""), `","`) + `"]}`: {"units", "24"},
	} {
		_, err := hypothesis(text)
		e, ok := errors.AsType[*ledger.Error](err)
		if !ok || e.Code != ledger.Invalid || !strings.HasPrefix(e.Field, want.field) || !strings.Contains(e.Text.Zh, want.zh) || e.Text.En == "" || e.Text.En == e.Text.Zh {
			t.Errorf("%.120s: %#v", text, err)
		}
	}
}

// Every field of a case has its words.
func TestHypothesisKnowsEveryField(t *testing.T) {
	for _, field := range jsonNames[liability.Case]() {
		if f := caseFields[field]; f.zh == "" || f.wantZh == "" || f.wantEn == "" {
			t.Errorf("nothing is said of the field %s", field)
		}
	}
	if n := len(jsonNames[liability.Case]()); n != len(caseFields) {
		t.Errorf("a case has %d fields, %d are explained", n, len(caseFields))
	}
}

func jsonNames[T any]() (names []string) {
	typ := reflect.TypeFor[T]()
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}
