package scenario

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
)

// patience is for whatever should take a moment.
const patience = time.Minute

// process is an event store in a process of its own, on one port and one
// folder however often it is started.
type process struct {
	dir, address string
	cmd          *exec.Cmd
	stdin        io.Closer // the process ends when it is closed, so also with ours
	problem      *bytes.Buffer
}

func newProcess(t *testing.T) *process {
	t.Helper()
	p := &process{dir: t.TempDir(), address: "127.0.0.1:0"}
	t.Cleanup(p.kill)
	must(t, p.start())
	return p
}

// start starts it where it was before. The port may be in somebody's hands for
// a moment.
func (p *process) start() (err error) {
	for range 20 {
		if err = p.try(); err == nil {
			return nil
		}
		p.kill()
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

func (p *process) try() error {
	path, err := program()
	if err != nil {
		return err
	}
	p.problem = &bytes.Buffer{}
	p.cmd = exec.Command(path, "--listen", p.address, "--data", p.dir)
	p.cmd.Stderr = p.problem
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return err
	}
	p.stdin = stdin
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	late := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	late.Stop()
	at, ok := strings.CutPrefix(strings.TrimSpace(line), "esdb://")
	if err != nil || !ok {
		_ = p.cmd.Process.Kill()
		return errors.Join(fmt.Errorf("the store printed %q", line), err, p.cmd.Wait(), errors.New(p.problem.String()))
	}
	p.address, _, _ = strings.Cut(at, "?")
	return nil
}

// kill ends it as a power cut would.
func (p *process) kill() {
	if p.cmd == nil || p.cmd.Process == nil {
		return
	}
	_ = p.cmd.Process.Signal(os.Kill) // it may be gone already
	_ = p.cmd.Wait()
	_ = p.stdin.Close()
	p.cmd = nil
}

// holds looks into its folder, past the server.
func (p *process) holds(t *testing.T) (all []ledger.Recorded) {
	t.Helper()
	store, err := sqlite.OpenReadOnly(p.dir)
	must(t, err)
	defer func() { must(t, store.Close()) }()
	for e, err := range store.All(t.Context(), ledger.Position{}) {
		must(t, err)
		if !strings.HasPrefix(e.Stream, "$") { // the server's own
			e.Position = ledger.Position{Ordinal: uint64(len(all) + 1)}
			all = append(all, e)
		}
	}
	return all
}

// url is its connection string by way of an address. Who finds nobody there
// says so soon.
func url(address string) string {
	return "esdb://" + address + "?tls=false&maxDiscoverAttempts=2&discoveryInterval=20&defaultDeadline=10000"
}
