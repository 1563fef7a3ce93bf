package portal

import (
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"suyuan/portal/words"
	"suyuan/services/graph"
)

// Every type and every field has its place on the page, with who may see it.
func TestSchemaPage(t *testing.T) {
	schema, err := graph.Publish()
	if err != nil {
		t.Fatal(err)
	}
	h := portalFor(t, &fake{}, &fakeSessions{})
	for _, lang := range words.Languages {
		body := get(h, "http://suyuan.example:8443/schema?lang="+lang).Body.String()
		body = html.UnescapeString(body)
		for _, typ := range schema.Types {
			if !strings.Contains(body, `<h2 id="`+typ.Name+`">`) || !strings.Contains(body, `href="#`+typ.Name+`"`) {
				t.Errorf("%s: %s has no place or no link to it", lang, typ.Name)
			}
			for _, f := range typ.Fields {
				row := regexp.MustCompile(`(?s)<tr id="` + typ.Name + `\.` + f.Name + `">.*?</tr>`).FindString(body)
				says := map[string]map[string]string{"zh-CN": {"PUBLIC": "所有人", "PARTY": "有关单位", "STAFF": "工作人员", "CASE": "办案人员"}, "en": {"PUBLIC": "everybody", "PARTY": "units concerned", "STAFF": "staff", "CASE": "those on the case"}}[lang][string(f.To)]
				if row == "" || !strings.Contains(row, ">"+f.Type.Name+"<") && !strings.Contains(row, f.Type.Before+f.Type.Name+f.Type.After) || typ.Kind == "object" && (says == "" || !strings.Contains(row, ">"+says+"</td>")) {
					t.Errorf("%s: %s.%s (%s): %s", lang, typ.Name, f.Name, f.To, row)
				}
				if f.Description != "" && strings.Contains(row, f.Description[:12]) != (lang == "en") && typ.Name+"."+f.Name != "Measure.id" {
					t.Errorf("%s: %s.%s is described as %s", lang, typ.Name, f.Name, row)
				}
			}
		}
		for _, want := range []string{"curl -s http://suyuan.example:8443/graphql", `href="/graphql?query=`, `href="/schema.graphql"`, "<b>trace</b>(mandate: ID!, ", ">8192<", ">65536<", "= 50"} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %s", lang, want)
			}
		}
		for _, target := range regexp.MustCompile(`href="#([\w.]+)"`).FindAllStringSubmatch(body, -1) {
			if strings.Count(body, ` id="`+target[1]+`"`) != 1 {
				t.Errorf("%s: #%s leads to no one place", lang, target[1])
			}
		}
	}
}

// The command is to be pasted into a shell: what it holds of the request is a
// host and nothing else.
func TestSchemaPageTrustsNoHost(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	for _, host := range []string{"a;b", "a$(b)", "a b", "a'b", `a"b`, "a\nb", strings.Repeat("a", 300)} {
		r, err := http.NewRequest(http.MethodGet, "/schema", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), "curl -s http://localhost:8080/graphql") {
			t.Errorf("%q stands in the command", host)
		}
	}
}

func TestSchemaText(t *testing.T) {
	q := &fake{}
	h := portalFor(t, q, &unasked{t: t})
	w := get(h, "/schema.graphql")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	for _, want := range []string{"type Query @visible(to: PUBLIC) {", "type Unit ", "enum Level ", "directive @visible"} {
		if strings.Count(w.Body.String(), want) != 1 {
			t.Errorf("the text does not have one %s", want)
		}
	}
	if again := get(h, "/schema.graphql", "If-None-Match", w.Header().Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
		t.Errorf("unchanged: %d", again.Code)
	}
	if w := send(h, http.MethodPost, "/schema.graphql"); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}
