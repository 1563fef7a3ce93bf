package portal

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"image"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

const issued = "/findings/990101101202-20221231-0a1b2c3d-1"

// readOut is a page without its marks.
func readOut(body string) string {
	return regexp.MustCompile(`\s+`).ReplaceAllString(tags.ReplaceAllString(unmarked.Replace(body), " "), " ")
}

func TestFindingSaysWhoCarriesWhatAndWhy(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	body := get(h, issued, "Accept-Language", "zh-CN").Body.String()
	text := readOut(body)
	for _, want := range []string{
		"差 30 亩：", "柳溪镇承担 66.67%", "加码 20 亩", "执行中没做到 10 亩", "柳溪镇加了 20 亩，没有经过批准", "加码合计 20 亩。差的 30 亩里，有 20 亩是加码造成的。",
		"= 20 × 20 ÷ 20 = 20", "未回应", "全镇通报", "建议：", "只移送有权机关", "suyuan verify --finding",
	} {
		if want != "全镇通报" && !strings.Contains(text, want) {
			t.Errorf("it does not say %s", want)
		}
	}
	for _, want := range []string{`href="/events/15"`, `href="/rules#gongwuyuan-60"`, `href="/glossary#addOn"`, `href="/findings/990101101202-20221231-0a1b2c3d-1/paper"`, `href="/outcomes/990101101202-20221231-0a1b2c3d"`, `data-step="s-1"`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(body, `class="correction"`) {
		t.Error("what stands is put right")
	}
}

func TestFindingPutRightHasTheCorrectionBesideIt(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	body := get(h, "/findings/overturned-1", "Accept-Language", "zh-CN").Body.String()
	claim, correction := strings.Index(body, "<h1"), strings.Index(body, `class="correction"`)
	if claim < 0 || correction < claim || correction > strings.Index(body, `id="shares"`) {
		t.Fatal("the correction does not stand beside the claim")
	}
	text := readOut(body)
	for _, want := range []string{"原来的认定", "申诉后变更", "原来的认定没有查到这份批件", "从柳溪镇减去 66.67%", "不转给别的单位", "申诉减去的部分"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %s", want)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(get(h, "/findings/overturned-1?format=csv").Body.String(), "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != 5 || rows[2][2] != "6667" || rows[2][5] != "0" || rows[4][5] != "6667" {
		t.Errorf("%v %v", rows, err)
	}
}

func TestAccidentSaysWhoKnewAndWhatTheyDid(t *testing.T) {
	text := readOut(get(portalFor(t, &fake{}, &fakeSessions{}), "/findings/site-1", "Accept-Language", "zh-CN").Body.String())
	for _, want := range []string{"有责任叫停，事先知道危险，却没有采取有效的行动，记 300 分", "谁事先知道、又能制止", "收到", "起草了处罚", "没有采取行动的记录"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %s", want)
		}
	}
}

func TestFindingIsNotThere(t *testing.T) {
	h := portalFor(t, &told{says: map[string]string{"Finding": `{"finding":null}`, "Penalty": `{"penalty":null}`}}, &fakeSessions{})
	for _, address := range []string{"/findings/x", "/findings/x/paper", "/outcomes/x"} {
		if w := get(h, address); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
}

func TestListsOfFindingsAskWhatTheAddressSays(t *testing.T) {
	q := &told{}
	h := portalFor(t, q, &fakeSessions{})
	get(h, "/findings?unit=990101101&stage=FINAL")
	if got := q.heard["Findings"]; got["unit"] != "990101101" || got["stage"] != "FINAL" || got["first"] != 25 {
		t.Errorf("asked %v", got)
	}
	get(h, "/outcomes?within=990101&kind=CONDUCT")
	if got := q.heard["Penalties"]; got["within"] != "990101" || got["kind"] != "CONDUCT" {
		t.Errorf("asked %v", got)
	}
	for _, address := range []string{"/findings?stage=MOON", "/outcomes?kind=MOON", "/whatif?kind=MOON"} {
		if w := get(h, address); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
	for _, address := range []string{"/findings?format=csv", "/outcomes?format=csv", "/rules?format=csv", "/policies?format=csv", "/outcomes/990101101202-20221231-0a1b2c3d?format=csv"} {
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(get(h, address).Body.String(), "\uFEFF"))).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Errorf("%s: %d rows, %v", address, len(rows), err)
		}
	}
}

