package search

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"suyuan/services/ledger"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"ＡＢ１", "ab1"},
		{"国发〔2022〕17号", "国发(2022)17号"},
		{"国发［２０２２］　17 号", "国发(2022)17号"},
		{"国发【2022】１７号", "国发(2022)17号"},
		{"（甲）(乙)", "(甲)(乙)"},
		{"第一条第壹项", "第一条第壹项"},
		{"伊犁•甲・乙", "伊犁·甲·乙"},
		{"甲\u200b乙\ufeff\n丙\u00a0丁", "甲乙丙丁"},
		{"甲\x00乙", "甲\x00乙"},
		{"×政办", "×政办"},
		{"ÀΩЖ", "àωж"},
		{"\xff甲", "\ufffd甲"},
	} {
		if got := string(appendFolded(nil, []byte(c.text))); got != c.want {
			t.Errorf("%q folds to %q, want %q", c.text, got, c.want)
		}
	}
}

func TestFoldedStaysFolded(t *testing.T) {
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if f := fold(r); f != gone && fold(f) != f {
			t.Errorf("%U folds to %U and that to %U", r, f, fold(f))
		}
	}
}

func TestParseBounds(t *testing.T) {
	for _, c := range []struct{ text, rule string }{
		{strings.Repeat("村", MaxQuery), ""},
		{strings.Repeat("村", MaxQuery+1), "search.too_long"},
		{strings.Repeat("\xff", 5<<20), "search.too_long"},
		{strings.Repeat(" ", MaxQuery+1), "search.too_long"},
		{"一 二 三 四 五 六 七 八", ""},
		{"一 二 三 四 五 六 七 八 八 一", ""},
		{"一 二 三 四 五 六 七 八 九", "search.too_many_words"},
	} {
		_, err := Parse(c.text)
		var refused *ledger.Error
		if c.rule == "" && err != nil || c.rule != "" && (!errors.As(err, &refused) || refused.Rule != c.rule) {
			t.Errorf("%.30q: %v, want %q", c.text, err, c.rule)
		}
	}
	for _, text := range []string{"", " \t　", "\u200b", "\x00 \x00"} {
		if q, err := Parse(text); err != nil || !q.Empty() {
			t.Errorf("%q has words %q, error %v", text, q.words, err)
		}
	}
}

// Any text that Parse takes finds the document it stands in, and nothing where it does not.
func FuzzFind(f *testing.F) {
	for _, seed := range [][2]string{{"多福巷社区居委会", "居委"}, {"×政发〔2022〕17号", "[2022] 17号"}, {"村\x00委", "村委"}, {"\xe6\x9d村", "村"}, {"𠮷家", "𠮷"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, text, query string) {
		q, err := Parse(query)
		if err != nil {
			return
		}
		want := !q.Empty()
		for _, w := range q.words {
			want = want && strings.Contains(string(appendFolded(nil, []byte(text))), string(w))
		}
		s := newShelf()
		s.set(3, text)
		s.set(70, "别的")
		for _, when := range []string{"waiting", "settled"} {
			found := s.index.Find(q, Page{First: 10, High: 64})
			if (found.Total == 1) != want || len(found.Handles) != found.Total {
				t.Fatalf("%s: %q in %q: %+v, want %v", when, query, text, found, want)
			}
			s.index.Settle()
		}
	})
}
