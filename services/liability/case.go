package liability

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"suyuan/services/exact"
)

// Kind says what sort of outcome was penalised.
type Kind string

// The kinds. A missed deadline is a quantity: D is minus the due date, in days.
const (
	Quantity      Kind = "quantity"      // less was delivered than asked
	Contradiction Kind = "contradiction" // no lawful plan meets every constraint
	Competing     Kind = "competing"     // several authors ask one executor for more than it can
	Conduct       Kind = "conduct"       // harm that somebody could have stopped
)

// A Case is everything JRA-1 knows of an outcome. Which fields count depends
// on the kind. Numbers are exact.
type Case struct {
	Name string `json:"name,omitempty"`
	Kind Kind   `json:"kind"`
	// Units is the chain in force at the outcome, upstream to downstream; the
	// last is the executor (quantity) or as Executor says (competing).
	Units []string `json:"units"`
	// Others stand beside the chain: an owner, an overruler or a falsifier that
	// passed nothing on. They come after the chain in every order.
	Others []string `json:"others,omitempty"`

	// Issued[i] is what Units[i] asked of Units[i+1].
	Issued []exact.Rat `json:"issued,omitempty"`
	// Layers stand for Issued where the chain is not one line, because branches
	// merged or a unit stands twice: what is left of each part of the demand,
	// upstream first, branch by branch. Their sum is the demand.
	Layers []Layer `json:"layers,omitempty"`
	// ReceivedByFirst is what Units[0] had itself received; nil: it is the origin.
	ReceivedByFirst *exact.Rat `json:"receivedByFirst,omitempty"`
	// Verified is the verified delivery.
	Verified *exact.Rat `json:"verified,omitempty"`
	// Capacity is what the executor could do; nil: not known.
	Capacity *exact.Rat `json:"capacity,omitempty"`
	// Authorised units had all of their addition approved and resourced,
	// Approved this much of it.
	Authorised []string             `json:"authorised,omitempty"`
	Approved   map[string]exact.Rat `json:"approved,omitempty"`
	// Silent units knew of the infeasibility and passed on or complied.
	Silent []string `json:"silent,omitempty"`
	// CoOwned is λ, Adequacy a; nil: not known.
	CoOwned  *exact.Rat `json:"coOwned,omitempty"`
	Adequacy *exact.Rat `json:"adequacy,omitempty"`
	// Unknown names the parts of a that nothing on record says, and that count
	// as 1: authority, notice, resources.
	Unknown []string `json:"unknown,omitempty"`
	// Owner bears what of the execution gap the executor does not; nil: the
	// executor's direct issuer.
	Owner *string `json:"owner,omitempty"`
	// Overruled maps a unit that objected in time to the one that insisted;
	// IllegalOrder lists those whose order was clearly illegal.
	Overruled           map[string]string `json:"overruled,omitempty"`
	IllegalOrder        []string          `json:"illegalOrder,omitempty"`
	ExecutorOverruledBy *string           `json:"executorOverruledBy,omitempty"`
	// Falsified results; Falsifier is the unit the verification names, "" for
	// the executor.
	Falsified bool   `json:"falsified,omitempty"`
	Falsifier string `json:"falsifier,omitempty"`

	// Constraints counts, for a contradiction, each author's.
	Constraints map[string]int64 `json:"constraints,omitempty"`

	// Demands and Executor are a competing case's.
	Demands  map[string]exact.Rat `json:"demands,omitempty"`
	Executor string               `json:"executor,omitempty"`

	// WindowMinutes is the time there was to act; nil: not known.
	WindowMinutes *int64         `json:"windowMinutes,omitempty"`
	Conduct       map[string]Act `json:"conduct,omitempty"`

	// Expect is what a worked example says should come out; nobody computes
	// with it.
	Expect json.RawMessage `json:"expect,omitempty"`
}

// A Layer is a unit's part of a demand that was taken apart already. Cuts have
// taken from it what they could, from what was not approved first.
type Layer struct {
	Unit     string    `json:"unit,omitempty"` // empty: from above the recorded chain
	Amount   exact.Rat `json:"amount"`
	Approved exact.Rat `json:"approved"`       // how much of it was approved and came with means
	Root     bool      `json:"root,omitempty"` // its branch begins with it: all of it is base
}

// An Act is how a unit behaved while the harm could still be stopped.
type Act struct {
	Power              int64  `json:"power"` // s: 3 duty to stop, 2 supervises, 1 coordinates, 0 no power
	Knew               bool   `json:"knew"`
	Effective          bool   `json:"effective"` // stopped it, or reported up where it could not
	GroupInsteadOfSite bool   `json:"groupInsteadOfSite,omitempty"`
	OverruledBy        string `json:"overruledBy,omitempty"`
	IllegalOrder       bool   `json:"illegalOrder,omitempty"`
}

// Bounds of a case.
const (
	maxUnits  = 64
	maxLayers = 256
	maxCase   = 256 << 10 // bytes of JSON
	maxBits   = 256       // of a number's numerator or denominator
)

// ReadCase reads one case as JSON, strictly.
func ReadCase(r io.Reader) (Case, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCase+1))
	if err != nil {
		return Case{}, fmt.Errorf("read the case: %w", err)
	}
	if len(data) > maxCase {
		return Case{}, fmt.Errorf("the case is over %d bytes", maxCase)
	}
	var c Case
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err == io.EOF {
		return Case{}, errors.New("nothing was given; give one case as JSON on standard input")
	} else if err != nil {
		return Case{}, fmt.Errorf("the case is not as expected: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Case{}, errors.New("there is something behind the case; give one JSON object")
	}
	return c, c.Check()
}

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
	if !slices.ContainsFunc(c.Layers, func(l Layer) bool { return l.Root }) {
		return errors.New("layers: mark those with which a branch begins as root")
	}
	for i, l := range c.Layers {
		if l.Amount.Sign() < 0 || l.Approved.Sign() < 0 || l.Approved.Cmp(l.Amount) > 0 {
			return fmt.Errorf("layers[%d]: neither amount is below 0, nor what was approved above the amount", i)
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
