package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"suyuan/services/complaint/claim"
	"suyuan/services/intake"
	"suyuan/services/intake/token"
	"suyuan/services/ledger"
	"suyuan/services/store/blob"
	"suyuan/services/unit"
)

// tree is a read model of a few units and those of their investigators who can
// read reports.
type tree struct {
	intake.Ledger
	parents map[string]string
	readers []intake.Recipient
}

func (l *tree) Unit(code string) (unit.Fact, bool) {
	parent, ok := l.parents[code]
	return unit.Fact{Code: code, Parent: parent}, ok
}

func (l *tree) Recipients() []intake.Recipient { return l.readers }
func (l *tree) Ring() *token.Ring              { return nil }

type noVault struct{ intake.Vault }

func (noVault) PutNamed(context.Context, []blob.Named) ([]blob.Ref, error) {
	return []blob.Ref{{}}, nil
}

// asked is one question to the scripts: who may read a report with such facts.
type asked struct {
	Investigators []intake.Recipient `json:"investigators"`
	Facts         claim.Facts        `json:"facts"`
}

// TestReadersAreTheServers holds the scripts' choice of readers, by which a
// browser seals, to the server's: nobody of the named unit or below it.
func TestReadersAreTheServers(t *testing.T) {
	parents := map[string]string{
		"0": "", "99": "0", "99-jw": "99", "9901": "99", "9902": "99", "9901-jw": "9901", "990101": "9901", "990102": "9901", "990201": "9902",
		"990101-jw": "990101", "990101-jw-a": "990101-jw", "990101001": "990101", "990101001001": "990101001", "990102001": "990102",
		"990201-office": "9901-jw", // of another line than its code says
	}
	var codes []string
	for code := range parents {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	draw := rand.New(rand.NewPCG(1, 2))
	pick := func(from []string) string { return from[draw.IntN(len(from))] }
	engine, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var questions []asked
	var answers []string
	few := 0
	for range 3000 {
		l := &tree{parents: parents}
		for i := range draw.IntN(12) {
			r := intake.Recipient{ID: fmt.Sprint("r", i), Unit: pick(codes), Key: fmt.Sprint("age1", i)}
			if draw.IntN(8) == 0 {
				r.Unit = ""
			}
			for at := r.Unit; at != ""; at = parents[at] {
				r.Up = append(r.Up, intake.Above{Code: at})
			}
			l.readers = append(l.readers, r)
		}
		f := claim.Facts{V: 1, Paper: "a", Dimension: "quantity"}
		if draw.IntN(2) == 0 {
			f.Issuer = pick(codes)
		} else {
			f.Level = pick(claim.Levels)
		}
		if f.Issuer == "" || draw.IntN(2) == 0 {
			f.Within = pick([]string{"0", "99", "9901", "9902", "990101", "990201"})
		}
		if f.Check() != nil {
			continue // such facts are not sealed
		}
		s, err := intake.New(t.Context(), intake.Options{ServiceID: make([]byte, 16), Engine: engine, Ledger: l, Vault: noVault{}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Eligible(f.Marshal())
		if err != nil && ledger.AsError(err).Rule != "intake.too_few_investigators" {
			t.Fatal(err)
		}
		var ids []string
		for _, r := range got {
			ids = append(ids, r.ID)
		}
		if len(ids) == 0 {
			few++
		}
		questions, answers = append(questions, asked{l.readers, f}), append(answers, strings.Join(ids, " "))
	}
	if few == 0 || few > len(answers)*3/4 {
		t.Errorf("of %d questions %d have too few readers", len(answers), few)
	}
	for i, got := range askScripts(t, questions) {
		if got != answers[i] {
			q, _ := json.Marshal(questions[i])
			t.Fatalf("the scripts seal to %q, the server to %q: %s", got, answers[i], q)
		}
	}
}

// askScripts runs the scripts' half under Node.
func askScripts(t *testing.T, questions []asked) []string {
	t.Helper()
	const program = `
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
const { buildSync } = createRequire(process.cwd() + "/package.json")("esbuild");
const { outputFiles } = buildSync({
  stdin: { contents: 'export { readers } from "./static/src/report/facts"; export { read } from "./static/src/report/data";', resolveDir: process.cwd() },
  bundle: true, format: "esm", target: ["es2020"], write: false, treeShaking: true, logLevel: "warning",
});
const { readers, read } = await import("data:text/javascript;base64," + Buffer.from(outputFiles[0].text).toString("base64"));
const out = [];
for (const { investigators, facts } of JSON.parse(readFileSync(0, "utf8"))) {
  const offer = { investigators };
  read({ getElementById: () => ({ textContent: JSON.stringify({ offer }) }) });
  out.push(readers(facts).map((r) => r.id).join(" "));
}
console.log(JSON.stringify(out));`
	input, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "node", "--input-type=module", "-e", program)
	c.Dir, c.Stdin = "..", bytes.NewReader(input)
	var trouble bytes.Buffer
	c.Stderr = &trouble
	raw, err := c.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, trouble.String())
	}
	var out []string
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
