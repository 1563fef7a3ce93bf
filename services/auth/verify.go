package auth

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"suyuan/services/ledger"
)

const (
	maxToken = 8 << 10          // bytes
	leeway   = 30 * time.Second // for clocks that differ
)

// Verifier turns a token into who it stands for.
type Verifier struct {
	keys   *Keys
	parser *jwt.Parser
}

// NewVerifier accepts tokens signed with any of keys. Every option is there
// because the library accepts the contrary by default. The algorithm is held
// fast twice: here, and by keyFor, whose keys no other algorithm takes.
func NewVerifier(keys *Keys, clock ledger.Clock) *Verifier {
	return &Verifier{keys, jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}),
		jwt.WithIssuer(TokenIssuer),
		jwt.WithAudience(TokenAudience),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(leeway),
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(clock),
	)}
}

// Actor returns who a good token stands for. Any other token is refused as
// unauthenticated, under the one rule (token.…) that says what is wrong with it.
func (v *Verifier) Actor(token string) (ledger.Actor, error) {
	if len(token) > maxToken {
		return ledger.Actor{}, errTooLong
	}
	// The library's base64 passes over line breaks, which would let one token
	// be written in many ways.
	if strings.ContainsFunc(token, foreign) {
		return ledger.Actor{}, errMalformed
	}
	var c claims
	parsed, err := v.parser.ParseWithClaims(token, &c, v.keys.keyFor)
	if err != nil {
		return ledger.Actor{}, refusal(parsed, c, err).Because(err)
	}
	if c.IssuedAt == nil {
		return ledger.Actor{}, errIssued
	}
	if c.ExpiresAt.Sub(c.IssuedAt.Time) > MaxTTL {
		return ledger.Actor{}, errLifetime
	}
	actor := c.actor()
	if bad := check(actor); bad != nil {
		return ledger.Actor{}, inToken(bad)
	}
	return actor, nil
}

func foreign(r rune) bool {
	return !(r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.')
}

// refusal names the cause of the library's error: the first that applies, in
// the order in which a person would have to mend them.
func refusal(token *jwt.Token, c claims, err error) *ledger.Error {
	if ours, ok := errors.AsType[*ledger.Error](err); ok { // from keyFor
		return ours
	}
	switch {
	case errors.Is(err, jwt.ErrTokenMalformed):
		return errMalformed
	case token == nil || token.Method != jwt.SigningMethodEdDSA:
		return errAlgorithm
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return errSignature
	case c.Issuer != TokenIssuer:
		return errIssuer
	case !slices.Contains(c.Audience, TokenAudience):
		return errAudience
	case c.ExpiresAt == nil:
		return errExpiry
	case errors.Is(err, jwt.ErrTokenExpired):
		return errExpired
	case errors.Is(err, jwt.ErrTokenUsedBeforeIssued), errors.Is(err, jwt.ErrTokenNotValidYet):
		return errIssued
	}
	return errMalformed
}
