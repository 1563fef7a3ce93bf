package report

import (
	"bytes"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"suyuan/services/intake"
	"suyuan/services/intake/envelope"
	"suyuan/services/intake/picture"
	"suyuan/services/ledger"
)

// TestHeaders holds every kind of answer to the whole list of what it may carry.
func TestHeaders(t *testing.T) {
	f := &fake{choices: listed()}
	for name, o := range map[string]Options{"plain": {}, "secure": {Secure: true, Onion: "http://abc.onion"}} {
		site := siteFor(t, f, o)
		want := map[string]string{
			"Content-Security-Policy":      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Embedder-Policy": "require-corp",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Cache-Control":                "no-store",
			"X-Content-Type-Options":       "nosniff",
			"X-Frame-Options":              "DENY",
			"Permissions-Policy":           "camera=(), microphone=(), geolocation=(), clipboard-read=(), display-capture=()",
			"X-Robots-Tag":                 "noarchive",
		}
		if o.Secure {
			want["Strict-Transport-Security"] = "max-age=63072000"
			want["Onion-Location"] = "http://abc.onion/"
		}
		get := func(method, path string) func() *httptest.ResponseRecorder {
			return func() *httptest.ResponseRecorder {
				w := httptest.NewRecorder()
				site.ServeHTTP(w, httptest.NewRequest(method, "http://report.example"+path, nil))
				return w
			}
		}
		for what, ask := range map[string]func() *httptest.ResponseRecorder{
			"entry": get("GET", "/"), "head": get("HEAD", "/"), "style": get("GET", site.style.Path()), "icon": get("GET", site.icon.Path()),
			"nothing": get("GET", "/nothing"), "no file": get("GET", "/static/x"), "method": get("PUT", "/"), "file method": get("POST", site.style.Path()),
			"step":   func() *httptest.ResponseRecorder { return post(site, with("go", "3")...) },
			"fault":  func() *httptest.ResponseRecorder { return post(site, "go", "2") },
			"exit":   func() *httptest.ResponseRecorder { return post(site, "go", "leave") },
			"form":   func() *httptest.ResponseRecorder { return postAs(site, "multipart/form-data; boundary=x", "--") },
			"sealed": func() *httptest.ResponseRecorder { return postAs(site, "application/octet-stream", "short") },
			"polled": func() *httptest.ResponseRecorder {
				return postAs(site, "application/octet-stream", strings.Repeat("a", 32))
			},
			"busy": func() *httptest.ResponseRecorder {
				w := httptest.NewRecorder()
				site.Busy().ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
				return w
			},
			"broken": func() *httptest.ResponseRecorder {
				w := httptest.NewRecorder()
				site.Broken().ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
				return w
			},
		} {
			w := ask()
			expected := maps.Clone(want)
			expected["Content-Type"], expected["Content-Length"] = w.Header().Get("Content-Type"), fmt.Sprint(w.Body.Len())
			if what == "head" {
				expected["Content-Length"] = w.Header().Get("Content-Length")
			}
			if w.Header().Get("Content-Type") == "" {
				t.Errorf("%s, %s: no type", name, what)
			}
			switch what {
			case "exit":
				expected["Clear-Site-Data"] = `"*"`
			case "busy":
				expected["Retry-After"] = "600"
			case "method":
				expected["Allow"] = "GET, HEAD, POST"
			case "file method":
				expected["Allow"] = "GET, HEAD"
			}
			got := map[string]string{}
			for header, values := range w.Header() {
				got[header] = strings.Join(values, " | ")
			}
			if !maps.Equal(got, expected) {
				t.Errorf("%s, %s: headers\n%v\nwant\n%v", name, what, got, expected)
			}
		}
	}
}

