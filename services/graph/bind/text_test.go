package bind

import (
	"encoding/json"
	"testing"
)

// A text is what encoding/json reads back as it does its own.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "plain", "\"\\/\b\f\n\r\t\x00\x1f\x7f", "溯源 \u2028\u2029 😀", "\xff\xfe\xed\xa0\x80", "<script>&amp;", "a\xe6\xba"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		own, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var got, want string
		text := appendText([]byte("x"), s)[1:]
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%q: %s: %v", s, text, err)
		}
		if err := json.Unmarshal(own, &want); err != nil || got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	})
}
