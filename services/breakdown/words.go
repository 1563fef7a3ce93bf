package breakdown

import (
	"slices"
	"strings"
)

// role is what a column holds.
type role uint8

const (
	roleNone role = iota
	roleNote      // passed over without a word
	roleCode
	roleName
	roleLevel // a column of one level of units: 乡镇, 村
	roleValue
	roleBase
	roleDue
	roleUnit // of measure, for the row's figures
)

// The headings and labels that are recognised, as tight makes them.
var (
	codeWords = list(`行政区划代码 代码 单位代码 区划代码 统计用区划代码 行政区划码 行政代码 区划编码 单位编码 编码 receivercode unitcode code`)
	nameWords = list(`单位名称 单位 接收单位 承接单位 任务单位 责任单位 执行单位 落实单位 名称 receiver unitname unit name`)
	unitWords = list(`计量单位 数量单位 度量单位 unitofmeasure`)
	dueWords  = list(`截止日期 完成时限 截止时间 完成时间 完成日期 完成期限 办结时限 时限 期限 duedate due deadline`)
	noteWords = list(`序号 编号 备注 说明 联系人 联系电话 电话 责任人 no no. # note notes remark remarks`)

	valueWords = list(`任务数 任务量 任务 任务指标 任务数量 下达数 下达任务 下达任务数 下达量 下达指标 下达数量 分解任务 分解任务数 分解数 分解量 分解指标
		指标 指标数 目标任务 目标数 目标 目标值 计划数 计划任务 数量 value amount target quota quantity`)
	baseWords = list(`基数 原任务 原任务数 原下达 原下达数 上级下达 上级下达数 上级下达任务 上级任务 上级任务数 上级指标 上级指标数 base`)

	partWords  = list(`小计 小計 subtotal`)
	totalWords = list(`合计 共计 总计 总合计 合計 總計 累计 total sum grandtotal`)
	grandWords = list(`总计 总合计 總計 grandtotal`)
	keptWords  = list(`本级 本级自留 自留 留存 本级留存 本单位自留 retained`)
	footWords  = list(`注: 注1 备注: 说明: 填表 制表 审核: 审核人 填报 联系人 联系电话 单位负责人 note: notes:`)
)

// levelWords are headings of a column of one level, from the top down.
var levelWords = [][]string{
	list(`省 省份 省(区、市) province`),
	list(`市 地市 市州 市(州) 设区市 地级市 city`),
	list(`县 区县 县区 县市区 县(市、区) 县(区) 县级 区(县) county`),
	list(`乡镇 镇 乡 街道 乡镇街道 乡镇(街道) 乡(镇) 乡(镇、街道) 镇街 镇(街道) 乡镇名称 镇乡 town township`),
	list(`村 行政村 村名 村名称 村居 村(居) 村(社区) 村社区 行政村(社区) 村委会 社区 嘎查村 village`),
}

func list(s string) []string { return strings.Fields(s) }

func levelOf(word string) (int, bool) {
	for i, words := range levelWords {
		if slices.Contains(words, word) {
			return i, true
		}
	}
	return 0, false
}

// label is a tight text without the signs that labels end with.
func label(s string) string { return strings.TrimRight(tight(s), ":.。、") }

// totals tells a row of totals by one of its labels: 合计, 青穗镇小计.
func totals(s string) (grand, ok bool) {
	s = label(s)
	if slices.Contains(grandWords, s) {
		return true, true
	}
	for _, w := range slices.Concat(partWords, totalWords) {
		if s == w || len([]rune(w)) > 1 && !ascii(w) && strings.HasSuffix(s, w) {
			return false, true
		}
	}
	return false, false
}

// totalAlone reports whether a text is a word for a total and nothing besides.
func totalAlone(s string) bool {
	s = label(s)
	return slices.Contains(grandWords, s) || slices.Contains(totalWords, s) || slices.Contains(partWords, s)
}

func ascii(s string) bool { return s[0] < 0x80 }

func isPart(s string) bool {
	return slices.ContainsFunc(partWords, func(w string) bool { return strings.HasSuffix(label(s), w) })
}

// keeps tells the row of what the issuer keeps itself: 本级, 望溪县本级.
func keeps(s string) bool {
	s = label(s)
	return slices.Contains(keptWords, s) || strings.HasSuffix(s, "本级")
}

// footer tells a note beneath the table.
func footer(s string) bool {
	s = tight(s)
	return slices.ContainsFunc(footWords, func(w string) bool { return strings.HasPrefix(s, w) })
}
