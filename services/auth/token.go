package auth

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"suyuan/services/ledger"
)

// What every token of ours says about itself.
const (
	TokenIssuer   = "suyuan"
	TokenAudience = "suyuan-api"
)

// How long a token may live.
const (
	DefaultTTL = 24 * time.Hour
	MaxTTL     = 30 * 24 * time.Hour
)

// Issuer makes tokens for development and scripts; people sign in instead.
type Issuer struct {
	key   signingKey
	clock ledger.Clock
	rand  io.Reader
}

// NewIssuer signs with the newest of keys; it fails where they are public only.
func NewIssuer(keys *Keys, clock ledger.Clock, rand io.Reader) (*Issuer, error) {
	if keys.newest.private == nil {
		return nil, errors.New("no private token key here: tokens are made where suyuan keygen was run")
	}
	return &Issuer{keys.newest, clock, rand}, nil
}

// Token makes a token for actor that expires after ttl: at least a second, at
// most MaxTTL, and DefaultTTL where it is 0.
func (i *Issuer) Token(actor ledger.Actor, ttl time.Duration) (string, error) {
	if bad := check(actor); bad != nil {
		return "", bad
	}
	if ttl == 0 {
		ttl = DefaultTTL
	}
	if ttl < time.Second || ttl > MaxTTL {
		return "", ledger.Errorf(ledger.Invalid, "token.ttl",
			"令牌有效期须在 1 秒到 30 天之间。", "A token lives between one second and 30 days.")
	}
	id := make([]byte, 16)
	if _, err := io.ReadFull(i.rand, id); err != nil {
		return "", fmt.Errorf("token id: %w", err)
	}
	now := i.clock()
	return i.sign(jwt.MapClaims{
		"iss": TokenIssuer, "aud": TokenAudience,
		"sub": actor.Account, "roles": actor.Roles, "unit": actor.Unit,
		"iat": now.Unix(), "exp": now.Add(ttl).Unix(), "jti": hex.EncodeToString(id),
	})
}

func (i *Issuer) sign(claims jwt.MapClaims) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims)
	token.Header["kid"] = i.key.kid
	return token.SignedString(i.key.private)
}

// claims is what a token must say; whatever else it says is passed over.
type claims struct {
	jwt.RegisteredClaims
	Roles []ledger.Role `json:"roles"`
	Unit  string        `json:"unit"`
}

func (c claims) actor() ledger.Actor {
	return ledger.Actor{Account: c.Subject, Roles: c.Roles, Unit: c.Unit}
}

// keyFor finds the key a token's header names on the allow-list. The header is
// not verified yet: nothing in it may choose anything but one of our own keys.
func (k *Keys) keyFor(token *jwt.Token) (any, error) {
	if _, ok := token.Header["crit"]; ok { // extensions we must understand, and understand none of (RFC 7515, 4.1.11)
		return nil, errMalformed
	}
	kid, _ := token.Header["kid"].(string)
	public, ok := k.public[kid]
	if !ok || len(public) != ed25519.PublicKeySize {
		return nil, errKey
	}
	return public, nil
}
