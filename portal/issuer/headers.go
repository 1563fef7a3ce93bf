package issuer

import "net/http"

// fixed are the headers of every answer, those of the reporting pages. What
// the script may connect to besides is the ledger, where it looks the keys up
// itself: the issuer's word for them would be worth nothing.
var fixed = map[string]string{
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

func (s *site) secure(h http.Header) {
	for name, value := range fixed {
		h.Set(name, value)
	}
	connect := "'self'"
	if s.options.Ledger != "" {
		connect += " " + s.options.Ledger
	}
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "+connect+"; form-action 'self'; "+
		"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'")
	if s.options.Secure {
		h.Set("Strict-Transport-Security", "max-age=63072000")
	}
}
