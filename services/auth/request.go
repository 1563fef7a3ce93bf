package auth

import (
	"net/http"
	"strings"

	"suyuan/services/ledger"
)

// Authenticator says who makes a request. A request without credentials of its
// kind is anonymous and no error; bad credentials are an error, never anonymous.
// An OpenID Connect provider takes its place among the others here.
type Authenticator interface {
	Authenticate(*http.Request) (ledger.Actor, error)
}

// First asks each in turn until one knows the actor or refuses: a refused token
// is never made up for by a session.
func First(in ...Authenticator) Authenticator { return first(in) }

type first []Authenticator

func (f first) Authenticate(r *http.Request) (ledger.Actor, error) {
	for _, a := range f {
		if actor, err := a.Authenticate(r); err != nil || !actor.Anonymous() {
			return actor, err
		}
	}
	return ledger.Actor{}, nil
}

// Bearer authenticates by `Authorization: Bearer <token>`. Other schemes are
// passed over: a proxy in front may have asked for a password of its own.
type Bearer struct{ Verifier *Verifier }

// Authenticate implements Authenticator.
func (b Bearer) Authenticate(r *http.Request) (ledger.Actor, error) {
	token, ok := bearer(r)
	if !ok {
		return ledger.Actor{}, nil
	}
	if len(r.Header.Values("Authorization")) > 1 { // which one counts is anybody's guess
		return ledger.Actor{}, errRepeated
	}
	return b.Verifier.Actor(token)
}

// bearer finds the first bearer token of a request.
func bearer(r *http.Request) (token string, ok bool) {
	for _, value := range r.Header.Values("Authorization") {
		scheme, token, _ := strings.Cut(value, " ")
		if strings.EqualFold(scheme, "Bearer") {
			return strings.Trim(token, " "), true
		}
	}
	return "", false
}