// TestSizes sends a thousand random reports, each from the first step to the
// receipt's check: every page of every one of them has the same length, and so
// has every answer to what scripts send.
func TestSizes(t *testing.T) {
	f := &fake{choices: listed()}
	site := siteFor(t, f, Options{})
	reports := 0
	text := rapid.StringOfN(rapid.RuneFrom([]rune("加码&<>\"'x\n亩😀")), 0, envelope.MaxText, -1)
	rapid.Check(t, func(r *rapid.T) {
		for range 10 { // rapid's hundred runs make a thousand
			reports++
			said := text.Draw(r, "text")
			pairs := []string{
				"lang", rapid.SampledFrom([]string{"zh-CN", "en"}).Draw(r, "lang"), "paper", rapid.StringN(1, 30, -1).Draw(r, "paper"),
				"who", rapid.SampledFrom([]string{"level:CITY", "unit:990101"}).Draw(r, "who"), "place", "990101",
				"dimension", rapid.SampledFrom(dimensions()).Draw(r, "dimension"), "text", said, "proof", rapid.StringN(0, 200, -1).Draw(r, "proof"),
			}
			for _, step := range [][]string{{"go", "find", "taskq", said}, {"go", "2"}, {"go", "3"}, {"go", "send", "receipt", given}, {"go", "kept", "receipt", given, "typed", said}, {"go", "lang", "at", "3"}} {
				if w := post(site, append(slices.Clone(pairs), step...)...); w.Body.Len() != pageSize {
					r.Fatalf("%v: %d bytes", step, w.Body.Len())
				}
			}
			for _, asked := range []string{"look", "reply"} {
				f.box = intake.Box{Known: reports%2 == 0, Cut: "2022-08-10"}
				if w := post(site, "go", asked, "receipt", given, "reply", said); w.Body.Len() != pageSize {
					r.Fatalf("a box with %s: %d bytes", asked, w.Body.Len())
				}
			}
		}
		f.box = anyBox(r)
		for _, asked := range []string{"look", "reply", "withdraw"} {
			if w := post(site, "go", asked, "receipt", given, "reply", strings.Repeat("&", 1000)); w.Body.Len() != pageSize {
				r.Fatalf("a full box with %s: %d bytes", asked, w.Body.Len())
			}
		}
		f.drafts = nil
	})
	if reports < 1000 {
		t.Errorf("%d reports", reports)
	}
	for range 1000 { // more than fits into an answer to scripts
		f.box.History = append(f.box.History, intake.Step{What: "complaint.returned", Day: "2022-08-09", Word: strings.Repeat("理", 60)})
	}
	for _, refuse := range []error{nil, ledger.Refuse("token.spent", "用过。", strings.Repeat("used ", 30))} {
		f.refuse = refuse
		for _, size := range []int{envelope.TextSize, envelope.PicturesSize} {
			if w := postAs(site, "application/octet-stream", strings.Repeat("a", size)); w.Body.Len() != answerSize {
				t.Errorf("an envelope of %d: %d bytes", size, w.Body.Len())
			}
		}
		if w := postAs(site, "application/octet-stream", strings.Repeat("a", boxSize)); w.Body.Len() != pageSize {
			t.Errorf("news: %d bytes", w.Body.Len())
		}
	}
}

const given = "0350 2322 4656 2289 9849 3034 3791"

// anyBox is a box of any state, none among them, with as much in it as there may be.
func anyBox(r *rapid.T) intake.Box {
	b := intake.Box{Known: rapid.Bool().Draw(r, "known"), Cut: "2022-08-10", State: "answered", Unit: "9901", Clock: intake.Clock{Days: 15, Used: 2, Due: "2022-09-01"}, Ordinal: 3, Hash: strings.Repeat("a", 64)}
	for _, act := range []string{"reply", "rate", "review", "retaliation", "withdraw"} {
		b.May = append(b.May, intake.May{Act: act, Until: "2022-09-01"})
	}
	for range rapid.IntRange(0, intake.Messages).Draw(r, "messages") {
		b.Messages = append(b.Messages, intake.Message{What: "complaint.asked", Day: "2022-08-09", Text: strings.Repeat("\"", envelope.MaxMessage)})
	}
	for range rapid.IntRange(0, 300).Draw(r, "history") {
		b.History = append(b.History, intake.Step{What: "complaint.returned", Day: "2022-08-09", Unit: "990101", Word: strings.Repeat("理", 60)})
	}
	return b
}

