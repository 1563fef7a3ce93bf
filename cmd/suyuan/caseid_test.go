package main

import (
	"regexp"
	"strings"
	"testing"

	"suyuan/services/caseroom"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/view/docket"
)

// A case's id is drawn by the server: the same command again opens the same
// case, another account or key another one, and nobody chooses it.
func TestCaseIDs(t *testing.T) {
	w := newStaffWorld(t)
	door := caseNames{w.Desk, w.key}
	open := func(account, key, input string) (string, error) {
		by := ledger.Actor{Account: account, Roles: []ledger.Role{ledger.Investigator}}
		got, err := door.Submit(t.Context(), by, openCase, key, []byte(input))
		return got.Stream, err
	}
	report, err := w.maker.File(w.submit, ledger.DateOf(wallClock()), complaint.Open, claim.Facts{Paper: "青政发〔2022〕6号", Issuer: "990101", Within: "990101", Dimension: "quantity"})
	if err != nil {
		t.Fatal(err)
	}
	input := `{"title":"镇级加码","from":"reports","complaints":["` + report + `"]}`
	first, err := open("a", "k1", input)
	if err != nil || !regexp.MustCompile(`^case-[0-9a-f]{32}$`).MatchString(first) {
		t.Fatalf("%s, %v", first, err)
	}
	if again, err := open("a", "k1", `{"complaints": ["`+report+`"], "from":"reports","title":"镇级加码"}`); err != nil || again != first {
		t.Errorf("sent again: %s, %v", again, err)
	}
	for _, c := range [][2]string{{"b", "k1"}, {"a", "k2"}} {
		if other, err := open(c[0], c[1], input); err != nil || other == first {
			t.Errorf("%v: %s, %v", c, other, err)
		}
	}
	elsewhere := caseNames{w.Desk, w.key}
	elsewhere.key[0] ^= 1
	if elsewhere.id("a", "k1") == door.id("a", "k1") || door.id("a", "bc") == door.id("ab", "c") {
		t.Error("another ledger, or another account and key, come to the same id")
	}
	if _, err := open("a", "k3", `{"id":"`+strings.TrimPrefix(first, "case-")+`","title":"x","from":"reports","complaints":["`+report+`"]}`); rule(err) != "case.id_given" {
		t.Errorf("an id that was chosen: %v", err)
	}
	for _, bad := range []string{``, `null`, `[]`, `{`, `{"title":"x"}`} {
		if _, err := open("a", "k4", bad); err == nil {
			t.Errorf("%q opens a case", bad)
		}
	}
	cases := 0
	w.view.Docket(func(d *docket.Docket) {
		cases = len(d.For(ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Investigator}}).Cases(""))
	})
	if cases != 2 {
		t.Errorf("%d cases", cases)
	}
	if err := w.submit(investigatorOf(""), "case.link", caseroom.Link{ID: strings.TrimPrefix(first, "case-"), Documents: []string{"x"}}); rule(err) != "case.unknown" {
		t.Errorf("other commands do not come through: %v", err)
	}
}
