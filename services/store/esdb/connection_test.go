package esdb

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	es "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"pgregory.net/rapid"

	"suyuan/services/ledger"
)

const secret = "s3cr3t"

func TestConnection(t *testing.T) {
	dir := t.TempDir()
	cert, key := pair(t, dir)
	for text, want := range map[string]struct {
		at       string
		seeds    int
		discover bool
		user     string
		attempts int
		patience time.Duration
	}{
		"esdb://localhost":                                                             {"esdb://localhost:2113", 0, false, "", 10, patienceUnsaid},
		"esdb://localhost:2115/":                                                       {"esdb://localhost:2115", 0, false, "", 10, patienceUnsaid},
		"ESDB://10.0.0.1?TLS=TRUE":                                                     {"esdb://10.0.0.1:2113", 0, false, "", 10, patienceUnsaid},
		"esdb://a:1,b:2,c?tls=false&maxDiscoverAttempts=3":                             {"esdb://a:1,b:2,c:2113", 3, false, "", 3, patienceUnsaid},
		"esdb://a,b?tls=false":                                                         {"esdb://a:2113,b:2113", 2, false, "", 10, patienceUnsaid},
		"esdb+discover://db.example.org?defaultDeadline=1500":                          {"esdb+discover://db.example.org:2113", 0, true, "", 10, 1500 * time.Millisecond},
		"esdb+discover://a:1,b:2":                                                      {"esdb+discover://a:1,b:2", 2, false, "", 10, patienceUnsaid},
		"esdb://u:" + secret + "@a:1,b:2?nodePreference=Leader":                        {"esdb://a:1,b:2", 2, false, "u:" + secret, 10, patienceUnsaid},
		"esdb://u:a%2Cb%40%3A%2F%3F%23@h?keepAliveInterval=-1&gossipTimeout=1":         {"esdb://h:2113", 0, false, "u:a,b@:/?#", 10, patienceUnsaid},
		"esdb://h?userCertFile=" + cert + "&userKeyFile=" + key + "&tlscafile=" + cert: {"esdb://h:2113", 0, false, "", 10, patienceUnsaid},
	} {
		c, err := parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if c.at != want.at || len(c.config.GossipSeeds) != want.seeds || c.config.DnsDiscover != want.discover || c.attempts != want.attempts || c.patience != want.patience {
			t.Errorf("%s: %s, %d seeds, %v, %d, %s", text, c.at, len(c.config.GossipSeeds), c.config.DnsDiscover, c.attempts, c.patience)
		}
		if user := c.config.Username + ":" + c.config.Password; user != want.user && user != ":" {
			t.Errorf("%s: user %s", text, user)
		}
		if c.config.MaxDiscoverAttempts != 1 || c.config.DefaultDeadline != nil {
			t.Errorf("%s: the client looks and waits by itself", text)
		}
	}
}

func TestConnectionIsRefused(t *testing.T) {
	dir := t.TempDir()
	cert, key := pair(t, dir)
	_, other := pair(t, t.TempDir())
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	comma := filepath.Join(dir, "a,b.pem")
	if b, err := os.ReadFile(cert); err != nil || os.WriteFile(comma, b, 0o600) != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{
		"esdb://h:1,h:2?tlsCAFile=" + comma, "", "localhost:2113", "http://localhost", "kurrentdb://localhost", "esdb:localhost", "esdb://", "esdb:///", "esdb://?tls=false",
		"esdb://u:" + secret + "@", "esdb://u@h", "esdb://u:@h", "esdb://:" + secret + "@h", "esdb://@h", "esdb://u:" + secret + "@h:1,,h:2",
		"esdb://u:" + secret + ",more@h:1,h:2", "esdb://u:" + secret + "/x@h", "esdb://u:" + secret + "?x@h", "esdb://u:" + secret + "#x@h", "esdb://u:" + secret + "%zz@h",
		"esdb://u:" + secret + "@h:0", "esdb://u:" + secret + "@h:70000", "esdb://h:port", "esdb://h:", "esdb://h:+1", "esdb://[::1]:2113", "esdb://::1", "esdb://h h",
		"esdb://h/path", "esdb://h?tlsCaFiles=x", "esdb://u:" + secret + "@h?tlsCAFil=x", "esdb://h?tls=false&tls=true", "esdb://h?tls=false&TLS=true", "esdb://h?tls=perhaps", "esdb://h?tls",
		"esdb://h?tls=false;x=1", "esdb://h?tls=%zz", "esdb://h?tlsCAFile=a,b", "esdb://h?tlsCAFile=", "esdb://h?tlsCAFile=" + filepath.Join(dir, "none"), "esdb://h?tlsCAFile=" + text,
		"esdb://u:" + secret + "@h?tls=false", "esdb://h?tls=false&tlsCAFile=" + cert,
		"esdb://h?userCertFile=" + cert, "esdb://h?userKeyFile=" + key, "esdb://h?userCertFile=" + cert + "&userKeyFile=" + other, "esdb://h?tls=false&userCertFile=" + cert + "&userKeyFile=" + key,
		"esdb://h?nodePreference=follower", "esdb://h?maxDiscoverAttempts=0", "esdb://h?maxDiscoverAttempts=x", "esdb://h?gossipTimeout=0", "esdb://h?discoveryInterval=-1",
		"esdb://h?keepAliveInterval=9999", "esdb://h?keepAliveTimeout=-1", "esdb://h?defaultDeadline=0", "esdb://h?connectionName=x", "esdb://h?throwOnAppendFailure=true",
	} {
		_, err := Open(t.Context(), bad)
		e, ok := errors.AsType[*ledger.Error](err)
		if !ok || e.Code != ledger.Invalid || e.Rule != "store.connection" || e.Text.Zh == "" || e.Text.En == "" {
			t.Errorf("%q: %v", bad, err)
			continue
		}
		if strings.Contains(fmt.Sprintf("%v %+v %v", err, e.Text, errors.Unwrap(e)), secret) {
			t.Errorf("%q: %v shows the password", bad, err)
		}
	}
}

