package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"time"
)

// connections is how many ask at once.
const connections = 64

// load is what came of asking for a while.
type load struct {
	rate    float64 // answers a second
	answers int
	figures
}

// lasting lets a load go on for a while.
func lasting(each time.Duration) func(int) bool {
	until := time.Now().Add(each)
	return func(int) bool { return time.Now().Before(until) }
}

// times lets each connection ask so many times.
func times(n int) func(int) bool { return func(done int) bool { return done < n } }

// hammer sends requests that were written beforehand over many connections,
// each asking again as soon as it was answered, and holds every answer to
// being a good one.
func hammer(ctx context.Context, address string, requests [][]byte, good func(status string, body []byte) bool, more func(done int) bool) (load, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	took := make([][]float64, connections)
	began := time.Now()
	for n := range connections {
		all.Go(func() {
			var err error
			if took[n], err = ask(ctx, address, requests, n, good, more); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	elapsed := time.Since(began).Seconds()
	if err := context.Cause(ctx); err != nil {
		return load{}, err
	}
	var flat []float64
	for _, t := range took {
		flat = append(flat, t...)
	}
	return load{float64(len(flat)) / elapsed, len(flat), quantiles(flat)}, nil
}

// ask is one connection's part.
func ask(ctx context.Context, address string, requests [][]byte, n int, good func(status string, body []byte) bool, more func(done int) bool) (took []float64, err error) {
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	in := bufio.NewReaderSize(c, 64<<10)
	var body []byte
	for i := n * len(requests) / connections; ctx.Err() == nil && more(len(took)); i++ {
		began := time.Now()
		if err := c.SetDeadline(began.Add(30 * time.Second)); err != nil {
			return nil, err
		}
		if _, err := c.Write(requests[i%len(requests)]); err != nil {
			return nil, err
		}
		status, got, err := receive(in, body[:0])
		if err != nil {
			return nil, err
		}
		if body = got; !good(status, body) {
			return nil, fmt.Errorf("answer %s: %.300s", status, body)
		}
		took = append(took, time.Since(began).Seconds())
	}
	return took, nil
}

// isTrace reports an answer with the steps of a trace.
func isTrace(status string, body []byte) bool {
	return status == "200" && bytes.Contains(body, []byte(`"steps":[{`)) && !bytes.Contains(body, []byte(`"errors"`))
}

// receive reads one answer: its status and its body.
func receive(in *bufio.Reader, body []byte) (status string, _ []byte, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return "", nil, err
	}
	if len(line) < 12 {
		return "", nil, fmt.Errorf("the answer begins with %q", line)
	}
	status = string(line[9:12])
	length, chunked := -1, false
	for {
		if line, err = in.ReadSlice('\n'); err != nil {
			return "", nil, err
		}
		name, value, _ := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(": "))
		switch {
		case len(name) == 0:
			body, err = content(in, body, length, chunked)
			return status, body, err
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return "", nil, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		}
	}
}

// content reads a body of known length, or in chunks.
func content(in *bufio.Reader, body []byte, length int, chunked bool) ([]byte, error) {
	if !chunked {
		if length < 0 {
			return nil, errors.New("an answer without a length")
		}
		return take(in, body, length)
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return nil, err
		}
		if body, err = take(in, body, int(n)); err != nil {
			return nil, err
		}
		if _, err := in.Discard(2); err != nil || n == 0 {
			return body, err
		}
	}
}

func take(in *bufio.Reader, body []byte, n int) ([]byte, error) {
	at := len(body)
	body = append(body, make([]byte, n)...)
	_, err := io.ReadFull(in, body[at:])
	return body, err
}
