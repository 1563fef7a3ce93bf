package portal

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"suyuan/services/figure"
)

// wording is a trace in words.
type wording struct {
	From  string // what was set at the top and what arrived: 县里定 200 亩，到村成了 220 亩
	Claim string // who changed it: 乡镇加了 20 亩
	Adds  bool   // somebody on the way asked for more
}

// find puts a trace into words; it states, and blames nobody.
func (p *Page) find(t traceData) wording {
	var f wording
	switch {
	case t.Measure.Set():
		f = p.findSet(t)
	case t.Reference != nil:
		f = p.findIntensity(t)
	default:
		f = p.findDivisible(t)
	}
	if direct(t) && !t.Measure.Set() {
		value := p.size(t.Measure, figure.Parse(t.Value))
		f.From, f.Claim = p.say("wording.between"), p.say("wording.direct", "who", p.who(t, t.Issuance.Issuer), "value", value)
	}
	f.From, f.Claim = p.sentence(f.From), p.sentence(f.Claim)
	return f
}

// direct reports whether nobody stood between the origin and the receiver.
func direct(t traceData) bool {
	for _, s := range t.Steps {
		if s.Kind != "ORIGIN" || s.Unit.Code != t.Issuance.Issuer.Code {
			return false
		}
	}
	return t.Reference == nil || t.Reference.Unit.Code == t.Issuance.Issuer.Code
}

func (p *Page) findDivisible(t traceData) wording {
	base, origin := figure.Of(0), t.Mandate.Origin
	var claims []claim
	f := wording{}
	for _, s := range summed(t.Steps) {
		if s.Kind == "ORIGIN" {
			if base.Sign() == 0 {
				origin = s.Unit
			}
			base = base.Add(figure.Parse(s.Amount))
			continue
		}
		amount := figure.Parse(s.Amount)
		by, size := p.who(t, s.Unit), p.size(t.Measure, amount.Abs())
		switch amount.Sign() {
		case 1:
			f.Adds = true
			claims = append(claims, claim{p.say("wording.added", "who", by, "amount", size), amount})
		case -1:
			claims = append(claims, claim{p.say("wording.cut", "who", by, "amount", size), amount.Abs()})
		}
	}
	value := figure.Parse(t.Value)
	from, to := p.size(t.Measure, base), p.size(t.Measure, value)
	f.From = p.fromTo(t, p.who(t, origin), from, to, base.Cmp(value) == 0)
	f.Claim = p.join(p.foremost(claims))
	return f
}

// claim is what one unit changed, and by how much.
type claim struct {
	text string
	size figure.Figure
}

// mostClaims is how many changes a headline names.
const mostClaims = 3

// foremost keeps the largest changes, in the order of the chain, and counts the rest.
func (p *Page) foremost(claims []claim) []string {
	bySize := slices.Clone(claims)
	slices.SortStableFunc(bySize, func(a, b claim) int { return b.size.Cmp(a.size) })
	var out []string
	for _, c := range claims {
		if len(claims) <= mostClaims || c.size.Cmp(bySize[mostClaims-1].size) >= 0 && len(out) < mostClaims {
			out = append(out, c.text)
		}
	}
	if rest := len(claims) - len(out); rest > 0 {
		out = append(out, p.say("wording.rest", "n", rest))
	}
	return out
}

func (p *Page) findIntensity(t traceData) wording {
	at := figure.Parse(t.Reference.Value)
	first := at
	var claims []string
	f := wording{}
	for _, s := range t.Steps {
		if s.Kind == "ORIGIN" {
			continue
		}
		amount := figure.Parse(s.Amount)
		next := at.Add(towards(t.Measure, amount))
		if amount.Sign() != 0 {
			f.Adds = f.Adds || amount.Sign() > 0
			claims = append(claims, p.say("wording.changed", "who", p.who(t, s.Unit), "from", p.size(t.Measure, at), "to", p.size(t.Measure, next)))
		}
		at = next
	}
	value := figure.Parse(t.Value)
	f.From = p.fromTo(t, p.who(t, t.Reference.Unit), p.size(t.Measure, first), p.size(t.Measure, value), first.Cmp(value) == 0)
	f.Claim = p.join(claims)
	return f
}

func (p *Page) fromTo(t traceData, origin, from, to string, same bool) string {
	if same {
		return p.say("wording.same", "origin", origin, "value", from, "unit", p.who(t, t.Unit))
	}
	return p.say("wording.fromTo", "origin", origin, "base", from, "unit", p.who(t, t.Unit), "value", to)
}

// towards is the sign by which a harder step moves an intensity's value.
func towards(m measure, harder figure.Figure) figure.Figure {
	if m.Harder == "LOWER" {
		return harder.Neg()
	}
	return harder
}

// who names a unit by its level where only it stands for that level on the
// chain, else by its name.
func (p *Page) who(t traceData, u unitRef) string {
	here := map[string]bool{u.Code: true}
	note := func(v unitRef) {
		if v.Level == u.Level && v.Code != "" {
			here[v.Code] = true
		}
	}
	note(t.Unit)
	note(t.Issuance.Issuer)
	for _, s := range t.Steps {
		note(s.Unit)
	}
	for _, i := range t.Items {
		for _, v := range i.Units {
			note(v)
		}
	}
	for _, r := range t.Reliefs {
		note(r.Unit)
	}
	if len(here) > 1 || !known("levelSays", u.Level) || (u.Kind != "GOVERNMENT" && u.Kind != "VILLAGE") {
		return u.Name
	}
	return p.enum("levelSays", u.Level)
}

// size is a value in short, for sentences and pictures.
func (p *Page) size(m measure, f figure.Figure) string {
	text, err := p.quantity(m, f.Rat().String(), figure.Figure.Short)
	if err != nil {
		panic(err)
	}
	return text
}

func (p *Page) join(claims []string) string {
	if len(claims) == 0 {
		return p.say("wording.unchanged")
	}
	return strings.Join(claims, p.say("list.clause"))
}

// betweenHan is a space that stands before a number but not before a word.
var betweenHan = regexp.MustCompile(`(\p{Han}) (\p{Han})`)

// sentence begins an English sentence with a capital and closes up a Chinese one.
func (p *Page) sentence(s string) string {
	if p.Lang == "zh-CN" {
		return betweenHan.ReplaceAllString(s, "$1$2")
	}
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
