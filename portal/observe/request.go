// Package observe looks at requests as an operator may: one line in the log, a
// count, and a number that a user can quote. It must never hold who asked or
// what for: no address, no agent, no cookie, no query, and of a path only the
// template it fits, since some paths are codes that sign somebody in.
package observe

import (
	"context"
	"encoding/base32"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"suyuan/services/ledger"
)

// Unmatched is the route of every request that fits no template.
const Unmatched = "unmatched"

// HeaderID carries the request's number to whoever asked.
const HeaderID = "X-Request-Id"

const idSize = 10 // bytes of randomness; 16 characters

// request is what is known of a request while it is under way. Its handler
// alone writes to it.
type request struct {
	id     string // "" where nothing may be known
	silent bool
	route  string
	roles  string
}

type requestKey struct{}

func from(ctx context.Context) *request {
	if q, ok := ctx.Value(requestKey{}).(*request); ok {
		return q
	}
	return &request{}
}

// ID is the number of the request that ctx belongs to, "" where there is none.
func ID(ctx context.Context) string { return from(ctx).id }

// Routed is router middleware: it notes the template that the request's path
// fits. A router inside another one has the last word.
func Routed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if route := mux.CurrentRoute(r); route != nil {
			if template, err := route.GetPathTemplate(); err == nil {
				from(r.Context()).route = template
			}
		}
		next.ServeHTTP(w, r)
	})
}

// Route notes the route of a request that no router sees.
func Route(ctx context.Context, route string) { from(ctx).route = route }

// Roles notes in which roles somebody asks, and nothing else about them.
func Roles(ctx context.Context, roles []ledger.Role) {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
	}
	slices.Sort(names)
	from(ctx).roles = strings.Join(slices.Compact(names), ",")
}

func newID(random io.Reader) (string, error) {
	raw := make([]byte, idSize)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("request id: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(raw)), nil
}

// method is one of the few there are: what somebody made up is not kept.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions:
		return r.Method
	}
	return "other"
}
