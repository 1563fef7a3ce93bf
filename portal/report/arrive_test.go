package report

import (
	"bytes"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"suyuan/services/ledger"
)

// line is a connection that brings so many bytes each time, after so long. Its
// deadlines end what takes longer.
type line struct {
	*httptest.ResponseRecorder
	now       *time.Time
	left      int
	bytes     int
	after     time.Duration
	stops     int       // with so many left it stands still; 0: never
	read      time.Time // deadline
	unbounded int       // reads without one
}

func (l *line) SetReadDeadline(at time.Time) error { l.read = at; return nil }
func (l *line) SetWriteDeadline(time.Time) error   { return nil }
func (l *line) Close() error                       { return nil }

func (l *line) Read(p []byte) (int, error) {
	if l.left == 0 {
		return 0, io.EOF
	}
	if l.left <= l.stops {
		l.after = time.Hour
	}
	if l.read.IsZero() {
		l.unbounded++
	}
	if !l.read.IsZero() && l.now.Add(l.after).After(l.read) {
		if l.read.After(*l.now) {
			*l.now = l.read
		}
		return 0, os.ErrDeadlineExceeded
	}
	*l.now = l.now.Add(l.after)
	n := min(len(p), l.bytes, l.left)
	l.left -= n
	return n, nil
}

// coming is a body that comes over a line.
func coming(s *arrivals, l *line) *arrival {
	l.ResponseRecorder = httptest.NewRecorder()
	r := httptest.NewRequest("POST", "http://report.example/", nil)
	r.Body = l
	return s.begin(l, r)
}

func arrivalsOf(most int64) (*arrivals, *time.Time) {
	now := time.Unix(1660000000, 0)
	return &arrivals{clock: func() time.Time { return now }, most: most, now: map[*arrival]struct{}{}}, &now
}

// A line of the old mobile networks brings an envelope with pictures; one that
// stands still or drips is dropped, and so is what it held.
func TestSlowest(t *testing.T) {
	const whole = 4 << 20
	for name, c := range map[string]struct {
		line
		taken  bool
		within time.Duration
	}{
		"old mobile":            {line{bytes: 20 << 10, after: time.Second}, true, 4 * time.Minute},
		"comes in gusts":        {line{bytes: 64 << 10, after: 4 * time.Second}, true, 5 * time.Minute},
		"stands still":          {line{bytes: 1, after: time.Hour}, false, pause},
		"stops in the middle":   {line{bytes: 1 << 20, after: time.Millisecond, stops: 1 << 20}, false, pause + time.Second},
		"drips":                 {line{bytes: 100, after: 10 * time.Second}, false, 2 * pause},
		"half of what it takes": {line{bytes: 8 << 10, after: time.Second}, false, 3 * pause},
	} {
		s, now := arrivalsOf(arrivingMost)
		begun := *now
		c.line.now, c.line.left = now, whole
		a := coming(s, &c.line)
		out, err := a.all(a, whole)
		took := now.Sub(begun)
		if (err == nil) != c.taken || took > c.within || c.taken && len(out) != whole || !c.taken && !errors.Is(err, errSlow) {
			t.Errorf("%s: %d bytes, %v after %v", name, len(out), err, took)
		}
		if c.unbounded > 0 {
			t.Errorf("%s: %d reads without a deadline", name, c.unbounded)
		}
		a.arrived()
		if wait := c.read.Sub(*now); !c.taken && wait > 0 {
			t.Errorf("%s: waited for %v more", name, wait)
		}
		a.leave()
		if s.held != 0 || len(s.now) != 0 {
			t.Errorf("%s: %d bytes are counted of nobody", name, s.held)
		}
	}
}

// While the server works on what came, no time runs; when all came, none does.
func TestRest(t *testing.T) {
	s, now := arrivalsOf(arrivingMost)
	l := &line{bytes: 10, left: 20, now: now}
	a := coming(s, l)
	if _, err := a.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	a.rest()
	if !l.read.IsZero() {
		t.Error("the deadline stands while the server works")
	}
	*now = now.Add(time.Hour)
	if rest, err := io.ReadAll(a); err != nil || len(rest) != 10 {
		t.Errorf("%d bytes, %v: the server's time is held against the sender", len(rest), err)
	}
	a.arrived()
	if !l.read.IsZero() {
		t.Error("the deadline stands after all came")
	}
	b := coming(s, &line{bytes: 10, left: 20, now: now})
	b.arrived()
	if l := b.ReadCloser.(*line); l.read != now.Add(giveUp) {
		t.Errorf("of what nobody reads there is a deadline at %v", l.read)
	}
}

// Where there is no more room the slowest of those on their way makes it, and
// nobody who is there already; who finds none is told so.
func TestRoom(t *testing.T) {
	const each = 256 << 10
	s, now := arrivalsOf(4 * each)
	arrive := func(seconds int, all bool) (*arrival, *line) {
		l := &line{bytes: each, left: each, now: now}
		a := coming(s, l)
		if _, err := a.all(a, each); err != nil {
			t.Fatal(err)
		}
		if a.spent = time.Duration(seconds) * time.Second; all {
			a.arrived()
		}
		return a, l
	}
	there, _ := arrive(1000, true)
	slow, slowLine := arrive(100, false)
	slower, slowerLine := arrive(200, false)
	fast, fastLine := arrive(1, false)
	fourth := coming(s, &line{bytes: each, left: each, now: now})
	if out, err := fourth.all(fourth, each); err != nil || !bytes.Equal(out, make([]byte, each)) {
		t.Errorf("a fast one: %d bytes, %v", len(out), err)
	}
	if !slower.dropped || slow.dropped || fast.dropped || there.dropped || s.held > s.most {
		t.Errorf("dropped: slower %v, slow %v, fast %v, there %v; %d held", slower.dropped, slow.dropped, fast.dropped, there.dropped, s.held)
	}
	if !slowerLine.read.Before(*now) || slowLine.read.Before(*now) || fastLine.read.Before(*now) {
		t.Error("the read under way is not the dropped one's that ends")
	}
	if _, err := slower.Read(make([]byte, 1)); !errors.Is(err, errSlow) {
		t.Errorf("the slower one goes on: %v", err)
	}
	for _, a := range []*arrival{slow, fast, fourth} {
		a.arrived()
	}
	fifth := coming(s, &line{bytes: each, left: each, now: now})
	if _, err := fifth.all(fifth, each); ledger.AsError(err).Rule != errCrowd.Rule {
		t.Errorf("where all are there: %v", err)
	}
	if fast.keep(10); s.held != 3*each+10 {
		t.Errorf("%d held after one kept 10 bytes", s.held)
	}
	for _, a := range []*arrival{there, slow, slower, fast, fourth, fifth} {
		a.leave()
	}
	if s.held != 0 || len(s.now) != 0 {
		t.Errorf("%d bytes are counted of nobody", s.held)
	}
}
