package portal

import "strings"

func (p *Page) findSet(t traceData) wording {
	var f wording
	added, top, first := p.askers(t)
	var claims []string
	for _, a := range added {
		f.Adds = true
		if len(added) == 1 && len(a.items) <= 3 {
			claims = append(claims, p.say("wording.items", "who", a.who, "n", len(a.items), "items", strings.Join(a.items, p.say("list.comma"))))
			continue
		}
		claims = append(claims, p.say("wording.added", "who", a.who, "amount", p.say("wording.count", "n", len(a.items))))
	}
	var dropped []asker
	for _, r := range t.Reliefs {
		dropped = grouped(dropped, p.who(t, r.Unit), r.Item)
	}
	for _, d := range dropped {
		claims = append(claims, p.say("wording.dropped", "who", d.who, "amount", p.say("wording.count", "n", len(d.items))))
	}
	f.From = p.fromTo(t, top, p.say("wording.count", "n", first), p.say("wording.count", "n", len(t.Items)), first == len(t.Items))
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
