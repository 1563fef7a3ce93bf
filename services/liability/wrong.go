package liability

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"suyuan/services/exact"
)

// Wrong says what a case has wrong, in both languages. Each text begins with
// the field as the JSON has it, "issued", "approved.990101" or "layers[1]",
// where one is to blame. As an error it is the English one.
type Wrong struct {
	Zh, En string
	cause  error
}

// Error is the English text.
func (w *Wrong) Error() string { return w.En }

// Unwrap is what lies behind: ErrCycle, an error of the JSON, or nil.
func (w *Wrong) Unwrap() error { return w.cause }

// wrong is of a field; args are of both texts.
func wrong(field, zh, en string, args ...any) *Wrong {
	return &Wrong{Zh: field + "：" + fmt.Sprintf(zh, args...), En: field + ": " + fmt.Sprintf(en, args...)}
}

// unreadable is a text that is no case.
func unreadable(err error) *Wrong {
	zh, en := "", fmt.Sprintf("the case is not as expected: %v", err)
	kind, syntax := (*json.UnmarshalTypeError)(nil), (*json.SyntaxError)(nil)
	switch {
	case errors.Is(err, io.EOF):
		zh, en = "没有收到内容；请从标准输入给出一件 JSON", "nothing was given; give one case as JSON on standard input"
	case errors.As(err, &kind):
		value, _, _ := strings.Cut(kind.Value, " ")
		at := cmp.Or(kind.Field, "{…}")
		zh, en = at+"：此处不能写"+form(value), at+": no "+kind.Value+" belongs there"
	case errors.As(err, &syntax):
		zh = fmt.Sprintf("第 %d 字节处不是合规的 JSON", syntax.Offset)
	case errors.Is(err, io.ErrUnexpectedEOF):
		zh = "JSON 没有写完整"
	case errors.Is(err, exact.ErrNotNumber):
		zh = quoted(err) + " 不是数：应写成整数、小数或分数，如 200、0.5、3/10"
	case errors.Is(err, exact.ErrTooPrecise):
		zh = quoted(err) + " 的小数超过六位：最多写六位"
	case errors.Is(err, exact.ErrTooLarge):
		zh = quoted(err) + " 位数太多：请少写几位"
	default:
		name, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
		if zh = "写法不符合要求"; unknown {
			zh = "没有名为 " + name + " 的项"
		}
	}
	return &Wrong{Zh: zh, En: en, cause: err}
}

// form is a kind of JSON value in words.
func form(value string) string {
	words := map[string]string{"number": "数", "string": "文字", "array": "列表", "object": "对象", "bool": "是非值"}
	if zh, ok := words[value]; ok {
		return zh
	}
	return value
}

// quoted is the text that an error of a number begins with.
func quoted(err error) string {
	text, _, _ := strings.Cut(err.Error(), ": ")
	return text
}
