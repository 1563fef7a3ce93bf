package breakdown

import (
	"slices"
	"strings"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
)

// table is an issuance as rows of text, ready for either format.
type table struct {
	title  string
	head   []string
	rows   [][]value
	sums   []bool // columns that add up
	total  []value
	stated []int // columns whose total is not their sum but what the paper says
	words  words
}

// value is one cell of it.
type value struct {
	text   string
	number bool // a figure that a number cell holds exactly
}

// words are what a sheet says in one language.
type words struct{ sheet, kept, total string }

var said = map[string]words{
	"zh-CN": {"分解表", "本级", "合计"},
	"en":    {"Breakdown", "Retained", "Total"},
}

// newTable lays the parts of an issuance out. Headings are chosen so that Read
// recognises each.
func newTable(parts []*Record, lang string) (*table, error) {
	m := &layout{lang: lang, measures: carried(parts)}
	t := &table{title: parts[0].Title, words: said[lang]}
	if err := m.choose(parts); err != nil {
		return nil, err
	}
	t.head, t.sums = m.heads, m.sums
	sums := make([]exact.Sum, len(m.heads))
	for _, r := range parts {
		for _, l := range r.Lines {
			t.rows = append(t.rows, m.row(l.To, r.Names[l.To], l, sums))
		}
	}
	for _, r := range parts {
		if len(r.Retained) > 0 {
			t.rows = append(t.rows, m.row("", t.words.kept, issuance.Line{Amounts: r.Retained}, sums))
		}
	}
	t.total = make([]value, len(m.heads))
	for i, adds := range m.sums {
		if _, err := exact.ParseDecimal(sums[i].String()); adds && err == nil { // else no reader would take it
			t.total[i] = figureCell(sums[i].String())
		}
	}
	t.total[1] = value{text: t.words.total}
	for _, r := range parts {
		for _, a := range r.Stated {
			t.state(m, a)
		}
	}
	return t, nil
}

// state puts a total that the paper states in the place of the rows' sum.
func (t *table) state(m *layout, a issuance.Amount) {
	i := slices.IndexFunc(m.measures, func(x Measure) bool { return x.ID() == a.Measure })
	if i < 0 || !m.sums[m.value[i]] {
		return
	}
	t.total[m.value[i]] = figureCell(a.Value)
	t.stated = append(t.stated, m.value[i])
}

// carried are the measures that the lines hand down, in their mandates' order.
func carried(parts []*Record) (all []Measure) {
	used := map[string]bool{}
	for _, r := range parts {
		for _, l := range r.Lines {
			for _, a := range l.Amounts {
				used[a.Measure] = true
			}
		}
		for _, a := range r.Retained {
			used[a.Measure] = true
		}
	}
	for _, m := range parts[0].Measures {
		if used[m.ID()] {
			all = append(all, m)
		}
	}
	return all
}

// layout is which column holds what.
type layout struct {
	lang     string
	measures []Measure
	heads    []string
	sums     []bool
	value    []int // by measure
	base     []int // by measure, -1: none on record
	due      int   // -1: none on record
}

// choose picks the headings: the plain word, else one that no measure's name
// stands in the way of.
func (m *layout) choose(parts []*Record) error {
	based, due := m.recorded(parts)
	all := parts[0].Measures
	m.add(pick(all, roleCode, -1, m.first(codeWords, "行政区划代码", "Code")...))
	m.add(pick(all, roleName, -1, m.first(nameWords, "单位名称", "Unit")...))
	for _, x := range m.measures {
		at := slices.IndexFunc(all, func(y Measure) bool { return y.ID() == x.ID() })
		var names []string
		for _, n := range []string{x.Name, x.Key, x.ID()} {
			names = append(names, n+bracket(x))
		}
		m.value = append(m.value, m.add(pick(all, roleValue, at, names...)))
		m.sums[len(m.sums)-1] = x.Kind == mandate.Divisible
		if !based[x.ID()] {
			m.base = append(m.base, -1)
			continue
		}
		names = nil
		for _, n := range []string{x.Name, x.Key, x.ID()} {
			names = append(names, n+m.say("基数", " base")+bracket(x))
		}
		m.base = append(m.base, m.add(pick(all, roleBase, at, names...)))
		m.sums[len(m.sums)-1] = true
	}
	if m.due = -1; due {
		m.due = m.add(pick(all, roleDue, -1, m.first(dueWords, "截止日期", "Due")...))
	}
	if slices.Contains(m.heads, "") {
		return ledger.Refuse("breakdown.headings", "指标名称与表头用字相同，写不出能认的表；请用接口查询。", "The measures are named as headings are, so that no sheet could be read back; use the API.")
	}
	return nil
}

