package liability

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

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
// taken from it what they could, from what was not approved first. Only where
// one root alone begins the line can that be below 0, as a date is.
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

// ReadCase reads one case as JSON, strictly. What it refuses in the text is a
// *Wrong.
func ReadCase(r io.Reader) (Case, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCase+1))
	if err != nil {
		return Case{}, fmt.Errorf("read the case: %w", err)
	}
	if len(data) > maxCase {
		return Case{}, &Wrong{Zh: fmt.Sprintf("超过 %d 字节", maxCase), En: fmt.Sprintf("the case is over %d bytes", maxCase)}
	}
	var c Case
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return Case{}, unreadable(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Case{}, &Wrong{Zh: "后面还有别的内容；请只给一个 JSON 对象", En: "there is something behind the case; give one JSON object"}
	}
	return c, c.Check()
}
