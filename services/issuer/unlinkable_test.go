package issuer_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"math/bits"
	mathrand "math/rand/v2"
	"slices"
	"testing"

	"suyuan/services/intake/token"
	"suyuan/services/issuer"
)

// people have tokens of one roster: enough for chance to be told from more.
const people = 16

// A line is what an issuer has of one exchange under one key.
type line struct {
	code            token.Code
	blinded, signed *big.Int
}

// A transcript is all that an issuer has, and knows, of one key, and the
// tokens that came back under it, in no order. truth is whose they are.
type transcript struct {
	key      *rsa.PrivateKey
	issued   []line
	redeemed []token.Token
	truth    []int // of the token redeemed[truth[i]] the i-th line was the request
	offer    issuer.OfferAnswer
	on       []token.Listed
}

func (tr *transcript) signature(j int) *big.Int {
	return new(big.Int).SetBytes(tr.redeemed[j].Signature[:])
}

// blinding is the factor that would have to have been used, were token j made
// of line i. There is one for every pair.
func (tr *transcript) blinding(i, j int) *big.Int {
	r := new(big.Int).ModInverse(tr.signature(j), tr.key.N)
	return r.Mul(r, tr.issued[i].signed).Mod(r, tr.key.N)
}

// encoded is what the token's signature is of, before it was blinded.
func (tr *transcript) encoded(j int) *big.Int {
	return new(big.Int).Exp(tr.signature(j), big.NewInt(int64(tr.key.E)), tr.key.N)
}

// A matcher says how likely it holds token j to be made of line i; only which
// of a line's is the largest counts.
type matcher struct {
	name  string
	score func(*transcript) func(i, j int) int
}

var matchers = []matcher{
	{"chance", func(*transcript) func(i, j int) int { return func(int, int) int { return 0 } }},
	{"what was asked for is what was signed", func(tr *transcript) func(i, j int) int {
		return func(i, j int) int { return truth(tr.issued[i].blinded.Cmp(tr.encoded(j)) == 0) }
	}},
	{"the answer is the signature", func(tr *transcript) func(i, j int) int {
		return func(i, j int) int { return truth(tr.issued[i].signed.Cmp(tr.signature(j)) == 0) }
	}},
	{"the smallest blinding", func(tr *transcript) func(i, j int) int {
		return func(i, j int) int { return -tr.blinding(i, j).BitLen() }
	}},
	{"a blinding used again", func(tr *transcript) func(i, j int) int {
		seen := map[string]int{}
		for i := range tr.issued {
			for j := range tr.redeemed {
				seen[tr.blinding(i, j).String()]++
			}
		}
		return func(i, j int) int { return seen[tr.blinding(i, j).String()] }
	}},
	{"a blinding in another's place", func(tr *transcript) func(i, j int) int {
		seen := map[string]int{}
		for i := range tr.issued {
			for j := range tr.redeemed {
				r := tr.blinding(i, j)
				seen[r.Mul(r, r).Mod(r, tr.key.N).String()]++ // a factor or its negative
			}
		}
		return func(i, j int) int {
			r := tr.blinding(i, j)
			return seen[r.Mul(r, r).Mod(r, tr.key.N).String()]
		}
	}},
	{"quadratic characters", func(tr *transcript) func(i, j int) int {
		return func(i, j int) int {
			same := 0
			for _, p := range tr.key.Primes { // the issuer knows them
				same += truth(big.Jacobi(new(big.Int).Mod(tr.issued[i].blinded, p), p) == big.Jacobi(new(big.Int).Mod(tr.encoded(j), p), p))
			}
			return same
		}
	}},
	{"common factors", func(tr *transcript) func(i, j int) int {
		return func(i, j int) int {
			return new(big.Int).GCD(nil, nil, tr.issued[i].blinded, tr.encoded(j)).BitLen()
		}
	}},
	{"few differing bits", func(tr *transcript) func(i, j int) int {
		return func(i, j int) int { return -differing(tr.issued[i].signed, tr.signature(j)) }
	}},
	{"bytes of the token in the request", func(tr *transcript) func(i, j int) int {
		return func(i, j int) int {
			common := 0
			has := tr.issued[i].blinded.FillBytes(make([]byte, token.Modulus))
			signed := tr.redeemed[j].Signed()
			for at := 0; at+2 <= len(signed); at++ {
				common += truth(bytes.Contains(has, signed[at:at+2]))
			}
			return common
		}
	}},
	{"rank of the number", func(tr *transcript) func(i, j int) int {
		of := func(n int, less func(a, b int) int) []int {
			order := make([]int, n)
			for i := range order {
				order[i] = i
			}
			slices.SortFunc(order, less)
			rank := make([]int, n)
			for r, i := range order {
				rank[i] = r
			}
			return rank
		}
		a := of(len(tr.issued), func(a, b int) int { return tr.issued[a].blinded.Cmp(tr.issued[b].blinded) })
		b := of(len(tr.redeemed), func(a, b int) int { return tr.signature(a).Cmp(tr.signature(b)) })
		return func(i, j int) int { return truth(a[i] == b[j]) }
	}},
	{"order", func(*transcript) func(i, j int) int { return func(i, j int) int { return truth(i == j) } }},
	{"randomness that follows from the code", func(tr *transcript) func(i, j int) int {
		known := make([]map[[32]byte]bool, len(tr.issued)) // nonces
		for i, l := range tr.issued {
			known[i] = noncesOf(tr, l.code)
		}
		return func(i, j int) int { return truth(known[i][tr.redeemed[j].Nonce]) }
	}},
}

