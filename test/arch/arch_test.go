package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "suyuan"

// root is the folder of go.mod, as seen from this package's own.
const root = "../.."

// A pkg is one package as go list tells it; Path is its import path below the
// module ("." for the module's own folder).
type pkg struct {
	Path       string `json:"-"`
	ImportPath string
	Dir        string
	Imports    []string
	GoFiles    []string
	CgoFiles   []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	// -e: a package that does not build is the compiler's to report; its imports are still read here.
	list := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,Imports,GoFiles,CgoFiles", "-test=false", "./...")
	list.Dir = root
	var problems bytes.Buffer
	list.Stderr = &problems
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, problems.String())
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		p.Path = below(p.ImportPath)
		all = append(all, p)
	}
	if len(all) == 0 {
		t.Fatal("go list names no package")
	}
	return all
}

func below(importPath string) string {
	if importPath == module {
		return "."
	}
	return strings.TrimPrefix(importPath, module+"/")
}

func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		for _, problem := range checkImports(p) {
			t.Error(problem)
		}
	}
}

func checkImports(p pkg) (problems []string) {
	r, ok := allowed[p.Path]
	if !ok {
		return []string{fmt.Sprintf("package %s is not on the list: give it a line in test/arch/rules_test.go that names what it may import, as little as it can do with", p.Path)}
	}
	say := func(format string, args ...any) {
		problems = append(problems, fmt.Sprintf("%s imports %s", p.Path, fmt.Sprintf(format, args...)))
	}
	for _, imported := range p.Imports {
		switch {
		case imported == module || strings.HasPrefix(imported, module+"/"):
			to := below(imported)
			if strings.HasPrefix(p.Path, "services/") && matches(to, []string{"portal", "portal/*", "cmd/*", "seeds", "test/*"}) {
				say("%s: services stand below what shows, starts and tests them; turn the dependency round with an interface", to)
			} else if only := forTests[to]; only != nil && !matches(p.Path, only) {
				say("%s, which only %s and tests may", to, strings.Join(only, ", "))
			} else if !matches(to, r.may) {
				say("%s, which its line in test/arch/rules_test.go does not allow (%s)", to, strings.Join(r.may, ", "))
			}
		case isStandard(imported):
		case !within(imported, r.uses):
			say("%s from outside, which its line in test/arch/rules_test.go does not allow (%s)", imported, strings.Join(r.uses, ", "))
		default:
			if importers := soleImporters(imported); importers != nil && !matches(p.Path, importers) {
				say("%s, which only %s may", imported, strings.Join(importers, ", "))
			}
		}
	}
	return problems
}

// isStandard goes by the rule of import paths: only the standard library's
// begin with an element that is no host name.
func isStandard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// matches reports whether a path is one of the patterns: a path itself,
// everything below "folder/*", or anything for "*".
func matches(to string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		if folder, ok := strings.CutSuffix(pattern, "*"); ok {
			return strings.HasPrefix(to, folder)
		}
		return to == pattern
	})
}

// within reports whether an import path is one of those named or below it.
func within(imported string, named []string) bool {
	return slices.ContainsFunc(named, func(name string) bool {
		return name == "*" || imported == name || strings.HasPrefix(imported, name+"/")
	})
}

func soleImporters(imported string) []string {
	longest := ""
	for name := range sole {
		if within(imported, []string{name}) && len(name) > len(longest) {
			longest = name
		}
	}
	return sole[longest]
}

// The checks themselves, on imports that must be refused and imports that must not.
func TestCheckImports(t *testing.T) {
	for _, c := range []struct {
		path, imports, says string
	}{
		{"services/ledger", "crypto/sha256", ""},
		{"services/ledger", "golang.org/x/text/language", "from outside"},
		{"services/ledger", "suyuan/services/desk", "does not allow"},
		{"services/unit", "suyuan/services/document", "does not allow"},
		{"services/unit", "suyuan/services/exact", ""},
		{"services/graph", "github.com/graphql-go/graphql/language/ast", ""},
		{"services/graph", "suyuan/services/graph/bind", ""},
		{"services/desk", "suyuan/portal", "stand below"},
		{"services/newcomer", "fmt", "not on the list"},
		{"cmd/suyuan", "suyuan/services/graph", ""},
		{"cmd/suyuan", "suyuan/services/store/wire/wiretest", "only test/* and tests may"},
		{"test/bench", "suyuan/services/store/wire/wiretest", ""},
		{"cmd/suyuan", "github.com/golang-jwt/jwt/v5", "only services/auth may"},
		{"cmd/suyuan", "github.com/graphql-go/graphql", "only services/graph"},
		{"cmd/suyuan", "github.com/spf13/cobra", ""},
		{"cmd/suyuan", "github.com/EventStore/EventStore-Client-Go/v4/esdb", "only services/store/esdb, test/bench/wired may"},
		{"services/store/wire", "github.com/EventStore/EventStore-Client-Go/v4/protos/streams", ""},
		{"services/store/wire", "github.com/EventStore/EventStore-Client-Go/v4/esdb", "from outside"},
	} {
		problems := checkImports(pkg{Path: c.path, Imports: []string{c.imports}})
		got := strings.Join(problems, "\n")
		if c.says == "" && got != "" || !strings.Contains(got, c.says) {
			t.Errorf("%s importing %s: got %q, want %q", c.path, c.imports, got, c.says)
		}
	}
}

func TestTop(t *testing.T) {
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(top, e.Name()) {
			t.Errorf("%s stands at the top, where only %s and dotfiles do: move it below one of them", e.Name(), strings.Join(top, ", "))
		}
	}
}

// files calls check with every Go file of the module's packages, its tests
// excepted; name is the file's path below the module.
func files(t *testing.T, check func(p pkg, name string)) {
	t.Helper()
	for _, p := range packages(t) {
		for _, f := range slices.Concat(p.GoFiles, p.CgoFiles) {
			check(p, path.Join(p.Path, filepath.ToSlash(f)))
		}
	}
}
