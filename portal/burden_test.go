package portal

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

// told answers some operations as it is told, the rest from testdata, and
// remembers who was asked what.
type told struct {
	fake
	says  map[string]string
	errs  map[string]error
	heard map[string]map[string]any
}

func (f *told) Query(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error) {
	name := operationName.FindStringSubmatch(document)[1]
	if f.heard == nil {
		f.heard = map[string]map[string]any{}
	}
	f.heard[name] = maps.Clone(variables)
	if err := f.errs[name]; err != nil {
		return nil, err
	}
	if text, ok := f.says[name]; ok {
		return json.RawMessage(text), nil
	}
	return f.fake.Query(ctx, document, variables)
}

// rowOf is a row of the answer; added "" is null.
func rowOf(unit, measure, added, times string) string {
	amount := "null"
	if added != "" {
		amount = `"` + added + `"`
	}
	return fmt.Sprintf(`{"unit":{"code":"c-%[1]s","name":"%[1]s","level":"COUNTY","kind":"GOVERNMENT"},"mandate":{"id":"m","title":"任务"},
		"measure":{"id":"m/%[2]s","key":"%[2]s","name":"%[2]s","kind":"DIVISIBLE","dimension":"QUANTITY","unit":"亩","harder":"HIGHER"},
		"added":%[3]s,"times":"%[4]s","events":[{"ordinal":"7"}]}`, unit, measure, amount, times)
}

func answerOf(rows ...string) string {
	return `{"burdenByOrigin":[` + strings.Join(rows, ",") + `],"ledger":{"ordinal":"9"}}`
}

// unmarked undoes what the page does to text: entities and the phrases of a headline.
var unmarked = strings.NewReplacer("&#43;", "+", `<span class="phrase">`, "", "</span>", "", "&#34;", `"`)

var headline = regexp.MustCompile(`(?s)<h1[^>]*>(.*?)</h1>`)

func h1(body string) string {
	m := headline.FindStringSubmatch(body)
	if m == nil {
		return ""
	}
	return unmarked.Replace(m[1])
}

func TestBurdenSaysWhoAddedMost(t *testing.T) {
	var many []string
	for i := range burdenShown + 1 {
		many = append(many, rowOf(fmt.Sprintf("县%d", i), "面积", "1", "1"))
	}
	for _, c := range []struct{ name, address, answer, zh, en string }{
		{"of one measure", "/burden?measure=m%2Farea", answerOf(rowOf("甲县", "面积", "68", "1"), rowOf("乙县", "面积", "30", "4")), "甲县加得最多：+68 亩", "甲县 added most: +68 亩"},
		{"two as much", "/burden?measure=m%2Farea", answerOf(rowOf("甲县", "面积", "68", "1"), rowOf("乙县", "面积", "68", "1")), "加得最多的有 2 个单位，各 +68 亩", "2 units added most: +68 亩 each"},
		{"of one that has no sum", "/burden?measure=m%2Farea", answerOf(rowOf("甲县", "频次", "", "3"), rowOf("乙县", "频次", "", "1")), "甲县加码次数最多：“频次”3 次", "甲县 added most often: 频次, 3 times"},
		{"of several", "/burden", answerOf(rowOf("甲县", "面积", "1", "3"), rowOf("乙县", "户数", "900", "2")), "甲县加码次数最多：“面积”3 次", "甲县 added most often: 面积, 3 times"},
		{"of several, as often at the top", "/burden", answerOf(rowOf("甲县", "面积", "1", "2"), rowOf("乙县", "户数", "9", "2"), rowOf("丙县", "户数", "9", "1")), "加码次数最多的，各加了 2 次", "Those who added most often did so 2 times each"},
		{"of several, all as often", "/burden", answerOf(rowOf("甲县", "面积", "1", "1"), rowOf("乙县", "户数", "9", "1")), "记录在账的加码共 2 处，各 1 次", "2 additions on record, 1 time each"},
		{"of several, one only", "/burden", answerOf(rowOf("甲县", "面积", "1", "1")), "甲县在“面积”上加码 1 次", "甲县 added to 面积 1 time"},
		{"more than are shown", "/burden", answerOf(many...), "加码次数最多的，各加了 1 次", "Those who added most often did so 1 time each"},
		{"nobody", "/burden", answerOf(), "谁加得最多", "Who added most"},
	} {
		says := map[string]string{"Burden": c.answer, "BurdenMeasure": `{"mandate":{"id":"m","title":"任务","measures":[{"id":"m/area","key":"area","name":"面积","kind":"DIVISIBLE"}]},"mandates":{"edges":[]}}`}
		h := portalFor(t, &told{says: says}, &fakeSessions{})
		for lang, want := range map[string]string{"zh-CN": c.zh, "en": c.en} {
			body := get(h, c.address, "Accept-Language", lang).Body.String()
			if got := h1(body); got != want {
				t.Errorf("%s, %s: %q, want %q", c.name, lang, got, want)
			}
			if !strings.Contains(unmarked.Replace(body), "<title>"+want+" ·") {
				t.Errorf("%s, %s: the window's title is not the finding", c.name, lang)
			}
		}
	}
}

