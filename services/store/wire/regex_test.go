package wire

import (
	"strings"
	"testing"
)

func TestCompile(t *testing.T) {
	const names = "unit-1 unit-10 case-1 $settings $ PersistentConfig1 a|b"
	for expression, want := range map[string]string{
		`^unit-`:                                 "unit-1 unit-10",
		`1`:                                      "unit-1 unit-10 case-1 PersistentConfig1",
		`^[^\$].*`:                               "unit-1 unit-10 case-1 PersistentConfig1 a|b",
		`^(?!(\$.+$|PersistentConfig\d+$))`:      "unit-1 unit-10 case-1 $ a|b",
		`^(?!(\$.+$|PersistentConfig\d+$)).*$`:   "unit-1 unit-10 case-1 $ a|b",
		`^(?!\$)(?!unit-1$)(?=.*1)[a-z-]+(\d|x)`: "unit-10 case-1",
		`^(?!unit)(case|\$set)`:                  "case-1 $settings",
		`^(?![)|]x)a\|b$`:                        "a|b",
		`^(?![]|^]x)a[|]b$`:                      "a|b",
		`^(?!\))(?!\(\()unit-1$`:                 "unit-1",
		`^(?=unit-(?:1)0?$)`:                     "unit-1 unit-10",
		`^(?!)`:                                  "",
	} {
		passes, err := compile(expression)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		var got []string
		for name := range strings.FieldsSeq(names) {
			if passes(name) {
				got = append(got, name)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s lets pass %q, want %q", expression, got, want)
		}
	}
	for _, expression := range []string{
		`(`, `^(?!a`, `^(?!a))`, `^(?!a)(`, `^(?!(a)`, `(?!a)b`, `^a(?!b)`, `^(?!a)b|c`, `^(?!a)+b`, `^(?!a)*`, `^(?<!a)b`, `a**`, `[`, `^(?![)`, `\`, `^(?!a)\`,
		`((((x{100}){100}){100}){100})`,
	} {
		if _, err := compile(expression); err == nil {
			t.Errorf("%s was taken", expression)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{`^(?!(\$.+$|a))`, `^(?=[])|])x`, `^(?!\\)(?!a)b`, `a|b`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		if passes, err := compile(expression); err == nil {
			passes("unit-1")
		}
	})
}
