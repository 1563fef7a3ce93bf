package issuer

import (
	"context"
	"encoding/base64"

	"suyuan/services/intake/token"
)

// What goes over the network, in JSON, to /offer and to /issue. Keys, blinded
// messages and signatures are base64url without padding. Every request and
// every answer of one address has one length.
type (
	OfferRequest struct {
		Code string `json:"code"`
	}
	OfferAnswer struct {
		County  string   `json:"county"`
		Quarter string   `json:"quarter"`
		Keys    []string `json:"keys"` // eight SPKIs, by number
	}
	IssueRequest struct {
		Code    string   `json:"code"`
		Blinded []string `json:"blinded"` // eight
	}
	IssueAnswer struct {
		Signatures []string `json:"signatures"` // eight
	}
)

// MaxRequest bounds a request's body, MaxAnswer an answer's, in bytes.
const (
	MaxRequest = 8 << 10
	MaxAnswer  = 16 << 10
)

func newOffer(keys []PublicKey) OfferAnswer {
	a := OfferAnswer{County: keys[0].Term.County, Quarter: keys[0].Term.Quarter}
	for _, k := range keys {
		a.Keys = append(a.Keys, base64.RawURLEncoding.EncodeToString(k.SPKI))
	}
	return a
}

func encodeNumbers(numbers *[token.PerQuarter][token.Modulus]byte) []string {
	var all []string
	for _, n := range numbers {
		all = append(all, base64.RawURLEncoding.EncodeToString(n[:]))
	}
	return all
}

func decodeNumbers(texts []string) (*[token.PerQuarter][token.Modulus]byte, bool) {
	if len(texts) != token.PerQuarter {
		return nil, false
	}
	out := new([token.PerQuarter][token.Modulus]byte)
	for i, text := range texts {
		data, err := base64.RawURLEncoding.Strict().DecodeString(text)
		if err != nil || len(data) != token.Modulus {
			return nil, false
		}
		copy(out[i][:], data)
	}
	return out, true
}

// AnswerOffer answers a request for an offer.
func (o *Office) AnswerOffer(q OfferRequest) (OfferAnswer, error) {
	code, err := token.ParseCode(token.Enrolment, q.Code)
	if err != nil {
		return OfferAnswer{}, err
	}
	keys, err := o.Offer(code)
	if err != nil {
		return OfferAnswer{}, err
	}
	return newOffer(keys), nil
}

// AnswerIssue answers a request for signatures.
func (o *Office) AnswerIssue(ctx context.Context, q IssueRequest) (IssueAnswer, error) {
	code, err := token.ParseCode(token.Enrolment, q.Code)
	if err != nil {
		return IssueAnswer{}, err
	}
	numbers, ok := decodeNumbers(q.Blinded)
	if !ok {
		return IssueAnswer{}, badBlinded()
	}
	signed, err := o.Issue(ctx, code, (*Blinded)(numbers))
	if err != nil {
		return IssueAnswer{}, err
	}
	return IssueAnswer{Signatures: encodeNumbers((*[token.PerQuarter][token.Modulus]byte)(signed))}, nil
}
