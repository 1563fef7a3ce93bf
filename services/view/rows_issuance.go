package view

import (
	"cmp"
	"strings"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
)

type issuanceRow struct {
	id         string
	issuer     int32
	document   int32
	basis      []int32
	origin     bool
	merge      map[int32]string // nil where nothing is said
	first, n   int32            // its lines as made
	more       []int32          // lines that amendments brought
	retained   []valueRow
	reserve    []valueRow
	stated     []valueRow
	approval   *approvalRow
	channel    string
	source     issuance.Source
	sent       int64 // Unix milliseconds, 0 unknown
	part       *issuance.Part
	sheet      *sheetRow
	mandates   []int32
	groups     []int32
	resting    []int32 // groups with it among their bases
	made       uint64
	withdrawn  uint64
	counted    bool     // in the sums that are kept up to date
	concurrent []uint64 // events its decision did not see
	before     int32    // the issuer's issuance before this one
	stream     int32
	sorted     bool // its lines stand in the order of their receivers' handles
}

type valueRow struct {
	measure int32
	value   exact.Decimal
	days    int32 // of a frequency
}

type approvalRow struct {
	by         int32
	competence string
	date       ledger.Date
	document   int32
	covers     []valueRow
	resourced  bool
}

type sheetKey struct {
	issuer int32
	of     string
}

func (k sheetKey) compare(x sheetKey) int {
	return cmp.Or(cmp.Compare(k.issuer, x.issuer), strings.Compare(k.of, x.of))
}

type sheetRow struct {
	n        int
	parts    map[int]int32 // part number → issuance
	complete uint64        // ordinal at which the last part came in
}

// lineRow is one receiver of one issuance.
type lineRow struct {
	issuance, to int32
	version      int32 // newest, by effect and then by record
	next         int32 // the line the receiver got before
}

// askRow chains the lines that ever asked one unit for one measure, newest
// first.
type askRow struct{ line, measure, next int32 }

// versionRow is a line as one event left it.
type versionRow struct {
	event        uint64
	first, count int32 // amounts
	older        int32
	extra        int32 // due, authority, resources; none where there is nothing
}

type amountRow struct {
	value   exact.Decimal
	base    exact.Decimal
	measure int32
	days    int32 // of a frequency, else 0
	list    int32 // of a set, else none
	hasBase bool
}

type extraRow struct {
	due           int64 // Unix milliseconds, 0 unknown
	directedBy    int32
	authority     *bool
	given, needed []issuance.Resource
}

// groupRow is all an issuer passes down of one measure on one set of bases:
// the unit of addition. Its sums are of what is in force now.
type groupRow struct {
	issuer, measure int32
	basis           []int32
	members         []int32
	root            int32 // its place among the measure's roots, none where it is no root
	sums
	addition
	days []dayRow // how the addition came about, by the day of effect
}

// dayRow is by how much a day's events changed what a group adds; the days of
// a group come to its addition.
type dayRow struct {
	day    int32 // since 1970-01-01, in China's civil time
	adding int32 // +1 where the group began to make things harder, -1 where it ceased
	added  exact.Rat
}

// sums are what the issuances of a group come to.
type sums struct {
	value, based, withoutBase, retained exact.Sum
	lines, withBase                     int32
}

// addition is what a group adds to what its issuer received: of a divisible
// measure so much, of any whether it made things harder.
type addition struct {
	amount exact.Rat // Σv + r − R, signed
	harder bool
}
