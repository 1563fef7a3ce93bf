package portal

import (
	"net/http"
	"slices"

	"suyuan/portal/words"
)

// negotiate finds the page's language: ?lang, else what the browser prefers,
// else Chinese. explicit is true where the address says so; an address that
// asks for a language the portal does not speak falls back like none at all.
func negotiate(r *http.Request) (lang string, explicit bool) {
	if asked := r.URL.Query().Get("lang"); slices.Contains(words.Languages, asked) {
		return asked, true
	}
	return words.Preferred(r.Header.Get("Accept-Language")), false
}
