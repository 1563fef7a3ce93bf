package breakdown

import (
	"math/big"
	"strings"

	"suyuan/services/ledger"
)

// known units that are so many of another.
var known = map[string]struct {
	base  string
	times int64
}{
	"亩": {"亩", 1}, "mu": {"亩", 1}, "公顷": {"亩", 15}, "ha": {"亩", 15}, "hectare": {"亩", 15}, "hectares": {"亩", 15}, "平方公里": {"亩", 1500},
	"元": {"元", 1}, "yuan": {"元", 1}, "人民币元": {"元", 1},
}

// multiples stand before a unit; the longer are tried first.
var multiples = []struct {
	word  string
	times int64
}{
	{"千万", 10_000_000}, {"百万", 1_000_000}, {"十万", 100_000}, {"亿", 100_000_000}, {"万", 10_000}, {"千", 1000}, {"百", 100},
}

// unitOf takes a unit of measure apart: 万亩 is 10,000 of 亩.
func unitOf(s string) (base string, times int64) {
	s = tight(s)
	if k, ok := known[s]; ok {
		return k.base, k.times
	}
	for _, m := range multiples {
		rest, ok := strings.CutPrefix(s, m.word)
		if !ok {
			continue
		}
		if k, ok := known[rest]; ok {
			return k.base, k.times * m.times
		}
		return rest, m.times // 万户; 万 alone is so many of whatever is counted
	}
	return s, 1
}

// knownUnit reports whether a text is a unit that this package can convert.
func knownUnit(s string) bool {
	base, times := unitOf(s)
	_, ok := known[base]
	return ok || times != 1
}

// conversion is how many of the one unit are one of the other; false where
// they do not measure the same. Where none is said they are equal.
func conversion(from, to string) (*big.Rat, bool) {
	if from == "" || tight(from) == tight(to) {
		return big.NewRat(1, 1), true
	}
	fb, ft := unitOf(from)
	tb, tt := unitOf(to)
	switch {
	case to == "" && ft == 1 && !knownUnit(from): // the measure leaves its unit open: 户, 人
		return big.NewRat(1, 1), true
	case fb != tb && (fb != "" || to == ""): // 万 alone fits every unit that is on record
		return nil, false
	}
	return big.NewRat(ft, tt), true
}

func cannotConvert(from, to string) *ledger.Text {
	if to == "" {
		return told("指标没有登记计量单位，不知道“%s”应怎样换算；请写原数。", "The measure has no unit on record, so %q cannot be converted; write the plain figure.", from)
	}
	return told("“%s”不能换算成指标的计量单位“%s”。", "%q cannot be converted to the measure's unit %q.", from, to)
}
