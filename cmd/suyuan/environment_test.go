package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write README's table of flags anew")

const (
	readme     = "../../README.md"
	tableBegin = "<!-- flags: go test ./cmd/suyuan -update -->\n"
	tableEnd   = "<!-- end of flags -->\n"
)

// README's table is the flags as they are: none missing, none too many, no
// default or meaning of an earlier version.
func TestFlagsInReadme(t *testing.T) {
	want := table(command(streams{}))
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), tableBegin)
	got, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		t.Fatalf("README has no table between %q and %q", tableBegin, tableEnd)
	}
	if *update {
		if err := os.WriteFile(readme, []byte(before+tableBegin+want+tableEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, problem := range differences(strings.Split(got, "\n"), strings.Split(want, "\n")) {
		t.Error(problem)
	}
}

// differences are the lines of one that are not in the other.
func differences(got, want []string) (problems []string) {
	for _, line := range want {
		if !slices.Contains(got, line) {
			problems = append(problems, "README lacks the row "+line+"; write the table anew with -update")
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			problems = append(problems, "README has a row that is no flag (any more): "+line+"; write the table anew with -update")
		}
	}
	return problems
}

// table has a row for every flag; commands that share one share the row where
// it means the same to them.
func table(root *cobra.Command) string {
	type row struct {
		flag     *pflag.Flag
		meaning  string
		commands []string
	}
	var rows []*row
	flags(root, func(c *cobra.Command, f *pflag.Flag) {
		name := strings.TrimPrefix(c.CommandPath(), root.Name()+" ")
		meaning := strings.TrimSuffix(f.Usage, " [$"+variable(f.Name)+"]")
		for _, r := range rows {
			if r.flag.Name == f.Name && r.meaning == meaning && r.flag.DefValue == f.DefValue {
				r.commands = append(r.commands, name)
				return
			}
		}
		rows = append(rows, &row{f, meaning, []string{name}})
	})
	slices.SortStableFunc(rows, func(a, b *row) int { return strings.Compare(a.flag.Name, b.flag.Name) })
	var out strings.Builder
	fmt.Fprintf(&out, "| flag | variable | default | of | meaning |\n| --- | --- | --- | --- | --- |\n")
	for _, r := range rows {
		slices.Sort(r.commands)
		fmt.Fprintf(&out, "| `--%s` | `%s` | %s | %s | %s |\n", r.flag.Name, variable(r.flag.Name), standard(r.flag), strings.Join(r.commands, ", "), cell(r.meaning))
	}
	return out.String()
}

// standard is a flag's default as a person writes it.
func standard(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "[]":
		return ""
	case "false":
		return "off"
	}
	short := strings.TrimSuffix(strings.TrimSuffix(f.DefValue, "0s"), "0m")
	if f.Value.Type() != "duration" || short == "" || strings.ContainsAny(short[len(short)-1:], "0123456789") {
		short = f.DefValue
	}
	return "`" + short + "`"
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// The comparison itself, where something is missing and something left over.
func TestDifferences(t *testing.T) {
	if got := differences([]string{"a", "b"}, []string{"b", "c"}); len(got) != 2 {
		t.Error(got)
	}
	if got := differences([]string{"a"}, []string{"a"}); got != nil {
		t.Error(got)
	}
}

// The environment is read in one place: a command with a hook of its own there
// would go without.
func TestEnvironmentOfEveryCommand(t *testing.T) {
	var visit func(c *cobra.Command, depth int)
	visit = func(c *cobra.Command, depth int) {
		if depth > 0 && (c.PersistentPreRunE != nil || c.PersistentPreRun != nil) {
			t.Errorf("%s has a PersistentPreRun of its own, and so does not read its environment", c.CommandPath())
		}
		for _, below := range c.Commands() {
			visit(below, depth+1)
		}
	}
	visit(command(streams{}), 0)
	seen := map[string]string{}
	flags(command(streams{}), func(c *cobra.Command, f *pflag.Flag) {
		v := variable(f.Name)
		if other, ok := seen[v]; ok && other != f.Name {
			t.Errorf("--%s and --%s share %s", f.Name, other, v)
		}
		seen[v] = f.Name
		if f.Name == "help" || strings.Contains(f.Name, "secret") || strings.Contains(f.Name, "password") {
			t.Errorf("%s --%s: secrets come in files, never on command lines", c.CommandPath(), f.Name)
		}
	})
	if len(seen) < 20 {
		t.Errorf("%d flags in all", len(seen))
	}
}
