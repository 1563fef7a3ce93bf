package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"suyuan/services/export"
)

// Where there is no terminal a stage has ten lines at most, the last says that
// it is over, and none says what another said; what is short has none.
func TestPlainProgress(t *testing.T) {
	for _, of := range []int{0, 1, 999, 1000, 1001, 9999, 438921, 665277} {
		var err bytes.Buffer
		bars := &stages{io: streams{err: &err}, lang: "zh-CN"}
		for done := range of {
			bars.at("units", done+1, of)
			bars.at("units", done+1, of) // nothing new
		}
		bars.end()
		bars.end()
		lines := strings.Split(strings.TrimSuffix(err.String(), "\n"), "\n")
		if of < worthwhile {
			if err.Len() > 0 {
				t.Errorf("of %d: %q", of, lines)
			}
			continue
		}
		if most := min(10, of/worthwhile+1); len(lines) > most || lines[len(lines)-1] != fmt.Sprintf("单位 %[1]d/%[1]d", of) {
			t.Errorf("of %d: %q", of, lines)
		}
	}
}

// An export that is not whole is no success, and says what is missing without
// going on for ever.
func TestExportNotWhole(t *testing.T) {
	m := export.Manifest{Ordinal: "7"}
	told := func() (string, error) {
		var out, problems bytes.Buffer
		err := exporting{to: "somewhere", role: "public", lang: "en"}.report(streams{out: &out, err: &problems}, m)
		if !strings.HasPrefix(out.String(), "exported: ") {
			t.Errorf("it prints %q", out.String())
		}
		return problems.String(), err
	}
	if said, err := told(); err != nil || said != "" {
		t.Errorf("whole: %v, %q", err, said)
	}
	for n := range 500 {
		m.Incomplete = append(m.Incomplete, fmt.Sprintf("objections of %d: the first 200", n))
	}
	said, err := told()
	if err == nil || !strings.Contains(err.Error(), "500 lists") || !strings.Contains(err.Error(), "manifest.json") {
		t.Errorf("not whole: %v", err)
	}
	if !strings.HasPrefix(said, "not all: objections of 0: the first 200\n") || strings.Count(said, "\n") != mostMissing {
		t.Errorf("it names %q", said)
	}
}
