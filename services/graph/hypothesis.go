package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"suyuan/services/ledger"
	"suyuan/services/liability"
)

// Bounds of a case that anybody may ask about: it is worked out while the
// rows stand still, and its answer is written whole.
const (
	mostCaseUnits = 24
	mostFieldName = 40
)

// hypothesis reads the case of a what-if. An error names the field of the case
// that is at fault, also inside a list or a map, and says in both languages
// what belongs there.
func hypothesis(text string) (liability.Case, error) {
	var none liability.Case
	given := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(text), &given); err != nil {
		return none, ledger.Errorf(ledger.Invalid, "whatif.json", "算例应是一个 JSON 对象，写法与 suyuan liability 所读的相同。", "The case must be one JSON object, written as `suyuan liability` reads it.").At("case")
	}
	for _, field := range sortedFields(given) {
		if len(field) > mostFieldName {
			return none, unknownField(field[:mostFieldName] + "…")
		}
		if _, ok := caseFields[field]; !ok {
			return none, unknownField(field)
		}
		if at := unreadable(field, given[field]); at != "" {
			return none, misread(at)
		}
	}
	c, err := liability.ReadCase(strings.NewReader(text))
	if len(c.Units)+len(c.Others) > mostCaseUnits {
		return none, ledger.Errorf(ledger.Invalid, "whatif.units", "试算最多 %d 个单位；更大的算例请用 suyuan liability 计算。", "A what-if has at most %d units; work a larger case out with `suyuan liability`.", mostCaseUnits).At("units")
	}
	if err != nil {
		return none, unsound(err)
	}
	c.Name, c.Expect = "", nil
	return c, nil
}

// caseField is a field of a case in words: what it is called and what belongs
// there.
type caseField struct{ zh, wantZh, wantEn string }

const (
	someUnits = "写单位的列表"
	anAmount  = "写整数、小数或分数，如 3/10"
	amountEn  = "write a whole number, a decimal or a fraction such as 3/10, as a text"
	unitsEn   = "write a list of units"
)

var caseFields = map[string]caseField{
	"name":                {"名称", "写一段文字", "write a text"},
	"kind":                {"类型", "写 quantity（数量）、contradiction（要求互相矛盾）、competing（多头要求）或 conduct（事故处置）", "write quantity, contradiction, competing or conduct"},
	"units":               {"单位", "从上级到下级写出各单位，不重复、不留空；数量类至少两个", "name the units, upstream first, each once; a quantity has at least two"},
	"others":              {"其他单位", "写不在链条上的单位，不与链条上的重复", "name the units beside the chain, each once"},
	"issued":              {"逐级要求的数", "除最后一个单位外，每个单位写一个数：它要求下一级完成多少", "one number for each unit but the last: what it asked of the next"},
	"unknown":             {"账上没有写明的保障", "写 authority（权限）、notice（送达）、resources（人财物）中账上没有写明、按有保障算的", "those of authority, notice and resources that nothing on record says and that count as given"},
	"layers":              {"要求的各层", "代替逐级要求的数，按层写 unit、amount 和 approved；写了它就不写逐级要求、第一个单位收到的数和获准的部分", "in place of issued: unit, amount and approved of each layer, without issued, receivedByFirst, authorised and approved"},
	"receivedByFirst":     {"第一个单位收到的数", anAmount + "；它就是起点的，不写", amountEn + "; leave it out where that unit is the origin"},
	"verified":            {"核实完成的数", anAmount, amountEn},
	"capacity":            {"能力上限", anAmount + "；不知道的，不写", amountEn + "; leave it out where it is not known"},
	"authorised":          {"加码全部获准且有保障的单位", someUnits, unitsEn},
	"approved":            {"获准且有保障的部分", "按单位写不小于 0 的数；全部获准的单位不在这里重复", "by unit, not below 0, and not for a unit whose whole addition is authorised"},
	"silent":              {"知情未提异议的单位", someUnits, unitsEn},
	"coOwned":             {"执行单位承担的比例 λ", "写 0 到 1 之间的数", "from 0 to 1"},
	"adequacy":            {"条件保障程度 a", "写 0 到 1 之间的数", "from 0 to 1"},
	"owner":               {"牵头单位", "写一个单位", "name a unit"},
	"overruled":           {"异议被驳回", "按提出异议的单位写明由谁坚持；不能绕回自己", "by the unit that objected, who insisted; it must not lead back to itself"},
	"illegalOrder":        {"接到明显违法命令的单位", someUnits, unitsEn},
	"executorOverruledBy": {"坚持要求执行单位照办的单位", "写一个单位，不能是执行单位自己", "name a unit other than the executor"},
	"falsified":           {"弄虚作假", "写 true 或 false", "write true or false"},
	"falsifier":           {"弄虚作假的单位", "有弄虚作假时才写，写一个单位", "name a unit, only where something was falsified"},
	"constraints":         {"各单位设定的条件数", "按单位写整数，至少一个大于 0，最多 1000000", "by unit, whole numbers up to 1,000,000 of which one is above 0"},
	"demands":             {"各单位要求的数", "按单位写不小于 0 的数，至少一个", "by unit, not below 0, at least one"},
	"executor":            {"执行单位", "多头要求时写明由哪个单位完成", "name the unit that was to do it"},
	"windowMinutes":       {"可用的反应时间（分钟）", "写不小于 0 的整数", "a whole number of minutes, not below 0"},
	"conduct":             {"各单位的处置情况", "按单位写 power（0 至 3）、knew、effective 等", "by unit: power from 0 to 3, knew, effective …"},
	"expect":              {"预期结果", "试算时不用", "not used here"},
}

