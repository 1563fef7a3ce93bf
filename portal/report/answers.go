package report

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"suyuan/services/complaint/claim"
	"suyuan/services/intake/envelope"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
)

// A field of the forms: the step that asks for it, and its bounds.
type field struct {
	name   string
	step   string
	runes  int
	values int
	lines  bool // line breaks are kept
}

// The fields in the order in which pages ask for them. What another step asks
// for is carried along unseen, so that nothing is lost on the way back.
var fields = []field{
	{name: "task", step: "1", runes: 128}, {name: "taskq", step: "1", runes: 60}, {name: "paper", step: "1", runes: 80},
	{name: "who", step: "1", runes: 140}, {name: "whoq", step: "1", runes: 60},
	{name: "place", step: "1", runes: 20}, {name: "placeq", step: "1", runes: 60}, {name: "dimension", step: "1", runes: 20},
	{name: "measure", step: "2", runes: 200}, {name: "down", step: "2", runes: 60}, {name: "asked", step: "2", runes: 60},
	{name: "due", step: "2", runes: 20}, {name: "minutes", step: "2", runes: 6},
	{name: "form", step: "2", runes: 20, values: len(claim.Forms)}, {name: "motive", step: "2", runes: 20},
	{name: "text", step: "2", runes: 1000, lines: true}, {name: "proof", step: "2", runes: 1000, lines: true},
	{name: "receipt", step: "3", runes: 200},
	{name: "typed", step: "sent", runes: 100},
	{name: "reply", step: "box", runes: 1000, lines: true}, {name: "solved", step: "box", runes: 3}, {name: "satisfied", step: "box", runes: 3},
	{name: "review", step: "box", runes: 1000, lines: true}, {name: "retaliation", step: "box", runes: 1000, lines: true},
	{name: "sure", step: "box", runes: 3}, {name: "letter", step: "box", runes: 32},
}

func fieldOf(name string) *field {
	for i := range fields {
		if fields[i].name == name {
			return &fields[i]
		}
	}
	return nil
}

// answers are what was posted, cut to what fields may hold.
type answers map[string][]string

// answersOf keeps the fields there are; what is too long is cut, which the
// check of its field then tells.
func answersOf(posted url.Values) answers {
	out := answers{}
	for _, f := range fields {
		for _, v := range posted[f.name] {
			if v = tidy(v, f); v != "" && len(out[f.name]) < max(f.values, 1) && !slices.Contains(out[f.name], v) {
				out[f.name] = append(out[f.name], v)
			}
		}
	}
	return out
}

func tidy(v string, f field) string {
	v = strings.ReplaceAll(strings.ToValidUTF8(v, ""), "\r\n", "\n")
	v = strings.Map(func(r rune) rune {
		if r == '\n' && f.lines || !unicode.IsControl(r) {
			return r
		}
		return -1
	}, v)
	v = strings.TrimSpace(v)
	for utf8.RuneCountInString(v) > f.runes {
		_, size := utf8.DecodeLastRuneInString(v)
		v = v[:len(v)-size]
	}
	return v
}

func (a answers) get(name string) string {
	if v := a[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// issuer is the unit that added, or its level; both empty where none was chosen.
func (a answers) issuer() (code, level string) {
	kind, of, _ := strings.Cut(a.get("who"), ":")
	switch kind {
	case "unit":
		return of, ""
	case "level":
		return "", of
	}
	return "", ""
}

// facts are the answers in the claim's words, not checked.
func (a answers) facts() claim.Facts {
	f := claim.Facts{
		V: claim.Version, Mandate: a.get("task"), Within: a.get("place"), Dimension: mandate.Dimension(a.get("dimension")),
		Measure: a.get("measure"), CameDown: number(a.get("down")), Asked: number(a.get("asked")), Due: day(a.get("due")),
		Forms: a["form"], Motive: a.get("motive"),
	}
	if f.Mandate == "" {
		f.Paper = a.get("paper")
	}
	if f.Mandate == "" || !strings.HasPrefix(f.Measure, f.Mandate+"/") {
		f.Measure = ""
	}
	f.Issuer, f.Level = a.issuer()
	f.Minutes, _ = strconv.Atoi(a.get("minutes"))
	return f
}

// number is a figure as people type it: full-width digits, separators of
// thousands and blanks are no fault.
func number(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '．':
			return '.'
		case r == '／':
			return '/'
		case r == ',' || r == '，' || unicode.IsSpace(r):
			return -1
		}
		return r
	}, s)
}

