package report

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
)

// sources are the templates, the code and the scripts of these pages.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, root := range []string{".", "../static/src/report", "../static/src/report.ts"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if ext := filepath.Ext(path); ext == ".html" || ext == ".ts" || ext == ".go" && !strings.HasSuffix(path, "_test.go") {
				text, err := os.ReadFile(path)
				all.Write(text)
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// Groups whose words are looked up by a word of the ledger.
var lookedUp = []string{"state.", "step.", "word.", "change.", "act.", "spent.m", "box.lane_", "review.", "fault."}

func TestEveryWordIsSaid(t *testing.T) {
	book, err := openWords()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`"([a-z]+\.\w+)"`).FindAllStringSubmatch(sources(t), -1) {
		used[m[1]] = true
	}
	fact := regexp.MustCompile(`fact\("(\w+)"`).FindAllStringSubmatch(sources(t), -1)
	for _, m := range fact {
		used["box."+m[1]] = true
	}
	for _, key := range book.Keys() {
		if !used[key] && !slices.ContainsFunc(lookedUp, func(group string) bool { return strings.HasPrefix(key, group) }) {
			t.Errorf("nobody says %q", key)
		}
	}
	for key := range used {
		if group, _, _ := strings.Cut(key, "."); !strings.HasSuffix(key, "_") && (slices.Contains(spoken, group) || group == "js") && !book.Has(key) {
			t.Errorf("no words for %q", key)
		}
	}
}

// Whatever becomes of a complaint has words in the box.
func TestEveryStateHasWords(t *testing.T) {
	book, err := openWords()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, stage := range complaint.Stages {
		keys = append(keys, "state."+string(stage), "state."+string(stage)+"Says")
	}
	for _, def := range complaint.Events {
		keys = append(keys, "step."+event(def.Name))
	}
	for _, act := range claim.Acts {
		keys = append(keys, "act."+string(act))
	}
	for _, outcome := range complaint.Outcomes {
		keys = append(keys, "word."+string(outcome))
	}
	for _, m := range minutes {
		keys = append(keys, "spent.m"+m)
	}
	for _, key := range keys {
		if !book.Has(key) {
			t.Errorf("no words for %q", key)
		}
	}
}
