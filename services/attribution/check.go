package attribution

import (
	"fmt"

	"suyuan/services/exact"
)

// fill reads the lines.
func (m *Memory) fill(c Case) error {
	for i, in := range c.Issuances {
		h := &m.issuances[i]
		if in.Lines == nil || len(in.Lines) > MaxLines {
			return refuse("issuance %q has %d lines: give a list of at most %d, [] where it asks nothing of anybody", in.ID, len(in.Lines), MaxLines)
		}
		if m.kind != Divisible && in.Retained != "" && in.Retained != "0" {
			return refuse("issuance %q: retained is %.40q: only of a divisible measure can part be kept", in.ID, in.Retained)
		}
		h.at = make(map[int32]int32, len(in.Lines))
		for k, l := range in.Lines {
			if err := checkID(l.To); err != nil {
				return refuse("issuance %q, lines[%d]: to %w", in.ID, k, err)
			}
			to := m.units.handle(l.To)
			if _, twice := h.at[to]; twice {
				return refuse("issuance %q has two lines to %q: make them one", in.ID, l.To)
			}
			if to == h.issuer {
				return refuse("issuance %q has a line to its own issuer %q: write it as retained", in.ID, l.To)
			}
			line, err := m.line(l)
			if err != nil {
				return refuse("issuance %q, line to %q: %w", in.ID, l.To, err)
			}
			line.to = to
			h.at[to] = int32(k)
			h.lines = append(h.lines, line)
		}
	}
	return nil
}

func (m *Memory) line(l CaseLine) (heldLine, error) {
	switch {
	case m.kind == Set:
		return m.setLine(l)
	case l.Items != nil:
		return heldLine{}, fmt.Errorf("items go with kind set: give a value instead")
	case m.kind != Divisible && l.Base != "":
		return heldLine{}, fmt.Errorf("base goes with kind divisible: remove it")
	}
	value, err := number(l.Value)
	if err != nil {
		return heldLine{}, fmt.Errorf("value %w", err)
	}
	line := Line{Value: value, HasBase: l.Base != ""}
	if line.HasBase {
		if line.Base, err = number(l.Base); err != nil {
			return heldLine{}, fmt.Errorf("base %w", err)
		}
	}
	return heldLine{line: line}, nil
}

func (m *Memory) setLine(l CaseLine) (heldLine, error) {
	if l.Items == nil || l.Value != "" || l.Base != "" {
		return heldLine{}, fmt.Errorf("of a set, give items and neither value nor base")
	}
	items := make([]int32, 0, len(l.Items))
	seen := make(map[int32]bool, len(l.Items))
	for k, name := range l.Items {
		if err := checkID(name); err != nil {
			return heldLine{}, fmt.Errorf("items[%d] %w", k, err)
		}
		item := m.items.handle(name)
		if seen[item] {
			return heldLine{}, fmt.Errorf("item %q stands twice: remove one", name)
		}
		seen[item] = true
		items = append(items, item)
	}
	return heldLine{items: items}, nil
}

// group puts together what one issuer passes down on the same bases, and refuses bases that overlap without being equal:
// what was received once would then be passed down in two reckonings.
func (m *Memory) group(c Case) error {
	type claim struct{ issuer, basis int32 }
	groups := map[string]int32{}
	first := map[claim]int32{} // the issuance that first passed a basis on
	for i := range m.issuances {
		h := &m.issuances[i]
		key := h.key()
		g, ok := groups[key]
		if !ok {
			g = int32(len(m.groups))
			groups[key] = g
			m.groups = append(m.groups, Totals{})
		}
		h.group = g
		for _, b := range h.basis {
			e, claimed := first[claim{h.issuer, b}]
			if !claimed {
				first[claim{h.issuer, b}] = int32(i)
				continue
			}
			earlier := &m.issuances[e]
			if earlier.group != g {
				return refuse("issuance %q shares basis %q with issuance %q of the same issuer, but their bases are not the same: make them equal or separate them",
					h.id, m.issuances[b].id, earlier.id)
			}
			if m.kind == Divisible && earlier.merge != h.merge {
				return refuse("issuance %q merges its bases differently from issuance %q, which has the same: make them equal", h.id, earlier.id)
			}
		}
		if err := m.add(&m.groups[g], h, c.Issuances[i].Retained); err != nil {
			return err
		}
	}
	return nil
}

// add counts an issuance into its group.
func (m *Memory) add(t *Totals, h *held, retained string) error {
	if m.kind != Divisible {
		return nil
	}
	if retained != "" {
		kept, err := number(retained)
		if err != nil {
			return refuse("issuance %q: retained %w", h.id, err)
		}
		t.Retained = t.Retained.Add(kept)
	}
	for _, l := range h.lines {
		t.Value = t.Value.Add(l.line.Value)
		if l.line.HasBase {
			t.AnyBase = true
			t.BaseOnRecord = t.BaseOnRecord.Add(l.line.Base)
		} else {
			t.ValueWithoutBase = t.ValueWithoutBase.Add(l.line.Value)
		}
		words := (t.Value.BitLen() + t.BaseOnRecord.BitLen() + t.Retained.BitLen()) / 64
		if m.work -= 1 + words*words/64; m.work < 0 {
			return fmt.Errorf("issuance %q: %w: its values have too many different denominators", h.id, ErrTooDeep)
		}
	}
	return nil
}

// refuseCycles takes away, again and again, what nothing is left above of; what remains leads back to itself.
func (m *Memory) refuseCycles(Case) error {
	above := make([]int, len(m.issuances))
	below := make([][]int32, len(m.issuances))
	var free []int32
	for i := range m.issuances {
		above[i] = len(m.issuances[i].basis)
		for _, b := range m.issuances[i].basis {
			below[b] = append(below[b], int32(i))
		}
		if above[i] == 0 {
			free = append(free, int32(i))
		}
	}
	for k := 0; k < len(free); k++ { // free grows to at most every issuance once
		for _, i := range below[free[k]] {
			if above[i]--; above[i] == 0 {
				free = append(free, i)
			}
		}
	}
	if len(free) == len(m.issuances) {
		return nil
	}
	return fmt.Errorf("issuance %q: %w: remove one of the bases", m.issuances[m.onCycle(above)].id, ErrCycle)
}

// onCycle goes up from any issuance that remains, by bases that remain, until it is somewhere a second time.
func (m *Memory) onCycle(above []int) int32 {
	at, seen := int32(0), map[int32]bool{}
	for above[at] == 0 {
		at++
	}
	for !seen[at] {
		seen[at] = true
		for _, b := range m.issuances[at].basis {
			if above[b] > 0 {
				at = b
				break
			}
		}
	}
	return at
}

// refuseExcess refuses an issuer that keeps more than it received.
func (m *Memory) refuseExcess(Case) error {
	if m.kind != Divisible {
		return nil
	}
	received := make([]*exact.Rat, len(m.groups))
	for i := range m.issuances {
		h := &m.issuances[i]
		if received[h.group] == nil {
			r, err := Received(m, int32(i))
			if err != nil {
				return fmt.Errorf("issuance %q: %w", h.id, err)
			}
			received[h.group] = &r
		}
		if kept, r := m.groups[h.group].Retained, *received[h.group]; kept.Cmp(r) > 0 {
			return refuse("issuance %q: its issuer retains %v but received %v: retain at most that, or name the basis it came by", h.id, kept, r)
		}
	}
	return nil
}