func bracket(m Measure) string {
	if m.Unit == "" || m.Kind == mandate.Set || m.IsFrequency() {
		return ""
	}
	return "（" + m.Unit + "）"
}

func (m *layout) say(zh, en string) string {
	if m.lang == "en" {
		return en
	}
	return zh
}

func (m *layout) first(words []string, zh, en string) []string {
	return append([]string{m.say(zh, en)}, words...)
}

func (m *layout) add(head string) int {
	m.heads = append(m.heads, head)
	m.sums = append(m.sums, false)
	return len(m.heads) - 1
}

// pick is the first heading that is read as what it should say, "" if none is.
func pick(measures []Measure, want role, measure int, names ...string) string {
	for _, n := range names {
		c := classify([]string{n}, measures)
		unit := ""
		if c.counts() && c.measure >= 0 {
			unit = measures[c.measure].Unit
		}
		if _, ok := conversion(c.unit, unit); c.role == want && c.measure == measure && ok {
			return n
		}
	}
	return ""
}

// recorded tells which measures have a base on some line, and whether a
// deadline is on record.
func (m *layout) recorded(parts []*Record) (based map[string]bool, due bool) {
	based = map[string]bool{}
	for _, r := range parts {
		for _, l := range r.Lines {
			due = due || l.Due != nil
			for _, a := range l.Amounts {
				if a.Base != "" {
					based[a.Measure] = true
				}
			}
		}
	}
	return based, due
}

func (m *layout) row(code, name string, l issuance.Line, sums []exact.Sum) []value {
	row := make([]value, len(m.heads))
	row[0], row[1] = value{text: code}, value{text: name}
	if _, total := totals(name); total && code != "" {
		row[1] = value{} // nobody's name should be read as a total; the code says who it is
	}
	for _, a := range l.Amounts {
		i := slices.IndexFunc(m.measures, func(x Measure) bool { return x.ID() == a.Measure })
		row[m.value[i]] = m.cell(m.measures[i], a)
		count(&sums[m.value[i]], m.measures[i], a.Value)
		if m.base[i] >= 0 && a.Base != "" {
			row[m.base[i]] = figureCell(a.Base)
			count(&sums[m.base[i]], m.measures[i], a.Base)
		}
	}
	if m.due >= 0 && l.Due != nil {
		row[m.due] = value{text: dueText(*l.Due)}
	}
	return row
}

func count(sum *exact.Sum, m Measure, s string) {
	if v, err := exact.ParseDecimal(s); err == nil && m.Kind == mandate.Divisible {
		sum.Add(v)
	}
}

func (m *layout) cell(x Measure, a issuance.Amount) value {
	switch {
	case x.Kind == mandate.Set:
		s := strings.Join(a.Items, "\n")
		if len(a.Items) == 1 && strings.ContainsAny(s, "、,，;；") {
			s += "\n" // one item, not a list
		}
		return value{text: s}
	case x.IsFrequency():
		return value{text: a.Value}
	}
	return figureCell(a.Value)
}

// sumsExactly reports whether a spreadsheet program, which adds up binary
// fractions, comes to a column's total exactly.
func (t *table) sumsExactly(col int) bool {
	const safe = 12 // digits of a total; three are left for what adding up loses
	for _, row := range t.rows {
		if row[col].text != "" && !row[col].number {
			return false
		}
	}
	return t.sums[col] && !slices.Contains(t.stated, col) && len(strings.NewReplacer(".", "", "-", "").Replace(t.total[col].text)) <= safe
}

// figureCell makes a number of what a spreadsheet program keeps whole.
func figureCell(s string) value {
	digits := strings.TrimLeft(strings.NewReplacer(".", "", "-", "").Replace(s), "0")
	return value{text: s, number: len(digits) <= shown}
}
