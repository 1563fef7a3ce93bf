package report

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"suyuan/services/ledger"
)

// Bounds of what is on its way. A body that comes at least as fast as the
// slowest line we serve (the old mobile networks of the villages) may take its
// time; one that stands still, or drips, is dropped.
const (
	arrivingMost = 256 << 20 // bytes of what is large, in memory at once
	firstRoom    = 64 << 10  // of a body that is large, before anything of it came
	slowest      = 16 << 10  // bytes a second, after pause
	pause        = 20 * time.Second
	begun        = 3 * time.Second // of reading, before which nobody is called slow
	answerTime   = 5 * time.Minute // for whom the answer is written to
	giveUp       = 2 * time.Second // in which what nobody reads may still come
)

var (
	errSlow = ledger.Errorf(ledger.Unavailable, "page.slow",
		"发来的内容到得太慢，已经断开，什么也没有保存。请换一个信号好的地方或者 Wi-Fi 再发一次，也可以不带图片发。",
		"It came too slowly and was broken off; nothing was kept. Send it again where reception is better or over Wi-Fi, or send it without pictures.")
	errCrowd = ledger.Errorf(ledger.Unavailable, "page.crowd",
		"此刻发图片的人太多，什么也没有保存。请过一两分钟再发一次，也可以不带图片发。",
		"Too many are sending pictures at this moment, and nothing was kept. Send it again in a minute or two, or send it without pictures.")
)

// arrivals are the bodies on their way. What is large is counted, and where all
// of it together is too much, the one that came most slowly so far makes room:
// whoever keeps many lines open and sends little closes the way for nobody.
type arrivals struct {
	clock ledger.Clock
	most  int64

	mu   sync.Mutex // before an arrival's
	held int64
	now  map[*arrival]struct{} // those that hold something
}

// arrival is one body; a request's own goroutine reads it.
type arrival struct {
	io.ReadCloser // the body; Read bounds its time
	among         *arrivals
	control       *http.ResponseController
	held          int64 // under among.mu

	mu      sync.Mutex
	got     int64
	spent   time.Duration // in reads that are over
	since   time.Time     // of the read under way; zero where there is none
	ended   bool          // it was read to its end
	done    bool          // nothing more is read of it
	dropped bool
}

func (s *arrivals) begin(w http.ResponseWriter, r *http.Request) *arrival {
	return &arrival{ReadCloser: r.Body, among: s, control: http.NewResponseController(w)}
}

// Read implements io.Reader. The time between reads, in which the server is
// the slow one, does not count.
func (a *arrival) Read(p []byte) (int, error) {
	if err := a.await(); err != nil {
		return 0, err
	}
	n, err := a.ReadCloser.Read(p)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.got += int64(n)
	a.spent += a.among.clock().Sub(a.since)
	a.since = time.Time{}
	switch {
	case errors.Is(err, io.EOF):
		a.ended = true
	case a.dropped || errors.Is(err, os.ErrDeadlineExceeded):
		a.dropped = true
		err = errSlow
	}
	return n, err
}

// await moves the deadline on by what came.
func (a *arrival) await() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	left := pause + time.Duration(a.got)*time.Second/slowest - a.spent
	if a.dropped || left <= 0 {
		a.dropped = true
		return errSlow
	}
	a.since = a.among.clock()
	_ = a.control.SetReadDeadline(a.since.Add(min(left, pause))) // where there is none, a test reads from memory
	return nil
}

// rest lets the deadline go while the server works on what came.
func (a *arrival) rest() { _ = a.control.SetReadDeadline(time.Time{}) }

// arrived is for when nothing more is read. The server looks out for the end of
// the connection from now on, which has no deadline; of a body that was given
// up it reads what little may be left.
func (a *arrival) arrived() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.done = true
	now, until := a.among.clock(), time.Time{}
	switch {
	case a.dropped:
		until = now
	case !a.ended:
		until = now.Add(giveUp)
	}
	_ = a.control.SetReadDeadline(until)
	_ = a.control.SetWriteDeadline(now.Add(answerTime))
}

// all reads up to most bytes, in room that grows with what comes: of a line
// that brings nothing no more than firstRoom is held. What it holds stays
// counted until keep or leave.
func (a *arrival) all(from io.Reader, most int) ([]byte, error) {
	room := min(most, firstRoom)
	if err := a.among.hold(a, room); err != nil {
		return nil, err
	}
	out := make([]byte, 0, room)
	for {
		n, err := from.Read(out[len(out):cap(out)])
		out = out[:len(out)+n]
		switch {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, err
		case len(out) == most:
			return out, nil
		case len(out) < cap(out):
			continue
		}
		room = min(most, 4*cap(out))
		if err := a.among.hold(a, room-cap(out)); err != nil {
			return nil, err
		}
		out = append(make([]byte, 0, room), out...)
	}
}

// hold counts n bytes more of an arrival, and drops the slowest until there is
// room for them.
func (s *arrivals) hold(a *arrival, n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now[a] = struct{}{}
	for s.held+int64(n) > s.most {
		last := s.last()
		if last == nil {
			return errCrowd
		}
		last.drop()
		s.give(last, 0)
		if last == a {
			return errSlow
		}
	}
	s.held += int64(n)
	a.held += int64(n)
	return nil
}

// last is who came most slowly of those that can be judged, nil where there is
// none; under mu.
func (s *arrivals) last() (last *arrival) {
	least, now := int64(0), s.clock()
	for a := range s.now {
		if rate, judged := a.rate(now); judged && (last == nil || rate < least) {
			last, least = a, rate
		}
	}
	return last
}

// rate is what came in a second. Whoever is there, or has just begun, is not to
// be judged by it.
func (a *arrival) rate(now time.Time) (bytes int64, judged bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	took := a.spent
	if !a.since.IsZero() {
		took += now.Sub(a.since)
	}
	if a.done || took < begun {
		return 0, false
	}
	return a.got * int64(time.Second) / int64(took), true
}

// drop ends an arrival's reading, the one under way too.
func (a *arrival) drop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.dropped = true
	_ = a.control.SetReadDeadline(time.Unix(1, 0))
}

// keep counts only n bytes of an arrival from now on: what is left of pictures
// when they are clean.
func (a *arrival) keep(n int) {
	s := a.among
	s.mu.Lock()
	defer s.mu.Unlock()
	s.give(a, min(int64(n), a.held))
}

// leave is for when nothing of an arrival is in memory any more.
func (a *arrival) leave() { a.keep(0) }

// give gives back all but n bytes of an arrival; under mu.
func (s *arrivals) give(a *arrival, n int64) {
	s.held -= a.held - n
	if a.held = n; n == 0 {
		delete(s.now, a)
	}
}
