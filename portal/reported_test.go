package portal

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// plainText is what a page says, without its marks.
func plainText(body string) string {
	text := html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, " "))
	return regexp.MustCompile(`\s+`).ReplaceAllString(text, " ")
}

func TestReported(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	for lang, wants := range map[string][]string{
		"zh-CN": {"已公布 61 件", "另有未核验资格的反映 23 件", "数量 – – – 26 5 – – 31", "未细分 – – – 5 – – 19 24", "合计 – – – 37 5 – 19 61", "79.3% 46 / 58", "50.0% 20 / 40", "63.3% 19 / 30",
			"满意率 反映人满意的，占作了评价的 未细分 未细分", "5 个工作日以内 21 / 46", "6 至 15 个工作日 15 / 46", "15 个工作日以上 10 / 46",
			"下来 600 亩，要求 690 亩", "比下来的多 10–20%", "数字不一，未细分", "下来 每 7 天 1 次，要求 每天 1 次", "32 / 61", "2026年10月12日", "不排名次", "数据截至第 812 号事件"},
		"en": {"61 reports of add-ons have been released", "23 came from people whose standing was not verified", "79.3% 46 of 58", "6 to 15 working days", "600 亩 came down, 690 亩 was asked for", "more by 10–20%", "without ranks"},
	} {
		text := plainText(get(h, "/reported?lang="+lang).Body.String())
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in %s", lang, want, text)
			}
		}
	}
	body := get(h, "/units/990101101/reported").Body.String()
	for _, want := range []string{"柳溪镇及下级：</span>", `href="/units/990101101"`, "柳溪镇办得怎么样", `href="/units/990101-forestry/reported"`} {
		if !strings.Contains(body, want) {
			t.Errorf("a unit's page has no %s", want)
		}
	}
	if strings.Contains(body, "<form class=\"filters\"") {
		t.Error("a unit's page asks which unit")
	}
}

// What is asked is asked of that place, and of all where none is named.
func TestReportedWithin(t *testing.T) {
	for address, want := range map[string]any{"/reported": nil, "/reported?within=990101101": "990101101", "/units/990101101/reported": "990101101"} {
		q := &fake{}
		if w := get(portalFor(t, q, &fakeSessions{}), address); w.Code != http.StatusOK {
			t.Fatalf("%s: %d", address, w.Code)
		}
		asked := 0
		for _, variables := range q.asked {
			if got, ok := variables["within"]; ok {
				if asked++; got != want {
					t.Errorf("%s asks within %v", address, got)
				}
			}
		}
		if asked != 2 {
			t.Errorf("%s asks %d times", address, asked)
		}
	}
}

// nothing answers as a ledger from which nothing was released.
type nothing struct{ fake }

func (n *nothing) Query(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error) {
	if strings.Contains(document, "statistics(") {
		return json.RawMessage(`{"whole":[],"matrix":[],"units":[],"claims":[],"weeks":[],"responded":[],"rated":[],"solved":[],"satisfied":[],"days":[],"ledger":{"ordinal":"3"}}`), nil
	}
	return n.fake.Query(ctx, document, variables)
}

func TestNothingReleased(t *testing.T) {
	h := portalFor(t, &nothing{}, &fakeSessions{})
	for address, want := range map[string]string{"/reported": "还没有公布过数字", "/units/990101101/reported": "不等于没有人反映，也不等于有"} {
		w := get(h, address)
		if text := plainText(w.Body.String()); w.Code != 200 || !strings.Contains(text, want) || !strings.Contains(text, "办理结果还没有可以公布的数字") {
			t.Errorf("%s: %d %s", address, w.Code, text)
		}
	}
	for _, table := range reportedTables {
		if w := get(h, "/reported?format=json&table="+table); strings.TrimSpace(w.Body.String()) != "[]" {
			t.Errorf("%s: %s", table, w.Body)
		}
	}
}

func TestReportedFiles(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	for table, first := range map[string]string{
		"levels":  `{"count":"26","dimension":"数量","level":"县","of":"61"}`,
		"units":   `{"code":"990101-forestry","count":"32","level":"县","of":"61","unit":"青禾县林业局"}`,
		"claims":  `{"asked":"690","cameDown":"600","change":"未细分","code":"990101-forestry","count":"15","dimension":"数量","id":"afforest-600","mandate":"造林六百亩","measure":"造林面积","unit":"青禾县林业局"}`,
		"weeks":   `{"count":"40","lane":"已核验资格","of":"61","release":"2026-10-05"}`,
		"answers": `{"count":"46","lane":"已核验资格","of":"58","share":"响应率"}`,
	} {
		w := get(h, "/reported?format=json&table="+table)
		var rows []json.RawMessage
		if err := json.Unmarshal(w.Body.Bytes(), &rows); err != nil || len(rows) < 2 || string(rows[0]) != first {
			t.Errorf("%s: %s (%v), want %s first", table, w.Body, err, first)
		}
		if got := w.Header().Get("Content-Type"); got != "application/json; charset=utf-8" {
			t.Errorf("%s is sent as %s", table, got)
		}
		sheet := get(h, "/reported?format=csv&table="+table).Body.String()
		if lines := strings.Count(sheet, "\r\n"); !strings.HasPrefix(sheet, "\uFEFF") || lines != len(rows)+1 {
			t.Errorf("%s: %d lines for %d rows", table, lines, len(rows))
		}
	}
	if got := get(h, "/units/990101101/reported?format=json&table=weeks").Header().Get("Content-Disposition"); !strings.Contains(got, "reported-weeks-990101101.json") {
		t.Errorf("the file is named %s", got)
	}
	for address, want := range map[string]int{"/units?format=json": 400, "/reported?format=xml": 400, "/units/x%00/reported": 404} {
		if w := get(h, address); w.Code != want {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
	if w := get(portalFor(t, &fake{null: true}, &fakeSessions{}), "/units/nobody/reported"); w.Code != 404 {
		t.Errorf("a unit that is not there: %d", w.Code)
	}
}

// Claims stand beside a trace as reported, never in its figures; what was not
// released says so to the few who see it.
func TestClaimsBesideATrace(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	for lang, wants := range map[string][]string{
		"zh-CN": {"下来 600 亩，要求 690 亩", "7 件反映这样说，背后至少有 5 名核验过资格的干部 也有反映说法不同", "比下来的多 20–50%", "要求 700", "1 件反映这样说，至少 1 人；没有公布"},
		"en":    {"600 亩 came down, 690 亩 was asked for", "7 reports say so", "1 report says so, by at least 1 person; not released"},
	} {
		text := plainText(get(h, "/mandates/afforest-600/units/990101101202?lang="+lang).Body.String())
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in %s", lang, want, text)
			}
		}
	}
	if body := get(h, "/mandates/river-patrol/units/990101101").Body.String(); strings.Contains(body, `class="claimed"`) {
		t.Error("a trace without claims speaks of them")
	}
}

func TestShare(t *testing.T) {
	for want, f := range map[string]figureRow{
		"66.7%": {Count: "2", Of: "3"}, "33.3%": {Count: "1", Of: "3"}, "100.0%": {Count: "7", Of: "7"}, "0.0%": {Count: "0", Of: "12"}, "": {Count: "5"},
	} {
		if got := f.Share(); got != want {
			t.Errorf("%s of %s is %q, want %q", f.Count, f.Of, got, want)
		}
	}
}
