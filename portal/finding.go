package portal

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"suyuan/portal/figure"
)

// traceData is one trace: what one issuance asked of a unit, step by step.
type traceData struct {
	Mandate struct {
		mandateRef
		Origin  unitRef
		Assumed []string
	}
	Unit     unitRef
	Measure  measure
	Issuance struct {
		issuanceRef
		Events []eventRef
	}
	Value       string
	Provisional bool
	Reference   *struct {
		Unit     unitRef
		Value    string
		Document *documentRef
		Events   []eventRef
	}
	Steps, Layers []step
	Originating   *unitRef
	Items         []setItem
	Reliefs       []relief
	Flags         []flag
	AsOf          string
}

type step struct {
	Unit                       unitRef
	Level, Amount, Ratio, Kind string
	Authorised                 bool
	Source                     string
	Document                   *documentRef
	Issuance                   struct{ ID string }
	Events                     []eventRef
}

type setItem struct {
	Item      string
	Units     []unitRef
	Documents []documentRef
	Events    []eventRef
}

type relief struct {
	Item     string
	Unit     unitRef
	Document *documentRef
	Events   []eventRef
}

// finding is a trace in words.
type finding struct {
	From  string // what was set at the top and what arrived: 县里定 200 亩，到村成了 220 亩
	Claim string // who changed it: 乡镇加了 20 亩
	Adds  bool   // somebody on the way asked for more
}

// find puts a trace into words; it states, and blames nobody.
func (p *Page) find(t traceData) finding {
	var f finding
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
		f.From, f.Claim = p.say("finding.between"), p.say("finding.direct", "who", p.who(t, t.Issuance.Issuer), "value", value)
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

func (p *Page) findDivisible(t traceData) finding {
	base, origin := figure.Of(0), t.Mandate.Origin
	var claims []string
	f := finding{}
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
			claims = append(claims, p.say("finding.added", "who", by, "amount", size))
		case -1:
			claims = append(claims, p.say("finding.cut", "who", by, "amount", size))
		}
	}
	value := figure.Parse(t.Value)
	from, to := p.size(t.Measure, base), p.size(t.Measure, value)
	f.From = p.fromTo(t, p.who(t, origin), from, to, base.Cmp(value) == 0)
	f.Claim = p.join(claims)
	return f
}

func (p *Page) findIntensity(t traceData) finding {
	at := figure.Parse(t.Reference.Value)
	first := at
	var claims []string
	f := finding{}
	for _, s := range t.Steps {
		if s.Kind == "ORIGIN" {
			continue
		}
		amount := figure.Parse(s.Amount)
		next := at.Add(towards(t.Measure, amount))
		if amount.Sign() != 0 {
			f.Adds = f.Adds || amount.Sign() > 0
			claims = append(claims, p.say("finding.changed", "who", p.who(t, s.Unit), "from", p.size(t.Measure, at), "to", p.size(t.Measure, next)))
		}
		at = next
	}
	value := figure.Parse(t.Value)
	f.From = p.fromTo(t, p.who(t, t.Reference.Unit), p.size(t.Measure, first), p.size(t.Measure, value), first.Cmp(value) == 0)
	f.Claim = p.join(claims)
	return f
}

func (p *Page) findSet(t traceData) finding {
	var f finding
	added, top, first := p.askers(t)
	var claims []string
	for _, a := range added {
		f.Adds = true
		if len(added) == 1 && len(a.items) <= 3 {
			claims = append(claims, p.say("finding.items", "who", a.who, "n", len(a.items), "items", strings.Join(a.items, p.say("list.comma"))))
			continue
		}
		claims = append(claims, p.say("finding.added", "who", a.who, "amount", p.say("finding.count", "n", len(a.items))))
	}
	var dropped []asker
	for _, r := range t.Reliefs {
		dropped = grouped(dropped, p.who(t, r.Unit), r.Item)
	}
	for _, d := range dropped {
		claims = append(claims, p.say("finding.dropped", "who", d.who, "amount", p.say("finding.count", "n", len(d.items))))
	}
	f.From = p.fromTo(t, top, p.say("finding.count", "n", first), p.say("finding.count", "n", len(t.Items)), first == len(t.Items))
	f.Claim = p.join(claims)
	return f
}

// asker is who asked for some items of a set.
type asker struct {
	who   string
	items []string
}

func grouped(in []asker, who, item string) []asker {
	for i := range in {
		if in[i].who == who {
			in[i].items = append(in[i].items, item)
			return in
		}
	}
	return append(in, asker{who, []string{item}})
}

// askers splits a set into what the mandate's origin asked for, how many and
// by what name, and what others added.
func (p *Page) askers(t traceData) (added []asker, top string, first int) {
	top = p.who(t, t.Mandate.Origin)
	for _, item := range t.Items {
		var names []string
		origin := false
		for _, u := range item.Units {
			names = append(names, p.who(t, u))
			origin = origin || u.Code == t.Mandate.Origin.Code
		}
		if origin {
			first++
			continue
		}
		added = grouped(added, strings.Join(names, p.say("list.and")), item.Item)
	}
	return added, top, first
}

func (p *Page) fromTo(t traceData, origin, from, to string, same bool) string {
	if same {
		return p.say("finding.same", "origin", origin, "value", from, "unit", p.who(t, t.Unit))
	}
	return p.say("finding.fromTo", "origin", origin, "base", from, "unit", p.who(t, t.Unit), "value", to)
}

// towards is the sign by which a harder step moves an intensity's value.
func towards(m measure, harder figure.Figure) figure.Figure {
	if m.Harder == "LOWER" {
		return harder.Neg()
	}
	return harder
}

// summed adds up the steps of a unit that stands twice on a chain, for display.
func summed(steps []step) []step {
	var out []step
	at := map[string]int{}
	for _, s := range steps {
		key := s.Unit.Code
		if s.Kind == "ORIGIN" {
			key += " origin"
		}
		if i, twice := at[key]; twice {
			out[i].Amount = figure.Parse(out[i].Amount).Add(figure.Parse(s.Amount)).Rat().String()
			continue
		}
		at[key] = len(out)
		out = append(out, s)
	}
	return out
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
		return p.say("finding.unchanged")
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
