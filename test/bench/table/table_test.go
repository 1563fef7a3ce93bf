package table

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		row     Row
		verdict string
	}{
		{Row{Measured: 10, Target: 10}, "met"},
		{Row{Measured: 9.9, Target: 10}, "missed"},
		{Row{Measured: 9.9, Target: 10, AtMost: true}, "met"},
		{Row{Measured: 10.1, Target: 10, AtMost: true}, "missed"},
		{Row{Measured: 5}, "–"},
	} {
		if got := c.row.Verdict(); got != c.verdict {
			t.Errorf("%+v is %s, want %s", c.row, got, c.verdict)
		}
	}
}

func TestFigure(t *testing.T) {
	for want, got := range map[string]string{
		"1,947,156":  figure(1947156, ""),
		"20,000/s":   figure(20000.4, "/s"),
		"12.5×":      figure(12.5, "×"),
		"0.275×":     figure(0.2749, "×"),
		"9.60 µs":    figure(9.6e-6, "s"),
		"231 µs":     figure(231e-6, "s"),
		"60.0 ns":    figure(60e-9, "s"),
		"95.2 s":     figure(95.2, "s"),
		"-1,234 MB":  figure(-1234, "MB"),
		"0.00164 MB": figure(0.00164, "MB"),
		"100.0 MB":   figure(99.96, "MB"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A run shows what the run before found at the same scale, and keeps what it
// did not measure itself.
func TestSave(t *testing.T) {
	dir := t.TempDir()
	first := &Table{Scale: 1, Date: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)}
	if err := first.Recall(dir); err != nil {
		t.Fatal(err)
	}
	first.Add(Row{Section: "a", What: "fast", Measured: 2, Unit: "/s", Target: 1})
	first.Add(Row{Section: "b", What: "big", Measured: 3, Unit: "MB"})
	if err := first.Save(dir); err != nil {
		t.Fatal(err)
	}
	second := &Table{Scale: 1, Commit: "abc", Cores: 2, Sizes: map[string]int{"units": 665277}}
	if err := second.Recall(dir); err != nil {
		t.Fatal(err)
	}
	second.Add(Row{Section: "a", What: "fast", Measured: 0.5, Unit: "/s", Target: 1})
	second.Add(Row{Section: "c", What: "ratio", Measured: math.Inf(1), Target: 1})
	if err := second.Save(dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, textFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"commit abc", "665,277 units", "0.500/s", "≥ 1.00/s", "missed", "2.00/s", "too little"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	third := &Table{Scale: 0.5}
	if err := third.Recall(dir); err != nil {
		t.Fatal(err)
	}
	if len(third.before) != 3 {
		t.Errorf("%d figures are remembered, want 3", len(third.before))
	}
	third.Add(Row{Section: "a", What: "fast", Measured: 1})
	if third.Rows[0].Previous != nil {
		t.Error("a figure of another scale is shown beside this one")
	}
}

func TestRecallRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, dataFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := new(Table).Recall(dir); err == nil {
		t.Error("half a table was read")
	}
}