// Every page of a form that was refused says why, in both languages, at the
// field, and holds what was filled in.
func TestRefusals(t *testing.T) {
	long := strings.Repeat("字", envelope.MaxText+1)
	for _, c := range []struct {
		name   string
		pairs  []string
		field  string
		zh, en string
		keeps  string
	}{
		{"no task", []string{"go", "2", "dimension", "quantity", "who", "level:CITY", "place", "9901"}, "task", "请选一项任务", "Choose a task", `value="quantity" checked`},
		{"nobody", []string{"go", "2", "task", "farmland-600", "dimension", "quantity"}, "who", "请选是哪一级", "Choose which level", `value="farmland-600" checked`},
		{"no dimension", []string{"go", "2", "task", "farmland-600", "who", "level:CITY", "place", "9901"}, "dimension", "请选加在哪一方面", "Choose what was added", `value="level:CITY" checked`},
		{"a level alone", []string{"go", "2", "task", "farmland-600", "who", "level:CITY", "dimension", "quantity"}, "place", "请选县", "Choose a county", `value="level:CITY" checked`},
		{"long paper", []string{"go", "2", "paper", long[:41*3], "who", "level:CITY", "place", "9901", "dimension", "quantity"}, "paper", "最多 40 个字", "40 characters at most", long[:41*3]},
		{"no number", with("go", "3", "asked", "x"), "asked", "请只写数字", "Numbers only", `value="600"`},
		{"no day", with("go", "3", "due", "2022-02-30"), "due", "请写日期", "Give a date", `value="2022-02-30"`},
		{"long text", with("go", "3", "text", long), "text", "现在是 301 个", "there are 301", long},
		{"a step skipped", []string{"go", "send", "task", "farmland-600", "receipt", given}, "who", "请选是哪一级", "Choose which level", `name="receipt" value="` + given},
		{"another receipt", with("go", "send", "receipt", "1234"), "receipt", "数字不够", "Digits are missing", "farmland-600"},
		{"a mistyped end", []string{"go", "kept", "receipt", given, "typed", "1234"}, "typed", "不一样", "not the receipt", given},
		{"a mistyped box", []string{"go", "look", "receipt", "12345"}, "receipt", "数字不够", "Digits are missing", `value="12345"`},
		{"an empty reply", []string{"go", "reply", "receipt", given}, "reply", "请先写点什么", "write something", given},
		{"a long reply", []string{"go", "reply", "receipt", given, "reply", long}, "reply", "现在是 301 个", "there are 301", long},
		{"half a rating", []string{"go", "rate", "receipt", given, "solved", "yes"}, "satisfied", "满意不满意", "satisfied", `name="solved" value="yes" checked`},
		{"no rating", []string{"go", "rate", "receipt", given}, "solved", "解决了没有", "was solved", given},
		{"not sure", []string{"go", "withdraw", "receipt", given}, "sure", "勾选确认", "Tick the box", given},
	} {
		for lang, want := range map[string]string{"zh-CN": c.zh, "en": c.en} {
			f := &fake{choices: listed(), box: intake.Box{Known: true, State: "answered", May: []intake.May{{Act: "reply"}, {Act: "rate"}, {Act: "withdraw"}}}}
			pairs := append([]string{"lang", lang}, c.pairs...)
			if c.name == "no number" {
				pairs = slices.DeleteFunc(slices.Clone(pairs), func(s string) bool { return s == "690" })
				pairs = append(slices.DeleteFunc(pairs, func(s string) bool { return s == "asked" || s == "x" }), "asked", "x")
			}
			w := post(siteFor(t, f, Options{}), pairs...)
			body := w.Body.String()
			if w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s in %s: status %d", c.name, lang, w.Code)
			}
			summary := regexp.MustCompile(`(?s)role="alert".*?</ul>`).FindString(body)
			if !strings.Contains(summary, `<a href="#`+c.field+`">`) || !strings.Contains(summary, want) {
				t.Errorf("%s in %s: the summary is %s", c.name, lang, summary)
			}
			if !strings.Contains(body, ` id="`+c.field+`"`) {
				t.Errorf("%s in %s: no field %s to go to", c.name, lang, c.field)
			}
			if !strings.Contains(body, c.keeps) || !strings.Contains(body, `<html lang="`+lang+`">`) {
				t.Errorf("%s in %s: what was filled in is lost", c.name, lang)
			}
			if len(f.drafts) > 0 {
				t.Errorf("%s in %s: sent all the same", c.name, lang)
			}
		}
	}
}

