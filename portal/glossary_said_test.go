package portal

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// The terms of the field that a finding, its outcome and its paper use lead to
// the glossary, each from its first use and from no other.
func TestTermsOfFindingsAreLinked(t *testing.T) {
	h := portalFor(t, &fake{}, &fakeSessions{})
	link := regexp.MustCompile(`href="[^"]*/glossary#(\w+)"`)
	seen := map[string]map[string]bool{}
	for kind, addresses := range map[string][]string{
		"finding": {issued, "/findings/overturned-1", "/findings/site-1"}, "outcome": {"/outcomes/990101101202-20221231-0a1b2c3d", "/outcomes/site"}, "paper": {issued + "/paper", "/findings/overturned-1/paper", "/findings/site-1/paper"},
	} {
		for _, lang := range []string{"zh-CN", "en"} {
			all := map[string]bool{}
			for _, address := range addresses {
				once := map[string]bool{}
				for _, m := range link.FindAllStringSubmatch(get(h, address, "Accept-Language", lang).Body.String(), -1) {
					if once[m[1]] {
						t.Errorf("%s in %s links %s twice", address, lang, m[1])
					}
					once[m[1]], all[m[1]] = true, true
				}
			}
			seen[kind+" "+lang] = all
		}
	}
	for where, terms := range map[string]string{
		"finding": "jointResponsibility addOn dutyList direct selfExamination circular orgHandling discipline govSanction defence notice mirror originUnit unattributed peerCheck panel appeal",
		"outcome": "circular mirror originUnit",
		"paper":   "addOn direct selfExamination circular orgHandling notice mirror originUnit appeal peerCheck panel",
	} {
		for _, lang := range []string{"zh-CN", "en"} {
			for _, code := range strings.Fields(terms) {
				if !seen[where+" "+lang][code] {
					t.Errorf("no %s in %s links %s", where, lang, code)
				}
			}
		}
	}
}

func TestGlossed(t *testing.T) {
	site := portalFor(t, &fake{}, &fakeSessions{}).site
	page := func(lang string) *Page {
		return &Page{s: site, r: httptest.NewRequest("GET", "/", nil), seen: map[string]bool{}, Lang: lang}
	}
	zh := page("zh-CN")
	if got := zh.Glossed("<提出通报>，再通报"); got != `&lt;提出<a class="term" href="/glossary#circular">通报</a>&gt;，再通报` {
		t.Error(got)
	}
	if got := zh.Glossed("通报"); got != "通报" {
		t.Errorf("linked again: %s", got)
	}
	for _, of := range [][2]string{{"事故发生之前已接到隐患提醒", "告知"}, {"已被告知隐患", "告知"}} {
		if got := zh.Glossed(of[0]); strings.Contains(string(got), "<a") {
			t.Errorf("explained as %s: %s", of[1], got)
		}
	}
	if got := page("zh-CN").Glossed("作出处理：直接责任人撤职、撤职", "直接责任人撤职"); got != `作出处理：直接责任人撤职、<a class="term" href="/glossary#removal">撤职</a>` {
		t.Errorf("what others wrote is explained: %s", got)
	}
	if got := page("zh-CN").Glossed("提出通报", ""); !strings.Contains(string(got), "<a") {
		t.Errorf("no words on record hide all: %s", got)
	}
	if got := page("en").Glossed("İİ, who leads and checked at short notice in step, was GIVEN notice"); got != `İİ, who leads and checked at short notice in step, was <a class="term" href="/glossary#notice">GIVEN notice</a>` {
		t.Errorf("common words are explained: %s", got)
	}
	if got := zh.Glossed("陈述申辩"); !strings.Contains(string(got), ">陈述申辩</a>") {
		t.Errorf("not the longest: %s", got)
	}
	for _, key := range []string{"class.DIRECT", "class.MAIN_LEADING", "class.IMPORTANT_LEADING", "penaltyForm.REMINDER_TALK", "penaltyForm.REMOVAL", "penaltyForm.CASE_FILED", "penaltyForm.ADMONITION"} {
		for _, p := range []*Page{page("zh-CN"), page("en")} {
			if got := string(p.Glossed(p.say(key))); !strings.HasPrefix(got, "<a ") || !strings.HasSuffix(got, "</a>") {
				t.Errorf("%s is not linked: %s", key, got)
			}
		}
	}
	en := page("en")
	if got := en.Glossed("The unchecked panels; Panel: 2"); got != `The unchecked panels; <a class="term" href="/glossary#panel">Panel</a>: 2` {
		t.Error(got)
	}
	en.origin = "https://example.org"
	if got := en.Glossed("an appeal"); !strings.Contains(string(got), `href="https://example.org/glossary#appeal"`) {
		t.Error(got)
	}
}

