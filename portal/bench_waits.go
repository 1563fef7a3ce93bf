package portal

import (
	"slices"
	"strings"
)

// waiting is something that a finding waits for.
type waiting struct {
	What string // of the set "waits"
	Says string // whom or how many
	Due  string // the day it is due, or ends; "" where no day is set
	Mine bool   // the reader could do it
}

// waits says what a finding waits for as things stand, the first first.
func (p *Page) waits(f *benchFinding, today string) (list []waiting) {
	me := p.Actor.Account
	add := func(what, says, due string, mine bool) { list = append(list, waiting{what, says, due, mine}) }
	switch {
	case f.at("DRAFT") && f.failed():
		add("VERSION", "", "", true)
	case f.at("DRAFT"):
		add("CHECK", "", "", f.drafter() != me)
	case f.at("CHECKED"):
		add("NOTIFY", "", "", true)
	case f.at("HEARING"):
		p.waitsHeard(f, today, add)
	case f.at("APPEALED"):
		add("APPEAL", p.say("bench.votes", "n", votes(f)), f.due("APPEAL_DECISION", ""), !slices.Contains(f.Hands, me) && !f.voted(me))
	case f.at("ISSUED", "UPHELD", "FINAL", "VARIED") && f.Marked != "":
		add("REVIEW", "", "", true)
	case f.at("ISSUED"):
		add("APPEAL_PERIOD", "", f.due("APPEAL", ""), false)
	}
	return list
}

// waitsHeard is what the defence and the panel wait for.
func (p *Page) waitsHeard(f *benchFinding, today string, add func(what, says, due string, mine bool)) {
	me := p.Actor.Account
	if !f.noticed() {
		add("NOTIFY", "", "", true)
	}
	if n := len(f.pending()); n > 0 {
		add("REPLIES", p.say("bench.replies", "n", n), "", true)
	}
	if len(f.unfollowed()) > 0 {
		add("FOLLOW", "", "", true)
	}
	if units := f.unheard(); units != nil {
		add("HEARING", p.names(units), "", true)
	}
	for _, n := range f.open(today) {
		add("NOTICE", n.Unit.Name, n.Until, false)
	}
	for _, m := range f.unsettled() {
		add("MIRROR", m.Unit.Name, m.Until, false)
	}
	if f.ready(today) {
		add("PANEL", p.say("bench.votes", "n", votes(f)), "", !f.voted(me))
	}
}

// votes counts those on the version or the appeal that counts.
func votes(f *benchFinding) (n int) {
	for _, v := range f.Votes {
		if f.at("APPEALED") && v.Appeal == len(f.Appeals) || !f.at("APPEALED") && v.Appeal == 0 && v.Version == f.version() {
			n++
		}
	}
	return n
}

// due is the day of a term, of a unit where one is named.
func (f *benchFinding) due(term, unit string) string {
	for _, t := range f.Terms {
		if t.Term == term && (unit == "" || t.Unit != nil && t.Unit.Code == unit) {
			return t.Due
		}
	}
	return ""
}

// names are the names of units in a row.
func (p *Page) names(units []unitRef) string {
	var out []string
	for _, u := range units {
		out = append(out, u.Name)
	}
	return strings.Join(out, p.say("list.comma"))
}
