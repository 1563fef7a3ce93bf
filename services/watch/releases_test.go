package watch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"suyuan/services/desk"
	"suyuan/services/ledger"
	"suyuan/services/release"
)

// parted is a desk with a release of so many parts, two to a command.
type parted struct {
	parts int
	end   string // the rule it ends with
	fail  error  // met once, at the second command
	asked []string
}

func (p *parted) Submit(_ context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error) {
	var c release.Publish
	if err := json.Unmarshal(input, &c); err != nil || name != "release.publish" || by.Account != ledger.System {
		return desk.Receipt{}, errors.New("not a release")
	}
	if want := fmt.Sprintf("release-%s-%d", c.Date, c.Part); key != want {
		return desk.Receipt{}, fmt.Errorf("the key of %s is %s", want, key)
	}
	p.asked = append(p.asked, fmt.Sprint(c.Date, " ", c.Part))
	if err := p.fail; err != nil && len(p.asked) == 2 {
		p.fail = nil
		return desk.Receipt{}, err
	}
	if c.Part > p.parts {
		return desk.Receipt{}, ledger.Refuse(p.end, "没有了。", "No more.")
	}
	return desk.Receipt{Events: make([]string, min(2, p.parts-c.Part+1))}, nil
}

// Once a week, on Monday in China, part by part to the end; an interrupted one
// from its beginning.
func TestReleases(t *testing.T) {
	var log bytes.Buffer
	d := &parted{parts: 3, end: "release.done"}
	now := time.Date(2026, 11, 22, 15, 59, 59, 0, time.UTC) // Sunday evening in Beijing
	r := Releases{Desk: d, Clock: func() time.Time { return now }, Faults: slog.New(slog.NewTextHandler(&log, nil))}
	look := func(want ...string) {
		t.Helper()
		d.asked = nil
		r.note(t.Context(), r.Once(t.Context()))
		if !slices.Equal(d.asked, want) {
			t.Errorf("asked %q, want %q", d.asked, want)
		}
	}
	look("2026-11-16 1", "2026-11-16 3", "2026-11-16 4")
	look()
	now = now.Add(time.Second)
	d.parts, d.end = 0, "release.nothing"
	look("2026-11-23 1")
	look()
	now = now.AddDate(0, 0, 7)
	d.end = "release.too_soon"
	look("2026-11-30 1")
	look()
	now = now.AddDate(0, 0, 9)
	d.parts, d.end, d.fail = 4, "release.done", ledger.Errorf(ledger.Unavailable, "ledger.read_only", "只读。", "Read-only.").Because(errors.New("5 reports"))
	look("2026-12-07 1", "2026-12-07 3")
	look("2026-12-07 1", "2026-12-07 3", "2026-12-07 5")
	look()
	if said := log.String(); strings.Count(said, "level=ERROR") != 1 || !strings.Contains(said, "ledger.read_only") || strings.Contains(said, "reports") {
		t.Errorf("the log says %s", said)
	}
}

// A desk that takes no end is not asked without end.
func TestReleasesAreBounded(t *testing.T) {
	d := &parted{parts: 1 << 30}
	r := Releases{Desk: d, Clock: func() time.Time { return time.Time{}.AddDate(2025, 0, 0) }, Faults: slog.New(slog.DiscardHandler)}
	if err := r.Once(t.Context()); err != nil || len(d.asked) != mostCommands {
		t.Errorf("%d commands, %v", len(d.asked), err)
	}
}

func TestReleasesRun(t *testing.T) {
	d := &parted{end: "release.nothing"}
	r := Releases{Desk: d, Clock: func() time.Time { return time.Time{}.AddDate(2025, 0, 0) }, Faults: slog.New(slog.DiscardHandler)}
	ctx, cancel := context.WithCancel(t.Context())
	tick, ended := make(chan time.Time), make(chan struct{})
	go func() { defer close(ended); r.Run(ctx, tick) }()
	tick <- time.Time{}
	tick <- time.Time{} // taken only once the first look is over
	cancel()
	<-ended
	if len(d.asked) != 1 {
		t.Errorf("asked %q", d.asked)
	}
}