func TestBurdenAsksWhatTheAddressSays(t *testing.T) {
	q := &told{}
	h := portalFor(t, q, &fakeSessions{})
	get(h, "/burden?within=990101101&measure=afforest-600%2Farea&dimension=SPLIT&from=2022%E5%B9%B48%E6%9C%889%E6%97%A5&to=2022/9/1")
	want := map[string]any{"within": "990101101", "measure": "afforest-600/area", "dimension": "SPLIT", "from": "2022-08-09", "to": "2022-09-01", "first": 51}
	if !maps.Equal(q.heard["Burden"], want) {
		t.Errorf("asked %v, want %v", q.heard["Burden"], want)
	}
	get(h, "/burden")
	want = map[string]any{"within": nil, "measure": nil, "dimension": nil, "from": nil, "to": nil, "first": 51}
	if !maps.Equal(q.heard["Burden"], want) {
		t.Errorf("asked %v, want %v", q.heard["Burden"], want)
	}
	get(h, "/burden?format=csv")
	if q.heard["Burden"]["first"] != 200 {
		t.Errorf("the sheet asks for %v rows", q.heard["Burden"]["first"])
	}
	get(h, "/mandates/afforest-600")
	if !maps.Equal(q.heard["Burden"], map[string]any{"measure": "afforest-600/area", "first": 6}) {
		t.Errorf("the mandate's page asks %v", q.heard["Burden"])
	}
	for address, first := range map[string]int{"/units/990101101": 11, "/units/990101101?due=all": 200, "/units/990101101?format=csv&table=due": 200} {
		if get(h, address); !maps.Equal(q.heard["UnitDue"], map[string]any{"unit": "990101101", "first": first}) {
			t.Errorf("%s asks %v", address, q.heard["UnitDue"])
		}
	}
}

func TestBurdenSaysHowItIsOrdered(t *testing.T) {
	for _, c := range []struct{ address, answer, says string }{
		{"/burden", answerOf(rowOf("甲县", "面积", "68", "2")), "不同指标的数量不能相加"},
		{"/burden?measure=afforest-600%2Farea", answerOf(rowOf("甲县", "面积", "68", "2")), "按所加数量从多到少排列。"},
		{"/burden?measure=afforest-600%2Farea", answerOf(rowOf("甲县", "面积", "", "2")), "这个指标的数量不能相加"},
	} {
		h := portalFor(t, &told{says: map[string]string{"Burden": c.answer}}, &fakeSessions{})
		if body := get(h, c.address).Body.String(); strings.Count(body, c.says) != 1 || strings.Count(body, "从多到少排列") != 1 {
			t.Errorf("%s does not say %s", c.address, c.says)
		}
	}
}

