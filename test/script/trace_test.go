package script

import (
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// step is what every face of a trace must say alike.
type step struct {
	Amount string
	Events []struct{ Ordinal, Hash string }
}

// sameTrace compares the steps that the command line and the API print, and
// those on the portal's page; the page links to its events, whose pages show
// the hash.
func sameTrace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: same-trace JSON JSON PAGE URL")
	}
	cli, api := steps(ts, args[0], "trace"), steps(ts, args[1], "data", "trace")
	if len(cli) < 2 || !equal(cli, api) {
		ts.Fatalf("the command line says %+v, the API %+v", cli, api)
	}
	page := pageSteps(ts.ReadFile(args[2]))
	if len(page) != len(cli) {
		ts.Fatalf("the page shows the steps %+v, the command line %+v", page, cli)
	}
	for i, row := range page {
		if row.amount != cli[i].Amount {
			ts.Fatalf("step %d is %q on the page and %q elsewhere", i, row.amount, cli[i].Amount)
		}
		var ordinals []string
		for _, e := range cli[i].Events {
			ordinals = append(ordinals, e.Ordinal)
			w, err := do(asked{"GET", args[3] + "/events/" + e.Ordinal, "", nil})
			ts.Check(err)
			if len(e.Hash) != 64 || !strings.Contains(w.body, e.Hash) {
				ts.Fatalf("the page of event %s does not show the hash %s", e.Ordinal, e.Hash)
			}
		}
		if !slices.Equal(row.events, ordinals) {
			ts.Fatalf("step %d rests on %v on the page and on %v elsewhere", i, row.events, ordinals)
		}
	}
}

func equal(a, b []step) bool {
	return slices.EqualFunc(a, b, func(a, b step) bool { return a.Amount == b.Amount && slices.Equal(a.Events, b.Events) })
}

func steps(ts *testscript.TestScript, file string, path ...string) []step {
	text := json.RawMessage(ts.ReadFile(file))
	for _, name := range path {
		var object map[string]json.RawMessage
		ts.Check(json.Unmarshal(text, &object))
		text = object[name]
	}
	var traces []struct{ Steps []step }
	ts.Check(json.Unmarshal(text, &traces))
	if len(traces) != 1 {
		ts.Fatalf("%s has %d traces", file, len(traces))
	}
	return traces[0].Steps
}

type pageStep struct {
	amount string
	events []string
}

var (
	tableRow  = regexp.MustCompile(`(?s)<tr data-step="[^"]*-\d+">(.*?)</tr>`)
	cell      = regexp.MustCompile(`(?s)<td class="n">(.*?)<br>`)
	eventLink = regexp.MustCompile(`href="/events/(\d+)[^"]*"`)
	tag       = regexp.MustCompile(`<[^>]*>`)
)

// pageSteps reads the rows of the page's table: an amount, and links to the
// events it rests on.
func pageSteps(page string) (all []pageStep) {
	for _, row := range tableRow.FindAllStringSubmatch(page, -1) {
		var s pageStep
		if n := cell.FindStringSubmatch(row[1]); n != nil {
			text := html.UnescapeString(tag.ReplaceAllString(n[1], ""))
			s.amount = strings.TrimPrefix(strings.Fields(strings.ReplaceAll(text, "+", " ") + " ?")[0], "+")
		}
		for _, link := range eventLink.FindAllStringSubmatch(row[1], -1) {
			s.events = append(s.events, link[1])
		}
		all = append(all, s)
	}
	return all
}