// A refusal of the intake is told where it can be put right, and nothing is lost.
func TestRefusedByTheIntake(t *testing.T) {
	for rule, at := range map[string]string{"token.signature": "proof", "intake.spent": "proof", "intake.taken": "receipt", "spool.full": ""} {
		f := &fake{choices: listed()}
		site := siteFor(t, f, Options{})
		f.refuse = ledger.Refuse(rule, "不收。", "Not taken.")
		w := post(site, with("lang", "en", "go", "send", "receipt", given, "text", "a < b", "proof", "12345")...)
		body := w.Body.String()
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "Not taken.") || !strings.Contains(body, given) || !strings.Contains(body, "a &lt; b") || !strings.Contains(body, "12345") {
			t.Errorf("%s: status %d, a page that lost something", rule, w.Code)
		}
		if at != "" && !strings.Contains(body, `<a href="#`+at+`">`) {
			t.Errorf("%s: not told at %s", rule, at)
		}
	}
	f := &fake{choices: listed(), few: true}
	if body := post(siteFor(t, f, Options{}), with("go", "3", "text", "abc")...).Body.String(); !strings.Contains(body, `<a href="#who">`) || !strings.Contains(body, "abc") {
		t.Error("too few investigators are not told where to choose others")
	}
}

// Pictures arrive in memory: a form with more than fits where net/http's own
// reader would write to the temporary folder writes nothing anywhere.
func TestPictures(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	send := func(f *fake, files ...[]byte) *httptest.ResponseRecorder {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for i := 0; i < len(complete); i += 2 {
			_ = form.WriteField(complete[i], complete[i+1])
		}
		for _, file := range files {
			part, _ := form.CreateFormFile("picture", "CANARY-NAME.jpg")
			_, _ = part.Write(file)
		}
		_, _ = form.CreateFormFile("picture", "")
		_ = form.WriteField("receipt", given)
		_ = form.WriteField("lang", "en")
		_ = form.WriteField("go", "send")
		_ = form.Close()
		return postAs(siteFor(t, f, Options{}), form.FormDataContentType(), body.String())
	}
	good := append([]byte("\xff\xd8"), bytes.Repeat([]byte("a"), picture.MaxInput-2)...)

	f := &fake{choices: listed()}
	if w := send(f, good, good, good); w.Code != http.StatusOK || len(f.drafts) != 1 || len(f.drafts[0].Pictures) != 3 {
		t.Errorf("three pictures: status %d, %d drafts", w.Code, len(f.drafts))
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("in the temporary folder: %v, %v", left, err)
	}
	for name, files := range map[string][][]byte{"four": {good[:9], good[:9], good[:9], good[:9]}, "no picture": {[]byte("%PDF")}} {
		f := &fake{choices: listed()}
		w := send(f, files...)
		if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || len(f.drafts) > 0 || !strings.Contains(body, given) || strings.Contains(body, "CANARY") {
			t.Errorf("%s: status %d, %d drafts", name, w.Code, len(f.drafts))
		}
	}
	if w := send(&fake{choices: listed()}, append(good, good...), good, good); w.Code != http.StatusBadRequest {
		t.Errorf("too much: status %d", w.Code)
	}
}

