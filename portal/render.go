package portal

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"suyuan/portal/words"
)

// pages are the parsed templates by name, each with the layout around it.
type pages map[string]*template.Template

var (
	saysKey  = regexp.MustCompile(`\.(?:T|Rich) "([\w.]+)"`)
	saysSet  = regexp.MustCompile(`\.Enum "(\w+)"`)
	saysTerm = regexp.MustCompile(`\.Term "(\w+)"`)
)

// sharedParts are templates that every page may use.
var sharedParts = []string{"layout", "parts", "finding_parts", "finding_acts"}

// parsePages reads pages/*.html and checks every key, set and term they name.
func parsePages(book *words.Book, terms glossary) (pages, error) {
	files, err := fs.Glob(embedded, "pages/*.html")
	if err != nil {
		return nil, err
	}
	var shared []string
	for _, name := range sharedParts {
		shared = append(shared, "pages/"+name+".html")
	}
	out := pages{}
	for _, file := range files {
		text, err := embedded.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := checkWords(string(text), book, terms); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		name := strings.TrimSuffix(path.Base(file), ".html")
		if slices.Contains(sharedParts, name) {
			continue
		}
		t, err := template.New("layout.html").Option("missingkey=error").ParseFS(embedded, append(shared, file)...)
		if err != nil {
			return nil, err
		}
		if whole := t.Lookup("wholePage"); whole != nil {
			t = whole // a document of its own, without the layout
		} else if t.Lookup("main") == nil {
			return nil, fmt.Errorf("%s: no main", file)
		}
		out[name] = t
	}
	return out, nil
}

func checkWords(text string, book *words.Book, terms glossary) error {
	for _, m := range saysKey.FindAllStringSubmatch(text, -1) {
		if !book.Has(m[1]) {
			return fmt.Errorf("no words for %q", m[1])
		}
	}
	for _, m := range saysSet.FindAllStringSubmatch(text, -1) {
		if len(enums[m[1]]) == 0 {
			return fmt.Errorf("no set %q", m[1])
		}
	}
	for _, m := range saysTerm.FindAllStringSubmatch(text, -1) {
		if terms.find(m[1]) == nil {
			return fmt.Errorf("no term %q", m[1])
		}
	}
	return nil
}

// render fills a template into memory, so that a fault half-way sends nothing.
func (p pages) render(name string, data any) ([]byte, error) {
	t, ok := p[name]
	if !ok {
		return nil, fmt.Errorf("no page %s", name)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	return b.Bytes(), nil
}
