package seeds

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"suyuan/services/desk"
	"suyuan/services/ledger"
)

// paper is a desk that writes down what it was asked; what it was asked
// before it calls repeated.
type paper struct {
	clock *Clock
	keys  []string
	at    []time.Time
	seen  map[string]bool
	fail  map[string]error // by key
}

func newPaper() *paper {
	return &paper{clock: &Clock{}, seen: map[string]bool{}, fail: map[string]error{}}
}

func (p *paper) Submit(_ context.Context, by ledger.Actor, name, key string, _ []byte) (desk.Receipt, error) {
	p.keys, p.at = append(p.keys, key), append(p.at, p.clock.Now())
	if err := p.fail[key]; err != nil {
		return desk.Receipt{}, err
	}
	again := p.seen[key]
	p.seen[key] = true
	return desk.Receipt{Repeated: again}, nil
}

func scenario(t *testing.T) Scenario {
	t.Helper()
	s, err := Parse([]byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var withoutMeans = ledger.Refuse("handoff.without_means", "不能接收", "cannot be taken")

func TestPlay(t *testing.T) {
	s, p := scenario(t), newPaper()
	p.fail["a-case/2"] = withoutMeans
	var told []int
	progress := func(done, total int) { told = append(told, done*100+total) }
	if err := Play(t.Context(), p, p.clock.Set, s, progress); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(told, []int{105, 205, 305, 405, 505}) {
		t.Errorf("progress %v", told)
	}
	for i, step := range s.Steps {
		if p.keys[i] != step.key || !p.at[i].Equal(step.At) {
			t.Errorf("step %d: key %s at %s", i, p.keys[i], p.at[i])
		}
	}
	// Again: what was refused is not tried on a ledger that has moved on.
	delete(p.fail, "a-case/2")
	p.keys = nil
	if err := Play(t.Context(), p, p.clock.Set, s, nil); err != nil || slices.Contains(p.keys, "a-case/2") {
		t.Errorf("%v, %v", p.keys, err)
	}
}

func TestPlayUnexpected(t *testing.T) {
	closed := ledger.Refuse("handoff.closed", "已办结", "closed already")
	down := ledger.Errorf(ledger.Unavailable, "ledger.read_only", "只读", "read-only")
	for name, c := range map[string]struct {
		fail        map[string]error
		rule, field string
		cause       error
	}{
		"refused":             {map[string]error{"a-case/1": closed}, "handoff.closed", "steps[0]", closed},
		"not refused":         {nil, "scenario.not_refused", "steps[1]", nil},
		"by another rule":     {map[string]error{"a-case/2": closed}, "scenario.other_rule", "steps[1]", closed},
		"the desk is closed":  {map[string]error{"a-case/2": down}, "ledger.read_only", "steps[1]", down},
		"a unit is refused":   {map[string]error{"a-case/unit/9901-jw": closed}, "handoff.closed", "units.of[2]", closed},
		"names a field, too":  {map[string]error{"a-case/1": closed.At("lines[0].to")}, "handoff.closed", "steps[0].lines[0].to", nil},
		"a fault of our own":  {map[string]error{"a-case/2": context.DeadlineExceeded}, "internal", "steps[1]", context.DeadlineExceeded},
		"a bare error at all": {map[string]error{"a-case/1": context.Canceled}, "internal", "steps[0]", context.Canceled},
	} {
		p := newPaper()
		p.fail = c.fail
		err := Play(t.Context(), p, p.clock.Set, scenario(t), nil)
		e, ok := errors.AsType[*ledger.Error](err)
		if !ok || e.Rule != c.rule || e.Field != c.field || c.cause != nil && !errors.Is(err, c.cause) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !strings.Contains(e.Text.En, c.field) || !strings.Contains(e.Text.Zh, "a-case") {
			t.Errorf("%s: the message does not say where: %s", name, e.Text.En)
		}
		if last := p.keys[len(p.keys)-1]; last != "a-case/2" && c.field == "steps[1]" {
			t.Errorf("%s: it went on to %s", name, last)
		}
	}
}

func TestPlayStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	p := newPaper()
	err := Play(ctx, p, p.clock.Set, scenario(t), func(done, _ int) {
		if done == 2 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) || len(p.keys) != 2 {
		t.Errorf("%v after %v", err, p.keys)
	}
}

func TestClock(t *testing.T) {
	var c Clock
	if !c.Now().IsZero() {
		t.Error("a clock that was never set stands at the zero time")
	}
	at := time.Date(2022, 8, 9, 9, 0, 0, 0, ledger.Beijing)
	if c.Set(at); !c.Now().Equal(at) {
		t.Error(c.Now())
	}
}
