package portal

import (
	"encoding/json"
	commandLine "flag"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"suyuan/portal/words"
	"suyuan/services/figure"
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

// setWithin gives a worked case of a date, which counts from the date that was set
// first, so many days, as an outcome has them.
func setWithin(days int64, x explanation) explanation {
	x.Lines = slices.Clone(x.Lines)
	for i := range x.Lines {
		l := &x.Lines[i]
		if l.Clause == "1.layer" && slices.Contains(l.From, "issued[0]") {
			l.Amount = figure.Parse(l.Amount).Sub(figure.Of(days)).Rat().RatString()
		}
		l.Terms = slices.Clone(l.Terms)
		for k, t := range l.Terms {
			if slices.Contains([]string{"D", "q", "base", "C"}, t.Name) && t.Value != "" {
				l.Terms[k].Value = figure.Parse(t.Value).Sub(figure.Of(days)).Rat().RatString()
			}
		}
	}
	return x
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
			dated := strings.Contains(c.Name, "deadline") || strings.Contains(c.Name, "date")
			if dated {
				m = &measure{Kind: "INTENSITY", Harder: "LOWER", Unit: "天"}
				c.Explanation = setWithin(30, c.Explanation)
			}
			d := p.divide("x", c.Explanation, c.Explanation.Shares, c.Kind, m, c.Executor, "T")
			out.WriteString("# " + c.Name + "\n")
			n := 0
			for _, step := range d.Steps {
				out.WriteString(p.enum("whyStep", step.Key) + "\n")
				for _, l := range step.Lines {
					if l.Clause != "" { // those that are charged with nothing
						n++
					}
					said[l.Clause] = true
					text := tags.ReplaceAllString(string(l.Text), "")
					out.WriteString("- " + text + "\n")
					if l.Figured != "" {
						out.WriteString("  " + l.Figured + "\n")
					}
					if strings.ContainsAny(text, "{}[]") || strings.Contains(text, "−-") {
						t.Errorf("%s: %s", c.Name, text)
					}
					if dated && (strings.Contains(text+l.Figured, "(−") || strings.Contains(text, "−") || slices.ContainsFunc(l.Terms, func(t whyTerm) bool { return strings.HasPrefix(t.Value, "−") })) {
						t.Errorf("%s counts days below none: %s %s %v", c.Name, text, l.Figured, l.Terms)
					}
				}
			}
			if closing := d.Steps[len(d.Steps)-1].Closing; closing != "" {
				out.WriteString("> " + closing + "\n")
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

// What is said of a date takes what is said of an amount.
func TestWordsOfDatesTakeTheSame(t *testing.T) {
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, key := range book.Keys() {
		base, dated := strings.CutSuffix(key, lateWords)
		if !dated || !book.Has(base) {
			continue
		}
		n++
		for _, lang := range words.Languages {
			one, err1 := book.Raw(lang, base)
			other, err2 := book.Raw(lang, key)
			if err1 != nil || err2 != nil || !slices.Equal(words.Places(one), words.Places(other)) {
				t.Errorf("%s takes %v, %s %v", base, words.Places(one), key, words.Places(other))
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d are said of dates", n)
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
