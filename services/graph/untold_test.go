package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
)

// A report that came without facts that could be read is shown to investigators
// of no unit, as what it is, and changes no answer to anybody else: whom it
// names nobody knows.
func TestUntoldReport(t *testing.T) {
	w := withReports(t)
	w.fill()
	asked := append(slices.Clone(traces), `{ unreadableClaims }`, `{ cases { total edges { node { complaints { id } } } } }`)
	ask := func(by ledger.Actor, q string) string {
		return string(w.graph.Reply(graph.WithViewer(t.Context(), by, "en"), bind.Request{Query: q}).Body)
	}
	readers := []ledger.Actor{{}}
	for _, role := range ledger.Roles {
		for _, unit := range []string{"", "0", "99", "9901-jw", "990101-jw", office, town} {
			if by := as(role, unit); role != ledger.Investigator || unit != "" {
				readers = append(readers, by)
			}
		}
	}
	before := map[string]string{}
	for _, by := range readers {
		for _, q := range asked {
			before[by.Account+q] = ask(by, q)
		}
	}
	id := w.file(complaint.Open, claim.None())
	w.hear(id, claim.Reply)
	w.must(w.submit(onCase, "complaint.ask", complaint.Ask{ID: id, Message: w.blob()}))
	asked = append(asked, fmt.Sprintf(`{ complaint(id: %q) { id } }`, id))
	unknown := ask(ledger.Actor{}, fmt.Sprintf(`{ complaint(id: %q) { id } }`, strings.Repeat("0", 32)))
	for _, by := range readers {
		for _, q := range asked {
			want, known := before[by.Account+q]
			if !known {
				want = unknown
			}
			if got := ask(by, q); got != want {
				t.Errorf("%s: %s\n%s\nbefore: %s", by.Account, q, got, want)
			}
		}
	}
	got := ask(onCase, fmt.Sprintf(`{ complaint(id: %q) { untold stage dimension mandate { id } paper issuer { code } level within { code } reported { asked } claim { reports } letters { act } messages { what } } }`, id))
	want := `{"data":{"complaint":{"untold":true,"stage":"REGISTERED","dimension":null,"mandate":null,"paper":null,"issuer":null,"level":null,"within":null,"reported":null,"claim":null,"letters":[{"act":null},{"act":"REPLY"}],"messages":[{"what":"complaint.asked"}]}}}`
	if got != want {
		t.Errorf("investigators of no unit see %s", got)
	}
}
