package desk_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/ledger"
)

const county = `{"code":"990101","name":"甲县","kind":"government"}`

func TestSubmit(t *testing.T) {
	h := open(t)
	r := h.must(admin, "unit.register", "k1", county)
	if r.Stream != "unit-990101" || r.Revision != 0 || r.Ordinal != 1 || r.Repeated || len(r.Events) != 1 || r.Events[0] != ledger.EventID("admin", "k1", 0).String() {
		t.Fatalf("%+v", r)
	}
	if at := h.view.Position(); at != r.Position {
		t.Errorf("the receipt came before the fold: %+v, written at %+v", at, r.Position)
	}
	e := h.events()[0]
	if _, err := ledger.Check(ledger.Hash{}, e); err != nil || e.Type != "unit.registered" || string(e.Data) != county {
		t.Errorf("%s %s, %v", e.Type, e.Data, err)
	}
	m := h.meta(1)
	if m.Command != ledger.CommandID("admin", "k1").String() || m.Name != "unit.register" || m.Version != 1 || len(m.Input) != 64 || m.DecidedAt != 0 ||
		!reflect.DeepEqual(m.Actor, ledger.MetaActor{Roles: admin.Roles, Account: "admin"}) || !m.Recorded.Equal(h.now) || !m.Effective.Equal(h.now) || m.Recorded.Location() != time.UTC {
		t.Errorf("%+v", m)
	}
}

// A log that cannot count leaves the ordinal to the fold.
func TestOrdinalFromTheFold(t *testing.T) {
	h := open(t)
	h.log.append = func(ctx context.Context, stream string, expect ledger.Expect, events []ledger.Record) (ledger.Position, error) {
		p, err := h.store.Append(ctx, stream, expect, events...)
		p.Ordinal = 0
		return p, err
	}
	h.log.read = func(e *ledger.Recorded) { e.Position.Ordinal = 0 }
	h.must(admin, "unit.register", "k1", county)
	h.must(admin, "unit.register", "k2", `{"code":"990102","name":"乙县","kind":"government"}`)
	h.must(admin, "unit.rename", "k3", `{"code":"990101","name":"丙县"}`)
	if r := h.must(admin, "unit.rename", "k4", `{"code":"990101","name":"丁县"}`); r.Ordinal != 4 || r.Revision != 2 {
		t.Errorf("%+v", r)
	}
	if r := h.must(admin, "unit.rename", "k3", `{"code":"990101","name":"丙县"}`); r.Ordinal != 3 || !r.Repeated {
		t.Errorf("the repeat: %+v", r)
	}
}

func TestRepeat(t *testing.T) {
	h := open(t)
	first := h.must(admin, "unit.register", "k1", county)
	h.must(admin, "unit.rename", "k2", `{"code":"990101","name":"乙县"}`)
	again := func(input string) {
		t.Helper()
		r := h.must(admin, "unit.register", "k1", input)
		want := first
		want.Repeated = true
		if !reflect.DeepEqual(r, want) {
			t.Fatalf("the repeat got %+v, want %+v", r, want)
		}
		if n := len(h.events()); n != 2 {
			t.Fatalf("%d events", n)
		}
	}
	again(county)
	again(` { "name": "甲县", "kind":"government",` + "\n" + `"code":"990101" } `)
	h.again()
	again(county)
}

// The append that was persisted but reported as failed: the same command
// finds its own events.
func TestRepeatAfterPersistedButFailed(t *testing.T) {
	for _, restart := range []bool{false, true} {
		h := open(t)
		h.log.append = func(ctx context.Context, stream string, expect ledger.Expect, events []ledger.Record) (ledger.Position, error) {
			if _, err := h.store.Append(ctx, stream, expect, events...); err != nil {
				t.Error(err)
			}
			return ledger.Position{}, errors.New("the disk went away")
		}
		_, err := h.submit(admin, "unit.register", "k1", county)
		h.refused(err, ledger.Internal, "internal", "", 1)
		h.log.append = nil
		if restart {
			h.again()
		}
		if r := h.must(admin, "unit.register", "k1", county); !r.Repeated || r.Ordinal != 1 || len(h.events()) != 1 {
			t.Fatalf("%+v", r)
		}
	}
}

