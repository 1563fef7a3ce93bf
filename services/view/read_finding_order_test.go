package view

import (
	"strings"
	"testing"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/view/dossier"
)

// drawn is a finding drafted by an event on a day, and issued on another; "" while it is not.
func drawn(t *testing.T, ordinal uint64, drafted, issued string) *dossier.Finding {
	t.Helper()
	day := func(s string) (at time.Time) {
		if s == "" {
			return at
		}
		at, err := time.Parse(time.RFC3339, s+"T10:00:00+08:00")
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	f := &dossier.Finding{Steps: []dossier.FindingStep{{Step: dossier.Step{Ordinal: ordinal}}}, Drafted: day(drafted)}
	f.State.Issued = day(issued)
	return f
}

// A list of findings goes by the day of issue, and its pages neither repeat nor
// pass over anything when another is issued between them.
func TestFindingsByDay(t *testing.T) {
	all := []*dossier.Finding{
		drawn(t, 10, "2022-01-05", "2022-08-11"), drawn(t, 20, "2019-11-01", "2020-01-06"), drawn(t, 30, "2019-11-02", "2020-01-06"),
		drawn(t, 40, "2022-03-01", ""), drawn(t, 50, "2021-01-01", "2022-06-09"),
	}
	pages := func(between *dossier.Finding) (got []uint64) {
		list, after := all, ""
		for {
			var places []findingPlace
			for _, f := range list {
				places = append(places, placeOf(f))
			}
			p, err := listFindings(Paging{First: 2, After: after}, places, func(f *dossier.Finding) Finding { return Finding{f: f} })
			if err != nil || len(p.Items) > 2 || p.Total != len(list) {
				t.Fatalf("%d of %d: %v", len(p.Items), p.Total, err)
			}
			for _, f := range p.Items {
				got = append(got, f.f.Ordinal())
			}
			if !p.More {
				return got
			}
			after = p.Cursors[len(p.Cursors)-1]
			if between != nil && len(got) == 2 {
				list = append(list[:len(list):len(list)], between)
			}
		}
	}
	same := func(what string, got []uint64, want ...uint64) {
		if len(got) != len(want) {
			t.Fatalf("%s: %v, want %v", what, got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%s: %v, want %v", what, got, want)
			}
		}
	}
	same("in order", pages(nil), 10, 50, 40, 30, 20)
	same("with a newer one between", pages(drawn(t, 60, "2023-01-01", "2023-02-01")), 10, 50, 40, 30, 20)
	same("with an older one between", pages(drawn(t, 60, "2020-01-01", "2021-06-01")), 10, 50, 40, 60, 30, 20)
}

// A cursor is one that a list gave, and nothing else.
func TestCursorsOfFindings(t *testing.T) {
	for _, after := range []string{"1", "2022-08-11", "2022-08-11.", "2022-08-11.-1", "2022-08-11.01", "2022-13-11.1", "22-8-11.1", ".1", "2022-08-11.99999999999999999999", strings.Repeat("9", 1<<16)} {
		if _, err := listFindings(Paging{First: 1, After: after}, nil, nil); ledger.AsError(err).Rule != "page.after" {
			t.Errorf("%.20q: %v", after, err)
		}
	}
	for _, first := range []int{-1, MaxPage + 1} {
		if _, err := listFindings(Paging{First: first}, nil, nil); ledger.AsError(err).Rule != "page.first" {
			t.Errorf("first %d: %v", first, err)
		}
	}
	if p, err := listFindings(Paging{First: 5, After: "2022-08-11.7"}, nil, nil); err != nil || len(p.Items) != 0 || p.More {
		t.Errorf("%v %v", p, err)
	}
}
