package attribution

import (
	"fmt"
	"slices"

	"suyuan/services/exact"
)

// Step is one issuer's part in a demand, told apart from another part of the same unit by its issuance.
type Step struct {
	Unit, Issuance int32
	Amount         exact.Rat // as carried down to the line traced; of an Intensity positive is harder for the receiver
	Ratio          exact.Rat // of a step: the addition to what the unit itself had received for its line; the same however far down
	HasRatio       bool      // false where nothing had been received, and for layers
	BaseMismatch   bool      // the bases recorded in this issuer's group did not add up and were scaled
}

// Reference is where an intensity began.
type Reference struct {
	Unit, Issuance int32
	Value          exact.Rat
}

// Author is a unit with the issuance by which it asked or dropped.
type Author struct{ Unit, Issuance int32 }

// Owned is an item of a set with those who began its last unbroken run on the chain, in the order of bases, without repeats.
type Owned struct {
	Item   int32
	Owners []Author
}

// Relief is an item that came down the chain, was dropped, and is not asked of the receiver.
type Relief struct {
	Item int32
	By   Author
}

// Trace takes one line apart. Which fields count depends on the kind:
//
// Divisible: Value, Steps (upstream first, branch by branch in the order of bases and then the merging unit, zeros
// included, adding up to Value), Layers (the same order; each above 0, adding up to Value), BaseMismatch.
//
// Intensity: Value, Reference, Steps (without the reference's own; Reference.Value plus their sum is Value where higher is
// harder, minus their sum where lower is).
//
// Set: Items in the line's order, Reliefs upstream first.
type Trace struct {
	Value        exact.Rat
	Reference    Reference
	Steps        []Step
	Layers       []Step
	Items        []Owned
	Reliefs      []Relief
	BaseMismatch bool // of the group the line belongs to; groups above say it on their step
}

// TraceLine takes the line from issuance to unit to apart. Its errors wrap ErrNoLine, ErrCycle, ErrTooDeep, ErrMerge or
// ErrKind. It keeps nothing and may run beside others on the same Book if the Book allows that.
func TraceLine(b Book, kind Kind, harder Harder, issuance, to int32) (Trace, error) {
	trace, _, err := traceWithin(maxWork, b, kind, harder, issuance, to)
	return trace, err
}

// traceWithin is TraceLine with a bound of its own; it also returns the work done.
func traceWithin(limit int, b Book, kind Kind, harder Harder, issuance, to int32) (Trace, int, error) {
	line, ok := b.Line(issuance, to)
	if !ok {
		return Trace{}, 0, ErrNoLine
	}
	t := tracer{book: b, kind: kind, harder: harder, work: limit}
	var trace Trace
	var err error
	switch {
	case kind == Divisible:
		trace, err = t.divisible(issuance, to, line)
	case kind == Intensity && (harder == HarderLower || harder == HarderHigher):
		trace.Value = line.Value
		trace.Reference, err = t.intensity(issuance, line)
		trace.Steps = t.steps
	case kind == Set:
		var a asked
		a, err = t.set(issuance, to)
		trace.Items, trace.Reliefs = a.items, a.reliefs
	default:
		err = ErrKind
	}
	if err != nil {
		return Trace{}, limit - t.work, err
	}
	return trace, limit - t.work, nil
}

// tracer is one walk up a chain. Units and issuances on the way are few, so it searches its path instead of keeping a map.
type tracer struct {
	book   Book
	kind   Kind
	harder Harder
	work   int // what is left of it
	visits int

	path  [MaxDepth]int32
	depth int

	branches []branch // a stack: every level has its bases' lines on top while it works
	steps    []Step
	nodes    []node // beside steps; divisible only
}

// branch is a basis issuance with its line to the issuer.
type branch struct {
	issuance int32
	line     Line
}

// enter bounds the walk: by depth, by repetition, by size. Every success is paired with leave.
func (t *tracer) enter(issuance int32) error {
	if slices.Contains(t.path[:t.depth], issuance) {
		return ErrCycle
	}
	if t.depth == MaxDepth {
		return fmt.Errorf("%w: more than %d issuances one above the other", ErrTooDeep, MaxDepth)
	}
	if t.visits++; t.visits > MaxSteps {
		return fmt.Errorf("%w: more than %d steps", ErrTooDeep, MaxSteps)
	}
	t.path[t.depth] = issuance
	t.depth++
	return nil
}

func (t *tracer) leave() { t.depth-- }

// charge counts an operation on numbers of so many bits; multiplying and reducing long ones is quadratic.
func (t *tracer) charge(bits int) error {
	words := bits / 64
	return t.spend(1 + words*words/64)
}

func (t *tracer) spend(work int) error {
	if t.work -= work; t.work < 0 {
		return fmt.Errorf("%w: the numbers or lists on this chain are too long", ErrTooDeep)
	}
	return nil
}

// gather puts the lines the issuer received on the stack from low on, the governing one alone where the strictest
// governs, and returns what they come to: for a Set nothing.
func (t *tracer) gather(issuance, issuer int32) (low int, received exact.Rat, err error) {
	low = len(t.branches)
	merge, err := t.book.Merge(issuance).For(t.kind)
	if err != nil {
		return low, received, err
	}
	for _, basis := range t.book.Basis(issuance) {
		line, ok := t.book.Line(basis, issuer)
		if err := t.charge(received.BitLen()); err != nil {
			return low, received, err
		}
		switch first := len(t.branches) == low; {
		case !ok || merge == MergeStrictest && !first && !t.stricter(line.Value, received):
			continue
		case merge == MergeStrictest:
			t.branches = t.branches[:low]
			received = line.Value
		case merge == MergeSum:
			received = received.Add(line.Value)
		}
		t.branches = append(t.branches, branch{basis, line})
	}
	return low, received, nil
}

// stricter reports whether a is strictly harder than b; of a divisible measure, larger.
func (t *tracer) stricter(a, b exact.Rat) bool {
	if t.kind == Intensity && t.harder == HarderLower {
		return a.Cmp(b) < 0
	}
	return a.Cmp(b) > 0
}
