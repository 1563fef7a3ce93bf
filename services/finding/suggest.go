package finding

import (
	"slices"

	"suyuan/services/liability"
)

// Class is the sort of responsibility that a share suggests (domain: 责任类别).
// It is a suggestion and never a decision.
type Class string

// The classes; empty: the share suggests none.
const (
	Direct           Class = "direct"            // 直接责任
	MainLeading      Class = "main_leading"      // 主要领导责任
	ImportantLeading Class = "important_leading" // 重要领导责任
)

// Band is what a share suggests to propose. Anything beyond, such as 改组,
// 组织处理 and 处分, is only ever referred to the competent body.
type Band string

// The bands, by basis points.
const (
	OnRecord        Band = "record"           // below 1000: on record only
	Rectify         Band = "rectify"          // 1000 to 2999: 整改提醒
	SelfExamination Band = "self_examination" // 3000 to 5999: 书面检查
	Circular        Band = "circular"         // from 6000: 通报, or referral
)

// BandOf is the band of a share.
func BandOf(points int64) Band {
	switch {
	case points >= 6000:
		return Circular
	case points >= 3000:
		return SelfExamination
	case points >= 1000:
		return Rectify
	}
	return OnRecord
}

// Suggestion is what a unit's share suggests.
type Suggestion struct {
	Unit  string
	Class Class
	Band  Band
}

// Suggest is what shares suggest, in their order, for the units that bear
// something. The explanation says who bears it directly: the executor with a
// gap in execution, or who had the duty to stop.
func Suggest(shares []Share, e liability.Explained) (list []Suggestion) {
	direct := directly(e)
	for _, x := range shares {
		if !x.Bears() {
			continue
		}
		class := ImportantLeading
		switch {
		case slices.Contains(direct, x.Unit):
			class = Direct
		case x.Points >= 3000:
			class = MainLeading
		}
		list = append(list, Suggestion{x.Unit, class, BandOf(x.Points)})
	}
	return list
}

func directly(e liability.Explained) (units []string) {
	gap := e.Answer.Execution != nil && e.Answer.Execution.Sign() > 0
	switch e.Case.Kind {
	case liability.Quantity:
		if gap {
			units = e.Case.Units[len(e.Case.Units)-1:]
		}
	case liability.Competing:
		if gap {
			units = []string{e.Case.Executor}
		}
	case liability.Conduct:
		for unit, act := range e.Case.Conduct {
			if act.Power == 3 {
				units = append(units, unit)
			}
		}
	}
	return units
}
