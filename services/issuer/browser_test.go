package issuer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/big"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"suyuan/services/intake/token"
	"suyuan/services/issuer"
)

// browser runs the browser's half of exchanges in Node.
func browser(t testing.TB, mode string, input, output any) {
	t.Helper()
	for _, name := range []string{"intake/token.js", "issuer/exchange.js", "issuer/ledger.js", "issuer/subtle.js"} { // so that go test knows what it depends on
		if _, err := os.ReadFile("../../portal/static/src/" + name); err != nil {
			t.Fatal(err)
		}
	}
	limit, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	text, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(limit, "node", "testdata/exchange.mjs", mode)
	var problems bytes.Buffer
	c.Stdin, c.Stderr = bytes.NewReader(text), &problems
	out, err := c.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, problems.String())
	}
	if err := json.Unmarshal(out, output); err != nil {
		t.Fatal(err)
	}
}

type browserOffers struct {
	Offers []issuer.OfferAnswer `json:"offers"`
	Ledger struct {
		Keys struct {
			Edges    []ledgerEdge `json:"edges"`
			PageInfo struct {
				HasNextPage bool `json:"hasNextPage"`
			} `json:"pageInfo"`
		} `json:"issuerKeys"`
	} `json:"ledger"`
}

type ledgerEdge struct {
	Node ledgerKey `json:"node"`
}

// ledgerKey is an issuer key as GraphQL has it.
type ledgerKey struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	County  string `json:"county"`
	Quarter string `json:"quarter"`
	N       int    `json:"n"`
	SPKI    []byte `json:"spki"` // base64
	Revoked bool   `json:"revoked"`
}

func ledgerKeys(on []token.Listed) (all []ledgerEdge) {
	for _, l := range on {
		all = append(all, ledgerEdge{ledgerKey{l.ID, "RSA", l.County, l.Quarter, l.N, l.SPKI, false}})
	}
	return all
}

type browserRequest struct {
	Kept    string
	Blinded []string
	Rule    string
}

type browserKept struct {
	Kept       string   `json:"kept"`
	Signatures []string `json:"signatures"`
}

type browserTokens struct {
	Tokens [][]byte
	Rule   string
}

func offered(t testing.TB, o *issuer.Office, code token.Code) issuer.OfferAnswer {
	t.Helper()
	offer, err := o.AnswerOffer(issuer.OfferRequest{Code: code.Text(token.Enrolment)})
	if err != nil {
		t.Fatal(err)
	}
	return offer
}

// The browser's tokens are good, and it refuses what the command line refuses.
func TestBrowser(t *testing.T) {
	o, codes, on := furnished(t, t.TempDir(), 1)
	ring, err := token.NewRing(on)
	if err != nil {
		t.Fatal(err)
	}
	offer := offered(t, o, codes[0])
	elsewhere, fewer, reordered := offer, offer, offer
	elsewhere.County = "990102"
	fewer.Keys = offer.Keys[:7]
	reordered.Keys = slices.Clone(offer.Keys)
	slices.Reverse(reordered.Keys)
	input := browserOffers{Offers: []issuer.OfferAnswer{offer, elsewhere, fewer, reordered}}
	input.Ledger.Keys.Edges = ledgerKeys(on)
	var requests []browserRequest
	browser(t, "blind", input, &requests)
	for i, want := range []string{"", "issuer.key_unlisted", "issuer.offer", "issuer.key_unlisted"} {
		if requests[i].Rule != want {
			t.Errorf("offer %d: %q, want %q", i, requests[i].Rule, want)
		}
	}
	revoked := browserOffers{Offers: []issuer.OfferAnswer{offer}}
	revoked.Ledger.Keys.Edges = ledgerKeys(on)
	revoked.Ledger.Keys.Edges[6].Node.Revoked = true
	var refused []browserRequest
	browser(t, "blind", revoked, &refused)
	if refused[0].Rule != "issuer.key_unlisted" {
		t.Errorf("a revoked key: %q", refused[0].Rule)
	}
	answer, err := o.AnswerIssue(t.Context(), issuer.IssueRequest{Code: codes[0].Text(token.Enrolment), Blinded: requests[0].Blinded})
	if err != nil {
		t.Fatal(err)
	}
	swapped := slices.Clone(answer.Signatures)
	slices.Reverse(swapped)
	var done []browserTokens
	browser(t, "finish", []browserKept{{requests[0].Kept, answer.Signatures}, {requests[0].Kept, swapped}, {requests[0].Kept, answer.Signatures[1:]}}, &done)
	for i, want := range []string{"", "issuer.signatures", "issuer.signatures"} {
		if done[i].Rule != want {
			t.Errorf("signatures %d: %q, want %q", i, done[i].Rule, want)
		}
	}
	if len(done[0].Tokens) != token.PerQuarter {
		t.Fatalf("%d tokens", len(done[0].Tokens))
	}
	factors, nonces := map[string]bool{}, map[[32]byte]bool{}
	for i, data := range done[0].Tokens {
		if _, err := ring.Verify(data); err != nil {
			t.Errorf("token %d: %v", i, err)
		}
		made, err := token.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		key, err := token.ReadKey(on[i].SPKI)
		if err != nil {
			t.Fatal(err)
		}
		// What the request was multiplied with: a large number, another each time.
		n := key.Public().N
		r := new(big.Int).ModInverse(new(big.Int).SetBytes(made.Signature[:]), n)
		r.Mul(r, numberOf(t, answer.Signatures[i])).Mod(r, n)
		if back := new(big.Int).Sub(n, r); r.BitLen() < 1900 || back.BitLen() < 1900 {
			t.Errorf("the blinding of token %d has %d bits", i, r.BitLen())
		}
		factors[r.String()], nonces[made.Nonce] = true, true
	}
	if len(factors) != token.PerQuarter || len(nonces) != token.PerQuarter {
		t.Errorf("%d blindings and %d nonces for eight tokens", len(factors), len(nonces))
	}
}
