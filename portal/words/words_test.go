package words

import (
	"testing"
	"testing/fstest"
)

func TestSay(t *testing.T) {
	b := &Book{map[string]map[string]string{"en": {"a": "{x} of {y}", "b": "plain"}}}
	if s, err := b.Say("en", "a", "x", 1, "y", "{x}"); err != nil || s != "1 of {x}" {
		t.Errorf("%q, %v", s, err)
	}
	b.said["en"]["c"] = "{n} {n|item|items} of {m}{m|| each}"
	for n, want := range map[int]string{1: "1 item of {n}", 0: "0 items of {n}", 21: "21 items of {n}"} {
		s, err := b.Say("en", "c", "n", n, "m", "{n}")
		if err != nil || s != want+" each" {
			t.Errorf("%q, %v", s, err)
		}
	}
	for _, pairs := range [][]any{{"x", 1}, {"x", 1, "z", 2}, {"x"}, {}} {
		if _, err := b.Say("en", "a", pairs...); err == nil {
			t.Errorf("%v is enough", pairs)
		}
	}
	if _, err := b.Say("en", "d"); err == nil {
		t.Error("a key nobody wrote")
	}
	if _, err := b.Say("zh-CN", "b"); err == nil {
		t.Error("a language nobody wrote")
	}
}

func TestCompare(t *testing.T) {
	for name, said := range map[string]map[string]map[string]string{
		"missing": {"zh-CN": {"a": "x"}, "en": {}},
		"extra":   {"zh-CN": {}, "en": {"a": "x"}},
		"places":  {"zh-CN": {"a": "{x}"}, "en": {"a": "{y}"}},
	} {
		if (&Book{said}).compare() == nil {
			t.Errorf("%s is fine", name)
		}
	}
}

func TestReadPutsSubjectsTogether(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	from := fstest.MapFS{
		"zh-CN.json": file(`{"a":"甲"}`), "en.json": file(`{"a":"A"}`),
		"more.zh-CN.json": file(`{"b":"乙"}`), "more.en.json": file(`{"b":"B"}`),
	}
	b, err := Read(from)
	if err != nil || !b.Has("a") || !b.Has("b") {
		t.Fatal(err)
	}
	from["more.en.json"] = file(`{"a":"A","b":"B"}`)
	if _, err := Read(from); err == nil {
		t.Error("a key that stands twice is fine")
	}
	from["more.en.json"] = file(`{"b":"B","b":"C"}`)
	if _, err := Read(from); err == nil {
		t.Error("a key that stands twice in one file is fine")
	}
	from["more.en.json"] = file(`{`)
	if _, err := Read(from); err == nil {
		t.Error("a file that cannot be read is fine")
	}
}
