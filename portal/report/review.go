package report

import "strings"

// review is what will be sent, in words, in the order in which it was asked.
// The scripts say the same from the same words.
func (p *Page) review() (out []row) {
	add := func(key, value string) {
		if value != "" {
			out = append(out, row{p.say("review." + key), key, value})
		}
	}
	f := p.Values.facts()
	if m := p.c.mandate(f.Mandate); m != nil {
		add("task", m.Title)
	} else {
		add("task", f.Mandate)
	}
	add("paper", f.Paper)
	if f.Issuer != "" {
		add("who", p.unitName(f.Issuer))
	} else {
		add("who", p.word("level", f.Level))
	}
	add("place", p.unitName(f.Within))
	add("dimension", p.word("dimension", string(f.Dimension)))
	add("down", p.figure(f.Measure, f.CameDown))
	add("asked", p.figure(f.Measure, f.Asked))
	add("due", p.Day(f.Due))
	if f.Minutes > 0 {
		text, err := p.Spent(p.Value("minutes"))
		if err == nil {
			add("minutes", text)
		}
	}
	var forms []string
	for _, form := range f.Forms {
		forms = append(forms, p.word("forms", form))
	}
	add("form", strings.Join(forms, p.say("list.comma")))
	add("motive", p.word("motive", f.Motive))
	add("text", p.Value("text"))
	if p.Value("proof") != "" {
		add("proof", p.say("review.given"))
	}
	return out
}

// figure says a value with its unit of measure.
func (p *Page) figure(measure, value string) string {
	if value == "" {
		return ""
	}
	if p.Frequent() {
		if text, err := p.Times(value); err == nil && strings.Contains(value, "/") {
			return text
		}
	}
	for _, m := range p.Measures() {
		if m.ID == measure && m.Unit != "" {
			return value + " " + m.Unit
		}
	}
	return value
}

// word is a word of the claim, as it stands where there is none.
func (p *Page) word(of, code string) string {
	text, err := p.Word(of, code)
	if err != nil {
		return code
	}
	return text
}
