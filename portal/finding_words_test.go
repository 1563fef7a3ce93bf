package portal

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"suyuan/portal/words"
	"suyuan/services/figure"
)

// inChinese is a page without a request, for what it says.
func inChinese(t *testing.T) *Page {
	t.Helper()
	return &Page{s: portalFor(t, &fake{}, &fakeSessions{}).site, seen: map[string]bool{}, Lang: "zh-CN"}
}

// What the record does not say is never told as given.
func TestMeansAreSaidAsFarAsTheRecordKnows(t *testing.T) {
	p := inChinese(t)
	for flags, want := range map[string]string{
		"": "该给的职权、通知和资源都给了", "AUTHORITY_UNKNOWN": "通知和资源给了；有没有职权，账上没有记录", "NOTICE_UNKNOWN": "通知到没到，账上没有记录",
		"RESOURCES_UNKNOWN": "职权和通知给了；资源给没给足，账上没有记录", "AUTHORITY_UNKNOWN RESOURCES_UNKNOWN": "通知到了；职权和资源给没给，账上没有记录，按给了算",
		"NOTICE_UNKNOWN AUTHORITY_UNKNOWN": "资源给足了；职权和通知给没给，账上没有记录", "NOTICE_UNKNOWN RESOURCES_UNKNOWN": "有职权；通知和资源给没给，账上没有记录",
		"AUTHORITY_UNKNOWN NOTICE_UNKNOWN RESOURCES_UNKNOWN": "职权、通知和资源给没给足，账上没有记录", "ADEQUACY_UNKNOWN": "职权、通知和资源给没给足，账上没有记录",
	} {
		e := &explained{Page: p, explanation: explanation{Flags: strings.Fields(flags)}, kind: "QUANTITY"}
		if got := e.means(figure.Of(1)); !strings.Contains(got, want) {
			t.Errorf("%s: %s", flags, got)
		}
		if got := e.means(figure.Parse("1/2")); flags != "ADEQUACY_UNKNOWN" && !strings.Contains(got, "50%") {
			t.Errorf("%s: %s", flags, got)
		}
	}
}

// Each thing that evidence can say either tells of an objection, of who knew,
// or of neither; one that is added has to be put in its place.
func TestWhatIsAnObjection(t *testing.T) {
	source := string(must(t, "../services/outcome/evidence/words.go"))
	var neither []string
	for _, m := range regexp.MustCompile(`Says\w+ +Says = "(\w+)"`).FindAllStringSubmatch(source, -1) {
		got := objectedOf([]evidencePoint{{Says: m[1]}})
		with := objectedOf([]evidencePoint{{Says: m[1]}, {Says: "insisted"}})
		switch {
		case slices.Contains(objecting, m[1]):
			if len(got) != 1 || got.Heading() != "finding.objected" {
				t.Errorf("%s is no objection", m[1])
			}
		case slices.Contains(knowing, m[1]):
			if got != nil || len(with) != 2 || with.Heading() != "finding.objectedAndKnew" {
				t.Errorf("%s alone: %v, with an objection: %v", m[1], got, with)
			}
		default:
			neither = append(neither, m[1])
			if got != nil || len(with) != 1 {
				t.Errorf("%s is listed as an objection", m[1])
			}
		}
	}
	for _, says := range []string{"authority", "notice", "means", "verified", "capacity", "effective", "did"} {
		if !slices.Contains(neither, says) {
			t.Errorf("%s is an objection, or is not said any more", says)
		}
	}
	for _, says := range append(slices.Clone(objecting), knowing...) {
		if !strings.Contains(source, `"`+says+`"`) {
			t.Errorf("no evidence says %s", says)
		}
	}
	for _, says := range neither {
		if strings.HasPrefix(says, "stop_") || strings.Contains(says, "object") && says != "told_by_objection" {
			t.Errorf("%s tells of an objection and is not listed", says)
		}
	}
	if objectedOf([]evidencePoint{{Says: "knew", Value: "no"}, {Says: "insisted"}}).Heading() != "finding.objected" {
		t.Error("who did not know is listed as who knew")
	}
}