// And the one that was not: the repeat writes it, once.
func TestRepeatAfterNotPersisted(t *testing.T) {
	h := open(t)
	h.log.append = func(context.Context, string, ledger.Expect, []ledger.Record) (ledger.Position, error) {
		return ledger.Position{}, errors.New("the disk went away")
	}
	_, err := h.submit(admin, "unit.register", "k1", county)
	h.refused(err, ledger.Internal, "internal", "", 0)
	h.log.append = nil
	if r := h.must(admin, "unit.register", "k1", county); r.Repeated || r.Ordinal != 1 {
		t.Fatalf("%+v", r)
	}
}

func TestKeyReused(t *testing.T) {
	h := open(t)
	h.unit("9901")
	h.unit("990101")
	h.must(clerk("9901"), "document.register", "k0", `{"id":"paper","issuer":"9901","date":"2022-08-01","title":"通知"}`)
	h.must(clerk("9901"), "mandate.issue", "k1", `{"id":"task","title":"任务","field":"农业","origin":"9901","measures":[{"key":"area","name":"面积","kind":"divisible","dimension":"quantity"}]}`)
	h.must(clerk("9901"), "issuance.make", "k2", `{"id":"c1","issuer":"9901","lines":[{"to":"990101","amounts":[{"measure":"task/area","value":"600"}]}]}`)
	line := `{"issuance":"c1","unit":"990101"}`
	h.must(clerk("990101"), "assignment.deliver", "k3", line)

	_, err := h.submit(clerk("990101"), "assignment.deliver", "k3", `{"issuance":"c1","unit":"990101","channel":"phone"}`)
	h.refused(err, ledger.Conflict, "command.key_reused", "Idempotency-Key", 6)
	// Another command with the very same input is not a repeat.
	_, err = h.submit(clerk("990101"), "assignment.acknowledge", "k3", line)
	h.refused(err, ledger.Conflict, "command.key_reused", "Idempotency-Key", 6)
	// Numbers are not the same because they are equal.
	_, err = h.submit(admin, "unit.register", "unit-9901", `{"code":"9901","name":"单位","kind":"government","people":0}`)
	h.refused(err, ledger.Conflict, "command.key_reused", "Idempotency-Key", 6)
	// Nor do two large ones become one.
	h.must(admin, "unit.register", "k4", `{"code":"9902","name":"乙市","kind":"government","people":9007199254740993}`)
	_, err = h.submit(admin, "unit.register", "k4", `{"code":"9902","name":"乙市","kind":"government","people":9007199254740992}`)
	h.refused(err, ledger.Conflict, "command.key_reused", "Idempotency-Key", 7)
	// Another account's keys are its own.
	other := clerk("990101")
	other.Account = "colleague"
	if r := h.must(other, "assignment.acknowledge", "k3", line); r.Repeated || r.Ordinal != 8 {
		t.Fatalf("%+v", r)
	}
}

func TestConflict(t *testing.T) {
	h := open(t)
	h.unit("990101")
	tries := 0
	var slow func(ctx context.Context, stream string, expect ledger.Expect, events []ledger.Record) (ledger.Position, error)
	slow = func(ctx context.Context, stream string, expect ledger.Expect, events []ledger.Record) (ledger.Position, error) {
		if tries++; tries < 3 { // somebody else is quicker, twice
			h.log.append = nil
			h.must(admin, "unit.rename", fmt.Sprint("quick-", tries), fmt.Sprintf(`{"code":"990101","name":"快%d"}`, tries))
			h.log.append = slow
		}
		return h.store.Append(ctx, stream, expect, events...)
	}
	h.log.append = slow
	if r := h.must(admin, "unit.rename", "slow", `{"code":"990101","name":"慢"}`); tries != 3 || r.Revision != 3 || r.Ordinal != 4 {
		t.Fatalf("%d tries, %+v", tries, r)
	}
	tries = 0
	h.log.append = func(context.Context, string, ledger.Expect, []ledger.Record) (ledger.Position, error) {
		tries++
		return ledger.Position{}, fmt.Errorf("append: %w", ledger.ErrWrongRevision)
	}
	_, err := h.submit(admin, "unit.rename", "never", `{"code":"990101","name":"从未"}`)
	h.refused(err, ledger.Conflict, "command.conflict", "", 4)
	if tries != 3 {
		t.Fatalf("%d tries", tries)
	}
}

