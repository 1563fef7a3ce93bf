package rule

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"suyuan/services/ledger"
	"suyuan/services/liability"
)

// Each rule can be cited, says what it is in both languages, and is either
// verified or says what is not.
func TestRules(t *testing.T) {
	all := All()
	for _, r := range all {
		if !ledger.ValidID(r.ID) {
			t.Errorf("%q is no id that could be cited", r.ID)
		}
		if found, ok := Find(r.ID); !ok || found != r {
			t.Errorf("%s is found as %+v", r.ID, found)
		}
		texts := map[string]ledger.Text{"source": r.Source, "text": r.Text}
		if !r.Verified {
			texts["unverified"] = r.Unverified
		}
		if r.Article != (ledger.Text{}) {
			texts["article"] = r.Article
		}
		for what, text := range texts {
			if !strings.ContainsFunc(text.Zh, han) || text.En == "" || strings.ContainsFunc(text.En, han) {
				t.Errorf("%s: its %s says %+v", r.ID, what, text)
			}
		}
		if r.Verified && r.Unverified != (ledger.Text{}) {
			t.Errorf("%s is verified and says what is not", r.ID)
		}
		if r.Kind == Product && !r.Verified || r.Kind != Product && r.Formula != "" {
			t.Errorf("%s: only a product rule has a formula, and nothing of it is to be verified", r.ID)
		}
		if strings.ContainsFunc(r.Formula, han) {
			t.Errorf("%s: its formula is in letters only, not %q", r.ID, r.Formula)
		}
	}
	if _, ok := Find("lost"); ok {
		t.Error("a rule that is not there was found")
	}
	all[0].ID = "changed"
	if All()[0].ID == "changed" {
		t.Error("a caller can change the list")
	}
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// The table of the field, row by row: what was read and what is cited from
// memory, in whole or in part.
func TestTable(t *testing.T) {
	for row, ids := range map[bool]string{
		true: `wenze-2019-3 wenze-2019-4-5 wenze-2019-6 wenze-2019-17 wenze-2019-21 gwy-60 gwy-95-96 zwcf-7-8 zwcf-9-13 zwcf-16
			zwcf-22 zwcf-39 zwcf-43 zwcf-47 zwcf-32-53-62 jcf-2024-56 ducha-7-15-17 jjkg-24-25 jjkg-14-18 jjkg-39
			xinfang-22-23 xinfang-28-30-46 xinfang-34-36 aqsc-46-55
			dujiankao-2018 jianfu-2019 qingdan-hunan jianfu-2020 ruogan-2024 zhize-qingdan app-2026 chengqing-2020 chengqing-local`,
		false: `wenze-2019-8 wenze-2019-9-13 wenze-2019-16 wenze-2019-18-19 wenze-2019-20 jlcf-2023-132 jlcf-2023-39 jjkg-29 jjkg-40-43
			dujiankao-2018-local ruogan-2024-quanze jiceng-zhili-2021 zhijian-2023 sange-qufen
			licang-approval licang-territorial licang-joint licang-reward`,
	} {
		for id := range strings.FieldsSeq(ids) {
			if r, ok := Find(id); !ok || r.Verified != row || r.Kind == Product {
				t.Errorf("%s: %+v, %t; verified should be %t", id, r, ok, row)
			}
		}
	}
	for _, r := range All() {
		if r.Kind == Law && r.Article == (ledger.Text{}) {
			t.Errorf("%s does not say which article", r.ID)
		}
	}
}

// No clause of JRA-1 is without its words, and none shares another's.
func TestClauses(t *testing.T) {
	seen := map[string]liability.Clause{}
	for _, c := range clauses(t) {
		r := Clause(c)
		if r.Kind != Product || seen[r.ID] != "" {
			t.Errorf("clause %s has the rule %q, which %q has too", c, r.ID, seen[r.ID])
		}
		seen[r.ID] = c
	}
	if r := Clause("9.lost"); r.ID != "" {
		t.Errorf("a clause that is not there has the rule %s", r.ID)
	}
}

// clauses reads the constants of type Clause from the algorithm's own source,
// so that none is forgotten here.
func clauses(t *testing.T) (list []liability.Clause) {
	t.Helper()
	names, err := filepath.Glob("../liability/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if of, ok := spec.Type.(*ast.Ident); !ok || of.Name != "Clause" {
				return true
			}
			for _, v := range spec.Values {
				if lit, ok := v.(*ast.BasicLit); ok {
					text, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					list = append(list, liability.Clause(text))
				}
			}
			return true
		})
	}
	if len(list) < 19 {
		t.Fatalf("only %d clauses were read from the source", len(list))
	}
	return list
}

// What is suggested is called a suggestion wherever it is read, and nothing
// beyond a circular is ever proposed.
func TestSuggestions(t *testing.T) {
	for id := range strings.FieldsSeq("class-direct class-main-leading class-important-leading band-record band-rectify band-self-examination band-circular") {
		r, ok := Find(id)
		if !ok || r.Kind != Product {
			t.Errorf("%s is not there", id)
		}
		if !strings.Contains(r.Text.Zh, "不是") && !strings.Contains(r.Text.Zh, "只能移送有权机关决定") {
			t.Errorf("%s does not say that it is no decision: %s", id, r.Text.Zh)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	sound := map[string]string{"law": `{"kind":"law","rules":[{"id":"a"}]}`, "policy": `{"kind":"policy","rules":[{"id":"b"}]}`, "product": `{"kind":"product","rules":[]}`}
	for name, c := range map[string]struct {
		file, text string
	}{
		"as it is":       {"law", sound["law"]},
		"twice":          {"policy", `{"kind":"policy","rules":[{"id":"a"}]}`},
		"unknown field":  {"product", `{"kind":"product","rules":[{"id":"c","weight":1}]}`},
		"no such kind":   {"product", `{"kind":"custom","rules":[]}`},
		"no JSON at all": {"law", `[`},
	} {
		files := fstest.MapFS{}
		for f, text := range sound {
			files["rules/"+f+".json"] = &fstest.MapFile{Data: []byte(text)}
		}
		files["rules/"+c.file+".json"] = &fstest.MapFile{Data: []byte(c.text)}
		if _, err := read(files); (err == nil) != (name == "as it is") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := read(fstest.MapFS{}); err == nil {
		t.Error("rules that are not there were read")
	}
}