func sortedFields(m map[string]json.RawMessage) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// unreadable finds the place under a field that is not of the form it should
// have: the field, an item of its list or an entry of its map; "" where all is
// well.
func unreadable(field string, raw json.RawMessage) string {
	if readable(field, raw) {
		return ""
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil && readable(field, []byte("[]")) {
		for i, item := range list {
			if !readable(field, slices.Concat([]byte("["), item, []byte("]"))) {
				return fmt.Sprintf("%s[%d]", field, i)
			}
		}
	}
	entries := map[string]json.RawMessage{}
	if json.Unmarshal(raw, &entries) == nil && readable(field, []byte("{}")) {
		for _, key := range sortedFields(entries) {
			name, err := json.Marshal(key)
			if err == nil && !readable(field, slices.Concat([]byte("{"), name, []byte(":"), entries[key], []byte("}"))) {
				return field + "." + key
			}
		}
	}
	return field
}

func readable(field string, raw json.RawMessage) bool {
	var c liability.Case
	name, err := json.Marshal(field)
	return err == nil && ledger.DecodeStrict(slices.Concat([]byte("{"), name, []byte(":"), raw, []byte("}")), &c) == nil
}

func unknownField(field string) error {
	return ledger.Errorf(ledger.Invalid, "whatif.unknown_field", "算例中没有名为“%s”的项。", "A case has no field %q.", field).At("%s", field)
}

func misread(at string) error {
	zh, f := named(at)
	return ledger.Errorf(ledger.Invalid, "whatif.field", "“%[1]s”填写有误：%[2]s。", "%[3]s is not as expected: %[4]s.", zh, f.wantZh, at, f.wantEn).At("%s", at)
}

// named is a place in a case in Chinese, with the field it is under.
func named(at string) (string, caseField) {
	end := strings.IndexAny(at, ".[")
	if end < 0 {
		end = len(at)
	}
	f := caseFields[at[:end]]
	switch rest := at[end:]; {
	case rest == "":
		return f.zh, f
	case rest[0] == '.':
		return f.zh + "：" + rest[1:], f
	default:
		var n int
		if _, err := fmt.Sscanf(rest, "[%d]", &n); err != nil {
			return f.zh, f
		}
		return fmt.Sprintf("%s第%d项", f.zh, n+1), f
	}
}

// unsound says in both languages what liability refused.
func unsound(err error) error {
	if errors.Is(err, liability.ErrCycle) {
		at, _, _ := strings.Cut(err.Error(), ":")
		return ledger.Errorf(ledger.Invalid, "whatif.cycle", "异议驳回的关系绕成了圈（CYCLE）：最后找不到应当负责的单位。", "The overrulings go in a circle (CYCLE): nobody is left to answer.").At("%s", at).Because(err)
	}
	at, why, found := strings.Cut(err.Error(), ": ")
	if word, _, spaced := strings.Cut(at, " "); spaced { // kind "x": give …
		at = word
	}
	zh, f := named(at)
	if !found || f.zh == "" {
		return ledger.Errorf(ledger.Invalid, "whatif.case", "算例不成立，请对照各项说明检查。", "The case does not hold: %s.", err).At("case").Because(err)
	}
	if unit, ok := strings.CutSuffix(why, " is not one of the units"); ok {
		return ledger.Errorf(ledger.Invalid, "whatif.unit", "“%[1]s”中的 %[2]s 不在所列单位之中。", "%[3]s: %[2]s is not one of the units.", zh, unit, at).At("%s", at).Because(err)
	}
	return ledger.Errorf(ledger.Invalid, "whatif.field", "“%[1]s”填写有误：%[2]s。", "%[3]s: %[4]s.", zh, f.wantZh, at, why).At("%s", at).Because(err)
}
