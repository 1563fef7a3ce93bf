package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// receive reads answers one behind the other, however long they are given.
func TestReceive(t *testing.T) {
	in := bufio.NewReader(strings.NewReader("HTTP/1.1 200 OK\r\ncontent-length: 5\r\nX: y\r\n\r\nfirst" +
		"HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsec\r\n3\r\nond\r\n0\r\n\r\n" +
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + "HTTP/1.1 200 OK\r\n\r\n"))
	for _, want := range []string{"200 first", "400 second", "200 "} {
		status, body, err := receive(in, nil)
		if got := status + " " + string(body); err != nil || got != want {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
	if _, _, err := receive(in, nil); err == nil {
		t.Error("an answer without a length was read")
	}
	if _, _, err := receive(in, nil); err == nil {
		t.Error("an answer was read behind the last")
	}
}

// A load ends with the first answer that is not a trace.
func TestHammerHoldsAnswers(t *testing.T) {
	const good = `{"data":{"trace":[{"steps":[{"amount":"1"}]}]}}`
	for _, c := range []struct {
		name   string
		status int
		body   string
		ok     bool
	}{
		{"good", 200, good, true},
		{"refused", 503, good, false},
		{"nothing in it", 200, `{"data":{"trace":[]}}`, false},
		{"with errors", 200, `{"errors":[{}],` + good[1:], false},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.body)
		}))
		request := []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		l, err := hammer(t.Context(), server.Listener.Addr().String(), [][]byte{request}, isTrace, times(3))
		server.Close()
		if (err == nil) != c.ok || c.ok && l.rate <= 0 {
			t.Errorf("%s: %v, %v", c.name, l, err)
		}
	}
}

func TestHammerWithoutServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := hammer(t.Context(), l.Addr().String(), [][]byte{nil}, isTrace, times(1)); err == nil {
		t.Error("nobody answered, and nobody minded")
	}
}
