package intake

import (
	"archive/tar"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"suyuan/portal/report"
	"suyuan/services/intake"
	"suyuan/services/intake/door"
	"suyuan/services/intake/receipt"
)

// command runs the program to its end.
func command(t *testing.T, args ...string) (out string, code int) {
	t.Helper()
	path, err := binary()
	must(t, err)
	c := exec.Command(path, args...)
	c.Env = append(os.Environ(), "LANG=en")
	text, err := c.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return string(text), exit.ExitCode()
	}
	must(t, err)
	return string(text), 0
}

// A backup holds the keys of reports and nothing of the spool; and a ledger
// with reports does not start without those keys, nor with some of them.
func TestBackupAndKeys(t *testing.T) {
	dir, temp := house(t), t.TempDir()
	s := serve(t, dir, temp, "--cut-every", "100ms")
	client := &http.Client{Timeout: patience}
	who := newSender(700)
	status, answer, err := send(t, client, s.report, octets, who.report(t, 1))
	must(t, err)
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, answer)
	}
	for deadline := time.Now().Add(patience); !strings.Contains(string(answer), `"state":"registered"`); time.Sleep(20 * time.Millisecond) {
		_, answer, err = send(t, client, s.report, octets, who.box[:])
		must(t, err)
		if time.Now().After(deadline) {
			t.Fatal("never entered")
		}
	}
	s.stop()
	archive := filepath.Join(temp, "a.tar")
	if out, code := command(t, "backup", "--data", dir, archive); code != 0 {
		t.Fatalf("backup: %d %s", code, out)
	}
	f, err := os.Open(archive)
	must(t, err)
	defer func() { _ = f.Close() }()
	var names []string
	for in := tar.NewReader(f); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		must(t, err)
		names = append(names, h.Name)
	}
	for _, want := range []string{"keys/engine.key", "keys/claims.key", "keys/service.id", "keys/spool.key"} {
		if !slices.Contains(names, want) {
			t.Errorf("the backup lacks %s", want)
		}
	}
	for _, name := range names {
		if strings.Contains(name, ".spool") || strings.HasPrefix(name, "spool") {
			t.Errorf("the backup holds %s", name)
		}
	}
	must(t, os.Remove(filepath.Join(dir, "keys", "engine.key")))
	if out, code := command(t, "serve", "--data", dir, "--listen", "127.0.0.1:0", "--report-listen", "127.0.0.1:0"); code != 1 || !strings.Contains(out, "engine.key") {
		t.Errorf("without the engine's key: %d %s", code, out)
	}
	for _, name := range []string{"claims.key", "service.id", "spool.key"} {
		must(t, os.Remove(filepath.Join(dir, "keys", name)))
	}
	for range 2 { // what it made in vain is not there at the next start
		if out, code := command(t, "serve", "--data", dir, "--listen", "127.0.0.1:0", "--report-listen", "127.0.0.1:0"); code != 1 || !strings.Contains(out, "keys.reports_absent") {
			t.Errorf("without any key: %d %s", code, out)
		}
	}
}

// broken is a service that fails in the middle of what it was told.
type broken struct{ report.Service }

func (broken) Offer() intake.Offer { return intake.Offer{Open: true, Cut: "2026-11-23"} }
func (broken) Derive(context.Context, receipt.Receipt) (receipt.Keys, error) {
	panic("CANARY-PANIC from 127.0.0.77")
}
func (broken) Accept(context.Context, []byte) error { panic("CANARY-PANIC from 127.0.0.77") }

type nothing struct{}

func (nothing) List(context.Context) (report.Choices, error) { return report.Choices{}, nil }

// A page that fails in the middle of a request says nothing of it: not to the
// program's output, and not in the answer.
func TestForcedPanic(t *testing.T) {
	reading, writing, err := os.Pipe()
	must(t, err)
	old := os.Stderr
	os.Stderr = writing
	log.SetOutput(writing) // which kept the old file
	defer func() { os.Stderr = old; log.SetOutput(old) }()
	pages, err := report.New(broken{}, nothing{}, time.Now, report.Options{})
	must(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	d := door.New(l, door.Options{Connections: 16, Random: rand.Reader, Clock: time.Now})
	done := make(chan error, 1)
	go func() { done <- d.Serve(pages) }()
	client, at := from77(), "http://"+l.Addr().String()+"/"
	r, err := receipt.New(rand.Reader)
	must(t, err)
	for kind, body := range map[string]string{
		"application/x-www-form-urlencoded": "at=open&go=look&receipt=" + strings.ReplaceAll(r.Grouped(), " ", ""),
		octets:                              string(newSender(1).report(t, 1)),
	} {
		status, answer, err := send(t, client, at, kind, []byte(body))
		if err != nil || status != http.StatusInternalServerError || strings.Contains(string(answer), "CANARY") {
			t.Errorf("%s: %d %.200s %v", kind, status, answer, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	must(t, d.Shutdown(ctx))
	<-done
	os.Stderr = old
	log.SetOutput(old)
	must(t, writing.Close())
	said, err := io.ReadAll(reading)
	must(t, err)
	if len(said) != 0 {
		t.Errorf("the program said: %s", said)
	}
}
