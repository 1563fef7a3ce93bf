package portal

import (
	"encoding/json"
	commandLine "flag"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"suyuan/portal/figure"
	"suyuan/portal/words"
)

var update = commandLine.Bool("update", false, "write the golden files anew")

// workedCase is a worked case of JRA-1 as a query answers it.
type workedCase struct {
	Name, Kind, Executor string
	Explanation          explanation
}

func workedCases(t *testing.T) (cases []workedCase) {
	t.Helper()
	text, err := os.ReadFile("testdata/explanations.json")
	if err == nil {
		err = json.Unmarshal(text, &cases)
	}
	if err != nil || len(cases) < 30 {
		t.Fatal(len(cases), err)
	}
	return cases
}

var tags = regexp.MustCompile(`<[^>]+>`)

// TestEveryClauseIsASentence puts all worked cases into words, in both
// languages, and holds them against what was read and found good.
func TestEveryClauseIsASentence(t *testing.T) {
	site := portalFor(t, &fake{}, &fakeSessions{}).site
	var out strings.Builder
	said := map[string]bool{}
	for _, c := range workedCases(t) {
		for _, lang := range words.Languages {
			p := &Page{s: site, r: httptest.NewRequest("GET", "/", nil), seen: map[string]bool{}, Lang: lang}
			m := &measure{Kind: "DIVISIBLE", Harder: "HIGHER", Unit: "亩"}
			if strings.Contains(c.Name, "deadline") || strings.Contains(c.Name, "date") {
				m = &measure{Kind: "INTENSITY", Harder: "LOWER", Unit: "天"}
			}
			d := p.divide("x", c.Explanation, c.Explanation.Shares, c.Kind, m, c.Executor, "T")
			out.WriteString("# " + c.Name + "\n")
			n := 0
			for _, step := range d.Steps {
				out.WriteString(p.enum("whyStep", step.Key) + "\n")
				for _, l := range step.Lines {
					n++
					said[l.Clause] = true
					text := tags.ReplaceAllString(string(l.Text), "")
					out.WriteString("- " + text + "\n")
					if l.Figured != "" {
						out.WriteString("  " + l.Figured + "\n")
					}
					if strings.ContainsAny(text, "{}[]") || strings.Contains(text, "−-") {
						t.Errorf("%s: %s", c.Name, text)
					}
				}
			}
			if n != len(c.Explanation.Lines) {
				t.Errorf("%s: %d sentences for %d lines", c.Name, n, len(c.Explanation.Lines))
			}
			for _, s := range d.Shares {
				out.WriteString("= " + s.Label + " " + s.Percent + " " + strings.Join(s.Because, "; ") + "\n")
			}
		}
	}
	for _, step := range whySteps {
		for _, clause := range step.clauses {
			if !said[clause] {
				t.Errorf("no case has the clause %s", clause)
			}
		}
	}
	if *update {
		if err := os.WriteFile("testdata/why.txt", []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/why.txt")
	if err != nil || string(want) != out.String() {
		t.Errorf("the sentences are not those of testdata/why.txt (%v); look at them and run with -update", err)
	}
}

// TestFormulasGiveWhatCameOut computes every formula that is shown with numbers.
func TestFormulasGiveWhatCameOut(t *testing.T) {
	for _, c := range workedCases(t) {
		charged := map[string]figure.Figure{}
		for _, l := range c.Explanation.Lines {
			amount := figure.Parse(l.Amount)
			get := l.term
			var want figure.Figure
			switch l.Clause {
			case "2.G":
				want = get("D").Sub(get("q"))
			case "2.GE":
				want = get("G").Sub(get("GA")).Sub(get("GI"))
			default:
				if l.Charges {
					charged[l.Name] = charged[l.Name].Add(amount)
				}
				continue
			}
			if want.Cmp(amount) != 0 {
				t.Errorf("%s: %s is %s, shown as %s", c.Name, l.Clause, amount.Text(), want.Text())
			}
		}
		for _, s := range c.Explanation.Shares {
			if charged[s.Name].Cmp(figure.Parse(s.Mass)) != 0 {
				t.Errorf("%s: the sentences charge %s with %s, its mass is %s", c.Name, s.Name, charged[s.Name].Text(), s.Mass)
			}
		}
	}
}

func TestPercent(t *testing.T) {
	for points, want := range map[int]string{0: "0%", 1: "0.01%", 6667: "66.67%", 5000: "50%", 10_000: "100%"} {
		if got := percent(points); got != want {
			t.Errorf("%d is %s, want %s", points, got, want)
		}
	}
}
