package liability

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// inBoth fails the test unless an error says in both languages what is wrong,
// beginning with the same field.
func inBoth(t *testing.T, err error) {
	t.Helper()
	w, ok := errors.AsType[*Wrong](err)
	if !ok {
		t.Errorf("%v is in English only", err)
		return
	}
	field, _, _ := strings.Cut(w.En, ": ")
	at, said, _ := strings.Cut(w.Zh, "：")
	if word, _, _ := strings.Cut(field, " "); at != field && !strings.HasPrefix(at, word) || !strings.ContainsFunc(said, han) {
		t.Errorf("%q is in Chinese %q", w.En, w.Zh)
	}
	if strings.ContainsFunc(w.En, han) || strings.Contains(w.En+w.Zh, "%!") {
		t.Errorf("%q, %q", w.En, w.Zh)
	}
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// What cannot be read is said in Chinese too, and names the place.
func TestUnreadable(t *testing.T) {
	english := regexp.MustCompile(`[a-z]{3,} [a-z]{2,}`)
	for text, want := range map[string]string{
		``:                         "没有收到内容；请从标准输入给出一件 JSON",
		`[]`:                       "{…}：此处不能写列表",
		`{"kind":"quantity"`:       "JSON 没有写完整",
		`{"kind":}`:                "第 9 字节处不是合规的 JSON",
		`{"issud":["1"]}`:          `没有名为 "issud" 的项`,
		`{"issued":["x"]}`:         `"x" 不是数：应写成整数、小数或分数，如 200、0.5、3/10`,
		`{"verified":"0.1234567"}`: `"0.1234567" 的小数超过六位：最多写六位`,
		`{"verified":"` + strings.Repeat("9", 20_000) + `"}`: `"` + strings.Repeat("9", 40) + `…" 位数太多：请少写几位`,
		`{"issued":[1.5]}`:       "issued：此处不能写数",
		`{"kind":[]}`:            "kind：此处不能写列表",
		`{"falsified":"yes"}`:    "falsified：此处不能写文字",
		`{"units":{}}`:           "units：此处不能写对象",
		`{"windowMinutes":true}`: "windowMinutes：此处不能写是非值",
		`{"kind":"conduct","units":["a"],"conduct":{"a":{}}} 1`: "后面还有别的内容；请只给一个 JSON 对象",
		`{"name":"` + strings.Repeat("x", maxCase) + `"}`:       "超过 262144 字节",
		`{"kind":"other"}`: `kind "other"：应为 quantity（数量）、contradiction（要求互相矛盾）、competing（多头要求）或 conduct（事故处置）`,
		`{"kind":"quantity","units":["a","b"],"issued":["1","2"],"verified":"1"}`: "issued：写了 2 个数，单位有 2 个；除最后一个单位外，每个单位各写一个",
	} {
		_, err := ReadCase(strings.NewReader(text))
		w, ok := errors.AsType[*Wrong](err)
		if !ok || w.Zh != want || english.MatchString(w.Zh) || strings.ContainsFunc(w.En, han) {
			t.Errorf("%.60s: %+v, want %s", text, w, want)
		}
	}
}
