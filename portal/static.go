package portal

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"suyuan/portal/static"
)

// assets are served under names that carry a hash of their content, for ever.
type assets struct {
	named  map[string][]byte // by name with hash
	Style  string            // paths, "" where there is no such file
	Script string
	Icon   string
	Paper  string

	narrative static.File // opens narratives in the browser
}

func openAssets() (assets, error) {
	a := assets{named: map[string][]byte{}}
	for _, from := range []struct {
		open func(string) (static.File, error)
		name string
		at   *string
	}{{static.Sheet, "style.css", &a.Style}, {static.Sheet, "paper.css", &a.Paper}, {static.Icon, "icon.svg", &a.Icon}, {static.Bundle, "app.js", &a.Script}} {
		f, err := from.open(from.name)
		if err != nil {
			return a, err
		}
		*from.at = f.Path()
		if f.Name != "" {
			a.named[f.Name] = f.Content
		}
	}
	var err error
	if a.narrative, err = static.Bundle("narrative.js"); err == nil && a.narrative.Name != "" {
		a.named[a.narrative.Name] = a.narrative.Content
	}
	return a, err
}

// plain serves what is the same for everybody: its refusals are not pages, and
// no session is looked at.
func plain(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		serve(w, r)
	}
}

func (s *site) asset(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/static/")
	content, ok := s.static.named[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}