// A question mark in the user or the password makes settings of the rest.
func TestQuestionMarkIsNoSetting(t *testing.T) {
	for _, bad := range []string{
		"esdb://admin:42?hunter2@db:2113", "esdb://admin:42?hunter@db:2113", "esdb://admin:42?hunter=x@db", "esdb://admin:42?hunter2=x@db:2113?tls=true",
		"esdb://ad?min:hunter2@db:2113", "esdb://ad?min:hunter@db:2113", "esdb://admin:42?tls=hunter&hunter@db", "esdb://admin:42?tlsCAFile=hunter@db", "esdb://a?hunter#2@db", "esdb://h?hunter,x@db",
	} {
		_, err := parse(bad)
		e, ok := errors.AsType[*ledger.Error](err)
		if !ok || strings.Contains(fmt.Sprint(err, e.Text, errors.Unwrap(e)), "hunter") {
			t.Errorf("%q: %v", bad, err)
			continue
		}
		if !strings.Contains(bad, "#") && !(strings.Contains(e.Text.En, "write %3F") && strings.Contains(e.Text.Zh, "写成 %3F")) {
			t.Errorf("%q: %s does not say what to write", bad, e.Text)
		}
	}
	for text, says := range map[string]string{"esdb://h?tlsCaFiles=x": "tlsCaFiles", "esdb://admin:42?hunter2": "name=value", "esdb://h?a%40b=x": "name=value", "esdb://h?" + strings.Repeat("x", 33) + "=1": "name=value"} {
		if _, err := parse(text); err == nil || !strings.Contains(ledger.AsError(err).Text.En, says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// isFile: the secret is what a setting says its file is called.
var isFile = regexp.MustCompile(`\?([^@]*&)?tlsCAFile=[^@&]*` + secret + `[^@]*$`)

// Whatever is wrong around it, a password is in no error.
func TestPasswordIsNeverSaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.SampledFrom([]string{"esdb", "://", "+discover", "user", ":", "@", "/", "?", "#", "%", "%2", ",", "&", "=", "tls", "false", "tlsCAFile", "h", "1", "[", " ", "\n", "\x00", "中"})
		text := strings.Join(rapid.SliceOfN(bits, 0, 6).Draw(t, "before"), "") + secret + strings.Join(rapid.SliceOfN(bits, 0, 6).Draw(t, "behind"), "")
		c, err := parse("esdb://user:" + text)
		if err != nil && strings.Contains(fmt.Sprintf("%v %v %+v", err, errors.Unwrap(err), ledger.AsError(err).Text), secret) {
			if !isFile.MatchString(text) { // a file that is called so is no password
				t.Fatalf("%q: %v", text, err)
			}
		}
		if err == nil && strings.Contains(c.at, secret) && strings.Contains(text, "@") && !strings.Contains(text[strings.LastIndex(text, "@"):], secret) {
			t.Fatalf("%q: at %s", text, c.at)
		}
	})
}

// Every setting we let through is one the client knows, and we say what it takes.
func TestSettingsAreTheClients(t *testing.T) {
	cert, _ := pair(t, t.TempDir())
	for _, s := range settings {
		if wanted[s.name].Zh == "" || wanted[s.name].En == "" {
			t.Errorf("nothing says what %s takes", s.name)
		}
		value := ""
		for _, v := range []string{"leader", "true", "20000", "1", cert} {
			if s.takes(v) {
				value = v
			}
		}
		given, err := es.ParseConnectionString("esdb://h?" + s.name + "=" + url.QueryEscape(value))
		if err != nil {
			t.Errorf("%s=%s: %v", s.name, value, err)
			continue
		}
		given.Logger = nil
		if s.name == "tls" || s.name == "tlsVerifyCert" || s.name == "nodePreference" {
			continue // the client's defaults
		}
		unsaid, _ := es.ParseConnectionString("esdb://h")
		unsaid.Logger = nil
		if a, b := fmt.Sprintf("%+v", *given), fmt.Sprintf("%+v", *unsaid); a == b {
			t.Errorf("the client does nothing with %s=%s", s.name, value)
		}
	}
	if len(wanted) != len(settings) {
		t.Errorf("%d settings, %d explanations", len(settings), len(wanted))
	}
}

// pair makes a certificate for localhost, its own authority, and its key.
func pair(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, b := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}
