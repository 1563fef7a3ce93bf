package script

import (
	"bufio"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// clusterServer is the program that plays a cluster, built once for all tests.
var clusterServer = sync.OnceValues(func() (string, error) {
	path := filepath.Join(filepath.Dir(binary), "esdbserver")
	c := exec.Command("go", "build", "-trimpath", "-o", path, "./test/esdbserver")
	c.Dir = filepath.Join("..", "..")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build ./test/esdbserver: %w\n%s", err, out)
	}
	return path, nil
})

// cluster is an event store in a process of its own, on one port and one
// folder however often it is started.
type cluster struct {
	dir, address string
	args         []string
	url          string // the connection string that it printed
	cmd          *exec.Cmd
	stdin        io.Closer // the process ends when it is closed, so also with ours
	problem      output
}

func newCluster(t testing.TB, args ...string) *cluster {
	t.Helper()
	c := &cluster{dir: t.TempDir(), address: "127.0.0.1:0", args: args}
	t.Cleanup(c.kill)
	c.start(t)
	return c
}

// start starts it where it was before. The port may be in somebody's hands for
// a moment.
func (c *cluster) start(t testing.TB) {
	t.Helper()
	var err error
	for range 20 {
		if err = c.try(); err == nil {
			return
		}
		c.kill()
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%v: %s", err, c.problem.String())
}

func (c *cluster) try() error {
	path, err := clusterServer()
	if err != nil {
		return err
	}
	c.cmd = exec.Command(path, append([]string{"--listen", c.address, "--data", c.dir}, c.args...)...)
	c.cmd.Stderr = &c.problem
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.cmd.Start(); err != nil {
		return err
	}
	late := time.AfterFunc(patience, func() { _ = c.cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	late.Stop()
	if err != nil {
		return fmt.Errorf("the store printed %q: %w", line, err)
	}
	c.url = strings.TrimSpace(line)
	u, err := url.Parse(c.url)
	if err != nil {
		return err
	}
	c.address = u.Host
	return nil
}

// kill ends it as a power cut would.
func (c *cluster) kill() {
	if c.cmd == nil || c.cmd.Process == nil {
		return
	}
	_ = c.cmd.Process.Signal(os.Kill) // it may be gone already
	_ = c.cmd.Wait()
	_ = c.stdin.Close()
	c.cmd = nil
}

// soon is the connection string of somebody who does not look for long.
func (c *cluster) soon() string {
	return c.url + "&maxDiscoverAttempts=2&discoveryInterval=50&defaultDeadline=2000"
}