// noncesOf are those that a client would have, were its seed made of what the
// issuer knows of the code.
func noncesOf(tr *transcript, code token.Code) map[[32]byte]bool {
	all := map[[32]byte]bool{}
	text := code.Text(token.Enrolment)
	for _, from := range [][]byte{nil, code.Bits(), []byte(text)} {
		for _, seed := range [][32]byte{sha256.Sum256(from), code.Hash(token.Enrolment), {}} {
			all[seed] = true
			if x, err := issuer.Begin(text, seed, tr.offer, tr.on); err == nil {
				if unsigned, err := x.Unsigned(); err == nil {
					for _, k := range unsigned {
						all[k.Nonce] = true
					}
				}
			}
		}
	}
	return all
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

func differing(a, b *big.Int) (n int) {
	x, y := a.FillBytes(make([]byte, token.Modulus)), b.FillBytes(make([]byte, token.Modulus))
	for i := range x {
		n += bits.OnesCount8(x[i] ^ y[i])
	}
	return n
}

// hits is how many lines a matcher gives the right token: the one it holds
// likeliest, by lot among equals.
func (m matcher) hits(tr *transcript) (n int) {
	score := m.score(tr)
	for i := range tr.issued {
		best, most := []int(nil), 0
		for j := range tr.redeemed {
			switch s := score(i, j); {
			case best == nil || s > most:
				best, most = []int{j}, s
			case s == most:
				best = append(best, j)
			}
		}
		n += truth(best[mathrand.IntN(len(best))] == tr.truth[i])
	}
	return n
}

// A client makes a request of an offer and tokens of the answer.
type client func(t testing.TB, code token.Code, offer issuer.OfferAnswer, on []token.Listed) (issuer.IssueRequest, func(issuer.IssueAnswer) ([]token.Token, error))

func honest(t testing.TB, code token.Code, offer issuer.OfferAnswer, on []token.Listed) (issuer.IssueRequest, func(issuer.IssueAnswer) ([]token.Token, error)) {
	return seeded(seed(t))(t, code, offer, on)
}

func seeded(seed [32]byte) client {
	return func(t testing.TB, code token.Code, offer issuer.OfferAnswer, on []token.Listed) (issuer.IssueRequest, func(issuer.IssueAnswer) ([]token.Token, error)) {
		t.Helper()
		x, err := issuer.Begin(code.Text(token.Enrolment), seed, offer, on)
		if err != nil {
			t.Fatal(err)
		}
		request, err := x.Request()
		if err != nil {
			t.Fatal(err)
		}
		return request, x.Finish
	}
}

// blindedBy is a client whose blinding factors are drawn otherwise. Its
// messages are numbers, not encoded tokens: what is signed does not matter to
// who looks for links.
func blindedBy(draw func(key int, n *big.Int) *big.Int) client {
	return func(t testing.TB, code token.Code, offer issuer.OfferAnswer, on []token.Listed) (issuer.IssueRequest, func(issuer.IssueAnswer) ([]token.Token, error)) {
		t.Helper()
		request := issuer.IssueRequest{Code: code.Text(token.Enrolment)}
		var factors []*big.Int
		for i, l := range on {
			key, err := token.ReadKey(l.SPKI)
			if err != nil {
				t.Fatal(err)
			}
			n := key.Public().N
			m, err := rand.Int(rand.Reader, n)
			if err != nil {
				t.Fatal(err)
			}
			r := draw(i, n)
			factors = append(factors, r)
			z := new(big.Int).Exp(r, big.NewInt(token.Exponent), n)
			z.Mul(z, m).Mod(z, n)
			request.Blinded = append(request.Blinded, base64.RawURLEncoding.EncodeToString(z.FillBytes(make([]byte, token.Modulus))))
		}
		return request, func(a issuer.IssueAnswer) (all []token.Token, err error) {
			for i, text := range a.Signatures {
				key, err := token.ReadKey(on[i].SPKI)
				if err != nil {
					return nil, err
				}
				made := token.New(seed(t), key.ID())
				n := key.Public().N
				s := new(big.Int).ModInverse(factors[i], n)
				s.Mul(s, numberOf(t, text)).Mod(s, n)
				s.FillBytes(made.Signature[:])
				all = append(all, made)
			}
			return all, nil
		}
	}
}

func numberOf(t testing.TB, text string) *big.Int {
	t.Helper()
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return new(big.Int).SetBytes(data)
}

// play has everybody's tokens made by a client, and is what the issuer has
// then, a transcript for each key.
func play(t testing.TB, by client) []*transcript {
	t.Helper()
	o, codes, on := furnished(t, t.TempDir(), people)
	files, err := eight()
	if err != nil {
		t.Fatal(err)
	}
	all := make([]*transcript, token.PerQuarter)
	for n := range all {
		block, _ := pem.Decode(files[fmt.Sprintf("%s-%d.pem", term, n+1)])
		private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		all[n] = &transcript{key: private.(*rsa.PrivateKey), on: on, redeemed: make([]token.Token, people), truth: mathrand.Perm(people)}
	}
	for i, code := range codes {
		offer := offered(t, o, code)
		request, finish := by(t, code, offer, on)
		answer, err := o.AnswerIssue(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		tokens, err := finish(answer)
		if err != nil {
			t.Fatal(err)
		}
		for n, tr := range all {
			tr.offer = offer
			tr.issued = append(tr.issued, line{code, numberOf(t, request.Blinded[n]), numberOf(t, answer.Signatures[n])})
			tr.redeemed[tr.truth[i]] = tokens[n]
		}
	}
	return all
}

// beyondChance is more than anybody has by chance: guessing finds one of the
// sixteen under each key, eight in all, and more than thirty once in a hundred
// million times.
const beyondChance = 30

// What an issuer has of all exchanges, its private keys included, does not
// help it to tell whose tokens come back.
func TestUnlinkable(t *testing.T) {
	played := play(t, honest)
	for _, m := range matchers {
		n := 0
		for _, tr := range played {
			n += m.hits(tr)
		}
		t.Logf("%s: %d of %d", m.name, n, people*token.PerQuarter)
		if n > beyondChance {
			t.Errorf("%s finds %d of %d tokens' owners; chance finds %d", m.name, n, people*token.PerQuarter, token.PerQuarter)
		}
	}
}

// The same matchers find what a client that blinds badly gives away, each way
// of doing so by at least one of them.
func TestMatchersFindBadBlinding(t *testing.T) {
	small := func(_ int, _ *big.Int) *big.Int {
		r, _ := rand.Int(rand.Reader, big.NewInt(1<<40))
		return r.Add(r, big.NewInt(2))
	}
	same := map[int]*big.Int{}
	once := func(key int, n *big.Int) *big.Int {
		if same[key] == nil {
			same[key], _ = rand.Int(rand.Reader, n)
		}
		return same[key]
	}
	square := func(_ int, n *big.Int) *big.Int {
		r, _ := rand.Int(rand.Reader, n)
		return r.Mul(r, r).Mod(r, n)
	}
	for _, c := range []struct {
		about, by string
		client    client
	}{
		{"no blinding", "what was asked for is what was signed", blindedBy(func(int, *big.Int) *big.Int { return big.NewInt(1) })},
		{"small factors", "the smallest blinding", blindedBy(small)},
		{"one factor for everybody", "a blinding used again", blindedBy(once)},
		{"factors that are squares", "quadratic characters", blindedBy(square)},
		{"a seed made of the code", "randomness that follows from the code", func(t testing.TB, code token.Code, offer issuer.OfferAnswer, on []token.Listed) (issuer.IssueRequest, func(issuer.IssueAnswer) ([]token.Token, error)) {
			return seeded(sha256.Sum256(code.Bits()))(t, code, offer, on)
		}},
	} {
		played := play(t, c.client)
		at := slices.IndexFunc(matchers, func(m matcher) bool { return m.name == c.by })
		n := 0
		for _, tr := range played {
			n += matchers[at].hits(tr)
		}
		most := people * token.PerQuarter
		want := most - 2 // two small factors may be of one length
		if c.by == "quadratic characters" {
			want = most / 10 // a quarter of the lines fits each token: it finds a quarter, where chance finds a sixteenth
		}
		if n < want {
			t.Errorf("%s: %s finds %d of %d", c.about, c.by, n, most)
		}
	}
}
