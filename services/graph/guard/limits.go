// Package guard stands before the GraphQL library: it measures a query with a
// lexer of its own that never recurses, lets the library parse only what is
// small, and refuses fragments that go in circles or multiply, all before
// anything is validated. It knows no schema and must never run a query.
package guard

import "suyuan/services/ledger"

// Limits says how large a query may be. The same struct holds what was
// measured, so that a query accepted for one reader is compared again for the
// next without being read again.
type Limits struct {
	Length     int // bytes of the text
	Depth      int // nesting of braces, brackets and parentheses, and of selections once fragments are put in
	Tokens     int
	Aliases    int
	Fragments  int // definitions
	Directives int
	Text       int // bytes of the longest string, written or in a variable
	Name       int // bytes of the longest name or number
	Selections int // fields and spreads once fragments are put in
	Repeats    int // fields of one name in one selection set
	Values     int // values in the variables, of any kind; not measured in the text
	Resolved   int // fields answered while the query runs; enforced by the executor
	Work       int // rows looked at while the query runs, as the resolvers estimate; enforced by them
}

// Public bounds anybody's query; Staff bounds those of signed-in staff, whose
// tools send the introspection query.
var (
	Public = Limits{Length: 8 << 10, Depth: 10, Tokens: 1200, Aliases: 32, Fragments: 16, Directives: 16,
		Text: 2 << 10, Name: 64, Selections: 2000, Repeats: 8, Values: 200, Resolved: 50_000, Work: 200_000}
	Staff = Limits{Length: 64 << 10, Depth: 20, Tokens: 2000, Aliases: 200, Fragments: 64, Directives: 64,
		Text: 16 << 10, Name: 128, Selections: 2000, Repeats: 32, Values: 2000, Resolved: 500_000, Work: 2_000_000}
)

// Within returns the *ledger.Error for the first bound that the measured
// query exceeds, or nil.
func (m Limits) Within(l Limits) error {
	switch {
	case m.Length > l.Length:
		return refuse("query.too_long", "查询过长，最多%d字节；请拆成几次查询。", "The query is too long: at most %d bytes; ask in several queries.", l.Length)
	case m.Tokens > l.Tokens:
		return refuse("query.too_many_tokens", "查询的词法单元过多，最多%d个；请拆成几次查询。", "The query has too many tokens: at most %d; ask in several queries.", l.Tokens)
	case m.Depth > l.Depth:
		return refuse("query.too_deep", "查询嵌套过深，最多%d层。", "The query is nested too deeply: at most %d levels.", l.Depth)
	case m.Aliases > l.Aliases:
		return refuse("query.too_many_aliases", "查询的别名过多，最多%d个。", "The query has too many aliases: at most %d.", l.Aliases)
	case m.Fragments > l.Fragments:
		return refuse("query.too_many_fragments", "查询的片段过多，最多%d个。", "The query has too many fragments: at most %d.", l.Fragments)
	case m.Directives > l.Directives:
		return refuse("query.too_many_directives", "查询的指令过多，最多%d个。", "The query has too many directives: at most %d.", l.Directives)
	case m.Text > l.Text:
		return refuse("query.text_too_long", "查询中的文字过长，每段最多%d字节。", "A string in the query is too long: at most %d bytes each.", l.Text)
	case m.Name > l.Name:
		return refuse("query.name_too_long", "查询中的名称或数字过长，最多%d个字符。", "A name or number in the query is too long: at most %d characters.", l.Name)
	case m.Selections > l.Selections:
		return refuse("query.too_many_selections", "片段展开后字段过多，最多%d个。", "With its fragments put in, the query selects too many fields: at most %d.", l.Selections)
	case m.Repeats > l.Repeats:
		return refuse("query.too_many_repeats", "同一层选取同名字段过多，最多%d次。", "One selection asks for the same name too often: at most %d times.", l.Repeats)
	case m.Values > l.Values:
		return refuse("query.too_many_values", "变量中的值过多，最多%d个。", "The variables hold too many values: at most %d.", l.Values)
	}
	return nil
}

func refuse(rule, zh, en string, args ...any) *ledger.Error {
	return ledger.Errorf(ledger.Invalid, rule, zh, en, args...)
}

func syntax(line, column int, zh, en string) *ledger.Error {
	return refuse("query.syntax", "第%[1]d行第%[2]d列读不懂：%[3]s。", "The query cannot be read at line %[1]d, column %[2]d: %[4]s.", line, column, zh, en)
}
