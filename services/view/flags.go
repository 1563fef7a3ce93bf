package view

import (
	"slices"
	"time"

	"suyuan/services/attribution"
)

// FlagCode names what the record shows to be out of order.
type FlagCode string

// The flags; design.md, Attribution.
const (
	SkipLevel    FlagCode = "SKIP_LEVEL"
	NoBasis      FlagCode = "NO_BASIS"
	BaseMismatch FlagCode = "BASE_MISMATCH"
	SumMismatch  FlagCode = "SUM_MISMATCH"
	OverReceived FlagCode = "OVER_RECEIVED"
	Unauthorised FlagCode = "UNAUTHORISED"
	Infeasible   FlagCode = "INFEASIBLE"
	OffList      FlagCode = "OFF_LIST"
	ShortNotice  FlagCode = "SHORT_NOTICE"
	SameDay      FlagCode = "SAME_DAY"
	Concurrent   FlagCode = "CONCURRENT"
	Transfer     FlagCode = "TRANSFER"
)

// FlagCodes lists every flag.
var FlagCodes = []FlagCode{SkipLevel, NoBasis, BaseMismatch, SumMismatch, OverReceived, Unauthorised, Infeasible, OffList, ShortNotice, SameDay, Concurrent, Transfer}

// shortNotice is the lead under which a deadline counts as short: version 1
// of the policy, until policies are recorded in the ledger.
const shortNotice = 24 * time.Hour

// Flag is a place to look, with the events it rests on. Found and Expected
// are exact numbers where the flag compares two.
type Flag struct {
	Code     FlagCode
	Unit     Unit
	Found    *string
	Expected *string
	Events   []EventRef
	issuance int32
	at       *AsOf
}

// FlagIssuance is the issuance a flag is about, nil where it is about none.
func (r *Rows) FlagIssuance(f Flag) *Issuance {
	if f.issuance == none {
		return nil
	}
	i := r.issuanceThen(f.issuance, f.at.then())
	return &i
}

func (r *Rows) flag(code FlagCode, u, h int32, found, expected string, events ...uint64) Flag {
	return Flag{Code: code, Unit: r.unitValue(u), Found: some(found), Expected: some(expected), Events: r.eventRefs(events...), issuance: h}
}

func (w walk) flags(steps []attribution.Step) []Flag {
	flags := []Flag{}
	var receivers [4]int32
	for _, h := range w.path {
		for _, to := range w.receivers(h, receivers[:0]) {
			flags = append(flags, w.r.skipLevel(h, to)...)
		}
		flags = append(flags, w.b.issuanceFlags(h)...)
		if slices.ContainsFunc(steps, func(s attribution.Step) bool { return s.Issuance == h && s.BaseMismatch }) {
			flags = append(flags, w.b.baseMismatch(h))
		}
	}
	flags = append(flags, w.b.lineFlags(w.line)...)
	return w.r.flagsThen(flags, w.b.at)
}

// flagsThen tells flags under the names of their moment.
func (r *Rows) flagsThen(flags []Flag, at AsOf) []Flag {
	if at == Now {
		return flags
	}
	kept := carry(at)
	for i := range flags {
		flags[i].Unit, flags[i].at = r.unitThen(flags[i].Unit.h, at), kept
	}
	return flags
}

func (r *Rows) skipLevel(h, to int32) []Flag {
	row := &r.issuances[h]
	if r.units[to].level-r.units[row.issuer].level <= 1 {
		return nil
	}
	return []Flag{r.flag(SkipLevel, row.issuer, h, "", "", row.made)}
}
