package main

import (
	"regexp"
	"strings"
	"testing"
)

var small = []expected{
	{"AppendTests/one", passes, ""},
	{"AppendTests/two", skipped, "why"},
	{"DeleteTests/three", leftOut, "why"},
}

func lines(outcomes ...string) string {
	var out strings.Builder
	for i := 0; i < len(outcomes); i += 2 {
		out.WriteString(`{"Action":"run","Test":"` + outcomes[i] + `"}` + "\n" + `{"Action":"` + outcomes[i+1] + `","Test":"` + outcomes[i] + `"}` + "\n")
	}
	return out.String()
}

func TestCompare(t *testing.T) {
	as := []string{"TestStreams/AppendTests/one", "pass", "TestStreams/AppendTests/two", "skip", "TestStreams/AppendTests", "pass", "TestStreams/DeleteTests", "pass", "TestStreams", "pass"}
	for _, c := range []struct {
		name, lines, says string
	}{
		{"as listed", lines(as...), ""},
		{"nothing", "", "AppendTests/one did not run\nAppendTests/two did not run"},
		{"one fails", lines(append([]string{"TestStreams/AppendTests/one", "fail"}, as[2:]...)...), "AppendTests/one: fail, expected pass"},
		{"one is skipped", lines(append([]string{"TestStreams/AppendTests/one", "skip"}, as[2:]...)...), "AppendTests/one: skip, expected pass"},
		{"one is not skipped", lines(append(as[:2:2], "TestStreams/AppendTests/two", "pass")...), "AppendTests/two: pass, expected skip"},
		{"one less", lines(as[2:]...), "AppendTests/one did not run"},
		{"one more", lines(append(as, "TestStreams/AppendTests/four", "pass")...), "AppendTests/four (pass) is not on the list in test/conformance/suite.go"},
		{"one left out runs", lines(append(as, "TestStreams/DeleteTests/three", "pass")...), "DeleteTests/three ran (pass) although it is left out"},
		{"a folder fails", lines(append(as, "TestStreams/DeleteTests", "fail")...), "DeleteTests (fail) is not on the list in test/conformance/suite.go"},
	} {
		r, err := listen(strings.NewReader(c.lines))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := r.compare(small); err != nil {
			got = err.Error()
		}
		if got != c.says {
			t.Errorf("%s: %q, want %q", c.name, got, c.says)
		}
	}
}

func TestListenKeepsWhatIsNoEvent(t *testing.T) {
	r, err := listen(strings.NewReader("# a build failed\n" + `{"Action":"output","Test":"TestStreams","Output":"said\n"}` + "\n"))
	if err != nil || r.said.String() != "# a build failed\nsaid\n" {
		t.Errorf("%q, %v", r.said.String(), err)
	}
}

// The pattern is go test's: parts at "|", then at "/", each a regular
// expression for one level.
func TestWithout(t *testing.T) {
	got := without(suite)
	if n := len(strings.Split(got, "|")); n != count(suite, leftOut) {
		t.Fatalf("%d patterns in %s", n, got)
	}
	for _, e := range suite {
		hit := false
		for one := range strings.SplitSeq(got, "|") {
			levels, names := strings.Split(one, "/"), strings.Split(top+"/"+e.name, "/")
			fits := len(levels) == len(names)
			for i := 0; fits && i < len(levels); i++ {
				fits = regexp.MustCompile(levels[i]).MatchString(names[i])
			}
			hit = hit || fits
		}
		if hit != (e.outcome == leftOut) {
			t.Errorf("%s: left out %t, want %s", e.name, hit, e.outcome)
		}
	}
}
