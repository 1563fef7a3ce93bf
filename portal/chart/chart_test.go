package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"math/big"
	"strings"
	"testing"
)

func rat(n, d int64) *big.Rat { return big.NewRat(n, d) }

func sample(deltas ...*big.Rat) Waterfall {
	w := Waterfall{ID: "w", Title: "T", Desc: "D", Broken: "broken", End: Bar{Key: "end", Name: "村", Amount: "1"}}
	for i, d := range deltas {
		b := Bar{Key: string(rune('a' + i)), Name: "单位", Amount: d.RatString(), Delta: d, Level: "TOWNSHIP", Link: Link{Title: "t", Href: "/d"},
			Events: Link{Text: "e", Title: "e", Href: "/e"}}
		switch {
		case i == 0:
		case d.Sign() == 0:
			b.Kind = Unchanged
		case d.Sign() < 0:
			b.Kind = Relief
		default:
			b.Kind = Addition
		}
		w.Bars = append(w.Bars, b)
	}
	return w
}

// wellFormed reads the markup as XML and returns every rectangle's geometry.
func wellFormed(t *testing.T, markup string) (rects []map[string]string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(markup))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return rects
		}
		if err != nil {
			t.Fatalf("%v in %s", err, markup)
		}
		if e, ok := tok.(xml.StartElement); ok {
			attr := map[string]string{}
			for _, a := range e.Attr {
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
					t.Errorf("attribute %s", a.Name.Local)
				}
				attr[a.Name.Local] = a.Value
			}
			if e.Name.Local == "rect" {
				rects = append(rects, attr)
			}
		}
	}
}

func TestWaterfalls(t *testing.T) {
	huge, _ := new(big.Rat).SetString("100000000000000000000000000000000000000")
	many := []*big.Rat{rat(10, 1)}
	for range 14 {
		many = append(many, rat(1, 3))
	}
	for name, w := range map[string]Waterfall{
		"600 mu": sample(rat(200, 1), rat(20, 1)), "fractions": sample(rat(43200, 167), rat(4896, 167)), "zero": sample(rat(100, 1), rat(0, 1), rat(0, 1)),
		"relief": sample(rat(100, 1), rat(20, 1), rat(-30, 1)), "below zero": sample(rat(1, 1), rat(-5, 1)), "all negative": sample(rat(-1, 1), rat(-5, 1)),
		"tiny": sample(rat(1000000, 1), rat(1, 1000000)), "huge": sample(huge, rat(1, 1)), "many": sample(many...), "none": {ID: "n", Title: "T"},
		"nothing": sample(rat(0, 1)), "no delta": {ID: "n", Bars: []Bar{{Name: "x"}}},
	} {
		markup := string(w.HTML())
		for _, r := range wellFormed(t, markup) {
			for _, key := range []string{"width", "height"} {
				if strings.HasPrefix(r[key], "-") || r[key] == "0" {
					t.Errorf("%s: %s=%q of %s", name, key, r[key], r["class"])
				}
			}
		}
		if strings.Count(markup, "<svg") != 2 {
			t.Errorf("%s: not two drawings", name)
		}
	}
}

func TestProportion(t *testing.T) {
	heights := map[string]string{}
	for _, r := range wellFormed(t, string(sample(rat(200, 1), rat(20, 1)).HTML())) {
		if _, first := heights[r["class"]]; !first {
			heights[r["class"]] = r["height"]
		}
	}
	if heights["bar base"] != "196" || heights["bar add l-TOWNSHIP"] != "20" { // 216 px for 220
		t.Errorf("%v", heights)
	}
}

func TestAxisIsBrokenOnlyForSmallSteps(t *testing.T) {
	if strings.Contains(string(sample(rat(200, 1), rat(20, 1)).HTML()), "broken") {
		t.Error("an addition of a tenth needs no broken axis")
	}
	if !strings.Contains(string(sample(rat(100000, 1), rat(20, 1)).HTML()), "broken") {
		t.Error("a small addition cannot be seen")
	}
}

func TestTextIsEscaped(t *testing.T) {
	evil := `<script>"&'`
	w := sample(rat(1, 1), rat(1, 1))
	w.ID, w.Title, w.Desc = evil, evil, evil
	w.Bars[1].Name, w.Bars[1].Amount, w.Bars[1].Note, w.Bars[1].Key, w.Bars[1].Link = evil, evil, evil, evil, Link{evil, evil, evil}
	for _, markup := range []string{
		string(w.HTML()),
		string(Levels{ID: evil, Title: evil, Desc: evil, Sums: []Sum{{evil, evil, evil, rat(1, 1), rat(-1, 2)}}}.HTML()),
		string(Set{ID: evil, Title: evil, Desc: evil, Columns: []Column{{evil, evil}}, Items: []Item{{Key: evil, Name: evil, From: []int{0}, Link: Link{evil, evil, evil}, Events: Link{evil, evil, evil}}}}.HTML()),
	} {
		wellFormed(t, markup)
		if strings.Contains(markup, "<script") {
			t.Error(markup)
		}
	}
}

func TestSetAndLevels(t *testing.T) {
	s := Set{ID: "s", Columns: []Column{{"省", "PROVINCE"}, {"村", "VILLAGE"}}, Items: []Item{{Name: "照片", From: []int{0}}, {Name: "表", From: []int{0}, Dropped: true}}}
	markup := string(s.HTML())
	wellFormed(t, markup)
	if !strings.Contains(markup, "bar relief") || !strings.Contains(markup, "bar add l-PROVINCE") {
		t.Error(markup)
	}
	wellFormed(t, string(Levels{ID: "l"}.HTML()))
	wellFormed(t, string(Set{ID: "e"}.HTML()))
}

func TestWrapAndCut(t *testing.T) {
	if got := wrap("青禾县退耕还林工作领导小组办公室", 84, 14, 3); len(got) != 3 || got[0] != "青禾县退耕还" {
		t.Errorf("%q", got)
	}
	if got := cut("abcdefghij", 40, 14); !strings.HasSuffix(got, "…") {
		t.Errorf("%q", got)
	}
	if got := wrap("", 10, 14, 3); len(got) != 1 {
		t.Errorf("%q", got)
	}
}
