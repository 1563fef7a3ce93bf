package intake

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// portal is what a server printed of where its portal is.
func (s *server) portal() string {
	text, err := os.ReadFile(s.output)
	must(s.t, err)
	for line := range strings.Lines(string(text)) {
		if at, ok := strings.CutPrefix(line, "portal  "); ok {
			return strings.TrimSpace(at)
		}
	}
	s.t.Fatalf("no portal in %s", text)
	return ""
}

// figures are what operators read, without how full the disk is, which others
// on this machine move, and what is told of asking for them.
func (s *server) figures() (lines []string) {
	s.t.Helper()
	res, err := (&http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}).Get(s.portal() + "metrics")
	must(s.t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	must(s.t, err)
	if res.StatusCode != http.StatusOK || !strings.Contains(string(text), "suyuan_fold_ordinal") {
		s.t.Fatalf("%d %s", res.StatusCode, text)
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") && !strings.Contains(line, `route="/metrics"`) && !strings.HasPrefix(line, "suyuan_data_free_bytes ") {
			lines = append(lines, line)
		}
	}
	return lines
}

// Whoever reads the figures all day does not learn from them when somebody
// looked into a box, sent a report or had the page open.
func TestFiguresTellNothing(t *testing.T) {
	dir, temp := house(t), t.TempDir()
	s := serve(t, dir, temp)
	at, err := url.Parse(s.report)
	must(t, err)
	before := s.figures()
	for deadline := time.Now().Add(20 * time.Second); ; { // what a start still does
		time.Sleep(500 * time.Millisecond)
		now := s.figures()
		if slices.Equal(before, now) {
			break
		}
		before = now
		if time.Now().After(deadline) {
			t.Error("the figures never stand still")
			break
		}
	}
	open, err := net.Dial("tcp", at.Host)
	must(t, err)
	defer func() { _ = open.Close() }()
	_, _ = io.WriteString(open, "GET / HTTP/1.1\r\nHost: "+at.Host+"\r\n\r\n")
	one := make([]byte, 1)
	_, err = io.ReadFull(open, one) // it is being answered
	must(t, err)
	client := &http.Client{Timeout: patience}
	for range 4 {
		form := url.Values{"at": {"open"}, "go": {"look"}, "receipt": {"0000 0000 0000 0000 0000 0000 0097"}}
		_, _, err := send(t, client, s.report, "application/x-www-form-urlencoded", []byte(form.Encode()))
		must(t, err)
	}
	if status, answer, err := send(t, client, s.report, octets, newSender(910).report(t, 1)); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s %v", status, answer, err)
	}
	after := s.figures()
	for _, line := range after {
		if !slices.Contains(before, line) {
			t.Errorf("there is now %s", line)
		}
	}
	if len(before) != len(after) {
		t.Errorf("%d figures, then %d", len(before), len(after))
	}
}
