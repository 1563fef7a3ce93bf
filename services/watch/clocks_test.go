package watch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/desk"
	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
	"suyuan/services/view/docket"
	"suyuan/services/watch"
)

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, ledger.Beijing)

// book is a docket and a desk in one: complaints as they are, and commands
// that are decided on them as they stand.
type book struct {
	mu       sync.Mutex
	all      map[string]*complaint.State
	calendar *calendar.Calendar
	now      time.Time
	looks    int
	keys     []string // of what was asked for
	changed  []string // and of what came of it
	fail     error
	bad      string          // what fails alone; empty: everything
	facts    complaint.Facts // nil: the calendar and nothing else
}

func (b *book) Running(use func(id string, t complaint.Timing) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.looks++
	for _, id := range slices.Sorted(func(yield func(string) bool) {
		for id := range b.all {
			if !yield(id) {
				return
			}
		}
	}) {
		if !use(id, b.all[id].Timing) {
			return
		}
	}
}

func (b *book) Submit(_ context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.keys = append(b.keys, key)
	if b.fail != nil && (b.bad == "" || strings.Contains(key, b.bad)) {
		return desk.Receipt{}, b.fail
	}
	for _, def := range complaint.Commands {
		if def.Name != name {
			continue
		}
		var at struct{ ID string }
		if err := json.Unmarshal(input, &at); err != nil {
			return desk.Receipt{}, err
		}
		bound, err := def.Bind(input)
		if err != nil {
			return desk.Receipt{}, err
		}
		look := b.facts
		if look == nil {
			look = facts{b}
		}
		list, err := decide(bound.Value(), *b.all[at.ID], look, by, b.now)
		if err != nil {
			return desk.Receipt{}, err
		}
		for _, e := range list {
			e.Evolve(b.all[at.ID])
		}
		b.changed = append(b.changed, key)
	}
	return desk.Receipt{}, nil
}

func decide(c any, s complaint.State, f complaint.Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[complaint.State], error) {
	return c.(ledger.Decider[complaint.State, complaint.Facts]).Decide(s, f, by, at)
}

// facts know the calendar and nothing else.
type facts struct{ b *book }

func (facts) Unit(string) (unit.Fact, bool)           { return unit.Fact{}, false }
func (facts) HasDocument(string) bool                 { return false }
func (facts) Complaint(string) (complaint.Fact, bool) { return complaint.Fact{}, false }
func (facts) Vouched(string) (issuance.Source, bool)  { return "", false }
func (facts) IssuerKey(string) (issuerkey.Fact, bool) { return issuerkey.Fact{}, false }
func (facts) Spent(string) (string, bool)             { return "", false }
func (f facts) Calendar() *calendar.Calendar          { return f.b.calendar }

func (b *book) clocks(faults *slog.Logger) *watch.Clocks {
	return &watch.Clocks{Desk: b, Of: "complaints", Subjects: b, Calendar: b.calendar, Clock: func() time.Time { return b.now }, Faults: faults}
}

// shelf is a book with n complaints that were dispatched for ten working days
// on Monday 2 March 2026.
func shelf(t *testing.T, n int) *book {
	t.Helper()
	cal, err := calendar.Official()
	if err != nil {
		t.Fatal(err)
	}
	b := &book{all: map[string]*complaint.State{}, calendar: cal, now: monday}
	for i := range n {
		b.add(fmt.Sprintf("%032x", i), complaint.Filed{Day: "2026-03-02"}, complaint.Accepted{At: monday}, complaint.Dispatched{At: monday, To: "990102-jw", Days: 10})
	}
	return b
}

func (b *book) add(id string, events ...ledger.Evolver[complaint.State]) {
	s := &complaint.State{}
	for _, e := range events {
		e.Evolve(s)
	}
	b.all[id] = s
}

