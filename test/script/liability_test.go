package script

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const liabilityFile = "jra1-cases.json"

// Every case of joint responsibility, piped through the program, gives exactly
// the object that is expected of it.
func TestLiability(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "cases", liabilityFile))
	if err != nil {
		t.Fatal(err)
	}
	if shared, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", liabilityFile)); err == nil && string(shared) != string(text) {
		t.Error("the cases are not those of the specification")
	}
	all := read[struct{ Cases []json.RawMessage }](t, string(text)).Cases
	if len(all) < 35 {
		t.Fatalf("%d cases", len(all))
	}
	for _, c := range all {
		out, stderr, code := command(t, strings.NewReader(string(c)), "liability")
		if code != 0 || stderr != "" {
			t.Errorf("%s: exit status %d: %s", c, code, stderr)
			continue
		}
		want := read[struct{ Expect any }](t, string(c)).Expect
		if got := read[any](t, out); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %v\nwant %v", c, got, want)
		}
	}
	if out, _, code := command(t, strings.NewReader(string(all[2])), "liability", "--explain"); code != 0 || !strings.Contains(out, `"3.1.adder"`) {
		t.Errorf("explained: %d, %s", code, out)
	}
}

func TestLiabilityRefuses(t *testing.T) {
	for _, input := range []string{``, `{"kind":"quantity"}`, `{"kind":"conduct","units":["a","b"],"conduct":{"a":{"overruledBy":"b"},"b":{"overruledBy":"a"}}}`} {
		out, stderr, code := command(t, strings.NewReader(input), "liability")
		if code != 1 || out != "" || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: exit status %d, %q, %q", input, code, out, stderr)
		}
	}
}

// What is wrong with a field is said in Chinese to who reads Chinese.
func TestLiabilityRefusesInChinese(t *testing.T) {
	for input, want := range map[string]string{
		`{"kind":"quantity","units":["a","b"],"issued":["1"]}`:                                             "verified：请写明核实完成了多少；请改正后再给",
		`{"kind":"quantity","units":["a","b"],"issud":["1"]}`:                                              `没有名为 "issud" 的项`,
		`{"kind":"conduct","units":["a","b"],"conduct":{"a":{"overruledBy":"b"},"b":{"overruledBy":"a"}}}`: "CYCLE：驳回的关系绕回了它自己",
	} {
		out, stderr, code := command(t, strings.NewReader(input), "liability", "--lang", "zh-CN")
		if code != 1 || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit status %d, %q, %q, want %s", input, code, out, stderr, want)
		}
	}
}
