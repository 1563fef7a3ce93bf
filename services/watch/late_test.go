package watch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"suyuan/services/desk"
	"suyuan/services/ledger"
	"suyuan/services/outcome"
	"suyuan/services/view"
	"suyuan/services/watch"
)

// rests are findings as the read model tells of them.
type rests struct{ *view.View }

func (r rests) Touched(after uint64) (ids []string, upto uint64) {
	r.Read(func(rows *view.Rows) { ids, upto = rows.Touched(after) })
	return ids, upto
}

func (r rests) Outdated(id string) (out watch.Outdated, ok bool) {
	r.Read(func(rows *view.Rows) {
		var x view.Outdated
		x, ok = rows.Outdated(id)
		out = watch.Outdated(x)
	})
	return out, ok
}

// shortfall is a house in which a village was penalised for 20 mu that its town
// had added, and the outcome's id.
func shortfall(t *testing.T) (h *house, about string) {
	t.Helper()
	h = open(t) // Tuesday 9 August 2022
	for _, u := range []string{`"code":"990101","name":"县","kind":"government"`, `"code":"990101001","name":"镇","kind":"government"`, `"code":"990101001001","name":"村","kind":"village"`, `"code":"990102","name":"邻县","kind":"government"`} {
		h.do(ledger.Admin, "99-bb", "unit.register", "{"+u+"}")
	}
	h.do(ledger.Clerk, "990101", "document.register", `{"id":"paper","number":"1号","issuer":"990101","date":"2022-08-08","title":"通知"}`)
	h.do(ledger.Admin, "99-bb", "policy.adopt", `{"name":"jra-1","title":"参数","document":"paper","values":{"silentPassThrough":"1/10","silentCap":"3/10","illegalOrderRetention":"3/10","coOwnedDefault":"1/2","falsificationMass":"1/2","inducement":"3/10","minimumReactionMinutes":"15"}}`)
	h.do(ledger.Admin, "99-bb", "policy.adopt", `{"name":"terms","title":"期限","document":"paper","values":{"objectionDays":"3","noticeDays":"10","extensionDays":"5","mirrorDays":"10","appealDays":"30","appealDecisionDays":"30"}}`)
	h.do(ledger.Clerk, "990101", "mandate.issue", `{"id":"task","title":"任务","field":"农业农村","origin":"990101","document":"paper","measures":[{"key":"area","name":"面积","kind":"divisible","dimension":"split","unit":"亩"}]}`)
	h.do(ledger.Clerk, "990102", "mandate.issue", `{"id":"other","title":"另一任务","field":"农业农村","origin":"990102","document":"paper","measures":[{"key":"area","name":"面积","kind":"divisible","dimension":"split","unit":"亩"}]}`)
	h.do(ledger.Clerk, "990101", "issuance.make", `{"id":"down","issuer":"990101","document":"paper","lines":[{"to":"990101001","amounts":[{"measure":"task/area","value":"200"}]}]}`)
	h.do(ledger.Clerk, "990101001", "issuance.make", `{"id":"on","issuer":"990101001","basis":["down"],"document":"paper","lines":[{"to":"990101001001","amounts":[{"measure":"task/area","value":"220","base":"200"}]}]}`)
	occurred := h.now.AddDate(0, 0, 20)
	h.now = h.now.AddDate(0, 0, 30)
	h.do(ledger.Investigator, "9901-jw", "outcome.penalise", fmt.Sprintf(`{"kind":"quantity","title":"未完成","mandate":"task","measure":"task/area","unit":"990101001001","occurredAt":%q,"required":"220","verified":"200","document":"paper","penalties":[{"form":"circular","body":"990101","on":"2022-09-01"}]}`, occurred.Format(time.RFC3339)))
	about = outcome.ID("task", "task/area", "990101001001", occurred)
	return h, about
}

