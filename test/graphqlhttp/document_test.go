package graphqlhttp

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"suyuan/portal"
)

// A document of the portal is asked for by its id, everywhere a query can be.
func TestDocumentID(t *testing.T) {
	text, ok := portal.Documents()["trace"]
	if !ok {
		t.Fatalf("the portal has no document trace: %v", portal.Documents())
	}
	sum := sha256.Sum256([]byte(text))
	id := hex.EncodeToString(sum[:])
	variables := members{"mandate": "farmland-600", "unit": "990101001002"}
	inAddress, err := json.Marshal(variables)
	if err != nil {
		t.Fatal(err)
	}
	want := undated(post(t, members{"query": text, "variables": variables}).body)
	if !strings.Contains(want, `"220"`) || strings.Contains(want, `"errors"`) {
		t.Fatal(want)
	}
	for name, w := range map[string]answered{
		"POST":             post(t, members{"documentId": id, "variables": variables}),
		"POST, with hash":  post(t, members{"documentId": "sha256:" + id, "variables": variables}),
		"POST, both":       post(t, members{"documentId": id, "query": text, "variables": variables}),
		"POST, null query": post(t, members{"documentId": id, "query": nil, "variables": variables}),
		"GET":              do(t, at("documentId", id, "variables", string(inAddress))),
		"GET, with hash":   do(t, at("documentId", "sha256:"+id, "variables", string(inAddress), "operationName", "")),
		"as staff":         post(t, members{"documentId": id, "variables": variables}, "Authorization: Bearer "+token(t, "auditor", "")),
	} {
		if w.status != 200 || undated(w.body) != want {
			t.Errorf("%s: %d %.300s\nwant %.300s", name, w.status, w.body, want)
		}
	}
	for accept, status := range map[string]int{newer: 404, older: 200} {
		w := post(t, members{"documentId": strings.Repeat("0", 64)}, "Accept: "+accept)
		if _, problems := w.read(t); w.status != status || len(problems) != 1 || strings.Contains(w.body, `"data"`) || !chinese(problems[0].Message) {
			t.Errorf("an unknown id, accepting %s: %d %s", accept, w.status, w.body)
		}
	}
	if w := post(t, members{"documentId": id, "query": village}, "Accept: "+newer); w.status != 400 {
		t.Errorf("an id with another query: %d %.200s", w.status, w.body)
	}
}

var asOf = regexp.MustCompile(`"asOf":"\d+"`)

// undated leaves out up to which event an answer was read: the server signs a
// checkpoint when it likes.
func undated(body string) string { return asOf.ReplaceAllString(body, "") }

// An answer that was kept for one reader is not the next one's.
func TestAnswersAreKeptApart(t *testing.T) {
	q := members{"query": `{ objections(mandate: "funds-150") { reason } event(ordinal: "2") { data } }`}
	auditor := "Authorization: Bearer " + token(t, "auditor", "")
	party := "Authorization: Bearer " + token(t, "clerk", "990201001")
	elsewhere := "Authorization: Bearer " + token(t, "clerk", "9901")
	for range 3 {
		for _, c := range []struct {
			header       string
			reason, data bool
		}{{auditor, true, true}, {"X: nobody", false, false}, {party, true, false}, {elsewhere, false, false}} {
			w := post(t, q, c.header)
			if w.status != 200 || strings.Contains(w.body, `"reason":null`) == c.reason || strings.Contains(w.body, `"data":null`) == c.data {
				t.Errorf("for %.40s: %d %s", c.header, w.status, w.body)
			}
		}
	}
}
