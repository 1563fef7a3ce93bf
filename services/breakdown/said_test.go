package breakdown

import (
	"strings"
	"testing"
)

// Wherever a sheet says its unit, the figures are in that unit or nothing is
// recorded.
func TestTheUnitIsReadWhereverItStands(t *testing.T) {
	const table = "单位,任务数\n东村,0.5\n"
	for _, c := range []struct {
		csv, flag string
		want      string
	}{
		{"（单位：万亩）\n" + table, "", "area=5000"},
		{",（ 单位：万亩 ）\n" + table, "", "area=5000"},
		{"单位： 万亩\n" + table, "", "area=5000"},
		{"单 位：万亩\n" + table, "", "area=5000"},
		{"计 量 单 位 ：万亩\n" + table, "", "area=5000"},
		{"填报单位：某局 单位：万亩\n" + table, "", "area=5000"},
		{"单位：,万亩\n" + table, "", "area=5000"},
		{"计量单位,万亩\n" + table, "", "area=5000"},
		{"某县任务分解表（万亩）\n" + table, "", "area=5000"},
		{"某县任务分解表【单位：万亩】\n" + table, "", "area=5000"},
		{"某县任务分解表（试行）（2022年）\n" + table, "", "area=0.5"},
		{"填报单位：某局\n" + table, "", "area=0.5"},
		{"关于（百日攻坚）的表\n" + table, "", "area=0.5"},
		{"单位：公里\n" + table, "", "第 1 行 A 列：计量单位“公里”不能换算成表中指标的单位“亩”"},
		{"某县分解表（公里）\n" + table, "", "第 1 行 A 列：计量单位“公里”不能换算"},
		{"单位：万元\n" + table, "", "第 1 行 A 列：计量单位“万元”不能换算"},
		{"某县分解表（万亩）\n单位：亩\n" + table, "", "计量单位一处写“万亩”，一处写“亩”"},
		{table, "公里", "计量单位“公里”不能换算"},
		{table, "万亩", "area=5000"},
		{"单位,计量单位,任务数\n东村,万亩,0.5\n西村,万亩,1\n合计,,1.5\n", "", "2 |东村 area=5000\n3 |西村 area=10000\n"},
		{"单位,计量单位,任务数\n东村,万亩,0.5\n西村,亩,1\n", "", "第 3 行 B 列（计量单位）：这一列的计量单位各行应当相同"},
		{"单位,计量单位,任务数\n东村,万亩,0.5\n西村,,1\n", "", "第 3 行 B 列（计量单位）：这一列的计量单位各行应当相同"},
		{"单位,计量单位,任务数\n东村,公里,0.5\n", "", "第 2 行 B 列：计量单位“公里”不能换算"},
		{"单位,计量单位,任务数（亩）\n东村,万亩,0.5\n", "", "第 2 行 B 列（计量单位）：这里写的是“万亩”，C 列的表头写的是“亩”"},
	} {
		if got := outcome(t, c.csv, Options{Measures: []Measure{land}, Unit: c.flag}); !strings.Contains(got, c.want) {
			t.Errorf("%q, %s: %q, want %q", c.csv, c.flag, got, c.want)
		}
	}
	if got := outcome(t, "单位：亩、万元\n单位,退林还耕面积,资金\n东村,1,2\n", Options{Measures: []Measure{land, money}}); !strings.Contains(got, "area=1 fund=20000") {
		t.Errorf("two units: %q", got)
	}
	if got := outcome(t, "单位：万元\n单位,退林还耕面积\n东村,1\n", Options{Measures: []Measure{land, money}}); !strings.Contains(got, "计量单位“万元”不能换算") {
		t.Errorf("a unit of a measure that the sheet has not: %q", got)
	}
	if got := outcome(t, table, Options{Measures: []Measure{land}, Measure: "other"}); !strings.Contains(got, "--measure 写的“other”不在任务的指标之中：area") {
		t.Errorf("a measure that is none: %q", got)
	}
}

// Nothing that stands in a file steers the terminal, and of a long text only
// the beginning is shown.
func TestWhatAFileHoldsIsShownHarmlessly(t *testing.T) {
	long := strings.Repeat("长", 500)
	for _, csv := range []string{
		"单位,任务数\n东村,\x1b[2J" + long + "\n",
		"单位,任务数,截止日期\n东村,1,\x1b]0;x\x07\u202e" + long + "\n",
		"单位,任务数（\x1b[1m" + long + "）\n东村,1\n",
		"\"单位：\x1b" + long + "\"\n单位,任务数\n东村,1\n",
	} {
		got := outcome(t, csv, Options{Measures: []Measure{land}})
		if strings.ContainsAny(got, "\x1b\x07\n\u202e") || strings.Contains(got, strings.Repeat("长", 41)) || !strings.Contains(got, "…") && !strings.Contains(got, "没有认出表头") {
			t.Errorf("%q", got)
		}
	}
	_, wrong := readFigure(stored("1\x1b[2J"+long), "", "亩")
	if wrong == nil || strings.Contains(wrong.Zh, "\x1b") || len(wrong.Zh) > 500 {
		t.Errorf("a number: %v", wrong)
	}
}
