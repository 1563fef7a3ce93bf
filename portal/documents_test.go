package portal

import (
	"net/http/httptest"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

func TestDocuments(t *testing.T) {
	documents := Documents()
	fragments, err := readFragments()
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for name, text := range documents {
		if strings.Count(text, "\nfragment ") == 0 && strings.Contains(text, "...") {
			t.Errorf("%s lacks its fragments", name)
		}
		all.WriteString(text)
	}
	for name := range fragments {
		if !strings.Contains(all.String(), "fragment "+name+" on") {
			t.Errorf("nobody uses the fragment %s", name)
		}
	}
	for _, text := range []string{"query A { a ", "{ a }", "query A { ...Nobody }", "query A { a }\nquery B { b }"} {
		if _, err := compose(text, fragments); err == nil {
			t.Errorf("%q is a document", text)
		}
	}
}

func TestErrorForWhoeverStandsInFront(t *testing.T) {
	p := portalFor(t, &fake{}, &fakeSessions{})
	w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/sign-in/open?lang=en", nil)
	p.Error(w, r, ledger.Errorf(ledger.Forbidden, "request.cross_origin", "别的网站", "another site"))
	if w.Code != 403 || !strings.Contains(w.Body.String(), "another site") || w.Header().Get("Content-Security-Policy") == "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestGatherStops(t *testing.T) {
	asked := 0
	rows, next, err := gather("", func(string) (connection[unitRef], error) {
		asked++
		var c connection[unitRef]
		c.Edges = make([]struct {
			Node   unitRef
			Cursor string
		}, perAsk)
		c.PageInfo = pageInfo{true, strings.Repeat("c", asked)}
		return c, nil
	}, func(unitRef) []string { return nil })
	if err != nil || len(rows) != mostRows || next == "" || asked != mostRows/perAsk {
		t.Errorf("%d rows after %d questions, next %q, %v", len(rows), asked, next, err)
	}
	if _, _, err := gather("", func(string) (connection[unitRef], error) { return connection[unitRef]{}, errNoPage }, func(unitRef) []string { return nil }); err == nil {
		t.Error("an error is lost")
	}
}
