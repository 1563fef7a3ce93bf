package wire

import (
	"errors"
	"regexp"
	"strings"
)

// compile reads a regular expression as Go has them, which take time in
// proportion to the text, and besides what some clients write by themselves to
// leave events out: groups that look ahead, at the very beginning, as in
// ^(?!\$).
func compile(expression string) (func(string) bool, error) {
	rest, ok := strings.CutPrefix(expression, "^")
	if !ok || !strings.HasPrefix(rest, "(?!") && !strings.HasPrefix(rest, "(?=") {
		r, err := regexp.Compile(expression)
		if err != nil {
			return nil, err
		}
		return r.MatchString, nil
	}
	var must, not []*regexp.Regexp
	for strings.HasPrefix(rest, "(?!") || strings.HasPrefix(rest, "(?=") {
		end := closing(rest)
		if end < 0 {
			return nil, errors.New("missing closing ): " + expression)
		}
		r, err := anchored(rest[3:end])
		if err != nil {
			return nil, err
		}
		if rest[2] == '!' {
			not = append(not, r)
		} else {
			must = append(must, r)
		}
		rest = rest[end+1:]
		if rest != "" && strings.ContainsRune("*+?{", rune(rest[0])) {
			return nil, errors.New("a group that looks ahead cannot be repeated: " + expression)
		}
	}
	if either(rest) {
		return nil, errors.New("behind a group that looks ahead, put alternatives into a group of their own: " + expression)
	}
	r, err := anchored(rest)
	if err != nil {
		return nil, err
	}
	must = append(must, r)
	return func(name string) bool {
		for _, r := range must {
			if !r.MatchString(name) {
				return false
			}
		}
		for _, r := range not {
			if r.MatchString(name) {
				return false
			}
		}
		return true
	}, nil
}

func anchored(expression string) (*regexp.Regexp, error) {
	// Compiled alone first: in a group it might close that.
	if _, err := regexp.Compile(expression); err != nil {
		return nil, err
	}
	return regexp.Compile("^(?:" + expression + ")")
}

// closing finds the bracket that closes the group an expression begins with.
func closing(expression string) int {
	depth := 0
	for i, c := range outside(expression) {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// either reports whether an expression has alternatives outside of groups.
func either(expression string) bool {
	depth := 0
	for _, c := range outside(expression) {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == '|' && depth == 0:
			return true
		}
	}
	return false
}

// outside yields the bytes that are neither escaped nor in a class.
func outside(expression string) func(func(int, byte) bool) {
	return func(yield func(int, byte) bool) {
		class := -1 // where the class began
		for i := 0; i < len(expression); i++ {
			switch c := expression[i]; {
			case c == '\\':
				i++
			case class >= 0:
				first := i == class+1 || i == class+2 && expression[class+1] == '^'
				if c == ']' && !first {
					class = -1
				}
			case c == '[':
				class = i
			case !yield(i, c):
				return
			}
		}
	}
}
