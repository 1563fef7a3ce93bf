package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"strings"
)

// traced is the answer of the trace query.
type traced struct {
	Mandate struct{ ID, Title string }
	Unit    namedUnit
	Measure struct{ Key, Name, Unit, Kind, Harder string }
	Value   *string

	Provisional bool
	AsOf        string
	Reference   *struct {
		Unit     namedUnit
		Value    string
		Document *paper
		Events   []eventRef
	}
	Steps []struct {
		Unit     namedUnit
		Level    string
		Amount   string
		Ratio    *string
		Document *paper
		Events   []eventRef
	}
	Items []struct {
		Item   string
		Units  []namedUnit
		Events []eventRef
	}
	Reliefs []struct {
		Item string
		Unit namedUnit
	}
	Flags []struct {
		Code            string
		Unit            namedUnit
		Found, Expected *string
		Events          []eventRef
	}
}

type (
	namedUnit struct{ Code, Name, Level string }
	paper     struct{ ID, Number, Title string }
	eventRef  struct{ Ordinal, Hash string }
)

var levelNames = map[string]map[string]string{
	"zh-CN": {"CENTRAL": "中央", "PROVINCE": "省", "CITY": "市", "COUNTY": "县", "TOWNSHIP": "乡", "VILLAGE": "村"},
	"en":    {"CENTRAL": "central", "PROVINCE": "province", "CITY": "city", "COUNTY": "county", "TOWNSHIP": "town", "VILLAGE": "village"},
}

var flagNames = map[string]map[string]string{
	"zh-CN": {
		"SKIP_LEVEL": "越级派任务", "NO_BASIS": "缺上级文件", "BASE_MISMATCH": "基数合计与收到数不符，已按比例折算", "SUM_MISMATCH": "文件所列合计与分项不符",
		"OVER_RECEIVED": "下达多于收到，无批准", "UNAUTHORISED": "加码超出批准", "INFEASIBLE": "超出能力，或条件无法同时满足", "OFF_LIST": "不在履职事项清单",
		"SHORT_NOTICE": "留给的时间过短", "SAME_DAY": "当天布置当天要", "CONCURRENT": "决定时依据正在变动",
	},
	"en": {
		"SKIP_LEVEL": "levels were skipped", "NO_BASIS": "no higher document on record", "BASE_MISMATCH": "bases do not add up to what was received and were scaled",
		"SUM_MISMATCH": "the stated total differs from its parts", "OVER_RECEIVED": "more passed down than received, without approval",
		"UNAUTHORISED": "the addition exceeds its approval", "INFEASIBLE": "beyond capacity, or conditions that no plan meets", "OFF_LIST": "not on the duty list",
		"SHORT_NOTICE": "short notice", "SAME_DAY": "due the same day", "CONCURRENT": "decided while its basis was changing",
	},
}

type printer struct {
	w    io.Writer
	lang string
}

func (p printer) say(zh, en string, args ...any) {
	if p.lang == "en" {
		zh = en
	}
	fmt.Fprintf(p.w, zh+"\n", args...)
}

func printTraces(w io.Writer, data json.RawMessage, lang string) error {
	var answer struct{ Trace []traced }
	if err := json.Unmarshal(data, &answer); err != nil {
		return err
	}
	p := printer{w, lang}
	for i, t := range answer.Trace {
		if i > 0 {
			fmt.Fprintln(w)
		}
		p.trace(t)
	}
	return nil
}

func (p printer) trace(t traced) {
	p.say("%s（%s）· %s（%s）· %s", "%s (%s) · %s (%s) · %s", t.Mandate.Title, t.Mandate.ID, t.Unit.Name, t.Unit.Code, t.Measure.Name+unitOf(t.Measure.Unit))
	switch t.Measure.Kind {
	case "SET":
		p.set(t)
	default:
		p.sum(t)
		p.bars(t)
	}
	if t.Provisional {
		p.say("暂定：缺上级文件，以本级为记录起点", "Provisional: no higher document on record; the first issuer is the origin of record only")
	}
	for _, f := range t.Flags {
		compare := ""
		if f.Found != nil && f.Expected != nil {
			compare = fmt.Sprintf(" %s / %s", *f.Found, *f.Expected)
		}
		p.say("标记：%s（%s）%s%s", "Flag: %s (%s) %s%s", flagNames[p.lang][f.Code], f.Unit.Name, ordinals(f.Events), compare)
	}
	p.say("依据账本前 %s 条", "From the first %s events of the ledger", t.AsOf)
}

