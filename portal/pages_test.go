package portal

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"suyuan/portal/words"
	"suyuan/services/ledger"
)

func TestEveryPage(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	for _, address := range every {
		for _, lang := range words.Languages {
			w := get(h, address, "Accept-Language", lang)
			body := w.Body.String()
			if w.Code != http.StatusOK {
				t.Errorf("%s: %d: %s", address, w.Code, body)
				continue
			}
			for _, want := range []string{`<html lang="` + lang + `">`, "<title>", `<a class="skip"`, "<main", "<h1"} {
				if !strings.Contains(body, want) {
					t.Errorf("%s in %s has no %s", address, lang, want)
				}
			}
			for _, never := range []string{"<style", " style=", "onclick", "<no value>", "%!", "ZgotmplZ", `href=""`} {
				if strings.Contains(body, never) {
					t.Errorf("%s in %s contains %s", address, lang, never)
				}
			}
			if got := w.Header().Get("Content-Security-Policy"); got != policy {
				t.Errorf("%s: policy %q", address, got)
			}
			if cookie := w.Header().Get("Set-Cookie"); cookie != "" {
				t.Errorf("%s sets a cookie", address)
			}
		}
	}
}

func TestTraceOfTheAverageVillage(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	for lang, claims := range map[string][]string{
		"zh-CN": {"乡镇加了 20 亩", "县里定 200 亩，到村成了 220 亩。", "（+10%）", "需要核对的地方", "本次 668，对照 600。"},
		"en":    {"The township added 20 亩", "The county set 200 亩; at the village it was 220 亩", "(+10%)"},
	} {
		body := get(h, "/mandates/afforest-600/units/990101101202?lang="+lang).Body.String()
		for _, claim := range claims {
			if !strings.Contains(body, claim) {
				t.Errorf("%s: no %s", lang, claim)
			}
		}
		for _, href := range []string{"/documents/d-town?lang=" + lang, "/events/15?lang=" + lang} {
			if strings.Count(body, `href="`+href+`"`) < 2 {
				t.Errorf("%s: picture and table do not both lead to %s", lang, href)
			}
		}
	}
}

