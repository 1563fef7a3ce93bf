package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"mime/multipart"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"suyuan/services/intake/receipt"
	"suyuan/test/bench/table"
)

// reported is how many sealed envelopes the cut's target is about.
const reported = 100_000

// reports measures the reporting host: what a server without scripts gets
// through beside Argon2 alone, whether a right receipt takes another time than
// a wrong one, sealed envelopes, and the cut of all of them.
func (b *bench) reports(ctx context.Context) (err error) {
	data, err := b.dir("reports")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }() // gigabytes
	sent := max(int(float64(b.envelopes)*b.scale)/connections/b.rounds, 1) * connections * b.rounds
	plain := int(500*longer(b.each).Seconds()+1)*b.rounds + connections*b.rounds
	r := &reporting{bench: b, data: data, room: sent + plain + 100}
	if err := r.start(ctx, "--cut-at", time.Now().Add(-time.Hour).In(time.FixedZone("", 8*3600)).Format("15:04")); err != nil {
		return err
	}
	defer func() {
		if r.server != nil {
			err = errors.Join(err, r.server.stop())
		}
	}()
	if err := r.plain(ctx); err != nil {
		return err
	}
	if err := r.oracle(ctx); err != nil {
		return err
	}
	if err := r.sealed(ctx, sent); err != nil {
		return err
	}
	return r.cut(ctx, sent)
}

// reporting is a server that takes reports.
type reporting struct {
	*bench
	data    string
	room    int // how many may wait without a proof
	server  *served
	address string   // of the reporting pages
	kept    []string // receipts that were sent
}

func (r *reporting) start(ctx context.Context, more ...string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	r.address = l.Addr().String()
	if err := l.Close(); err != nil {
		return err
	}
	args := append([]string{"serve", "--demo", "--data", r.data, "--listen", "127.0.0.1:0", "--report-listen", r.address, "--spool-text", strconv.Itoa(r.room * 4 / 3)}, more...)
	r.server, err = r.launch(ctx, r.binary, args...)
	return err
}

// form is a posted form with what every report here says.
func (r *reporting) form(values url.Values) []byte {
	body := values.Encode()
	return fmt.Appendf(nil, "POST / HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", r.address, len(body), body)
}

// report is what the last step's form sends: in parts, for there could be
// pictures among them.
func (r *reporting) report(receipt string) ([]byte, error) {
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, values := range (url.Values{
		"lang": {"en"}, "at": {"3"}, "go": {"send"}, "receipt": {receipt}, "task": {"farmland-600"}, "who": {"unit:990101"}, "dimension": {"quantity"},
		"measure": {"farmland-600/area"}, "down": {"600"}, "asked": {"690"}, "text": {"One more form every week."},
	}) {
		if err := parts.WriteField(name, values[0]); err != nil {
			return nil, err
		}
	}
	if _, err := parts.CreateFormFile("picture", ""); err != nil { // none was chosen
		return nil, err
	}
	if err := parts.Close(); err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "POST / HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", r.address, parts.FormDataContentType(), body.Len(), body.Bytes()), nil
}

// drawn are receipts nobody has sent anything under.
func drawn(n int) ([]string, error) {
	out := make([]string, n)
	for i := range out {
		one, err := receipt.New(rand.Reader)
		if err != nil {
			return nil, err
		}
		out[i] = one.Grouped()
	}
	return out, nil
}

// argon2 is how often a second all processors derive keys and do nothing else.
func argon2(each time.Duration) (float64, error) {
	one, err := receipt.New(rand.Reader)
	if err != nil {
		return 0, err
	}
	var all sync.WaitGroup
	runs := make([]int, runtime.GOMAXPROCS(0))
	began := time.Now()
	for n := range runs {
		all.Go(func() {
			for time.Since(began) < each {
				keys, err := one.Derive(make([]byte, 32))
				if err != nil {
					return // runs stay as they are, and the rate is too low to pass
				}
				keys.Clear()
				runs[n]++
			}
		})
	}
	all.Wait()
	total := 0
	for _, n := range runs {
		total += n
	}
	return float64(total) / time.Since(began).Seconds(), nil
}

func said(text string) func(string, []byte) bool {
	return func(status string, body []byte) bool { return status == "200" && bytes.Contains(body, []byte(text)) }
}

// plain sends reports without scripts, in turn with Argon2 alone.
func (r *reporting) plain(ctx context.Context) error {
	var alone, rates, ratios, spread, p50 []float64
	each := longer(r.each)
	for range r.rounds {
		rate, err := argon2(each)
		if err != nil {
			return err
		}
		receipts, err := drawn(int(2*rate*each.Seconds()) + 4*connections)
		if err != nil {
			return err
		}
		requests := make([][]byte, len(receipts))
		for i, one := range receipts {
			if requests[i], err = r.report(one); err != nil {
				return err
			}
		}
		share := len(requests) / connections
		l, err := hammer(ctx, r.address, requests, said(`name="typed"`), within(each, share))
		if err != nil {
			return fmt.Errorf("reports without scripts: %w", err)
		}
		for n := range connections { // the first of each connection was sent for certain
			r.kept = append(r.kept, receipts[n*len(receipts)/connections])
		}
		alone, rates, ratios, spread, p50 = append(alone, rate), append(rates, l.rate), append(ratios, l.rate/rate), append(spread, l.p99/l.p50), append(p50, l.p50)
	}
	r.add(table.Row{Section: "reports", What: "Argon2 alone, all processors", Measured: middle(alone), Unit: "/s"})
	r.add(table.Row{Section: "reports", What: "reports without scripts", Measured: middle(rates), Unit: "/s", Note: fmt.Sprintf("64 connections; median %.0f ms", 1e3*middle(p50))})
	r.add(table.Row{Section: "reports", What: "the same to Argon2 alone", Measured: middle(ratios), Unit: "×", Target: 0.8})
	r.add(table.Row{Section: "reports", What: "its p99 to its median", Measured: middle(spread), Unit: "×", Target: 4, AtMost: true})
	return nil
}

