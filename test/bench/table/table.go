// Package table holds what a run of the benchmark found, prints it beside its
// targets and the figures of the run before, and keeps it in files. It judges
// nothing but a number against a number: a missed target is a line that says
// so, never a failure.
package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Row is one figure. Its name, with the section, stays the same from run to run.
type Row struct {
	Section  string    `json:"section"`
	What     string    `json:"what"`
	Measured float64   `json:"measured"`
	Unit     string    `json:"unit"`             // "/s", "s", "MB", "×"; seconds are printed as ms or µs where they are few
	Target   float64   `json:"target,omitempty"` // 0: none, the figure is for comparison
	AtMost   bool      `json:"atMost,omitempty"` // the target is a ceiling, otherwise a floor
	Note     string    `json:"note,omitempty"`
	At       time.Time `json:"at"`
	Scale    float64   `json:"scale"`
	Previous *float64  `json:"previous,omitempty"` // the same figure before, at the same scale
}

// Table is one run.
type Table struct {
	Date   time.Time      `json:"date"`
	Commit string         `json:"commit"`
	Cores  int            `json:"cores"`
	Go     string         `json:"go"`
	Load   string         `json:"load"` // of the machine as the run began: figures count where it was near 0
	Scale  float64        `json:"scale"`
	Sizes  map[string]int `json:"sizes"`
	Rows   []Row          `json:"rows"`
	before []Row
}

// Files of the last run, in the folder given to Recall and Save.
const (
	textFile = "table.txt"
	dataFile = "table.json"
)

// Recall remembers the run before for comparison; there may be none.
func (t *Table) Recall(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, dataFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var last Table
	if err == nil {
		err = json.Unmarshal(text, &last)
	}
	t.before = last.Rows
	return err
}

// Add takes a figure. What is no number, because too little was measured to
// divide by, is 0 without a target.
func (t *Table) Add(r Row) {
	if math.IsNaN(r.Measured) || math.IsInf(r.Measured, 0) {
		r.Measured, r.Target, r.Note = 0, 0, "too little to measure"
	}
	r.At, r.Scale = time.Now().UTC(), t.Scale
	for _, b := range t.before {
		if b.Section == r.Section && b.What == r.What && b.Scale == r.Scale {
			r.Previous = &b.Measured
		}
	}
	t.Rows = append(t.Rows, r)
}

// Ratio is how the figure stands to its target: 1 and more is met.
func (r Row) Ratio() float64 {
	if r.AtMost {
		return r.Target / r.Measured
	}
	return r.Measured / r.Target
}

// Verdict is met, missed, or a dash where there is no target.
func (r Row) Verdict() string {
	switch {
	case r.Target == 0:
		return "–"
	case r.Ratio() >= 1:
		return "met"
	}
	return "missed"
}

// Write prints the table.
func (t *Table) Write(w io.Writer) error {
	fmt.Fprintf(w, "%s  commit %s  %d cores, load %s  %s  scale %v\n", t.Date.Format(time.RFC3339), t.Commit, t.Cores, t.Load, t.Go, t.Scale)
	for _, size := range []string{"units", "events", "issuances", "assignments"} {
		if n, ok := t.Sizes[size]; ok {
			fmt.Fprintf(w, "%s %s  ", group(strconv.Itoa(n)), size)
		}
	}
	fmt.Fprintln(w)
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "what\tmeasured\ttarget\tratio\tmet\tbefore\tnote")
	section := ""
	for _, r := range t.Rows {
		if r.Section != section {
			section = r.Section
			fmt.Fprintf(out, "%s\t\t\t\t\t\t\n", strings.ToUpper(section))
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.What, figure(r.Measured, r.Unit), r.target(), r.ratio(), r.Verdict(), r.previous(), r.Note)
	}
	return out.Flush()
}

func (r Row) target() string {
	switch {
	case r.Target == 0:
		return "–"
	case r.AtMost:
		return "≤ " + figure(r.Target, r.Unit)
	}
	return "≥ " + figure(r.Target, r.Unit)
}

func (r Row) ratio() string {
	if r.Target == 0 {
		return "–"
	}
	return short(r.Ratio())
}

func (r Row) previous() string {
	if r.Previous == nil {
		return "–"
	}
	return figure(*r.Previous, r.Unit)
}

// figure writes a number with its unit, seconds in the unit that fits.
func figure(x float64, unit string) string {
	if unit == "s" {
		switch {
		case x < 1e-6:
			return short(x*1e9) + " ns"
		case x < 1e-3:
			return short(x*1e6) + " µs"
		case x < 1:
			return short(x*1e3) + " ms"
		}
	}
	if strings.HasPrefix(unit, "/") || unit == "×" || unit == "" {
		return short(x) + unit
	}
	return short(x) + " " + unit
}

// short writes three digits that count, all of them before the point.
func short(x float64) string {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return "?"
	}
	decimals := 0
	if a := math.Abs(x); a > 0 && a < 100 {
		decimals = min(6, max(0, 2-int(math.Floor(math.Log10(a)))))
	}
	return group(strconv.FormatFloat(x, 'f', decimals, 64))
}

func group(s string) string {
	whole, rest, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		return whole + "." + rest
	}
	return whole
}

// Save writes the table as text and as data. Figures of the run before that
// this one did not measure again stay in the data, with their date.
func (t *Table) Save(dir string) error {
	var text strings.Builder
	if err := t.Write(&text); err != nil {
		return err
	}
	all := *t
	for _, b := range t.before {
		if !t.has(b) {
			all.Rows = append(all.Rows, b)
		}
	}
	data, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		return err
	}
	return errors.Join(write(filepath.Join(dir, textFile), []byte(text.String())), write(filepath.Join(dir, dataFile), append(data, '\n')))
}

func (t *Table) has(b Row) bool {
	for _, r := range t.Rows {
		if r.Section == b.Section && r.What == b.What && r.Scale == b.Scale {
			return true
		}
	}
	return false
}

// write replaces a file as a whole.
func write(path string, content []byte) error {
	if err := os.WriteFile(path+".part", content, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}
