package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"suyuan/services/view"
	"suyuan/test/bench/nation"
)

// What a process of the benchmark's own does: fold a log, or start from a
// snapshot of it, and say what it came to; or answer by the GraphQL library
// alone; or serve a log by EventStoreDB's protocol.
const (
	refolds   = "refold"
	resumes   = "resume"
	libraries = "library"
	wires     = "wire"
)

// child is such a process's part.
func child(ctx context.Context, o options) error {
	switch o.child {
	case refolds:
		return refolded(ctx, o.data)
	case resumes:
		return resumed(ctx, o.data, o.snapshot)
	case libraries:
		return answerByLibrary(ctx, o.data)
	case wires:
		return serveWire(ctx, o.data)
	}
	return fmt.Errorf("-child %s: there is no such process", o.child)
}

// came is what a process's rows came to.
type came struct {
	Root    string  `json:"root"`
	Answers string  `json:"answers"` // hash over the traces of the villages that were named
	First   float64 `json:"-"`       // seconds from before the process was started to its first trace
	Store   float64 `json:"store"`   // of them, to open the store
	Rows    float64 `json:"rows"`    // and to have the rows
	Bytes   int64   `json:"bytes"`   // resident, after all traces and a collection
}

// ready is the line by which a process says that it has answered once.
const ready = "traced"

// named are the villages on the process's input.
func named() (codes []string, err error) {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		codes = append(codes, lines.Text())
	}
	if len(codes) == 0 {
		return nil, errors.Join(errors.New("no villages were named"), lines.Err())
	}
	return codes, lines.Err()
}

// refolded folds the log in a folder.
func refolded(ctx context.Context, data string) error {
	h, err := nation.OpenReadOnly(ctx, data)
	if err != nil {
		return err
	}
	return errors.Join(report(h, came{}), h.Close())
}

// resumed starts from a snapshot of the log in a folder.
func resumed(ctx context.Context, data, snapshot string) error {
	h, rows, store, err := nation.Resume(ctx, data, snapshot)
	if err != nil {
		return err
	}
	return errors.Join(report(h, came{Store: store.Seconds(), Rows: rows.Seconds()}), h.Close())
}

// report answers once and says so, then many times, and says what came of it.
func report(h *nation.House, c came) error {
	codes, err := named()
	if err != nil {
		return err
	}
	if _, err := digest(h.View, codes[:1]); err != nil {
		return err
	}
	fmt.Println(ready)
	if c.Answers, err = digest(h.View, codes); err != nil {
		return err
	}
	_, root, _, _ := h.View.State()
	c.Root = root.String()
	runtime.GC() // a server collects every two minutes at least
	if c.Bytes, err = resident(os.Getpid()); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(c)
}

// spawn runs such a process.
func (b *bench) spawn(ctx context.Context, codes []string, args ...string) (c came, err error) {
	self, err := os.Executable()
	if err != nil {
		return c, err
	}
	p := exec.CommandContext(ctx, self, append([]string{"-child"}, args...)...)
	p.Stdin, p.Stderr = strings.NewReader(strings.Join(codes, "\n")), os.Stderr
	out, err := p.StdoutPipe()
	if err != nil {
		return c, err
	}
	began := time.Now()
	if err := p.Start(); err != nil {
		return c, err
	}
	in := bufio.NewReader(out)
	line, err := in.ReadString('\n')
	c.First = time.Since(began).Seconds()
	if err == nil && strings.TrimSpace(line) != ready {
		err = fmt.Errorf("it said %q", line)
	}
	if err == nil {
		err = json.NewDecoder(in).Decode(&c)
	}
	if ended := p.Wait(); err != nil || ended != nil {
		return c, fmt.Errorf("process %s: %w", args[0], errors.Join(ended, err))
	}
	return c, nil
}

// sampled are the villages whose answers are compared between processes.
func (b *bench) sampled() []string {
	everywhere := b.nation.Villages(0)
	codes := make([]string, min(1000, len(everywhere)))
	for i := range codes {
		codes[i] = b.village(everywhere, i)
	}
	return codes
}

// digest hashes what the national task asks of villages, and who added what.
func digest(v *view.View, codes []string) (string, error) {
	sum := sha256.New()
	for _, code := range codes {
		var traces []view.Trace
		var err error
		v.Read(func(r *view.Rows) { traces, err = r.Traces("nation", code, nation.Key, view.Now) })
		if err := errors.Join(traced(traces, err), json.NewEncoder(sum).Encode(traces)); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// resident is a process's memory, in bytes.
func resident(pid int) (int64, error) { return memory(pid, "VmRSS:") }

// peak is the most memory a process has had, in bytes.
func peak(pid int) (int64, error) { return memory(pid, "VmHWM:") }

func memory(pid int, what string) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, what); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("the system does not tell a process's memory")
}
