package view

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

// listed is a log that only holds some events.
type listed []ledger.Recorded

func (l listed) Append(context.Context, string, ledger.Expect, ...ledger.Record) (ledger.Position, error) {
	return ledger.Position{}, ledger.ErrReadOnly
}

func (l listed) Stream(ctx context.Context, _ string, _ int64) iter.Seq2[ledger.Recorded, error] {
	return l.All(ctx, ledger.Position{})
}

func (l listed) All(_ context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		for _, e := range l {
			if e.Position.After(after) && !yield(e, nil) {
				return
			}
		}
	}
}

func (l listed) Subscribe(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return l.All(ctx, after)
}

func TestWindow(t *testing.T) {
	for _, c := range []struct {
		first    int
		after    string
		from, to int
		rule     string
	}{
		{0, "", 0, 0, ""},
		{200, "", 0, 200, ""},
		{201, "", 0, 0, "page.first"},
		{-1, "", 0, 0, "page.first"},
		{50, "100", 100, 150, ""},
		{200, "400", 400, 450, ""},
		{200, "450", 450, 450, ""},
		{200, "9000", 450, 450, ""},
		{50, "-1", 0, 0, "page.after"},
		{50, "+1", 0, 0, "page.after"},
		{50, "01", 0, 0, "page.after"},
		{50, "1.0", 0, 0, "page.after"},
		{50, "x", 0, 0, "page.after"},
		{50, "99999999999999999999", 0, 0, "page.after"},
		{50, strings.Repeat("9", 1<<16), 0, 0, "page.after"},
	} {
		from, to, err := Paging{c.first, c.after}.window(450)
		rule := ""
		var own *ledger.Error
		if errors.As(err, &own) {
			rule = own.Rule
		}
		if from != c.from || to != c.to || rule != c.rule {
			t.Errorf("first %d after %.20q: %d to %d, %v", c.first, c.after, from, to, err)
		}
	}
}

// Pages put together are the list, and the last says so.
func TestPagesCoverTheList(t *testing.T) {
	w := small(t)
	w.do(admin, "unit.register", object{"code": "99", "name": "省", "kind": "government"})
	for i := range 23 {
		w.do(admin, "unit.register", object{"code": fmt.Sprintf("99%02d", i), "name": fmt.Sprint("市", i), "kind": "government", "parent": "99"})
	}
	r := w.rows()
	var got []string
	after := ""
	for {
		p, err := r.Children(*r.Unit("99"), Paging{5, after})
		w.must(err)
		for _, u := range p.Items {
			got = append(got, u.Code)
		}
		if p.Total != 23 {
			t.Fatalf("total %d", p.Total)
		}
		if !p.More {
			break
		}
		after = p.Cursors[len(p.Cursors)-1]
	}
	if len(got) != 23 || got[0] != "9900" || got[22] != "9922" {
		t.Errorf("%v", got)
	}
	for _, q := range []string{"%", "市22"} {
		p, err := r.Units(UnitQuery{Search: q}, whole)
		w.must(err)
		if want := map[bool]int{true: 1}[q == "市22"]; len(p.Items) != want {
			t.Errorf("search %.10q: %d", q, len(p.Items))
		}
	}
	if _, err := r.Units(UnitQuery{Search: strings.Repeat("市", 1<<20)}, whole); ledger.AsError(err).Rule != "search.too_long" {
		t.Error(err)
	}
}

// A territory is what unit.Contains says, whichever codes there are.
func TestTerritoryIsOneRange(t *testing.T) {
	w := small(t)
	for i := len(codes) - 1; i >= 0; i-- {
		w.do(admin, "unit.register", object{"code": codes[i], "name": codes[i], "kind": "government"})
		w.rows() // rank as they come
	}
	r := w.rows()
	for _, within := range append(codes, "98", "9", "990101-zzz", "99010", "990103") {
		p, err := r.Units(UnitQuery{Within: within}, whole)
		w.must(err)
		got := map[string]bool{}
		for i, u := range p.Items {
			got[u.Code] = true
			if i > 0 && p.Items[i-1].Code >= u.Code {
				t.Errorf("within %s: %s before %s", within, p.Items[i-1].Code, u.Code)
			}
		}
		for _, code := range codes {
			if got[code] != Contains(within, code) {
				t.Errorf("within %s: %s %v", within, code, got[code])
			}
		}
	}
}

// A department has those it leads in its line for children, although they lie
// in its division's territory.
func TestDepartmentHasChildren(t *testing.T) {
	s := newScene(t)
	station := "990101001-nyz"
	s.do(admin, "unit.register", object{"code": station, "name": "站", "kind": "department", "parent": bureau})
	r := s.rows()
	p, err := r.Children(*r.Unit(bureau), whole)
	s.must(err)
	if len(p.Items) != 1 || p.Items[0].Code != station {
		t.Errorf("%+v", p.Items)
	}
	if path := r.Path(*r.Unit(station)); len(path) != 1 || path[0].Code != bureau {
		t.Errorf("%+v", path)
	}
}

// Chains too long to trace are refused, not walked for ever.
func TestDeepChain(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	chain := []string{county}
	for i := range 80 {
		code := "990101001-d" + strconv.Itoa(i)
		s.do(admin, "unit.register", object{"code": code, "name": code, "kind": "department"})
		chain = append(chain, code)
	}
	s.pass("i0", county, chain[1], "5", nil)
	for i := 1; i < 80; i++ {
		s.pass(fmt.Sprint("i", i), chain[i], chain[i+1], "5", object{"basis": []string{fmt.Sprint("i", i-1)}})
	}
	r := s.rows()
	if traces, err := r.Traces("task", chain[60], "area", Now); err != nil || len(traces[0].Steps) != 60 {
		t.Fatalf("60 levels: %v", err)
	}
	_, err := r.Traces("task", chain[80], "area", Now)
	var own *ledger.Error
	if !errors.As(err, &own) || own.Rule != "trace.too_deep" {
		t.Errorf("80 levels: %v", err)
	}
	c, err := r.Cascade("task", "area", "", Now, whole)
	s.must(err)
	if got := *c.Levels[len(c.Levels)-1].Received; got != "400" {
		t.Errorf("received %s", got)
	}
}