func TestRulesSayWhatWasNotVerified(t *testing.T) {
	body := get(portalFor(t, &fake{}, &fakeSessions{}), "/rules", "Accept-Language", "zh-CN").Body.String()
	_, item, _ := strings.Cut(body, `id="wenze-2019-8"`)
	item, _, _ = strings.Cut(item, "</li>")
	if !strings.Contains(item, "未核验") || !strings.Contains(item, "条号凭记忆") {
		t.Error(item)
	}
	_, item, _ = strings.Cut(body, `id="gongwuyuan-60"`)
	if item, _, _ = strings.Cut(item, "</li>"); strings.Contains(item, "未核验") {
		t.Error("what was verified is called unverified")
	}
}

func TestPaper(t *testing.T) {
	p := portalFor(t, &fake{}, &fakeSessions{})
	w := get(p, issued+"/paper", "Accept-Language", "zh-CN")
	body := w.Body.String()
	text := readOut(body)
	for _, want := range []string{"溯源联认〔2023〕57号", "联责认定意见书", "柳溪镇、中柳村：", "一、各单位承担多少", "（一）", "2023年2月25日", "（此件公开发布）", "附件 1", "http://example.com" + issued} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %s", want)
		}
	}
	var got struct{ Finding findingData }
	data, err := (&fake{}).Query(context.Background(), "query FindingOutcome", map[string]any{"id": ""})
	if err != nil || json.Unmarshal(data, &got) != nil {
		t.Fatal(err)
	}
	for _, s := range got.Finding.Penalty.Chain.Steps {
		for _, e := range s.Events {
			if e.Hash != "" && !strings.Contains(body, e.Hash) {
				t.Errorf("event %s stands there without its hash", e.Ordinal)
			}
		}
	}
	if w.Code != 200 || strings.Contains(body, " style=") || strings.Contains(body, "<style") || !strings.Contains(body, p.site.static.Paper) {
		t.Errorf("%d, or the sheet is not linked", w.Code)
	}
	var alone bytes.Buffer
	if err := p.WritePaper(context.Background(), &alone, "990101101202-20221231-0a1b2c3d-1", "en"); err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{`rel="stylesheet"`, `src="`, "ZgotmplZ"} {
		if strings.Contains(alone.String(), never) {
			t.Errorf("a paper of its own has %s", never)
		}
	}
	if !strings.Contains(alone.String(), "@page") || !strings.Contains(alone.String(), "Finding of joint responsibility") {
		t.Error("a paper of its own has no sheet, or is in another language")
	}
	draft := strings.Replace(string(must(t, "testdata/Finding.json")), `"issued": "2023-02-25T02:00:00Z"`, `"issued": null`, 1)
	q := &told{says: map[string]string{"Finding": draft}}
	if err := portalFor(t, q, &fakeSessions{}).WritePaper(context.Background(), &alone, "x", "en"); ledger.AsError(err).Rule != "paper.not_issued" {
		t.Errorf("a draft has a paper: %v", err)
	}
}

// TestCodeIsDrawn holds the path against the squares of the code.
func TestCodeIsDrawn(t *testing.T) {
	markup, err := picturedCode("https://example.org/findings/x-1", "T<")
	if err != nil || strings.Contains(string(markup), "T<") {
		t.Fatal(err)
	}
	dark := image.Rect(0, 0, 0, 0)
	n := 0
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(string(markup), -1) {
		if m[3] != m[4] {
			t.Error(m)
		}
		x, y, w := atoi(m[1]), atoi(m[2]), atoi(m[3])
		n += w
		dark = dark.Union(image.Rect(x, y, x+w, y+1))
	}
	if dark.Min != image.Pt(4, 4) || dark.Dx() != dark.Dy() || n < dark.Dx()*dark.Dy()/3 {
		t.Errorf("%v, %d dark", dark, n)
	}
}