// What is posted twice is one letter; the same words in another form are two.
func TestLetters(t *testing.T) {
	f := &fake{choices: listed(), box: intake.Box{Known: true, State: "handling", May: []intake.May{{Act: "reply"}}}}
	site := siteFor(t, f, Options{})
	name := regexp.MustCompile(`name="letter" value="([0-9a-f]{32})"`)
	shown := func(w *httptest.ResponseRecorder) string {
		m := name.FindStringSubmatch(w.Body.String())
		if m == nil {
			t.Fatal("a box without the name of the next letter")
		}
		return m[1]
	}
	first := shown(post(site, "go", "look", "receipt", given))
	second := shown(post(site, "go", "reply", "receipt", given, "letter", first, "reply", "是"))
	post(site, "go", "reply", "receipt", given, "letter", first, "reply", "是")
	post(site, "go", "reply", "receipt", given, "letter", second, "reply", "是")
	if len(f.drafts) != 3 || f.drafts[0].Form != f.drafts[1].Form || f.drafts[0].Form == f.drafts[2].Form || f.drafts[0].Form == [16]byte{} {
		t.Errorf("%d letters, of forms that do not tell a repeat from another", len(f.drafts))
	}
	if kept := shown(post(site, "go", "reply", "receipt", given, "letter", second)); kept != second {
		t.Error("a form that was refused has another name")
	}
}

// Hosts that are not ours get no page of ours.
func TestHosts(t *testing.T) {
	site := siteFor(t, &fake{choices: listed()}, Options{Hosts: []string{"report.example"}})
	for host, want := range map[string]int{"report.example": 200, "REPORT.example": 200, "localhost": 404, "portal.example": 404} {
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest("GET", "http://"+host+"/", nil))
		if w.Code != want {
			t.Errorf("%s: status %d", host, w.Code)
		}
	}
}

// The list of choices is fetched once a minute, however many ask, and kept
// where it cannot be fetched.
func TestChoices(t *testing.T) {
	f := &fake{choices: listed()}
	site := siteFor(t, f, Options{})
	post(site, "go", "find")
	f.refuse = ledger.Errorf(ledger.Unavailable, "test", "不行", "no")
	if body := post(site, "go", "find", "taskq", "巡河").Body.String(); f.listed != 1 || !strings.Contains(body, "river-patrol") || strings.Contains(body, `value="farmland-600"`) {
		t.Errorf("fetched %d times", f.listed)
	}
	var many Choices
	for i := range 5000 {
		many.Mandates = append(many.Mandates, Mandate{ID: fmt.Sprint("m-", i), Title: strings.Repeat("任务", 20)})
		many.Units = append(many.Units, Unit{Code: fmt.Sprint(100000 + i), Name: strings.Repeat("县", 20), Level: "COUNTY"})
	}
	w := httptest.NewRecorder()
	siteFor(t, &fake{choices: many}, Options{}).ServeHTTP(w, httptest.NewRequest("GET", "http://a/", nil))
	if n := w.Body.Len(); n%pageSize != 0 || n > 6*pageSize {
		t.Errorf("the first page has %d bytes", n)
	}
}

// Whatever is posted gets a page of the one length, and never one of ours that
// failed.
func TestAnyForm(t *testing.T) {
	f := &fake{choices: listed(), box: intake.Box{Known: true, State: "answered", May: []intake.May{{Act: "reply"}, {Act: "rate"}}}}
	site := siteFor(t, f, Options{})
	buttons := []string{"1", "2", "3", "find", "send", "kept", "open", "look", "leave", "lang", "reply", "rate", "review", "retaliation", "withdraw", "other"}
	ats := []string{"1", "2", "3", "sent", "exit", "open", "box", "error", "other"}
	values := rapid.OneOf(rapid.String(), rapid.SampledFrom(append(slices.Clone(complete), given, "yes", "level:", "unit:x", "1/7", "frequency", "2022-08-20", "photo")))
	rapid.Check(t, func(r *rapid.T) {
		pairs := []string{"go", rapid.SampledFrom(buttons).Draw(r, "go"), "at", rapid.SampledFrom(ats).Draw(r, "at"), "lang", rapid.SampledFrom([]string{"zh-CN", "en", "de"}).Draw(r, "lang")}
		for _, field := range fields {
			if rapid.Bool().Draw(r, field.name) {
				pairs = append(pairs, field.name, values.Draw(r, "value"))
			}
		}
		w := post(site, pairs...)
		if w.Body.Len()%pageSize != 0 || w.Code >= 500 || w.Body.Len() > pageSize && !strings.Contains(w.Body.String(), `id="data"`) {
			r.Fatalf("%q: status %d, %d bytes", pairs, w.Code, w.Body.Len())
		}
	})
}
