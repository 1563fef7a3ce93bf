package intake

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"suyuan/portal/report"
	"suyuan/services/intake"
)

// Through the pages without scripts a letter under a right receipt and one
// under a wrong receipt take the same operations but for the write, and get
// answers of the same status, headers and length.
func TestPagesTellNoReceipt(t *testing.T) {
	w := open(t, fresh(t), options{})
	defer w.close()
	known, wrong := draw(t, w), draw(t, w)
	compose(t, w, known, "one")
	must(t, w.cut("2026-11-20", 1))
	pages, err := report.New(w.service, nothing{}, time.Now, report.Options{})
	must(t, err)
	long := strings.Repeat("字", 301)
	for name, form := range map[string]url.Values{
		"a look":       {"go": {"look"}},
		"a reply":      {"go": {"reply"}, "reply": {"是"}},
		"an empty one": {"go": {"reply"}},
		"a long one":   {"go": {"retaliation"}, "retaliation": {long}},
	} {
		ask := func(receipt string) (*http.Response, int, intake.Counts) {
			form.Set("receipt", receipt)
			r := httptest.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodPost, "http://127.0.0.1/", strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			out, before := httptest.NewRecorder(), w.service.Counts()
			pages.ServeHTTP(out, r)
			after := w.service.Counts()
			return out.Result(), out.Body.Len(), intake.Counts{Argon2: after.Argon2 - before.Argon2, Looks: after.Looks - before.Looks, Reads: after.Reads - before.Reads, Writes: after.Writes - before.Writes}
		}
		right, length, cost := ask(known.Grouped())
		none, otherLength, otherCost := ask(wrong.Grouped())
		if cost.Argon2 != 1 || otherCost.Argon2 != 1 {
			t.Errorf("%s: %d runs of Argon2 under a right receipt, %d under a wrong one", name, cost.Argon2, otherCost.Argon2)
		}
		if right.StatusCode != none.StatusCode || length != otherLength || !maps.EqualFunc(right.Header, none.Header, slices.Equal) {
			t.Errorf("%s: %d with %d bytes, %d with %d", name, right.StatusCode, length, none.StatusCode, otherLength)
		}
		if name == "a reply" {
			if cost.Writes != 1 || otherCost.Writes != 0 {
				t.Errorf("%s: writes %d and %d", name, cost.Writes, otherCost.Writes)
			}
			cost.Writes-- // and before it one look more, whether it is on record
			cost.Looks--
		}
		if cost != otherCost {
			t.Errorf("%s: %+v, %+v", name, cost, otherCost)
		}
	}
}
