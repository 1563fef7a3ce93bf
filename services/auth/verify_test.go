package auth

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"suyuan/services/ledger"
)

var clerk = ledger.Actor{Account: "clerk-1", Roles: []ledger.Role{ledger.Clerk}, Unit: "520000-agriculture"}

func issue(t *testing.T, keys *Keys, actor ledger.Actor) string {
	t.Helper()
	issuer, err := NewIssuer(keys, at(noon), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	token, err := issuer.Token(actor, 0)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestTokenSaysWhoItWasMadeFor(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, 0)
	keys := load(t, dir)
	for _, actor := range []ledger.Actor{
		clerk,
		{Account: "a|b@c", Roles: []ledger.Role{ledger.Reviewer, ledger.Auditor}},
		{Account: "centre", Roles: []ledger.Role{ledger.Clerk}, Unit: "0"},
		{Account: "village", Roles: []ledger.Role{ledger.Clerk}, Unit: "520123456789"},
		{Account: "newcomer"},
	} {
		got, err := NewVerifier(keys, at(noon.Add(time.Hour))).Actor(issue(t, keys, actor))
		if err != nil || !reflect.DeepEqual(got, actor) {
			t.Errorf("%+v became %+v, %v", actor, got, err)
		}
	}
}

// goodClaims are those of a token that is accepted; each case spoils one thing.
func goodClaims() jwt.MapClaims {
	return jwt.MapClaims{"iss": "suyuan", "aud": "suyuan-api", "sub": "clerk-1", "roles": []string{"clerk"},
		"unit": "520000", "iat": noon.Unix(), "exp": noon.Add(time.Hour).Unix(), "jti": "1", "later": "unknown"}
}

func sign(t *testing.T, method jwt.SigningMethod, header map[string]any, claims jwt.Claims, key any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	maps.Copy(token.Header, header)
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestBadTokens(t *testing.T) {
	dir := t.TempDir()
	kid := generate(t, dir, 0)
	keys := load(t, dir)
	verifier := NewVerifier(keys, at(noon))
	private, public := keys.newest.private, keys.public[kid]
	publicDER := must(x509.MarshalPKIXPublicKey(public))
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: publicType, Bytes: publicDER})
	_, stranger, _ := ed25519.GenerateKey(rand.Reader)
	rsaKey := must(rsa.GenerateKey(rand.Reader, 2048))
	known := map[string]any{"kid": kid}

	claim := func(name string, value any) string {
		c := goodClaims()
		if c[name] = value; value == nil {
			delete(c, name)
		}
		return sign(t, jwt.SigningMethodEdDSA, known, c, private)
	}
	header := func(h map[string]any) string {
		return sign(t, jwt.SigningMethodEdDSA, h, goodClaims(), private)
	}
	good := header(known)
	if _, err := verifier.Actor(good); err != nil {
		t.Fatalf("the token to spoil is refused: %v", err)
	}
	parts := strings.Split(good, ".")

	for _, test := range []struct{ name, token, rule string }{
		{"alg none", sign(t, jwt.SigningMethodNone, known, goodClaims(), jwt.UnsafeAllowNoneSignatureType), "token.algorithm"},
		{"HS256 with the public key", sign(t, jwt.SigningMethodHS256, known, goodClaims(), []byte(public)), "token.algorithm"},
		{"HS256 with the public key's DER", sign(t, jwt.SigningMethodHS256, known, goodClaims(), publicDER), "token.algorithm"},
		{"HS256 with the public key's PEM", sign(t, jwt.SigningMethodHS256, known, goodClaims(), publicPEM), "token.algorithm"},
		{"RS256", sign(t, jwt.SigningMethodRS256, known, goodClaims(), rsaKey), "token.algorithm"},
		{"PS256", sign(t, jwt.SigningMethodPS256, known, goodClaims(), rsaKey), "token.algorithm"},
		{"unheard-of algorithm", header(map[string]any{"kid": kid, "alg": "ES999"}), "token.algorithm"},
		{"algorithm in small letters", header(map[string]any{"kid": kid, "alg": "eddsa"}), "token.algorithm"},
		{"algorithm not a word", header(map[string]any{"kid": kid, "alg": 1}), "token.algorithm"},

		{"missing kid", header(nil), "token.key"},
		{"empty kid", header(map[string]any{"kid": ""}), "token.key"},
		{"kid not a word", header(map[string]any{"kid": []string{kid}}), "token.key"},
		{"unknown kid", header(map[string]any{"kid": "0123456789abcdef"}), "token.key"},
		{"kid as a path", header(map[string]any{"kid": "../token-" + kid}), "token.key"},
		{"key in the header", header(map[string]any{"jwk": map[string]string{"kty": "OKP"}}), "token.key"},
		{"critical extension", header(map[string]any{"kid": kid, "crit": []string{"b64"}}), "token.malformed"},
		{"wrong key under a known kid", sign(t, jwt.SigningMethodEdDSA, known, goodClaims(), stranger), "token.signature"},
		{"no signature", parts[0] + "." + parts[1] + ".", "token.signature"},
		{"another's claims", parts[0] + "." + strings.Split(claim("sub", "admin-1"), ".")[1] + "." + parts[2], "token.signature"},

		{"wrong audience", claim("aud", "suyuan"), "token.audience"},
		{"audiences of others", claim("aud", []string{"a", "b"}), "token.audience"},
		{"no audience", claim("aud", nil), "token.audience"},
		{"wrong issuer", claim("iss", "suyuan2"), "token.issuer"},
		{"no issuer", claim("iss", nil), "token.issuer"},
		{"expired", claim("exp", noon.Add(-31*time.Second).Unix()), "token.expired"},
		{"expired at the edge of leeway", claim("exp", noon.Add(-30*time.Second).Unix()), "token.expired"},
		{"no expiry", claim("exp", nil), "token.expiry"},
		{"expiry in words", claim("exp", "tomorrow"), "token.malformed"},
		{"never expires", claim("exp", noon.Add(MaxTTL+time.Second).Unix()), "token.lifetime"},
		{"issued later", claim("iat", noon.Add(31*time.Second).Unix()), "token.issued"},
		{"no time of issue", claim("iat", nil), "token.issued"},
		{"valid later", claim("nbf", noon.Add(31*time.Second).Unix()), "token.issued"},

		{"unknown role", claim("roles", []string{"clerk", "root"}), "token.role"},
		{"role in capitals", claim("roles", []string{"Clerk"}), "token.role"},
		{"roles as one word", claim("roles", "clerk"), "token.malformed"},
		{"clerk of no unit", claim("unit", nil), "token.unit"},
		{"unit of 13 digits", claim("unit", "5200001234567"), "token.unit"},
		{"unit in words", claim("unit", "guizhou"), "token.unit"},
		{"slug in capitals", claim("unit", "520000-Agri"), "token.unit"},
		{"slug that begins with a digit", claim("unit", "520000-agri-2"), "token.unit"},
		{"slug with an empty part", claim("unit", "520000-agri-"), "token.unit"},
		{"unit with a line break", claim("unit", "520000\n"), "token.unit"},
		{"no account", claim("sub", nil), "token.account"},
		{"account with a line break", claim("sub", "a\nb"), "token.account"},
		{"account as a name", claim("sub", "张三"), "token.account"},
		{"long account", claim("sub", strings.Repeat("a", 256)), "token.account"},

		{"oversize", claim("later", strings.Repeat("x", maxToken)), "token.too_long"},
		{"empty", "", "token.malformed"},
		{"garbage", "garbage", "token.malformed"},
		{"three parts of garbage", "a.b.c", "token.malformed"},
		{"trailing part", good + ".x", "token.malformed"},
		{"trailing line break", good + "\n", "token.malformed"},
		{"line break inside", parts[0] + "." + parts[1][:9] + "\r\n" + parts[1][9:] + "." + parts[2], "token.malformed"},
		{"trailing space", good + " ", "token.malformed"},
		{"padding", good + "==", "token.malformed"},
		{"null header", "bnVsbA." + parts[1] + "." + parts[2], "token.algorithm"},
	} {
		t.Run(test.name, func(t *testing.T) {
			actor, err := verifier.Actor(test.token)
			e := ledger.AsError(err)
			if err == nil || e.Code != ledger.Unauthenticated || e.Rule != test.rule || !actor.Anonymous() {
				t.Fatalf("actor %+v, error %v, want %s", actor, err, test.rule)
			}
			if e.Text.Zh == "" || e.Text.En == "" || strings.Contains(e.Text.En+e.Text.Zh, "%!") {
				t.Errorf("text %+v", e.Text)
			}
		})
	}

	t.Run("absurd expiry", func(t *testing.T) {
		if _, err := verifier.Actor(claim("exp", 1e300)); !ledger.IsCode(err, ledger.Unauthenticated) {
			t.Error(err)
		}
	})
	t.Run("any one character changed", func(t *testing.T) {
		for i := range good {
			other := "AQgw_.="
			if i == len(good)-1 { // four of whose six bits say nothing
				other = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
			}
			for _, c := range other {
				if changed := good[:i] + string(c) + good[i+1:]; changed != good {
					if _, err := verifier.Actor(changed); err == nil {
						t.Fatalf("accepted with %q at %d", c, i)
					}
				}
			}
		}
	})
}

