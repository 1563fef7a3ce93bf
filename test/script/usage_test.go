package script

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Commands about findings that are called wrongly say in one line, in the
// language asked for, what to give instead, and nothing comes of them.
func TestUsageOfFindings(t *testing.T) {
	dir := withFindings(t)
	beside := t.TempDir()
	there, other := filepath.Join(beside, "there.html"), filepath.Join(beside, "other.json")
	for name, text := range map[string]string{there: "kept", other: `{"name":"terms"}`} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	paper := []string{"paper", "--data", dir, "--html", "--public-url", "https://suyuan.example"}
	for _, c := range []struct {
		args   []string
		in     string
		code   int
		zh, en string // what is to be given
	}{
		{[]string{"liability"}, "", 1, "请从标准输入给出一件 JSON", "give one case as JSON on standard input"},
		{[]string{"liability"}, "[]", 1, "{…}：此处不能写列表；请改正后再给，写法见 suyuan liability --help", "{…}: no array belongs there; see suyuan liability --help"},
		{[]string{"liability"}, `{"kind":"quantity","units":7}`, 1, "units：此处不能写数；请改正后再给", "units: no number belongs there"},
		{[]string{"liability"}, `{"kind":"other"}`, 1, "应为 quantity（数量）、contradiction（要求互相矛盾）、competing（多头要求）或 conduct（事故处置）", "give quantity, contradiction, competing or conduct"},
		{[]string{"liability"}, `{"kind":"quantity"} {}`, 1, "请只给一个 JSON 对象", "give one JSON object"},
		{[]string{"whatif"}, "", 2, "请用 --within 写明范围、用 --policy 写明", "with --within and --policy"},
		{[]string{"whatif", "--within", "9901"}, "", 2, "--policy", "--policy"},
		{[]string{"whatif", "--policy", "1"}, "", 2, "--within", "--within"},
		{[]string{"whatif", "--data", dir, "--within", "9901", "--policy", "9"}, "", 1, "没有采用过第 9 版", "Version 9"},
		{[]string{"whatif", "--data", dir, "--within", "9901", "--policy", filepath.Join(beside, "none.json")}, "", 1, "请核对名称", "check the name"},
		{[]string{"whatif", "--data", dir, "--within", "9901", "--policy", other}, "", 1, "name 应为 jra-1", "its name must be jra-1"},
		{[]string{"whatif", "--data", dir, "--within", "510101", "--policy", "1"}, "", 1, "请先登记单位或核对代码", "check the code"},
		{[]string{"paper"}, "", 2, "请用 --finding 写明哪一份认定、用 --out", "with --finding, and where to write it with --out"},
		{[]string{"paper", "--finding", found600 + "-2"}, "", 2, "--out", "--out"},
		{[]string{"paper", "--finding", found600 + "-2", "--out", there, "--public-url", "suyuan.example"}, "", 2, "--public-url https://主机名", "--public-url https://host"},
		{[]string{"paper", "--finding", found600 + "-2", "--out", there, "--public-url", "https://suyuan.example/under"}, "", 2, "不带路径", "without a path"},
		{append(paper, "--finding", found600+"-2", "--out", there), "", 2, "已经存在；请换一个文件名", "is there already; choose another name"},
		{append(paper, "--finding", found600+"-9", "--out", filepath.Join(beside, "new.html")), "", 1, "没有这份认定，或者尚未公开", "no such finding"},
		{[]string{"verify", "--data", dir, "--finding", found600 + "-9"}, "", 1, "没有编号为“" + found600 + "-9”的认定", `There is no finding "` + found600 + `-9"`},
		{[]string{"verify", "--data", dir, "--finding", found600 + "-1", "--key", there}, "", 2, "--finding 不与 --key 同用", "--finding goes without --key"},
		{[]string{"verify", "--data", filepath.Join(beside, "none"), "--finding", found600 + "-1"}, "", 1, "请核对 --data 与 --store", "--data"},
	} {
		for lang, want := range map[string]string{"zh": c.zh, "en": c.en} {
			out, stderr, code := command(t, strings.NewReader(c.in), append(c.args, "--lang", lang)...)
			if code != c.code || out != "" || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "suyuan: ") || !strings.Contains(strings.ToLower(stderr), strings.ToLower(want)) {
				t.Errorf("%v in %s: exit status %d, %q, %q; want %d and %q", c.args, lang, code, out, stderr, c.code, want)
			}
		}
	}
	if text, err := os.ReadFile(there); err != nil || string(text) != "kept" {
		t.Errorf("what was there is %q, %v", text, err)
	}
	if list, err := os.ReadDir(beside); err != nil || len(list) != 2 {
		t.Errorf("something was left: %v, %v", list, err)
	}
}
