package arch

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A source is one package's parsed files, tests excepted.
type source struct {
	path  string
	fset  *token.FileSet
	files map[string]*ast.File // by path below the module
	lines map[string]int
}

func sources(t *testing.T) []*source {
	t.Helper()
	byPath := map[string]*source{}
	files(t, func(p pkg, name string) {
		s := byPath[p.Path]
		if s == nil {
			s = newSource(p.Path)
			byPath[p.Path] = s
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.add(name, text); err != nil {
			t.Error(err)
		}
	})
	var all []*source
	for _, s := range byPath {
		all = append(all, s)
	}
	return all
}

func newSource(path string) *source {
	return &source{path: path, fset: token.NewFileSet(), files: map[string]*ast.File{}, lines: map[string]int{}}
}

func (s *source) add(name string, text []byte) error {
	f, err := parser.ParseFile(s.fset, name, text, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return err
	}
	s.files[name] = f
	s.lines[name] = bytes.Count(text, []byte("\n"))
	return nil
}

func (s *source) at(n ast.Node) string {
	pos := s.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", pos.Filename, pos.Line)
}

func (s *source) inspect(check func(name string, n ast.Node)) {
	for name, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if n != nil {
				check(name, n)
			}
			return true
		})
	}
}

func TestSource(t *testing.T) {
	for _, s := range sources(t) {
		for _, problem := range checkSource(s) {
			t.Error(problem)
		}
	}
}

func checkSource(s *source) []string {
	problems := slices.Concat(longFiles(s), clocks(s))
	if strings.HasPrefix(s.path, "services/") {
		problems = slices.Concat(problems, inits(s), written(s))
	}
	if slices.Contains(withoutFloats, s.path) {
		problems = slices.Concat(problems, floats(s))
	}
	slices.Sort(problems)
	return problems
}

func longFiles(s *source) (problems []string) {
	for name, f := range s.files {
		if n := s.lines[name]; n > maxLines && !ast.IsGenerated(f) {
			problems = append(problems, fmt.Sprintf("%s has %d lines, more than %d: part it by what its parts are for", name, n, maxLines))
		}
	}
	return problems
}

func clocks(s *source) (problems []string) {
	s.inspect(func(name string, n ast.Node) {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || !slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name) || matches(name, readsClock) {
			return
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == importName(s.files[name], "time") {
			problems = append(problems, fmt.Sprintf("%s reads the time of day (time.%s): take a ledger.Clock instead", s.at(n), sel.Sel.Name))
		}
	})
	return problems
}

// importName is the name by which a file knows an imported package, "" where it does not import it.
func importName(f *ast.File, path string) string {
	for _, spec := range f.Imports {
		if spec.Path.Value != `"`+path+`"` {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path[strings.LastIndex(path, "/")+1:]
	}
	return ""
}

func floats(s *source) (problems []string) {
	s.inspect(func(_ string, n ast.Node) {
		switch n := n.(type) {
		case *ast.Ident:
			if n.Name == "float32" || n.Name == "float64" {
				problems = append(problems, fmt.Sprintf("%s: %s where arithmetic is exact: use services/exact", s.at(n), n.Name))
			}
		case *ast.BasicLit:
			if n.Kind == token.FLOAT {
				problems = append(problems, fmt.Sprintf("%s: %s is a binary fraction where arithmetic is exact: use services/exact", s.at(n), n.Value))
			}
		}
	})
	return problems
}

func inits(s *source) (problems []string) {
	s.inspect(func(_ string, n ast.Node) {
		if f, ok := n.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			problems = append(problems, fmt.Sprintf("%s: func init: say it where it is wired, in cmd", s.at(n)))
		}
	})
	return problems
}

// written finds package-level variables that are more than tables: those that
// are written after their declaration, here or from another package, and those
// of a type that only makes sense for shared, changing state.
func written(s *source) (problems []string) {
	info := s.resolve()
	// target names the package-level variable at the root of an expression such as v, v[k], v.f or pkg.v.f.
	target := func(e ast.Expr) string {
		for {
			switch x := e.(type) {
			case *ast.ParenExpr:
				e = x.X
			case *ast.IndexExpr:
				e = x.X
			case *ast.StarExpr:
				e = x.X
			case *ast.SelectorExpr:
				if p, ok := x.X.(*ast.Ident); ok {
					if _, ok := info.Uses[p].(*types.PkgName); ok {
						return p.Name + "." + x.Sel.Name
					}
				}
				e = x.X
			case *ast.Ident:
				if v, ok := info.Uses[x].(*types.Var); ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
					return x.Name
				}
				return ""
			default:
				return ""
			}
		}
	}
	check := func(n ast.Node, e ast.Expr) {
		if name := target(e); name != "" {
			problems = append(problems, fmt.Sprintf("%s writes to the package-level variable %s: hand the state to whoever needs it instead", s.at(n), name))
		}
	}
	s.inspect(func(_ string, n ast.Node) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				check(n, left)
			}
		case *ast.IncDecStmt:
			check(n, n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				check(n, n.Key)
				check(n, n.Value)
			}
		case *ast.CallExpr:
			f, ok := n.Fun.(*ast.Ident)
			if ok && len(n.Args) > 0 && slices.Contains([]string{"delete", "clear", "copy"}, f.Name) {
				check(n, n.Args[0])
			}
		case *ast.ValueSpec:
			problems = append(problems, s.sharedState(info, n)...)
		}
	})
	return problems
}

