package guard

import (
	"math"
	"strings"
	"unicode/utf8"
)

// Scan measures the text in one pass and stops at the first bound exceeded.
// It reads tokens exactly as the library's lexer does, or refuses: the clean
// text that it returns holds no token that it did not count. Clean means that
// comments and byte order marks are blanked: after one with a character of
// several bytes, such as any Chinese comment, the library mistakes where the
// next name ends and reads part of the comment as the query.
func Scan(text string, l Limits) (clean string, used Limits, err error) {
	s := scanner{text: text, limits: l, used: Limits{Length: len(text)}}
	err = s.scan()
	if s.blanked != nil {
		return string(s.blanked), s.used, err
	}
	return text, s.used, err
}

// Clean is Scan without bounds, for texts of our own such as the SDL.
func Clean(text string) (string, error) {
	const all = math.MaxInt
	clean, _, err := Scan(text, Limits{all, all, all, all, all, all, all, all, all, all, all, all, all})
	return clean, err
}

func (s *scanner) scan() error {
	if err := s.used.Within(s.limits); err != nil {
		return err
	}
	if !utf8.ValidString(s.text) {
		return refuse("query.syntax", "查询不是UTF-8文本。", "The query is not UTF-8 text.")
	}
	for s.skipIgnored() {
		if err := s.token(); err != nil {
			return err
		}
		s.used.Tokens++
		if err := s.used.Within(s.limits); err != nil {
			return err
		}
	}
	switch {
	case s.bad:
		return s.fail("有控制字符", "a control character")
	case len(s.open) > 0:
		return s.fail("括号没有闭合", "a bracket is left open")
	}
	return nil
}

type scanner struct {
	text    string
	at      int
	limits  Limits
	used    Limits
	blanked []byte // the text without comments; nil where there are none
	open    []byte // closers awaited, innermost last; never longer than the depth allowed plus one
	parens  int
	bad     bool
}

// skipIgnored moves to the next token and reports whether there is one.
func (s *scanner) skipIgnored() bool {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',':
			s.at++
		case c == 0xEF && strings.HasPrefix(s.text[s.at:], "\uFEFF"):
			s.at += 3
			s.blank(s.at - 3)
		case c == '#':
			start := s.at
			for s.at < len(s.text) && s.text[s.at] != '\n' && s.text[s.at] != '\r' {
				if control(s.text[s.at]) {
					s.bad = true
					return false
				}
				s.at++
			}
			s.blank(start)
		default:
			return true
		}
	}
	return false
}

// blank puts spaces for what was read since start; places stay where they are.
func (s *scanner) blank(start int) {
	if s.blanked == nil {
		s.blanked = []byte(s.text)
	}
	for i := start; i < s.at; i++ {
		s.blanked[i] = ' '
	}
}

func (s *scanner) token() error {
	switch c := s.text[s.at]; {
	case c == '"':
		return s.quoted()
	case nameStart(c):
		return s.name()
	case c == '-' || digit(c):
		return s.number()
	case c == '.':
		if !strings.HasPrefix(s.text[s.at:], "...") {
			return s.fail("点号位置不对", "a dot out of place")
		}
		s.at += 3
	default:
		return s.punctuator(c)
	}
	return nil
}

func (s *scanner) punctuator(c byte) error {
	switch c {
	case '{', '[', '(':
		s.open = append(s.open, map[byte]byte{'{': '}', '[': ']', '(': ')'}[c])
		s.used.Depth = max(s.used.Depth, len(s.open))
		if c == '(' {
			s.parens++
		}
	case '}', ']', ')':
		last := len(s.open) - 1
		if last < 0 || s.open[last] != c {
			return s.fail("括号没有对应的开头", "a bracket closes nothing")
		}
		s.open = s.open[:last]
		if c == ')' {
			s.parens--
		}
	case ':':
		if s.parens == 0 { // outside arguments and variables only an alias has one
			s.used.Aliases++
		}
	case '@':
		s.used.Directives++
	case '!', '$', '&', '=', '|':
	default:
		return s.fail("字符位置不对", "a character out of place")
	}
	s.at++
	return nil
}

func (s *scanner) name() error {
	start := s.at
	for s.at < len(s.text) && (nameStart(s.text[s.at]) || digit(s.text[s.at])) {
		s.at++
	}
	s.used.Name = max(s.used.Name, s.at-start)
	if len(s.open) == 0 && s.text[start:s.at] == "fragment" {
		s.used.Fragments++
	}
	return nil
}

// number reads -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? and no more.
func (s *scanner) number() error {
	start := s.at
	if s.peek() == '-' {
		s.at++
	}
	zero := s.peek() == '0'
	if n := s.digits(); n == 0 || zero && n > 1 {
		return s.fail("数字写法不对", "not a number")
	}
	if s.peek() == '.' {
		s.at++
		if s.digits() == 0 {
			return s.fail("数字写法不对", "not a number")
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.at++
		if c := s.peek(); c == '+' || c == '-' {
			s.at++
		}
		if s.digits() == 0 {
			return s.fail("数字写法不对", "not a number")
		}
	}
	s.used.Name = max(s.used.Name, s.at-start)
	return nil
}

func (s *scanner) digits() int {
	start := s.at
	for digit(s.peek()) {
		s.at++
	}
	return s.at - start
}

func (s *scanner) quoted() error {
	start, block := s.at, strings.HasPrefix(s.text[s.at:], `"""`)
	if block {
		s.at += 3
	} else {
		s.at++
	}
	for s.at < len(s.text) {
		c, rest := s.text[s.at], s.text[s.at:]
		switch {
		case block && strings.HasPrefix(rest, `"""`):
			s.at += 3
			s.used.Text = max(s.used.Text, s.at-start-6)
			return nil
		case block && strings.HasPrefix(rest, `\"""`):
			s.at += 4
		case !block && c == '"':
			s.at++
			s.used.Text = max(s.used.Text, s.at-start-2)
			return nil
		case !block && (c == '\n' || c == '\r'):
			return s.fail("文字没有闭合", "a string is left open")
		case !block && c == '\\':
			s.at += 2
		case control(c):
			return s.fail("有控制字符", "a control character")
		default:
			s.at++
		}
	}
	s.at = len(s.text)
	return s.fail("文字没有闭合", "a string is left open")
}

// peek is the byte ahead, 0 at the end; a zero byte is never part of a token.
func (s *scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scanner) fail(zh, en string) error {
	before := s.text[:min(s.at, len(s.text))]
	line := 1 + strings.Count(before, "\n")
	return syntax(line, 1+utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]), zh, en)
}

func control(c byte) bool   { return c < ' ' && c != '\t' && c != '\n' && c != '\r' }
func digit(c byte) bool     { return c >= '0' && c <= '9' }
func nameStart(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
