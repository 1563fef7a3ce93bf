// Package words holds what the portal says, in Chinese and in English: flat
// keys to sentences with named places such as {unit}. It knows no page, and
// must never fall back silently: a key nobody wrote is an error.
package words

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"suyuan/services/ledger"
)

//go:embed *.json
var files embed.FS

// Languages are the tags the portal speaks, the first by default.
var Languages = []string{"zh-CN", "en"}

// Book is every sentence in every language.
type Book struct{ said map[string]map[string]string }

var (
	place  = regexp.MustCompile(`\{[a-zA-Z]+\}`)
	choice = regexp.MustCompile(`\{([a-zA-Z]+)\|([^{}|]*)\|([^{}|]*)\}`)
)

// Open reads the portal's sentences.
func Open() (*Book, error) { return Read(files) }

// Read reads the sentences of each language, <language>.json and, for subjects
// with many of their own, <subject>.<language>.json. It refuses where a key
// stands twice or the languages differ in keys or places.
func Read(from fs.FS) (*Book, error) {
	b := &Book{map[string]map[string]string{}}
	for _, lang := range Languages {
		more, err := fs.Glob(from, "*."+lang+".json")
		if err != nil {
			return nil, err
		}
		b.said[lang] = map[string]string{}
		for _, name := range append([]string{lang + ".json"}, more...) {
			if err := b.add(lang, from, name); err != nil {
				return nil, err
			}
		}
	}
	return b, b.compare()
}

func (b *Book) add(lang string, from fs.FS, name string) error {
	raw, err := fs.ReadFile(from, name)
	if err != nil {
		return err
	}
	var said map[string]string
	if err := ledger.DecodeStrict(raw, &said); err != nil { // which refuses a key that stands twice
		return fmt.Errorf("words %s: %w", name, err)
	}
	for key, text := range said {
		if _, twice := b.said[lang][key]; twice {
			return fmt.Errorf("words: %q stands twice, again in %s", key, name)
		}
		b.said[lang][key] = text
	}
	return nil
}

func (b *Book) compare() error {
	first := b.said[Languages[0]]
	for _, lang := range Languages[1:] {
		for key, text := range first {
			other, ok := b.said[lang][key]
			if !ok {
				return fmt.Errorf("words: %s has no %q", lang, key)
			}
			if !slices.Equal(Places(text), Places(other)) {
				return fmt.Errorf("words: %q has other places in %s", key, lang)
			}
		}
		for key := range b.said[lang] {
			if _, ok := first[key]; !ok {
				return fmt.Errorf("words: %s has no %q", Languages[0], key)
			}
		}
	}
	return nil
}

// Places lists the named places of a sentence, sorted, each once.
func Places(text string) []string {
	found := place.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// Keys lists every key, sorted.
func (b *Book) Keys() []string {
	keys := make([]string, 0, len(b.said[Languages[0]]))
	for key := range b.said[Languages[0]] {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Has reports whether the key exists.
func (b *Book) Has(key string) bool {
	_, ok := b.said[Languages[0]][key]
	return ok
}

// Say returns the sentence with its places filled from pairs of name and value.
// {n|item|items} is the word for one n, else the other.
func (b *Book) Say(lang, key string, pairs ...any) (string, error) {
	text, ok := b.said[lang][key]
	if !ok {
		return "", fmt.Errorf("words: no %q in %s", key, lang)
	}
	if len(pairs)%2 != 0 {
		return "", fmt.Errorf("words: %q: odd number of arguments", key)
	}
	fill := make([]string, 0, len(pairs))
	for i := 0; i < len(pairs); i += 2 {
		name, value := fmt.Sprintf("{%v}", pairs[i]), fmt.Sprint(pairs[i+1])
		if !strings.Contains(text, name) {
			return "", fmt.Errorf("words: %q has no place %s", key, name)
		}
		fill = append(fill, name, value)
		text = choose(text, fmt.Sprint(pairs[i]), value)
	}
	if missing := len(Places(text)) - len(pairs)/2; missing > 0 {
		return "", fmt.Errorf("words: %q: %d places not filled", key, missing)
	}
	return strings.NewReplacer(fill...).Replace(text), nil
}

// choose settles the words that depend on how many there are of name.
func choose(text, name, value string) string {
	return choice.ReplaceAllStringFunc(text, func(found string) string {
		m := choice.FindStringSubmatch(found)
		switch {
		case m[1] != name:
			return found
		case value == "1":
			return m[2]
		}
		return m[3]
	})
}

// Raw is the sentence of a key with its places in it, for scripts to fill.
func (b *Book) Raw(lang, key string) (string, error) {
	text, ok := b.said[lang][key]
	if !ok {
		return "", fmt.Errorf("words: no %q in %s", key, lang)
	}
	return text, nil
}
