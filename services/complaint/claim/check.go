package claim

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/unit"
)

// Bounds of what can be tapped.
const (
	maxPaper   = 40 // characters
	maxMinutes = 7 * 24 * 60
	maxCount   = 1_000_000 // times, of a frequency
	maxPerDays = 36_525
)

// Check refuses facts that are no claim; the field at fault is named.
func (f Facts) Check() error {
	switch {
	case f.V != Version:
		return wrong("v", "页面版本不符，请刷新后重填", "the page is of another version, open it again")
	case (f.Mandate == "") == (f.Paper == ""):
		return wrong("mandate", "请选定一项任务，或者写明文件字号，二者取一", "choose a mandate or give a document's number, one of the two")
	case f.Mandate != "" && !ledger.ValidID(f.Mandate):
		return wrong("mandate", "请从列表中选定任务", "choose a mandate from the list")
	case f.Paper != "" && !isLine(f.Paper, maxPaper):
		return wrong("paper", "文件字号最多 40 个字，写成一行", "a document's number has at most 40 characters in one line")
	case !slices.Contains(mandate.Dimensions, f.Dimension):
		return wrong("dimension", "请选定加码的方面", "choose what was added to")
	}
	return ledger.First(f.checkWho(), f.checkHowMuch(), f.checkWhat())
}

// checkWho: a unit or a level, and where it was received never below county.
func (f Facts) checkWho() error {
	switch {
	case (f.Issuer == "") == (f.Level == ""):
		return wrong("issuer", "请选定加码的单位，或者只选层级，二者取一", "choose the unit that added or only its level, one of the two")
	case f.Issuer != "" && !unit.ValidCode(f.Issuer):
		return wrong("issuer", "请从列表中选定单位", "choose a unit from the list")
	case f.Level != "" && !slices.Contains(Levels, f.Level):
		return wrong("level", "请选定层级", "choose a level")
	case f.Level != "" && f.Within == "":
		return wrong("within", "只选层级时，请选定所在的县或县以上地区", "with a level alone, choose the county or larger area")
	case f.Within == "":
		return nil
	case !unit.ValidCode(f.Within) || unit.IsDepartment(f.Within) || unit.LevelOf(f.Within) > unit.County:
		return wrong("within", "地区只选到县，不选乡镇和村", "the area is a county or larger, never a township or village")
	case f.Issuer != "" && !related(unit.Territory(f.Issuer), f.Within):
		return wrong("within", "加码的单位不在这个地区，也不是它的上级", "the unit that added is neither in this area nor above it")
	}
	return nil
}

func related(a, b string) bool { return unit.Contains(a, b) || unit.Contains(b, a) }

func (f Facts) checkHowMuch() error {
	of, _, ok := mandate.SplitMeasure(f.Measure)
	switch {
	case f.Measure != "" && (!ok || f.Mandate == "" || of != f.Mandate || len(f.Measure) > 2*ledger.MaxIDLen+1):
		return wrong("measure", "指标须属于所选的任务", "the measure must belong to the mandate that was chosen")
	case !isAmount(f.CameDown):
		return wrong("cameDown", "请写阿拉伯数字，如 600 或 0.5；频次写成“次数/天数”，如 1/7", "write a number in digits, such as 600 or 0.5; a frequency as times/days, such as 1/7")
	case !isAmount(f.Asked):
		return wrong("asked", "请写阿拉伯数字，如 600 或 0.5；频次写成“次数/天数”，如 1/7", "write a number in digits, such as 600 or 0.5; a frequency as times/days, such as 1/7")
	case f.CameDown != "" && f.Asked != "" && strings.Contains(f.CameDown, "/") != strings.Contains(f.Asked, "/"):
		return wrong("asked", "前后两个数须同为数量或同为频次", "both figures are amounts, or both are frequencies")
	}
	return nil
}

func (f Facts) checkWhat() error {
	switch {
	case f.Due != "" && !f.Due.Valid():
		return wrong("due", "日期应写成 2022-08-09 这样", "a date is written as 2022-08-09")
	case f.Minutes < 0 || f.Minutes > maxMinutes:
		return wrong("minutes", "每周分钟数为 0 至 10080 的整数", "minutes a week are a whole number from 0 to 10080")
	case !eachOnce(f.Forms, Forms):
		return wrong("forms", "每种形式只选一次", "choose each form at most once")
	case f.Motive != "" && !slices.Contains(Motives, f.Motive):
		return wrong("motive", "请从列表中选定", "choose from the list")
	}
	return nil
}

// Check refuses what no box can send.
func (f FollowUp) Check() error {
	rated := f.Solved != nil && f.Satisfied != nil
	switch {
	case f.V != Version:
		return wrong("v", "页面版本不符，请刷新后重填", "the page is of another version, open it again")
	case !slices.Contains(Acts, f.Act):
		return wrong("act", "请选定要做的事", "choose what to do")
	case f.Act == Rate && !rated:
		return wrong("solved", "请选定是否解决、是否满意", "say whether it was solved, and whether you are satisfied")
	case f.Act != Rate && (f.Solved != nil || f.Satisfied != nil):
		return wrong("solved", "只有评价才选是否解决、是否满意", "only a rating says whether it was solved")
	}
	return nil
}

func isAmount(s string) bool {
	if s == "" {
		return true
	}
	if d, err := exact.ParseDecimal(s); err == nil {
		return d >= 0
	}
	q, err := exact.ParseFrequency(s)
	return err == nil && q.Count <= maxCount && q.Days <= maxPerDays
}

func isLine(s string, max int) bool {
	lost := func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }
	return strings.TrimSpace(s) == s && utf8.RuneCountInString(s) <= max && !strings.ContainsFunc(s, lost)
}

func eachOnce(list, of []string) bool {
	seen := map[string]bool{}
	for _, x := range list {
		if seen[x] || !slices.Contains(of, x) {
			return false
		}
		seen[x] = true
	}
	return true
}

// wrong names the field and what to do, never what was sent.
func wrong(field, zh, en string) error {
	return ledger.Errorf(ledger.Invalid, "claim.field", "反映要素 %[1]s 不合规范：%[2]s。", "The fact %[1]s is not well-formed: %[3]s.", field, zh, en).At("%s", field)
}
