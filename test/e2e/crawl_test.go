package e2e

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The pages that must be within reach of the home page, by links alone.
var patterns = []struct {
	name string
	path *regexp.Regexp
}{
	{"home", regexp.MustCompile(`^/$`)},
	{"mandates", regexp.MustCompile(`^/mandates$`)},
	{"cascade", regexp.MustCompile(`^/mandates/[^/]+$`)},
	{"trace", regexp.MustCompile(`^/mandates/[^/]+/units/[^/]+$`)},
	{"unit", regexp.MustCompile(`^/units/[^/]+$`)},
	{"document", regexp.MustCompile(`^/documents/[^/]+$`)},
	{"event", regexp.MustCompile(`^/events/[0-9]+$`)},
	{"issuance", regexp.MustCompile(`^/issuances/[^/]+$`)},
	{"burden", regexp.MustCompile(`^/burden$`)},
	{"units", regexp.MustCompile(`^/units$`)},
	{"documents", regexp.MustCompile(`^/documents$`)},
	{"reported", regexp.MustCompile(`^/reported$`)},
	{"unit-reported", regexp.MustCompile(`^/units/[^/]+/reported$`)},
	{"glossary", regexp.MustCompile(`^/glossary$`)},
	{"about", regexp.MustCompile(`^/about$`)},
	{"schema", regexp.MustCompile(`^/schema$`)},
	{"sign-in", regexp.MustCompile(`^/sign-in$`)},
}

// How many pages are read at most before the search is given up.
const crawlLimit = 500

// crawl follows links from home, breadth first and signed out, until each
// pattern has an address; it gives the first of each. On its way it holds
// every page to what all of them promise: no error, no cookie, a policy that
// lets nothing in from outside.
func crawl(t *testing.T, base string) map[string]string {
	t.Helper()
	found := map[string]string{}
	seen := map[string]bool{"/": true}
	queue := []string{"/"}
	client := &http.Client{Timeout: 20 * time.Second}
	for read := 0; len(queue) > 0 && read < crawlLimit && len(found) < len(patterns); read++ {
		address := queue[0]
		queue = queue[1:]
		body, ok := fetch(t, client, base, address)
		if !ok {
			continue
		}
		path, _, _ := strings.Cut(address, "?")
		for _, p := range patterns {
			if p.path.MatchString(path) && found[p.name] == "" {
				found[p.name] = address
			}
		}
		for _, link := range links(base+address, body) {
			if !seen[link] {
				seen[link] = true
				queue = append(queue, link)
			}
		}
	}
	for _, p := range patterns {
		if found[p.name] == "" {
			t.Errorf("no link on the way from home leads to a page like %s", p.path)
		}
	}
	return found
}

func fetch(t *testing.T, client *http.Client, base, address string) (body string, ok bool) {
	t.Helper()
	response, err := client.Get(base + address)
	if err != nil {
		t.Errorf("GET %s: %v", address, err)
		return "", false
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("GET %s, to which a page links: %s", address, response.Status)
		return "", false
	}
	if cookies := response.Header.Values("Set-Cookie"); len(cookies) > 0 {
		t.Errorf("GET %s sets a cookie for somebody signed out: %v", address, cookies)
	}
	if !strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		return "", false
	}
	if got := response.Header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'") || strings.Contains(got, "unsafe-") {
		t.Errorf("GET %s: Content-Security-Policy %q", address, got)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, 8<<20))
	if err != nil {
		t.Errorf("GET %s: %v", address, err)
		return "", false
	}
	return string(text), true
}

var href = regexp.MustCompile(`<a\b[^>]*?\shref=["']([^"']*)["']`)

// links gives the addresses on the same host that a page links to, without
// their fragments, each once.
func links(from, body string) []string {
	at, err := url.Parse(from)
	if err != nil {
		return nil
	}
	var all []string
	seen := map[string]bool{}
	for _, m := range href.FindAllStringSubmatch(body, -1) {
		to, err := at.Parse(html.UnescapeString(m[1]))
		if err != nil || to.Host != at.Host || to.Scheme != at.Scheme {
			continue
		}
		link := to.RequestURI()
		if !seen[link] {
			seen[link] = true
			all = append(all, link)
		}
	}
	return all
}

func TestLinks(t *testing.T) {
	got := links("http://h/mandates/m1", `<a href="/">x</a> <a class="b" href="units/99?page=2&amp;x=1#top">y</a>
		<a href="http://elsewhere/">z</a> <a href="mailto:a@b">m</a> <a href="#here">h</a> <a href='/'>again</a> <link href="/app.css">`)
	want := "/ /mandates/units/99?page=2&x=1 /mandates/m1"
	if strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}
