package token_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"suyuan/services/intake/token"
)

// node runs a script of testdata with input as JSON; what it prints comes back.
func node(t *testing.T, script string, input any) string {
	t.Helper()
	for _, name := range []string{"token.js", "token_words.js"} { // so that go test knows what it depends on
		if _, err := os.ReadFile("../../../portal/static/src/intake/" + name); err != nil {
			t.Fatal(err)
		}
	}
	limit, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(limit, "node", "testdata/"+script)
	text, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	var problems bytes.Buffer
	c.Stdin, c.Stderr = bytes.NewReader(text), &problems
	out, err := c.Output()
	if err != nil {
		t.Fatalf("node %s: %v\n%s", script, err, problems.String())
	}
	return strings.TrimSpace(string(out))
}

// What the browser computes is what this package does.
func TestTwin(t *testing.T) {
	type vector struct {
		Name    string `json:"name"`
		N       string `json:"n"`
		Message string `json:"message"`
		Sig     string `json:"sig"`
	}
	input := struct {
		Vectors []vector             `json:"vectors"`
		Words   map[string][2]string `json:"words"`
	}{Words: map[string][2]string{}}
	for _, v := range vectorsOfRFC9474(t) {
		input.Vectors = append(input.Vectors, vector{v.Name, strings.TrimPrefix(v.N, "0x"), v.Message, v.Sig})
	}
	for rule, says := range token.Refusals() {
		zh, en := says.Zh, says.En
		if rule == "token.code_group" {
			zh, en = strings.Replace(zh, "0", "%d", 1), strings.Replace(en, "0", "%d", 1)
		}
		input.Words[rule] = [2]string{zh, en}
	}
	if wrong := node(t, "twin.mjs", input); wrong != "" {
		t.Error(wrong)
	}
}

// Tokens made with the npm library verify here, and ours there.
func TestTokensOfTheNpmLibrary(t *testing.T) {
	a := newIssuer(t)
	private, err := x509.MarshalPKCS8PrivateKey(a.private)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&a.private.PublicKey) // WebCrypto knows no other OID
	if err != nil {
		t.Fatal(err)
	}
	var input struct {
		Private  []byte   `json:"private"`
		Public   []byte   `json:"public"`
		Messages [][]byte `json:"messages"`
		Tokens   [][]byte `json:"tokens"`
	}
	input.Private, input.Public = private, public
	var unsigned []token.Token
	for i := range byte(3) {
		unsigned = append(unsigned, token.New([32]byte{i}, a.public.ID()))
		input.Messages = append(input.Messages, unsigned[i].Signed())
		input.Tokens = append(input.Tokens, a.issue(t, [32]byte{i}).Encode())
	}
	bad := a.issue(t, [32]byte{9})
	bad.Signature[200] ^= 1
	input.Tokens = append(input.Tokens, bad.Encode())
	var out []json.RawMessage
	if err := json.Unmarshal([]byte(node(t, "blind.mjs", input)), &out); err != nil || len(out) != 7 {
		t.Fatalf("%d answers, %v", len(out), err)
	}
	for i, k := range unsigned {
		var signature []byte
		if err := json.Unmarshal(out[i], &signature); err != nil {
			t.Fatal(err)
		}
		copy(k.Signature[:], signature)
		if err := a.public.Verify(k); err != nil {
			t.Errorf("a token of the npm library: %v", err)
		}
	}
	for i, want := range []string{"true", "true", "true", "false"} {
		if string(out[3+i]) != want {
			t.Errorf("the npm library says %s of token %d", out[3+i], i)
		}
	}
}