func TestWhatIf(t *testing.T) {
	q := &told{}
	h := portalFor(t, q, &fakeSessions{})
	example := regexp.MustCompile(`href="(/whatif\?[^"]*)">填入一个例子`)
	for kind := range whatIfExamples {
		q.heard = nil
		m := example.FindStringSubmatch(get(h, "/whatif?kind="+kind, "Accept-Language", "zh-CN").Body.String())
		if m == nil || q.heard["WhatIf"] != nil {
			t.Fatalf("%s: no example, or something is asked already", kind)
		}
		w := get(h, strings.ReplaceAll(m[1], "&amp;", "&"), "Accept-Language", "zh-CN")
		if w.Code != http.StatusOK || q.heard["WhatIf"] == nil {
			t.Errorf("%s: the example is %d: %s", kind, w.Code, readOut(w.Body.String()))
			continue
		}
		if text := readOut(w.Body.String()); !strings.Contains(text, "这只是试算，不是认定") || !strings.Contains(text, "按规则算出来：") {
			t.Errorf("%s: it does not say that it is a what-if", kind)
		}
	}
	get(h, "/whatif?kind=deadline&u1=a&v1=30&u2=b&verified=25&capacity=20&a=40%25&by2=1&il2=on&si1=on&owner=1&false=on&version=2")
	var c map[string]any
	if err := json.Unmarshal([]byte(q.heard["WhatIf"]["case"].(string)), &c); err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(c)
	want := `{"adequacy":"40/100","approved":{},"capacity":"-20","executorOverruledBy":"a","falsified":true,"illegalOrder":["b"],"issued":["-30"],"kind":"quantity","overruled":{"b":"a"},"owner":"a","silent":["a"],"units":["a","b"],"verified":"-25"}`
	if string(text) != want || q.heard["WhatIf"]["version"] != 2 {
		t.Errorf("asked\n%s, want\n%s", text, want)
	}
}

func TestWhatIfKeepsWhatWasTypedBesideWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		query, field string
		err          *ledger.Error
	}{
		{"u1=a&v1=x&u2=b&verified=1", "v1", nil}, {"u1=a&v1=1&u2=a&verified=1", "u2", nil}, {"u1=a&v1=1&u2=b", "verified", nil}, {"v1=1&u2=b&verified=1", "u1", nil},
		{"u1=a&v1=1&u2=b&verified=1&by1=5", "by1", nil}, {"u1=a&v1=1&verified=1", "u2", nil}, {"kind=conduct&u1=a&window=soon", "window", nil},
		{"u1=a&v1=1&u2=b&verified=1&a=7", "a", ledger.Errorf(ledger.Invalid, "whatif.part", "从 0 到 1", "from 0 to 1").At("adequacy")},
		{"u1=a&v1=1&u2=b&verified=1", "v1", ledger.Errorf(ledger.Invalid, "whatif.x", "不对", "wrong").At("issued[0]")},
		{"u1=a&v1=1&u2=b&verified=1", "", ledger.Errorf(ledger.Invalid, "whatif.x", "别处不对", "wrong elsewhere").At("units")},
	} {
		q := &told{}
		if c.err != nil {
			q.errs = map[string]error{"WhatIf": c.err}
		}
		w := get(portalFor(t, q, &fakeSessions{}), "/whatif?"+c.query, "Accept-Language", "zh-CN")
		body := w.Body.String()
		typed, _ := url.ParseQuery(c.query)
		if w.Code != http.StatusBadRequest || c.field != "" && (!strings.Contains(body, `id="`+c.field+`-fault"`) || !strings.Contains(body, `<a href="#`+c.field+`">`)) {
			t.Errorf("%s: %d, not beside %s", c.query, w.Code, c.field)
		}
		if c.field == "" && !strings.Contains(body, "别处不对") {
			t.Errorf("%s: it is not said", c.query)
		}
		if name := typed.Get("u1"); name != "" && !strings.Contains(body, `name="u1" value="`+name+`"`) {
			t.Errorf("%s is not kept", c.query)
		}
		if c.err == nil && q.heard["WhatIf"] != nil {
			t.Errorf("%s is asked all the same", c.query)
		}
	}
}