// longer is how long a round lasts whose answers take a second and more: an
// ordinary one would measure its edges.
func longer(each time.Duration) time.Duration { return 4 * each }

// within lets a load go on for a while, but no request is sent twice.
func within(each time.Duration, share int) func(int) bool {
	lasts := lasting(each)
	return func(done int) bool { return done < share && lasts(done) }
}

// oracle opens boxes with right and with wrong receipts, in turn, each first
// in every other round.
func (r *reporting) oracle(ctx context.Context) error {
	look := func(receipts []string) (load, error) {
		requests := make([][]byte, len(receipts))
		for i, one := range receipts {
			requests[i] = r.form(url.Values{"lang": {"en"}, "at": {"open"}, "go": {"look"}, "receipt": {one}})
		}
		return hammer(ctx, r.address, requests, func(status string, body []byte) bool { return status == "200" && len(body) == 64<<10 }, lasting(r.each))
	}
	var right, wrong, ratios []float64
	for round := range r.rounds {
		strangers, err := drawn(len(r.kept))
		if err != nil {
			return err
		}
		turns := []struct {
			name     string
			receipts []string
			load     load
		}{{name: "right", receipts: r.kept}, {name: "wrong", receipts: strangers}}
		for i := range turns {
			turn := &turns[(i+round)%2]
			if turn.load, err = look(turn.receipts); err != nil {
				return fmt.Errorf("%s receipts: %w", turn.name, err)
			}
		}
		a, b := turns[0].load.p50, turns[1].load.p50
		right, wrong, ratios = append(right, a), append(wrong, b), append(ratios, a/b)
	}
	r.add(table.Row{Section: "reports", What: "a box opened with its receipt, median", Measured: middle(right), Unit: "s"})
	r.add(table.Row{Section: "reports", What: "none opened with a wrong one, median", Measured: middle(wrong), Unit: "s"})
	slices.Sort(ratios)
	r.add(table.Row{Section: "reports", What: "right to wrong, median of the rounds", Measured: middle(ratios), Unit: "×", Note: fmt.Sprintf("rounds from %.3f to %.3f", ratios[0], ratios[len(ratios)-1])})
	return nil
}

// sealed sends what browsers seal.
func (r *reporting) sealed(ctx context.Context, n int) error {
	requests, err := r.seal(n)
	if err != nil {
		return err
	}
	var rates, p99 []float64
	part := n / r.rounds
	for round := range r.rounds {
		l, err := hammer(ctx, r.address, requests[round*part:(round+1)*part], said(`"ok":true`), times(part/connections))
		if err != nil {
			return fmt.Errorf("sealed reports: %w", err)
		}
		rates, p99 = append(rates, l.rate), append(p99, l.p99)
	}
	r.add(table.Row{Section: "reports", What: "reports sealed in the browser, durable", Measured: middle(rates), Unit: "/s", Target: 1500, Note: fmt.Sprintf("16 KiB each, 64 connections; p99 %.0f ms", 1e3*middle(p99))})
	return nil
}

// cut starts the server anew so that it cuts at once, and waits for the last.
func (r *reporting) cut(ctx context.Context, n int) error {
	if err := r.server.stop(); err != nil {
		return err
	}
	r.server = nil
	if err := os.Remove(r.done()); err != nil { // it says of which day a cut was made
		return err
	}
	if err := r.start(ctx, "--cut-every", "24h"); err != nil { // at the start what was missed is made up for
		return err
	}
	pid := r.server.command.Process.Pid
	before, err := peak(pid)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := r.waited(ctx, n); err != nil {
		return err
	}
	took := time.Since(began)
	after, err := peak(pid)
	if err != nil {
		return err
	}
	r.add(table.Row{Section: "reports", What: fmt.Sprintf("cut of %d envelopes", n), Measured: took.Seconds(), Unit: "s", Target: 60 * float64(n) / reported, AtMost: true})
	r.add(table.Row{Section: "reports", What: "memory at its most, the read model's included", Measured: float64(after) / 1e6, Unit: "MB", Note: fmt.Sprintf("%.0f MB before", float64(before)/1e6)})
	return nil
}

// waited returns once the spool's entries are events: each is at least one.
func (r *reporting) waited(ctx context.Context, n int) error {
	deadline := time.Now().Add(10 * time.Minute)
	for time.Now().Before(deadline) && ctx.Err() == nil {
		at, err := r.ordinal(ctx)
		if err != nil {
			return err
		}
		if at >= n {
			if _, err := os.Stat(r.done()); err == nil {
				return nil
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("the cut did not end: %w", context.Cause(ctx))
}

// done is the file that says a cut was made.
func (r *reporting) done() string { return filepath.Join(r.data, "cut-done") }

func middle(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return x[len(x)/2]
}
