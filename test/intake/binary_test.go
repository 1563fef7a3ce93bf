package intake

import (
	"bytes"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the program, built once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := base()
	if err != nil {
		return "", err
	}
	path := dir + ".suyuan"
	out, err := exec.Command("go", "build", "-o", path, "suyuan/cmd/suyuan").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// server is the program serving a folder.
type server struct {
	t      *testing.T
	cmd    *exec.Cmd
	report string // address of the reporting host
	output string // file with all that it prints
	ended  chan struct{}
}

// house is a folder with the base's ledger and the keys of these tests.
func house(t *testing.T) string {
	t.Helper()
	dir := fresh(t)
	must(t, os.RemoveAll(filepath.Join(dir, "spool")))
	must(t, os.MkdirAll(filepath.Join(dir, "keys"), 0o700))
	for name, text := range map[string]string{
		"engine.key": keys().engine.String(), "claims.key": hex.EncodeToString(keys().claims[:]),
		"service.id": hex.EncodeToString(keys().service), "spool.key": hex.EncodeToString(keys().spool[:]),
	} {
		must(t, os.WriteFile(filepath.Join(dir, "keys", name), []byte(text+"\n"), 0o600))
	}
	return dir
}

// serve starts the program and waits until it takes reports.
func serve(t *testing.T, dir, temp string, args ...string) *server {
	t.Helper()
	path, err := binary()
	must(t, err)
	s := &server{t: t, ended: make(chan struct{}), output: filepath.Join(temp, fmt.Sprintf("output-%d", time.Now().UnixNano()))}
	out, err := os.Create(s.output)
	must(t, err)
	defer func() { _ = out.Close() }()
	s.cmd = exec.Command(path, append([]string{"serve", "--data", dir, "--listen", "127.0.0.1:0", "--report-listen", "127.0.0.1:0", "--spool-text", "256", "--spool-pictures", "2"}, args...)...)
	s.cmd.Env = append(os.Environ(), "TMPDIR="+temp, "LANG=en")
	s.cmd.Stdout, s.cmd.Stderr = out, out
	must(t, s.cmd.Start())
	go func() { _ = s.cmd.Wait(); close(s.ended) }()
	t.Cleanup(s.kill)
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		text, err := os.ReadFile(s.output)
		must(t, err)
		for line := range strings.Lines(string(text)) {
			if at, ok := strings.CutPrefix(line, "report  "); ok && strings.HasSuffix(at, "/\n") {
				s.report = strings.TrimSpace(at)
				return s
			}
		}
		select {
		case <-s.ended:
			t.Fatalf("it ended: %s", text)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("no reports are taken: %s", text)
		}
	}
}

// kill ends it as a power cut does.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	<-s.ended
}

// stop ends it in order.
func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.t.Error("it does not stop")
		s.kill()
	}
}

// from77 is a client of another address of this machine that says much of
// itself.
func from77() *http.Client {
	dial := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 77)}}
	return &http.Client{Timeout: patience, Transport: &http.Transport{DialContext: dial.DialContext, DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
}

func send(t testing.TB, c *http.Client, address, kind string, body []byte) (status int, answer []byte, err error) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(body))
	must(t, err)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("User-Agent", "CANARY-UA")
	r.Header.Set("Cookie", "session=CANARY-COOKIE")
	r.Header.Set("X-Forwarded-For", "198.51.100.77")
	res, err := c.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err = io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}

const octets = "application/octet-stream"

// Killed by the kernel while many send and cuts are made, again and again: at
// the end every report that was acknowledged is on record once.
func TestKillNine(t *testing.T) {
	dir, temp := house(t), t.TempDir()
	var mu sync.Mutex
	kept, tried := map[int]bool{}, map[int]bool{}
	n := 1000
	var open []int // were tried and not acknowledged
	for round := range 5 {
		s := serve(t, dir, temp, "--cut-every", "120ms")
		var senders sync.WaitGroup
		begun := time.Now()
		for range 6 {
			senders.Go(func() {
				client := &http.Client{Timeout: patience}
				for {
					mu.Lock()
					var i int
					if len(open) > 0 {
						i, open = open[0], open[1:]
					} else {
						i, n = n, n+1
					}
					tried[i] = true
					mu.Unlock()
					status, answer, err := send(t, client, s.report, octets, newSender(i).report(t, i))
					mu.Lock()
					if err != nil || status != http.StatusOK || !bytes.HasPrefix(answer, []byte(`{"ok":true}`)) {
						open = append(open, i)
						mu.Unlock()
						return
					}
					kept[i] = true
					mu.Unlock()
				}
			})
		}
		for time.Since(begun) < time.Duration(150+137*round)*time.Millisecond {
			time.Sleep(5 * time.Millisecond) // how far it comes is chance; what must hold is not
		}
		s.kill()
		senders.Wait()
	}
	s := serve(t, dir, temp)
	s.stop()
	must(t, os.RemoveAll(filepath.Join(dir, "view.snapshot")))
	w := openAll(t, dir)
	defer w.close()
	must(t, w.cut("2026-12-30", 9))
	if w.spool.Len() != 0 {
		t.Errorf("%d still wait", w.spool.Len())
	}
	found := map[string]int{}
	for _, e := range w.all() {
		if e.Type == "complaint.filed" {
			found[e.Stream]++
		}
	}
	for i := range kept {
		if got := found["complaint-"+complaintOf(i)]; got != 1 {
			t.Errorf("report %d, acknowledged, is on record %d times", i, got)
		}
	}
	for stream, times := range found {
		if times != 1 {
			t.Errorf("%s is there %d times", stream, times)
		}
	}
	if len(found) > len(tried) {
		t.Errorf("%d on record of %d that were tried", len(found), len(tried))
	}
	if blobs := len(blobIDs(t, dir)); blobs != len(found)+1 {
		t.Errorf("%d blobs for %d reports and the decoy", blobs, len(found))
	}
	if len(kept) < 20 {
		t.Errorf("only %d were acknowledged", len(kept))
	}
	t.Logf("%d acknowledged of %d tried, %d on record", len(kept), len(tried), len(found))
}
