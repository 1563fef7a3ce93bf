package liability

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"suyuan/services/exact"
)

// Check refuses a case that says nothing JRA-1 could divide, or two things at
// once. The error names the field.
func (c Case) Check() error {
	all := slices.Concat(c.Units, c.Others)
	switch {
	case !slices.Contains([]Kind{Quantity, Contradiction, Competing, Conduct}, c.Kind):
		return fmt.Errorf("kind %q: give quantity, contradiction, competing or conduct", c.Kind)
	case len(c.Units) == 0:
		return errors.New("units: name the units of the chain")
	case len(all) > maxUnits:
		return fmt.Errorf("units: at most %d", maxUnits)
	}
	for i, u := range all {
		if u == "" || u == Unattributed || slices.Contains(all[:i], u) {
			return fmt.Errorf("units: %q is empty, reserved or there twice", u)
		}
	}
	for _, named := range c.named() {
		if !slices.Contains(all, named.unit) {
			return fmt.Errorf("%s: %q is not one of the units", named.field, named.unit)
		}
	}
	for _, n := range c.numbers() {
		if n.value.BitLen() > maxBits {
			return fmt.Errorf("%s: the number has too many digits", n.field)
		}
	}
	if err := c.checkOverrulers(); err != nil {
		return err
	}
	switch c.Kind {
	case Quantity:
		return c.checkQuantity()
	case Contradiction:
		return c.checkContradiction()
	case Competing:
		return c.checkCompeting()
	}
	return c.checkConduct()
}

// parts of a, and the flag of each where it is not known.
var parts = map[string]Flag{"authority": AuthorityUnknown, "notice": NoticeUnknown, "resources": ResourcesUnknown}

func (c Case) checkQuantity() error {
	switch {
	case len(c.Units) < 2:
		return errors.New("units: a chain has at least an issuer and an executor")
	case len(c.Layers) > 0:
		if err := c.checkLayers(); err != nil {
			return err
		}
	case len(c.Issued) != len(c.Units)-1:
		return fmt.Errorf("issued: %d numbers for %d units; each but the last issued one", len(c.Issued), len(c.Units))
	}
	switch {
	case c.Verified == nil:
		return errors.New("verified: say what was verified as delivered")
	case c.CoOwned != nil && !part(*c.CoOwned):
		return errors.New("coOwned: from 0 to 1")
	case c.Adequacy != nil && !part(*c.Adequacy):
		return errors.New("adequacy: from 0 to 1")
	case slices.ContainsFunc(c.Unknown, func(part string) bool { return parts[part] == "" }):
		return errors.New("unknown: of authority, notice and resources")
	case c.Falsifier != "" && !c.Falsified:
		return errors.New("falsifier: named, but nothing was falsified")
	}
	for u, amount := range c.Approved {
		if amount.Sign() < 0 || slices.Contains(c.Authorised, u) {
			return fmt.Errorf("approved.%s: not below 0, and not for a unit whose whole addition is authorised", u)
		}
	}
	return nil
}

func (c Case) checkLayers() error {
	if len(c.Issued) > 0 || c.ReceivedByFirst != nil || len(c.Authorised) > 0 || len(c.Approved) > 0 {
		return errors.New("layers: they say everything of the demand; leave issued, receivedByFirst, authorised and approved out")
	}
	if len(c.Layers) > maxLayers {
		return fmt.Errorf("layers: at most %d", maxLayers)
	}
	roots := 0
	for _, l := range c.Layers {
		if l.Root {
			roots++
		}
	}
	if roots == 0 {
		return errors.New("layers: mark those with which a branch begins as root")
	}
	for i, l := range c.Layers {
		began := l.Root && roots == 1 // as a date it may be below 0
		if l.Amount.Sign() < 0 && !began || l.Approved.Sign() < 0 || l.Approved.Cmp(l.Amount) > 0 && !(l.Root && l.Approved.IsZero()) {
			return fmt.Errorf("layers[%d]: neither amount is below 0, except that of one root alone, nor what was approved above the amount", i)
		}
	}
	return nil
}

func (c Case) checkContradiction() error {
	some := false
	for u, n := range c.Constraints {
		if n < 0 || n > 1_000_000 {
			return fmt.Errorf("constraints.%s: from 0 to 1,000,000", u)
		}
		some = some || n > 0
	}
	if !some {
		return errors.New("constraints: say how many each author set")
	}
	return nil
}

