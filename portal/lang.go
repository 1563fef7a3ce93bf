package portal

import (
	"net/http"
	"slices"

	"golang.org/x/text/language"

	"suyuan/portal/words"
)

var matcher = language.NewMatcher([]language.Tag{language.MustParse("zh-CN"), language.English})

// negotiate finds the page's language: ?lang, else what the browser prefers,
// else Chinese. explicit is true where the address says so; an address that
// asks for a language the portal does not speak falls back like none at all.
func negotiate(r *http.Request) (lang string, explicit bool) {
	if asked := r.URL.Query().Get("lang"); slices.Contains(words.Languages, asked) {
		return asked, true
	}
	header := r.Header.Get("Accept-Language")
	if len(header) > 500 {
		return words.Languages[0], false
	}
	preferred, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(preferred) == 0 {
		return words.Languages[0], false
	}
	_, i, confidence := matcher.Match(preferred...)
	if confidence == language.No {
		return words.Languages[0], false
	}
	return words.Languages[i], false
}