// day is a date as people type it: 2022-08-09, 2022/8/9, 2022年8月9日.
func day(s string) ledger.Date {
	parts := strings.FieldsFunc(number(s), func(r rune) bool { return r == '-' || r == '/' || r == '.' || r == '年' || r == '月' || r == '日' })
	if len(parts) != 3 {
		return ledger.Date(s)
	}
	for i, p := range parts {
		if len(p) == 1 && i > 0 {
			parts[i] = "0" + p
		}
	}
	return ledger.Date(strings.Join(parts, "-"))
}

// A fault is what is wrong with one field, told above the form and at the field.
type fault struct {
	Field string // its name in the form
	Text  string
	step  string
}

// check1 is what the first step must answer.
func (p *Page) check1() (out []fault) {
	a := p.Values
	say := func(field, key string) { out = append(out, fault{field, p.say(key), "1"}) }
	if a.get("task") == "" && a.get("paper") == "" {
		say("task", "fault.task")
	} else if utf8.RuneCountInString(a.get("paper")) > 40 && a.get("task") == "" {
		say("paper", "fault.paper")
	}
	if code, level := a.issuer(); code == "" && !slices.Contains(claim.Levels, level) {
		say("who", "fault.who")
	}
	if !slices.Contains(mandate.Dimensions, mandate.Dimension(a.get("dimension"))) {
		say("dimension", "fault.dimension")
	}
	if f := a.facts(); len(out) == 0 {
		f.Measure, f.CameDown, f.Asked, f.Due, f.Minutes, f.Forms, f.Motive = "", "", "", "", 0, nil, ""
		if err := f.Check(); err != nil {
			out = append(out, p.faultOf(err))
		}
	}
	return out
}

// check2 is what the second step must answer; the first is checked before.
func (p *Page) check2() (out []fault) {
	if n := utf8.RuneCountInString(p.Values.get("text")); n > envelope.MaxText {
		out = append(out, fault{"text", p.say("fault.text", "n", n), "2"})
	}
	if err := p.Values.facts().Check(); err != nil {
		out = append(out, p.faultOf(err))
	}
	return out
}

// Which field of the form is at fault where the claim names its own.
var formField = map[string]string{
	"mandate": "task", "paper": "paper", "issuer": "who", "level": "who", "within": "place", "dimension": "dimension", "measure": "measure",
	"cameDown": "down", "asked": "asked", "due": "due", "minutes": "minutes", "forms": "form", "motive": "motive",
}

// faultOf is a refusal at the field where it can be put right; where it is
// nobody's field, at none.
func (p *Page) faultOf(err error) fault {
	e := ledger.AsError(err)
	out := fault{Text: e.Text.In(p.Lang)}
	name, _, _ := strings.Cut(strings.TrimPrefix(e.Field, "facts."), "[")
	group, _, _ := strings.Cut(e.Rule, ".")
	switch {
	case formField[name] != "":
		out.Field = formField[name]
	case name == "text" || name == "narrative":
		out.Field = "text"
	case group == "token" || name == "proof" || e.Rule == "intake.spent":
		out.Field = "proof"
	case group == "picture":
		out.Field = "picture"
	case group == "receipt" || e.Rule == "intake.taken" || e.Rule == "intake.no_box":
		out.Field = "receipt"
	}
	if e.Rule == "intake.too_few_investigators" {
		out.Field = "who" // another unit or county may be read by more
	}
	if f := fieldOf(out.Field); f != nil {
		out.step = f.step
	}
	if key := "fault." + out.Field; group == "claim" && p.t.book.Has(key) {
		out.Text = p.say(key) // in the words of the form
	}
	return out
}