func (c Case) checkCompeting() error {
	switch {
	case c.Executor == "":
		return errors.New("executor: say who was to do it")
	case c.Verified == nil:
		return errors.New("verified: say what was verified as delivered")
	case len(c.Demands) == 0:
		return errors.New("demands: say what each author asked")
	}
	for u, d := range c.Demands {
		if d.Sign() < 0 {
			return fmt.Errorf("demands.%s: not below 0", u)
		}
	}
	return nil
}

func (c Case) checkConduct() error {
	if len(c.Conduct) == 0 {
		return errors.New("conduct: say how each unit behaved")
	}
	for u, a := range c.Conduct {
		if a.Power < 0 || a.Power > 3 {
			return fmt.Errorf("conduct.%s.power: from 0 to 3", u)
		}
	}
	if c.WindowMinutes != nil && *c.WindowMinutes < 0 {
		return errors.New("windowMinutes: not below 0")
	}
	return nil
}

// ErrCycle: overrulers, or handoffs, lead back to where they began, and nobody
// is left to answer.
var ErrCycle = errors.New("CYCLE")

// checkOverrulers: whoever is followed upwards is never met again.
func (c Case) checkOverrulers() error {
	for start := range c.overrulings() {
		at := start
		for range len(c.Units) + len(c.Others) {
			to := c.overruler(at)
			if to == "" {
				break
			}
			if to == start {
				return fmt.Errorf("overruled.%s: %w: it was overruled by itself, by way of others", start, ErrCycle)
			}
			at = to
		}
	}
	if by := c.ExecutorOverruledBy; by != nil && c.Kind == Quantity && *by == c.Units[len(c.Units)-1] {
		return fmt.Errorf("executorOverruledBy: %w: the executor cannot overrule itself", ErrCycle)
	}
	return nil
}

// overrulings are the units that objected and were overruled, and by whom.
func (c Case) overrulings() map[string]string {
	if c.Kind != Conduct {
		return c.Overruled
	}
	out := map[string]string{}
	for u, a := range c.Conduct {
		if a.OverruledBy != "" {
			out[u] = a.OverruledBy
		}
	}
	return out
}

func (c Case) overruler(unit string) string {
	if c.Kind == Conduct {
		return c.Conduct[unit].OverruledBy
	}
	return c.Overruled[unit]
}

func (c Case) illegal(unit string) bool {
	if c.Kind == Conduct {
		return c.Conduct[unit].IllegalOrder
	}
	return slices.Contains(c.IllegalOrder, unit)
}

type naming struct{ field, unit string }

// named are all units that a field names.
func (c Case) named() (out []naming) {
	add := func(field, unit string) { out = append(out, naming{field, unit}) }
	for field, list := range map[string][]string{"authorised": c.Authorised, "silent": c.Silent, "illegalOrder": c.IllegalOrder} {
		for _, u := range list {
			add(field, u)
		}
	}
	for u := range c.Approved {
		add("approved", u)
	}
	for i, l := range c.Layers {
		if l.Unit != "" {
			add(fmt.Sprintf("layers[%d]", i), l.Unit)
		}
	}
	for u, by := range c.overrulings() {
		add("overruled", u)
		add("overruled."+u, by)
	}
	for u := range c.Constraints {
		add("constraints", u)
	}
	for u := range c.Demands {
		add("demands", u)
	}
	for u := range c.Conduct {
		add("conduct", u)
	}
	for field, u := range map[string]*string{"owner": c.Owner, "executorOverruledBy": c.ExecutorOverruledBy, "falsifier": given(c.Falsifier), "executor": given(c.Executor)} {
		if u != nil {
			add(field, *u)
		}
	}
	slices.SortFunc(out, func(a, b naming) int { return cmp.Compare(a.field+a.unit, b.field+b.unit) })
	return out
}

type numbering struct {
	field string
	value exact.Rat
}

func (c Case) numbers() (out []numbering) {
	for i, n := range c.Issued {
		out = append(out, numbering{fmt.Sprintf("issued[%d]", i), n})
	}
	for i, l := range c.Layers {
		field := fmt.Sprintf("layers[%d]", i)
		out = append(out, numbering{field, l.Amount}, numbering{field, l.Approved})
	}
	for field, n := range map[string]*exact.Rat{"receivedByFirst": c.ReceivedByFirst, "verified": c.Verified, "capacity": c.Capacity, "coOwned": c.CoOwned, "adequacy": c.Adequacy} {
		if n != nil {
			out = append(out, numbering{field, *n})
		}
	}
	for field, m := range map[string]map[string]exact.Rat{"approved": c.Approved, "demands": c.Demands} {
		for u, n := range m {
			out = append(out, numbering{field + "." + u, n})
		}
	}
	slices.SortFunc(out, func(a, b numbering) int { return cmp.Compare(a.field, b.field) })
	return out
}

func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