func TestBurdenLeadsOn(t *testing.T) {
	body := get(portalFor(t, &fake{}, &fakeSessions{}), "/burden?within=%E6%9F%B3%E6%BA%AA&from=2022-1-2&lang=en").Body.String()
	for _, want := range []string{
		`href="/units/990101101?lang=en"`, `href="/events/15?lang=en"`, `href="/events/16?lang=en"`, `6 events in all`, `href="/mandates/river-patrol?lang=en"`,
		`href="/burden?from=2022-01-02&amp;lang=en&amp;measure=afforest-600%2Farea&amp;within=990101101"`, // one measure of the same unit
		`href="/burden?from=2022-01-02&amp;lang=en"`, `href="/burden?lang=en&amp;within=990101101"`,       // without one condition
		`<input type="hidden" name="lang" value="en">`, `value="柳溪"`, `value="2022-1-2"`, "70/3 ≈ &#43;23.33 万元", "not summed", "As of event 118.",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
	if !strings.Contains(body, `<rect class="bar add l-TOWNSHIP" x="1" y="1" width="144"`) || !strings.Contains(body, `<rect class="bar add l-COUNTY" x="1" y="1" width="96"`) {
		t.Error("the bars are not 3 to 2")
	}
}

func TestBurdenSheet(t *testing.T) {
	w := get(portalFor(t, &fake{}, &fakeSessions{}), "/burden?format=csv", "Accept-Language", "en")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != 5 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, want := range map[int]string{
		0: "Level|Unit|Code|Mandate|Measure|Id|Dimension|Added|Unit of measure|Times|Events",
		1: "Township|柳溪镇|990101101|退林还耕|还耕面积|afforest-600/area|split|20|亩|3|15 16",
		2: "County|青禾县|990101|河道巡查|巡查频次|river-patrol/patrol|frequency||次|2|21",
		3: "County|青禾县|990101|退林还耕|配套资金|afforest-600/cost|quantity|'70/3|万元|1|11",
	} {
		if got := strings.Join(rows[i], "|"); got != want {
			t.Errorf("row %d: %s, want %s", i, got, want)
		}
	}
}

func TestBurdenKeepsWhatWasTypedBesideWhatIsWrong(t *testing.T) {
	none := `"edges":[],"pageInfo":{"hasNextPage":false}`
	nothing := map[string]string{"BurdenWithin": `{"unit":null,"units":{` + none + `}}`, "BurdenMeasure": `{"mandate":null,"mandates":{` + none + `}}`}
	swapped := ledger.Errorf(ledger.Invalid, "burden.dates", "起始日期晚于截止日期；请调换。", "The first day is after the last; swap them.").At("from")
	for _, c := range []struct {
		name, typed, zh, en string
		err                 error
	}{
		{"within", "没有的县", "没有编码为“没有的县”", "No unit has the code “没有的县”", nil},
		{"within", strings.Repeat("县", 101), "没有编码为", "No unit has the code", nil},
		{"measure", "x/y", "没有编号为“x/y”的指标", "No measure has the id “x/y”", nil},
		{"measure", "没有的任务", "没有编号为“没有的任务”的指标", "No measure has the id", nil},
		{"dimension", "MOON", "没有“MOON”这个维度", "There is no dimension “MOON”", nil},
		{"from", "2022-02-30", "“2022-02-30”不是日期", "“2022-02-30” is not a date", nil},
		{"to", "明天", "“明天”不是日期", "“明天” is not a date", nil},
		{"from", "2023-01-01", "起始日期晚于截止日期；请调换。", "swap them", swapped},
	} {
		q := &told{says: nothing, errs: map[string]error{"Burden": c.err}}
		h := portalFor(t, q, &fakeSessions{})
		for lang, says := range map[string]string{"zh-CN": c.zh, "en": c.en} {
			w := get(h, "/burden?"+c.name+"="+url.QueryEscape(c.typed), "Accept-Language", lang)
			body := w.Body.String()
			beside := regexp.MustCompile(`id="` + c.name + `-fault">[^<]*` + regexp.QuoteMeta(says))
			if w.Code != http.StatusBadRequest || !beside.MatchString(body) || !strings.Contains(body, `<a href="#`+c.name+`">`) {
				t.Errorf("%s=%s: %d, not beside its field in %s", c.name, c.typed, w.Code, lang)
			}
			if c.name != "dimension" && !strings.Contains(body, `name="`+c.name+`" value="`+c.typed+`"`) {
				t.Errorf("%s=%s is not kept", c.name, c.typed)
			}
			if !strings.Contains(body, `<details class="filter" open>`) || strings.Contains(body, "<table") {
				t.Errorf("%s=%s: the form is shut, or a table shown", c.name, c.typed)
			}
		}
		if c.err == nil && q.heard["Burden"] != nil {
			t.Errorf("%s=%s is asked all the same", c.name, c.typed)
		}
	}
	down := portalFor(t, &told{errs: map[string]error{"Burden": ledger.Errorf(ledger.Unavailable, "x.y", "暂停", "stopped").At("from")}}, &fakeSessions{})
	if w := get(down, "/burden"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("what is no fault of the fields is %d", w.Code)
	}
}

func TestBurdenTakesAWordForAUnitOrAMeasure(t *testing.T) {
	unit := func(code, name string) string {
		return `{"node":{"code":"` + code + `","name":"` + name + `","level":"COUNTY","kind":"GOVERNMENT"}}`
	}
	several := `{"unit":null,"units":{"edges":[` + unit("1", "东县") + "," + unit("2", "西县") + `],"pageInfo":{"hasNextPage":true,"endCursor":"2"}}}`
	q := &told{says: map[string]string{"BurdenWithin": several}}
	h := portalFor(t, q, &fakeSessions{})
	w := get(h, "/burden?within=%E5%8E%BF&to=2022-1-1&dimension=MOON")
	if body := w.Body.String(); w.Code != 400 || !strings.Contains(body, `href="/burden?dimension=MOON&amp;to=2022-01-01&amp;within=2"`) || !strings.Contains(body, "没有列全") || q.heard["Burden"] != nil {
		t.Errorf("%d: several units are not offered", w.Code)
	}
	if w := get(h, "/burden?within=%E5%8E%BF"); w.Code != http.StatusOK || strings.Contains(w.Body.String(), `role="alert"`) {
		t.Errorf("a choice to make is a fault: %d", w.Code)
	}
	if w := get(h, "/burden?within=%E5%8E%BF&format=csv"); w.Code != http.StatusBadRequest {
		t.Errorf("a sheet of nobody knows what: %d", w.Code)
	}
	if get(h, "/burden?within=%E8%A5%BF%E5%8E%BF"); q.heard["Burden"]["within"] != "2" {
		t.Errorf("a name in full is asked as %v", q.heard["Burden"]["within"])
	}
	measures := `[{"id":"m/a","key":"a","name":"甲项"},{"id":"m/b","key":"b","name":"乙项"}]`
	q = &told{says: map[string]string{"BurdenMeasure": `{"mandate":null,"mandates":{"edges":[{"node":{"id":"m","title":"任务","measures":` + measures + `}}],"pageInfo":{"hasNextPage":false}}}`}}
	h = portalFor(t, q, &fakeSessions{})
	if body := get(h, "/burden?measure=%E4%BB%BB%E5%8A%A1").Body.String(); !strings.Contains(body, `href="/burden?measure=m%2Fb"`) || q.heard["Burden"] != nil {
		t.Error("several measures are not offered")
	}
	if want := (map[string]any{"id": "任务", "search": "任务", "first": 10}); !maps.Equal(q.heard["BurdenMeasure"], want) {
		t.Errorf("asked %v", q.heard["BurdenMeasure"])
	}
}

func TestMandateNamesWhoAddedMost(t *testing.T) {
	var rows []string
	for i := range mostNamed + 1 {
		rows = append(rows, rowOf(fmt.Sprintf("县%d", i), "面积", "9", "1"))
	}
	for _, c := range []struct {
		answer, says string
		named        int
	}{{answerOf(rows...), "查看全部，按单位、日期筛选", 5}, {answerOf(rows[:2]...), ">按单位、日期筛选", 2}, {answerOf(), "没有单位在这个指标上加码的记录。", 0}} {
		body := get(portalFor(t, &told{says: map[string]string{"Burden": c.answer}}, &fakeSessions{}), "/mandates/afforest-600").Body.String()
		_, section, _ := strings.Cut(body, `<h2 id="most">`)
		section, _, _ = strings.Cut(section, "</section>")
		if !strings.Contains(section, c.says) || strings.Count(section, `class="unit" href="/units/c-`) != c.named {
			t.Errorf("%d named, want %d, with %s", strings.Count(section, `class="unit"`), c.named, c.says)
		}
		if c.named > 0 && !strings.Contains(section, `href="/burden?measure=afforest-600%2Farea"`) {
			t.Error("it does not lead to the whole")
		}
	}
}

func TestUnitSaysWhatIsDue(t *testing.T) {
	one := `{"due":"2022-08-09T01:00:00Z","received":{"mandate":{"id":"m","title":"任务"},"measure":{"key":"a","name":"甲项","unit":"亩"},
		"issuance":{"id":"i","source":"DECLARED","issuer":{"code":"1","name":"东县"}},"value":"7","items":[],"state":"SENT","events":[{"ordinal":"5"}]}}`
	answer := func(n int) string {
		return `{"obligations":[` + strings.TrimSuffix(strings.Repeat(one+",", n), ",") + `]}`
	}
	for _, c := range []struct {
		address string
		n, rows int
		says    string
	}{
		{"/units/990101101", 0, 0, "没有写明期限的在办任务。"}, {"/units/990101101", 10, 10, ""}, {"/units/990101101", 11, 10, `href="/units/990101101?due=all#due">查看全部期限`},
		{"/units/990101101?due=all", 150, 150, ""}, {"/units/990101101?due=all", 200, 199, "只列最早的这些"},
	} {
		body := get(portalFor(t, &told{says: map[string]string{"UnitDue": answer(c.n)}}, &fakeSessions{}), c.address).Body.String()
		_, section, _ := strings.Cut(body, `<h2 id="due">`)
		section, _, _ = strings.Cut(section, "</section>")
		if got := strings.Count(section, "2022年8月9日 09:00"); got != c.rows || !strings.Contains(section, c.says) || c.says == "" && strings.Contains(section, `class="more"`) {
			t.Errorf("%s with %d: %d rows, want %d, with %q", c.address, c.n, got, c.rows, c.says)
		}
		if !strings.Contains(body, `href="/burden?within=990101101"`) {
			t.Error("it does not lead to who added most here")
		}
	}
}
