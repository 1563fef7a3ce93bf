package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"suyuan/test/bench/postgres"
	"suyuan/test/bench/table"
)

// The benchmark starts itself for what needs a process of its own.
func TestMain(m *testing.M) {
	if slices.Contains(os.Args, "-child") {
		main()
		return
	}
	os.Exit(m.Run())
}

// divisions writes two invented provinces of 2 × 3 × 4 × 5 units below them.
func divisions(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	text := map[string]*strings.Builder{}
	head := map[string]string{"provinces": "code,name", "cities": "code,name,provinceCode", "areas": "code,name,cityCode,provinceCode",
		"streets": "code,name,areaCode,provinceCode,cityCode", "villages": "code,name,streetCode,provinceCode,cityCode,areaCode"}
	for name, h := range head {
		text[name] = &strings.Builder{}
		fmt.Fprintln(text[name], h)
	}
	for _, p := range []string{"98", "99"} {
		fmt.Fprintf(text["provinces"], "%s,虚构省\n", p)
		for c := range 2 {
			city := fmt.Sprintf("%s%02d", p, c+1)
			fmt.Fprintf(text["cities"], "%s,虚构市,%s\n", city, p)
			for a := range 3 {
				area := fmt.Sprintf("%s%02d", city, a+1)
				fmt.Fprintf(text["areas"], "%s,虚构县,%s,%s\n", area, city, p)
				for s := range 4 {
					street := fmt.Sprintf("%s%03d", area, s+1)
					fmt.Fprintf(text["streets"], "%s,虚构乡,%s,%s,%s\n", street, area, p, city)
					for v := range 5 {
						fmt.Fprintf(text["villages"], "%s%03d,虚构和平村,%s,%s,%s,%s\n", street, v+1, street, p, city, area)
					}
				}
			}
		}
	}
	for name, b := range text {
		if err := os.WriteFile(filepath.Join(dir, name+".csv"), []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A small nation goes through every section: what is measured is measured, and
// whoever is compared with agrees. How fast it was is nobody's business here.
func TestBench(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "suyuan")
	if out, err := exec.Command("go", "build", "-o", binary, "suyuan/cmd/suyuan").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	cache := t.TempDir()
	args := []string{"-cache", cache, "-divisions", divisions(t), "-binary", binary, "-more", "10", "-rounds", "1", "-each", "50ms", "-calls", "50", "-envelopes", "640"}
	if err := run(t.Context(), args); err != nil {
		t.Fatal(err)
	}
	rows := saved(t, cache)
	for _, s := range sections {
		if s.name == "postgres" && !postgres.Installed() {
			continue
		}
		if !slices.ContainsFunc(rows, func(r table.Row) bool { return r.Section == s.name }) {
			t.Errorf("no figure of section %s", s.name)
		}
	}
	for _, r := range rows {
		if r.Measured < 0 && !strings.HasSuffix(r.What, "memory") {
			t.Errorf("%s: %s is %v", r.Section, r.What, r.Measured)
		}
	}
	if err := run(t.Context(), append(args, "-only", "trace")); err != nil {
		t.Fatal(err)
	}
	again := saved(t, cache)
	if len(again) != len(rows) {
		t.Errorf("%d figures are kept after a part was measured again, of %d", len(again), len(rows))
	}
	if i := slices.IndexFunc(again, func(r table.Row) bool { return r.Section == "trace" }); i < 0 || again[i].Previous == nil {
		t.Error("the second run does not remember the first")
	}
	left, err := filepath.Glob(filepath.Join(cache, "run-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func saved(t *testing.T, cache string) []table.Row {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(cache, "table.json"))
	if err != nil {
		t.Fatal(err)
	}
	var last table.Table
	if err := json.Unmarshal(text, &last); err != nil {
		t.Fatal(err)
	}
	return last.Rows
}

func TestChoose(t *testing.T) {
	some, err := choose("http,nation")
	if err != nil || len(some) != 2 || some[0].name != "nation" || some[1].name != "http" {
		t.Errorf("%v, %v", some, err)
	}
	if _, err := choose("trace,everything"); err == nil || !strings.Contains(err.Error(), "everything") || !strings.Contains(err.Error(), "restart") {
		t.Errorf("a section that is not there: %v", err)
	}
}