// What another wrote meanwhile is decided upon: the second try is refused by
// the rule that the first one would have met.
func TestConflictIsDecidedAnew(t *testing.T) {
	h := open(t)
	h.unit("990101")
	h.log.append = func(ctx context.Context, stream string, expect ledger.Expect, events []ledger.Record) (ledger.Position, error) {
		h.log.append = nil
		h.must(admin, "unit.rename", "quick", `{"code":"990101","name":"乙县"}`)
		return h.store.Append(ctx, stream, expect, events...)
	}
	_, err := h.submit(admin, "unit.rename", "slow", `{"code":"990101","name":"乙县"}`)
	h.refused(err, ledger.Refused, "unit.same_name", "name", 2)
}

// Many at once on one stream: who was told success is there once, who was
// told conflict is not.
func TestConcurrent(t *testing.T) {
	h := open(t)
	h.unit("990101")
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := map[string]bool{}
	for n := range 24 {
		wg.Go(func() {
			r, err := h.desk.Submit(t.Context(), clerk("990101"), "unit.declare_capacity", fmt.Sprint(n), fmt.Appendf(nil, `{"code":"990101","of":"x","value":"%d","asOf":"2022-08-01"}`, n))
			switch {
			case err == nil:
				mu.Lock()
				done[r.Events[0]] = true
				mu.Unlock()
			case ledger.AsError(err).Rule != "command.conflict":
				t.Error(err)
			}
		})
	}
	wg.Wait()
	events := h.events()
	if len(done) == 0 || len(events) != len(done)+1 {
		t.Fatalf("%d succeeded, %d events", len(done), len(events))
	}
	chain := ledger.NewChain()
	for i, e := range events {
		if _, err := chain.Next(e); err != nil || i > 0 && !done[e.ID.String()] {
			t.Fatalf("event %d: %v", i, err)
		}
	}
}

func TestRefusedAtTheDoor(t *testing.T) {
	h := open(t)
	h.unit("990101")
	rename := `{"code":"990101","name":"乙县"}`
	for _, c := range []struct {
		by               ledger.Actor
		name, key, input string
		code             ledger.Code
		rule, field      string
	}{
		{admin, "unit.abolish", "k", rename, ledger.NotFound, "command.unknown", ""},
		{admin, "", "k", rename, ledger.NotFound, "command.unknown", ""},
		{ledger.Actor{Roles: admin.Roles}, "unit.rename", "k", rename, ledger.Unauthenticated, "command.sign_in", ""},
		{admin, "unit.rename", "", rename, ledger.Invalid, "command.key", "Idempotency-Key"},
		{admin, "unit.rename", strings.Repeat("k", 201), rename, ledger.Invalid, "command.key", "Idempotency-Key"},
		{admin, "unit.rename", "k", `{"code":"990101","name":"` + strings.Repeat("乙", 1<<20/3) + `"}`, ledger.Invalid, "command.too_large", ""},
		{admin, "unit.rename", "k", ``, ledger.Invalid, "input.json", ""},
		{admin, "unit.rename", "k", `null`, ledger.Invalid, "input.type", ""},
		{admin, "unit.rename", "k", `{"code":"990101","name":7}`, ledger.Invalid, "input.type", "name"},
		{admin, "unit.rename", "k", `{"code":"990101","name":"乙县","why":"x"}`, ledger.Invalid, "input.unknown_field", "why"},
		{admin, "unit.rename", "k", rename + rename, ledger.Invalid, "input.trailing", ""},
		{admin, "unit.rename", "k", `{"code":"` + strings.Repeat("9", 300) + `","name":"乙县"}`, ledger.Invalid, "command.name_too_long", ""},
		{admin, "unit.rename", "k", `{"code":"no\u0000such","name":"乙县"}`, ledger.Refused, "unit.unknown", "code"},
		{clerk("990101"), "unit.rename", "k", rename, ledger.Forbidden, "unit.admins_only", ""},
		{admin, "checkpoint.sign", "k", `{"note":"x"}`, ledger.Forbidden, "checkpoint.system_only", ""},
	} {
		_, err := h.submit(c.by, c.name, c.key, c.input)
		h.refused(err, c.code, c.rule, c.field, 1)
	}
	if r := h.must(admin, "unit.rename", strings.Repeat("k", 200), rename); r.Ordinal != 2 {
		t.Fatalf("%+v", r)
	}
}

