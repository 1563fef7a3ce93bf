package breakdown

import (
	"strings"
	"testing"
)

// What a sheet comes to: its rows, or what is told about it.
func outcome(t *testing.T, data string, o Options) string {
	t.Helper()
	s, problems, err := Read(t.Context(), "x.csv", []byte(data), o)
	switch {
	case err != nil:
		return sentence(err)
	case problems.Count() > 0:
		return problems.List[0].In("zh-CN")
	}
	out := print(s)
	for _, n := range s.Notices {
		out += n.In("zh-CN") + "\n"
	}
	return out
}

// A total is told by what stands in a receiver's place, and by nothing else.
func TestOnlyAReceiversPlaceSaysTotal(t *testing.T) {
	for _, c := range []struct {
		name, csv string
		measure   Measure
		want      string
		not       string
	}{
		{"a remark", "乡镇,任务数,备注\n青穗镇,600,\n柳浦镇,600,上年累计\n", land, "2 |青穗镇 area=600\n3 |柳浦镇 area=600\n", "合计"},
		{"a column that nobody knows", "单位,任务数,口径\n青穗镇,600,\n柳浦镇,600,合计\n", land, "2 |青穗镇 area=600\n3 |柳浦镇 area=600\n", ""},
		{"a running number", "序号,单位,任务数\n1,青穗镇,600\n合计,柳浦镇,600\n", land, "3 |柳浦镇 area=600\n", ""},
		{"in a running number's place where nobody is named", "序号,单位,任务数\n1,青穗镇,600\n合 计,,600\n", land, "2 |青穗镇 area=600\n", "没有写"},
		{"a row with a code", "代码,单位,任务数\n990101001,青穗镇,600\n990101002,合计,600\n", land, "3 990101002|合计 area=600\n", ""},
		{"a total and a unit", "乡镇,村,任务数\n青穗镇,东村,600\n合计,西村,600\n", land, "第 3 行 A 列（乡镇）：“合计”是合计的写法，而这一行 B 列又写了“西村”", ""},
		{"a township's subtotal", "乡镇,村,任务数\n青穗镇,东村,600\n青穗镇,小计,600\n", land, "2 |东村<青穗镇 area=600\n", "按合计"},
		{"a longer word is told", "单位,任务数\n青穗镇,600\n全县合计,600\n", land, "第 3 行 A 列（单位）：“全县合计”按合计处理", ""},
		{"nothing adds up", "单位,巡查\n青穗镇,1/7\n合计,1/7\n", patrols, "第 3 行：这一行按合计处理；表中的指标不是可分数量", ""},
	} {
		got := outcome(t, c.csv, Options{Measures: []Measure{c.measure}})
		if !strings.Contains(got, c.want) || c.not != "" && strings.Contains(got, c.not) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A row with a figure is a receiver's though its name begins as notes do.
func TestARowWithAFigureIsNoNote(t *testing.T) {
	for csv, want := range map[string]string{
		"单位,任务数\n青穗镇,600\n填表村,5\n":       "3 |填表村 area=5\n",
		"单位,任务数\n青穗镇,600\n填表村,x\n":       "第 3 行 B 列（任务数）：“x”不是数",
		"单位,任务数\n青穗镇,600\n填表人：甲,审核人：乙\n": "第 3 行：这一行是说明，已略过。",
	} {
		if got := outcome(t, csv, Options{Measures: []Measure{land}}); !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", csv, got, want)
		}
	}
}
