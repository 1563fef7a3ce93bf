package words

import "golang.org/x/text/language"

var matcher = language.NewMatcher([]language.Tag{language.MustParse(Languages[0]), language.MustParse(Languages[1])})

// Preferred is the language that fits an Accept-Language header best, the first
// where none fits or the header cannot be read.
func Preferred(header string) string {
	if len(header) > 500 {
		return Languages[0]
	}
	preferred, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(preferred) == 0 {
		return Languages[0]
	}
	_, i, confidence := matcher.Match(preferred...)
	if confidence == language.No {
		return Languages[0]
	}
	return Languages[i]
}
