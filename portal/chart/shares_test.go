package chart

import (
	"strconv"
	"strings"
	"testing"
)

func TestShares(t *testing.T) {
	portions := []Portion{
		{Key: "s0", Name: "县", Level: "COUNTY", Points: 0, Words: "0"},
		{Key: "s1", Name: "镇<b>", Level: "TOWNSHIP", Points: 6667, Words: "66.67%", Link: Link{Title: "镇", Href: "/units/1"}},
		{Key: "s2", Name: "村", Level: "VILLAGE", Points: 3331, Words: "33.31%"},
		{Key: "s3", Name: "无", Nobody: true, Points: 1, Words: "0.01%"},
		{Key: "s4", Name: "公司", Points: 1, Words: "0.01%"},
	}
	markup := string(Shares{ID: "s", Title: "T", Desc: "D", Portions: portions}.HTML())
	if strings.Contains(markup, "<b>") {
		t.Error("a name is markup")
	}
	for _, want := range []string{`<title id="s-wide-t">T</title>`, `<desc id="s-tall-d">D</desc>`, `href="/units/1"`, ">66.67%<", "0.01%"} {
		if !strings.Contains(markup, want) {
			t.Errorf("no %s", want)
		}
	}
	bars, ends := map[string]int{}, 0
	for _, r := range wellFormed(t, markup) {
		n := func(key string) int { v, _ := strconv.Atoi(r[key]); return v }
		if n("x") < 0 || n("x")+n("width") > deskWidth {
			t.Errorf("outside: %v", r)
		}
		if n("height") == stackHeight {
			bars[r["class"]] += n("width")
			if r["class"] == "bar add l-VILLAGE" && n("x") != ends {
				t.Errorf("the village's part begins at %d, the town's ends at %d", n("x"), ends)
			}
			ends = n("x") + n("width")
		}
	}
	// 66.67 % of 718 and of 326 pixels
	if got := bars["bar add l-TOWNSHIP"]; got < 478+217-2 || got > 478+217+2 {
		t.Errorf("the town's bar is %d wide in all", got)
	}
	if bars["bar relief"] != 6 || bars["bar add l-other"] == 0 || bars["bar add l-COUNTY"] != 0 {
		t.Errorf("what is small can be seen, what is nothing cannot: %v", bars)
	}
	if strings.Count(markup, `data-step="s1"`) != 4 || strings.Count(markup, `data-step="s0"`) != 2 {
		t.Error("a part and its words do not carry one key")
	}
}
