package issuer

import (
	"context"
	"crypto/sha3"
	"encoding/base64"
	"encoding/hex"
	"io"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"suyuan/services/intake/token"
)

// An Exchange is what a person's own computer keeps between asking for tokens
// and having them. With the seed every nonce can be found: it must not go to
// anybody, and is overwritten once the tokens are there.
type Exchange struct {
	Code    string   // as it was typed
	Seed    [32]byte // from which nonces and blindings are made
	Term    Term     // of the keys
	Keys    [][]byte // eight SPKIs
	states  []blindrsa.State
	made    []token.Token
	clients []blindrsa.Client
}

// Begin checks an offer and blinds. A key that is not among those listed on
// the ledger, for this county, quarter and number, ends it: a key of one's own
// is how an issuer marks a person. The same seed gives the same messages, so
// that an exchange which was interrupted can go on.
func Begin(code string, seed [32]byte, offer OfferAnswer, listed []token.Listed) (*Exchange, error) {
	if _, err := token.ParseCode(token.Enrolment, code); err != nil {
		return nil, err
	}
	x := &Exchange{Code: code, Seed: seed, Term: Term{offer.County, offer.Quarter}}
	if x.Term.Check() != nil || len(offer.Keys) != token.PerQuarter {
		return nil, badOffer()
	}
	ring, _ := token.NewRing(listed) // what it leaves out is not listed
	for i, text := range offer.Keys {
		spki, err := base64.RawURLEncoding.Strict().DecodeString(text)
		if err != nil {
			return nil, badOffer()
		}
		key, err := token.ReadKey(spki)
		if err != nil {
			return nil, badOffer()
		}
		if on, ok := ring.Listed(key.ID()); !ok || on.County != x.Term.County || on.Quarter != x.Term.Quarter || on.N != i+1 {
			id := key.ID()
			return nil, unlisted(i+1, hex.EncodeToString(id[:8]))
		}
		x.Keys = append(x.Keys, spki)
	}
	return x, nil
}

// Request blinds eight fresh tokens.
func (x *Exchange) Request() (IssueRequest, error) {
	blinded := new([token.PerQuarter][token.Modulus]byte)
	x.states, x.made, x.clients = nil, nil, nil
	for i, spki := range x.Keys {
		key, err := token.ReadKey(spki)
		if err != nil {
			return IssueRequest{}, err
		}
		random := x.random(key.ID())
		t, err := fresh(random, key)
		if err != nil {
			return IssueRequest{}, err
		}
		client, err := blindrsa.NewClient(blindrsa.SHA384PSSDeterministic, key.Public())
		if err != nil {
			return IssueRequest{}, err
		}
		out, state, err := client.Blind(random, t.Signed())
		if err != nil {
			return IssueRequest{}, err
		}
		copy(blinded[i][:], out)
		x.clients, x.states, x.made = append(x.clients, client), append(x.states, state), append(x.made, t)
	}
	return IssueRequest{Code: x.Code, Blinded: encodeNumbers(blinded)}, nil
}

// fresh is a token with a nonce of its own, the first that is drawn.
func fresh(random io.Reader, key *token.Key) (token.Token, error) {
	var nonce [32]byte
	_, err := io.ReadFull(random, nonce[:])
	return token.New(nonce, key.ID()), err
}

// random is the stream that nonce, salt and blinding under one key are drawn from.
func (x *Exchange) random(key [32]byte) io.Reader {
	h := sha3.NewSHAKE256()
	_, _ = h.Write([]byte("exchange-v1"))
	_, _ = h.Write(x.Seed[:])
	_, _ = h.Write(key[:])
	return h
}

// Finish makes tokens of the signatures and checks every one.
func (x *Exchange) Finish(a IssueAnswer) ([]token.Token, error) {
	signed, ok := decodeNumbers(a.Signatures)
	if !ok || len(x.states) != token.PerQuarter {
		return nil, badSignatures()
	}
	all := make([]token.Token, token.PerQuarter)
	for i := range all {
		signature, err := x.clients[i].Finalize(x.states[i], signed[i][:])
		if err != nil {
			return nil, badSignatures()
		}
		t := x.made[i]
		copy(t.Signature[:], signature)
		key, err := token.ReadKey(x.Keys[i])
		if err != nil {
			return nil, err
		}
		if key.Verify(t) != nil {
			return nil, badSignatures()
		}
		all[i] = t
	}
	return all, nil
}

// A Door is where an issuer answers: /offer and /issue.
type Door interface {
	Offer(context.Context, OfferRequest) (OfferAnswer, error)
	Issue(context.Context, IssueRequest) (IssueAnswer, error)
}

// Fetch exchanges a code for tokens. lookup asks the ledger for the keys of a
// term. Before it asks for signatures Fetch calls keep, so that whatever
// happens then can be gone on with from the same seed.
func Fetch(ctx context.Context, door Door, code string, seed [32]byte, lookup func(context.Context, Term) ([]token.Listed, error), keep func() error) ([]token.Token, Term, error) {
	offer, err := door.Offer(ctx, OfferRequest{code})
	if err != nil {
		return nil, Term{}, err
	}
	term := Term{offer.County, offer.Quarter}
	if term.Check() != nil {
		return nil, Term{}, badOffer()
	}
	listed, err := lookup(ctx, term)
	if err != nil {
		return nil, Term{}, err
	}
	x, err := Begin(code, seed, offer, listed)
	if err != nil {
		return nil, Term{}, err
	}
	request, err := x.Request()
	if err != nil {
		return nil, Term{}, err
	}
	if err := keep(); err != nil {
		return nil, Term{}, err
	}
	answer, err := door.Issue(ctx, request)
	if err != nil {
		return nil, Term{}, err
	}
	all, err := x.Finish(answer)
	return all, term, err
}