func TestLeewayIsThirtySecondsEachWay(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, 0)
	keys := load(t, dir)
	token := issue(t, keys, clerk)
	for after, good := range map[time.Duration]bool{
		-31 * time.Second: false, -30 * time.Second: true,
		DefaultTTL + 29*time.Second: true, DefaultTTL + 30*time.Second: false,
	} {
		if _, err := NewVerifier(keys, at(noon.Add(after))).Actor(token); (err == nil) != good {
			t.Errorf("%v after it was issued: %v", after, err)
		}
	}
}

func TestIssuerRefuses(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, 0)
	issuer := must(NewIssuer(load(t, dir), at(noon), rand.Reader))
	for _, test := range []struct {
		actor ledger.Actor
		ttl   time.Duration
		rule  string
	}{
		{ledger.Actor{}, 0, "actor.account"},
		{ledger.Actor{Account: "a", Roles: []ledger.Role{"root"}}, 0, "actor.role"},
		{ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Clerk}}, 0, "actor.unit"},
		{ledger.Actor{Account: "a", Unit: "x"}, 0, "actor.unit"},
		{clerk, MaxTTL + 1, "token.ttl"},
		{clerk, -time.Hour, "token.ttl"},
		{clerk, time.Millisecond, "token.ttl"},
	} {
		token, err := issuer.Token(test.actor, test.ttl)
		if e := ledger.AsError(err); err == nil || e.Rule != test.rule || e.Code != ledger.Invalid {
			t.Errorf("%+v for %v: %q, %v", test.actor, test.ttl, token, err)
		}
	}
	if _, err := issuer.Token(clerk, MaxTTL); err != nil {
		t.Error(err)
	}
	issuer.rand = strings.NewReader("short")
	if _, err := issuer.Token(clerk, 0); err == nil {
		t.Error("a token without randomness")
	}
}

func TestRotation(t *testing.T) {
	dir := t.TempDir()
	old := generate(t, dir, 0)
	before := load(t, dir)
	first := issue(t, before, clerk)
	generate(t, dir, time.Hour)
	both := load(t, dir)
	second := issue(t, both, clerk)
	accepts := func(keys *Keys, token string) bool {
		_, err := NewVerifier(keys, at(noon)).Actor(token)
		return err == nil
	}
	if !accepts(both, first) || !accepts(both, second) {
		t.Error("with both keys both tokens are good")
	}
	if accepts(before, second) {
		t.Error("the new key signed, and the old one does not know it")
	}
	delete(both.public, old)
	if accepts(both, first) || !accepts(both, second) {
		t.Error("a key that is withdrawn takes its tokens with it")
	}
}
