package finding

import "suyuan/services/liability"

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
func BandOf(points int64) Band { panic("not written yet") }

// Suggestion is what a unit's share suggests.
type Suggestion struct {
	Unit  string
	Class Class
	Band  Band
}

// Suggest is what shares suggest, in their order, for the units that bear
// something. The explanation says who bears it directly.
func Suggest(shares []Share, e liability.Explained) []Suggestion { panic("not written yet") }
