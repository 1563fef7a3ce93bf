package figure

import "testing"

func TestText(t *testing.T) {
	for _, c := range []struct{ in, text, short, signed, percent string }{
		{"220", "220", "220", "+220", "+22000%"},
		{"0", "0", "0", "0", "0%"},
		{"0.1", "0.1", "0.1", "+0.1", "+10%"},
		{"-0.25", "−0.25", "−0.25", "−0.25", "−25%"},
		{"43200/167", "43200/167 ≈ 258.68", "≈258.68", "≈+258.68", "≈+25868.26%"},
		{"-180/7", "−180/7 ≈ −25.71", "≈−25.71", "≈−25.71", "≈−2571.43%"},
		{"1/3000", "1/3000 ≈ 0.00033", "≈0.00033", "≈+0.00033", "≈+0.033%"},
		{"620000.5", "620,000.5", "620,000.5", "+620,000.5", "+62000050%"},
		{"5000000000000000000000", "5,000,000,000,000,000,000,000", "5,000,000,000,000,000,000,000", "+5,000,000,000,000,000,000,000", ""},
		{"", "", "", "", ""},
		{"1e9", "", "", "", ""},
		{"0x10", "", "", "", ""},
		{"1/0", "", "", "", ""},
	} {
		f := Parse(c.in)
		if got := f.Text(); got != c.text {
			t.Errorf("Text of %q = %q, want %q", c.in, got, c.text)
		}
		if got := f.Short(); got != c.short {
			t.Errorf("Short of %q = %q, want %q", c.in, got, c.short)
		}
		if got := f.Signed(); got != c.signed {
			t.Errorf("Signed of %q = %q, want %q", c.in, got, c.signed)
		}
		if got := ungroup(f.Percent()); c.percent != "" && got != c.percent {
			t.Errorf("Percent of %q = %q, want %q", c.in, got, c.percent)
		}
	}
}

func ungroup(s string) string {
	out := []rune{}
	for _, r := range s {
		if r != ',' {
			out = append(out, r)
		}
	}
	return string(out)
}

func TestRate(t *testing.T) {
	for _, c := range []struct{ in, times, days string }{
		{"30", "1", "1"}, {"30/7", "1", "7"}, {"60", "2", "1"}, {"1", "1", "30"}, {"8", "4", "15"},
	} {
		times, days, ok := Parse(c.in).Rate()
		if !ok || times != c.times || days != c.days {
			t.Errorf("Rate of %s = %s per %s days, %v", c.in, times, days, ok)
		}
	}
	for _, in := range []string{"0", "-3", ""} {
		if _, _, ok := Parse(in).Rate(); ok {
			t.Errorf("Rate of %q is ok", in)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1/3", "-0.5", "", ".", "1/", "--1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := Parse(s)
		_, _, _, _ = v.Text(), v.Signed(), v.Percent(), v.Abs().Neg().Short()
	})
}
