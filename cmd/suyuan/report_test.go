package main

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The reporting host has a name of its own: cookies know no ports.
func TestNamesApart(t *testing.T) {
	for _, c := range []struct {
		listen, public, reports, url, onion string
		ok                                  bool
	}{
		{"127.0.0.1:8080", "", "127.0.0.1:8081", "", "", true},
		{":8080", "", "off", "", "", true},
		{"127.0.0.1:8080", "https://suyuan.example", "127.0.0.1:8081", "https://report.example", "", true},
		{"127.0.0.1:8080", "https://suyuan.example", "127.0.0.1:8081", "https://report.suyuan.example", "http://abc.onion", true},
		{"127.0.0.1:8080", "https://suyuan.example", "127.0.0.1:8081", "https://suyuan.example:8443", "", false},
		{"127.0.0.1:8080", "https://suyuan.example", "127.0.0.1:8081", "https://SUYUAN.example.", "", false},
		{"127.0.0.1:8080", "http://abc.onion", "127.0.0.1:8081", "", "http://abc.onion", false},
		{"127.0.0.1:8080", "http://127.0.0.1:9", "127.0.0.1:8081", "", "", false},
		{"127.0.0.1:8080", "", "localhost:8081", "", "", false},
		{"127.0.0.1:8080", "", "127.0.0.1:8081", "http://localhost:8081", "", false},
		{"127.0.0.1:8080", "https://suyuan.example", ":8081", "", "", false},
		{"127.0.0.1:8080", "https://suyuan.example", "0.0.0.0:8081", "", "http://abc.onion", false},
		{"127.0.0.1:8080", "https://suyuan.example", "0.0.0.0:8081", "https://report.example", "", true},
		{"192.0.2.1:8080", "", "192.0.2.1:8081", "http://192.0.2.1:8081", "", false},
		{"127.0.0.1:8080", "https://suyuan.example", "off", "https://suyuan.example", "", true},
	} {
		s := serving{listen: c.listen, public: c.public, scrub: time.Hour, connections: 1, lang: "en"}
		s.report = reporting{listen: c.reports, url: c.url, onion: c.onion, text: 1, pictures: 1, cutAt: "03:00"}
		if err := s.check(); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// A reporting host that ends by itself is heard of before anybody stops it.
func TestEndsByItself(t *testing.T) {
	for _, c := range []struct {
		end  error
		want string
	}{{errors.New("too many open files"), "too many open files"}, {http.ErrServerClosed, ""}} {
		var said bytes.Buffer
		<-attended(func() error { return c.end }, slog.New(slog.NewTextHandler(&said, nil)))
		if (said.Len() == 0) != (c.want == "") || !strings.Contains(said.String(), c.want) {
			t.Errorf("%v: the log has %q", c.end, said.String())
		}
	}
}
