package api

import "testing"

func TestNegotiate(t *testing.T) {
	const newer, older, neither = responseJSON, plainJSON, ""
	for accept, want := range map[string]mediaType{
		"":                                  older,
		" ":                                 older,
		"*/*":                               older,
		"application/*":                     older,
		"application/json":                  older,
		"application/graphql-response+json": newer,
		"APPLICATION/GraphQL-Response+JSON": newer,
		"application/graphql-response+json; charset=utf-8, application/json; charset=utf-8": newer,
		"application/json, application/graphql-response+json":                               newer,
		"application/json; charset=UTF-8, application/graphql-response+json":                newer,
		"application/graphql-response+json;q=0.5, application/json":                         older,
		"application/graphql-response+json;q=0.5, application/json;q=0.4":                   newer,
		"application/graphql-response+json, */*;q=0.1":                                      newer,
		"application/json, */*":                                                              older,
		"application/graphql-response+json, */*":                                             newer,
		"application/json;q=0, */*":                                                          newer,
		"application/graphql-response+json;q=0, application/*":                               older,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8":                    older,
		"text/html, application/*;q=0.2":                                                     older,
		"application/json; charset=gb2312, application/graphql-response+json;q=0.1":          newer,
		`application/json; charset="utf-8"`:                                                  older,
		"application/graphql-response+json;q=0.3;charset=utf-8, application/json;q=0.2, */*": newer,
		"application/json;q=high, application/graphql-response+json;q=0.1":                   newer,
		"application/json;q=NaN, application/graphql-response+json;q=0.1":                    newer,
		"application/json;q=2, application/graphql-response+json;q=0.1":                      newer,
		"text/html":                                 neither,
		"application/xml":                           neither,
		"application/json;q=0":                      neither,
		"*/*;q=0":                                   neither,
		"application/json; charset=gb2312":          neither,
		"application/json; version=1":               neither,
		"application/graphql+json":                  neither,
		"application/json/x":                        neither,
		";;;":                                       neither,
		"image/*, text/plain;q=0.5":                 neither,
		"application/graphql-response+json;q=0.000": neither,
	} {
		if got, ok := negotiate([]string{accept}); ok != (want != neither) || ok && got != want {
			t.Errorf("%q: %s, %t, want %s", accept, got, ok, want)
		}
	}
	if got, ok := negotiate([]string{"text/html", "application/graphql-response+json"}); !ok || got != newer {
		t.Errorf("two headers: %s, %t", got, ok)
	}
}