// A headline takes two lines; where names do not fit they are counted.
func TestHeadlineFits(t *testing.T) {
	p := &Page{s: portalFor(t, &fake{}, &fakeSessions{}).site, Lang: "zh-CN"}
	long := func(n int) (out []share) {
		for i := range n {
			out = append(out, share{Name: strings.Repeat("很长的单位名称", 3) + itoa(i), Points: 10_000 / n})
		}
		return out
	}
	f := &findingData{}
	f.Penalty.Title = "工地隐患多次上报、无人停工，两小时后发生事故"
	for n, want := range map[int]string{4: "4 个单位各承担 25%", 1: "全部由"} {
		f.Current.Shares = long(n)
		if got := p.issuedClaim(f); !strings.Contains(got, want) {
			t.Errorf("%d: %s", n, got)
		}
	}
	f.Current.Shares = []share{{Name: "甲公司", Points: 6000}, {Name: strings.Repeat("乙", 30), Points: 3000}, {Name: unattributed, Points: 1000}}
	if got := p.issuedClaim(f); !strings.HasSuffix(got, "：两个单位分担，分别承担 60% 和 30%，10% 未归属") {
		t.Error(got)
	}
	f.Current.Shares = []share{{Name: "甲镇", Points: 6000}, {Name: "乙村", Points: 4000}}
	if got := p.issuedClaim(f); !strings.Contains(got, "甲镇承担 60%") {
		t.Error(got)
	}
}

// What was done to persons does not read as done to the unit, and what several
// asked at once is told together.
func TestMeasuresAndDemandsInWords(t *testing.T) {
	p := &Page{s: portalFor(t, &fake{}, &fakeSessions{}).site, Lang: "zh-CN"}
	o := &penaltyData{}
	o.Kind, o.Executor = "CONDUCT", unitRef{Name: "承建公司"}
	body := unitRef{Name: "区纪委"}
	o.Penalties = []taken{
		{Form: "REMOVAL", Body: body, On: "2021-05-27", Text: "直接责任人撤职"}, {Form: "CASE_FILED", Body: body, On: "2021-05-27", Text: "立案查处5人"},
		{Form: "OTHER", Body: body, On: "2021-05-27", Text: "问责2人"}, {Form: "CIRCULAR", Body: body, On: "2021-05-28", Text: "通报全区"}, {Form: "OTHER", Body: body, On: "2021-05-29"},
	}
	want := []string{"2021年5月27日，区纪委对有关责任人作出处理：直接责任人撤职、立案查处5人、问责2人。", "2021年5月28日，区纪委对承建公司作出处理：通报。", "2021年5月29日，区纪委对承建公司作出处理：其他处理（没有写明）。"}
	if got := p.Measures(&o.penaltyRow); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Error(got)
	}
	o.Kind = "QUANTITY"
	if got := p.Measures(&o.penaltyRow)[0]; !strings.Contains(got, "对承建公司有关责任人作出处理") {
		t.Error(got)
	}
	o.Kind, o.Measure = "COMPETING", &measure{Kind: "DIVISIBLE", Unit: "人次"}
	got := p.asked(o, []evidencePoint{{Says: "asked", Unit: &unitRef{Name: "甲"}, Value: "1"}, {Says: "asked", Unit: &unitRef{Name: "乙"}, Value: "2"}, {Says: "capacity", Value: "1"}})
	if got == nil || len(got.Rows) != 2 || got.Claim != "2 个单位合计要求 3 人次，承建公司最多能做到 1 人次" || got.Total != "3 人次" {
		t.Errorf("%+v", got)
	}
	if o.Kind = "QUANTITY"; p.asked(o, nil) != nil {
		t.Error("a shortfall has competing demands")
	}
}

// Why an addition counts as one is told as far as the record knows it.
func TestWhyAnAdditionCounts(t *testing.T) {
	p := &Page{s: portalFor(t, &fake{}, &fakeSessions{}).site, Lang: "zh-CN"}
	l := explanationLine{Clause: "1.layer", Amount: "20", From: []string{"issued[1]"}}
	for want, ignored := range map[string][]evidencePoint{
		"没有经过批准，算": nil, "经过批准，但没有给相应的资源，算": {{Field: "issued[1]", Says: "approved_without_means", Value: "20"}},
		"其中 5 经过批准但没有给相应的资源，其余没有经过批准": {{Field: "issued[1]", Says: "approved_without_means", Value: "5"}},
		"批准在事情发生以后才登记，不作数":            {{Field: "issued[1]", Says: "approved", Value: "20"}},
		"20，没有经过批准":                   {{Field: "issued[2]", Says: "approved", Value: "20"}},
	} {
		e := &explained{Page: p, explanation: explanation{Lines: []explanationLine{{}}, Points: []evidencePoint{{}}, Ignored: ignored}, kind: "QUANTITY"}
		if got := e.layer(l, "镇"); !strings.Contains(got, want) {
			t.Errorf("%s: %s", want, got)
		}
	}
	if got := (&explained{Page: p, kind: "QUANTITY", explanation: explanation{Lines: []explanationLine{{}}}}).layer(l, "镇"); !strings.Contains(got, "没有批准，或者批准了没给资源") {
		t.Errorf("a what-if says %s", got)
	}
}
