// Package attribution works out who added what: it takes a demand that was passed down through several units apart into
// what each of them asked for. It is arithmetic and nothing else. It must never round, never read a clock or a file, and
// never decide whether an addition was allowed.
//
// The record is asked through Book, by handles; TraceLine answers for one line, NodeAddition for everything one issuer
// passes down on one basis. Case, NewMemory and Attribute are the same over a small JSON document.
package attribution

import (
	"errors"
	"fmt"

	"suyuan/services/exact"
)

// Kind says how a measure passes down a chain.
type Kind uint8

const (
	Divisible Kind = iota + 1 // mu, households, money: divided among receivers
	Intensity                 // deadlines, frequencies, standards: every receiver gets the whole
	Set                       // evidence items, covered objects, channels, forms
)

// Harder says which way an intensity weighs on the receiver. Other kinds do not look at it.
type Harder uint8

const (
	HarderLower  Harder = iota + 1 // a deadline: less is harder
	HarderHigher                   // a frequency: more is harder
)

// Merge says what several basis issuances come to. MergeDefault is sum for Divisible, strictest for Intensity, union for Set.
type Merge uint8

const (
	MergeDefault Merge = iota
	MergeSum
	MergeStrictest // one basis governs alone: the largest (Divisible) or the hardest (Intensity), of equals the first
	MergeUnion
)

// What TraceLine, Received, NodeAddition and Attribute can answer instead of a result. Errors wrap exactly one of them.
var (
	ErrNoLine  = errors.New("no such line on record")
	ErrCycle   = errors.New("the basis of an issuance leads back to itself")
	ErrTooDeep = errors.New("too much to work out")
	ErrMerge   = errors.New("merge does not go with this kind of measure")
	ErrKind    = errors.New("unknown kind of measure or direction")
)

const (
	// MaxDepth is the longest chain of issuances one line is traced through.
	MaxDepth = 64
	// MaxSteps is the most steps one trace has. Branches that part and meet again double at every meeting; this ends it.
	MaxSteps = 4096
	// maxWork bounds one trace besides: a unit of work is one small operation, long numbers and item lists cost more.
	maxWork = 1 << 20
)

// Book is what the arithmetic asks of the record, for one measure as of one moment. Handles are the caller's: for units,
// for issuances and for set items. Every method must answer any handle that another method returned. Slices are read
// during the call to this package only, and never written to. Amounts must not be negative.
type Book interface {
	// Issuer is the unit that made the issuance.
	Issuer(issuance int32) (unit int32)
	// Basis lists the issuances in force it was based on, in the order the issuance names them.
	Basis(issuance int32) []int32
	// Merge is what the issuance says of its bases.
	Merge(issuance int32) Merge
	// Totals sums the issuance's group. Asked for Divisible only.
	Totals(issuance int32) Totals
	// Line is the line in force from the issuance to a unit, false where there is none. For a Set only the bool counts.
	Line(issuance, to int32) (Line, bool)
	// Items lists what the line asks for, without repeats, in the line's order. Asked for Set only.
	Items(issuance, to int32) []int32
}

// Line is what an issuance asks of one unit.
type Line struct {
	Value   exact.Rat
	Base    exact.Rat // how much of Value the record says was handed to the issuer; counts where HasBase
	HasBase bool
}

// Totals are sums over a group: all issuances in force of one issuer with the same set of bases, this measure's lines.
type Totals struct {
	Value            exact.Rat // Σ values
	BaseOnRecord     exact.Rat // Σ bases on record
	ValueWithoutBase exact.Rat // Σ values of the lines without a base
	Retained         exact.Rat // Σ what the issuer keeps for itself
	AnyBase          bool      // whether any line has a base on record
}

// For is what m comes to for a measure of that kind, never MergeDefault; ErrMerge where it makes no sense.
func (m Merge) For(kind Kind) (Merge, error) {
	switch {
	case m == MergeDefault && kind == Divisible, m == MergeSum && (kind == Divisible || kind == Intensity):
		return MergeSum, nil
	case m == MergeDefault && kind == Intensity, m == MergeStrictest && (kind == Divisible || kind == Intensity):
		return MergeStrictest, nil
	case (m == MergeDefault || m == MergeUnion) && kind == Set:
		return MergeUnion, nil
	}
	return 0, fmt.Errorf("%w: sum and strictest go with amounts, union with sets", ErrMerge)
}

// Received is R of a divisible measure: what the issuer received by the issuance's bases. A basis without a line to the
// issuer brings nothing. 0 without bases.
func Received(b Book, issuance int32) (exact.Rat, error) {
	t := tracer{book: b, kind: Divisible, work: maxWork}
	_, received, err := t.gather(issuance, b.Issuer(issuance))
	return received, err
}

// NodeAddition is what the issuance's group adds in all, Σv + r − R, negative where it cuts. Divisible measures only. For
// an issuance without a basis it is all it asks for.
func NodeAddition(b Book, issuance int32) (exact.Rat, error) {
	received, err := Received(b, issuance)
	if err != nil {
		return exact.Rat{}, err
	}
	totals := b.Totals(issuance)
	return totals.Value.Add(totals.Retained).Sub(received), nil
}
