package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"suyuan/services/ledger"
)

const (
	sessionLife = 8 * time.Hour // from signing in
	sessionIdle = time.Hour     // from the last request
	maxSessions = 10_000
	actorKey    = "actor"
)

// Sessions keep people signed in by a cookie. Nobody else is given one: until
// SignIn nothing is stored, and what is not stored sets no cookie. Times are
// wall time, as the browser's are.
//
// A session carries the roles the actor had when signing in; it ends after an
// hour without a request, eight hours at the latest, or with the process.
type Sessions struct {
	plain, secure *scs.SessionManager
	store         *table
	behindProxy   bool
}

// NewSessions keeps up to 10,000. Behind a proxy that ends TLS and always sets
// X-Forwarded-Proto itself, say so; otherwise the header is passed over, since
// anybody can send it.
func NewSessions(refuse ErrorWriter, behindProxy bool) *Sessions {
	store := newTable(maxSessions)
	return &Sessions{
		plain:       manager(scs.SessionCookie{Name: "suyuan"}, store, refuse),
		secure:      manager(scs.SessionCookie{Name: "__Host-suyuan", Secure: true}, store, refuse),
		store:       store,
		behindProxy: behindProxy,
	}
}

// Open is how many people are signed in.
func (s *Sessions) Open() int { return s.store.alive() }

// manager is not made with scs.New, which starts a goroutine for a store of its
// own that nothing can stop.
func manager(cookie scs.SessionCookie, store scs.Store, refuse ErrorWriter) *scs.SessionManager {
	cookie.Path = "/"
	cookie.HttpOnly = true
	cookie.SameSite = http.SameSiteStrictMode
	cookie.Persist = false // gone with the browser: desks are shared
	return &scs.SessionManager{
		Lifetime: sessionLife, IdleTimeout: sessionIdle,
		Store: store, HashTokenInStore: true, Codec: scs.GobCodec{},
		Cookie: cookie, ErrorFunc: refuse,
	}
}

// Middleware loads the request's session and sends its cookie where one is due.
func (s *Sessions) Middleware(next http.Handler) http.Handler {
	plain, secure := inUse(s.plain, next), inUse(s.secure, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.overTLS(r) {
			secure.ServeHTTP(w, r)
		} else {
			plain.ServeHTTP(w, r)
		}
	})
}

// SignIn begins a session for actor under a new token, whatever session the
// browser had before: a token planted there is worth nothing. Call it before
// anything of the response is written.
func (s *Sessions) SignIn(ctx context.Context, actor ledger.Actor) error {
	if bad := check(actor); bad != nil {
		return bad
	}
	m, err := managerOf(ctx)
	if err != nil {
		return err
	}
	text, err := json.Marshal(actor)
	if err != nil {
		return fmt.Errorf("session: %w", err)
	}
	if err := m.RenewToken(ctx); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	m.Put(ctx, actorKey, string(text))
	return nil
}

// SignOut ends the session for every request that carries it, at once, and
// takes the cookie back. Without a session it does nothing. Call it before
// anything of the response is written.
func (s *Sessions) SignOut(ctx context.Context) error {
	m, err := managerOf(ctx)
	if err != nil {
		return err
	}
	if !m.Exists(ctx, actorKey) {
		return nil
	}
	if err := m.Destroy(ctx); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}

// Authenticate implements Authenticator, within Middleware. A cookie whose
// session is over is not an error, or a public page would be closed to whoever
// was signed in an hour ago.
func (s *Sessions) Authenticate(r *http.Request) (ledger.Actor, error) {
	m, err := managerOf(r.Context())
	if err != nil {
		return ledger.Actor{}, err
	}
	text := m.GetString(r.Context(), actorKey)
	if text == "" {
		return ledger.Actor{}, nil
	}
	var actor ledger.Actor
	if err := json.Unmarshal([]byte(text), &actor); err != nil {
		return ledger.Actor{}, fmt.Errorf("session: %w", err)
	}
	return actor, nil
}

func (s *Sessions) overTLS(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	said := r.Header.Values("X-Forwarded-Proto")
	return s.behindProxy && len(said) == 1 && strings.EqualFold(said[0], "https")
}

type managerKey struct{}

// inUse runs next under m and tells it so.
func inUse(m *scs.SessionManager, next http.Handler) http.Handler {
	return m.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), managerKey{}, m)))
	}))
}

func managerOf(ctx context.Context) (*scs.SessionManager, error) {
	m, ok := ctx.Value(managerKey{}).(*scs.SessionManager)
	if !ok {
		return nil, errors.New("session: the handler is not within Sessions.Middleware")
	}
	return m, nil
}
