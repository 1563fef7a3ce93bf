package main

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"strings"
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
	for stream, passes := range map[string]bool{"outcome-1": false, "finding-1-1": false, "policy-jra-1": true, "unit-99": true} {
		if forAuditors(ledger.Actor{Unit: "9901"}, ledger.Recorded{Stream: stream}) != passes || !forAuditors(ledger.Actor{}, ledger.Recorded{Stream: stream}) {
			t.Errorf("%s: an auditor of a unit is given it: not %t", stream, passes)
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
		"esdb://u:p@h:1": "esdb://…@h:1", "esdb+discover://u:p@p@h?tls=true": "esdb+discover://…@h?tls=true", "ESDB://u:p@h": "ESDB://…@h", "esdb://h:1": "esdb://h:1",
		"sqlite:a@b": "sqlite:a@b", "folder": "folder", "u:p@h:1": "…", "esdb:u:p@h": "…", "edsb://u:p@h": "…", "averyverylongschemeindeed:p": "…",
	} {
		for _, flag := range []string{"store", "from", "to"} {
			if got := unspoken(flag, value); got != shown {
				t.Errorf("--%s %s: %s", flag, value, got)
			}
		}
	}
	if got := unspoken("stop-timeout", "a:b"); got != "a:b" {
		t.Errorf("another flag: %s", got)
	}
}

// What clients connect with: a path that is good from any folder, and the name
// by which the certificate knows the listener.
func TestConnect(t *testing.T) {
	if got := (following{}).connect(place{data: "a folder"}, "localhost:2113"); !strings.HasPrefix(got, "esdb://auditor:TOKEN@localhost:2113?tlsCAFile=/") || !strings.HasSuffix(got, "/a%20folder/keys/follow.crt") {
		t.Error(got)
	}
	if got := (following{cert: "c", certKey: "k"}).connect(place{data: "d"}, "h:1"); got != "esdb://auditor:TOKEN@h:1" {
		t.Error(got)
	}
	now := time.Unix(1_700_000_000, 0)
	made := func(hosts ...string) tls.Certificate {
		dir := t.TempDir()
		if err := newCertificate(dir, hosts, now); err != nil {
			t.Fatal(err)
		}
		pair, err := tls.LoadX509KeyPair(filepath.Join(dir, followCert), filepath.Join(dir, followKey))
		if err != nil {
			t.Fatal(err)
		}
		return pair
	}
	for _, c := range []struct {
		own   string
		hosts []string
		at    string
		later time.Duration
		host  string
		warns string
	}{
		{"", []string{"localhost"}, "127.0.0.1", 0, "localhost", ""},
		{"", []string{"localhost"}, "192.0.2.2", 0, "192.0.2.2", "other addresses"},
		{"", []string{"localhost", "192.0.2.2"}, "192.0.2.2", 0, "192.0.2.2", ""},
		{"", []string{"localhost"}, "0.0.0.0", 2 * certificateTime, "localhost", "not good today"},
		{"c", []string{"*.example", "ledger.example"}, "0.0.0.0", 0, "ledger.example", ""},
		{"c", []string{"192.0.2.2"}, "0.0.0.0", 0, "localhost", ""},
	} {
		var log bytes.Buffer
		host, port := following{cert: c.own}.name(made(c.hosts...), &net.TCPAddr{IP: net.ParseIP(c.at), Port: 7}, now.Add(c.later), slog.New(slog.NewTextHandler(&log, nil)))
		if host != c.host || port != "7" || (c.warns == "") != (log.Len() == 0) || !strings.Contains(log.String(), c.warns) {
			t.Errorf("%+v: %s %s, %s", c, host, port, log.String())
		}
	}
}
