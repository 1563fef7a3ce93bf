package portal

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"suyuan/portal/words"
	"suyuan/services/ledger"
)

// sources are the portal's templates and its code, tests left out.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "node_modules" || d.Name() == "api" || d.Name() == "report" || d.Name() == "issuer") {
			return errorsOr(err, fs.SkipDir)
		}
		if ext := filepath.Ext(path); !d.IsDir() && (ext == ".html" || ext == ".go" && !strings.HasSuffix(path, "_test.go")) {
			text, err := os.ReadFile(path)
			all.Write(text)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func errorsOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func TestEveryKeyIsUsedAndEveryUsedKeyExists(t *testing.T) {
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	text := sources(t)
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`"([a-zA-Z]+(?:\.\w+)?)"`).FindAllStringSubmatch(text, -1) {
		used[m[1]] = true
	}
	said := regexp.MustCompile(`(?:\.T|\.Rich|\.say|\.heads)\(? ?((?:"[\w.]+",?\s*)+)`)
	for _, m := range said.FindAllStringSubmatch(text, -1) {
		first := strings.Trim(strings.Fields(m[1])[0], `",`)
		if !book.Has(first) {
			t.Errorf("no words for %q", first)
		}
	}
	for set, values := range enums {
		for _, v := range values {
			if used[set+"."+v] = true; !book.Has(set + "." + v) {
				t.Errorf("no words for %s.%s", set, v)
			}
		}
		if !used[set] {
			t.Errorf("the set %q is not used", set)
		}
	}
	for _, key := range book.Keys() {
		if dated, ok := strings.CutSuffix(key, lateWords); !used[key] && !(ok && used[dated]) {
			t.Errorf("nobody says %q", key)
		}
	}
}

func TestColumnHeadsExist(t *testing.T) {
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"(col\.\w+)"`).FindAllStringSubmatch(sources(t), -1) {
		if !book.Has(m[1]) {
			t.Errorf("no words for %q", m[1])
		}
	}
}

// TestEnumsAreTheSchemas holds the portal's sets against schema/*.graphql.
func TestEnumsAreTheSchemas(t *testing.T) {
	files, err := filepath.Glob("../schema/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatal("no schema", err)
	}
	var schema strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		schema.Write(text)
	}
	for set, name := range map[string]string{
		"level": "Level", "unitKind": "UnitKind", "dutyClass": "DutyClass", "assignment": "AssignmentState", "objection": "ObjectionState",
		"ground": "ObjectionGround", "handoff": "HandoffState", "measure": "MeasureKind", "dimension": "Dimension", "channel": "Channel",
		"source": "Source", "step": "StepKind", "flag": "FlagCode", "hours": "Hours",
		"complaintStage": "ComplaintStage", "turn": "Turn", "outcome": "AnswerOutcome", "closing": "ClosingReason", "retaliation": "RetaliationState",
		"letterAct": "LetterAct", "caseFrom": "CaseFrom", "caseOutcome": "CaseOutcome", "keyKind": "IssuerKeyKind",
	} {
		m := regexp.MustCompile(`enum ` + name + ` \{([^}]*)\}`).FindStringSubmatch(schema.String())
		if m == nil {
			t.Errorf("the schema has no %s", name)
			continue
		}
		want, got := strings.Fields(m[1]), slices.Clone(enums[set])
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(want, got) {
			t.Errorf("%s is %v, the schema's %s %v", set, got, name, want)
		}
	}
	for _, role := range ledger.Roles {
		if !known("role", string(role)) {
			t.Errorf("no role %s", role)
		}
	}
}

func TestGlossaryIsTheDomains(t *testing.T) {
	g, err := openGlossary()
	if err != nil {
		t.Fatal(err)
	}
	if len(g.terms) < 80 {
		t.Errorf("%d terms", len(g.terms))
	}
	for _, m := range marked.FindAllStringSubmatch(bookText(t), -1) {
		if g.find(m[1]) == nil {
			t.Errorf("the words link %q, which is no term", m[1])
		}
	}
}

func bookText(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	files, err := filepath.Glob("words/*.json")
	if err != nil || len(files) < len(words.Languages) {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