// Day by day, every clock is heard once, whoever looks how often.
func TestClocks(t *testing.T) {
	b := shelf(t, 3)
	one, two := b.clocks(quiet), b.clocks(quiet)
	for day := range 60 {
		for hour := range 3 {
			b.now = monday.AddDate(0, 0, day).Add(time.Duration(hour) * 5 * time.Hour)
			for _, c := range []*watch.Clocks{one, two, one} {
				if err := c.Once(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	slices.Sort(b.changed)
	if n := len(b.changed); n != 3*7 || len(slices.Compact(slices.Clone(b.changed))) != n {
		t.Errorf("%d changes: %v", n, b.changed) // 50, 80, 100 %, and four levels: county, city, province, centre
	}
	for _, key := range b.keys {
		if strings.Contains(key, "2026") {
			t.Errorf("a key with a date in it: %s", key)
		}
	}
}

// Two servers at the same moment, and what both found due.
func TestClocksOfTwoServers(t *testing.T) {
	b := shelf(t, 20)
	b.now = monday.AddDate(0, 0, 60)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := b.clocks(quiet).Once(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	slices.Sort(b.changed)
	if n := len(b.changed); n != 20*5 || len(slices.Compact(slices.Clone(b.changed))) != n {
		t.Errorf("%d changes", n) // over already: supervised, and four levels
	}
}

// All is looked at once a day, and once an hour for what came in late.
func TestClocksLookSeldom(t *testing.T) {
	b := shelf(t, 1)
	c := b.clocks(quiet)
	for _, step := range []struct {
		after time.Duration
		looks int
	}{{0, 1}, {time.Minute, 1}, {59 * time.Minute, 2}, {time.Minute, 2}, {13*time.Hour + 58*time.Minute, 3}, {2 * time.Minute, 4}, {-time.Hour, 5}} {
		b.now = b.now.Add(step.after)
		if err := c.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if b.looks != step.looks {
			t.Errorf("at %s: %d looks, want %d", b.now, b.looks, step.looks)
		}
	}
}

// A desk that takes nothing is asked again at the next tick, and told about
// once, without a word on which complaint it was.
func TestClocksWithoutADesk(t *testing.T) {
	b := shelf(t, 3)
	b.now = monday.AddDate(0, 0, 8)
	var said bytes.Buffer
	c := b.clocks(slog.New(slog.NewTextHandler(&said, nil)))
	b.fail = fmt.Errorf("append complaint-%032x: %w", 0, desk.ReadOnly(errors.New("disk")))
	ctx, cancel := context.WithCancel(t.Context())
	tick, ended := make(chan time.Time), make(chan struct{})
	go func() { defer close(ended); c.Run(ctx, tick) }()
	for range 3 {
		tick <- b.now // taken once the look before is over
	}
	b.mu.Lock()
	asked := len(b.keys)
	b.fail = nil
	b.mu.Unlock()
	tick <- b.now
	tick <- b.now
	cancel()
	<-ended
	if asked < 2 || asked > 3 || len(b.changed) != 3 {
		t.Errorf("asked %d times, changed %v", asked, b.changed)
	}
	if text := said.String(); strings.Count(text, "ledger.read_only") != 1 || strings.Contains(text, "0000") {
		t.Errorf("%s", text)
	}
}

// What somebody was quicker with is no fault.
func TestClocksTooLate(t *testing.T) {
	for _, code := range []ledger.Code{ledger.Refused, ledger.Conflict, ledger.NotFound} {
		b := shelf(t, 2)
		b.now, b.fail = monday.AddDate(0, 0, 8), ledger.Errorf(code, "x", "不。", "No.")
		if err := b.clocks(quiet).Once(t.Context()); err != nil || len(b.keys) != 2 {
			t.Errorf("%s: %v, %v", code, err, b.keys)
		}
	}
}

// Without the year in the calendar, or without one, what needs none goes on.
func TestClocksWithoutACalendar(t *testing.T) {
	b := shelf(t, 2)
	b.calendar = nil
	b.add("f", complaint.Filed{Day: "2026-03-02"})
	b.add("g", complaint.Filed{Day: "2026-03-02"}, complaint.Dispatched{At: monday, To: "990102-jw", Days: 10}, complaint.RetaliationReported{Letter: complaint.Letter{Day: "2026-03-02"}})
	b.now = monday.AddDate(0, 0, 20)
	if err := b.clocks(quiet).Once(t.Context()); ledger.AsError(err).Rule != "complaint.no_calendar" {
		t.Error(err)
	}
	if !slices.Equal(b.changed, []string{"complaint.breach-f-assignment-1", "complaint.breach-g-retaliation-1"}) {
		t.Errorf("%v", b.changed)
	}
}

// On a real ledger: being with nobody becomes a breach, once, however many
// look.
func TestClocksOfALedger(t *testing.T) {
	h := open(t)
	h.now = monday
	var box [32]byte
	id := complaint.IDOf(box)
	zeros := strings.Repeat("0", 64)
	input, err := json.Marshal(complaint.File{
		ID: id, Day: ledger.DateOf(monday), Box: zeros, Signer: zeros, Replies: "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj", Lane: complaint.Open,
		Claim:     claim.Key{}.Seal(id, claim.Facts{V: 1, Paper: "8", Issuer: "990102", Dimension: "trace"}),
		Narrative: complaint.Blob{ID: zeros[:32], Hash: zeros, Class: complaint.ClassText},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.desk.Submit(t.Context(), ledger.Actor{Account: ledger.System}, "complaint.file", "k", input); err != nil {
		t.Fatal(err)
	}
	for _, day := range []int{15, 16, 16, 17} {
		h.now = monday.AddDate(0, 0, day)
		c := watch.Clocks{Desk: h.desk, Subjects: seen{h}, Clock: func() time.Time { return h.now }, Faults: quiet}
		if err := c.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if r := h.report(); r.Events != 2 {
		t.Errorf("%+v", r)
	}
}

// seen is the docket of the view.
type seen struct{ h *house }

func (s seen) Running(use func(id string, t complaint.Timing) bool) {
	s.h.view.Docket(func(d *docket.Docket) {
		for c := range d.Running() {
			if !use(c.ID, c.State.Timing) {
				return
			}
		}
	})
}

// pile is many complaints in one place.
type pile []complaint.State

func (p pile) Running(use func(id string, t complaint.Timing) bool) {
	for i := range p {
		if !use("0", p[i].Timing) {
			return
		}
	}
}

// A look over 100,000 complaints that run, of which nothing is due: so long
// the docket stands still.
func BenchmarkClocks(b *testing.B) {
	cal, err := calendar.Official()
	if err != nil {
		b.Fatal(err)
	}
	all := make(pile, 100_000)
	for i := range all {
		for _, e := range []ledger.Evolver[complaint.State]{complaint.Filed{Day: "2026-03-02"}, complaint.Accepted{At: monday}, complaint.Dispatched{At: monday, To: "990102-jw", Days: 10}} {
			e.Evolve(&all[i])
		}
	}
	now := monday.AddDate(0, 0, 6)
	for b.Loop() {
		c := watch.Clocks{Subjects: all, Calendar: cal, Clock: func() time.Time { return now }, Faults: quiet}
		if err := c.Once(b.Context()); err != nil { // a desk would be missed
			b.Fatal(err)
		}
	}
}

// One complaint that cannot be decided holds up none behind it.
func TestOneFaultHoldsUpNothing(t *testing.T) {
	b := shelf(t, 3)
	b.fail, b.bad, b.now = errors.New("broken"), fmt.Sprintf("%032x", 0), monday.AddDate(0, 0, 15)
	if err := b.clocks(quiet).Once(t.Context()); err == nil || len(b.changed) != 2 {
		t.Errorf("%v, %v", err, b.changed)
	}
}