// Shares are counted by what is charged, not by where the last digit went.
func TestHeadlineCountsByCharges(t *testing.T) {
	p := inChinese(t)
	for want, shares := range map[string][]share{
		"3 个单位各承担 33.33%":             {{Name: "a", Points: 3334, Mass: "10"}, {Name: "b", Points: 3333, Mass: "10"}, {Name: "c", Points: 3333, Mass: "10"}},
		"3 个单位分担，份额从 33.33% 到 33.34%": {{Name: "a", Points: 3334, Mass: "11"}, {Name: "b", Points: 3333, Mass: "10"}, {Name: "c", Points: 3333, Mass: "10"}},
		"4 个单位分担，份额从 18.18% 到 27.28%": {{Name: "a", Points: 1818, Mass: "200"}, {Name: "b", Points: 2728, Mass: "300"}, {Name: "c", Points: 2727, Mass: "300"}, {Name: "d", Points: 2727, Mass: "300"}},
		"两个单位分担，分别承担 70% 和 30%":       {{Name: "a", Points: 3000, Mass: "3"}, {Name: "b", Points: 7000, Mass: "7"}},
	} {
		if got := p.sharedInShort(shares); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// A claim that does not hold any more, or not all of it, says so itself.
func TestClaimSaysWhetherItStands(t *testing.T) {
	p := inChinese(t)
	f := &findingData{}
	f.Penalty.Title = "两件事"
	f.Current.Shares = []share{{Name: "甲镇", Points: 6000}, {Name: "乙村", Points: 4000}}
	for stage, want := range map[string]string{"FINAL": "两件事：", "UPHELD": "两件事：", "VARIED": "已变更：两件事：", "SUPERSEDED": "已被取代：两件事：", "OVERTURNED": "已撤销：两件事："} {
		f.Stage = stage
		if got := p.claimOf(f); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", stage, got)
		}
	}
	row := findingRow{Stage: "SUPERSEDED", Penalty: f.Penalty, Shares: f.Current.Shares}
	if got := p.Headline(row); !strings.HasPrefix(got, "已被取代：") {
		t.Error(got)
	}
}

// Every form of penalty is what a person or what a unit is met with.
func TestFormsAreOfPersonsOrOfUnits(t *testing.T) {
	for _, form := range enums["penaltyForm"] {
		if slices.Contains(personal, form) == slices.Contains(ofUnits, form) {
			t.Errorf("%s is of both or of neither", form)
		}
	}
	for _, form := range append(slices.Clone(personal), ofUnits...) {
		if !known("penaltyForm", form) {
			t.Errorf("there is no %s", form)
		}
	}
}

// What the record says of another measure is told, and not as a measure.
func TestOtherMeasuresAreTold(t *testing.T) {
	p := inChinese(t)
	o := &penaltyRow{Kind: "QUANTITY", Executor: unitRef{Name: "岭脚镇"}}
	o.Penalties = []taken{{Form: "OTHER", Body: unitRef{Name: "县纪委"}, On: "2023-04-01", Text: "正在研究处分。"}, {Form: "CIRCULAR", Body: unitRef{Name: "县纪委"}, On: "2023-04-01"}}
	want := "2023年4月1日，县纪委对岭脚镇作出处理：通报。|2023年4月1日，县纪委对岭脚镇：正在研究处分。"
	if got := strings.Join(p.Measures(o), "|"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Who is charged with no points is told why, by what it did.
func TestNoPointsSayWhy(t *testing.T) {
	p := inChinese(t)
	x := explanation{Case: `{"conduct":{"s":{"power":0,"knew":true,"effective":true},"d":{"power":3,"knew":false}}}`,
		Shares: []share{{Name: "b", Points: 10_000, Mass: "300"}, {Name: "s"}, {Name: "d"}}, Points: []evidencePoint{{Field: "conduct.s", Says: "did", Value: "escalation"}},
		Lines: []explanationLine{{Clause: "conduct.P", Name: "b", Amount: "300", Charges: true, Terms: []explanationTerm{{"s", "3"}, {"k", "1"}, {"e", "0"}, {"w", "1"}}}}}
	d := p.divide("x", x, x.Shares, "CONDUCT", nil, "b", "T")
	lines := d.Steps[len(d.Steps)-1].Lines
	if len(lines) != 3 || string(lines[1].Text) != "s向上报告，算有效的行动，记 0 分。" || len(lines[1].Points) != 1 || string(lines[2].Text) != "d事先不知道危险，记 0 分。" {
		t.Errorf("%+v", lines)
	}
}

// What a deadline's finding says has none of the words of amounts: each that is
// said of an amount has its own of dates, or speaks of neither.
func TestWordsOfDatesAreOfDates(t *testing.T) {
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	ofAmounts := regexp.MustCompile(`加了|差|定得过高|短缺|做到 \{|最多能做到`)
	// What is never said of a deadline: of accidents, contradictions and several
	// demands at once, of what is said of every kind alike.
	never := regexp.MustCompile(`^(why\.(shortOfAll|tooMuchAtOnce|notTooMuch|constraints|constraintsRest|demands|demandsPart|executorAlone|silentContradiction|added|tightened|sharesOfPoints|sharesOfAll|sharesAlready|half|points)|because\.(constraints|demands|demandsPart|conduct|group)|spared\.(stopped|effective|powerless|unaware))$`)
	for _, key := range book.Keys() {
		said := strings.HasPrefix(key, "why.") || strings.HasPrefix(key, "because.") || strings.HasPrefix(key, "spared.") || strings.HasPrefix(key, "liabilityFlag.") ||
			strings.HasPrefix(key, "whyStep.") || strings.HasPrefix(key, "whyTerm.") || key == "finding.short" || key == "finding.shortLate"
		text, err := book.Raw("zh-CN", key)
		if err != nil {
			t.Fatal(err)
		}
		dated := strings.HasSuffix(key, lateWords)
		switch {
		case !said || never.MatchString(key) || !dated && book.Has(key+lateWords):
		case ofAmounts.MatchString(text):
			t.Errorf("%s is said of a deadline: %s", key, text)
		}
	}
}

// The sentences of worked deadlines have no words of amounts either, whatever
// key they are said by.
func TestDeadlinesHaveNoWordsOfAmounts(t *testing.T) {
	text, err := os.ReadFile("testdata/why.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, part := range strings.Split(string(text), "# ")[1:] {
		name, said, _ := strings.Cut(part, "\n")
		if !strings.Contains(name, "deadline") && !strings.Contains(name, "date") {
			continue
		}
		n++
		if m := regexp.MustCompile(`加了|差|定得过高|短缺|missing`).FindString(said); m != "" {
			t.Errorf("%s says %s", name, m)
		}
	}
	if n == 0 {
		t.Error("no deadline was worked")
	}
}

// A paper says what is left to be done about it, and what to bear in mind.
func TestPaperSaysWhereItStands(t *testing.T) {
	about := string(must(t, "testdata/FindingOutcome.json"))
	finding := regexp.MustCompile(`"stage": "[A-Z]+"`).ReplaceAllString(string(must(t, "testdata/Finding.json")), `"stage": "FINAL"`)
	finding = regexp.MustCompile(`"flags": (\[[^\]]*\]|null)`).ReplaceAllString(finding, `"flags": ["RESOURCES_UNKNOWN"]`)
	for stage, want := range map[string]string{"FINAL": "申诉期已满，本认定已经生效", "UPHELD": "申诉已经处理完毕，本认定为最终认定"} {
		q := &told{says: map[string]string{"Finding": strings.ReplaceAll(finding, `"FINAL"`, `"`+stage+`"`), "FindingOutcome": about}}
		text := strings.ReplaceAll(readOut(get(portalFor(t, q, &fakeSessions{}), "/findings/x/paper", "Accept-Language", "zh-CN").Body.String()), " ", "")
		if !strings.Contains(text, want) || strings.Contains(text, "规定的期限") {
			t.Errorf("%s: it does not say %s", stage, want)
		}
		if !strings.Contains(text, "需要留意的地方执行单位需要多少人财物，账上没有记录") {
			t.Errorf("%s: no caveats", stage)
		}
	}
}