// A draft follows what is verified late; an issued finding would be marked.
// What concerns neither is not even looked at.
func TestLate(t *testing.T) {
	h, about := shortfall(t)
	h.do(ledger.Reviewer, "99-bb", "finding.draft", fmt.Sprintf(`{"outcome":%q,"round":1}`, about))
	id := about + "-1"

	counted := &counting{Submitter: h.desk}
	one, two := &watch.Late{Desk: counted, Evidence: rests{h.view}, Faults: quiet}, &watch.Late{Desk: counted, Evidence: rests{h.view}, Faults: quiet}
	shares := func() (all []string) {
		h.view.Read(func(r *view.Rows) {
			again, err := r.Recompute(id)
			if err != nil || !again.Same() {
				t.Errorf("%v, %+v", err, again)
			}
			all = append(all, fmt.Sprintf("version %d %s", again.Version.N, again.Version.Because))
			for _, s := range again.Version.Shares {
				all = append(all, fmt.Sprint(s.Unit, " ", s.Points))
			}
		})
		return all
	}
	look := func(want ...string) {
		t.Helper()
		for range 2 {
			if err := errors.Join(one.Once(t.Context()), two.Once(t.Context())); err != nil {
				t.Fatal(err)
			}
		}
		if got := shares(); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	look("version 1 ", "990101 0", "990101001 10000", "990101001001 0")
	if counted.n != 0 {
		t.Errorf("%d commands although nothing changed", counted.n)
	}
	// What it does not rest on is not looked at.
	at := h.view.Position().Ordinal
	h.do(ledger.Clerk, "990102", "issuance.make", `{"id":"elsewhere","issuer":"990102","document":"paper","lines":[{"to":"990101","amounts":[{"measure":"other/area","value":"1"}]}]}`)
	h.do(ledger.Admin, "99-bb", "unit.rename", `{"code":"990102","name":"改名县"}`)
	if ids, upto := (rests{h.view}).Touched(at); len(ids) != 0 || upto != at+2 {
		t.Errorf("what concerns nothing touches %v, up to %d", ids, upto)
	}
	// Verified late: the draft follows, once.
	h.do(ledger.Investigator, "9901-jw", "assignment.verify", `{"issuance":"on","unit":"990101001001","amounts":[{"measure":"task/area","value":"190"}],"asOf":"2022-08-29","document":"paper"}`)
	look("version 2 late_facts", "990101 1667", "990101001 6667", "990101001001 1666")
	n := counted.n
	look("version 2 late_facts", "990101 1667", "990101001 6667", "990101001001 1666")
	if counted.n != n {
		t.Errorf("%d commands more, although all was seen to", counted.n-n)
	}
}

// A mark follows facts that go back and forth, however often they do, and is
// not made twice for the same.
func TestLateGoesBack(t *testing.T) {
	h, about := shortfall(t)
	id := about + "-1"
	on := func(more string) string { return fmt.Sprintf(`{"id":%q%s}`, id, more) }
	h.do(ledger.Reviewer, "99-bb", "finding.draft", fmt.Sprintf(`{"outcome":%q,"round":1}`, about))
	h.as("other", ledger.Reviewer, "99-bb", "finding.check", on(`,"version":1,"passed":true`))
	h.do(ledger.Reviewer, "99-bb", "finding.notify", on(""))
	for i, unit := range []string{"990101001", "990101"} {
		h.do(ledger.Clerk, unit, "finding.reply", on(`,"text":"无意见"`))
		h.do(ledger.Reviewer, "99-bb", "finding.answer_reply", on(fmt.Sprintf(`,"reply":%d,"accepted":false,"reason":"没有新的事实"`, i+1)))
	}
	h.do(ledger.Reviewer, "99-bb", "finding.vote", on(`,"version":1,"agrees":true`))
	h.as("other", ledger.Reviewer, "99-bb", "finding.vote", on(`,"version":1,"agrees":true`))

	counted := &counting{Submitter: h.desk}
	late := &watch.Late{Desk: counted, Evidence: rests{h.view}, Faults: quiet}
	for i, approved := range []string{"20", "unknown", "20", "unknown", "10", "unknown"} {
		paper := `,"onPaper":"2022-08-09"`
		if approved == "unknown" {
			paper = "" // it is taken back, and the explanation is again what it was
		}
		h.do(ledger.Reviewer, "99-bb", "outcome.state", fmt.Sprintf(`{"id":%q,"point":"approved","unit":"990101001","value":%q,"reason":"第 %d 次核对","document":"paper"%s}`, about, approved, i+1, paper))
		counted.n = 0
		for range 3 {
			if err := late.Once(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if _, behind := (rests{h.view}).Outdated(id); behind || counted.n != 1 {
			t.Errorf("look %d, %s approved: %d commands, and the mark is behind: %v", i+1, approved, counted.n, behind)
		}
	}
}

// counting counts what a desk is asked for.
type counting struct {
	watch.Submitter
	n int
}

func (c *counting) Submit(ctx context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error) {
	c.n++
	return c.Submitter.Submit(ctx, by, name, key, input)
}

// shelfOfFindings are n findings that late facts would change, and a desk that
// refuses some.
type shelfOfFindings struct {
	n      int
	issued func(i int) bool
	fault  map[string]error
	asked  []string
	next   []string // what an event touches after the first look
	looked int
}

func (s *shelfOfFindings) Touched(after uint64) (ids []string, upto uint64) {
	if after > 0 {
		ids, s.next = s.next, nil
		return ids, 1
	}
	for i := range s.n {
		ids = append(ids, fmt.Sprint("f", i))
	}
	return ids, 1
}

func (s *shelfOfFindings) Outdated(id string) (watch.Outdated, bool) {
	s.looked++
	i := 0
	_, _ = fmt.Sscanf(id, "f%d", &i)
	return watch.Outdated{ID: id, Version: 3, Hash: strings.Repeat("ab", 32), Issued: s.issued(i)}, true
}

func (s *shelfOfFindings) Submit(_ context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error) {
	if by.Account != ledger.System || len(by.Roles) > 0 {
		return desk.Receipt{}, errors.New("not the system")
	}
	s.asked = append(s.asked, name+" "+key+" "+string(input))
	return desk.Receipt{}, s.fault[key]
}

// One look takes so many, the next goes on; what is issued is marked; one that
// fails holds up none, and a desk that takes nothing is asked again.
func TestLateGoesOn(t *testing.T) {
	key := func(i int) string { return fmt.Sprintf("late-f%d-3-0-%s", i, strings.Repeat("ab", 8)) }
	s := &shelfOfFindings{n: 1200, issued: func(i int) bool { return i == 1 }, fault: map[string]error{
		key(2): ledger.Refuse("finding.unchanged", "", ""), key(3): errors.New("a fault"), key(700): ledger.Errorf(ledger.Unavailable, "ledger.read_only", "", ""),
	}}
	l := &watch.Late{Desk: s, Evidence: s, Faults: quiet}
	if err := l.Once(t.Context()); err == nil || err.Error() != "a fault" || s.looked != 500 {
		t.Errorf("%v after %d", err, s.looked)
	}
	if want := "finding.recompute " + key(0) + ` {"id":"f0","because":"late_facts"}`; s.asked[0] != want {
		t.Errorf("%s, want %s", s.asked[0], want)
	}
	if want := "finding.mark_review " + key(1) + ` {"id":"f1"}`; s.asked[1] != want {
		t.Errorf("%s, want %s", s.asked[1], want)
	}
	for range 2 {
		if err := l.Once(t.Context()); !ledger.IsCode(err, ledger.Unavailable) || len(s.asked) > 702 {
			t.Errorf("%v after %d", err, len(s.asked))
		}
	}
	delete(s.fault, key(700))
	s.asked = nil
	for range 3 {
		if err := l.Once(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if len(s.asked) != 500 || !strings.Contains(s.asked[0], "f700-") {
		t.Errorf("%d were asked for, first %s", len(s.asked), s.asked[0])
	}
}

// What a new event touches is looked at before what has waited since the
// beginning, and once.
func TestLateTakesTheNewFirst(t *testing.T) {
	s := &shelfOfFindings{n: 1200, issued: func(int) bool { return false }, next: []string{"f1100", "f900"}}
	l := &watch.Late{Desk: s, Evidence: s, Faults: quiet}
	for range 4 {
		if err := l.Once(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if len(s.asked) != 1200 || !strings.Contains(s.asked[500], "f1100-") || !strings.Contains(s.asked[501], "f900-") || !strings.Contains(s.asked[502], "f500-") {
		t.Errorf("%d were asked for; after the first look %v", len(s.asked), s.asked[500:503])
	}
}
