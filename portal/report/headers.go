package report

import (
	"net/http"
	"strconv"
)

// The headers of every answer of the reporting host, as the specification of
// anonymous reporting has them; a test compares them all.
var fixed = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
		"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-store",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Permissions-Policy":           "camera=(), microphone=(), geolocation=(), clipboard-read=(), display-capture=()",
	"X-Robots-Tag":                 "noarchive",
}

func (t *Site) secure(h http.Header) {
	for name, value := range fixed {
		h.Set(name, value)
	}
	if t.options.Secure {
		h.Set("Strict-Transport-Security", "max-age=63072000")
		if t.options.Onion != "" {
			h.Set("Onion-Location", t.options.Onion+"/")
		}
	}
}

// send writes a finished answer; its length is said, so that it is not sent in
// parts whose sizes tell.
func send(w http.ResponseWriter, r *http.Request, status int, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}
