package attribution

import (
	"fmt"
	"slices"
	"strings"

	"suyuan/services/exact"
)

// Memory is a Book held in memory, made from a Case. It does not change and may be read from several goroutines.
type Memory struct {
	kind      Kind
	harder    Harder
	units     names
	items     names
	issuances []held
	index     map[string]int32
	groups    []Totals
	work      int // what summing may still cost while it is being made
}

type held struct {
	id     string
	issuer int32
	basis  []int32
	merge  Merge
	group  int32
	lines  []heldLine
	at     map[int32]int32 // unit → index in lines
}

type heldLine struct {
	to    int32
	line  Line
	items []int32
}

// names gives handles to names in order of appearance.
type names struct {
	all   []string
	index map[string]int32
}

func (n *names) handle(name string) int32 {
	if h, ok := n.index[name]; ok {
		return h
	}
	h := int32(len(n.all))
	n.all = append(n.all, name)
	n.index[name] = h
	return h
}

// NewMemory checks everything a case says and makes a Book of it. Its errors wrap ErrCase, ErrCycle, ErrMerge or
// ErrTooDeep, name the issuance, and say what to do.
func NewMemory(c Case) (*Memory, error) {
	m := &Memory{
		units: names{index: map[string]int32{}}, items: names{index: map[string]int32{}},
		index: make(map[string]int32, len(c.Issuances)), work: maxAnswerWork,
	}
	steps := []func(Case) error{m.measure, m.identify, m.connect, m.fill, m.group, m.refuseCycles, m.refuseExcess}
	for _, step := range steps {
		if err := step(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *Memory) measure(c Case) error {
	kinds := map[string]Kind{"divisible": Divisible, "intensity": Intensity, "set": Set}
	harders := map[string]Harder{"": 0, "lower": HarderLower, "higher": HarderHigher}
	kind, ok := kinds[c.Kind]
	if !ok {
		return refuse("kind is %.40q: write divisible, intensity or set", c.Kind)
	}
	harder, ok := harders[c.Harder]
	if !ok || kind == Intensity && harder == 0 {
		return refuse("harder is %.40q: write lower (as for deadlines) or higher (as for frequencies)", c.Harder)
	}
	m.kind, m.harder = kind, harder
	return nil
}

// identify gives every issuance its handle, so that a basis may stand below what is based on it.
func (m *Memory) identify(c Case) error {
	if len(c.Issuances) == 0 || len(c.Issuances) > MaxIssuances {
		return refuse("it has %d issuances: give 1 to %d", len(c.Issuances), MaxIssuances)
	}
	m.issuances = make([]held, len(c.Issuances))
	for i, in := range c.Issuances {
		if err := checkID(in.ID); err != nil {
			return refuse("issuances[%d]: id %w", i, err)
		}
		if _, twice := m.index[in.ID]; twice {
			return refuse("issuance %q stands twice: give each its own id", in.ID)
		}
		if err := checkID(in.Issuer); err != nil {
			return refuse("issuance %q: issuer %w", in.ID, err)
		}
		m.index[in.ID] = int32(i)
		m.issuances[i] = held{id: in.ID, issuer: m.units.handle(in.Issuer)}
	}
	return nil
}

func (m *Memory) connect(c Case) error {
	merges := map[string]Merge{"": MergeDefault, "sum": MergeSum, "strictest": MergeStrictest, "union": MergeUnion}
	for i, in := range c.Issuances {
		h := &m.issuances[i]
		merge, ok := merges[in.Merge]
		if !ok {
			return refuse("issuance %q: merge is %.40q: write sum, strictest or union, or leave it out", in.ID, in.Merge)
		}
		var err error
		if h.merge, err = merge.For(m.kind); err != nil {
			return fmt.Errorf("issuance %q: merge %s: %w", in.ID, in.Merge, err)
		}
		if len(in.Basis) > MaxLines {
			return refuse("issuance %q has %d bases: at most %d", in.ID, len(in.Basis), MaxLines)
		}
		h.basis = make([]int32, 0, len(in.Basis))
		seen := make(map[int32]bool, len(in.Basis))
		for _, id := range in.Basis {
			b, ok := m.index[id]
			switch {
			case !ok:
				return refuse("issuance %q: basis %.40q is not among the issuances: add it or correct the id", in.ID, id)
			case seen[b]:
				return refuse("issuance %q names basis %q twice: remove one", in.ID, id)
			}
			seen[b] = true
			h.basis = append(h.basis, b)
		}
	}
	return nil
}

// checkID refuses what cannot be told from nothing, or would drown a message.
func checkID(id string) error {
	switch {
	case strings.TrimSpace(id) == "":
		return fmt.Errorf("is missing: give one")
	case len(id) > maxID:
		return fmt.Errorf("is longer than %d bytes: shorten it", maxID)
	}
	return nil
}

// number reads an amount that is not below 0.
func number(text string) (exact.Rat, error) {
	switch {
	case text == "":
		return exact.Rat{}, fmt.Errorf(`is missing: write a number such as "600", "0.5" or "30/7"`)
	case len(text) > maxNumber:
		return exact.Rat{}, fmt.Errorf("is longer than %d characters: shorten it", maxNumber)
	}
	r, err := exact.ParseRat(text)
	if err != nil {
		return exact.Rat{}, err
	}
	if r.Sign() < 0 {
		return exact.Rat{}, fmt.Errorf("is %s: amounts cannot be below 0", text)
	}
	return r, nil
}

// Kind is the measure's kind.
func (m *Memory) Kind() Kind { return m.kind }

// Harder is the measure's direction, 0 where the case does not say.
func (m *Memory) Harder() Harder { return m.harder }

// Find returns the handles of a place, whether or not there is a line; false where the names are unknown.
func (m *Memory) Find(p Place) (issuance, unit int32, ok bool) {
	issuance, known := m.index[p.Issuance]
	unit, ok = m.units.index[p.Unit]
	return issuance, unit, known && ok
}

// UnitName, ItemName and IssuanceID give back what a handle stands for.
func (m *Memory) UnitName(unit int32) string { return m.units.all[unit] }

// ItemName is the item's id in the case.
func (m *Memory) ItemName(item int32) string { return m.items.all[item] }

// IssuanceID is the issuance's id in the case.
func (m *Memory) IssuanceID(issuance int32) string { return m.issuances[issuance].id }

// Issuer implements Book.
func (m *Memory) Issuer(issuance int32) int32 { return m.issuances[issuance].issuer }

// Basis implements Book.
func (m *Memory) Basis(issuance int32) []int32 { return m.issuances[issuance].basis }

// Merge implements Book.
func (m *Memory) Merge(issuance int32) Merge { return m.issuances[issuance].merge }

// Totals implements Book.
func (m *Memory) Totals(issuance int32) Totals { return m.groups[m.issuances[issuance].group] }

// Line implements Book.
func (m *Memory) Line(issuance, to int32) (Line, bool) {
	h := &m.issuances[issuance]
	i, ok := h.at[to]
	if !ok {
		return Line{}, false
	}
	return h.lines[i].line, true
}

// Items implements Book.
func (m *Memory) Items(issuance, to int32) []int32 {
	h := &m.issuances[issuance]
	i, ok := h.at[to]
	if !ok {
		return nil
	}
	return h.lines[i].items
}

// key tells groups apart: the issuer and its bases as a set.
func (h *held) key() string {
	basis := slices.Sorted(slices.Values(h.basis))
	return fmt.Sprint(h.issuer, basis)
}