func (s *source) sharedState(info *types.Info, spec *ast.ValueSpec) (problems []string) {
	for _, name := range spec.Names {
		v, ok := info.Defs[name].(*types.Var)
		if !ok || v.Pkg() == nil || v.Parent() != v.Pkg().Scope() || sharedFor[s.path+"."+v.Name()] != "" {
			continue
		}
		declared := spec.Type
		if len(spec.Values) > 0 && declared == nil {
			if lit, ok := spec.Values[0].(*ast.CompositeLit); ok {
				declared = lit.Type
			}
		}
		if index, ok := declared.(*ast.IndexExpr); ok { // atomic.Pointer[T]
			declared = index.X
		}
		sel, ok := declared.(*ast.SelectorExpr)
		if !ok {
			continue
		}
		x, ok := sel.X.(*ast.Ident)
		if ok && (x.Name == "atomic" || x.Name == "sync" && slices.Contains([]string{"Map", "Mutex", "RWMutex"}, sel.Sel.Name)) {
			problems = append(problems, fmt.Sprintf("%s: the package-level variable %s is shared state (%s.%s): make it a field of what owns it", s.at(name), name.Name, x.Name, sel.Sel.Name))
		}
	}
	return problems
}

// resolve tells which name means which declaration. Imports are left
// unresolved on purpose: names of this package are all that is asked about.
func (s *source) resolve() *types.Info {
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: nothing{}, Error: func(error) {}}
	var all []*ast.File
	for _, f := range s.files {
		all = append(all, f)
	}
	_, _ = conf.Check(s.path, s.fset, all, info) // errors are expected: nothing is imported
	return info
}

type nothing struct{}

func (nothing) Import(string) (*types.Package, error) { return nil, errors.New("not imported here") }

// The checks themselves, on source that must be refused and source that must not.
func TestCheckSource(t *testing.T) {
	for _, c := range []struct {
		path, text, says string
	}{
		{"services/unit", `var table = map[string]int{"a": 1}; func F() int { return table["a"] }`, ""},
		{"services/unit", `var table = map[string]int{}; func F() { table["a"] = 1 }`, "variable table"},
		{"services/unit", `var table = map[string]int{}; func F() { table := map[string]int{}; table["a"] = 1 }`, ""},
		{"services/unit", `var list []int; func F() { list = append(list, 1) }`, "variable list"},
		{"services/unit", `var n int; func F() { n++ }`, "variable n"},
		{"services/unit", `var m = map[int]int{}; func F() { delete(m, 1) }`, "variable m"},
		{"services/unit", `import "suyuan/services/ledger"; func F() { ledger.Events[0] = nil }`, "variable ledger.Events"},
		{"services/unit", `type s struct{ n int }; func (v *s) F() { v.n = 1; _ = v }`, ""},
		{"services/unit", `import "sync"; var known sync.Map`, "shared state"},
		{"services/unit", `import "sync/atomic"; var known atomic.Pointer[int]`, "shared state"},
		{"services/unit", `import "sync"; type s struct { mu sync.Mutex }`, ""},
		{"services/unit", `func init() {}`, "func init"},
		{"services/unit", `import "time"; func F() time.Time { return time.Now() }`, "time of day"},
		{"services/unit", `import clock "time"; var now = clock.Now`, "time of day"},
		{"cmd/suyuan", `import "time"; func F() time.Time { return time.Now() }`, ""},
		{"services/exact", `func F(x float64) float64 { return x }`, "float64"},
		{"services/exact", `const half = 0.5`, "binary fraction"},
		{"services/unit", `const half = 0.5`, ""},
		{"portal", strings.Repeat("\n", maxLines+1), "lines"},
		{"portal", strings.Repeat("\n", maxLines-1), ""},
	} {
		s := newSource(c.path)
		if err := s.add(c.path+"/x.go", []byte("package x; "+c.text+"\n")); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(checkSource(s), "\n")
		if c.says == "" && got != "" || !strings.Contains(got, c.says) {
			t.Errorf("in %s, %.80q: got %q, want %q", c.path, c.text, got, c.says)
		}
	}
}
