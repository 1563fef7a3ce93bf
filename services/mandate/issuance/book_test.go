package issuance

import (
	"slices"
	"strings"

	"suyuan/services/mandate"
	"suyuan/services/unit"
)

// book is a small read model: what was made, in order, and what was taken
// back. Every unit exists whose code is well-formed, except the lost; those
// in the county 9909 were merged away.
type book struct {
	mandates  map[string]MandateFact
	made      []Made
	withdrawn []string
}

func (b book) Unit(code string) (unit.Fact, bool) {
	return unit.Fact{Code: code, Merged: strings.HasPrefix(code, "9909")}, !strings.HasSuffix(code, "-lost")
}

func (b book) HasDocument(id string) bool { return id == "paper" }

func (b book) Mandate(id string) (MandateFact, bool) { m, ok := b.mandates[id]; return m, ok }

func (b book) find(id string) (Made, bool) {
	i := slices.IndexFunc(b.made, func(m Made) bool { return m.ID == id })
	if i < 0 {
		return Made{}, false
	}
	return b.made[i], true
}

func (b book) Issuance(id string) (Fact, bool) {
	m, ok := b.find(id)
	gone := slices.Contains(b.withdrawn, id)
	return Fact{ID: id, Issuer: m.Issuer, InForce: ok && !gone && b.whole(m), Withdrawn: gone, Basis: m.Basis, Merge: m.Merge}, ok
}

func (b book) whole(m Made) bool {
	if m.Part == nil {
		return true
	}
	s, _ := b.Sheet(m.Issuer, m.Part.Of)
	return len(s.Parts) == s.N
}

func (b book) line(id, to string) (Line, bool) {
	m, _ := b.find(id)
	for _, l := range m.Lines {
		if l.To == to {
			return l, true
		}
	}
	return Line{}, false
}

func (b book) Received(id, to string) []Amount {
	if f, ok := b.Issuance(id); !ok || !f.InForce {
		return nil
	}
	l, _ := b.line(id, to)
	return l.Amounts
}

func (b book) Addressed(id, to string) bool { _, ok := b.line(id, to); return ok }

func (b book) standing(issuer string) (list []Made) {
	for _, m := range b.made {
		if m.Issuer == issuer && !slices.Contains(b.withdrawn, m.ID) {
			list = append(list, m)
		}
	}
	return list
}

func (b book) Resting(issuer, basis, measure string) (ids []string) {
	for _, m := range b.standing(issuer) {
		if slices.Contains(m.Basis, basis) && slices.Contains(m.measures(), measure) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func (b book) Kept(issuer string, basis []string, measure, except string) (kept []string) {
	sorted := func(s []string) []string { return slices.Sorted(slices.Values(s)) }
	for _, m := range b.standing(issuer) {
		if m.ID == except || !slices.Equal(sorted(m.Basis), sorted(basis)) {
			continue
		}
		for _, r := range m.Retained {
			if r.Measure == measure {
				kept = append(kept, r.Value)
			}
		}
	}
	return kept
}

func (b book) Issuers(id string) (codes []string) {
	m, ok := b.find(id)
	if !ok {
		return nil
	}
	codes = []string{m.Issuer}
	for _, up := range m.Basis {
		codes = append(codes, b.Issuers(up)...)
	}
	return codes
}

func (b book) Sheet(issuer, of string) (s Sheet, ok bool) {
	s.Parts = map[int]string{}
	for _, m := range b.made {
		if m.Part != nil && m.Issuer == issuer && m.Part.Of == of {
			s.N, s.Parts[m.Part.K], ok = m.Part.N, m.ID, true
		}
	}
	return s, ok
}

// and is the book with more made.
func (b book) and(made ...Made) book {
	b.made = append(slices.Clone(b.made), made...)
	return b
}

// without is the book with issuances taken back.
func (b book) without(ids ...string) book {
	b.withdrawn = append(slices.Clone(b.withdrawn), ids...)
	return b
}

// The mandate task begins with the province and has one measure of each kind;
// the city sets one of its own, and one more was withdrawn.
func library() book {
	measure := func(key string, kind mandate.Kind, d mandate.Dimension) mandate.Measure {
		return mandate.Measure{Key: key, Name: key, Kind: kind, Dimension: d}
	}
	all := map[string]mandate.Measure{
		"area":    measure("area", mandate.Divisible, mandate.Quantity),
		"houses":  measure("houses", mandate.Divisible, mandate.Quantity),
		"days":    measure("days", mandate.Intensity, mandate.Deadline),
		"patrols": measure("patrols", mandate.Intensity, mandate.Frequency),
		"photos":  measure("photos", mandate.Set, mandate.Trace),
	}
	return book{mandates: map[string]MandateFact{
		"task":  {Origin: "99", Measures: all},
		"other": {Origin: "99", Measures: all},
		"ours":  {Origin: "9901", Measures: all},
		"over":  {Origin: "9901", Measures: all, Withdrawn: true},
	}}
}

func area(v string) Amount { return Amount{Measure: "task/area", Value: v} }

func line(to string, amounts ...Amount) Line { return Line{To: to, Amounts: amounts} }

// passed is an issuance as a clerk records it.
func passed(id, issuer string, basis []string, lines ...Line) Made {
	return Made{ID: id, Issuer: issuer, Basis: basis, Lines: lines, Channel: "document", Source: Declared}
}

// command is what makes it.
func command(m Made, how ...func(c *Make)) Make {
	c := Make{
		ID: m.ID, Issuer: m.Issuer, Document: m.Document, Basis: m.Basis, Origin: m.Origin, Merge: m.Merge, Lines: m.Lines, Retained: m.Retained,
		Approval: m.Approval, Channel: m.Channel, Reserve: m.Reserve, Stated: m.Stated, Sent: m.Sent, Part: m.Part,
	}
	for _, h := range how {
		h(&c)
	}
	return c
}
