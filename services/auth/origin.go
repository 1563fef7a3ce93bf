package auth

import (
	"fmt"
	"net/http"
)

// CrossOrigin keeps other sites from acting through somebody's browser: an
// unsafe request that a browser sent from another origin is answered with
// request.cross_origin. It looks at every such request and not only at those
// with a cookie, because signing somebody in unasked needs none.
//
// A request with a bearer token passes. A browser never adds that header by
// itself, a foreign page may not without our leave (CORS), and First then lets
// the token alone decide who asks. A cookie never excuses a request.
//
// Browsers tell by Sec-Fetch-Site, which they send to HTTPS and localhost only;
// elsewhere by Origin, which is "null" on pages under `Referrer-Policy:
// no-referrer`: such pages want `same-origin` there.
//
// The trusted origins (scheme://host[:port]) may send what they like.
func CrossOrigin(refuse ErrorWriter, trusted ...string) (func(http.Handler) http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range trusted {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("trusted origin: %w", err)
		}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, ok := bearer(r); !ok {
				if err := protection.Check(r); err != nil {
					refuse(w, r, errCrossOrigin.Because(err))
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}
