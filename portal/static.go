package portal

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// The bundle is made by npm; without it the pages are complete all the same.
//
//go:embed static/style.css static/icon.svg all:static/dist
var staticFiles embed.FS

// assets are served under names that carry a hash of their content, for ever.
type assets struct {
	named  map[string][]byte // by name with hash
	Style  string            // paths, "" where there is no such file
	Script string
	Icon   string
}

func openAssets() (assets, error) {
	a := assets{named: map[string][]byte{}}
	for file, at := range map[string]*string{"static/style.css": &a.Style, "static/icon.svg": &a.Icon, "static/dist/app.js": &a.Script} {
		content, err := staticFiles.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) && at == &a.Script {
			continue
		}
		if err != nil {
			return a, err
		}
		sum := sha256.Sum256(content)
		ext := path.Ext(file)
		name := fmt.Sprintf("%s.%s%s", strings.TrimSuffix(path.Base(file), ext), hex.EncodeToString(sum[:6]), ext)
		a.named[name] = content
		*at = "/static/" + name
	}
	return a, nil
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