func TestOtherTraces(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	body := get(h, "/mandates/river-patrol/units/990101101").Body.String()
	for _, want := range []string{"县里把每 7 天 1 次改成了每天 1 次", "180/7 ≈ &#43;25.71", "市里加了 1 项", "青禾县和青禾县林业局加了 1 项", "青禾县取消了 1 项"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
	body = get(h, "/mandates/afforest-600/units/990101101201").Body.String()
	for _, want := range []string{"43200/167 ≈ 258.68", "缺上级文件，以本级为记录起点"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestLongChainNamesItsLargestChanges(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	body := get(h, "/mandates/afforest-600/units/990101101203").Body.String()
	for _, want := range []string{"柳溪镇农业综合服务中心减了 300,000 亩", "柳溪片区工作组加了 250,000 亩", "另有 7 处增减", "+3 亩", "纵轴不从零开始", "照原样传达，没有加码"} {
		if !strings.Contains(strings.NewReplacer("&#43;", "+", `</span><span class="phrase">`, "").Replace(body), want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(body, ">柳溪镇包村工作组加了") {
		t.Error("the headline names every change")
	}
}

func TestLanguage(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	for _, c := range []struct{ address, accept, lang string }{
		{"/", "", "zh-CN"}, {"/", "en-GB,en;q=0.8", "en"}, {"/", "fr", "zh-CN"}, {"/", "zh-TW", "zh-CN"}, {"/?lang=en", "zh", "en"},
		{"/?lang=xx", "en", "en"}, {"/", strings.Repeat("a", 600), "zh-CN"},
	} {
		body := get(h, c.address, "Accept-Language", c.accept).Body.String()
		if !strings.Contains(body, `<html lang="`+c.lang+`">`) {
			t.Errorf("%s with %q is not in %s", c.address, c.accept, c.lang)
		}
	}
	if body := get(h, "/?lang=en").Body.String(); !strings.Contains(body, `href="/mandates?lang=en"`) {
		t.Error("links do not keep a chosen language")
	}
	if body := get(h, "/", "Accept-Language", "en").Body.String(); strings.Contains(body, `href="/mandates?lang=en"`) {
		t.Error("links carry a language nobody chose")
	}
}

func TestErrors(t *testing.T) {
	down := ledger.Errorf(ledger.Unavailable, "log.stopped", "账本暂停", "the log stopped")
	for _, c := range []struct {
		name, method, address string
		query                 *fake
		status                int
		says                  string
	}{
		{"no page", "GET", "/nothing", &fake{}, 404, "没有找到"},
		{"no record", "GET", "/mandates/x", &fake{null: true}, 404, "没有这项任务"},
		{"no unit", "GET", "/units/x", &fake{null: true}, 404, "没有这个单位"},
		{"no document", "GET", "/documents/x", &fake{null: true}, 404, "没有这份文件"},
		{"no issuance", "GET", "/issuances/x", &fake{null: true}, 404, "没有这次下达"},
		{"no event", "GET", "/events/9", &fake{null: true}, 404, "还没有这个编号"},
		{"not an ordinal", "GET", "/events/x", &fake{}, 404, "整数"},
		{"long search", "GET", "/mandates?q=" + strings.Repeat("a", 101), &fake{}, 400, "<code>q</code>"},
		{"long cursor", "GET", "/units?after=" + strings.Repeat("a", 257), &fake{}, 400, "<code>after</code>"},
		{"twice", "GET", "/mandates?q=a&q=b", &fake{}, 400, "<code>q</code>"},
		{"control", "GET", "/mandates?q=a%00b", &fake{}, 400, "<code>q</code>"},
		{"no level", "GET", "/units?level=MOON", &fake{}, 400, "<code>level</code>"},
		{"no format", "GET", "/units?format=xls", &fake{}, 400, "<code>format</code>"},
		{"no measure", "GET", "/mandates/afforest-600?measure=x", &fake{}, 400, "<code>measure</code>"},
		{"method", "POST", "/mandates", &fake{}, 405, "不能这样操作"},
		{"used link", "GET", "/sign-in/used", &fake{}, 410, "只能用一次"},
		{"used link pressed", "POST", "/sign-in/used", &fake{}, 410, "没有写入任何内容"},
		{"down", "GET", "/", &fake{err: down}, 503, "账本暂停"},
		{"fault", "GET", "/", &fake{err: http.ErrBodyNotAllowed}, 500, "系统出错"},
	} {
		h := portalFor(t, c.query, &fakeSessions{})
		w := send(h, c.method, c.address)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: %d, want %d with %s", c.name, w.Code, c.status, c.says)
		}
		if en := send(h, c.method, c.address, "Accept-Language", "en"); !strings.Contains(en.Body.String(), "What to do next") {
			t.Errorf("%s is not in English", c.name)
		}
		if strings.Contains(w.Body.String(), "http:") {
			t.Errorf("%s shows the fault underneath", c.name)
		}
	}
}

func TestForbiddenAndUnauthenticated(t *testing.T) {
	for code, status := range map[ledger.Code]int{ledger.Forbidden: 403, ledger.Unauthenticated: 401, ledger.Conflict: 409} {
		h := portalFor(t, &fake{}, &fakeSessions{err: ledger.Errorf(code, "x.y", "不行", "no")})
		if w := get(h, "/"); w.Code != status {
			t.Errorf("%s: %d", code, w.Code)
		}
	}
}

func TestSignIn(t *testing.T) {
	s := &fakeSessions{}
	h := portalFor(t, &fake{}, s)
	if body := get(h, "/sign-in/open").Body.String(); !strings.Contains(body, "以单位经办人身份登录") || !strings.Contains(body, "柳溪镇") {
		t.Error("the link does not say whom it signs in")
	}
	if w := send(h, "POST", "/sign-in/open?lang=en"); w.Code != 303 || w.Header().Get("Location") != "/?lang=en" {
		t.Errorf("redeem: %d to %s", w.Code, w.Header().Get("Location"))
	}
	w := get(h, "/")
	if !strings.Contains(w.Body.String(), "单位经办人") || !strings.Contains(w.Header().Get("Cache-Control"), "no-store") {
		t.Error("a signed-in page does not show it, or may be kept")
	}
	if w := send(h, "POST", "/sign-out"); w.Code != 303 || w.Header().Get("Location") != "/" {
		t.Errorf("sign-out: %d", w.Code)
	}
}

func TestUnchangedPage(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	tag := get(h, "/about").Header().Get("ETag")
	if w := get(h, "/about", "If-None-Match", tag); w.Code != 304 || w.Body.Len() != 0 {
		t.Errorf("%d", w.Code)
	}
}

func TestSheets(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	for _, address := range []string{
		"/mandates?format=csv", "/mandates/afforest-600?format=csv", "/mandates/river-patrol/units/990101101?format=csv", "/units?format=csv",
		"/documents?format=csv", "/documents/d-town?format=csv", "/issuances/i-town?format=csv", "/glossary?format=csv",
		"/burden?format=csv", "/units/990101101?format=csv&table=due", "/units/990101101?format=csv&table=received", "/units/990101101?format=csv&table=passed", "/units/990101101?format=csv&table=added",
		"/units/990101101?format=csv&table=objections", "/units/990101101?format=csv&table=handoffs", "/units/990101101?format=csv&table=duties",
		"/units/990101101?format=csv&table=capacities", "/units/990101101?format=csv&table=children",
	} {
		w := get(h, address)
		body, marked := strings.CutPrefix(w.Body.String(), "\uFEFF")
		if w.Code != 200 || !marked || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") {
			t.Errorf("%s: %d %s", address, w.Code, w.Header().Get("Content-Type"))
			continue
		}
		rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Errorf("%s: %d rows, %v", address, len(rows), err)
		}
	}
}

func TestGuard(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+86": "'+86", "@x": "'@x", "-1.5": "-1.5", "-x": "'-x", "30/7": "'30/7", "220": "220", "  =1": "'  =1", "柳溪镇": "柳溪镇", "\t=1": "'\t=1",
	} {
		if got := guard(in); got != want {
			t.Errorf("guard(%q) = %q", in, got)
		}
	}
}

func TestStatic(t *testing.T) {
	p := portalFor(t, &fake{}, &fakeSessions{})
	w := get(p, p.site.static.Style)
	if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := get(p, "/robots.txt"); w.Code != 200 || !strings.Contains(w.Body.String(), "Disallow") {
		t.Error(w.Code)
	}
}

// unasked fails the test where somebody is asked for.
type unasked struct {
	fakeSessions
	t *testing.T
}

func (s *unasked) Actor(r *http.Request) (ledger.Actor, error) {
	s.t.Errorf("%s %s looks at a session", r.Method, r.URL.Path)
	return ledger.Actor{}, nil
}

func TestStaticAsksForNobody(t *testing.T) {
	q := &fake{}
	p := portalFor(t, q, &unasked{t: t})
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/static/nothing.css", 404}, {"HEAD", "/static/nothing.css", 404}, {"GET", "/static/", 404}, {"GET", "/static/a/b", 404},
		{"GET", "/static/%2e%2e%2fportal.go", 301}, {"POST", "/static/nothing.css", 405}, {"PUT", p.site.static.Style, 405}, {"DELETE", "/static/a/b", 405},
		{"POST", "/robots.txt", 405}, {"HEAD", "/robots.txt", 200}, {"HEAD", p.site.static.Style, 200},
	} {
		w := send(p, c.method, c.path)
		if w.Code != c.status || strings.Contains(w.Body.String(), "<html") {
			t.Errorf("%s %s: %d, want %d, plain", c.method, c.path, w.Code, c.status)
		}
		if c.status == 405 && w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s %s allows %q", c.method, c.path, w.Header().Get("Allow"))
		}
	}
	if len(q.asked) > 0 {
		t.Error("static files ask the ledger")
	}
}

func TestObjectionsSayWhyToThoseConcerned(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	body := get(h, "/units/990101101").Body.String()
	for _, want := range []string{"说明： <span >可耕的只有 150 亩。</span>", "答复： <span >调减为 180 亩。</span>"} {
		if strings.Count(body, want) != 1 {
			t.Errorf("%s does not stand there once", want)
		}
	}
}

func TestOneIsSingular(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	for _, address := range every {
		body := get(h, address, "Accept-Language", "en").Body.String()
		for _, never := range []string{" 1 items", " 1 smaller changes", "|", "%(+", "0(+"} {
			if strings.Contains(body, never) {
				t.Errorf("%s says %q", address, never)
			}
		}
	}
}
