// Package static holds the style sheets, the icons and the bundled scripts of
// every page, under names that carry a hash of their content. It must never
// hold anything that differs from one reader to the next.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// The bundles are made by npm; without them the pages are complete all the same.
//
//go:embed *.css *.svg all:dist
var files embed.FS

// File is one file as it is served.
type File struct {
	Name    string // with a hash of the content in it; "" where there is no such file
	Content []byte
	Sum     [sha256.Size]byte
}

// Path is where the file is served, "" where there is none.
func (f File) Path() string {
	if f.Name == "" {
		return ""
	}
	return "/static/" + f.Name
}

// Sheet is tokens.css with the named sheet after it.
func Sheet(name string) (File, error) { return open(name, "tokens.css", name) }

// Icon is one of the icons.
func Icon(name string) (File, error) { return open(name, name) }

// Bundle is one of the bundled scripts, the zero File where npm has made none.
func Bundle(name string) (File, error) {
	f, err := open(name, path.Join("dist", name))
	if errors.Is(err, fs.ErrNotExist) {
		return File{}, nil
	}
	return f, err
}

func open(name string, parts ...string) (File, error) {
	var all [][]byte
	for _, part := range parts {
		content, err := files.ReadFile(part)
		if err != nil {
			return File{}, err
		}
		all = append(all, content)
	}
	f := File{Content: bytes.Join(all, []byte("\n"))}
	f.Sum = sha256.Sum256(f.Content)
	ext := path.Ext(name)
	f.Name = fmt.Sprintf("%s.%s%s", strings.TrimSuffix(name, ext), hex.EncodeToString(f.Sum[:6]), ext)
	return f, nil
}