// The clock may go back; what is recorded in a stream does not.
func TestRecordedNeverDecreases(t *testing.T) {
	h := open(t)
	h.now = time.Date(2022, 8, 9, 10, 0, 0, 123_456_789, ledger.Beijing)
	h.unit("990101")
	late := h.meta(1).Recorded
	h.now = h.now.Add(-time.Hour)
	h.must(admin, "unit.rename", "k1", `{"code":"990101","name":"乙县"}`)
	h.unit("990102") // another stream
	h.again()
	h.must(admin, "unit.rename", "k2", `{"code":"990101","name":"丙县"}`)
	h.now = h.now.Add(2 * time.Hour)
	h.must(admin, "unit.rename", "k3", `{"code":"990101","name":"丁县"}`)
	for ordinal, want := range map[uint64]time.Time{2: late, 3: late.Add(-time.Hour), 4: late, 5: late.Add(time.Hour)} {
		if got := h.meta(ordinal).Recorded; !got.Equal(want) {
			t.Errorf("event %d was recorded at %s, want %s", ordinal, got, want)
		}
	}
	if late.Nanosecond() != 123_000_000 {
		t.Errorf("recorded to the %d ns", late.Nanosecond())
	}
}

// An event holds since the paper's date where there is one, and remembers
// which fold its decision looked at.
func TestEffectiveAndDecidedAt(t *testing.T) {
	h := open(t)
	h.unit("9901")
	task := `{"id":"task-%d","title":"任务","field":"农业","origin":"9901","measures":[{"key":"area","name":"面积","kind":"divisible","dimension":"quantity"}]%s}`
	h.must(clerk("9901"), "mandate.issue", "k1", fmt.Sprintf(task, 1, `,"effective":"2022-03-01"`))
	h.must(clerk("9901"), "mandate.issue", "k2", fmt.Sprintf(task, 2, ``))
	_, err := h.submit(clerk("9901"), "mandate.issue", "k3", fmt.Sprintf(task, 3, `,"effective":"0000-01-01"`))
	h.refused(err, ledger.Invalid, "input.date", "effective", 3)
	if m := h.meta(2); !m.Effective.Equal(time.Date(2022, 2, 28, 16, 0, 0, 0, time.UTC)) || m.DecidedAt != 1 || m.Actor.Unit != "9901" {
		t.Errorf("%+v", m)
	}
	if m := h.meta(3); !m.Effective.Equal(h.now) || m.DecidedAt != 2 {
		t.Errorf("%+v", m)
	}
	if data := string(h.events()[1].Data); strings.Contains(data, "effective") {
		t.Errorf("the date is said twice: %s", data)
	}
}

// Over 512 KiB is refused before anything is written; 2,000 plain lines are
// well below.
func TestEventTooLarge(t *testing.T) {
	h := open(t)
	h.unit("99")
	var photos []string
	for i := range 500 {
		photos = append(photos, fmt.Sprintf(`"第%03d类照片须每日上传"`, i))
	}
	h.must(clerk("99"), "mandate.issue", "k1", `{"id":"task","title":"任务","field":"农业","origin":"99","measures":[{"key":"photos","name":"照片","kind":"set","dimension":"trace"},{"key":"area","name":"面积","kind":"divisible","dimension":"quantity"}]}`)
	var large, plain []string
	for i := range 60 {
		code := fmt.Sprintf("99%02d", i)
		h.unit(code)
		large = append(large, `{"to":"`+code+`","amounts":[{"measure":"task/photos","items":[`+strings.Join(photos, ",")+`]}]}`)
		plain = append(plain, `{"to":"`+code+`","amounts":[{"measure":"task/area","value":"1"}]}`)
	}
	before := len(h.events())
	sheet := func(lines []string) string {
		return `{"id":"c1","issuer":"99","lines":[` + strings.Join(lines, ",") + `]}`
	}
	if n := len(sheet(large)); n < ledger.MaxEvent || n > 1<<20 {
		t.Fatalf("the sheet has %d bytes", n)
	}
	_, err := h.submit(clerk("99"), "issuance.make", "k2", sheet(large))
	h.refused(err, ledger.Invalid, "command.too_large_event", "", before)
	h.must(clerk("99"), "issuance.make", "k2", sheet(plain)) // the key is free: nothing was done with it
}

