package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// event is a line of go test -json.
type event struct {
	Action, Test, Output string
}

// run is what a run of the suite came to.
type run struct {
	outcomes map[string]outcome // by the name below TestStreams; "fail" among them
	said     strings.Builder    // everything that was printed
}

// listen reads the run to its end.
func listen(lines io.Reader) (*run, error) {
	r := &run{outcomes: map[string]outcome{}}
	scan := bufio.NewScanner(lines)
	scan.Buffer(nil, 16<<20)
	for scan.Scan() {
		var e event
		if err := json.Unmarshal(scan.Bytes(), &e); err != nil {
			fmt.Fprintln(&r.said, scan.Text()) // of a build that failed
			continue
		}
		r.said.WriteString(e.Output)
		name, below := strings.CutPrefix(e.Test, top+"/")
		if below && slices.Contains([]string{"pass", "skip", "fail"}, e.Action) {
			r.outcomes[name] = outcome(e.Action)
		}
	}
	return r, scan.Err()
}

// compare says everything in which a run differs from what is expected of it.
func (r *run) compare(suite []expected) error {
	var problems []error
	known, folders := map[string]bool{}, map[string]bool{}
	for _, e := range suite {
		known[e.name] = true
		folders[path.Dir(e.name)] = true
		got, ran := r.outcomes[e.name]
		switch {
		case e.outcome == leftOut && ran:
			problems = append(problems, fmt.Errorf("%s ran (%s) although it is left out", e.name, got))
		case e.outcome != leftOut && !ran:
			problems = append(problems, fmt.Errorf("%s did not run", e.name))
		case ran && got != e.outcome:
			problems = append(problems, fmt.Errorf("%s: %s, expected %s", e.name, got, e.outcome))
		}
	}
	for name, got := range r.outcomes {
		if !known[name] && !(folders[name] && got == passes) {
			problems = append(problems, fmt.Errorf("%s (%s) is not on the list in test/conformance/suite.go", name, got))
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(problems...)
}

// count is how many tests have an outcome.
func count(suite []expected, o outcome) (n int) {
	for _, e := range suite {
		if e.outcome == o {
			n++
		}
	}
	return n
}

// without is go test's -skip for what is left out: each test by its whole name.
func without(suite []expected) string {
	var patterns []string
	for _, e := range suite {
		if e.outcome == leftOut {
			patterns = append(patterns, "^"+top+"$/^"+strings.ReplaceAll(e.name, "/", "$/^")+"$")
		}
	}
	return strings.Join(patterns, "|")
}
