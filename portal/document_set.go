package portal

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"suyuan/services/ledger"
)

//go:embed pages/*.html pages/*.graphql
var embedded embed.FS

var (
	fragmentHead = regexp.MustCompile(`(?m)^fragment (\w+) on \w+`)
	spread       = regexp.MustCompile(`\.\.\.\s*(\w+)`)
	operation    = regexp.MustCompile(`(?m)^query (\w+)`)
)

// composeDocuments reads pages/*.graphql and appends to each document the
// fragments of pages/fragments.graphql that it uses.
func composeDocuments() (map[string]string, error) {
	names, err := fs.Glob(embedded, "pages/*.graphql")
	if err != nil {
		return nil, err
	}
	fragments, err := readFragments()
	if err != nil {
		return nil, err
	}
	documents := map[string]string{}
	for _, name := range names {
		key := strings.TrimSuffix(path.Base(name), ".graphql")
		if key == "fragments" {
			continue
		}
		text, err := embedded.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if documents[key], err = compose(string(text), fragments); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return documents, nil
}

func readFragments() (map[string]string, error) {
	text, err := embedded.ReadFile("pages/fragments.graphql")
	if err != nil {
		return nil, err
	}
	heads := fragmentHead.FindAllStringSubmatchIndex(string(text), -1)
	fragments := map[string]string{}
	for i, at := range heads {
		end := len(text)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		fragments[string(text[at[2]:at[3]])] = strings.TrimSpace(string(text[at[0]:end]))
	}
	return fragments, nil
}

func compose(text string, fragments map[string]string) (string, error) {
	if len(operation.FindAllString(text, -1)) != 1 {
		return "", fmt.Errorf("want one query")
	}
	if strings.Count(text, "{") != strings.Count(text, "}") {
		return "", fmt.Errorf("braces do not match")
	}
	var used []string
	text = strings.TrimSpace(text)
	for open := text; open != ""; {
		next := ""
		for _, m := range spread.FindAllStringSubmatch(open, -1) {
			body, ok := fragments[m[1]]
			if !ok {
				return "", fmt.Errorf("no fragment %s", m[1])
			}
			if !slices.Contains(used, m[1]) {
				used = append(used, m[1])
				text += "\n\n" + body
				next += body
			}
		}
		open = next
	}
	return text + "\n", nil
}

// ask runs a page's document and reads the answer into T.
func ask[T any](ctx context.Context, s *site, document string, variables map[string]any) (T, error) {
	var answer T
	text, ok := s.queries[document]
	if !ok {
		return answer, fmt.Errorf("no document %s", document)
	}
	data, err := s.query.Query(ctx, text, variables)
	if err != nil {
		return answer, err
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return answer, fmt.Errorf("document %s: %w", document, err)
	}
	return answer, nil
}

// missing is what a page answers where the record it is about does not exist.
func missing(what ledger.Text) error {
	return &ledger.Error{Code: ledger.NotFound, Rule: "page.no_such_record", Text: what}
}