func TestReadOnly(t *testing.T) {
	h := open(t)
	h.unit("990101")
	h.store.MarkDamaged(&ledger.Damage{Ordinal: 1, Why: "a test"})
	_, err := h.submit(admin, "unit.rename", "k", `{"code":"990101","name":"乙县"}`)
	h.refused(err, ledger.Unavailable, "ledger.read_only", "", 1)
	if r := h.must(admin, "unit.register", "unit-990101", `{"code":"990101","name":"单位","kind":"government"}`); !r.Repeated {
		t.Errorf("what was done is not told any more: %+v", r)
	}
}

// An event that is not what was recorded is met by the next command of its
// stream, which names it and writes nothing.
func TestDamageMetByACommand(t *testing.T) {
	h := open(t)
	h.unit("990102")
	h.unit("990101")
	h.log.read = func(e *ledger.Recorded) { e.Data = []byte(strings.Replace(string(e.Data), "单位", "别名", 1)) }
	_, err := h.submit(admin, "unit.rename", "k", `{"code":"990101","name":"乙县"}`)
	e := h.refused(err, ledger.Unavailable, "ledger.read_only", "", 2)
	if !strings.Contains(e.Text.En, "Event 2") || !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("%s: %v", e.Text.En, errors.Unwrap(err))
	}
	// Where the log cannot count, the fold does; where neither can, no event is named.
	read := h.log.read
	h.log.read = func(e *ledger.Recorded) { read(e); e.Position.Ordinal = 0 }
	_, err = h.submit(admin, "unit.rename", "k", `{"code":"990101","name":"乙县"}`)
	if e := h.refused(err, ledger.Unavailable, "ledger.read_only", "", 2); !strings.Contains(e.Text.En, "Event 2") {
		t.Errorf("%s", e.Text.En)
	}
	if e := desk.ReadOnly(&ledger.Damage{Why: "a stream is gone"}); strings.Contains(e.Text.En, "Event") || strings.Contains(e.Unwrap().Error(), "ordinal") {
		t.Errorf("%s: %v", e.Text.En, e.Unwrap())
	}
}

func TestGone(t *testing.T) {
	h := open(t)
	h.unit("990101")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.desk.Submit(ctx, admin, "unit.rename", "k", []byte(`{"code":"990101","name":"乙县"}`))
	h.refused(err, ledger.Unavailable, "command.timeout", "", 1)
	h.log.append = func(context.Context, string, ledger.Expect, []ledger.Record) (ledger.Position, error) {
		return ledger.Position{}, os.ErrDeadlineExceeded
	}
	_, err = h.submit(admin, "unit.rename", "k", `{"code":"990101","name":"乙县"}`)
	if e := h.refused(err, ledger.Internal, "internal", "", 1); strings.Contains(e.Text.En, "i/o") {
		t.Errorf("the fault is shown: %s", e.Text.En)
	}
}

// nothing answers no question.
type nothing struct{}

func (nothing) Look(use func(any, uint64))                  { use(struct{}{}, 0) }
func (nothing) Wait(context.Context, ledger.Position) error { return nil }
func (nothing) Ordinal(string, int64) uint64                { return 0 }

func TestNewRefuses(t *testing.T) {
	h := open(t)
	events, err := catalogue.Events()
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return h.now }
	if _, err := desk.New(h.log, events, append(catalogue.Commands(), catalogue.Commands()[0]), h.view, clock); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("a command declared twice: %v", err)
	}
	if _, err := desk.New(h.log, events, catalogue.Commands(), nothing{}, clock); err == nil || !strings.Contains(err.Error(), "facts") {
		t.Errorf("facts that answer nothing: %v", err)
	}
}