func TestUnitSaysWhatItAnswersFor(t *testing.T) {
	body := get(portalFor(t, &fake{}, &fakeSessions{}), "/units/990101101", "Accept-Language", "zh-CN").Body.String()
	_, section, _ := strings.Cut(body, `<h2 id="answers">`)
	section, _, _ = strings.Cut(section, "</section>")
	for _, want := range []string{"这个单位承担 66.67%", "同步问责：已回应", `href="` + issued + `"`, `href="/findings?unit=990101101"`} {
		if !strings.Contains(section, want) {
			t.Errorf("no %s in %s", want, section)
		}
	}
}

func must(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func TestBasisNamesEveryEventOnce(t *testing.T) {
	var f findingData
	e := func(n string) []eventRef { return []eventRef{{Ordinal: n, Hash: "h" + n}} }
	f.Current.Explanation = &explanation{Points: []evidencePoint{{Text: ledger.Text{Zh: "甲"}, Events: e("9")}, {Text: ledger.Text{Zh: "乙"}, Events: e("9")}}}
	f.Penalty.Chain = &traceData{Steps: []step{{Events: e("10")}, {Events: e("9")}}}
	f.Penalty.Events = e("100")
	got := f.basis()
	if len(got) != 3 || got[0].Event.Ordinal != "9" || len(got[0].What) != 2 || got[1].Event.Ordinal != "10" || got[2].Event.Hash != "h100" {
		t.Errorf("%v", got)
	}
}

// What came on record after the version was computed is none of its basis, and
// a correction is called one.
func TestBasisEndsWithWhatTheVersionKnew(t *testing.T) {
	var f findingData
	f.Current.Known = "99"
	f.Penalty.Events = []eventRef{{Ordinal: "40"}, {Ordinal: "98"}, {Ordinal: "100"}}
	f.Penalty.Corrections = append(f.Penalty.Corrections, struct {
		At, Reason string
		Document   *documentRef
		Event      eventRef
	}{Event: eventRef{Ordinal: "98"}})
	got := f.basis()
	if len(got) != 2 || got[0].Key != "recorded" || got[1].Key != "corrected" {
		t.Errorf("%v", got)
	}
}

// Who was cleared is not accused by what was overturned: not in a headline, not
// by what was suggested, not by a review of what does not hold any more.
func TestOverturnedAccusesNobody(t *testing.T) {
	overturned := func(name string) string {
		return strings.Replace(string(must(t, "testdata/"+name)), `"stage": "VARIED"`, `"stage": "OVERTURNED"`, 1)
	}
	q := &told{says: map[string]string{"Finding": overturned("Finding.overturned-1.json"), "FindingOutcome": string(must(t, "testdata/FindingOutcome.overturned-1.json")),
		"Findings": strings.Replace(string(must(t, "testdata/Findings.json")), `"stage": "`, `"stage": "OVERTURNED", "was": "`, 1)}}
	h := portalFor(t, q, &fakeSessions{})
	body := get(h, "/findings/x", "Accept-Language", "zh-CN").Body.String()
	if !strings.Contains(body, "<title>已撤销：") || !strings.Contains(readOut(body[strings.Index(body, "<h1"):]), "已撤销：") {
		t.Error("the headline accuses")
	}
	_, shares, _ := strings.Cut(body, `id="shares-c"`)
	shares, _, _ = strings.Cut(shares, "</table>")
	if rows := strings.Split(shares, "<tr"); strings.Contains(rows[3], "建议：") || !strings.Contains(shares, "建议：") {
		t.Error("something is suggested for a unit that carries nothing any more, or nothing at all")
	}
	if strings.Contains(body, "列入复查") {
		t.Error("what was overturned is to be reviewed")
	}
	if text := readOut(get(h, "/findings", "Accept-Language", "zh-CN").Body.String()); !strings.Contains(text, "已撤销：") {
		t.Error("the list accuses")
	}
	if text := readOut(get(h, "/findings/x/paper", "Accept-Language", "zh-CN").Body.String()); !strings.Contains(text, "已撤销：关于") || !strings.Contains(text, "未归属 0% （申诉后") {
		t.Errorf("the paper accuses, or lacks what is nobody's now: %s", text)
	}
}

// The figures of a finding are its version's, with what they were put right to.
func TestFindingShowsTheFiguresOfItsVersion(t *testing.T) {
	q := &told{says: map[string]string{"Finding": string(must(t, "testdata/Finding.json")),
		"FindingOutcome": strings.Replace(string(must(t, "testdata/FindingOutcome.json")), `"verified": "190"`, `"verified": "180"`, 1)}}
	text := readOut(get(portalFor(t, q, &fakeSessions{}), "/findings/x", "Accept-Language", "zh-CN").Body.String())
	if !strings.Contains(text, "核实 190 亩。") || !strings.Contains(text, "作出认定时核实 190 亩，后更正为 180 亩。") {
		t.Error("the page contradicts itself")
	}
}

func TestWhoObjectedIsOnThePage(t *testing.T) {
	told := &told{says: map[string]string{
		"Finding":        strings.Replace(string(must(t, "testdata/Finding.json")), `"field": "coOwned",`, `"field": "coOwned", "says": "insisted",`, 1),
		"FindingOutcome": string(must(t, "testdata/FindingOutcome.json")),
		"Penalty": strings.Replace(string(must(t, "testdata/Penalty.json")), `"mirrors":`, `"evidence":{"points":[{"field":"overruled.x","says":"lapsed","text":{"zh":"逾期没有答复","en":"lapsed"}},
			{"field":"verified","says":"verified","text":{"zh":"完成了","en":"done"}}]},"mirrors":`, 1),
	}}
	h := portalFor(t, told, &fakeSessions{})
	section := func(address string) string {
		_, out, _ := strings.Cut(get(h, address, "Accept-Language", "zh-CN").Body.String(), `<h2 id="objected">`)
		out, _, _ = strings.Cut(out, "</section>")
		return readOut(out)
	}
	if text := section("/findings/x"); !strings.Contains(text, "履职事项清单") {
		t.Errorf("the finding says %q", text)
	}
	if text := section("/outcomes/x"); !strings.Contains(text, "逾期没有答复") || strings.Contains(text, "完成了") {
		t.Errorf("the outcome says %q", text)
	}
}

// Units that nothing is charged to are told why, by what they were to the task.
func TestWhyNothingIsCharged(t *testing.T) {
	p := &Page{s: portalFor(t, &fake{}, &fakeSessions{}).site, seen: map[string]bool{}, Lang: "zh-CN"}
	layer := explanationLine{Clause: "1.layer", Name: "a", Amount: "200", From: []string{"issued[0]"}}
	e := &explained{Page: p, explanation: explanation{Lines: []explanationLine{layer}}, kind: "QUANTITY", executor: "d",
		facts: caseOnRecord{Units: []string{"a", "b", "d"}, Owner: "l", Overruled: map[string]string{"o": "a"}}}
	for name, want := range map[string]string{"a": "最初定的数没有造成短缺", "b": "照原样往下传，没有加码", "l": "牵头单位；没有需要由它承担的部分", "o": "事先提过异议，要求没有改变", "x": "没有需要由它承担的部分"} {
		if got := e.spared(share{Name: name}); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Where several asked at once, the terms mean what all asked and what was
// beyond the executor, and the headline is the outcome's own.
func TestCompetingDemandsAreCalledSo(t *testing.T) {
	p := &Page{s: portalFor(t, &fake{}, &fakeSessions{}).site, seen: map[string]bool{}, Lang: "zh-CN"}
	for _, c := range workedCases(t) {
		if c.Kind != "COMPETING" {
			continue
		}
		for _, step := range p.divide("x", c.Explanation, c.Explanation.Shares, c.Kind, nil, c.Executor, "T").Steps {
			for _, l := range step.Lines {
				for _, term := range l.Terms {
					if term.Key == "base" || term.Key == "infeasible" {
						t.Errorf("%s: %s is called %s", c.Name, term.Letter, term.Key)
					}
				}
			}
		}
		f := &findingData{Current: findingVersion{Shares: c.Explanation.Shares, Explanation: &c.Explanation}}
		f.Penalty.Kind, f.Penalty.Title, f.Penalty.Measure = c.Kind, "同一天三个会", &measure{Kind: "DIVISIBLE", Unit: "人次"}
		if claim := p.claimOf(f); !strings.HasPrefix(claim, "同一天三个会：") {
			t.Errorf("%s: %s", c.Name, claim)
		}
	}
}
