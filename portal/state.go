package portal

// render fills a page, with what is wrong with the ledger above it. Where that
// cannot be asked, the page's own questions are not answered either.
func (p *Page) render(name string, data any) ([]byte, error) {
	got, err := ask[struct{ Ledger ledgerState }](p.r.Context(), p.s, "state", nil)
	if err == nil {
		p.Notice = p.notice(got.Ledger)
	}
	return p.s.pages.render(name, data)
}

// notice says that no entries are taken, and why. An event may be found to
// differ before it was ever folded, and then pages end before it, or later.
func (p *Page) notice(l ledgerState) string {
	switch {
	case l.DamagedAt == "" && l.ReadOnly:
		return p.say("state.readOnly")
	case l.DamagedAt == "":
		return ""
	case within(l.DamagedAt, l.Ordinal):
		return p.say("state.damagedLater", "ordinal", l.DamagedAt, "shown", p.Num(l.Ordinal))
	}
	return p.say("state.damaged", "ordinal", l.DamagedAt, "shown", p.Num(l.Ordinal))
}

// within reports whether an ordinal is among the first size events; both are
// whole numbers as text.
func within(ordinal, size string) bool {
	return len(ordinal) < len(size) || len(ordinal) == len(size) && ordinal <= size
}