// sum is the finding in one line: 220 = 200 (county) + 20 (town).
func (p printer) sum(t traced) {
	var b strings.Builder
	if t.Value != nil {
		b.WriteString(*t.Value)
	}
	b.WriteString(" =")
	first := true
	if t.Reference != nil {
		fmt.Fprintf(&b, " %s%s", t.Reference.Value, p.bracket(levelNames[p.lang][t.Reference.Unit.Level]))
		first = false
	}
	for _, s := range t.Steps {
		amount, sign := s.Amount, " + "
		if t.Measure.Kind == "INTENSITY" && t.Measure.Harder == "LOWER" {
			amount = negate(amount) // harder means less: the value is the reference less the steps
		}
		if rest, ok := strings.CutPrefix(amount, "-"); ok {
			amount, sign = rest, " − "
		}
		if first {
			sign = strings.Replace(sign, " + ", " ", 1)
		}
		fmt.Fprintf(&b, "%s%s%s", sign, amount, p.bracket(levelNames[p.lang][s.Level]))
		first = false
	}
	fmt.Fprintln(p.w, b.String())
}

func negate(s string) string {
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		return rest
	}
	if s == "0" {
		return s
	}
	return "-" + s
}

func (p printer) bracket(s string) string {
	if p.lang == "en" {
		return " (" + s + ")"
	}
	return "（" + s + "）"
}

// bars draws the steps as a waterfall, 40 columns wide.
func (p printer) bars(t traced) {
	const width = 40
	at, most := new(big.Rat), new(big.Rat)
	for _, s := range t.Steps {
		at.Add(at, rational(s.Amount))
		if at.Cmp(most) > 0 {
			most.Set(at)
		}
	}
	at.SetInt64(0)
	for _, s := range t.Steps {
		from := new(big.Rat).Set(at)
		at.Add(at, rational(s.Amount))
		left, right, mark := from, at, "█"
		if at.Cmp(from) < 0 {
			left, right, mark = at, from, "░"
		}
		a, b := column(left, most, width), column(right, most, width)
		if a == b && left.Cmp(right) != 0 {
			b++
		}
		bar := strings.Repeat(" ", a) + strings.Repeat(mark, b-a)
		fmt.Fprintf(p.w, "  %s %s %s%s  %s %s %s\n", pad(levelNames[p.lang][s.Level], 9), padRight(signed(s.Amount), 10), bar, strings.Repeat(" ", max(width+1-b, 0)),
			s.Unit.Name, document(s.Document), ratio(s.Ratio)+ordinals(s.Events))
	}
}

// column is where a value stands, rounded down.
func column(v, most *big.Rat, width int64) int {
	if most.Sign() <= 0 || v.Sign() <= 0 {
		return 0
	}
	x := new(big.Rat).Quo(new(big.Rat).Mul(v, big.NewRat(width, 1)), most)
	return int(new(big.Int).Quo(x.Num(), x.Denom()).Int64())
}

func (p printer) set(t traced) {
	for _, i := range t.Items {
		var names []string
		for _, u := range i.Units {
			names = append(names, u.Name)
		}
		p.say("  %s：%s 提出%s", "  %s: asked for by %s%s", i.Item, strings.Join(names, "、"), ordinals(i.Events))
	}
	for _, r := range t.Reliefs {
		p.say("  %s：%s 不再要求", "  %s: dropped by %s", r.Item, r.Unit.Name)
	}
}

func rational(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return new(big.Rat)
	}
	return r
}

func signed(s string) string {
	if strings.HasPrefix(s, "-") {
		return s
	}
	return "+" + s
}

func ratio(r *string) string {
	if r == nil {
		return ""
	}
	percent := new(big.Rat).Mul(rational(*r), big.NewRat(100, 1))
	text := percent.FloatString(1)
	if percent.IsInt() {
		text = percent.Num().String()
	}
	if percent.Sign() >= 0 {
		text = "+" + text
	}
	return "(" + text + "%) "
}

func document(d *paper) string {
	switch {
	case d == nil:
		return ""
	case d.Number != "":
		return d.Number
	}
	return d.Title
}

func ordinals(events []eventRef) string {
	var list []string
	for _, e := range events {
		list = append(list, "#"+e.Ordinal)
	}
	return " " + strings.Join(list, " ")
}

func unitOf(s string) string {
	if s == "" {
		return ""
	}
	return "/" + s
}

// pad fills to a width in columns; a Chinese character takes two.
func pad(s string, width int) string { return s + strings.Repeat(" ", max(width-columns(s), 0)) }

func padRight(s string, width int) string { return strings.Repeat(" ", max(width-columns(s), 0)) + s }

func columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x2e80 {
			n++
		}
	}
	return n
}
