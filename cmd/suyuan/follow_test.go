package main

import (
	"encoding/base64"
	"slices"
	"testing"
	"time"

	"suyuan/services/auth"
	"suyuan/services/catalogue"
	"suyuan/services/ledger"
)

// Somebody has thought about every category of streams: an auditor reads it
// whole, or it stays out.
func TestForAuditors(t *testing.T) {
	for _, c := range catalogue.Categories {
		if slices.Contains(auditable, c) == slices.Contains(withheld, c) {
			t.Errorf("%s must stand in one of the two lists", c)
		}
	}
	for stream, passes := range map[string]bool{"unit-99": true, "checkpoint-log": true, "complaint-1": false, "units-1": false, "": false, "$users": false} {
		if forAuditors(ledger.Actor{}, ledger.Recorded{Stream: stream}) != passes {
			t.Errorf("%s: not %t", stream, passes)
		}
	}
}

// Which credentials are an auditor's.
func TestAuditor(t *testing.T) {
	dir := t.TempDir()
	now := func() time.Time { return time.Unix(1_700_000_000, 0) }
	if _, err := auth.GenerateKey(random, dir, now()); err != nil {
		t.Fatal(err)
	}
	keys, err := auth.LoadKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := auth.NewIssuer(keys, now, random)
	if err != nil {
		t.Fatal(err)
	}
	token := func(r ledger.Role) string {
		text, err := issuer.Token(ledger.Actor{Account: "a", Roles: []ledger.Role{r}}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	basic := func(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }
	good := token(ledger.Auditor)
	v := auth.NewVerifier(keys, now)
	for header, code := range map[string]ledger.Code{
		basic("auditor:" + good): "", basic("x:" + good): "", "Bearer " + good: "", "bearer " + good: "",
		basic("auditor:" + token(ledger.Admin)): ledger.Forbidden, "Bearer " + token(ledger.Investigator): ledger.Forbidden,
		"": ledger.Unauthenticated, "Basic": ledger.Unauthenticated, "Basic ?": ledger.Unauthenticated, basic("auditor"): ledger.Unauthenticated, basic("auditor:"): ledger.Unauthenticated,
		basic(good + ":"): ledger.Unauthenticated, "Bearer": ledger.Unauthenticated, "Token " + good: ledger.Unauthenticated, basic("auditor:" + good + "x"): ledger.Unauthenticated,
	} {
		by, err := auditor(v, header)
		if code == "" {
			if err != nil || !by.Is(ledger.Auditor) {
				t.Errorf("%.20s: %+v, %v", header, by, err)
			}
		} else if !ledger.IsCode(err, code) || !by.Anonymous() {
			t.Errorf("%.20s: %+v, %v, want %s", header, by, err, code)
		}
	}
}

// A password never shows.
func TestUnspoken(t *testing.T) {
	for value, shown := range map[string]string{
		"esdb://u:p@h:1": "esdb://…@h:1", "esdb+discover://u:p@p@h?tls=true": "esdb+discover://…@h?tls=true", "esdb://h:1": "esdb://h:1", "sqlite:a@b": "sqlite:a@b", "20s": "20s",
	} {
		if got := unspoken(value); got != shown {
			t.Errorf("%s: %s", value, got)
		}
	}
}
